//! Stock-ins (入库单) of every kind: found, audited, cancelled and settled by number; other stock-ins made by hand.

use erp::inout;
use erp::stock::{self, NewStockIn, NewStockInLine, StockIn, StockInFilter, StockInKind, StockInLine};
use store::{Reader, Tx};
use units::Money;
use wire::args::{Text, arguments, given};
use wire::rows::{Column, describe, int, list, money, quantity, text, time};

use super::lookup::Names;
use super::moved::{New, Which};
use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    order: StockIn,
    warehouse_no: String,
}

const LINE: &[Column<StockInLine>] = &[
    text("spec_no", "merchant code / 商家编码", |l| &l.spec_no),
    int("defect", "0 good, 1 defective / 残次品", |l| l.defect),
    quantity("num", "pieces / 数量", |l| l.num),
    quantity("expect_num", "expected / 预期数量", |l| l.expect),
    money("price", "cost of a piece / 入库价", |l| l.price),
    text("position_no", "bin / 货位", |l| &l.position_no),
    text("batch_no", "batch / 批次", |l| &l.batch_no),
    text("sn_info", "serial numbers / 序列号", |l| &l.sn_info),
];

const STOCK_IN: &[Column<Row>] = &[
    text("stockin_no", "number / 入库单号", |r| &r.order.no),
    text("outer_no", "the caller's number / 外部单号", |r| &r.order.outer_no),
    int("order_type", "kind / 源单据类别", |r| r.order.kind.code()),
    text("order_type_name", "the same in words / 类别名称", |r| r.order.kind.chinese()),
    text("src_order_no", "upper document / 上级单号", |r| &r.order.source_no),
    text("warehouse_no", "warehouse / 仓库编号", |r| &r.warehouse_no),
    int("stockin_status", "state / 状态", |r| r.order.status.code()),
    text("stockin_status_name", "the same in words / 状态名称", |r| r.order.status.chinese()),
    text("reason", "why it came / 入库原因", |r| &r.order.reason),
    text("remark", "remark / 备注", |r| &r.order.remark),
    list!("lines", "lines / 明细", LINE, |r| r.order.lines.iter()),
    time("checked", "goods on hand since / 审核时间", |r| r.order.checked),
    time("created", "first stored / 创建时间", |r| Some(r.order.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.order.modified)),
];

arguments! {
    /// Which stock-in.
    struct One {
        /// number / 入库单号
        stockin_no: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(STOCK_IN));
    let rows = Shape::Rows("stock_ins", || describe(STOCK_IN));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let does = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: row };
    vec![
        reads(head("stock_in.list", Verb::Get, "/stock-in", ("list stock-ins", "入库单列表"), rows), find),
        reads(head("stock_in.get", Verb::Get, "/stock-in/{stockin_no}", ("one stock-in", "入库单详情"), row), get),
        writes(does("stock_in.create", "/stock-in", ("goods come in", "其他入库")), create),
        writes(does("stock_in.audit", "/stock-in/{stockin_no}/audit", ("audit a stock-in", "审核入库单")), audit),
        writes(does("stock_in.cancel", "/stock-in/{stockin_no}/cancel", ("cancel a stock-in", "取消入库单")), cancel),
        writes(does("stock_in.settle", "/stock-in/{stockin_no}/settle", ("settle a stock-in", "结算入库单")), settle),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let mut names = Names::default();
    let warehouses = names.keys_of_warehouse(reader, given(&which.warehouse_no))?;
    let kinds: Vec<StockInKind> = match which.order_type {
        None => Vec::new(),
        Some(code) => {
            vec![StockInKind::from_code(code).ok_or_else(|| Fault::invalid("order_type", "order_type is 1 to 12"))?]
        }
    };
    let statuses: Vec<i64> = which.status.into_iter().collect();
    let filter = StockInFilter {
        outer_no: given(&which.outer_no),
        source_no: given(&which.src_order_no),
        kinds: &kinds,
        statuses: &statuses,
        warehouses: &warehouses,
        window: window(which.start_time, which.end_time)?,
        ..StockInFilter::default()
    };
    let found = stock::stock_ins(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for order in found.rows {
        rows.push(Row { warehouse_no: names.warehouse(reader, order.warehouse)?, order });
    }
    Ok(Answer::rows(ask.style, "stock_ins", STOCK_IN, &rows, found.total))
}

/// One stock-in as the answer.
fn answer(ask: &Ask, reader: &mut Reader, order: StockIn) -> Result<Answer, Fault> {
    let row = Row { warehouse_no: Names::default().warehouse(reader, order.warehouse)?, order };
    Ok(Answer::row(ask.style, STOCK_IN, &row).about(&row.order.no))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let order = stock::stock_in_by_no(reader, &one.stockin_no)?;
    answer(ask, reader, order)
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let lines = new.lines.iter().map(|line| NewStockInLine {
        spec_no: line.spec_no.to_string(),
        defect: line.defect.unwrap_or(false).into(),
        num: line.num,
        price: line.price.unwrap_or(Money::ZERO),
        position_no: line.position_no.as_deref().unwrap_or_default().to_owned(),
        batch_no: line.batch_no.as_deref().unwrap_or_default().to_owned(),
        ..NewStockInLine::default()
    });
    let order = NewStockIn {
        outer_no: new.outer_no.to_string(),
        warehouse_no: new.warehouse_no.to_string(),
        audit: new.audit.unwrap_or(true),
        create_batch: true,
        remark: new.remark.as_deref().unwrap_or_default().to_owned(),
        reason: new.reason.as_deref().unwrap_or_default().to_owned(),
        lines: lines.collect(),
        ..NewStockIn::default()
    };
    let order = stock::push_other_stock_in(tx, &ask.settings, &order)?;
    Ok(answer(ask, tx, order)?.created())
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = inout::audit_stock_in(tx, &ask.settings, &one.stockin_no)?;
    answer(ask, tx, order)
}

fn cancel(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = inout::cancel_stock_in(tx, &ask.settings, &one.stockin_no)?;
    answer(ask, tx, order)
}

fn settle(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = inout::settle_stock_in(tx, &one.stockin_no)?;
    answer(ask, tx, order)
}
