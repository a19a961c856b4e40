//! From the event log to tasks: what happened to a document that a warehouse's system must know of.

use erp::order::OrderStatus;
use erp::purchase::{PurchaseStatus, ReturnStatus};
use erp::stock::{Direction, OutsourcedStatus, TransferStatus};
use erp::{aftersale, purchase, stock};
use serde_json::Value;
use store::{Event, Store, Tenant, Tx};

use super::task::{Exchange, Kind, Task, TaskState};
use super::{WHO, shipment_by_no};
use crate::binding::{Binding, Role};
use crate::{Error, Result, limits, table};

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
                match crate::house::look(tx, &bindings, event) {
                    Ok(()) | Err(Error::Refused(_) | Error::Unknown(_)) => {}
                    Err(error) => return Err(error),
                }
                let bindings = Bindings { all: &bindings, event: event.seq };
                match bindings.look(tx, event) {
                    // A document that is not there any more need not be told of; the log goes on.
                    Ok(()) | Err(Error::Refused(_) | Error::Unknown(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            if let Some(last) = events.last() {
                table::move_cursor(tx, last.seq)?;
            }
            Ok(events.len())
        })
        .await
}

/// The agreements of the merchant, and the event that is looked at.
struct Bindings<'b> {
    all: &'b [Binding],
    event: i64,
}

impl Bindings<'_> {
    fn look(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
        let word = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let no = &event.key;
        match event.topic.as_str() {
            "order.audited" if body["outsourced"] == true => {
                self.of_order(tx, &word("stockout_no"), "deliveryorder.create")
            }
            // Somebody hands it over again; what we do ourselves says so.
            "order.handing_over" if word("by") != WHO => {
                self.of_order(tx, &word("stockout_no"), "deliveryorder.create")
            }
            // An order that a person, a refund or a changed address stops here is to wait there.
            "stock_out.blocked" => {
                let Some(found) = shipment_by_no(tx, no)? else { return Ok(()) };
                match found.order.status {
                    OrderStatus::Releasing
                    | OrderStatus::Released
                    | OrderStatus::Unconfirmed
                    | OrderStatus::Audited => self.note(tx, found.stock_out.warehouse, "order.pending", Kind::Sale, no),
                    _ => Ok(()),
                }
            }
            "order.asked_back" => self.of_order(tx, &word("stockout_no"), "order.cancel"),
            "purchase_order.audited" | "purchase_order.finance_audited" | "purchase_order.created" => {
                let order = purchase::order_by_no(tx, no)?;
                match order.status {
                    PurchaseStatus::AwaitingPush => {
                        self.note(tx, order.warehouse, "entryorder.create", Kind::Purchase, no)
                    }
                    _ => Ok(()),
                }
            }
            "purchase_order.stopped" => {
                let order = purchase::order_by_no(tx, no)?;
                let told = order.outside.status == 2;
                if told { self.note(tx, order.warehouse, "order.cancel", Kind::Purchase, no) } else { Ok(()) }
            }
            topic if topic.starts_with("purchase_return.") => {
                let order = purchase::return_by_no(tx, no)?;
                match order.status {
                    ReturnStatus::AwaitingPush => {
                        self.note(tx, order.warehouse, "stockout.create", Kind::PurchaseReturn, no)
                    }
                    ReturnStatus::Completed if topic.ends_with(".stopped") && order.outside.status == 2 => {
                        self.note(tx, order.warehouse, "order.cancel", Kind::PurchaseReturn, no)
                    }
                    _ => Ok(()),
                }
            }
            topic if topic.starts_with("transfer.") => {
                let order = stock::transfer_by_no(tx, no)?;
                match order.status {
                    TransferStatus::OutAwaitingPush => {
                        self.note(tx, order.from, "stockout.create", Kind::TransferOut, no)
                    }
                    TransferStatus::InAwaitingPush => {
                        self.note(tx, order.to, "entryorder.create", Kind::TransferIn, no)
                    }
                    _ => Ok(()),
                }
            }
            "outsourced.changed" | "outsourced.created" => self.of_outsourced(tx, no),
            "refund.audited" => {
                let refund = aftersale::refund_by_no(tx, no)?;
                match refund.status {
                    aftersale::RefundStatus::AwaitingPush => {
                        self.note(tx, refund.warehouse, "returnorder.create", Kind::Refund, no)
                    }
                    _ => Ok(()),
                }
            }
            "refund.cancelled" => {
                let refund = aftersale::refund_by_no(tx, no)?;
                let told = refund.wms.status == 2;
                if told { self.note(tx, refund.warehouse, "order.cancel", Kind::Refund, no) } else { Ok(()) }
            }
            "goods.changed" => {
                let merchants = self.all.iter().filter(|binding| binding.role == Role::Erp && !binding.disabled);
                for binding in merchants.filter(|binding| !binding.places.is_empty()) {
                    note(tx, binding, self.event, ("items.synchronize", Kind::Item, no))?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn of_order(&self, tx: &mut Tx, stock_out_no: &str, method: &str) -> Result<()> {
        let Some(found) = shipment_by_no(tx, stock_out_no)? else { return Ok(()) };
        self.note(tx, found.stock_out.warehouse, method, Kind::Sale, stock_out_no)
    }

    fn of_outsourced(&self, tx: &mut Tx, no: &str) -> Result<()> {
        let (order, _) = stock::outsourced_by_no(tx, no)?;
        let method = match (order.status, order.direction) {
            (OutsourcedStatus::AwaitingPush, Direction::Out) => "stockout.create",
            (OutsourcedStatus::AwaitingPush, Direction::In) => "entryorder.create",
            (OutsourcedStatus::Cancelled, _) if !order.wms_no.is_empty() => "order.cancel",
            _ => return Ok(()),
        };
        self.note(tx, order.warehouse, method, Kind::Outsourced, no)
    }

    /// Notes a task for the agreement that has this warehouse of the merchant; without one nothing is to be told.
    fn note(&self, tx: &mut Tx, warehouse: i64, method: &str, kind: Kind, doc_no: &str) -> Result<()> {
        let binding = self
            .all
            .iter()
            .find(|binding| binding.role == Role::Erp && !binding.disabled && binding.place_of(warehouse).is_some());
        match binding {
            Some(binding) => note(tx, binding, self.event, (method, kind, doc_no)),
            None => Ok(()),
        }
    }
}

/// Notes a task, unless the same waits already: it will be told of the document as it is then.
pub(crate) fn note(
    tx: &mut Tx,
    binding: &Binding,
    event: i64,
    (method, kind, doc_no): (&str, Kind, &str),
) -> Result<()> {
    if table::task_waits(tx, binding.id, method, doc_no)? {
        return Ok(());
    }
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
