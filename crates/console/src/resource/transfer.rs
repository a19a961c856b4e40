//! Transfers (调拨单): found, audited, cancelled, settled, and what an outsourced warehouse said to its order.

use erp::stock::{self, Transfer, TransferFilter, TransferLine};
use store::{Reader, Tx};
use units::Moment;
use wire::args::{Text, arguments, given};
use wire::rows::{Column, describe, int, list, quantity, text, time};

use super::lookup::Names;
use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    order: Transfer,
    from: String,
    to: String,
}

const LINE: &[Column<TransferLine>] = &[
    text("spec_no", "merchant code / 商家编码", |l| &l.spec_no),
    quantity("num", "pieces to move / 调拨数量", |l| l.num),
    quantity("out_num", "left / 出库数量", |l| l.out_num),
    quantity("in_num", "came in / 入库数量", |l| l.in_num),
    text("from_position", "bin at the source / 调出货位", |l| &l.from_position),
    text("to_position", "bin at the destination / 调入货位", |l| &l.to_position),
];

const TRANSFER: &[Column<Row>] = &[
    text("transfer_no", "number / 调拨单号", |r| &r.order.no),
    text("outer_no", "the caller's number / 外部单号", |r| &r.order.outer_no),
    int("type", "0 stepwise, 1 quick / 调拨方案", |r| r.order.quick.into()),
    int("mode", "0 by spec, 1 by bin / 调拨方式", |r| r.order.mode.code()),
    text("from_warehouse_no", "source / 调出仓库", |r| &r.from),
    text("to_warehouse_no", "destination / 调入仓库", |r| &r.to),
    int("transfer_status", "state / 状态", |r| r.order.status.code()),
    text("transfer_status_name", "the same in words / 状态名称", |r| r.order.status.chinese()),
    text("push_error", "why the last push failed / 推送失败原因", |r| &r.order.push_error),
    text("remark", "remark / 备注", |r| &r.order.remark),
    list!("lines", "lines / 明细", LINE, |r| r.order.lines.iter()),
    time("checked", "audited / 审核时间", |r| r.order.checked),
    time("created", "first stored / 创建时间", |r| Some(r.order.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.order.modified)),
];

arguments! {
    /// Which transfers.
    struct Which {
        /// state / 状态
        transfer_status: Option<i64>,
        /// the caller's number / 外部单号
        outer_no: Option<Text<40>>,
        /// source / 调出仓库
        from_warehouse_no: Option<Text<40>>,
        /// destination / 调入仓库
        to_warehouse_no: Option<Text<40>>,
        /// changed at or after / 开始时间
        start_time: Option<Moment>,
        /// changed at or before / 结束时间
        end_time: Option<Moment>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// Which transfer.
    struct One {
        /// number / 调拨单号
        transfer_no: Text<40>,
    }
}

arguments! {
    /// What the outsourced warehouse said.
    struct Pushed {
        /// number / 调拨单号
        transfer_no: Text<40>,
        /// number of the order there; given = it has the order / 外部仓库单号
        wms_order_no: Option<Text<40>>,
        /// why it will not have it / 失败原因
        error: Option<Text<255>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(TRANSFER));
    let rows = Shape::Rows("transfers", || describe(TRANSFER));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let does = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: row };
    vec![
        reads(head("transfer.list", Verb::Get, "/transfers", ("list transfers", "调拨单列表"), rows), find),
        reads(head("transfer.get", Verb::Get, "/transfers/{transfer_no}", ("one transfer", "调拨单详情"), row), get),
        writes(does("transfer.audit", "/transfers/{transfer_no}/audit", ("audit", "审核调拨单")), audit),
        writes(does("transfer.cancel", "/transfers/{transfer_no}/cancel", ("cancel", "取消调拨单")), cancel),
        writes(does("transfer.settle", "/transfers/{transfer_no}/settle", ("settle", "结算调拨单")), settle),
        writes(
            does(
                "transfer.pushed",
                "/transfers/{transfer_no}/pushed",
                ("what the outsourced warehouse said to the order", "委外仓库推送结果"),
            ),
            pushed,
        ),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let mut names = Names::default();
    let from = names.keys_of_warehouse(reader, given(&which.from_warehouse_no))?;
    let to = names.keys_of_warehouse(reader, given(&which.to_warehouse_no))?;
    let statuses: Vec<i64> = which.transfer_status.into_iter().collect();
    let filter = TransferFilter {
        outer_no: given(&which.outer_no),
        statuses: &statuses,
        from: &from,
        to: &to,
        window: window(which.start_time, which.end_time)?,
        ..TransferFilter::default()
    };
    let found = stock::transfers(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for order in found.rows {
        rows.push(row(reader, &mut names, order)?);
    }
    Ok(Answer::rows(ask.style, "transfers", TRANSFER, &rows, found.total))
}

fn row(reader: &mut Reader, names: &mut Names, order: Transfer) -> Result<Row, Fault> {
    Ok(Row { from: names.warehouse(reader, order.from)?, to: names.warehouse(reader, order.to)?, order })
}

fn answer(ask: &Ask, reader: &mut Reader, order: Transfer) -> Result<Answer, Fault> {
    let row = row(reader, &mut Names::default(), order)?;
    Ok(Answer::row(ask.style, TRANSFER, &row).about(&row.order.no))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let order = stock::transfer_by_no(reader, &one.transfer_no)?;
    answer(ask, reader, order)
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = stock::audit_transfer(tx, &ask.settings, &one.transfer_no)?;
    answer(ask, tx, order)
}

fn cancel(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = stock::cancel_transfer(tx, &ask.settings, &one.transfer_no)?;
    answer(ask, tx, order)
}

fn settle(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = stock::settle_transfer(tx, &one.transfer_no)?;
    answer(ask, tx, order)
}

fn pushed(ask: &Ask, said: &Pushed, tx: &mut Tx) -> Result<Answer, Fault> {
    let outcome = outcome(given(&said.wms_order_no), given(&said.error))?;
    let order = stock::transfer_pushed(tx, &said.transfer_no, outcome)?;
    answer(ask, tx, order)
}

/// A number there, or why not: one of the two.
pub(super) fn outcome<'a>(number: Option<&'a str>, error: Option<&'a str>) -> Result<Result<&'a str, &'a str>, Fault> {
    match (number, error) {
        (Some(number), None) => Ok(Ok(number)),
        (None, Some(error)) => Ok(Err(error)),
        _ => Err(Fault::invalid("wms_order_no", "either wms_order_no or error is given")),
    }
}
