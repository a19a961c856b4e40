//! Fulfilment orders: received, shipped, short, not intercepted, corrected (fact sheet ascp-direct, 2.4 to 2.8).

use serde_json::Value;
use store::Tx;
use wire::args::{Json, List, Text, arguments, given};

use super::{done, once};
use crate::limits::{LINES, PARCELS};
use crate::platform::error::{Result, no};
use crate::platform::order::{SimOrder, SimOrderEvent, SimOrderState as S, decided, order};
use crate::platform::supplier::{SimSupplier, must_be};
use crate::platform::{stock, table};

arguments! {
    /// 2.4
    pub(super) struct Received {
        /// supplier
        pub supplier_id: Text<40>,
        /// order
        pub biz_order_code: Text<40>,
        /// when
        pub biz_time: Option<Text<32>>,
        /// who delivers
        pub business_model: Option<Text<16>>,
    }
}

pub(super) fn received(tx: &mut Tx, supplier: &SimSupplier, call: &Received) -> Result<Value> {
    must_be(supplier, &call.supplier_id)?;
    let mut found = order(tx, &supplier.supplier_id, &call.biz_order_code)?;
    // Safe to repeat, and too late is no mistake: the supplier may have shipped meanwhile.
    match found.state {
        S::Cancelled => return Err(no("SIM_ORDER_CANCELLED", "the order was cancelled")),
        S::Pushing | S::Pushed | S::PushFailed => found.fire(SimOrderEvent::Accept)?,
        S::Accepted | S::Short | S::Cancelling | S::Shipped | S::Signed => {}
    }
    (found.facts.accepted, found.facts.delivered) = (true, true);
    table::update_order(tx, &found)?;
    Ok(done())
}

arguments! {
    /// 2.5
    pub(super) struct Ship {
        /// everything
        pub consignorder_ship_request: Json<Shipment>,
    }
}

arguments! {
    /// A shipment.
    struct Shipment {
        /// supplier
        supplier_id: Text<40>,
        /// idempotency key
        out_biz_id: Text<64>,
        /// order
        biz_order_code: Text<40>,
        /// lines
        order_items: List<Item, 1, LINES>,
        /// warehouse
        store_code: Text<64>,
        /// parcels
        tms_orders: List<Parcel, 1, PARCELS>,
        /// must be true
        whole_sheet_consigned: Option<bool>,
        /// who delivers
        business_model: Option<Text<16>>,
    }
}

arguments! {
    /// Pieces of a line.
    struct Item {
        /// line
        sub_order_code: Text<40>,
        /// goods
        sc_item_id: Text<40>,
        /// pieces shipped
        item_quantity: i64,
        /// pieces missing
        lack_quantity: Option<i64>,
    }
}

arguments! {
    /// A parcel.
    struct Parcel {
        /// waybill
        tms_order_code: Option<Text<64>>,
        /// carrier
        tms_service_code: Option<Text<40>>,
        /// its name
        tms_service_name: Option<Text<64>>,
        /// what is in it
        tms_items: List<Item, 1, LINES>,
    }
}

pub(super) fn ship(tx: &mut Tx, supplier: &SimSupplier, call: &Ship) -> Result<Value> {
    let shipment = &*call.consignorder_ship_request;
    must_be(supplier, &shipment.supplier_id)?;
    once(tx, supplier, &format!("ship:{}", &*shipment.out_biz_id), |tx| {
        let mut found = order(tx, &supplier.supplier_id, &shipment.biz_order_code)?;
        match found.state {
            S::Cancelled => return Err(no("SIM_ORDER_CANCELLED", "the order was cancelled: it must not be shipped")),
            S::Shipped | S::Signed => return Err(no("SIM_ALREADY_SHIPPED", "shipped with another out_biz_id")),
            _ => {}
        }
        check(supplier, &found, shipment)?;
        found.fire(SimOrderEvent::Ship)?;
        found.facts.shipment = shipment.out_biz_id.to_string();
        found.facts.parcels = shipment
            .tms_orders
            .iter()
            .map(|parcel| {
                let text = |field: Option<&str>| field.unwrap_or_default().to_owned();
                (text(given(&parcel.tms_service_code)), text(given(&parcel.tms_order_code)))
            })
            .collect();
        for line in &found.facts.lines {
            stock::ship(tx, &supplier.supplier_id, &found.facts.store_code, line.sc_item_id, line.quantity)?;
        }
        table::update_order(tx, &found)?;
        table::drop_pushes(tx, &found.code)?;
        Ok(done())
    })
}

