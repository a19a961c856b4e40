//! `wdt.purchase.order.push` (fact sheet wdt-2, 4.1).

use erp::purchase::{self, NewOrder, NewOrderLine, OrderFacts, Stage};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Moment, Money, Quantity};
use wire::args::{Json, List, Text};

use super::shared::permit_provider;
use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One purchase order.
    pub struct Request {
        /// the order
        pub purchase_info: Json<Info>,
    }
}

wire::arguments! {
    /// The order.
    pub struct Info {
        /// provider
        pub provider_no: Text<20>,
        /// warehouse that the goods go to
        pub warehouse_no: Text<40>,
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// 1 = outer_no becomes the order's own number, at most 20 characters then; 0 by default
        pub is_use_outer_no: Option<bool>,
        /// 1 = audit at once; 0 by default; a finance audit is not passed by
        pub is_check: Option<bool>,
        /// receiver
        pub contact: Option<Text<40>>,
        /// telephone of the receiver
        pub telno: Option<Text<40>>,
        /// address of the receiver
        pub receive_address: Option<Text<255>>,
        /// purchaser
        pub purchase_name: Option<Text<40>>,
        /// carrier kind, appendix B
        pub logistics_type: Option<i64>,
        /// other cost
        pub other_fee: Option<Money>,
        /// freight
        pub post_fee: Option<Money>,
        /// expected to arrive when
        pub expect_arrive_time: Option<Moment>,
        /// remark
        pub remark: Option<Text<255>>,
        /// custom text
        pub prop1: Option<Text<255>>,
        /// custom text
        pub prop2: Option<Text<255>>,
        /// lines; a spec once
        pub details_list: List<Line, 1, { limits::PURCHASE_LINES }>,
    }
}

wire::arguments! {
    /// One line.
    pub struct Line by spec_no {
        /// merchant code
        pub spec_no: Text<40>,
        /// pieces, more than 0
        pub num: Quantity,
        /// price of a piece before tax
        pub price: Money,
        /// what the price is multiplied by; 1 by default
        pub discount: Option<Quantity>,
        /// rate of the tax, such as 0.13; 0 by default
        pub tax: Option<Quantity>,
        /// price after tax; price × discount × (1 + tax) by default
        pub tax_price: Option<Money>,
        /// custom text
        pub prop1: Option<Text<255>>,
        /// custom text
        pub prop2: Option<Text<255>>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

impl Info {
    fn to_new(&self) -> NewOrder {
        NewOrder {
            provider_no: self.provider_no.to_string(),
            warehouse_no: self.warehouse_no.to_string(),
            outer_no: self.outer_no.to_string(),
            use_outer_no: self.is_use_outer_no.unwrap_or(false),
            facts: OrderFacts {
                contact: owned(&self.contact),
                telno: owned(&self.telno),
                receive_address: owned(&self.receive_address),
                purchaser: owned(&self.purchase_name),
                logistics_type: self.logistics_type.unwrap_or(0),
                other_fee: self.other_fee.unwrap_or_default(),
                post_fee: self.post_fee.unwrap_or_default(),
                expect_arrive: self.expect_arrive_time,
                remark: owned(&self.remark),
                props: [owned(&self.prop1), owned(&self.prop2)],
            },
            lines: self.details_list.iter().map(Line::to_new).collect(),
        }
    }
}

impl Line {
    fn to_new(&self) -> NewOrderLine {
        NewOrderLine {
            spec_no: self.spec_no.to_string(),
            num: self.num,
            price: self.price,
            discount: self.discount,
            tax: self.tax.unwrap_or_default(),
            tax_price: self.tax_price,
            apply_no: String::new(),
            props: [owned(&self.prop1), owned(&self.prop2)],
            remark: owned(&self.remark),
        }
    }
}

/// Create a purchase order.
pub(crate) struct PurchaseOrderPush;

impl Method for PurchaseOrderPush {
    const NAME: &'static str = "wdt.purchase.order.push";
    const PHP: &'static str = "purchase_order_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create a purchase order", "创建采购单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::PURCHASE_EXISTS, "the number is in use"),
        (codes::PROVIDER, "provider unknown or disabled"),
        (codes::WAREHOUSE, "warehouse unknown or disabled"),
        (codes::SPEC, "spec unknown or deleted"),
        (codes::SPEC_TWICE, "the same spec twice"),
        (codes::LENGTH, "a text is too long; outer_no over 20 characters with is_use_outer_no"),
        (codes::NUMBER, "a quantity or price is not acceptable"),
        (codes::PERMISSION, "the application may not touch the warehouse or the provider"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "The number of the order is the `message`, and stands in `purchase_no` as well.",
        "An outer_no that is in use as the number of another order is refused with is_use_outer_no only.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("purchase_no", "number of the order, a text; the same as message")
    }
}

impl Command for PurchaseOrderPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let info = &request.purchase_info;
        may_touch(call, &info.warehouse_no)?;
        permit_provider(call, &info.provider_no)?;
        let stage = if info.is_check.unwrap_or(false) { Stage::Audit } else { Stage::Submit };
        let made = purchase::create_order(tx, &settings.erp, &info.to_new(), stage, &call.app().key)?;
        Ok(call.reply().message(&*made.no).text("purchase_no", &made.no))
    }
}
