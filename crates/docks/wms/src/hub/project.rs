//! From the event log to tasks: what happened to a document that a warehouse's system must know of.

use serde_json::Value;
use store::{Event, Store, Tenant, Tx};

use super::task::{Exchange, Kind, Task, TaskState};
use super::{WHO, shipment_by_no};
use crate::binding::{Binding, Role};
use crate::{Result, limits, table};

/// Looks at the events since the last time; how many there were.
pub(super) async fn catch_up(store: &Store, tenant: Tenant) -> Result<usize> {
    let behind =
        store.read(tenant, |reader| Ok::<_, crate::Error>(table::cursor(reader)? < Some(reader.last_event()?)));
    if !behind.await? {
        return Ok(0);
    }
    store
        .write(tenant, |tx| {
            let Some(cursor) = table::cursor(tx)? else { return Ok(0) };
            let events = tx.events_after(cursor, limits::EVENTS)?;
            let bindings = table::bindings(tx)?;
            for event in &events {
                look(tx, &bindings, event)?;
            }
            if let Some(last) = events.last() {
                table::move_cursor(tx, last.seq)?;
            }
            Ok(events.len())
        })
        .await
}

fn look(tx: &mut Tx, bindings: &[Binding], event: &Event) -> Result<()> {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let word = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    match event.topic.as_str() {
        "order.audited" if body["outsourced"] == true => {
            of_order(tx, bindings, event, &word("stockout_no"), "deliveryorder.create")
        }
        // Somebody hands it over again; what we do ourselves says so.
        "order.handing_over" if word("by") != WHO => {
            of_order(tx, bindings, event, &word("stockout_no"), "deliveryorder.create")
        }
        "order.asked_back" => of_order(tx, bindings, event, &word("stockout_no"), "order.cancel"),
        _ => Ok(()),
    }
}

fn of_order(tx: &mut Tx, bindings: &[Binding], event: &Event, stock_out_no: &str, method: &str) -> Result<()> {
    let Some(found) = shipment_by_no(tx, stock_out_no)? else { return Ok(()) };
    note(tx, bindings, found.stock_out.warehouse, event.seq, (method, Kind::Sale, stock_out_no))
}

/// Notes a task for the agreement that has this warehouse of the merchant; without one nothing is to be told.
pub(super) fn note(
    tx: &mut Tx,
    bindings: &[Binding],
    warehouse: i64,
    event: i64,
    (method, kind, doc_no): (&str, Kind, &str),
) -> Result<()> {
    let binding = bindings
        .iter()
        .find(|binding| binding.role == Role::Erp && !binding.disabled && binding.place_of(warehouse).is_some());
    let Some(binding) = binding else { return Ok(()) };
    let task = Task {
        id: tx.document_id("wms_task")?,
        binding: binding.id,
        method: method.to_owned(),
        kind,
        doc_no: doc_no.to_owned(),
        event,
        state: TaskState::Waiting,
        due: tx.now(),
        attempts: 0,
        unclear: 0,
        problem: String::new(),
        created: tx.now(),
        modified: tx.now(),
        exchange: Exchange::default(),
    };
    table::save_task(tx, &task)
}
