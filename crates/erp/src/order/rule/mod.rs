//! Rules (策略): what people lay down about orders, one file a kind. Each is plain: an order goes in, a decision comes out; nothing
//! here reads or writes anything but the rules themselves.
//!
//! Whether a kind is asked at all is a setting of the merchant (`FlowSettings`).

pub(super) mod audit;
pub(super) mod carrier;
pub(super) mod finance;
pub(super) mod gift;
pub(super) mod merge;
pub(super) mod presale;
mod row;
pub(super) mod strategy;
#[cfg(test)]
mod tests_support;
mod when;

pub use row::{Given, Rule, RuleKind, Then, change_rule, create_rule, delete_rule, rule_by_id, rules};
pub use when::When;

use std::sync::Arc;

use store::Tx;

use super::table;
use crate::Result;

/// The enabled rules of a kind, as this writer remembers them, in the order in which they are asked.
pub(super) fn in_force(tx: &mut Tx, kind: RuleKind) -> Result<Arc<Vec<Rule>>> {
    let found = tx.remember("flow rule", kind.key(), |tx| table::rules_in_force(tx, kind).map(Some))?;
    Ok(found.unwrap_or_default())
}
