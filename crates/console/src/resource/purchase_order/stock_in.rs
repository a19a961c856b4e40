//! Receiving by hand, and the confirmation of prices. Audit and cancellation of a stock-in are those of every kind (`stock_in`).

use erp::purchase::{self, NewPrice, NewPurchaseIn, NewPurchaseInLine};
use erp::stock::{StockIn, StockInLine};
use store::Tx;
use units::{Money, Quantity};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, describe, int, list, money, quantity, text, time};

use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, writes};

const LINE: &[Column<StockInLine>] = &[
    int("rec_id", "key / 明细id", |l| store::wire_id(l.id)),
    text("spec_no", "merchant code / 商家编码", |l| &l.spec_no),
    quantity("num", "pieces / 数量", |l| l.num),
    money("price", "price before tax / 入库价", |l| l.price),
    quantity("tax", "rate of the tax / 税率", |l| l.tax),
    money("tax_price", "price after tax / 税后单价", |l| l.tax_price),
    text("batch_no", "batch / 批次", |l| &l.batch_no),
];

const STOCK_IN: &[Column<StockIn>] = &[
    text("stockin_no", "number / 入库单号", |s| &s.no),
    text("purchase_no", "purchase order / 采购单号", |s| &s.source_no),
    text("outer_no", "the caller's number / 外部单号", |s| &s.outer_no),
    int("stockin_status", "state / 状态", |s| s.status.code()),
    text("stockin_status_name", "the same in words / 状态名称", |s| s.status.chinese()),
    list!("lines", "lines / 明细", LINE, |s| s.lines.iter()),
    time("check_time", "audited / 审核时间", |s| s.checked),
    time("created", "first stored / 创建时间", |s| Some(s.created)),
    time("modified", "last changed / 修改时间", |s| Some(s.modified)),
];

arguments! {
    /// A line that arrived.
    struct Line {
        /// merchant code, which the order must have / 商家编码
        spec_no: Text<40>,
        /// pieces / 数量
        num: Quantity,
        /// price before tax; the order's when absent / 入库价
        price: Option<Money>,
        /// bin / 货位
        position_no: Option<Text<20>>,
        /// batch / 批次
        batch_no: Option<Text<20>>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

arguments! {
    /// Goods of a purchase order that arrived.
    struct Arrived {
        /// the order / 采购单号
        purchase_no: Text<40>,
        /// number of one's own, used once / 外部单号
        outer_no: Option<Text<40>>,
        /// warehouse; that of the order / 仓库编号
        warehouse_no: Text<40>,
        /// audit at once / 是否审核
        audit: Option<bool>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// lines / 明细
        lines: List<Line, 1, 2000>,
    }
}

arguments! {
    /// A confirmed price.
    struct Price {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// price before tax / 入库价
        price: Money,
    }
}

arguments! {
    /// Prices that somebody confirms; specs that are not named keep theirs.
    struct Confirmed {
        /// number of the stock-in / 入库单号
        stockin_no: Text<40>,
        /// prices / 价格
        prices: Option<List<Price, 0, 2000>>,
        /// audit at once / 是否审核
        audit: Option<bool>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(STOCK_IN));
    let act = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: row };
    vec![
        writes(
            act(
                "purchase_order.receive",
                "/purchase-orders/{purchase_no}/stock-in",
                ("goods of a purchase order arrive", "采购入库"),
            ),
            receive,
        ),
        writes(
            act(
                "stock_in.confirm_price",
                "/stock-in/{stockin_no}/confirm-price",
                ("confirm the prices of a purchase's stock-in", "采购入库单价格确认"),
            ),
            confirm,
        ),
    ]
}

fn receive(ask: &Ask, arrived: &Arrived, tx: &mut Tx) -> Result<Answer, Fault> {
    fn text<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
        text.as_deref().unwrap_or_default().to_owned()
    }
    let line = |line: &Line| NewPurchaseInLine {
        spec_no: line.spec_no.to_string(),
        num: line.num,
        price: line.price,
        position_no: text(&line.position_no),
        batch_no: text(&line.batch_no),
        remark: text(&line.remark),
        ..NewPurchaseInLine::default()
    };
    let new = NewPurchaseIn {
        purchase_no: arrived.purchase_no.to_string(),
        outer_no: text(&arrived.outer_no),
        warehouse_no: arrived.warehouse_no.to_string(),
        create_batch: true,
        remark: text(&arrived.remark),
        lines: arrived.lines.iter().map(line).collect(),
        ..NewPurchaseIn::default()
    };
    let made = purchase::push_stock_in(tx, &ask.settings, &new, arrived.audit.unwrap_or(false))?;
    Ok(Answer::row(ask.style, STOCK_IN, &made).created().about(&made.no))
}

fn confirm(ask: &Ask, confirmed: &Confirmed, tx: &mut Tx) -> Result<Answer, Fault> {
    let prices = confirmed.prices.iter().flat_map(|prices| prices.iter());
    let prices: Vec<NewPrice> =
        prices.map(|price| NewPrice { spec_no: price.spec_no.to_string(), price: price.price }).collect();
    let audit = confirmed.audit.unwrap_or(false);
    let made = purchase::confirm_price(tx, &ask.settings, &confirmed.stockin_no, &prices, audit)?;
    Ok(Answer::row(ask.style, STOCK_IN, &made).about(&made.no))
}
