//! `wdt.purchase.return.push` (fact sheet wdt-2, 4.6).

use erp::purchase::{self, NewReturn, NewReturnLine, ReturnFacts, Stage};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Money, Quantity};
use wire::args::{Json, List, Text};

use super::shared::permit_provider;
use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One purchase return.
    pub struct Request {
        /// the return
        pub return_info: Json<Info>,
    }
}

wire::arguments! {
    /// The return.
    pub struct Info {
        /// provider
        pub provider_no: Text<20>,
        /// the caller's number; can be used once
        pub outer_no: Text<40>,
        /// warehouse that the goods leave
        pub warehouse_no: Text<40>,
        /// 1 = audit at once; 0 by default; refused where purchase permissions are on
        pub is_check: Option<bool>,
        /// number of the purchaser
        pub purchaser_no: Option<Text<40>>,
        /// name of the purchaser
        pub purchaser_name: Option<Text<40>>,
        /// purchase order that the return is about
        pub purchase_no: Option<Text<40>>,
        /// carrier number
        pub logistics_code: Option<Text<20>>,
        /// province of the receiver, its name
        pub receiver_province: Option<Text<50>>,
        /// city
        pub receiver_city: Option<Text<50>>,
        /// district
        pub receiver_district: Option<Text<50>>,
        /// receiver
        pub contact: Option<Text<40>>,
        /// telephone of the receiver
        pub telno: Option<Text<32>>,
        /// address of the receiver
        pub address: Option<Text<255>>,
        /// freight
        pub post_fee: Option<Money>,
        /// other cost
        pub other_fee: Option<Money>,
        /// remark
        pub remark: Option<Text<255>>,
        /// custom text
        pub prop1: Option<Text<255>>,
        /// custom text
        pub prop2: Option<Text<255>>,
        /// lines; a spec once
        pub detail_list: List<Line, 1, { limits::PURCHASE_LINES }>,
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
        /// what the price is multiplied by; 1 by default, and 0 means 1
        pub discount: Option<Quantity>,
        /// rate of the tax; 0 by default
        pub tax: Option<Quantity>,
        /// remark
        pub detail_remark: Option<Text<255>>,
    }
}

impl Info {
    fn to_new(&self) -> NewReturn {
        NewReturn {
            provider_no: self.provider_no.to_string(),
            warehouse_no: self.warehouse_no.to_string(),
            outer_no: self.outer_no.to_string(),
            facts: ReturnFacts {
                purchaser_no: owned(&self.purchaser_no),
                purchaser: owned(&self.purchaser_name),
                purchase_no: owned(&self.purchase_no),
                logistics_code: owned(&self.logistics_code),
                logistics_type: 0,
                region: [owned(&self.receiver_province), owned(&self.receiver_city), owned(&self.receiver_district)],
                contact: owned(&self.contact),
                telno: owned(&self.telno),
                address: owned(&self.address),
                post_fee: self.post_fee.unwrap_or_default(),
                other_fee: self.other_fee.unwrap_or_default(),
                remark: owned(&self.remark),
                props: [owned(&self.prop1), owned(&self.prop2)],
            },
            lines: self.detail_list.iter().map(Line::to_new).collect(),
        }
    }
}

impl Line {
    fn to_new(&self) -> NewReturnLine {
        NewReturnLine {
            spec_no: self.spec_no.to_string(),
            num: self.num,
            price: self.price,
            discount: self.discount,
            tax: self.tax.unwrap_or_default(),
            remark: owned(&self.detail_remark),
        }
    }
}

/// Create a purchase return.
pub(crate) struct PurchaseReturnPush;

impl Method for PurchaseReturnPush {
    const NAME: &'static str = "wdt.purchase.return.push";
    const PHP: &'static str = "purchase_return_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create a purchase return", "创建采购退货单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::EXISTS, "a return has this outer_no"),
        (codes::PROVIDER, "provider unknown or disabled"),
        (codes::WAREHOUSE, "warehouse unknown or disabled"),
        (codes::SPEC, "spec unknown or deleted"),
        (codes::SPEC_TWICE, "the same spec twice"),
        (codes::NUMBER, "a quantity or price is not acceptable"),
        (codes::NO_SOURCE, "purchase_no unknown"),
        (codes::CARRIER, "carrier unknown or disabled"),
        (codes::PERMISSION, "is_check = 1 where purchase permissions are on"),
        (codes::STOCK, "is_check = 1 and the goods are not there or promised to others"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "The number of the return is the `message`, and stands in `return_no` as well.",
        "The audit reserves the goods (return_num) and is refused when they are not free.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("return_no", "number of the return, a text; the same as message")
    }
}

impl Command for PurchaseReturnPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let info = &request.return_info;
        may_touch(call, &info.warehouse_no)?;
        permit_provider(call, &info.provider_no)?;
        let stage = if info.is_check.unwrap_or(false) { Stage::Audit } else { Stage::Submit };
        let made = purchase::create_return(tx, &settings.erp, &info.to_new(), stage, &call.app().key)?;
        Ok(call.reply().message(&*made.no).text("return_no", &made.no))
    }
}
