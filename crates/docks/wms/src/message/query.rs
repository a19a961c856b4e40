//! Questions of the ERP, and rows of their answers.

use units::{Moment, Quantity};

use super::part::{Some1, parts};
use super::{Message, PageQuery};

parts! {
    /// What is asked about one item.
    Criteria {
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        warehouse_code: Option<String> = "warehouseCode",
        owner_code: Option<String> = "ownerCode",
        inventory_type: Option<String> = "inventoryType",
    }

    /// `inventory.query`.
    InventoryQuery {
        criteria: Some1<Criteria> = "criteriaList/criteria",
    }

    /// `stock.query`.
    StockQuery {
        item_code: String = "itemCode",
        warehouse_code: Option<String> = "warehouseCode",
        owner_code: Option<String> = "ownerCode",
        inventory_type: Option<String> = "inventoryType",
        page: i64 = "page",
        page_size: i64 = "pageSize",
    }

    /// What lies of an item: a row of both answers.
    StockRow {
        warehouse_code: String = "warehouseCode",
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        item_name: Option<String> = "itemName",
        bar_code: Option<String> = "barCode",
        inventory_type: String = "inventoryType",
        quantity: Quantity = "quantity",
        lock_quantity: Quantity = "lockQuantity",
        batch_code: Option<String> = "batchCode",
    }

    /// The answer of both.
    StockAnswer {
        total_count: Option<i64> = "totalCount",
        items: Vec<StockRow> = "items/item",
    }

    /// `deliveryorder.query`.
    DeliveryQuery {
        code: String = "orderCode",
        source_code: Option<String> = "orderSourceCode",
        page: i64 = "page",
        page_size: i64 = "pageSize",
    }

    /// `orderprocess.query`.
    ProcessQuery {
        code: String = "orderCode",
        order_id: Option<String> = "orderId",
        order_type: Option<String> = "orderType",
        warehouse_code: Option<String> = "warehouseCode",
    }

    /// `order.pending`.
    OrderPending {
        action_type: String = "actionType",
        warehouse_code: String = "warehouseCode",
        owner_code: Option<String> = "ownerCode",
        code: String = "orderCode",
        order_type: Option<String> = "orderType",
        reason: Option<String> = "reason",
    }

    /// `order.callback`: nothing of it is mandatory.
    OrderCallback {
        code: Option<String> = "deliveryOrderCode",
        warehouse_code: Option<String> = "warehouseCode",
        owner_code: Option<String> = "ownerCode",
    }

    /// Goods of a processing order.
    ProcessItem {
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        quantity: Quantity = "quantity",
        inventory_type: Option<String> = "inventoryType",
    }

    /// `storeprocess.create`.
    StoreProcessCreate {
        code: String = "processOrderCode",
        owner_code: Option<String> = "ownerCode",
        warehouse_code: String = "warehouseCode",
        order_type: String = "orderType",
        order_create_time: Moment = "orderCreateTime",
        plan_time: Moment = "planTime",
        service_type: String = "serviceType",
        materials: Some1<ProcessItem> = "materialitems/item",
        products: Some1<ProcessItem> = "productitems/item",
    }

    /// `transferorder.create`.
    TransferCreate {
        owner_code: String = "ownerCode",
        erp_order_code: Option<String> = "erpOrderCode",
        from_warehouse: Option<String> = "fromWarehouseCode",
        to_warehouse: Option<String> = "toWarehouseCode",
    }

    /// `transferorder.query`.
    TransferQuery {
        code: String = "transferOrderCode",
        owner_code: String = "ownerCode",
    }
}

macro_rules! named {
    ($($message:ident $name:literal),* $(,)?) => { $(impl Message for $message {
        const METHOD: &'static str = $name;
    })* };
}
named!(
    InventoryQuery "inventory.query", StockQuery "stock.query", DeliveryQuery "deliveryorder.query",
    ProcessQuery "orderprocess.query", OrderPending "order.pending", OrderCallback "order.callback",
    StoreProcessCreate "storeprocess.create", TransferCreate "transferorder.create", TransferQuery "transferorder.query",
);

impl PageQuery for StockQuery {
    fn page(&self) -> (i64, i64) {
        (self.page, self.page_size)
    }
}

impl PageQuery for DeliveryQuery {
    fn page(&self) -> (i64, i64) {
        (self.page, self.page_size)
    }
}
