//! Goods that come in: purchases, transfers, other receipts.

use units::{Moment, Money, Quantity};

use super::PageQuery;
use super::delivery::Party;
use super::part::{Some1, parts};

parts! {
    /// The head of a receipt to announce.
    EntryHead {
        code: String = "entryOrderCode",
        owner_code: String = "ownerCode",
        warehouse_code: String = "warehouseCode",
        purchase_order_code: Option<String> = "purchaseOrderCode",
        order_create_time: Option<Moment> = "orderCreateTime",
        order_type: Option<String> = "orderType",
        expect_start_time: Option<Moment> = "expectStartTime",
        logistics_code: Option<String> = "logisticsCode",
        express_code: Option<String> = "expressCode",
        supplier_code: Option<String> = "supplierCode",
        supplier_name: Option<String> = "supplierName",
        sender: Party = "senderInfo",
        receiver: Party = "receiverInfo",
    }

    /// A line of it.
    EntryLine {
        line_no: Option<String> = "orderLineNo",
        owner_code: String = "ownerCode",
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        item_name: Option<String> = "itemName",
        plan_qty: Quantity = "planQty",
        purchase_price: Option<Money> = "purchasePrice",
        inventory_type: Option<String> = "inventoryType",
        batch_code: Option<String> = "batchCode",
    }

    /// `entryorder.create`.
    EntryCreate for "entryorder.create" {
        order: EntryHead = "entryOrder",
        lines: Some1<EntryLine> = "orderLines/orderLine",
    }

    /// The head of a receipt that came in.
    EntryConfirmHead {
        code: String = "entryOrderCode",
        owner_code: String = "ownerCode",
        warehouse_code: String = "warehouseCode",
        id: Option<String> = "entryOrderId",
        order_type: Option<String> = "entryOrderType",
        out_biz_code: String = "outBizCode",
        confirm_type: Option<i64> = "confirmType",
        status: String = "status",
        shop_nick: String = "shopNick",
        shop_code: String = "shopCode",
        operate_time: Option<Moment> = "operateTime",
    }

    /// Goods of one line that came in; also of returns.
    ReceivedLine {
        line_no: Option<String> = "orderLineNo",
        owner_code: String = "ownerCode",
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        inventory_type: Option<String> = "inventoryType",
        plan_qty: Quantity = "planQty",
        actual_qty: Quantity = "actualQty",
        batch_code: Option<String> = "batchCode",
        product_date: Option<String> = "productDate",
        expire_date: Option<String> = "expireDate",
    }

    /// `entryorder.confirm`.
    EntryConfirm for "entryorder.confirm" {
        order: EntryConfirmHead = "entryOrder",
        lines: Some1<ReceivedLine> = "orderLines/orderLine",
    }

    /// `entryorder.query`.
    EntryQuery for "entryorder.query" {
        code: String = "entryOrderCode",
        owner_code: Option<String> = "ownerCode",
        page: i64 = "page",
        page_size: i64 = "pageSize",
    }
}

impl PageQuery for EntryQuery {
    fn page(&self) -> (i64, i64) {
        (self.page, self.page_size)
    }
}
