//! What balances hold for documents is what the open documents say that they hold, piece by piece.

use std::collections::BTreeMap;

use store::Reader;
use units::Quantity;

use super::{Books, table};
use crate::Result;
use crate::catalog::Page;
use crate::order::{self, Order, OrderFilter, OrderStatus, Reserved};
use crate::purchase::{self, PurchaseStatus, ReturnStatus};
use crate::stock::QuantityColumn;

/// Documents of one read.
const PAGE: i64 = 1_000;

/// Warehouse, spec, defect, number of the column.
type Claims = BTreeMap<(i64, i64, i64, i64), Quantity>;

/// The columns of which every claim is known here.
const CLAIMED: [QuantityColumn; 7] = [
    QuantityColumn::Order,
    QuantityColumn::Unpaid,
    QuantityColumn::Subscribe,
    QuantityColumn::ToPurchase,
    QuantityColumn::Purchase,
    QuantityColumn::PurchaseArrive,
    QuantityColumn::PurchaseReturn,
];

pub(super) fn check(reader: &mut Reader, balances: &[table::Kept], books: &mut Books) -> Result<()> {
    let mut claims = Claims::new();
    orders(reader, &mut claims)?;
    purchases(reader, &mut claims)?;
    for kept in balances {
        for column in CLAIMED {
            let claimed = claims.remove(&(kept.warehouse, kept.spec, kept.defect, column as i64)).unwrap_or_default();
            let held = kept.get(column);
            if claimed != held {
                let text = format!("{} is {held}, open documents hold {claimed}", column.name());
                books.find("claims", kept.name(), text);
            }
        }
    }
    Ok(())
}

fn claim(claims: &mut Claims, warehouse: i64, spec: i64, column: QuantityColumn, num: Quantity) {
    let held = claims.entry((warehouse, spec, 0, column as i64)).or_default();
    *held += num;
}

fn orders(reader: &mut Reader, claims: &mut Claims) -> Result<()> {
    let is_open =
        |status: &&OrderStatus| **status != OrderStatus::Cancelled && status.code() < OrderStatus::Shipped.code();
    let statuses: Vec<i64> = OrderStatus::ALL.iter().filter(is_open).map(|status| status.code()).collect();
    let filter = OrderFilter { statuses, ..OrderFilter::default() };
    for no in 0.. {
        let found = order::orders(reader, &filter, Page { no, size: PAGE })?.rows;
        let last = found.len() < usize::try_from(PAGE).unwrap_or_default();
        found.iter().for_each(|(order, _)| order_claims(order, claims));
        if last {
            break;
        }
    }
    Ok(())
}

/// What is bought and what goes back to providers.
fn purchases(reader: &mut Reader, claims: &mut Claims) -> Result<()> {
    let open: Vec<i64> = PurchaseStatus::ALL.iter().map(|status| status.code()).filter(|code| *code < 60).collect();
    let filter = purchase::OrderFilter { statuses: open, ..purchase::OrderFilter::default() };
    for no in 0.. {
        let found = purchase::orders(reader, &filter, Page { no, size: PAGE })?.rows;
        for order in &found {
            for (spec, column, num) in purchase::held_by_order(order) {
                claim(claims, order.warehouse, spec, column, num);
            }
        }
        if found.len() < usize::try_from(PAGE).unwrap_or_default() {
            break;
        }
    }
    let open: Vec<i64> = ReturnStatus::ALL.iter().map(|status| status.code()).filter(|code| *code < 60).collect();
    let filter = purchase::ReturnFilter { statuses: open, ..purchase::ReturnFilter::default() };
    for no in 0.. {
        let found = purchase::returns(reader, &filter, Page { no, size: PAGE })?.rows;
        for returned in &found {
            for (spec, column, num) in purchase::held_by_return(returned) {
                claim(claims, returned.warehouse, spec, column, num);
            }
        }
        if found.len() < usize::try_from(PAGE).unwrap_or_default() {
            break;
        }
    }
    Ok(())
}

fn order_claims(order: &Order, claims: &mut Claims) {
    for line in &order.lines {
        let column = match line.reserved {
            Reserved::Waiting | Reserved::Nothing => continue,
            Reserved::Unpaid => QuantityColumn::Unpaid,
            Reserved::Presale => QuantityColumn::Subscribe,
            Reserved::Order => QuantityColumn::Order,
            Reserved::Sending => QuantityColumn::Sending,
        };
        claim(claims, order.warehouse, line.spec, column, line.actual_num);
    }
}
