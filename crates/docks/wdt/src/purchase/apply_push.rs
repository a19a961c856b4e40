//! `wdt.purchase.apply.push` (fact sheet wdt-2, 4.4 and chapter 6): a requisition.

use erp::purchase::{self, NewApply, NewApplyLine};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Moment, Quantity};
use wire::args::{Json, List, Text};

use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One requisition.
    pub struct Request {
        /// warehouse that the goods are for
        pub warehouse_no: Text<40>,
        /// who wants them
        pub employee_no: Option<Text<40>>,
        /// wanted when
        pub expected_time: Option<Moment>,
        /// 1 = confirmed at once; 0 by default
        pub is_submit: Option<bool>,
        /// remark
        pub remark: Option<Text<255>>,
        /// lines; a spec once
        pub details_list: Json<List<Line, 1, { limits::PURCHASE_LINES }>>,
    }
}

wire::arguments! {
    /// One line.
    pub struct Line by spec_no {
        /// merchant code
        pub spec_no: Text<40>,
        /// pieces, more than 0
        pub num: Quantity,
        /// provider
        pub provider_no: Option<Text<20>>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

/// Create a requisition.
pub(crate) struct PurchaseApplyPush;

impl Method for PurchaseApplyPush {
    const NAME: &'static str = "wdt.purchase.apply.push";
    const PHP: &'static str = "purchase_apply_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create a requisition", "创建采购申请单");
    const CATEGORY: Category = Category::Purchase;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::PROVIDER, "provider unknown or disabled"),
        (codes::WAREHOUSE, "warehouse unknown or disabled"),
        (codes::SPEC, "spec unknown or deleted"),
        (codes::SPEC_TWICE, "the same spec twice"),
        (codes::NUMBER, "a quantity is not acceptable"),
        (codes::PERMISSION, "the application may not touch the warehouse or the provider"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "Public sources name the parameters only; the fields of a line follow those of its siblings.",
        "is_submit = 1 leads to 20 (待引用), otherwise the requisition waits at 10 (待确认).",
        "The number of the requisition is the `message`, and stands in `purchase_apply_no` as well.",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().count("purchase_apply_no", "number of the requisition, a text; the same as message")
    }
}

impl Command for PurchaseApplyPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        may_touch(call, &request.warehouse_no)?;
        let lines = request.details_list.iter().map(|line| NewApplyLine {
            spec_no: line.spec_no.to_string(),
            num: line.num,
            provider_no: owned(&line.provider_no),
            remark: owned(&line.remark),
        });
        let new = NewApply {
            warehouse_no: request.warehouse_no.to_string(),
            applicant: owned(&request.employee_no),
            expected: request.expected_time,
            remark: owned(&request.remark),
            lines: lines.collect(),
        };
        let made = purchase::create_apply(tx, &settings.erp, &new, request.is_submit.unwrap_or(false))?;
        Ok(call.reply().message(&*made.no).text("purchase_apply_no", &made.no))
    }
}
