//! `wdt.stock.sync.by.pd` (fact sheet wdt-2, 5.2): what was counted replaces what was booked.

use erp::stock::{self, NewStockTaking, NewTakingLine, Skipped, TakingMode};
use gateway::{Call, Category, Command, Kind, Method, Reply, ReplyShape};
use store::Tx;
use units::{Moment, Quantity};
use wire::args::{Json, List, Text};
use wire::rows::{Column, owned as owned_text, text};

use super::super::stock_in::Defect;
use crate::codes::{self, Error};
use crate::part_two::{may_touch, owned};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// One stock-taking.
    pub struct Request {
        /// warehouse
        pub warehouse_no: Text<40>,
        /// 0 by spec (default, and every other value), 1 by bin
        pub mode: Option<i64>,
        /// the caller's number; can be used once; old demos say `outer_no`
        pub api_outer_no | outer_no: Text<40>,
        /// 1 = let it take effect at once; 0 by default
        pub is_check: Option<bool>,
        /// 1 strict (default): one unknown line refuses the whole; 0 lenient: it is passed over and reported
        pub is_post_error: Option<bool>,
        /// 1 = make stock rows that are missing; 0 by default
        pub is_create_stock: Option<bool>,
        /// of 2018; accepted and ignored
        pub is_adjust_stock: Option<bool>,
        /// lines
        pub goods_list: Json<List<Line, 1, { limits::TAKING_LINES }>>,
    }
}

wire::arguments! {
    /// One counted line.
    pub struct Line by spec_no {
        /// merchant code
        pub spec_no: Text<40>,
        /// what was counted, not negative
        pub stock_num: Quantity,
        /// bin; needed with mode 1
        pub position_no: Option<Text<40>>,
        /// batch
        pub batch_no: Option<Text<40>>,
        /// expires when
        pub expire_date: Option<Moment>,
        /// made when
        pub production_date: Option<Moment>,
        /// 0 good (default), 1 defective
        pub defect: Option<Defect>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

impl Line {
    fn to_new(&self) -> NewTakingLine {
        NewTakingLine {
            spec_no: self.spec_no.to_string(),
            num: self.stock_num,
            defect: self.defect.map_or(0, Defect::code),
            position_no: owned(&self.position_no),
            batch_no: owned(&self.batch_no),
            production_date: self.production_date,
            expire_date: self.expire_date,
            remark: owned(&self.remark),
        }
    }
}

const WARNINGS: &[Column<Skipped>] = &[
    text("spec_no", "merchant code", |s| &s.spec_no),
    owned_text("error_msg", "why it was passed over", |s| s.refusal.to_string()),
];

/// Create a stock-taking.
pub(crate) struct StockTakingPush;

impl Method for StockTakingPush {
    const NAME: &'static str = "wdt.stock.sync.by.pd";
    const PHP: &'static str = "stock_sync_by_pd.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create a stock-taking order", "创建盘点单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::EXISTS, "api_outer_no was used before"),
        (codes::WAREHOUSE, "the warehouse is unknown or disabled"),
        (codes::SPEC, "strict: a merchant code is unknown"),
        (codes::NO_STOCK_ROW, "strict, is_create_stock 0: the warehouse has no stock row of the spec"),
        (codes::SPEC_TWICE, "the same spec (and bin) twice"),
        (codes::NUMBER, "a quantity is negative"),
        (codes::POSITION, "mode 1: no bin, or one that the warehouse does not have"),
        (codes::TOO_MANY, "more than 500 lines"),
        (codes::QUOTA, "more stock-takings today than the merchant allows"),
        (codes::PERMISSION, "the application may not touch the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "a count takes effect also when more is promised than was found: promises stay, sellable stock goes below zero, new orders wait",
        "a lenient call of which no line is left stores nothing and answers an empty pd_no",
        "with the setting audit_stock_taking off, is_check = 1 leaves the order at 35",
        "the daily limit counts the calls that made an order",
    ];
    type Request = Request;
    type Error = Error;

    fn rows(request: &Request) -> usize {
        request.goods_list.len()
    }

    fn reply() -> ReplyShape {
        ReplyShape::new().count("pd_no", "number of the stock-taking, a text; empty when no line was left").rows(
            "warning",
            "lines that were passed over",
            WARNINGS,
        )
    }
}

impl Command for StockTakingPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        may_touch(call, &request.warehouse_no)?;
        let by_bin = request.mode == Some(TakingMode::ByPosition.code());
        let new = NewStockTaking {
            outer_no: request.api_outer_no.to_string(),
            warehouse_no: request.warehouse_no.to_string(),
            mode: if by_bin { TakingMode::ByPosition } else { TakingMode::BySpec },
            audit: request.is_check.unwrap_or(false),
            strict: request.is_post_error.unwrap_or(true),
            create_stock: request.is_create_stock.unwrap_or(false),
            remark: String::new(),
            lines: request.goods_list.iter().map(Line::to_new).collect(),
        };
        let (made, skipped) = stock::push_stock_taking(tx, &settings.erp, &new)?;
        let no = made.map(|order| order.no).unwrap_or_default();
        Ok(call.reply().text("pd_no", &no).rows("warning", WARNINGS, &skipped))
    }
}
