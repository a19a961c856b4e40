//! Goods that buyers send back.

use units::{Moment, Quantity};

use super::delivery::Party;
use super::entry::ReceivedLine;
use super::part::{Some1, parts};

parts! {
    /// The head of a return to announce.
    ReturnHead {
        code: String = "returnOrderCode",
        warehouse_code: String = "warehouseCode",
        order_type: Option<String> = "orderType",
        pre_delivery_order_code: String = "preDeliveryOrderCode",
        pre_delivery_order_id: Option<String> = "preDeliveryOrderId",
        logistics_code: String = "logisticsCode",
        logistics_name: Option<String> = "logisticsName",
        express_code: Option<String> = "expressCode",
        return_reason: Option<String> = "returnReason",
        buyer_nick: Option<String> = "buyerNick",
        sender: Party = "senderInfo",
    }

    /// A line of it.
    ReturnLine {
        line_no: Option<String> = "orderLineNo",
        source_order_code: Option<String> = "sourceOrderCode",
        sub_source_order_code: Option<String> = "subSourceOrderCode",
        owner_code: String = "ownerCode",
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        inventory_type: Option<String> = "inventoryType",
        plan_qty: Quantity = "planQty",
        order_flag: String = "orderFlag",
        return_reason: String = "returnReason",
    }

    /// `returnorder.create`.
    ReturnCreate for "returnorder.create" {
        order: ReturnHead = "returnOrder",
        lines: Some1<ReturnLine> = "orderLines/orderLine",
    }

    /// The head of a return that came in.
    ReturnConfirmHead {
        code: String = "returnOrderCode",
        id: Option<String> = "returnOrderId",
        warehouse_code: String = "warehouseCode",
        out_biz_code: Option<String> = "outBizCode",
        order_type: Option<String> = "orderType",
        order_confirm_time: Option<Moment> = "orderConfirmTime",
        logistics_code: String = "logisticsCode",
        express_code: Option<String> = "expressCode",
        sender: Party = "senderInfo",
    }

    /// `returnorder.confirm`.
    ReturnConfirm for "returnorder.confirm" {
        order: ReturnConfirmHead = "returnOrder",
        lines: Some1<ReceivedLine> = "orderLines/orderLine",
    }
}
