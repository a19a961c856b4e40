//! Sales: created, and asked back.

use erp::catalog;
use erp::order::{self, BLOCK_REVOKED, OrderStatus, Shipment, block_words, holding};
use store::Tx;
use units::{Money, Quantity};

use super::super::{WHO, in_force, shipment_by_no};
use super::{given, of_warehouse, some};
use crate::binding::Binding;
use crate::message::{self, DeliveryCreate, DeliveryHead, DeliveryLine, OrderCancel, OrderPending, Party, Some1};
use crate::{Error, Result};

/// The receiver of an order.
pub(in crate::hub) fn of_buyer(found: &Shipment) -> Party {
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

fn each(amount: Money, num: Quantity) -> Money {
    if num.is_positive() { amount.share(Quantity::whole(1), num) } else { Money::ZERO }
}

pub(super) fn delivery(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let Some(found) = shipment_by_no(tx, no)?.filter(in_force) else { return Ok(None) };
    let leaving = [OrderStatus::AwaitingRelease, OrderStatus::Releasing, OrderStatus::Unconfirmed];
    let (Some(place), true) = (binding.place_of(found.order.warehouse), leaving.contains(&found.order.status)) else {
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

pub(super) fn cancel(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let Some(found) = shipment_by_no(tx, no)?.filter(in_force) else { return Ok(None) };
    let asked = found.stock_out.block_reason & BLOCK_REVOKED != 0 && (45..=55).contains(&found.order.status.code());
    let (Some(place), true) = (binding.place_of(found.stock_out.warehouse), asked) else { return Ok(None) };
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

/// An order that is intercepted here while the warehouse has it is to wait there, and to go on when it is let go; nothing is said of one
/// that stands there as it should.
pub(super) fn pending(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let Some(found) = shipment_by_no(tx, no)?.filter(in_force) else { return Ok(None) };
    let (hold, outside) = (holding(found.stock_out.block_reason & !BLOCK_REVOKED) != 0, &found.stock_out.outside);
    if found.order.status == OrderStatus::Releasing {
        return Err(Error::Refused("正在递交仓库".to_owned()));
    }
    let away = [OrderStatus::Released, OrderStatus::Unconfirmed, OrderStatus::Audited];
    let there = away.contains(&found.order.status) && hold != outside.held;
    let (Some(place), true) = (binding.place_of(found.stock_out.warehouse), there) else { return Ok(None) };
    let message = OrderPending {
        action_type: if hold { OrderPending::HOLD } else { OrderPending::RESTORE }.to_owned(),
        warehouse_code: place.code.clone(),
        owner_code: Some(binding.owner_code.clone()),
        code: no.to_owned(),
        order_type: Some("JYCK".to_owned()),
        reason: hold.then(|| block_words(found.stock_out.block_reason)),
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}
