//! What a warehouse reports by itself: progress, lack of goods, counts, changes of stock, serial numbers, waves.

use units::{Moment, Quantity};

use super::part::{Some1, parts};

parts! {
    /// An order that a report is about.
    ReportedOrder {
        code: String = "orderCode",
        id: Option<String> = "orderId",
        order_type: Option<String> = "orderType",
        warehouse_code: Option<String> = "warehouseCode",
    }

    /// How far it has come.
    Process {
        status: String = "processStatus",
        operator_code: Option<String> = "operatorCode",
        operator_name: Option<String> = "operatorName",
        operate_time: Option<Moment> = "operateTime",
        operate_info: Option<String> = "operateInfo",
    }

    /// `orderprocess.report`.
    ProcessReport for "orderprocess.report" {
        order: ReportedOrder = "order",
        process: Process = "process",
    }

    /// Goods that are not there.
    LackItem {
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        inventory_type: Option<String> = "inventoryType",
        plan_qty: Quantity = "planQty",
        lack_qty: Quantity = "lackQty",
        reason: Option<String> = "reason",
    }

    /// `itemlack.report`.
    LackReport for "itemlack.report" {
        warehouse_code: String = "warehouseCode",
        code: String = "deliveryOrderCode",
        id: Option<String> = "deliveryOrderId",
        create_time: Moment = "createTime",
        out_biz_code: String = "outBizCode",
        items: Some1<LackItem> = "items/item",
    }

    /// A difference that a count found: more than zero = more there than was known.
    CountedItem {
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        inventory_type: Option<String> = "inventoryType",
        quantity: Quantity = "quantity",
        batch_code: Option<String> = "batchCode",
    }

    /// `inventory.report`.
    InventoryReport for "inventory.report" {
        total_page: i64 = "totalPage",
        current_page: i64 = "currentPage",
        page_size: i64 = "pageSize",
        warehouse_code: String = "warehouseCode",
        check_order_code: String = "checkOrderCode",
        check_order_id: Option<String> = "checkOrderId",
        owner_code: String = "ownerCode",
        check_time: Option<Moment> = "checkTime",
        out_biz_code: String = "outBizCode",
        adjust_type: String = "adjustType",
        items: Some1<CountedItem> = "items/item",
    }

    /// A change of stock that no order asked for: more than zero = more there than before.
    ChangedItem {
        owner_code: String = "ownerCode",
        warehouse_code: String = "warehouseCode",
        order_code: String = "orderCode",
        order_type: Option<String> = "orderType",
        out_biz_code: String = "outBizCode",
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        inventory_type: Option<String> = "inventoryType",
        quantity: Quantity = "quantity",
        batch_code: Option<String> = "batchCode",
        change_time: Option<Moment> = "changeTime",
    }

    /// `stockchange.report`.
    ChangeReport for "stockchange.report" {
        items: Some1<ChangedItem> = "items/item",
    }

    /// `storeprocess.confirm`.
    StoreProcessConfirm for "storeprocess.confirm" {
        code: String = "processOrderCode",
        id: Option<String> = "processOrderId",
        out_biz_code: String = "outBizCode",
        order_type: String = "orderType",
        owner_code: Option<String> = "ownerCode",
        warehouse_code: Option<String> = "warehouseCode",
        complete_time: Moment = "orderCompleteTime",
        materials: Some1<super::query::ProcessItem> = "materialitems/item",
        products: Some1<super::query::ProcessItem> = "productitems/item",
    }

    /// An order that serial numbers belong to.
    SerialOrder {
        code: String = "deliveryOrderCode",
        warehouse_code: String = "warehouseCode",
        order_type: String = "orderType",
    }

    /// A piece and its serial number.
    SerialItem {
        item_code: String = "itemCode",
        sn: String = "sn",
    }

    /// `sn.report`.
    SerialReport for "sn.report" {
        total_page: i64 = "totalPage",
        current_page: i64 = "currentPage",
        page_size: i64 = "pageSize",
        order: SerialOrder = "deliveryOrder",
        items: Some1<SerialItem> = "items/item",
    }

    /// An order of a wave.
    WaveOrder {
        code: String = "deliveryOrderCode",
    }

    /// `wavenum.report`.
    WaveReport for "wavenum.report" {
        wave_num: String = "waveNum",
        orders: Some1<WaveOrder> = "orders/order",
    }
}
