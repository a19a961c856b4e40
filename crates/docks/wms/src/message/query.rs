//! Questions of the ERP, and rows of their answers.

use units::{Moment, Quantity};

use super::PageQuery;
use super::delivery::{ConfirmHead, ConfirmLine, Package, Party};
use super::entry::{EntryConfirmHead, ReceivedLine};
use super::part::{Some1, parts};
use super::report::Process;

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
    InventoryQuery for "inventory.query" {
        criteria: Some1<Criteria> = "criteriaList/criteria",
    }

    /// `stock.query`.
    StockQuery for "stock.query" {
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
    DeliveryQuery for "deliveryorder.query" {
        code: String = "orderCode",
        source_code: Option<String> = "orderSourceCode",
        page: i64 = "page",
        page_size: i64 = "pageSize",
    }

    /// `orderprocess.query`.
    ProcessQuery for "orderprocess.query" {
        code: String = "orderCode",
        order_id: Option<String> = "orderId",
        order_type: Option<String> = "orderType",
        warehouse_code: Option<String> = "warehouseCode",
    }

    /// `order.pending`.
    OrderPending for "order.pending" {
        action_type: String = "actionType",
        warehouse_code: String = "warehouseCode",
        owner_code: Option<String> = "ownerCode",
        code: String = "orderCode",
        order_type: Option<String> = "orderType",
        reason: Option<String> = "reason",
    }

    /// Goods of a processing order.
    ProcessItem {
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        quantity: Quantity = "quantity",
        inventory_type: Option<String> = "inventoryType",
    }

    /// `storeprocess.create`.
    StoreProcessCreate for "storeprocess.create" {
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

    /// `receiverinfo.query`: a warehouse asks who an order goes to (fact sheet qimen, D3).
    ReceiverQuery for "receiverinfo.query" {
        oaid: Option<String> = "oaid",
        code: String = "deliveryOrderCode",
        owner_code: Option<String> = "ownerCode",
        warehouse_code: Option<String> = "warehouseCode",
        scene: Option<String> = "scene",
    }

    /// Its answer.
    ReceiverAnswer {
        receiver: Party = "receiverInfo",
    }

    /// The answer to `deliveryorder.query`: what left so far.
    DeliveryAnswer {
        total_lines: i64 = "totalLines",
        order: ConfirmHead = "deliveryOrder",
        packages: Vec<Package> = "packages/package",
        lines: Vec<ConfirmLine> = "orderLines/orderLine",
    }

    /// The answer to `entryorder.query`: what came so far.
    EntryAnswer {
        total_lines: i64 = "totalLines",
        order: EntryConfirmHead = "entryOrder",
        lines: Vec<ReceivedLine> = "orderLines/orderLine",
    }

    /// How far an order has come.
    OrderProcess {
        code: String = "orderCode",
        id: Option<String> = "orderId",
        order_type: Option<String> = "orderType",
        warehouse_code: Option<String> = "warehouseCode",
        processes: Vec<Process> = "processes/process",
    }

    /// The answer to `orderprocess.query`.
    ProcessAnswer {
        order: OrderProcess = "orderProcess",
    }
}

impl OrderPending {
    /// `actionType`: nothing is to happen to the order.
    pub const HOLD: &str = "pending";
    /// `actionType`: it goes on.
    pub const RESTORE: &str = "restore";
}

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
