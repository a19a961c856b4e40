//! Sales deliveries: created, cancelled, confirmed.

use units::{Moment, Money, Quantity};

use super::part::{Some1, parts};

parts! {
    /// Sender or receiver; all of its first five are mandatory inside.
    Party {
        name: String = "name",
        mobile: String = "mobile",
        tel: Option<String> = "tel",
        zip_code: Option<String> = "zipCode",
        province: String = "province",
        city: String = "city",
        area: Option<String> = "area",
        detail_address: String = "detailAddress",
        oaid: Option<String> = "oaid",
    }

    /// The head of a delivery to create.
    DeliveryHead {
        code: String = "deliveryOrderCode",
        order_type: String = "orderType",
        warehouse_code: String = "warehouseCode",
        create_time: Moment = "createTime",
        place_order_time: Moment = "placeOrderTime",
        operate_time: Moment = "operateTime",
        shop_nick: String = "shopNick",
        source_platform_code: Option<String> = "sourcePlatformCode",
        logistics_code: String = "logisticsCode",
        total_amount: Option<Money> = "totalAmount",
        ar_amount: Option<Money> = "arAmount",
        freight: Option<Money> = "freight",
        seller_message: Option<String> = "sellerMessage",
        buyer_message: Option<String> = "buyerMessage",
        sender: Party = "senderInfo",
        receiver: Party = "receiverInfo",
    }

    /// A line of it.
    DeliveryLine {
        line_no: Option<String> = "orderLineNo",
        source_order_code: Option<String> = "sourceOrderCode",
        sub_source_order_code: Option<String> = "subSourceOrderCode",
        owner_code: String = "ownerCode",
        item_code: String = "itemCode",
        item_name: Option<String> = "itemName",
        inventory_type: Option<String> = "inventoryType",
        plan_qty: Quantity = "planQty",
        actual_price: Money = "actualPrice",
    }

    /// `deliveryorder.create`.
    DeliveryCreate for "deliveryorder.create" {
        order: DeliveryHead = "deliveryOrder",
        lines: Some1<DeliveryLine> = "orderLines/orderLine",
    }

    /// `deliveryorder.batchcreate`.
    BatchCreate for "deliveryorder.batchcreate" {
        orders: Some1<DeliveryCreate> = "orders/order",
    }

    /// `order.cancel`.
    OrderCancel for "order.cancel" {
        warehouse_code: String = "warehouseCode",
        owner_code: Option<String> = "ownerCode",
        order_code: String = "orderCode",
        order_id: Option<String> = "orderId",
        order_type: Option<String> = "orderType",
        cancel_reason: Option<String> = "cancelReason",
    }

    /// The head of a delivery that left.
    ConfirmHead {
        code: String = "deliveryOrderCode",
        id: Option<String> = "deliveryOrderId",
        warehouse_code: String = "warehouseCode",
        order_type: String = "orderType",
        status: Option<String> = "status",
        out_biz_code: Option<String> = "outBizCode",
        confirm_type: Option<i64> = "confirmType",
        order_confirm_time: Option<Moment> = "orderConfirmTime",
    }

    /// A parcel of it.
    Package {
        logistics_code: String = "logisticsCode",
        logistics_name: Option<String> = "logisticsName",
        express_code: String = "expressCode",
        package_code: Option<String> = "packageCode",
        weight: Option<Quantity> = "weight",
        items: Some1<PackageItem> = "items/item",
    }

    /// Goods in a parcel.
    PackageItem {
        item_code: String = "itemCode",
        quantity: Quantity = "quantity",
    }

    /// A line of it; what the parcels say counts.
    ConfirmLine {
        line_no: Option<String> = "orderLineNo",
        item_code: String = "itemCode",
        inventory_type: Option<String> = "inventoryType",
        plan_qty: Option<Quantity> = "planQty",
        actual_qty: Option<Quantity> = "actualQty",
    }

    /// `deliveryorder.confirm`.
    DeliveryConfirm for "deliveryorder.confirm" {
        order: ConfirmHead = "deliveryOrder",
        packages: Some1<Package> = "packages/package",
        lines: Vec<ConfirmLine> = "orderLines/orderLine",
    }

    /// `deliveryorder.batchconfirm`.
    BatchConfirm for "deliveryorder.batchconfirm" {
        orders: Some1<DeliveryConfirm> = "orders/order",
    }
}
