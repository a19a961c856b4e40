//! The message of a task, made from the document as it is now: one file a family.

mod goods;
mod inward;
mod outward;
mod sale;

pub(super) use sale::of_buyer as receiver;

use erp::catalog;
use store::Tx;

use super::task::{Kind, Task};
use crate::binding::Binding;
use crate::message::{self, OrderCancel, Party};
use crate::{Error, Result};

/// A message, or why there is nothing to tell any more.
pub(super) enum Composed {
    Ready(String),
    Pointless(String),
    /// It may not leave now; why.
    Held(String),
}

pub(super) fn compose(tx: &mut Tx, binding: &Binding, task: &Task) -> Result<Composed> {
    let no = &task.doc_no;
    let composed = match (&*task.method, task.kind) {
        ("deliveryorder.create", Kind::Sale) => sale::delivery(tx, binding, no),
        ("order.cancel", Kind::Sale) => sale::cancel(tx, binding, no),
        ("order.pending", Kind::Sale) => sale::pending(tx, binding, no),
        ("entryorder.create", Kind::Purchase) => inward::purchase(tx, binding, no),
        ("entryorder.create", Kind::TransferIn) => inward::transfer(tx, binding, no),
        ("entryorder.create", Kind::Outsourced) => inward::outsourced(tx, binding, no),
        ("returnorder.create", Kind::Refund) => inward::refund(tx, binding, no),
        ("stockout.create", Kind::PurchaseReturn) => outward::purchase_return(tx, binding, no),
        ("stockout.create", Kind::TransferOut) => outward::transfer(tx, binding, no),
        ("stockout.create", Kind::Outsourced) => outward::outsourced(tx, binding, no),
        (_, Kind::Confirm) => crate::house::compose(tx, binding, task),
        ("order.cancel", kind) => cancel(tx, binding, kind, no),
        ("items.synchronize" | "singleitem.synchronize", Kind::Item) => goods::items(tx, binding, no),
        ("inventory.query", Kind::Item) => goods::inventory(tx, binding, no),
        _ => Ok(None),
    };
    match composed {
        Ok(Some(message)) => Ok(Composed::Ready(message)),
        Ok(None) => Ok(Composed::Pointless("单据状态已变化,无需推送".to_owned())),
        Err(Error::Refused(why)) => Ok(Composed::Held(why)),
        Err(error) => Err(error),
    }
}

/// A document that is over here is over there too; whether its warehouse agrees, a person sees.
fn cancel(tx: &mut Tx, binding: &Binding, kind: Kind, no: &str) -> Result<Option<String>> {
    let (warehouse, order_type) = match kind {
        Kind::Purchase => (erp::purchase::order_by_no(tx, no)?.warehouse, "CGRK"),
        Kind::PurchaseReturn => (erp::purchase::return_by_no(tx, no)?.warehouse, "PTCK"),
        Kind::Refund => (erp::aftersale::refund_by_no(tx, no)?.warehouse, "XTRK"),
        Kind::Outsourced => {
            let order = erp::stock::outsourced_by_no(tx, no)?.0;
            let out = order.direction == erp::stock::Direction::Out;
            (order.warehouse, if out { "QTCK" } else { "QTRK" })
        }
        _ => return Ok(None),
    };
    let Some(place) = binding.place_of(warehouse) else { return Ok(None) };
    let message = OrderCancel {
        warehouse_code: place.code.clone(),
        owner_code: Some(binding.owner_code.clone()),
        order_code: no.to_owned(),
        order_type: Some(order_type.to_owned()),
        ..OrderCancel::default()
    };
    Ok(Some(message::write(&message)))
}

/// What a mandatory element says when we know nothing.
fn some(text: &str) -> String {
    if text.trim().is_empty() { "无".to_owned() } else { text.to_owned() }
}

/// Sender: the warehouse itself.
fn of_warehouse(warehouse: &catalog::Warehouse) -> Party {
    let mobile = if warehouse.mobile.is_empty() { &warehouse.telno } else { &warehouse.mobile };
    Party {
        name: some(if warehouse.contact.is_empty() { &warehouse.name } else { &warehouse.contact }),
        mobile: some(mobile),
        province: some(&warehouse.region[0]),
        city: some(&warehouse.region[1]),
        area: Some(warehouse.region[2].clone()).filter(|area| !area.is_empty()),
        detail_address: some(&warehouse.address),
        ..Party::default()
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Somebody of whom we know little.
fn of_stranger(name: &str, mobile: &str, address: &str) -> Party {
    Party {
        name: some(name),
        mobile: some(mobile),
        province: some(""),
        city: some(""),
        detail_address: some(address),
        ..Party::default()
    }
}

/// Our warehouse with this key, as sender or receiver.
fn of_place(tx: &mut Tx, warehouse: i64) -> Result<Party> {
    Ok(of_warehouse(&catalog::warehouse_by_id(tx, warehouse)?.unwrap_or_default()))
}
