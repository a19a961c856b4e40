//! Customers (客户档案): who buys, found again by shop and nick, or by mobile.
//!
//! Kept only for merchants who want it (`FlowSettings::customers`). What is personal is sealed; what it is found by is a keyed hash.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::{Moment, NumberForm};

use super::{Page, Rows, Window, table};
use crate::{Refusal, Result};

/// A customer.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// Key.
    pub id: i64,
    /// Business key, unique within the merchant.
    pub no: String,
    /// 0 ordinary, 1 dealer.
    #[serde(default)]
    pub kind: i64,
    /// Shop of the latest order.
    pub shop: i64,
    /// Orders that named this customer.
    #[serde(default)]
    pub orders: i64,
    /// What is personal.
    #[serde(skip)]
    pub facts: CustomerFacts,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What is personal about a customer, as the latest order says it. Stored sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerFacts {
    /// Nick in the shop.
    pub nick: String,
    /// Name.
    pub name: String,
    /// Mobile.
    pub mobile: String,
    /// Telephone.
    pub telno: String,
}

/// Who ordered.
pub struct Person<'a> {
    /// Nick in the shop.
    pub nick: &'a str,
    /// Name.
    pub name: &'a str,
    /// Mobile.
    pub mobile: &'a str,
    /// Telephone.
    pub telno: &'a str,
}

/// Keyed hashes by which a customer is found; empty = not by this.
struct Prints {
    nick: String,
    mobile: String,
}

fn prints(reader: &Reader, shop: i64, nick: &str, mobile: &str) -> Prints {
    let print = |text: String| -> String {
        reader.vault().fingerprint(&text).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    Prints {
        nick: if nick.is_empty() { String::new() } else { print(format!("customer nick\n{shop}\n{nick}")) },
        mobile: if mobile.is_empty() { String::new() } else { print(format!("customer mobile\n{mobile}")) },
    }
}

/// The customer who ordered: the one with this nick in this shop, else the one with this mobile, else a new one. What the order says
/// newer of name and phone is taken over.
pub fn customer_of(tx: &mut Tx, number: &NumberForm, shop: i64, person: &Person<'_>) -> Result<Customer> {
    let prints = prints(tx, shop, person.nick, person.mobile);
    let found = match table::customer_by_nick(tx, &prints.nick)? {
        Some(found) => Some(found),
        None => table::customer_by_mobile(tx, &prints.mobile)?,
    };
    let now = tx.now();
    let mut customer = match found {
        Some(found) => found,
        None => {
            let counter = tx.next(&number.stem(now))?;
            Customer {
                id: tx.document_id("customer")?,
                no: number.write(now, counter),
                kind: 0,
                shop,
                orders: 0,
                facts: CustomerFacts::default(),
                created: now,
                modified: now,
            }
        }
    };
    for (kept, said) in [
        (&mut customer.facts.nick, person.nick),
        (&mut customer.facts.name, person.name),
        (&mut customer.facts.mobile, person.mobile),
        (&mut customer.facts.telno, person.telno),
    ] {
        if !said.is_empty() {
            said.clone_into(kept);
        }
    }
    customer.shop = shop;
    customer.orders += 1;
    customer.modified = now;
    table::save_customer(tx, &customer, &prints.nick, &prints.mobile)?;
    Ok(customer)
}

/// What to look for in [`customers`].
#[derive(Debug, Default)]
pub struct CustomerFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// Shop key and nick in that shop.
    pub nick: Option<(i64, &'a str)>,
    /// Mobile.
    pub mobile: Option<&'a str>,
    /// Last changed within.
    pub window: Option<Window>,
}

/// A page of customers, oldest change first.
pub fn customers(reader: &mut Reader, filter: &CustomerFilter<'_>, page: Page) -> Result<Rows<Customer>> {
    let nick = filter.nick.map(|(shop, nick)| prints(reader, shop, nick, "").nick);
    let mobile = filter.mobile.map(|mobile| prints(reader, 0, "", mobile).mobile);
    table::customers(reader, filter, nick.as_deref(), mobile.as_deref(), page)
}

/// The customer with this number.
pub fn customer_by_no(reader: &mut Reader, no: &str) -> Result<Customer> {
    table::customer_by_no(reader, no)?.ok_or_else(|| Refusal::NotFound { what: "客户编号", no: no.to_owned() }.into())
}

/// Makes a customer a dealer (1) or an ordinary one (0).
pub fn change_customer(tx: &mut Tx, no: &str, kind: i64) -> Result<Customer> {
    let mut customer = customer_by_no(tx, no)?;
    if !(0..=1).contains(&kind) {
        return Err(Refusal::Invalid { field: "customer_type", why: "应为0或1" }.into());
    }
    customer.kind = kind;
    customer.modified = tx.now();
    let prints = prints(tx, customer.shop, &customer.facts.nick, &customer.facts.mobile);
    table::save_customer(tx, &customer, &prints.nick, &prints.mobile)?;
    Ok(customer)
}
