//! What balances hold for documents is what the open documents say that they hold, piece by piece.

use std::collections::BTreeMap;

use store::Reader;
use units::Quantity;

use super::{Books, table};
use crate::catalog::Page;
use crate::order::{self, Order, OrderFilter, OrderStatus, Reserved};
use crate::purchase::{self, PurchaseStatus, ReturnStatus};
use crate::stock::{
    self, QuantityColumn, StockInKind, StockInStatus, StockOutKind, TransferStatus, WarehouseOutStatus,
};
use crate::{Result, aftersale};

/// Documents of one read.
const PAGE: i64 = 1_000;

/// Warehouse, spec, defect, number of the column.
type Claims = BTreeMap<(i64, i64, i64, i64), Quantity>;

/// The columns of which every claim is known here.
const CLAIMED: [QuantityColumn; 13] = [
    QuantityColumn::Order,
    QuantityColumn::Unpaid,
    QuantityColumn::Subscribe,
    QuantityColumn::Sending,
    QuantityColumn::ToPurchase,
    QuantityColumn::Purchase,
    QuantityColumn::PurchaseArrive,
    QuantityColumn::PurchaseReturn,
    QuantityColumn::Transfer,
    QuantityColumn::ToTransfer,
    QuantityColumn::Refund,
    QuantityColumn::RefundExchange,
    QuantityColumn::RefundOnWay,
];

pub(super) fn check(reader: &mut Reader, balances: &[table::Kept], books: &mut Books) -> Result<()> {
    let mut claims = Claims::new();
    orders(reader, &mut claims)?;
    purchases(reader, &mut claims)?;
    refunds(reader, &mut claims)?;
    transfers(reader, &mut claims)?;
    picks(reader, &mut claims)?;
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
    claims.retain(|_, claimed| !claimed.is_zero());
    for ((warehouse, spec, _, column), claimed) in claims {
        let subject = format!("{} {}", store::wire_id(warehouse), store::wire_id(spec));
        books.find("claims", subject, format!("open documents hold {claimed} in column {column}, but no balance does"));
    }
    Ok(())
}

fn claim(claims: &mut Claims, warehouse: i64, spec: i64, column: QuantityColumn, num: Quantity) {
    claim_any(claims, (warehouse, spec, 0), column, num);
}

/// `at`: warehouse, spec, defect.
fn claim_any(claims: &mut Claims, at: (i64, i64, i64), column: QuantityColumn, num: Quantity) {
    let held = claims.entry((at.0, at.1, at.2, column as i64)).or_default();
    *held += num;
}

fn is_last(found: usize) -> bool {
    found < usize::try_from(PAGE).unwrap_or_default()
}

/// Goods on their way back, goods that are back but not audited in, and goods that are to be sent for an exchange.
fn refunds(reader: &mut Reader, claims: &mut Claims) -> Result<()> {
    for no in 0.. {
        let found = aftersale::refunds(reader, &aftersale::RefundFilter::default(), Page { no, size: PAGE })?.rows;
        for refund in &found {
            for (warehouse, spec, column, num) in aftersale::held_by_refund(reader, refund)? {
                claim(claims, warehouse, spec, column, num);
            }
        }
        if is_last(found.len()) {
            break;
        }
    }
    let filter = stock::StockInFilter {
        kinds: &[StockInKind::Refund],
        statuses: &[StockInStatus::AwaitingAudit.code()],
        ..stock::StockInFilter::default()
    };
    for no in 0.. {
        let found = stock::stock_ins(reader, &filter, Page { no, size: PAGE })?.rows;
        for order in &found {
            for line in &order.lines {
                claim(claims, order.warehouse, line.spec, QuantityColumn::Refund, line.num);
            }
        }
        if is_last(found.len()) {
            break;
        }
    }
    Ok(())
}

/// What is to leave for another warehouse, and what is on its way.
fn transfers(reader: &mut Reader, claims: &mut Claims) -> Result<()> {
    let is_open =
        |code: &i64| (TransferStatus::Audited.code()..TransferStatus::AwaitingSettlement.code()).contains(code);
    let statuses: Vec<i64> = TransferStatus::ALL.iter().map(|status| status.code()).filter(is_open).collect();
    let filter = stock::TransferFilter { statuses: &statuses, ..stock::TransferFilter::default() };
    for no in 0.. {
        let found = stock::transfers(reader, &filter, Page { no, size: PAGE })?.rows;
        for transfer in &found {
            for line in &transfer.lines {
                claim(claims, transfer.from, line.spec, QuantityColumn::ToTransfer, line.open_out());
                claim(claims, transfer.to, line.spec, QuantityColumn::Transfer, line.open_in());
            }
        }
        if is_last(found.len()) {
            break;
        }
    }
    Ok(())
}

/// JIT picks between their first audit and their second.
fn picks(reader: &mut Reader, claims: &mut Claims) -> Result<()> {
    let filter = stock::WarehouseOutFilter {
        kinds: &[StockOutKind::JitPick],
        statuses: &[WarehouseOutStatus::Audited.code()],
        ..stock::WarehouseOutFilter::default()
    };
    for no in 0.. {
        let found = stock::warehouse_outs(reader, &filter, Page { no, size: PAGE })?.rows;
        for pick in &found {
            for line in &pick.lines {
                let at = (pick.warehouse, line.spec, line.defect);
                claim_any(claims, at, QuantityColumn::Sending, line.num);
            }
        }
        if is_last(found.len()) {
            break;
        }
    }
    Ok(())
}

fn orders(reader: &mut Reader, claims: &mut Claims) -> Result<()> {
    let is_open =
        |status: &&OrderStatus| **status != OrderStatus::Cancelled && status.code() < OrderStatus::Shipped.code();
    let statuses: Vec<i64> = OrderStatus::ALL.iter().filter(is_open).map(|status| status.code()).collect();
    let filter = OrderFilter { statuses, ..OrderFilter::default() };
    for no in 0.. {
        let found = order::orders(reader, &filter, Page { no, size: PAGE })?.rows;
        found.iter().for_each(|(order, _)| order_claims(order, claims));
        if is_last(found.len()) {
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
        if is_last(found.len()) {
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
        if is_last(found.len()) {
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
