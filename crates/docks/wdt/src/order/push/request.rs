//! What `wdt.trade.push` takes.

use erp::order::{DeliveryTerm, TradeStatus};
use units::{Moment, Money, Quantity};
use wire::args::{Json, List, RawList, Text, ZeroDate};

use crate::coded::Coded;
use crate::limits;

wire::arguments! {
    /// Raw orders of one own mall, to be created or changed.
    pub struct Request {
        /// the shop
        pub shop_no: Text<50>,
        /// the orders; 50 a call are recommended
        pub trade_list: Json<RawList<PushedOrder, 1, { limits::ORDERS }>>,
        /// 0 lenient (default): good orders are stored; 1 strict: all or none
        pub switch: Option<bool>,
    }
}

wire::codes! {
    /// How far the buyer has paid (fact sheet wdt-1, 2.0.2).
    pub enum PayStatus {
        /// unpaid
        Unpaid = 0,
        /// partly paid
        Partly = 1,
        /// paid
        Paid = 2,
    }
}

wire::codes! {
    /// Refund of a pushed line (fact sheet wdt-1, 2.0.2).
    pub enum RefundStatus {
        /// none
        None = 0,
        /// refund cancelled
        Cancelled = 1,
        /// refund applied for
        Applied = 2,
        /// waiting for the goods to be returned
        AwaitingReturn = 3,
        /// waiting for receipt
        AwaitingReceipt = 4,
        /// refunded
        Success = 5,
    }
}

wire::arguments! {
    /// One raw order.
    pub struct PushedOrder by tid {
        /// order number of the mall, unique per merchant
        pub tid: Text<40>,
        /// state of the order
        pub trade_status: Coded<TradeStatus>,
        /// how far the buyer has paid
        pub pay_status: PayStatus,
        /// how the buyer pays
        pub delivery_term: Coded<DeliveryTerm>,
        /// ordered when; not in the future
        pub trade_time: Option<Moment>,
        /// paid when; the zero date while unpaid
        pub pay_time: ZeroDate,
        /// buyer; at most 30 orders of a call may share a nick
        pub buyer_nick: Text<100>,
        /// mail address
        pub buyer_email: Option<Text<60>>,
        /// payment transaction
        pub pay_id: Option<Text<40>>,
        /// payer account
        pub pay_account: Option<Text<128>>,
        /// receiver
        pub receiver_name: Text<40>,
        /// name of the province; without it the region is read from the address
        pub receiver_province: Option<Text<40>>,
        /// name of the city
        pub receiver_city: Option<Text<40>>,
        /// name of the district
        pub receiver_district: Option<Text<40>>,
        /// street address; begins with the region, space separated, when the three names are missing
        pub receiver_address: Text<256>,
        /// mobile; this or receiver_telno must be given
        pub receiver_mobile: Option<Text<40>>,
        /// telephone
        pub receiver_telno: Option<Text<40>>,
        /// post code
        pub receiver_zip: Option<Text<20>>,
        /// wanted carrier kind, appendix B; -1 = any
        pub logistics_type: Option<i64>,
        /// kind of invoice: 0 none, 1 ordinary, 2 to 4 VAT
        pub invoice_kind | invoice_type: Option<i64>,
        /// title of the invoice
        pub invoice_title: Option<Text<255>>,
        /// content of the invoice
        pub invoice_content: Option<Text<255>>,
        /// message of the buyer
        pub buyer_message: Option<Text<1024>>,
        /// remark of customer service
        pub seller_memo | remark: Option<Text<1024>>,
        /// flag: 0 none, 1 red, 2 yellow, 3 green, 4 blue, 5 purple
        pub seller_flag | remark_flag: Option<i64>,
        /// freight charged
        pub post_amount: Money,
        /// cash-on-delivery amount
        pub cod_amount: Money,
        /// extra cash-on-delivery fee that the carrier keeps
        pub ext_cod_fee: Money,
        /// other charges; 0 by default
        pub other_amount: Option<Money>,
        /// amount paid
        pub paid: Money,
        /// kind of distribution
        pub fenxiao_type: Option<i64>,
        /// distributor
        pub fenxiao_nick: Option<Text<255>>,
        /// warehouse of an auto-flow order
        pub warehouse_no: Option<Text<40>>,
        /// 1 = auto-flow order
        pub is_auto_wms: Option<bool>,
        /// warehouse type of an auto-flow order
        pub wms_type: Option<i64>,
        /// promised or latest delivery time
        pub to_deliver_time: Option<Text<20>>,
        /// 0 none, 1 identity card, 2 officer card, 3 passport
        pub id_card_type: Option<i64>,
        /// number of that card
        pub id_card: Option<Text<40>>,
        /// free data
        pub cust_data: Option<Text<1024>>,
        /// 0 normal, 3 must not be merged
        pub is_sealed: Option<i64>,
        /// refund of the order; follows from the lines, accepted and not kept
        pub refund_status: Option<i64>,
        /// declared value; accepted and not kept
        pub insured_amount: Option<Money>,
        /// business bits; accepted and not kept
        pub biz_mask: Option<i64>,
        /// lines
        pub order_list: List<PushedLine, 1, { limits::LINES }>,
    }
}

wire::arguments! {
    /// One line of a raw order.
    pub struct PushedLine {
        /// line number, unique per merchant
        pub oid: Text<40>,
        /// state of the line; may differ from the order's
        pub status: Coded<TradeStatus>,
        /// refund of the line
        pub refund_status: RefundStatus,
        /// platform SPU id
        pub goods_id: Text<40>,
        /// platform SKU id
        pub spec_id: Option<Text<40>>,
        /// platform SPU code
        pub goods_no: Option<Text<40>>,
        /// platform SKU code; this or goods_no must be given
        pub spec_no: Option<Text<40>>,
        /// name of the goods
        pub goods_name: Text<255>,
        /// name of the spec
        pub spec_name: Option<Text<100>>,
        /// pieces; never changes after the first push
        pub num: Quantity,
        /// list price; never changes after the first push
        pub price: Money,
        /// manual price change; positive raises
        pub adjust_amount: Money,
        /// discount of the line
        pub discount: Money,
        /// share of discounts on the order
        pub share_discount: Money,
        /// platform category
        pub cid: Option<Text<40>>,
        /// remark
        pub remark: Option<Text<1024>>,
        /// promised delivery time; accepted and not kept
        pub to_deliver_time: Option<Moment>,
        /// live-stream host; accepted and not kept
        pub anchor_id: Option<Text<40>>,
        /// live-stream host; accepted and not kept
        pub anchor_name: Option<Text<40>>,
    }
}
