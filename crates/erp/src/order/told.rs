//! What a warehouse tells of a stock-out beside its course (序列号、波次、挂起): kept with it and shown, also after it left. No state
//! changes.

use std::collections::BTreeSet;

use store::Tx;

use super::document::{Serial, StockOut};
use super::query::{StockOutFilter, stock_outs};
use super::table;
use crate::catalog::{self, Page};
use crate::{Refusal, Result};

/// Most serial numbers of one stock-out.
const SERIALS: usize = 10_000;

/// The stock-out with this number, if it is not archived, and the number of its order.
fn stock_out(tx: &mut Tx, no: &str) -> Result<(StockOut, String)> {
    let filter = StockOutFilter { no: Some(no), ..StockOutFilter::default() };
    let found = stock_outs(tx, &filter, Page { no: 0, size: 1 })?.rows.pop();
    let found = found.ok_or_else(|| Refusal::NotFound { what: "出库单号", no: no.to_owned() })?;
    Ok((found.stock_out, found.order.no))
}

/// The wave in which the warehouse picks a stock-out; a later one takes its place.
pub fn note_wave(tx: &mut Tx, stock_out_no: &str, wave: &str, who: &str) -> Result<()> {
    let (mut stock_out, order_no) = stock_out(tx, stock_out_no)?;
    if stock_out.outside.wave == wave {
        return Ok(());
    }
    wave.clone_into(&mut stock_out.outside.wave);
    stock_out.modified = tx.now();
    let body = serde_json::json!({ "stockout_no": stock_out_no, "wave_no": wave, "by": who });
    tx.event("order.wave", &order_no, &body)?;
    table::save_stock_out(tx, &stock_out)
}

/// Serial numbers of pieces of a stock-out; those that are known already change nothing.
pub fn note_serials(tx: &mut Tx, stock_out_no: &str, serials: &[Serial], who: &str) -> Result<()> {
    let (mut stock_out, order_no) = stock_out(tx, stock_out_no)?;
    let specs = catalog::specs_by_no(tx, serials.iter().map(|serial| &*serial.spec_no))?;
    if let Some(unknown) = serials.iter().find(|serial| !specs.contains_key(&*serial.spec_no)) {
        return Err(Refusal::SpecUnknown(unknown.spec_no.clone()).into());
    }
    let mut known: BTreeSet<Serial> = stock_out.outside.serials.iter().cloned().collect();
    let new: Vec<Serial> = serials.iter().filter(|serial| known.insert((*serial).clone())).cloned().collect();
    if new.is_empty() {
        return Ok(());
    }
    if stock_out.outside.serials.len() + new.len() > SERIALS {
        return Err(Refusal::TooMany { what: "sn", max: SERIALS }.into());
    }
    let body = serde_json::json!({ "stockout_no": stock_out_no, "serials": new, "by": who });
    stock_out.outside.serials.extend(new);
    stock_out.modified = tx.now();
    tx.event("order.serials", &order_no, &body)?;
    table::save_stock_out(tx, &stock_out)
}

/// The warehouse's answer to the wish that it holds a stock-out (`Ok(true)`) or lets it go on (`Ok(false)`); or that it does not, and
/// why, which a person reads.
pub fn note_held(tx: &mut Tx, stock_out_no: &str, answer: std::result::Result<bool, &str>, who: &str) -> Result<()> {
    let (mut stock_out, order_no) = stock_out(tx, stock_out_no)?;
    let outside = &mut stock_out.outside;
    let (topic, why) = match answer {
        Ok(held) => {
            outside.held = held;
            (if held { "order.held_by_warehouse" } else { "order.let_go_by_warehouse" }, "")
        }
        Err(why) => {
            outside.note = format!("仓库未挂起或恢复:{why}");
            ("order.not_held", why)
        }
    };
    stock_out.modified = tx.now();
    tx.event(topic, &order_no, &serde_json::json!({ "stockout_no": stock_out_no, "reason": why, "by": who }))?;
    table::save_stock_out(tx, &stock_out)
}
