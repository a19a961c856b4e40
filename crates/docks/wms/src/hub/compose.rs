//! The message of a task, made from the document as it is now.

use erp::catalog;
use erp::order::{self, BLOCK_REVOKED, OrderStatus, Shipment};
use store::Tx;
use units::{Money, Quantity};

use super::task::{Kind, Task};
use super::{WHO, in_force, shipment_by_no};
use crate::binding::{Binding, Place};
use crate::message::{self, DeliveryCreate, DeliveryHead, DeliveryLine, OrderCancel, Party, Some1};
use crate::{Error, Result};

/// A message, or why there is nothing to tell any more.
pub(super) enum Composed {
    Ready(String),
    Pointless(String),
    /// It may not leave now; why.
    Held(String),
}

pub(super) fn compose(tx: &mut Tx, binding: &Binding, task: &Task) -> Result<Composed> {
    let composed = match (&*task.method, task.kind) {
        ("deliveryorder.create", Kind::Sale) => delivery(tx, binding, &task.doc_no),
        ("order.cancel", Kind::Sale) => cancel_sale(tx, binding, &task.doc_no),
        _ => Ok(None),
    };
    match composed {
        Ok(Some(message)) => Ok(Composed::Ready(message)),
        Ok(None) => Ok(Composed::Pointless("单据状态已变化,无需推送".to_owned())),
        Err(Error::Refused(why)) => Ok(Composed::Held(why)),
        Err(error) => Err(error),
    }
}

fn place(binding: &Binding, warehouse: i64) -> Option<&Place> {
    binding.place_of(warehouse)
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

fn of_buyer(found: &Shipment) -> Party {
    let mut area = found.order.area.split(' ');
    let mut next = || area.next().unwrap_or_default().to_owned();
    let (province, city, district) = (next(), next(), next());
    let buyer = &found.buyer;
    Party {
        name: some(&buyer.name),
        mobile: some(if buyer.mobile.is_empty() { &buyer.telno } else { &buyer.mobile }),
        tel: Some(buyer.telno.clone()).filter(|telno| !telno.is_empty()),
        zip_code: Some(buyer.zip.clone()).filter(|zip| !zip.is_empty()),
        province: some(&province),
        city: some(&city),
        area: Some(district).filter(|district| !district.is_empty()),
        detail_address: some(&buyer.address),
        ..Party::default()
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn each(amount: Money, num: Quantity) -> Money {
    if num.is_positive() { amount.share(Quantity::whole(1), num) } else { Money::ZERO }
}

fn delivery(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let Some(found) = shipment_by_no(tx, no)?.filter(in_force) else { return Ok(None) };
    let leaving = [OrderStatus::AwaitingRelease, OrderStatus::Releasing, OrderStatus::Unconfirmed];
    let (Some(place), true) = (place(binding, found.order.warehouse), leaving.contains(&found.order.status)) else {
        return Ok(None);
    };
    order::hand_over(tx, &found.order.no, WHO)?;
    let order = &found.order;
    let warehouse = catalog::warehouse_by_id(tx, order.warehouse)?.unwrap_or_default();
    let shop = catalog::shop_by_id(tx, order.shop)?.unwrap_or_default();
    let lines = found.stock_out.lines.iter().filter_map(|leaves| {
        let line = order.lines.iter().find(|line| line.id == leaves.order_line)?;
        Some(DeliveryLine {
            line_no: Some(store::wire_id(line.id).to_string()),
            source_order_code: given(&line.tid),
            sub_source_order_code: given(&line.oid),
            owner_code: binding.owner_code.clone(),
            item_code: line.spec_no.clone(),
            item_name: given(&line.goods_name),
            inventory_type: Some("ZP".to_owned()),
            plan_qty: leaves.num,
            actual_price: each(line.share_amount, line.num),
            more: Vec::new(),
        })
    });
    let message = DeliveryCreate {
        order: DeliveryHead {
            code: found.stock_out.no.clone(),
            order_type: "JYCK".to_owned(),
            warehouse_code: place.code.clone(),
            create_time: found.stock_out.created,
            place_order_time: order.trade_time.unwrap_or(order.created),
            operate_time: found.stock_out.created,
            shop_nick: some(&shop.name),
            source_platform_code: Some("OTHER".to_owned()),
            logistics_code: if order.carriage.no.is_empty() { "OTHER".to_owned() } else { order.carriage.no.clone() },
            total_amount: Some(order.due),
            ar_amount: Some(order.cod_amount),
            freight: Some(order.post_amount),
            seller_message: given(&order.cs_remark),
            buyer_message: given(&order.buyer_message),
            sender: of_warehouse(&warehouse),
            receiver: of_buyer(&found),
            more: Vec::new(),
        },
        lines: Some1(lines.collect()),
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}

fn cancel_sale(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let Some(found) = shipment_by_no(tx, no)?.filter(in_force) else { return Ok(None) };
    let asked = found.stock_out.block_reason & BLOCK_REVOKED != 0 && (45..=55).contains(&found.order.status.code());
    let (Some(place), true) = (place(binding, found.stock_out.warehouse), asked) else { return Ok(None) };
    let message = OrderCancel {
        warehouse_code: place.code.clone(),
        owner_code: Some(binding.owner_code.clone()),
        order_code: no.to_owned(),
        order_id: given(&found.stock_out.outside.no),
        order_type: Some("JYCK".to_owned()),
        cancel_reason: None,
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}