/// The consistency rules (fact sheet ascp-direct, 2.5): every line once, parcels add up, nothing is missing, waybills are given, and
/// with platform-run delivery they are the ones that were drawn.
fn check(supplier: &SimSupplier, found: &SimOrder, shipment: &Shipment) -> Result<()> {
    let mismatch = |text: String| Err(no("SIM_LINE_MISMATCH", text));
    if *shipment.store_code != *found.facts.store_code {
        return mismatch(format!("store_code is {}", found.facts.store_code));
    }
    if shipment.whole_sheet_consigned == Some(false) {
        return Err(no("SIM_PARTIAL_NOT_SUPPORTED", "only whole orders are shipped"));
    }
    if shipment.order_items.len() != found.facts.lines.len() {
        return mismatch(format!("the order has {} lines", found.facts.lines.len()));
    }
    for line in &found.facts.lines {
        let code = &line.sub_order_code;
        let mut named = shipment.order_items.iter().filter(|item| *item.sub_order_code == *code);
        let (Some(item), None) = (named.next(), named.next()) else {
            return mismatch(format!("line {code} is not there once"));
        };
        if *item.sc_item_id != *line.sc_item_id.to_string() {
            return mismatch(format!("line {code} is goods {}", line.sc_item_id));
        }
        let lack = item.lack_quantity.unwrap_or(0);
        if lack != 0 || item.item_quantity != line.quantity {
            return Err(no(
                "SIM_PARTIAL_NOT_SUPPORTED",
                format!("line {code} has {} pieces; report a shortage first", line.quantity),
            ));
        }
        let packed: i64 = shipment
            .tms_orders
            .iter()
            .flat_map(|parcel| parcel.tms_items.iter())
            .filter(|packed| *packed.sub_order_code == *code)
            .map(|packed| packed.item_quantity)
            .sum();
        if packed != line.quantity {
            return mismatch(format!("line {code}: {packed} pieces in the parcels, {} in the order", line.quantity));
        }
    }
    let known = |item: &Item| found.facts.lines.iter().any(|line| line.sub_order_code == *item.sub_order_code);
    if !shipment
        .tms_orders
        .iter()
        .flat_map(|parcel| parcel.tms_items.iter())
        .all(|item| known(item) && item.item_quantity > 0)
    {
        return mismatch("a parcel holds what the order does not have".to_owned());
    }
    for parcel in &shipment.tms_orders {
        let (waybill, carrier) = (given(&parcel.tms_order_code), given(&parcel.tms_service_code));
        if !supplier.lenient_waybill && (waybill.is_none() || carrier.is_none()) {
            return Err(no("SIM_WAYBILL_INVALID", "waybill and carrier of every parcel must be given"));
        }
        if found.facts.business_model == "1" {
            let drawn = found.facts.drawn.iter().any(|(_, number)| Some(number.as_str()) == waybill);
            if !drawn || carrier != Some(super::waybill::CARRIER) {
                return Err(no("SIM_WAYBILL_NOT_DRAWN", "carrier and waybill are not the ones that were drawn"));
            }
        }
    }
    Ok(())
}

arguments! {
    /// 2.6
    pub(super) struct OutOfStock {
        /// everything
        pub consignorder_outofstock_callback_request: Json<Shortage>,
    }
}

arguments! {
    /// A shortage.
    struct Shortage {
        /// supplier
        supplier_id: Text<40>,
        /// number of the supplier's
        out_biz_id: Text<64>,
        /// order
        biz_order_code: Text<40>,
        /// short lines
        out_of_stock_items: List<ShortItem, 1, LINES>,
        /// why
        out_of_stock_reason: Option<Text<255>>,
    }
}

arguments! {
    /// Missing pieces of a line.
    struct ShortItem {
        /// line
        sub_order_code: Text<40>,
        /// goods
        sc_item_id: Option<Text<40>>,
        /// pieces missing
        lack_quantity: i64,
    }
}

