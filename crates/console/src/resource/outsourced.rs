//! Orders to outsourced warehouses (委外出入库单): found, audited, cancelled; what the warehouse said to them and what it reports.

use erp::stock::{self, Direction, OutsourcedFilter, OutsourcedLine, OutsourcedOrder, Receiver, Reported};
use store::{Reader, Tx};
use units::{Moment, Quantity};
use wire::args::{List, Text, arguments, given};
use wire::rows::{Column, describe, int, list, personal, quantity, text, time};

use super::lookup::Names;
use super::page::{page, window};
use super::transfer::outcome;
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    order: OutsourcedOrder,
    receiver: Receiver,
    warehouse_no: String,
}

const LINE: &[Column<OutsourcedLine>] = &[
    text("spec_no", "merchant code / 商家编码", |l| &l.spec_no),
    int("defect", "0 good, 1 defective / 残次品", |l| l.defect),
    quantity("num", "ordered / 数量", |l| l.num),
    quantity("inout_num", "moved / 实际数量", |l| l.moved),
];

const ORDER: &[Column<Row>] = &[
    text("order_no", "number / 委外单号", |r| &r.order.no),
    text("api_outer_no", "the caller's number / 外部单号", |r| &r.order.outer_no),
    int("order_type", "1 out, 2 in / 单据类型", |r| r.order.direction.code()),
    text("warehouse_no", "warehouse / 仓库编号", |r| &r.warehouse_no),
    int("order_status", "state / 状态", |r| r.order.status.code()),
    text("order_status_name", "the same in words / 状态名称", |r| r.order.status.chinese()),
    text("wms_order_no", "number there / 外部仓库单号", |r| &r.order.wms_no),
    text("error", "why the last push failed / 推送失败原因", |r| &r.order.error),
    personal("receiver_name", "receiver / 收件人", |r| &r.receiver.name),
    personal("receiver_mobile", "mobile / 手机", |r| &r.receiver.mobile),
    personal("receiver_address", "street address / 地址", |r| &r.receiver.address),
    text("remark", "remark / 备注", |r| &r.order.remark),
    list!("lines", "lines / 明细", LINE, |r| r.order.lines.iter()),
    time("created", "first stored / 创建时间", |r| Some(r.order.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.order.modified)),
];

arguments! {
    /// Which orders.
    struct Which {
        /// 1 out, 2 in / 单据类型
        order_type: Option<i64>,
        /// state / 状态
        order_status: Option<i64>,
        /// the caller's number or ours / 单号
        outer_no: Option<Text<40>>,
        /// only of this warehouse / 仓库编号
        warehouse_no: Option<Text<40>>,
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
    /// Which order.
    struct One {
        /// number / 委外单号
        order_no: Text<40>,
    }
}

arguments! {
    /// What the warehouse said to the order.
    struct Pushed {
        /// number / 委外单号
        order_no: Text<40>,
        /// number of the order there; given = it has the order / 外部仓库单号
        wms_order_no: Option<Text<40>>,
        /// why it will not have it / 失败原因
        error: Option<Text<255>>,
    }
}

arguments! {
    /// Pieces of one spec that moved.
    struct Moved {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces / 数量
        num: Quantity,
    }
}

arguments! {
    /// What the warehouse reports.
    struct Report {
        /// number / 委外单号
        order_no: Text<40>,
        /// number of the report, used once / 外部单号
        outer_no: Option<Text<40>>,
        /// what moved / 明细
        lines: List<Moved, 1, 500>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(ORDER));
    let rows = Shape::Rows("outsourced_orders", || describe(ORDER));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let does = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: row };
    vec![
        reads(head("outsourced.list", Verb::Get, "/outsourced", ("list outsourced orders", "委外单列表"), rows), find),
        reads(head("outsourced.get", Verb::Get, "/outsourced/{order_no}", ("one order", "委外单详情"), row), get),
        writes(does("outsourced.audit", "/outsourced/{order_no}/audit", ("audit", "审核委外单")), audit),
        writes(does("outsourced.cancel", "/outsourced/{order_no}/cancel", ("cancel", "取消委外单")), cancel),
        writes(
            does(
                "outsourced.pushed",
                "/outsourced/{order_no}/pushed",
                ("what the warehouse said to the order", "委外单推送结果"),
            ),
            pushed,
        ),
        writes(
            does("outsourced.report", "/outsourced/{order_no}/report", ("what the warehouse moved", "委外出入库回传")),
            report,
        ),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let mut names = Names::default();
    let warehouses = names.keys_of_warehouse(reader, given(&which.warehouse_no))?;
    let direction = match which.order_type {
        None => None,
        Some(code) => {
            Some(Direction::from_code(code).ok_or_else(|| Fault::invalid("order_type", "order_type is 1 or 2"))?)
        }
    };
    let statuses: Vec<i64> = which.order_status.into_iter().collect();
    let filter = OutsourcedFilter {
        either_no: given(&which.outer_no),
        direction,
        statuses: &statuses,
        warehouses: &warehouses,
        window: window(which.start_time, which.end_time)?,
        ..OutsourcedFilter::default()
    };
    let found = stock::outsourced_orders(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for (order, receiver) in found.rows {
        rows.push(Row { warehouse_no: names.warehouse(reader, order.warehouse)?, order, receiver });
    }
    Ok(Answer::rows(ask.style, "outsourced_orders", ORDER, &rows, found.total))
}

fn show(ask: &Ask, reader: &mut Reader, no: &str) -> Result<Answer, Fault> {
    let (order, receiver) = stock::outsourced_by_no(reader, no)?;
    let row = Row { warehouse_no: Names::default().warehouse(reader, order.warehouse)?, order, receiver };
    Ok(Answer::row(ask.style, ORDER, &row).about(no))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    show(ask, reader, &one.order_no)
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    stock::audit_outsourced(tx, &one.order_no)?;
    show(ask, tx, &one.order_no)
}

fn cancel(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    stock::cancel_outsourced(tx, &one.order_no)?;
    show(ask, tx, &one.order_no)
}

fn pushed(ask: &Ask, said: &Pushed, tx: &mut Tx) -> Result<Answer, Fault> {
    stock::outsourced_pushed(tx, &said.order_no, outcome(given(&said.wms_order_no), given(&said.error))?)?;
    show(ask, tx, &said.order_no)
}

fn report(ask: &Ask, report: &Report, tx: &mut Tx) -> Result<Answer, Fault> {
    let moved: Vec<Reported> =
        report.lines.iter().map(|line| Reported { spec_no: line.spec_no.to_string(), num: line.num }).collect();
    let outer_no = report.outer_no.as_deref().unwrap_or_default();
    stock::report_outsourced(tx, &ask.settings, &report.order_no, outer_no, &moved)?;
    show(ask, tx, &report.order_no)
}
