//! Goods that leave for others than buyers: transfers, purchase returns, other issues.

use units::{Moment, Quantity};

use super::delivery::Party;
use super::part::{Some1, parts};

parts! {
    /// The head of an issue to announce.
    StockOutHead {
        code: String = "deliveryOrderCode",
        order_type: String = "orderType",
        warehouse_code: String = "warehouseCode",
        create_time: Moment = "createTime",
        logistics_code: Option<String> = "logisticsCode",
        express_code: Option<String> = "expressCode",
        supplier_code: Option<String> = "supplierCode",
        supplier_name: Option<String> = "supplierName",
        sender: Party = "senderInfo",
        receiver: Party = "receiverInfo",
    }

    /// A line of it.
    StockOutLine {
        line_no: Option<String> = "orderLineNo",
        owner_code: String = "ownerCode",
        item_code: String = "itemCode",
        item_id: Option<String> = "itemId",
        item_name: Option<String> = "itemName",
        inventory_type: Option<String> = "inventoryType",
        plan_qty: Quantity = "planQty",
        batch_code: Option<String> = "batchCode",
    }

    /// `stockout.create`.
    StockOutCreate for "stockout.create" {
        order: StockOutHead = "deliveryOrder",
        lines: Some1<StockOutLine> = "orderLines/orderLine",
    }

    /// The head of an issue that left.
    StockOutConfirmHead {
        code: String = "deliveryOrderCode",
        id: Option<String> = "deliveryOrderId",
        warehouse_code: String = "warehouseCode",
        order_type: String = "orderType",
        status: Option<String> = "status",
        out_biz_code: Option<String> = "outBizCode",
        confirm_type: Option<i64> = "confirmType",
        logistics_code: Option<String> = "logisticsCode",
        express_code: Option<String> = "expressCode",
        order_confirm_time: Option<Moment> = "orderConfirmTime",
    }

    /// A parcel of it.
    StockOutPackage {
        logistics_name: Option<String> = "logisticsName",
        express_code: Option<String> = "expressCode",
        package_code: Option<String> = "packageCode",
        items: Some1<super::delivery::PackageItem> = "items/item",
    }

    /// A line of it: what left counts.
    IssuedLine {
        line_no: Option<String> = "orderLineNo",
        item_code: String = "itemCode",
        inventory_type: Option<String> = "inventoryType",
        actual_qty: Quantity = "actualQty",
        batch_code: Option<String> = "batchCode",
    }

    /// `stockout.confirm`.
    StockOutConfirm for "stockout.confirm" {
        order: StockOutConfirmHead = "deliveryOrder",
        packages: Vec<StockOutPackage> = "packages/package",
        lines: Some1<IssuedLine> = "orderLines/orderLine",
    }
}
