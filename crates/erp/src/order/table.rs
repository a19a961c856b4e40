//! The SQL of orders: one file a kind of document.

mod archive;
mod buyer;
mod flow;
mod logistics;
mod look;
mod raw;
mod sales;
mod stock_out;

pub(super) use archive::*;
pub(super) use buyer::*;
pub(super) use flow::*;
pub(super) use logistics::*;
pub(super) use look::*;
pub(super) use raw::*;
pub(super) use sales::*;
pub(super) use stock_out::*;

use crate::catalog::Conditions;

/// Adds `column IN (…)` for keys of ours; nothing for an empty list.
fn one_of(conditions: &mut Conditions<'_>, column: &str, keys: &[i64]) {
    if !keys.is_empty() {
        let list = keys.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        conditions.and(&format!("{column} IN ({list})"), []);
    }
}

/// A table, and its archive when `history` is asked for.
fn with_archive(table: &str, history: bool) -> Vec<String> {
    let mut tables = vec![table.to_owned()];
    if history {
        tables.push(format!("{table}_archive"));
    }
    tables
}
