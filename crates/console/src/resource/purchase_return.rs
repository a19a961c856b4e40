//! Purchase returns (采购退货单): made and edited, moved through their states, let out.

use erp::catalog;
use erp::purchase::{
    self, NewReturn, NewReturnLine, NewReturnOut, NewReturnOutLine, PurchaseReturn, PushOutcome, ReturnFacts,
    ReturnFilter, ReturnLine, Stage,
};
use erp::stock::WarehouseOut;
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, describe, int, list, money, personal, quantity, text, time};

use super::lookup::Names;
use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    returned: PurchaseReturn,
    warehouse_no: String,
    provider_no: String,
}

const LINE: &[Column<ReturnLine>] = &[
    int("rec_id", "key / 明细id", |l| store::wire_id(l.id)),
    text("spec_no", "merchant code / 商家编码", |l| &l.item.spec_no),
    text("goods_name", "name / 货品名称", |l| &l.item.goods_name),
    quantity("num", "pieces / 数量", |l| l.num),
    money("price", "price before discount and tax / 单价", |l| l.terms.price),
    money("tax_price", "price after tax / 税后单价", |l| l.terms.tax_price),
    quantity("out_num", "pieces that left / 已出库数量", |l| l.out_num),
    quantity("stop_num", "pieces that will not leave / 停止等待数量", |l| l.stop_num),
    text("remark", "remark / 备注", |l| &l.remark),
];

const RETURN: &[Column<Row>] = &[
    int("return_id", "key / 退货单id", |r| store::wire_id(r.returned.id)),
    text("return_no", "number / 采购退货单号", |r| &r.returned.no),
    text("outer_no", "the caller's number / 外部单号", |r| &r.returned.outer_no),
    int("return_status", "state / 状态", |r| r.returned.status.code()),
    text("return_status_name", "the same in words / 状态名称", |r| r.returned.status.chinese()),
    text("provider_no", "provider / 供应商编号", |r| &r.provider_no),
    text("warehouse_no", "warehouse / 仓库编号", |r| &r.warehouse_no),
    text("purchase_no", "purchase order / 采购单号", |r| &r.returned.facts.purchase_no),
    personal("contact", "receiver / 收货人", |r| &r.returned.facts.contact),
    personal("telno", "telephone / 电话", |r| &r.returned.facts.telno),
    personal("address", "address / 地址", |r| &r.returned.facts.address),
    money("goods_amount", "value before tax / 货款", |r| r.returned.goods_amount()),
    text("wms_no", "number of the outsourced warehouse / 委外单号", |r| &r.returned.outside.no),
    int("wms_status", "0 not told, 1 failed, 2 succeeded / 推送状态", |r| r.returned.outside.status),
    text("error_info", "why it failed / 推送失败原因", |r| &r.returned.outside.error),
    text("revert_reason", "why it was sent back / 驳回原因", |r| &r.returned.revert_reason),
    text("creator_name", "who made it / 制单人", |r| &r.returned.creator),
    text("check_operator_name", "who audited it / 审核人", |r| &r.returned.audit.by),
    time("check_time", "audited / 审核时间", |r| r.returned.audit.at),
    text("remark", "remark / 备注", |r| &r.returned.facts.remark),
    list!("lines", "lines / 明细", LINE, |r| r.returned.lines.iter()),
    time("created", "first stored / 创建时间", |r| Some(r.returned.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.returned.modified)),
];

const OUT: &[Column<WarehouseOut>] = &[
    text("stockout_no", "number / 出库单号", |o| &o.no),
    text("return_no", "purchase return / 采购退货单号", |o| &o.source_no),
    int("stockout_status", "state / 状态", |o| o.status.code()),
    text("stockout_status_name", "the same in words / 状态名称", |o| o.status.chinese()),
    quantity("goods_count", "pieces / 数量", |o| o.pieces()),
    time("consign_time", "out / 出库时间", |o| o.consigned),
];

