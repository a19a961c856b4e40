//! Stock-takings (盘点单): found, let take effect, cancelled.

use erp::stock::{self, StockTaking, TakingFilter, TakingLine};
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
    order: StockTaking,
    warehouse_no: String,
}

const LINE: &[Column<TakingLine>] = &[
    text("spec_no", "merchant code / 商家编码", |l| &l.spec_no),
    int("defect", "0 good, 1 defective / 残次品", |l| l.defect),
    text("position_no", "bin / 货位", |l| &l.position_no),
    quantity("old_num", "booked / 盘点前", |l| l.old_num),
    quantity("new_num", "counted / 盘点后", |l| l.new_num),
    quantity("yk_num", "gain or loss / 盈亏", |l| l.gain()),
];

const TAKING: &[Column<Row>] = &[
    text("pd_no", "number / 盘点单号", |r| &r.order.no),
    text("api_outer_no", "the caller's number / 外部单号", |r| &r.order.outer_no),
    text("warehouse_no", "warehouse / 仓库编号", |r| &r.warehouse_no),
    int("mode", "0 by spec, 1 by bin / 盘点方式", |r| r.order.mode.code()),
    int("pd_status", "state / 状态", |r| r.order.status.code()),
    text("pd_status_name", "the same in words / 状态名称", |r| r.order.status.chinese()),
    list!("lines", "lines / 明细", LINE, |r| r.order.lines.iter()),
    time("checked", "took effect / 完成时间", |r| r.order.checked),
    time("created", "first stored / 创建时间", |r| Some(r.order.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.order.modified)),
];

arguments! {
    /// Which stock-takings.
    struct Which {
        /// state / 状态
        pd_status: Option<i64>,
        /// the caller's number / 外部单号
        api_outer_no: Option<Text<40>>,
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
    /// Which stock-taking.
    struct One {
        /// number / 盘点单号
        pd_no: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(TAKING));
    let rows = Shape::Rows("stock_takings", || describe(TAKING));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(head("stock_taking.list", Verb::Get, "/stock-takings", ("list stock-takings", "盘点单列表"), rows), find),
        reads(
            head("stock_taking.get", Verb::Get, "/stock-takings/{pd_no}", ("one stock-taking", "盘点单详情"), row),
            get,
        ),
        writes(
            head(
                "stock_taking.audit",
                Verb::Post,
                "/stock-takings/{pd_no}/audit",
                ("let the counted figures take effect", "审核盘点单"),
                row,
            ),
            audit,
        ),
        writes(
            head("stock_taking.cancel", Verb::Post, "/stock-takings/{pd_no}/cancel", ("cancel", "取消盘点单"), row),
            cancel,
        ),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let mut names = Names::default();
    let warehouses = names.keys_of_warehouse(reader, given(&which.warehouse_no))?;
    let statuses: Vec<i64> = which.pd_status.into_iter().collect();
    let filter = TakingFilter {
        outer_no: given(&which.api_outer_no),
        statuses: &statuses,
        warehouses: &warehouses,
        modified: window(which.start_time, which.end_time)?,
        ..TakingFilter::default()
    };
    let found = stock::stock_takings(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for order in found.rows {
        rows.push(Row { warehouse_no: names.warehouse(reader, order.warehouse)?, order });
    }
    Ok(Answer::rows(ask.style, "stock_takings", TAKING, &rows, found.total))
}

fn answer(ask: &Ask, reader: &mut Reader, order: StockTaking) -> Result<Answer, Fault> {
    let row = Row { warehouse_no: Names::default().warehouse(reader, order.warehouse)?, order };
    Ok(Answer::row(ask.style, TAKING, &row).about(&row.order.no))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let order = stock::stock_taking_by_no(reader, &one.pd_no)?;
    answer(ask, reader, order)
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = stock::audit_stock_taking(tx, &ask.settings, &one.pd_no)?;
    answer(ask, tx, order)
}

fn cancel(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = stock::cancel_stock_taking(tx, &one.pd_no)?;
    answer(ask, tx, order)
}
