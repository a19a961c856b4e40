//! SQL of rules and budgets.

use store::{Reader, Result, Store, Tenant, Tx};
use units::Moment;

use super::local::Portion;
use super::rule::{LimitRule, Span};
use super::{Account, Terms};

/// Portions get smaller as the limit comes near: an eighth of what is left, a twentieth of all at most, one at least.
fn portion_of(limit: u32, left: u32) -> u32 {
    (left / 8).clamp(1, (limit / 20).max(1)).min(left)
}

/// Takes a portion out of the common row.
pub(super) async fn portion(store: &Store, account: Account, terms: Terms, now: Moment) -> Result<Portion> {
    store.write(Tenant::HOUSE, move |tx| take(tx, &account, terms, now)).await
}

fn take(tx: &mut Tx, account: &Account, terms: Terms, now: Moment) -> Result<Portion> {
    let (budget, span) = (account.budget.as_str(), account.span.name());
    let found = tx.query_opt(
        "SELECT period, used, banned_until FROM gateway_budget WHERE budget = ?1 AND span = ?2",
        &[budget.into(), span.into()],
        |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)),
    )?;
    let here = account.span.period(now);
    let (period, used, mut banned_until) = match found {
        // A clock that is a little behind goes with the others.
        Some((period, used, banned)) if period >= here => (period, u32::try_from(used).unwrap_or(u32::MAX), banned),
        Some((_, _, banned)) => (here, 0, banned),
        None => {
            forget_old(tx, now)?;
            (here, 0, 0)
        }
    };
    if banned_until > now.unix() {
        return Ok(Portion { period, granted: 0, used, banned_until });
    }
    let left = terms.limit.saturating_sub(used);
    let granted = if left == 0 { 0 } else { portion_of(terms.limit, left) };
    if granted == 0 && terms.ban_seconds > 0 {
        banned_until = now.unix() + i64::from(terms.ban_seconds);
    }
    let used = used + granted;
    tx.put(
        "INSERT INTO gateway_budget (budget, span, period, used, banned_until) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (budget, span) DO UPDATE
         SET period = excluded.period, used = excluded.used, banned_until = excluded.banned_until",
        &[budget.into(), span.into(), period.into(), i64::from(used).into(), banned_until.into()],
    )?;
    Ok(Portion { period, granted, used, banned_until })
}

/// A new account is the moment to forget those of yesterday and before.
fn forget_old(tx: &mut Tx, now: Moment) -> Result<()> {
    for span in Span::ALL {
        let before = span.period(now.plus(-2 * 86_400));
        tx.put(
            "DELETE FROM gateway_budget WHERE span = ?1 AND period < ?2 AND banned_until < ?3",
            &[span.name().into(), before.into(), now.unix().into()],
        )?;
    }
    Ok(())
}

/// Name, span, period, spent, end of the ban.
type BudgetRow = (String, Option<Span>, i64, i64, i64);

/// Budgets with what is spent of them.
pub(super) fn budgets(reader: &mut Reader) -> Result<Vec<BudgetRow>> {
    reader.query(
        "SELECT budget, span, period, used, banned_until FROM gateway_budget ORDER BY budget, span",
        &[],
        |row| Ok((row.string(0)?, Span::named(row.text(1)?), row.int(2)?, row.int(3)?, row.int(4)?)),
    )
}

/// All rules; one that cannot be read is told by its number.
pub(crate) fn rules(reader: &mut Reader) -> Result<Vec<std::result::Result<LimitRule, i64>>> {
    reader.query("SELECT number, generation, definition FROM gateway_limit ORDER BY number", &[], |row| {
        let (number, generation) = (row.int(0)?, row.int(1)?);
        let rule = serde_json::from_str::<LimitRule>(row.text(2)?);
        Ok(rule.map(|rule| LimitRule { number, generation, ..rule }).map_err(|_| number))
    })
}

pub(super) fn put_rule(tx: &mut Tx, rule: &LimitRule, definition: &str) -> Result<()> {
    tx.put(
        "INSERT INTO gateway_limit (number, generation, definition) VALUES (?1, ?2, ?3)
         ON CONFLICT (number) DO UPDATE SET generation = excluded.generation, definition = excluded.definition",
        &[rule.number.into(), rule.generation.into(), definition.into()],
    )
}

pub(crate) fn delete_rule(tx: &mut Tx, number: i64) -> Result<bool> {
    Ok(tx.execute("DELETE FROM gateway_limit WHERE number = ?1", &[number.into()])? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_never_exceed_what_is_left() {
        for (limit, left, expected) in
            [(1000, 1000, 50), (1000, 80, 10), (1000, 7, 1), (1000, 1, 1), (5, 5, 1), (1, 1, 1)]
        {
            assert_eq!(portion_of(limit, left), expected, "{left} of {limit}");
        }
    }
}
