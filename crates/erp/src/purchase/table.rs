//! The SQL of purchase: one file a kind of document.

mod apply;
mod order;
mod price;
mod returns;

pub(super) use apply::*;
pub(super) use order::*;
pub(super) use price::*;
pub(super) use returns::*;

use crate::catalog::Conditions;

/// Adds `column IN (…)` for numbers of ours; nothing for an empty list.
fn one_of(conditions: &mut Conditions<'_>, column: &str, keys: &[i64]) {
    if !keys.is_empty() {
        let list = keys.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        conditions.and(&format!("{column} IN ({list})"), []);
    }
}
