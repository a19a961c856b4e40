//! What their ERP must hear of, seen in the event log.

use erp::stock;
use store::{Event, Tx};

use super::{change, process};
use crate::binding::{Binding, Role};
use crate::hub::{Kind, note, shipment_by_no};
use crate::message::{
    DeliveryConfirm, DeliveryCreate, EntryConfirm, EntryCreate, Message, ReturnConfirm, ReturnCreate, StockOutConfirm,
    StockOutCreate,
};
use crate::{Result, table};

/// Notes what their ERP must hear of an event.
pub(crate) fn look(tx: &mut Tx, bindings: &[Binding], event: &Event) -> Result<()> {
    let ours: Vec<&Binding> =
        bindings.iter().filter(|binding| binding.role == Role::Wms && !binding.disabled).collect();
    if ours.is_empty() {
        return Ok(());
    }
    match event.topic.as_str() {
        "stock_out.shipped" => shipped(tx, &ours, event),
        "stock_in.audited" => {
            let come = stock::stock_in_by_no(tx, &event.key)?;
            let answers = [(EntryCreate::METHOD, EntryConfirm::METHOD), (ReturnCreate::METHOD, ReturnConfirm::METHOD)];
            if !of_theirs(tx, &ours, event, &come.outer_no, &answers)? {
                change::look_in(tx, &ours, event.seq, &come)?;
            }
            Ok(())
        }
        "warehouse_out.audited" => {
            let out = stock::warehouse_out_by_no(tx, &event.key)?;
            // The first audit of a JIT pick only reserves.
            if out.consigned.is_some()
                && !of_theirs(tx, &ours, event, &out.outer_no, &[(StockOutCreate::METHOD, StockOutConfirm::METHOD)])?
            {
                change::look_out(tx, &ours, event.seq, &out)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn shipped(tx: &mut Tx, ours: &[&Binding], event: &Event) -> Result<()> {
    let Some(found) = shipment_by_no(tx, &event.key)? else { return Ok(()) };
    for (_, tid) in &found.order.raw {
        for binding in ours {
            if table::heard_before(tx, binding.id, DeliveryCreate::METHOD, tid)?.is_some() {
                let about = format!("{}@{tid}", event.key);
                note(tx, binding, event.seq, (DeliveryConfirm::METHOD, Kind::Confirm, &about))?;
            }
        }
    }
    Ok(())
}

/// Whether a document with this number of theirs was ordered by one of them, who hears of it then.
fn of_theirs(tx: &mut Tx, ours: &[&Binding], event: &Event, code: &str, answers: &[(&str, &str)]) -> Result<bool> {
    let mut theirs = false;
    for binding in ours {
        for (told, answer) in answers {
            if table::heard_before(tx, binding.id, told, code)?.is_some() {
                note(tx, binding, event.seq, (answer, Kind::Confirm, &event.key))?;
                theirs = true;
            }
        }
        theirs |= process::look(tx, binding, event, code)?;
    }
    Ok(theirs)
}
