//! Other stock-in orders (其他入库): made or audited by hand.

use erp::stock::{self, NewStockIn, NewStockInLine, StockIn, StockInLine};
use store::Tx;
use units::{Money, Quantity};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, describe, int, list, money, quantity, text, time};

use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, writes};

const LINE: &[Column<StockInLine>] = &[
    text("spec_no", "merchant code / 商家编码", |l| &l.spec_no),
    int("defect", "0 good, 1 defective / 残次品", |l| l.defect),
    quantity("num", "pieces / 数量", |l| l.num),
    money("price", "cost of a piece / 入库价", |l| l.price),
];

const STOCK_IN: &[Column<StockIn>] = &[
    text("stockin_no", "number / 入库单号", |s| &s.no),
    text("outer_no", "the caller's number / 外部单号", |s| &s.outer_no),
    int("stockin_status", "state / 状态", |s| s.status.code()),
    text("stockin_status_name", "the same in words / 状态名称", |s| s.status.chinese()),
    text("remark", "remark / 备注", |s| &s.remark),
    list!("lines", "lines / 明细", LINE, |s| s.lines.iter()),
    time("created", "first stored / 创建时间", |s| Some(s.created)),
    time("modified", "last changed / 修改时间", |s| Some(s.modified)),
];

arguments! {
    /// A line to come in.
    struct NewLine {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces / 数量
        num: Quantity,
        /// cost of a piece / 入库价
        price: Option<Money>,
        /// defective goods / 残次品
        defect: Option<bool>,
    }
}

arguments! {
    /// Goods that come in.
    struct New {
        /// the caller's number, used once / 外部单号
        outer_no: Text<40>,
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
        /// audit at once (default) / 是否审核
        audit: Option<bool>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// lines / 明细
        lines: List<NewLine, 1, 500>,
    }
}

arguments! {
    /// Which stock-in order.
    struct One {
        /// number / 入库单号
        stockin_no: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(STOCK_IN));
    let head = |id, verb, path, summary| Head { id, verb, path, summary, shape: row };
    vec![
        writes(head("stock_in.create", Verb::Post, "/stock-in", ("goods come in", "其他入库")), create),
        writes(
            head(
                "stock_in.audit",
                Verb::Post,
                "/stock-in/{stockin_no}/audit",
                ("audit a stock-in order", "审核入库单"),
            ),
            audit,
        ),
    ]
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let lines = new.lines.iter().map(|line| NewStockInLine {
        spec_no: line.spec_no.to_string(),
        defect: line.defect.unwrap_or(false).into(),
        num: line.num,
        price: line.price.unwrap_or(Money::ZERO),
        ..NewStockInLine::default()
    });
    let order = NewStockIn {
        outer_no: new.outer_no.to_string(),
        warehouse_no: new.warehouse_no.to_string(),
        audit: new.audit.unwrap_or(true),
        remark: new.remark.as_deref().unwrap_or_default().to_owned(),
        lines: lines.collect(),
        ..NewStockIn::default()
    };
    let order = stock::push_other_stock_in(tx, &ask.settings, &order)?;
    Ok(Answer::row(ask.style, STOCK_IN, &order).created().about(&order.no))
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = erp::inout::audit_stock_in(tx, &ask.settings, &one.stockin_no)?;
    Ok(Answer::row(ask.style, STOCK_IN, &order).about(&order.no))
}
