//! No money is lost between a raw order and the lines that were made from it.

use std::collections::HashMap;

use store::Reader;
use units::Money;

use super::Books;
use crate::Result;
use crate::catalog::Page;
use crate::order::{self, Order, OrderFilter, OrderStatus, RawFilter, RawOrder};

/// Documents of one read.
const PAGE: i64 = 1_000;

/// What the live lines of a raw order share: goods by line number, and postage.
#[derive(Default)]
struct Shares {
    goods: HashMap<String, Money>,
    post: Money,
    /// A part that was split off was cancelled, and took its money with it.
    cut: bool,
}

pub(super) fn check(reader: &mut Reader, books: &mut Books) -> Result<()> {
    let mut shares: HashMap<String, Shares> = HashMap::new();
    for no in 0.. {
        let found = order::orders(reader, &OrderFilter::default(), Page { no, size: PAGE })?.rows;
        found.iter().for_each(|(order, _)| share(order, &mut shares));
        if short(found.len()) {
            break;
        }
    }
    for no in 0.. {
        let found = order::raw_orders(reader, &RawFilter::default(), Page { no, size: PAGE })?.rows;
        for raw in &found {
            if let Some(shares) = shares.get(&raw.facts.tid).filter(|shares| !shares.cut) {
                compare(raw, shares, books);
            }
        }
        if short(found.len()) {
            break;
        }
    }
    Ok(())
}

fn short(found: usize) -> bool {
    found < usize::try_from(PAGE).unwrap_or_default()
}

/// Adds what an order that was not cancelled says of its raw orders.
fn share(order: &Order, shares: &mut HashMap<String, Shares>) {
    if order.status == OrderStatus::Cancelled {
        for line in &order.lines {
            shares.entry(line.tid.clone()).or_default().cut = true;
        }
        return;
    }
    for line in &order.lines {
        let shares = shares.entry(line.tid.clone()).or_default();
        *shares.goods.entry(line.oid.clone()).or_default() += line.share_amount;
        shares.post += line.share_post;
    }
}

fn compare(raw: &RawOrder, shares: &Shares, books: &mut Books) {
    let mut complete = true;
    for line in &raw.facts.lines {
        match shares.goods.get(&line.oid) {
            None => complete = false,
            Some(shared) if *shared == line.receivable() => {}
            Some(shared) => {
                let text =
                    format!("line {} asks for {}, the lines made of it share {shared}", line.oid, line.receivable());
                books.find("money", raw.facts.tid.clone(), text);
            }
        }
    }
    // A part that was cancelled or refunded in time took its postage with it; a mall may say another postage later, which the order
    // that was made keeps to itself.
    if complete && shares.post != raw.facts.post_amount {
        books.other_postage += 1;
    }
}
