//! Returns: arrived, stocked in once and in whole, asked for by the supplier (fact sheet ascp-direct, 2.9 to 2.11).

use serde_json::{Value, json};
use store::Tx;
use wire::args::{Json, List, Text, arguments, given};

use super::once;
use crate::limits::LINES;
use crate::platform::error::{Result, no};
use crate::platform::order::{SimOrderState, order};
use crate::platform::reverse::{SIM_REVERSE, SimReverseEvent, SimReverseState as R, by_hand, reverse, stocked_in};
use crate::platform::supplier::{SimSupplier, must_be};
use crate::platform::table;

arguments! {
    /// 2.9
    pub(super) struct Feedback {
        /// everything
        pub instorage_feedback_request: Json<StockIn>,
    }
}

arguments! {
    /// The stock-in of a whole return.
    struct StockIn {
        /// supplier
        supplier_id: Text<40>,
        /// return
        biz_order_code: Text<40>,
        /// number of the supplier's
        out_biz_id: Option<Text<64>>,
        /// when
        instorage_time: Text<32>,
        /// who received
        receiver_info: ReceivedBy,
        /// who sent back
        sender_info: SentBy,
        /// lines
        order_items: List<Item, 1, LINES>,
        /// warehouse
        store_code: Text<64>,
    }
}

arguments! {
    /// Who received.
    struct ReceivedBy {
        /// name
        receiver_name: Text<100>,
        /// country
        receiver_country: Text<40>,
        /// province
        receiver_province: Text<40>,
        /// city
        receiver_city: Text<40>,
        /// post code
        receiver_zip_code: Text<16>,
    }
}

arguments! {
    /// Who sent back.
    struct SentBy {
        /// name
        sender_name: Text<100>,
        /// country
        sender_country: Text<40>,
        /// province
        sender_province: Text<40>,
        /// city
        sender_city: Text<40>,
        /// post code
        sender_zip_code: Text<16>,
    }
}

arguments! {
    /// A line.
    struct Item {
        /// reverse line
        sub_order_code: Text<40>,
        /// goods
        sc_item_id: Text<40>,
        /// pieces received; absent = 0
        actual_received_quantity: Option<i64>,
        /// pieces not received; absent = 0
        actual_lack_quantity: Option<i64>,
        /// by quality
        instorage_details: List<Detail, 0, 20>,
    }
}

arguments! {
    /// Pieces of one quality.
    struct Detail {
        /// pieces; absent = 0
        received_quantity: Option<i64>,
        /// 1 good, 101 defective
        storage_type: Text<8>,
    }
}

pub(super) fn feedback(tx: &mut Tx, supplier: &SimSupplier, call: &Feedback) -> Result<Value> {
    let stock_in = &*call.instorage_feedback_request;
    must_be(supplier, &stock_in.supplier_id)?;
    let code = stock_in.biz_order_code.to_string();
    let key = format!("return:{code}:{}", given(&stock_in.out_biz_id).unwrap_or_default());
    once(tx, supplier, &key, |tx| {
        let mut found = reverse(tx, &code)?;
        if found.facts.supplier_id != supplier.supplier_id {
            return Err(no("SIM_REVERSE_NOT_FOUND", format!("no return {code}")));
        }
        if matches!(found.state, R::StockedIn | R::Refunded) {
            return Err(no("SIM_REVERSE_DONE", "the stock-in of this return was reported before; it is reported once"));
        }
        if stock_in.order_items.len() != found.facts.lines.len() {
            return Err(no("SIM_PARTIAL_NOT_SUPPORTED", "every line of the return must be there"));
        }
        for line in &mut found.facts.lines {
            let mut named = stock_in.order_items.iter().filter(|item| *item.sub_order_code == *line.sub_order_code);
            let (Some(item), None) = (named.next(), named.next()) else {
                return Err(no("SIM_LINE_MISMATCH", format!("line {} is not there once", line.sub_order_code)));
            };
            let (received, lacking) =
                (item.actual_received_quantity.unwrap_or(0), item.actual_lack_quantity.unwrap_or(0));
            let of = |storage: &str| -> i64 {
                let details = item.instorage_details.iter().filter(|detail| *detail.storage_type == *storage);
                details.map(|detail| detail.received_quantity.unwrap_or(0)).sum()
            };
            let (good, defective) = (of("1"), of("101"));
            if *item.sc_item_id != *line.sc_item_id.to_string()
                || good + defective != received
                || good < 0
                || defective < 0
            {
                return Err(no(
                    "SIM_LINE_MISMATCH",
                    format!("line {}: the details do not add up", line.sub_order_code),
                ));
            }
            if lacking < 0 || received + lacking != line.planned {
                let text = format!("line {}: {} pieces are expected", line.sub_order_code, line.planned);
                return Err(no("SIM_PARTIAL_NOT_SUPPORTED", text));
            }
            (line.good, line.defective, line.lacking) = (good, defective, lacking);
        }
        if let Some(mut forward) = table::order(tx, &found.forward)? {
            for back in &found.facts.lines {
                let mut left = back.good + back.defective;
                for line in forward.facts.lines.iter_mut().filter(|line| line.sc_item_id == back.sc_item_id) {
                    let take = left.min(line.quantity - line.returned);
                    line.returned += take;
                    left -= take;
                }
            }
            table::update_order(tx, &forward)?;
        }
        stocked_in(tx, &mut found)?;
        table::drop_pushes(tx, &code)?;
        Ok(json!({ "success": true }))
    })
}

