//! Requisitions (采购申请单): asked for, confirmed, given up. Putting them on an order is `purchase_order.create`.

use erp::purchase::{self, Apply, ApplyFilter, ApplyLine, NewApply, NewApplyLine};
use store::{Reader, Tx};
use units::{Moment, Quantity};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, describe, int, list, quantity, text, time};

use super::lookup::Names;
use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    apply: Apply,
    warehouse_no: String,
}

const LINE: &[Column<ApplyLine>] = &[
    int("rec_id", "key / 明细id", |l| store::wire_id(l.id)),
    text("spec_no", "merchant code / 商家编码", |l| &l.item.spec_no),
    text("goods_name", "name / 货品名称", |l| &l.item.goods_name),
    quantity("num", "wanted / 申请数量", |l| l.num),
    quantity("ref_num", "on purchase orders / 已引用数量", |l| l.referenced),
    text("provider_no", "provider / 供应商编号", |l| &l.provider_no),
    text("remark", "remark / 备注", |l| &l.remark),
];

const APPLY: &[Column<Row>] = &[
    int("apply_id", "key / 申请单id", |r| store::wire_id(r.apply.id)),
    text("purchase_apply_no", "number / 采购申请单号", |r| &r.apply.no),
    int("apply_status", "state / 状态", |r| r.apply.status.code()),
    text("apply_status_name", "the same in words / 状态名称", |r| r.apply.status.chinese()),
    text("warehouse_no", "warehouse / 仓库编号", |r| &r.warehouse_no),
    text("applicant", "who wants it / 申请人", |r| &r.apply.applicant),
    time("expected_time", "wanted when / 期望到货时间", |r| r.apply.expected),
    quantity("real_num", "wanted / 申请数量", |r| r.apply.wanted()),
    quantity("ref_num", "on purchase orders / 已引用数量", |r| r.apply.referenced()),
    text("remark", "remark / 备注", |r| &r.apply.remark),
    list!("lines", "lines / 明细", LINE, |r| r.apply.lines.iter()),
    time("created", "first stored / 创建时间", |r| Some(r.apply.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.apply.modified)),
];

arguments! {
    /// Which requisitions.
    struct Which {
        /// state / 状态
        apply_status: Option<i64>,
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
    /// Which requisition.
    struct One {
        /// number / 采购申请单号
        purchase_apply_no: Text<40>,
    }
}

arguments! {
    /// A line of a requisition.
    struct Line {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces / 数量
        num: Quantity,
        /// provider / 供应商编号
        provider_no: Option<Text<20>>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

arguments! {
    /// A requisition to be created.
    struct New {
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
        /// who wants it / 申请人
        applicant: Option<Text<40>>,
        /// wanted when / 期望到货时间
        expected_time: Option<Moment>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// confirm at once / 是否确认
        confirm: Option<bool>,
        /// lines; a spec once / 明细
        lines: List<Line, 1, 2000>,
    }
}

arguments! {
    /// What an unconfirmed requisition says from now on, as a whole.
    struct Edit {
        /// number / 采购申请单号
        purchase_apply_no: Text<40>,
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
        /// who wants it / 申请人
        applicant: Option<Text<40>>,
        /// wanted when / 期望到货时间
        expected_time: Option<Moment>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// lines; a spec once / 明细
        lines: List<Line, 1, 2000>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(APPLY));
    let rows = Shape::Rows("requisitions", || describe(APPLY));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let (all, one) = ("/requisitions", "/requisitions/{purchase_apply_no}");
    let confirmed = "/requisitions/{purchase_apply_no}/confirm";
    let cancelled = "/requisitions/{purchase_apply_no}/cancel";
    vec![
        reads(head("requisition.list", Verb::Get, all, ("list requisitions", "采购申请单列表"), rows), list),
        reads(head("requisition.get", Verb::Get, one, ("a requisition", "查看采购申请单"), row), get),
        writes(head("requisition.create", Verb::Post, all, ("create a requisition", "创建采购申请单"), row), create),
        writes(head("requisition.edit", Verb::Patch, one, ("edit a requisition", "编辑采购申请单"), row), edit),
        writes(
            head("requisition.confirm", Verb::Post, confirmed, ("confirm a requisition", "确认采购申请单"), row),
            confirm,
        ),
        writes(
            head("requisition.cancel", Verb::Post, cancelled, ("cancel a requisition", "取消采购申请单"), row),
            cancel,
        ),
    ]
}

fn list(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let filter = ApplyFilter {
        no: None,
        statuses: which.apply_status.into_iter().collect(),
        warehouses: Vec::new(),
        window: window(which.start_time, which.end_time)?,
    };
    let found = purchase::applies(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(found.rows.len());
    for apply in found.rows {
        rows.push(Row { warehouse_no: names.warehouse(reader, apply.warehouse)?, apply });
    }
    Ok(Answer::rows(ask.style, "requisitions", APPLY, &rows, found.total))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let apply = purchase::apply_by_no(reader, &one.purchase_apply_no)?;
    show(ask, reader, apply)
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let content = content(&new.warehouse_no, &new.applicant, new.expected_time, &new.remark, &new.lines);
    let apply = purchase::create_apply(tx, &ask.settings, &content, new.confirm.unwrap_or(false))?;
    Ok(show(ask, tx, apply)?.created())
}

fn edit(ask: &Ask, edit: &Edit, tx: &mut Tx) -> Result<Answer, Fault> {
    let content = content(&edit.warehouse_no, &edit.applicant, edit.expected_time, &edit.remark, &edit.lines);
    let apply = purchase::edit_apply(tx, &edit.purchase_apply_no, &content)?;
    show(ask, tx, apply)
}

fn confirm(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let apply = purchase::confirm_apply(tx, &one.purchase_apply_no)?;
    show(ask, tx, apply)
}

fn cancel(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let apply = purchase::cancel_apply(tx, &one.purchase_apply_no)?;
    show(ask, tx, apply)
}

fn content(
    warehouse_no: &str,
    applicant: &Option<Text<40>>,
    expected: Option<Moment>,
    remark: &Option<Text<255>>,
    lines: &[Line],
) -> NewApply {
    let line = |line: &Line| NewApplyLine {
        spec_no: line.spec_no.to_string(),
        num: line.num,
        provider_no: line.provider_no.as_deref().unwrap_or_default().to_owned(),
        remark: line.remark.as_deref().unwrap_or_default().to_owned(),
    };
    NewApply {
        warehouse_no: warehouse_no.to_owned(),
        applicant: applicant.as_deref().unwrap_or(WHO).to_owned(),
        expected,
        remark: remark.as_deref().unwrap_or_default().to_owned(),
        lines: lines.iter().map(line).collect(),
    }
}

fn show(ask: &Ask, reader: &mut Reader, apply: Apply) -> Result<Answer, Fault> {
    let row = Row { warehouse_no: Names::default().warehouse(reader, apply.warehouse)?, apply };
    Ok(Answer::row(ask.style, APPLY, &row).about(&row.apply.no))
}
