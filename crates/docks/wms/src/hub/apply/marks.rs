//! What a warehouse tells of a document beside its course: serial numbers and waves (`sn.report`, `wavenum.report`).

use erp::order::{self, Serial};
use erp::{purchase, stock};
use store::Tx;

use super::super::{WHO, shipment_by_no};
use super::{Applied, Place, Unapplied, found, unknown};
use crate::message::{SerialReport, WaveReport};

/// Serial numbers of a sale stand on its stock-out; those of other documents stand in their timeline.
pub(super) fn serials(tx: &mut Tx, at: &Place<'_>, said: &SerialReport) -> Applied {
    let no = &said.order.code;
    let serials: Vec<Serial> =
        said.items.iter().map(|item| Serial { spec_no: item.item_code.clone(), sn: item.sn.clone() }).collect();
    if let Some(found) = shipment_by_no(tx, no)? {
        at.require(found.stock_out.warehouse, no)?;
        order::note_serials(tx, no, &serials, WHO)?;
        return Ok(());
    }
    let places = [
        found(purchase::return_by_no(tx, no))?.map(|order| order.warehouse),
        found(stock::transfer_by_no(tx, no))?.map(|order| order.from),
        found(stock::outsourced_by_no(tx, no))?.map(|(order, _)| order.warehouse),
    ];
    let Some(warehouse) = places.into_iter().flatten().next() else { return unknown(no) };
    at.require(warehouse, no)?;
    tx.event("wms.serials", no, &serde_json::json!({ "serials": serials, "by": WHO }))?;
    Ok(())
}

/// The wave in which sales are picked: all of them, or the message waits.
pub(super) fn wave(tx: &mut Tx, said: &WaveReport) -> Applied {
    for told in said.orders.iter() {
        if shipment_by_no(tx, &told.code)?.is_none() {
            return Err(Unapplied::Later(format!("没有出库单{}", told.code)));
        }
        order::note_wave(tx, &told.code, &said.wave_num, WHO)?;
    }
    Ok(())
}
