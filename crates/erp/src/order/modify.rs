//! Notes on an order (修改订单标记): mark, remarks, invoice number, and carrier with waybill as long as it has not left
//! (fact sheet wdt-1, 2.20).

use store::Tx;

use super::document::{Carriage, Order};
use super::status::OrderStatus;
use super::{archive, table};
use crate::{Refusal, Result, catalog};

/// Carriers whose waybills people write down themselves (线下普通单号).
const ORDINARY: i64 = 0;
/// `cs_remark_change_count`: changed by hand.
const BY_HAND: i64 = 2;
/// `cs_remark_change_count`: invoice changed by hand.
const INVOICE_BY_HAND: i64 = 4;

/// What changes; `None` = stays.
#[derive(Debug, Clone, Default)]
pub struct OrderChange<'a> {
    /// Number of the invoice.
    pub invoice_no: Option<&'a str>,
    /// Name of the mark.
    pub flag_name: Option<&'a str>,
    /// The mark may replace another one.
    pub flag_cover: bool,
    /// Number of an ordinary carrier.
    pub carrier_no: Option<&'a str>,
    /// Waybill.
    pub waybill: Option<&'a str>,
    /// Remark of customer service.
    pub cs_remark: Option<&'a str>,
    /// The remark was written by hand: later remarks of the mall do not replace it.
    pub remark_by_hand: bool,
    /// Remark that is printed.
    pub print_remark: Option<&'a str>,
}

/// Changes an order; repeating the same change changes nothing. Refused as a whole before the first write.
pub fn modify(tx: &mut Tx, no: &str, change: &OrderChange<'_>) -> Result<Order> {
    let mut order = archive::order_to_change(tx, no)?;
    let past = |order: &Order, what| Refusal::OrderPast { no: order.no.clone(), state: order.status.chinese(), what };
    if order.status == OrderStatus::Cancelled {
        return Err(past(&order, "标记").into());
    }
    let before = (order.notes.clone(), order.carriage.clone(), remarks(&order));
    if let Some(name) = change.flag_name {
        let mark = catalog::order_mark(tx, name)?;
        if order.notes.flag != 0 && order.notes.flag != mark.id && !change.flag_cover {
            return Err(Refusal::OrderMarked(order.notes.flag_name).into());
        }
        (order.notes.flag, order.notes.flag_name) = (mark.id, mark.name);
    }
    if change.carrier_no.is_some() || change.waybill.is_some() {
        if order.status.code() >= OrderStatus::Shipped.code() {
            return Err(past(&order, "物流").into());
        }
        order.carriage = carriage(tx, &order, change)?;
    }
    if let Some(invoice) = change.invoice_no.filter(|no| **no != order.notes.invoice_no) {
        invoice.clone_into(&mut order.notes.invoice_no);
        order.cs_remark_changes |= INVOICE_BY_HAND;
    }
    if let Some(remark) = change.cs_remark {
        if order.cs_remark != remark {
            remark.clone_into(&mut order.cs_remark);
            order.cs_remark_changes |= BY_HAND;
        }
        order.remark_by_hand = change.remark_by_hand;
    }
    if let Some(remark) = change.print_remark {
        remark.clone_into(&mut order.print_remark);
    }
    if before == (order.notes.clone(), order.carriage.clone(), remarks(&order)) {
        return Ok(order);
    }
    let body = serde_json::json!({
        "flag": order.notes.flag_name, "invoice_no": order.notes.invoice_no, "carrier": order.carriage.no,
        "logistics_no": order.carriage.waybill, "cs_remark": order.cs_remark, "print_remark": order.print_remark,
    });
    tx.event("order.modified", &order.no, &body)?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

fn remarks(order: &Order) -> (String, String, bool, i64) {
    (order.cs_remark.clone(), order.print_remark.clone(), order.remark_by_hand, order.cs_remark_changes)
}

/// The carrier that was named, or the order's own, with the waybill that was named.
fn carriage(tx: &mut Tx, order: &Order, change: &OrderChange<'_>) -> Result<Carriage> {
    let mut carriage = match change.carrier_no {
        None => order.carriage.clone(),
        Some(no) => {
            let carrier = catalog::carrier_by_no(tx, no)?;
            if carrier.bill_type != ORDINARY {
                return Err(Refusal::CarrierUnknown(no.to_owned()).into());
            }
            let waybill = if carrier.id == order.carriage.id { order.carriage.waybill.clone() } else { String::new() };
            Carriage { id: carrier.id, no: carrier.no, name: carrier.name, kind: carrier.kind, waybill }
        }
    };
    if let Some(waybill) = change.waybill {
        if carriage.id == 0 {
            return Err(Refusal::CarrierUnknown(String::new()).into());
        }
        waybill.clone_into(&mut carriage.waybill);
    }
    Ok(carriage)
}