pub(super) fn out_of_stock(tx: &mut Tx, supplier: &SimSupplier, call: &OutOfStock) -> Result<Value> {
    let shortage = &*call.consignorder_outofstock_callback_request;
    must_be(supplier, &shortage.supplier_id)?;
    once(tx, supplier, &format!("short:{}", &*shortage.out_biz_id), |tx| {
        let mut found = order(tx, &supplier.supplier_id, &shortage.biz_order_code)?;
        for item in &shortage.out_of_stock_items {
            let line = found.facts.lines.iter().find(|line| line.sub_order_code == *item.sub_order_code);
            if !line.is_some_and(|line| (1..=line.quantity).contains(&item.lack_quantity)) {
                return Err(no(
                    "SIM_LINE_MISMATCH",
                    format!("line {}: {} pieces cannot be missing", &*item.sub_order_code, item.lack_quantity),
                ));
            }
        }
        match found.state {
            S::Cancelled => return Err(no("SIM_ORDER_CANCELLED", "the order was cancelled")),
            S::Shipped | S::Signed => return Err(no("SIM_ALREADY_SHIPPED", "the order was shipped")),
            S::Short | S::Cancelling => {}
            S::Pushing | S::PushFailed => {
                found.fire(SimOrderEvent::Deliver)?;
                found.fire(SimOrderEvent::RunShort)?;
            }
            S::Pushed | S::Accepted => found.fire(SimOrderEvent::RunShort)?,
        }
        (found.facts.short, found.facts.delivered) = (true, true);
        table::update_order(tx, &found)?;
        Ok(serde_json::json!({ "success": true }))
    })
}

arguments! {
    /// 2.7
    pub(super) struct CancelFeedback {
        /// everything
        pub consignorder_cancel_feedback_request: Json<Feedback>,
    }
}

arguments! {
    /// What became of a cancel.
    struct Feedback {
        /// supplier
        supplier_id: Text<40>,
        /// order
        biz_order_code: Text<40>,
        /// when
        biz_time: Option<Text<32>>,
        /// intercepted; absent = false
        cancel_result: Option<bool>,
        /// why not
        cancel_reason: Option<Text<255>>,
        /// who delivers
        business_model: Option<Text<16>>,
    }
}

pub(super) fn cancel_feedback(tx: &mut Tx, supplier: &SimSupplier, call: &CancelFeedback) -> Result<Value> {
    let feedback = &*call.consignorder_cancel_feedback_request;
    must_be(supplier, &feedback.supplier_id)?;
    let mut found = order(tx, &supplier.supplier_id, &feedback.biz_order_code)?;
    let result = feedback.cancel_result.unwrap_or(false);
    if found.facts.cancels.is_empty() {
        return Err(no("SIM_STATE", "nobody asked for a cancel"));
    }
    let shipped = matches!(found.state, S::Shipped | S::Signed);
    if result && shipped {
        return Err(no("SIM_ALREADY_SHIPPED", "the order was shipped"));
    }
    if !result && found.state == S::Cancelled {
        return Err(no("SIM_ORDER_CANCELLED", "the order was intercepted before"));
    }
    found.facts.feedback = Some(result);
    if !shipped {
        decided(tx, &mut found, result, given(&feedback.cancel_reason).unwrap_or_default())?;
    }
    table::update_order(tx, &found)?;
    Ok(done())
}

arguments! {
    /// 2.8
    pub(super) struct TmsChange {
        /// everything
        pub modify_mail_no_request: Json<Correction>,
    }
}

arguments! {
    /// A corrected waybill.
    struct Correction {
        /// supplier
        supplier_id: Text<40>,
        /// order
        biz_order_code: Text<40>,
        /// reported waybill
        old_tms_order_code: Text<64>,
        /// right waybill
        new_tms_order_code: Text<64>,
        /// reported carrier
        old_tms_service_code: Text<40>,
    }
}

pub(super) fn tms_change(tx: &mut Tx, supplier: &SimSupplier, call: &TmsChange) -> Result<Value> {
    let change = &*call.modify_mail_no_request;
    must_be(supplier, &change.supplier_id)?;
    let mut found = order(tx, &supplier.supplier_id, &change.biz_order_code)?;
    let (old, new) = (change.old_tms_order_code.to_string(), change.new_tms_order_code.to_string());
    let carrier = change.old_tms_service_code.to_string();
    // A repetition finds the new number in place.
    if !found.facts.parcels.contains(&(carrier.clone(), new.clone())) {
        let parcel = found.facts.parcels.iter_mut().find(|parcel| **parcel == (carrier.clone(), old.clone()));
        let Some(parcel) = parcel else {
            return Err(no("SIM_WAYBILL_INVALID", "no parcel was reported with that number"));
        };
        parcel.1 = new;
        table::update_order(tx, &found)?;
    }
    Ok(done())
}
