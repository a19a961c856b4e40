//! Whether a merchant's books balance: ledger against balances, promises against documents, states against their tables, money
//! from raw order to line and to refund. What `matou doctor` is for the house, this is for one merchant, and it can be asked for while
//! everything runs: all of it is read in one snapshot.

mod claims;
mod money;
mod states;
mod table;

use store::Reader;

use crate::{Result, Settings, aftersale};

/// What was looked at, and what does not agree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// Balances that were compared with their ledger.
    pub balances: i64,
    /// Documents whose state was looked at.
    pub documents: i64,
    /// Balances with more promised than there is, because a stock-taking counted less (fact sheet wdt-2, 2.6); no fault.
    pub counted_short: i64,
    /// Raw orders for which the mall said another postage after their order was made; no fault.
    pub other_postage: i64,
    /// What does not agree; empty = the books balance.
    pub findings: Vec<Finding>,
}

/// One thing that does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check found it: `ledger`, `oversold`, `claims`, `state`, `money`, `refund`.
    pub check: &'static str,
    /// What it is about: warehouse and merchant code, or a document's number.
    pub subject: String,
    /// What is wrong.
    pub text: String,
}

impl Books {
    fn find(&mut self, check: &'static str, subject: impl Into<String>, text: impl Into<String>) {
        self.findings.push(Finding { check, subject: subject.into(), text: text.into() });
    }
}

/// Looks through the books of the reader's merchant. Reads all balances and ledger rows and every open document: seconds for a
/// large merchant.
pub fn books(reader: &mut Reader, settings: &Settings) -> Result<Books> {
    let mut books = Books::default();
    let balances = table::balances(reader)?;
    books.balances = i64::try_from(balances.len()).unwrap_or(i64::MAX);
    ledger(reader, &balances, &mut books)?;
    if !settings.allow_negative_stock {
        oversold(reader, &balances, &mut books)?;
    }
    claims::check(reader, &balances, &mut books)?;
    states::check(reader, &mut books)?;
    money::check(reader, &mut books)?;
    for sentence in aftersale::audit_money(reader)? {
        let (subject, text) = sentence.split_once(": ").unwrap_or(("", &sentence));
        books.find("refund", subject, text);
    }
    Ok(books)
}

/// Every column of every balance is the sum of its ledger.
fn ledger(reader: &mut Reader, balances: &[table::Kept], books: &mut Books) -> Result<()> {
    let mut sums = table::sums(reader)?;
    for kept in balances {
        for (column, quantity) in kept.columns() {
            let summed = sums.remove(&(kept.id, column as i64)).unwrap_or_default();
            if quantity != summed {
                books.find(
                    "ledger",
                    kept.name(),
                    format!("{} is {quantity}, its ledger sums to {summed}", column.name()),
                );
            }
        }
    }
    for (balance, column) in sums.into_keys() {
        books.find(
            "ledger",
            store::wire_id(balance).to_string(),
            format!("ledger rows of column {column}, but no balance"),
        );
    }
    Ok(())
}

/// Nothing is promised that is not there, unless a count found less than was thought.
fn oversold(reader: &mut Reader, balances: &[table::Kept], books: &mut Books) -> Result<()> {
    let counted = table::counted(reader)?;
    for kept in balances.iter().filter(|kept| kept.defect == 0 && kept.free().is_negative()) {
        if counted.contains(&kept.id) {
            books.counted_short += 1;
        } else {
            books.find("oversold", kept.name(), format!("{} more promised than there is", -kept.free()));
        }
    }
    Ok(())
}