arguments! {
    /// 2.10
    pub(super) struct Arrived {
        /// everything
        pub instorage_result_request: Json<Arrival>,
    }
}

arguments! {
    /// A parcel at the dock.
    struct Arrival {
        /// return
        lg_order_code: Text<40>,
        /// supplier
        supplier_id: Text<40>,
        /// when
        order_confirm_time: Option<Text<32>>,
    }
}

pub(super) fn arrived(tx: &mut Tx, supplier: &SimSupplier, call: &Arrived) -> Result<Value> {
    let arrival = &*call.instorage_result_request;
    must_be(supplier, &arrival.supplier_id)?;
    let mut found = reverse(tx, &arrival.lg_order_code)?;
    if !matches!(found.state, R::Arrived | R::StockedIn | R::Refunded) {
        found.state = SIM_REVERSE.fire(found.state, SimReverseEvent::Arrive)?;
        table::update_reverse(tx, &found)?;
    }
    Ok(json!({ "success": true }))
}

arguments! {
    /// 2.11
    pub(super) struct Create {
        /// everything
        pub reverse_create_request: Json<NewReturn>,
    }
}

arguments! {
    /// A return that the supplier asks for.
    struct NewReturn {
        /// supplier
        supplier_id: Text<40>,
        /// idempotency key
        out_biz_id: Text<64>,
        /// 1 to 5
        reverse_type: Option<Text<4>>,
        /// forward order
        biz_order_code: Text<40>,
        /// carrier
        tms_service_code: Text<40>,
        /// waybill
        tms_order_code: Text<64>,
        /// where the goods are
        receiver_info: To,
        /// where they come from
        sender_info: From,
        /// lines; absent = the whole order
        order_items: Option<List<Piece, 0, LINES>>,
        /// warehouse
        store_code: Text<64>,
    }
}

arguments! {
    /// Where the goods are.
    struct To {
        /// name
        receiver_name: Text<100>,
        /// mobile
        receiver_mobile: Text<40>,
        /// country
        receiver_country: Text<40>,
        /// province
        receiver_province: Text<40>,
        /// city
        receiver_city: Text<40>,
        /// district
        receiver_area: Text<40>,
        /// post code
        receiver_zip_code: Text<16>,
    }
}

arguments! {
    /// Where they come from.
    struct From {
        /// name
        sender_name: Text<100>,
        /// country
        sender_country: Text<40>,
        /// province
        sender_province: Text<40>,
        /// city
        sender_city: Text<40>,
        /// district
        sender_area: Text<40>,
        /// post code
        sender_zip_code: Text<16>,
    }
}

arguments! {
    /// Pieces.
    struct Piece {
        /// the supplier's line
        erp_order_line: Option<Text<40>>,
        /// forward line
        sub_order_code: Text<40>,
        /// goods
        sc_item_id: Text<40>,
        /// pieces
        plan_return_quantity: i64,
    }
}

pub(super) fn create(tx: &mut Tx, supplier: &SimSupplier, call: &Create) -> Result<Value> {
    let new = &*call.reverse_create_request;
    must_be(supplier, &new.supplier_id)?;
    let key = format!("{}:create:{}", supplier.supplier_id, &*new.out_biz_id);
    if table::answered(tx, &key)?.is_some() {
        return Ok(json!({ "success": true, "data": { "idempotent_reason": "out_biz_id was used before" } }));
    }
    if !matches!(given(&new.reverse_type).unwrap_or("1"), "1" | "2" | "3" | "4" | "5") {
        return Err(no("SIM_INVALID", "reverse_type is 1 to 5"));
    }
    let forward = order(tx, &supplier.supplier_id, &new.biz_order_code)?;
    if !matches!(forward.state, SimOrderState::Shipped | SimOrderState::Signed) {
        return Err(no("SIM_STATE", "the order was not shipped"));
    }
    let mut wanted: Vec<(i64, i64)> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for piece in new.order_items.iter().flat_map(|list| list.iter()) {
        let line = forward.facts.lines.iter().find(|line| line.sub_order_code == *piece.sub_order_code);
        let Some(line) = line.filter(|line| *line.sc_item_id.to_string() == *piece.sc_item_id) else {
            return Err(no("SIM_LINE_MISMATCH", format!("the order has no line {}", &*piece.sub_order_code)));
        };
        wanted.push((line.sc_item_id, piece.plan_return_quantity));
        lines.push(given(&piece.erp_order_line).unwrap_or_default().to_owned());
    }
    if wanted.is_empty() {
        wanted = forward.facts.lines.iter().map(|line| (line.sc_item_id, line.quantity)).collect();
    }
    let kind = given(&new.reverse_type).unwrap_or_default();
    by_hand(tx, &forward, &wanted, &new.tms_service_code, &new.tms_order_code, kind, &lines)?;
    table::remember(tx, &key, "done")?;
    Ok(json!({ "success": true, "data": { "idempotent_reason": "" } }))
}