arguments! {
    /// Which purchase returns.
    struct Which {
        /// state / 状态
        return_status: Option<i64>,
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
    /// Which purchase return.
    struct One {
        /// number / 采购退货单号
        return_no: Text<40>,
    }
}

arguments! {
    /// Which purchase return, and why.
    struct Why {
        /// number / 采购退货单号
        return_no: Text<40>,
        /// reason / 原因
        reason: Option<Text<255>>,
    }
}

arguments! {
    /// What an outsourced warehouse answered.
    struct Told {
        /// number / 采购退货单号
        return_no: Text<40>,
        /// it has taken the return / 是否推送成功
        accepted: bool,
        /// its number for the return / 委外单号
        wms_no: Option<Text<40>>,
        /// why it has not / 失败原因
        error: Option<Text<255>>,
    }
}

arguments! {
    /// A line of a return.
    struct Line {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces / 数量
        num: Quantity,
        /// price before discount and tax / 单价
        price: Money,
        /// what it is multiplied by; 1 when absent / 折扣
        discount: Option<Quantity>,
        /// rate of the tax / 税率
        tax: Option<Quantity>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

arguments! {
    /// What a return says, apart from its numbers.
    struct Content {
        /// provider / 供应商编号
        provider_no: Text<20>,
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
        /// purchase order that it is about / 采购单号
        purchase_no: Option<Text<40>>,
        /// receiver / 收货人
        contact: Option<Text<40>>,
        /// telephone / 电话
        telno: Option<Text<32>>,
        /// address / 地址
        address: Option<Text<255>>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// lines; a spec once / 明细
        lines: List<Line, 1, 2000>,
    }
}

arguments! {
    /// A return to be created; it is audited apart.
    struct New {
        /// number of one's own, used once / 外部单号
        outer_no: Option<Text<40>>,
        /// left in editing / 保存为编辑中
        editing: Option<bool>,
        /// what it says / 内容
        r#return: Content,
    }
}

arguments! {
    /// What a return in editing says from now on, as a whole.
    struct Edit {
        /// number / 采购退货单号
        return_no: Text<40>,
        /// what it says / 内容
        r#return: Content,
    }
}

arguments! {
    /// A line that leaves.
    struct OutLine {
        /// merchant code, which the return must have / 商家编码
        spec_no: Text<40>,
        /// pieces / 数量
        num: Quantity,
        /// bin / 货位
        position_no: Option<Text<20>>,
    }
}

arguments! {
    /// Goods of a return that leave.
    struct Leaving {
        /// the return / 采购退货单号
        return_no: Text<40>,
        /// number of one's own, used once / 外部单号
        outer_no: Option<Text<40>>,
        /// audit at once / 是否审核
        audit: Option<bool>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// lines / 明细
        lines: List<OutLine, 1, 2000>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(RETURN));
    let rows = Shape::Rows("purchase_returns", || describe(RETURN));
    let out = Shape::Row(|| describe(OUT));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let act = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: row };
    let (all, one) = ("/purchase-returns", "/purchase-returns/{return_no}");
    vec![
        reads(head("purchase_return.list", Verb::Get, all, ("list purchase returns", "采购退货单列表"), rows), list),
        reads(head("purchase_return.get", Verb::Get, one, ("a purchase return", "查看采购退货单"), row), get),
        writes(
            head("purchase_return.create", Verb::Post, all, ("create a purchase return", "创建采购退货单"), row),
            create,
        ),
        writes(
            head("purchase_return.edit", Verb::Patch, one, ("edit a return in editing", "编辑采购退货单"), row),
            edit,
        ),
        writes(
            act(
                "purchase_return.submit",
                "/purchase-returns/{return_no}/submit",
                ("hand a return in for audit", "提交采购退货单"),
            ),
            submit,
        ),
        writes(
            act(
                "purchase_return.audit",
                "/purchase-returns/{return_no}/audit",
                ("audit a return: its goods are reserved", "审核采购退货单"),
            ),
            audit,
        ),
        writes(
            act(
                "purchase_return.reject",
                "/purchase-returns/{return_no}/reject",
                ("send a return back to editing", "驳回采购退货单"),
            ),
            reject,
        ),
        writes(
            act(
                "purchase_return.cancel",
                "/purchase-returns/{return_no}/cancel",
                ("cancel a return", "取消采购退货单"),
            ),
            cancel,
        ),
        writes(
            act(
                "purchase_return.pushed",
                "/purchase-returns/{return_no}/pushed",
                ("keep what an outsourced warehouse answered", "委外推送结果"),
            ),
            pushed,
        ),
        writes(
            act(
                "purchase_return.stop",
                "/purchase-returns/{return_no}/stop",
                ("the rest will not leave", "采购退货单停止等待"),
            ),
            stop,
        ),
        writes(
            head(
                "purchase_return.out",
                Verb::Post,
                "/purchase-returns/{return_no}/stock-out",
                ("goods of a return leave", "采购退货出库"),
                out,
            ),
            let_out,
        ),
    ]
}

fn list(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let filter = ReturnFilter {
        statuses: which.return_status.into_iter().collect(),
        window: window(which.start_time, which.end_time)?,
        ..ReturnFilter::default()
    };
    let found = purchase::returns(reader, &filter, page(which.page_no, which.page_size)?)?;
    let rows = with_names(reader, found.rows)?;
    Ok(Answer::rows(ask.style, "purchase_returns", RETURN, &rows, found.total))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let returned = purchase::return_by_no(reader, &one.return_no)?;
    show(ask, reader, returned)
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let stage = if new.editing.unwrap_or(false) { Stage::Edit } else { Stage::Submit };
    let content = content(&new.r#return, new.outer_no.as_deref().unwrap_or_default());
    let returned = purchase::create_return(tx, &ask.settings, &content, stage, WHO)?;
    Ok(show(ask, tx, returned)?.created())
}

fn edit(ask: &Ask, edit: &Edit, tx: &mut Tx) -> Result<Answer, Fault> {
    let returned = purchase::edit_return(tx, &edit.return_no, &content(&edit.r#return, ""))?;
    show(ask, tx, returned)
}

fn submit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let returned = purchase::submit_return(tx, &ask.settings, &one.return_no)?;
    show(ask, tx, returned)
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let returned = purchase::audit_return(tx, &ask.settings, &one.return_no, WHO)?;
    show(ask, tx, returned)
}

fn reject(ask: &Ask, why: &Why, tx: &mut Tx) -> Result<Answer, Fault> {
    let reason = why.reason.as_deref().unwrap_or_default();
    let returned = purchase::reject_return(tx, &ask.settings, &why.return_no, reason, WHO)?;
    show(ask, tx, returned)
}

fn cancel(ask: &Ask, why: &Why, tx: &mut Tx) -> Result<Answer, Fault> {
    let reason = why.reason.as_deref().unwrap_or_default();
    let returned = purchase::cancel_return(tx, &ask.settings, &why.return_no, reason, WHO)?;
    show(ask, tx, returned)
}

fn pushed(ask: &Ask, told: &Told, tx: &mut Tx) -> Result<Answer, Fault> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let outcome = match told.accepted {
        true => PushOutcome::Accepted(text(told.wms_no.as_deref())),
        false => PushOutcome::Failed(text(told.error.as_deref())),
    };
    let returned = purchase::return_pushed(tx, &ask.settings, &told.return_no, &outcome)?;
    show(ask, tx, returned)
}

fn stop(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let returned = purchase::stop_return(tx, &ask.settings, &one.return_no, WHO)?;
    show(ask, tx, returned)
}

fn let_out(ask: &Ask, leaving: &Leaving, tx: &mut Tx) -> Result<Answer, Fault> {
    let line = |line: &OutLine| NewReturnOutLine {
        spec_no: line.spec_no.to_string(),
        num: line.num,
        position_no: owned(&line.position_no),
        ..NewReturnOutLine::default()
    };
    let new = NewReturnOut {
        return_no: leaving.return_no.to_string(),
        outer_no: owned(&leaving.outer_no),
        remark: owned(&leaving.remark),
        lines: leaving.lines.iter().map(line).collect(),
        ..NewReturnOut::default()
    };
    let made = purchase::push_return_out(tx, &ask.settings, &new, leaving.audit.unwrap_or(false))?;
    Ok(Answer::row(ask.style, OUT, &made).created().about(&made.no))
}

fn owned<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
    text.as_deref().unwrap_or_default().to_owned()
}

fn content(given: &Content, outer_no: &str) -> NewReturn {
    let line = |line: &Line| NewReturnLine {
        spec_no: line.spec_no.to_string(),
        num: line.num,
        price: line.price,
        discount: line.discount,
        tax: line.tax.unwrap_or_default(),
        remark: owned(&line.remark),
    };
    NewReturn {
        provider_no: given.provider_no.to_string(),
        warehouse_no: given.warehouse_no.to_string(),
        outer_no: outer_no.to_owned(),
        facts: ReturnFacts {
            purchase_no: owned(&given.purchase_no),
            contact: owned(&given.contact),
            telno: owned(&given.telno),
            address: owned(&given.address),
            remark: owned(&given.remark),
            ..ReturnFacts::default()
        },
        lines: given.lines.iter().map(line).collect(),
    }
}

fn with_names(reader: &mut Reader, returns: Vec<PurchaseReturn>) -> Result<Vec<Row>, Fault> {
    let mut keys: Vec<i64> = returns.iter().map(|returned| returned.provider).collect();
    keys.sort_unstable();
    keys.dedup();
    let providers = catalog::providers_by_id(reader, &keys)?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(returns.len());
    for returned in returns {
        let provider = providers.iter().find(|provider| provider.id == returned.provider);
        rows.push(Row {
            warehouse_no: names.warehouse(reader, returned.warehouse)?,
            provider_no: provider.map(|provider| provider.no.clone()).unwrap_or_default(),
            returned,
        });
    }
    Ok(rows)
}

fn show(ask: &Ask, reader: &mut Reader, returned: PurchaseReturn) -> Result<Answer, Fault> {
    let no = returned.no.clone();
    let rows = with_names(reader, vec![returned])?;
    let row = rows.first().ok_or_else(|| Fault::not_found(format!("no purchase return {no}")))?;
    Ok(Answer::row(ask.style, RETURN, row).about(&no))
}
