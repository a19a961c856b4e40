//! The three pushes, field by field, with both spellings and the misspellings that real messages have (fact sheet ascp-direct,
//! 2.1 to 2.3). Amounts are fen.

use wire::args::{List, Text, arguments};

use crate::limits::LINES;

/// Which push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PushKind {
    /// 2.1, a fulfilment order.
    Notify,
    /// 2.2, stop shipping.
    Cancel,
    /// 2.3, goods come back.
    Reverse,
}

impl PushKind {
    /// Every push.
    pub const ALL: [Self; 3] = [Self::Notify, Self::Cancel, Self::Reverse];

    /// The method.
    pub const fn method(self) -> &'static str {
        match self {
            Self::Notify => "qimen.alibaba.ascp.uop.consignorder.notify",
            Self::Cancel => "qimen.alibaba.ascp.uop.consignorder.cancel",
            Self::Reverse => "qimen.alibaba.ascp.uop.reverseorder.instorage.notify",
        }
    }

    /// The push of this method; names without `qimen.` are understood too.
    pub fn of_method(method: &str) -> Option<Self> {
        let plain = |name: &'static str| name.strip_prefix("qimen.").unwrap_or(name);
        Self::ALL.into_iter().find(|kind| kind.method() == method || plain(kind.method()) == method)
    }

    /// The name in tables and in the sandbox.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::Cancel => "cancel",
            Self::Reverse => "reverse",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

arguments! {
    /// What every push has, and all that is needed to know whose it is.
    pub struct Envelope {
        /// supplier id
        pub supplier_id = "supplierId": Text<40>,
        /// number of the document
        pub code = "bizOrderCode": Text<40>,
        /// source platform
        pub source_platform = "sourcePlatformCode": Text<40>,
        /// 1 asked to cancel, 9 refund agreed; cancels only
        pub refund_status = "refundStatus": Option<Text<4>>,
    }
}

arguments! {
    /// A fulfilment order (2.1).
    pub struct Notify {
        /// fulfilment order number
        pub code = "bizOrderCode": Text<40>,
        /// lines
        pub lines = "orderItems": List<Line, 1, LINES>,
        /// supplier warehouse that must ship
        pub store_code = "storeCode": Text<64>,
        /// its name
        pub store_name = "storeName": Option<Text<128>>,
        /// consignee
        pub receiver = "receiverInfo": Receiver,
        /// carrier name asked for
        pub carrier_name = "tmsServiceName": Option<Text<64>>,
        /// freight, fen
        pub post_fee = "postFee": Option<i64>,
        /// creation time
        pub created = "orderCreateTime": Option<Text<32>>,
        /// when the consumer ordered
        pub placed = "placeOrderTime": Option<Text<32>>,
        /// payment time
        pub paid = "payTime": Option<Text<32>>,
        /// goods value, fen
        pub items_value = "itemsValue": Option<i64>,
        /// the consumer's note
        pub buyer_message = "buyerMessage": Option<Text<1000>>,
        /// nick of the selling shop
        pub seller_nick = "sellerNick": Option<Text<100>>,
        /// JYCK normal, HHCK exchange, BFCK re-shipment; absent = normal
        pub order_type = "orderType": Option<Text<16>>,
        /// the earlier order of a re-shipment
        pub source_consign = "sourceConsignLp": Option<Text<40>>,
        /// expected time; shown, not relied on (decision 21)
        pub es_date = "esDate": Option<Text<32>>,
        /// promised delivery day; shown, not relied on (decision 21)
        pub delivery_time = "deliveryTime": Option<Text<32>>,
        /// who delivers: 0, 1, 2; absent = 0
        pub business_model = "businessModel": Option<Text<16>>,
    }
}

arguments! {
    /// A line of a fulfilment order.
    pub struct Line by sub_order_code {
        /// fulfilment line number
        pub sub_order_code = "subOrderCode": Text<40>,
        /// ASCP goods id
        pub sc_item_id = "scItemId": Text<40>,
        /// merchant goods code
        pub outer_id = "outerId": Option<Text<64>>,
        /// bar code
        pub barcode = "barCode": Option<Text<64>>,
        /// pieces
        pub quantity: i64,
        /// goods name
        pub name = "scItemName": Option<Text<255>>,
        /// specification
        pub spec_name = "scItemSpecification": Option<Text<255>>,
        /// main trade number; the misspelling is the platform's
        pub trade_order_id = "tradeOrerId" | tradeOrderId: Option<Text<64>>,
        /// sub trade number
        pub sub_trade_order_id = "subTradeOrderId": Option<Text<64>>,
        /// line amount, fen
        pub amount = "itemAmount": Option<i64>,
    }
}

arguments! {
    /// Who gets the goods; of a return, the supplier.
    pub struct Receiver {
        /// name, maybe masked
        pub name = "receiverName": Option<Text<100>>,
        /// mobile, maybe masked
        pub mobile = "receiverMobile": Option<Text<40>>,
        /// telephone
        pub phone = "receiverPhone": Option<Text<40>>,
        /// country
        pub country = "receiverCountry": Option<Text<40>>,
        /// province
        pub province = "receiverProvince": Option<Text<40>>,
        /// city
        pub city = "receiverCity": Option<Text<40>>,
        /// district
        pub area = "receiverArea": Option<Text<40>>,
        /// town; the platform spells it without the second r
        pub town = "receiveTown" | receiverTown: Option<Text<100>>,
        /// detail address
        pub address = "receiverAddress": Option<Text<500>>,
        /// post code
        pub zip = "receiverZipCode": Option<Text<16>>,
        /// encrypted consignee
        pub oaid | aid: Option<Text<500>>,
        /// trade number under which it was issued
        pub oaid_source = "oaidSourceCode": Option<Text<64>>,
        /// virtual number
        pub security_mobile = "receiverSecurityMobile": Option<Text<64>>,
    }
}

