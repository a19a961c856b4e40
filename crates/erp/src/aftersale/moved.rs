//! Order lines that move to another order, by a split or a merge, take their refunds along.

use std::collections::HashMap;

use store::{Reader, Tx};
use units::{Money, Quantity};

use super::table;
use crate::Result;

/// Pieces and money that live refund orders take of the lines of an order, by line.
pub(crate) fn taken_of_order(reader: &mut Reader, order: i64) -> Result<HashMap<i64, (Quantity, Money)>> {
    table::taken_of(reader, &[order], 0)
}

/// Lines moved from one order to another (key and number): what refund orders say of them follows.
pub(crate) fn lines_moved(tx: &mut Tx, from: i64, to: (i64, &str), lines: &[i64]) -> Result<()> {
    let (key, no) = to;
    for id in table::refunds_of_lines(tx, from, lines)? {
        if let Some(mut refund) = table::refund_by_id(tx, id)? {
            for line in refund.lines.iter_mut().filter(|line| line.order == from && lines.contains(&line.order_line)) {
                line.order = key;
                no.clone_into(&mut line.order_no);
            }
            if refund.order == from && refund.lines.iter().all(|line| line.order != from) {
                refund.order = key;
                no.clone_into(&mut refund.order_no);
            }
            tx.event("refund.order_changed", &refund.no, &serde_json::json!({ "trade_no": no }))?;
            table::save_refund(tx, &mut refund)?;
        }
        table::lines_moved(tx, id, from, key, lines)?;
    }
    Ok(())
}
