//! Platform bills (平台账单): imported by shop, then linked, confirmed, reconciled.

use erp::catalog;
use erp::report::{self, Bill, BillEvent, BillFilter, BillStatus, NewBill};
use serde_json::json;
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, describe, flag, int, money, personal, quantity, text, time};

use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const BILL: &[Column<Bill>] = &[
    int("rec_id", "key / 记录id", |b| store::wire_id(b.id)),
    int("status", "state / 状态", |b| b.status.code()),
    text("status_name", "the same in words / 状态名称", |b| b.status.chinese()),
    int("type", "0 other, 1 receipt, 2 refund / 类型", |b| b.facts.kind),
    text("order_no", "related order / 订单号", |b| &b.facts.order_no),
    text("pay_order_no", "payment number / 支付单号", |b| &b.facts.pay_order_no),
    money("in_amount", "received / 收入", |b| b.facts.in_amount),
    money("out_amount", "paid out / 支出", |b| b.facts.out_amount),
    quantity("num", "pieces / 数量", |b| b.facts.num),
    money("balance", "balance afterwards / 余额", |b| b.facts.balance),
    flag("is_guarantee", "escrow / 担保", |b| b.facts.is_guarantee),
    text("item", "business type / 业务类型", |b| &b.facts.item),
    personal("opt_pay_account", "counterpart account / 对方账号", |b| &b.facts.opt_pay_account),
    text("description", "description / 描述", |b| &b.facts.description),
    text("remark", "remark / 备注", |b| &b.facts.remark),
    time("create_time", "paid when / 支付时间", |b| Some(b.facts.paid)),
    time("created", "first stored / 下载时间", |b| Some(b.created)),
    time("modified", "last changed / 修改时间", |b| Some(b.modified)),
];

arguments! {
    /// A line of a bill.
    struct Line {
        /// 0 other, 1 receipt (default), 2 refund / 类型
        r#type: Option<i64>,
        /// related order / 订单号
        order_no: Option<Text<40>>,
        /// payment number / 支付单号
        pay_order_no: Option<Text<40>>,
        /// received / 收入
        in_amount: Option<Money>,
        /// paid out / 支出
        out_amount: Option<Money>,
        /// pieces / 数量
        num: Option<Quantity>,
        /// balance of the account afterwards / 余额
        balance: Option<Money>,
        /// escrow / 担保
        is_guarantee: Option<bool>,
        /// business type of the platform / 业务类型
        item: Option<Text<40>>,
        /// counterpart account / 对方账号
        opt_pay_account: Option<Text<128>>,
        /// description / 描述
        description: Option<Text<128>>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// paid when / 支付时间
        create_time: Moment,
    }
}

arguments! {
    /// Lines of one shop.
    struct Import {
        /// shop / 店铺编号
        shop_no: Text<40>,
        /// lines; one that is known already changes / 明细
        lines: List<Line, 1, 2000>,
    }
}

arguments! {
    /// Which lines.
    struct Which {
        /// only of this shop / 店铺编号
        shop_no: Option<Text<40>>,
        /// state / 状态
        status: Option<i64>,
        /// paid at or after / 开始时间
        start_time: Option<Moment>,
        /// paid at or before / 结束时间
        end_time: Option<Moment>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// Which line.
    struct One {
        /// key / 记录id
        rec_id: i64,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(BILL));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(
            head(
                "bill.list",
                Verb::Get,
                "/bills",
                ("list bill lines", "账单列表"),
                Shape::Rows("bills", || describe(BILL)),
            ),
            all,
        ),
        writes(
            head(
                "bill.import",
                Verb::Post,
                "/bills",
                ("import bill lines of a shop", "导入账单"),
                Shape::Free("new, changed, same: how many lines"),
            ),
            import,
        ),
        writes(
            head("bill.link", Verb::Post, "/bills/{rec_id}/link", ("its order became known", "关联账单"), row),
            |ask, one, tx| step(ask, one, tx, BillEvent::Link),
        ),
        writes(
            head("bill.confirm", Verb::Post, "/bills/{rec_id}/confirm", ("confirm a line", "确认账单"), row),
            |ask, one, tx| step(ask, one, tx, BillEvent::Confirm),
        ),
        writes(
            head(
                "bill.reconcile",
                Verb::Post,
                "/bills/{rec_id}/reconcile",
                ("checked against the money", "账单对账"),
                row,
            ),
            |ask, one, tx| step(ask, one, tx, BillEvent::Reconcile),
        ),
        writes(
            head("bill.reopen", Verb::Post, "/bills/{rec_id}/reopen", ("take a confirmation back", "账单反确认"), row),
            |ask, one, tx| step(ask, one, tx, BillEvent::Reopen),
        ),
    ]
}

fn all(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let mut shops = Vec::new();
    if let Some(no) = which.shop_no.as_deref() {
        shops.push(catalog::shop_by_no(reader, no)?.id);
    }
    let status = which
        .status
        .map(|code| BillStatus::from_code(code).ok_or_else(|| Fault::invalid("status", "status is 0, 1, 3 or 4")));
    let filter = BillFilter { shops, paid: window(which.start_time, which.end_time)?, status: status.transpose()? };
    let found = report::bills(reader, &filter, page(which.page_no, which.page_size)?)?;
    Ok(Answer::rows(ask.style, "bills", BILL, &found.rows, found.total))
}

fn import(_: &Ask, import: &Import, tx: &mut Tx) -> Result<Answer, Fault> {
    let shop = catalog::shop_by_no(tx, &import.shop_no)?;
    let mut lines = Vec::with_capacity(import.lines.len());
    for (index, line) in import.lines.iter().enumerate() {
        let kind = line.r#type.unwrap_or(1);
        if !(0..=2).contains(&kind) {
            return Err(Fault::invalid(&format!("lines[{index}].type"), "type is 0, 1 or 2"));
        }
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        lines.push(NewBill {
            kind,
            order_no: text(line.order_no.as_deref()),
            pay_order_no: text(line.pay_order_no.as_deref()),
            in_amount: line.in_amount.unwrap_or_default(),
            out_amount: line.out_amount.unwrap_or_default(),
            num: line.num.unwrap_or_default(),
            balance: line.balance.unwrap_or_default(),
            is_guarantee: line.is_guarantee.unwrap_or_default(),
            item: text(line.item.as_deref()),
            opt_pay_account: text(line.opt_pay_account.as_deref()),
            description: text(line.description.as_deref()),
            remark: text(line.remark.as_deref()),
            paid: line.create_time,
        });
    }
    let done = report::import_bills(tx, shop.id, &lines)?;
    let body = json!({ "new": done.new, "changed": done.changed, "same": done.same });
    Ok(Answer::json(&body).about(&shop.no))
}

fn step(ask: &Ask, one: &One, tx: &mut Tx, event: BillEvent) -> Result<Answer, Fault> {
    if one.rec_id <= 0 || store::wire_id(one.rec_id) != one.rec_id {
        return Err(Fault::not_found(format!("no bill line {}", one.rec_id)));
    }
    let id = tx.tenant().id(one.rec_id);
    let bill = report::change_bill(tx, id, event)?;
    Ok(Answer::row(ask.style, BILL, &bill).about(&one.rec_id.to_string()))
}
