//! Stock-outs that are not sales (出库单): found, audited, cancelled and settled by number; other stock-outs made by hand.

use erp::inout;
use erp::stock::{
    self, NewStockOut, NewStockOutLine, StockOutKind, WarehouseOut, WarehouseOutFilter, WarehouseOutLine,
};
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
    order: WarehouseOut,
    warehouse_no: String,
}

const LINE: &[Column<WarehouseOutLine>] = &[
    text("spec_no", "merchant code / 商家编码", |l| &l.spec_no),
    int("defect", "0 good, 1 defective / 残次品", |l| l.defect),
    quantity("num", "pieces / 数量", |l| l.num),
    money("price", "price of a piece / 价格", |l| l.price),
    money("cost_price", "cost of a piece / 成本价", |l| l.cost_price),
    text("position_no", "bin / 货位", |l| &l.position_no),
    text("batch_no", "batch / 批次", |l| &l.batch_no),
    text("sn_info", "serial numbers / 序列号", |l| &l.sn_info),
];

const STOCK_OUT: &[Column<Row>] = &[
    text("stockout_no", "number / 出库单号", |r| &r.order.no),
    text("outer_no", "the caller's number / 外部单号", |r| &r.order.outer_no),
    int("order_type", "kind / 源单据类别", |r| r.order.kind.code()),
    text("order_type_name", "the same in words / 类别名称", |r| r.order.kind.chinese()),
    text("src_order_no", "upper document / 上级单号", |r| &r.order.source_no),
    text("warehouse_no", "warehouse / 仓库编号", |r| &r.warehouse_no),
    int("stockout_status", "state / 状态", |r| r.order.status.code()),
    text("stockout_status_name", "the same in words / 状态名称", |r| r.order.status.chinese()),
    text("reason", "why it goes / 出库原因", |r| &r.order.reason),
    text("remark", "remark / 备注", |r| &r.order.remark),
    list!("lines", "lines / 明细", LINE, |r| r.order.lines.iter()),
    time("consigned", "goods left at / 出库时间", |r| r.order.consigned),
    time("created", "first stored / 创建时间", |r| Some(r.order.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.order.modified)),
];

arguments! {
    /// Which stock-out.
    struct One {
        /// number / 出库单号
        stockout_no: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(STOCK_OUT));
    let rows = Shape::Rows("stock_outs", || describe(STOCK_OUT));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let does = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: row };
    vec![
        reads(head("stock_out.list", Verb::Get, "/stock-out", ("list stock-outs but sales", "出库单列表"), rows), find),
        reads(head("stock_out.get", Verb::Get, "/stock-out/{stockout_no}", ("one stock-out", "出库单详情"), row), get),
        writes(does("stock_out.create", "/stock-out", ("goods go out", "其他出库")), create),
        writes(
            does("stock_out.submit", "/stock-out/{stockout_no}/submit", ("hand in a stock-out", "提交出库单")),
            submit,
        ),
        writes(
            does(
                "stock_out.audit",
                "/stock-out/{stockout_no}/audit",
                ("audit a stock-out; a JIT pick is reserved first, then out", "审核出库单"),
            ),
            audit,
        ),
        writes(
            does("stock_out.cancel", "/stock-out/{stockout_no}/cancel", ("cancel a stock-out", "取消出库单")),
            cancel,
        ),
        writes(
            does("stock_out.settle", "/stock-out/{stockout_no}/settle", ("settle a stock-out", "结算出库单")),
            settle,
        ),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let mut names = Names::default();
    let warehouses = names.keys_of_warehouse(reader, given(&which.warehouse_no))?;
    let kinds: Vec<StockOutKind> = match which.order_type {
        None => Vec::new(),
        Some(code) => {
            vec![StockOutKind::from_code(code).ok_or_else(|| Fault::invalid("order_type", "order_type is 2 to 13"))?]
        }
    };
    let statuses: Vec<i64> = which.status.into_iter().collect();
    let filter = WarehouseOutFilter {
        outer_no: given(&which.outer_no),
        source_no: given(&which.src_order_no),
        kinds: &kinds,
        statuses: &statuses,
        warehouses: &warehouses,
        window: window(which.start_time, which.end_time)?,
        ..WarehouseOutFilter::default()
    };
    let found = stock::warehouse_outs(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for order in found.rows {
        rows.push(Row { warehouse_no: names.warehouse(reader, order.warehouse)?, order });
    }
    Ok(Answer::rows(ask.style, "stock_outs", STOCK_OUT, &rows, found.total))
}

/// One stock-out as the answer.
fn answer(ask: &Ask, reader: &mut Reader, order: WarehouseOut) -> Result<Answer, Fault> {
    let row = Row { warehouse_no: Names::default().warehouse(reader, order.warehouse)?, order };
    Ok(Answer::row(ask.style, STOCK_OUT, &row).about(&row.order.no))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let order = stock::warehouse_out_by_no(reader, &one.stockout_no)?;
    answer(ask, reader, order)
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let lines = new.lines.iter().map(|line| NewStockOutLine {
        spec_no: line.spec_no.to_string(),
        defect: line.defect.unwrap_or(false).into(),
        num: line.num,
        price: line.price.unwrap_or(Money::ZERO),
        position_no: line.position_no.as_deref().unwrap_or_default().to_owned(),
        batch_no: line.batch_no.as_deref().unwrap_or_default().to_owned(),
        ..NewStockOutLine::default()
    });
    let order = NewStockOut {
        outer_no: new.outer_no.to_string(),
        warehouse_no: new.warehouse_no.to_string(),
        audit: new.audit.unwrap_or(true),
        remark: new.remark.as_deref().unwrap_or_default().to_owned(),
        reason: new.reason.as_deref().unwrap_or_default().to_owned(),
        lines: lines.collect(),
        ..NewStockOut::default()
    };
    let order = stock::push_other_stock_out(tx, &ask.settings, &order)?;
    Ok(answer(ask, tx, order)?.created())
}

fn submit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = inout::submit_stock_out(tx, &one.stockout_no)?;
    answer(ask, tx, order)
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = inout::audit_stock_out(tx, &ask.settings, &one.stockout_no)?;
    answer(ask, tx, order)
}

fn cancel(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = inout::cancel_stock_out(tx, &ask.settings, &one.stockout_no)?;
    answer(ask, tx, order)
}

fn settle(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = inout::settle_stock_out(tx, &one.stockout_no)?;
    answer(ask, tx, order)
}