arguments! {
    /// Who sends; of a return, the consumer.
    pub struct Sender {
        /// name
        pub name = "senderName": Option<Text<100>>,
        /// mobile
        pub mobile = "senderMobile": Option<Text<40>>,
        /// telephone
        pub phone = "senderPhone": Option<Text<40>>,
        /// country
        pub country = "senderCountry": Option<Text<40>>,
        /// province
        pub province = "senderProvince": Option<Text<40>>,
        /// city
        pub city = "senderCity": Option<Text<40>>,
        /// district
        pub area = "senderArea": Option<Text<40>>,
        /// town
        pub town = "senderTown": Option<Text<100>>,
        /// detail address
        pub address = "senderAddress": Option<Text<500>>,
        /// post code
        pub zip = "senderZipCode": Option<Text<16>>,
    }
}

arguments! {
    /// Stop shipping (2.2).
    pub struct Cancel {
        /// order to stop
        pub code = "bizOrderCode": Text<40>,
        /// 1 asked to cancel (default), 9 refund agreed
        pub refund_status = "refundStatus": Option<Text<4>>,
        /// who delivers
        pub business_model = "businessModel": Option<Text<16>>,
    }
}

arguments! {
    /// Goods come back (2.3).
    pub struct Reverse {
        /// reverse order number
        pub code = "bizOrderCode": Text<40>,
        /// the order that they were shipped for
        pub forward = "forwardOrderCode": Text<40>,
        /// external number
        pub out_biz_id = "outBizId": Option<Text<64>>,
        /// where they go: the supplier
        pub receiver = "receiverInfo": Option<Receiver>,
        /// who sends them: the consumer
        pub sender = "senderInfo": Option<Sender>,
        /// lines
        pub lines = "orderItems": List<ReverseLine, 1, LINES>,
        /// carrier code of the parcel
        pub carrier_code = "tmsServiceCode": Option<Text<40>>,
        /// its waybill
        pub waybill = "tmsOrderCode": Option<Text<64>>,
        /// warehouse
        pub store_code = "storeCode": Text<64>,
        /// who delivers
        pub business_model = "businessModel": Option<Text<16>>,
    }
}

arguments! {
    /// A line of a return.
    pub struct ReverseLine by sub_order_code {
        /// reverse line number
        pub sub_order_code = "subOrderCode": Text<40>,
        /// ASCP goods id
        pub sc_item_id = "scItemId": Text<40>,
        /// merchant goods code
        pub outer_id = "outerId": Option<Text<64>>,
        /// pieces expected
        pub quantity = "planReturnQuantity": i64,
        /// refund number
        pub refund_id = "refundId": Option<Text<64>>,
        /// refund reason
        pub refund_reason = "refundReason": Option<Text<255>>,
    }
}

#[cfg(test)]
mod tests {
    use wire::args::{Arguments, given};
    use wire::json::Object;

    use super::*;
    use crate::messages::read_body;

    /// The body of the test vector in 1.6.
    const NOTIFY: &str = include_str!("../../tests/vectors/notify.xml");

    #[test]
    fn the_sheets_order_is_read_whole() {
        let body = read_body("text/xml;charset=UTF-8", NOTIFY.as_bytes()).unwrap();
        let object = Object::parse(&body.json).unwrap();
        let envelope = Envelope::decode_root(&object).ok().unwrap();
        assert_eq!((&*envelope.supplier_id, &*envelope.source_platform), ("1000000000090001", "TMGJZY"));
        let order = Notify::decode_root(&object).ok().unwrap();
        assert_eq!((&*order.code, order.items_value, order.lines.len()), ("LP00900000000101", Some(25_800), 1));
        let line = &order.lines[0];
        assert_eq!((&*line.sc_item_id, line.quantity, line.amount), ("690000000001", 2, Some(25_800)));
        assert_eq!(given(&line.trade_order_id), Some("3000000000000000101"));
        assert_eq!(given(&order.receiver.town), Some("示例街道"));
        assert_eq!(given(&order.receiver.oaid), Some("DEMOOAID0001"));
    }

    #[test]
    fn a_missing_field_is_named() {
        let object = Object::parse(r#"{"bizOrderCode":"LP1","storeCode":"W","receiverInfo":{},"orderItems":[{"subOrderCode":"1","scItemId":"2"}]}"#).unwrap();
        let refusal = Notify::decode_root(&object).err().unwrap();
        assert_eq!(refusal.path, "orderItems[0].quantity");
    }

    #[test]
    fn methods_and_names() {
        for kind in PushKind::ALL {
            assert_eq!(PushKind::of_method(kind.method()), Some(kind));
            assert_eq!(PushKind::of_method(&kind.method()["qimen.".len()..]), Some(kind));
            assert_eq!(PushKind::named(kind.name()), Some(kind));
        }
        assert_eq!(PushKind::of_method("qimen.alibaba.ascp.uop.consignorder.shipped"), None);
    }
}
