//! Purchase orders (采购单): made and edited (`content`), moved through their states, received.

mod content;
mod row;
mod stock_in;

use erp::purchase::{self, OrderFilter, PurchaseOrder, PushOutcome};
use store::{Reader, Tx};
use units::{Moment, Money};
use wire::args::{Text, Values, arguments};
use wire::rows::describe;

use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};
use row::{ORDER, show};

arguments! {
    /// Which purchase orders.
    struct Which {
        /// the caller's number, or that of the outsourced warehouse / 外部单号
        outer_no: Option<Text<40>>,
        /// state / 状态
        purchase_status: Option<i64>,
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
    /// Which purchase order.
    struct One {
        /// number / 采购单号
        purchase_no: Text<40>,
    }
}

arguments! {
    /// Which purchase order, and why.
    struct Why {
        /// number / 采购单号
        purchase_no: Text<40>,
        /// reason / 原因
        reason: Option<Text<255>>,
    }
}

arguments! {
    /// What an outsourced warehouse answered.
    struct Told {
        /// number / 采购单号
        purchase_no: Text<40>,
        /// it has taken the order / 是否推送成功
        accepted: bool,
        /// its number for the order / 委外单号
        wms_no: Option<Text<40>>,
        /// why it has not / 失败原因
        error: Option<Text<255>>,
    }
}

arguments! {
    /// What is awaited no longer.
    struct Stop {
        /// number / 采购单号
        purchase_no: Text<40>,
        /// merchant codes; all when absent / 商家编码
        spec_nos: Option<Values<Text<40>, 0, 2000>>,
    }
}

arguments! {
    /// A payment.
    struct Pay {
        /// number / 采购单号
        purchase_no: Text<40>,
        /// how much; all that is due when absent / 结算金额
        amount: Option<Money>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(ORDER));
    let rows = Shape::Rows("purchase_orders", || describe(ORDER));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let act = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: row };
    let (all, one) = ("/purchase-orders", "/purchase-orders/{purchase_no}");
    let mut operations = vec![
        reads(head("purchase_order.list", Verb::Get, all, ("list purchase orders", "采购单列表"), rows), list),
        reads(head("purchase_order.get", Verb::Get, one, ("a purchase order", "查看采购单"), row), get),
        writes(
            head("purchase_order.create", Verb::Post, all, ("create a purchase order", "创建采购单"), row),
            content::create,
        ),
        writes(
            head("purchase_order.edit", Verb::Patch, one, ("edit a purchase order in editing", "编辑采购单"), row),
            content::edit,
        ),
        writes(
            act(
                "purchase_order.submit",
                "/purchase-orders/{purchase_no}/submit",
                ("hand a purchase order in for audit", "提交采购单"),
            ),
            submit,
        ),
        writes(
            act(
                "purchase_order.audit",
                "/purchase-orders/{purchase_no}/audit",
                ("audit a purchase order", "审核采购单"),
            ),
            audit,
        ),
        writes(
            act(
                "purchase_order.finance_audit",
                "/purchase-orders/{purchase_no}/finance-audit",
                ("audit a purchase order in finance", "财审采购单"),
            ),
            finance_audit,
        ),
        writes(
            act(
                "purchase_order.reject",
                "/purchase-orders/{purchase_no}/reject",
                ("send a purchase order back to editing", "驳回采购单"),
            ),
            reject,
        ),
        writes(
            act(
                "purchase_order.cancel",
                "/purchase-orders/{purchase_no}/cancel",
                ("cancel a purchase order", "取消采购单"),
            ),
            cancel,
        ),
        writes(
            act(
                "purchase_order.pushed",
                "/purchase-orders/{purchase_no}/pushed",
                ("keep what an outsourced warehouse answered", "委外推送结果"),
            ),
            pushed,
        ),
        writes(
            act(
                "purchase_order.stop",
                "/purchase-orders/{purchase_no}/stop",
                ("wait no longer for what is open", "采购单停止等待"),
            ),
            stop,
        ),
        writes(
            act(
                "purchase_order.to_settlement",
                "/purchase-orders/{purchase_no}/to-settlement",
                ("hand a purchase order to settlement", "采购单转结算"),
            ),
            to_settlement,
        ),
        writes(
            act(
                "purchase_order.settle",
                "/purchase-orders/{purchase_no}/settle",
                ("settle a purchase order", "结算采购单"),
            ),
            settle,
        ),
    ];
    operations.extend(stock_in::operations());
    operations
}

fn list(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let filter = OrderFilter {
        any_outer_no: which.outer_no.as_deref().filter(|no| !no.is_empty()),
        statuses: which.purchase_status.into_iter().collect(),
        window: window(which.start_time, which.end_time)?,
        ..OrderFilter::default()
    };
    let found = purchase::orders(reader, &filter, page(which.page_no, which.page_size)?)?;
    let rows = row::rows(reader, found.rows)?;
    Ok(Answer::rows(ask.style, "purchase_orders", ORDER, &rows, found.total))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let order = purchase::order_by_no(reader, &one.purchase_no)?;
    show(ask, reader, order)
}

fn submit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = purchase::submit_order(tx, &ask.settings, &one.purchase_no)?;
    show(ask, tx, order)
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = purchase::audit_order(tx, &ask.settings, &one.purchase_no, WHO)?;
    show(ask, tx, order)
}

fn finance_audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = purchase::finance_audit_order(tx, &ask.settings, &one.purchase_no, WHO)?;
    show(ask, tx, order)
}

fn reject(ask: &Ask, why: &Why, tx: &mut Tx) -> Result<Answer, Fault> {
    let reason = why.reason.as_deref().unwrap_or_default();
    let order = purchase::reject_order(tx, &ask.settings, &why.purchase_no, reason, WHO)?;
    show(ask, tx, order)
}

fn cancel(ask: &Ask, why: &Why, tx: &mut Tx) -> Result<Answer, Fault> {
    let reason = why.reason.as_deref().unwrap_or_default();
    let order = purchase::cancel_order(tx, &ask.settings, &why.purchase_no, reason, WHO)?;
    show(ask, tx, order)
}

fn pushed(ask: &Ask, told: &Told, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = purchase::order_pushed(tx, &ask.settings, &told.purchase_no, &outcome(told))?;
    show(ask, tx, order)
}

fn outcome(told: &Told) -> PushOutcome {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    match told.accepted {
        true => PushOutcome::Accepted(text(told.wms_no.as_deref())),
        false => PushOutcome::Failed(text(told.error.as_deref())),
    }
}

fn stop(ask: &Ask, stop: &Stop, tx: &mut Tx) -> Result<Answer, Fault> {
    let specs: Vec<String> = stop.spec_nos.iter().flat_map(|list| list.iter()).map(ToString::to_string).collect();
    let order = purchase::stop_waiting(tx, &ask.settings, &stop.purchase_no, &specs, WHO)?;
    show(ask, tx, order)
}

fn to_settlement(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let order: PurchaseOrder = purchase::order_to_settlement(tx, &ask.settings, &one.purchase_no)?;
    show(ask, tx, order)
}

fn settle(ask: &Ask, pay: &Pay, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = purchase::settle_order(tx, &ask.settings, &pay.purchase_no, pay.amount, WHO)?;
    show(ask, tx, order)
}
