//! Raw orders (原始订单): what malls pushed; submission by hand.

use erp::order::{self, PushLine, RawFilter, RawOrder};
use store::{Reader, Tx};
use units::Moment;
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, int, list, money, personal, quantity, text, time};

use super::lookup::Names;
use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    raw: RawOrder,
    shop_no: String,
}

const LINE: &[Column<PushLine>] = &[
    text("oid", "number of the line / 子订单编号", |l| &l.oid),
    int("status", "state on the platform / 平台状态", |l| l.status.code()),
    text("spec_no", "platform's code / 商家编码", |l| &l.spec_no),
    text("goods_name", "name / 货品名称", |l| &l.goods_name),
    quantity("num", "pieces / 数量", |l| l.num),
    money("price", "price of a piece / 单价", |l| l.price),
];

const RAW: &[Column<Row>] = &[
    text("tid", "number of the mall / 原始单号", |r| &r.raw.facts.tid),
    text("shop_no", "shop / 店铺编号", |r| &r.shop_no),
    int("trade_status", "state on the platform / 平台状态", |r| r.raw.facts.status.code()),
    int("process_status", "how far the ERP is / 处理状态", |r| r.raw.process.code()),
    text("process_status_name", "the same in words / 处理状态名称", |r| r.raw.process.chinese()),
    text("reason", "why it was not submitted / 未递交原因", |r| &r.raw.reason),
    personal("buyer_nick", "nick / 客户网名", |r| &r.raw.facts.buyer.nick),
    personal("receiver_name", "receiver / 收件人", |r| &r.raw.facts.buyer.name),
    personal("receiver_mobile", "mobile / 手机", |r| &r.raw.facts.buyer.mobile),
    personal("receiver_address", "street address / 地址", |r| &r.raw.facts.buyer.address),
    money("paid", "paid / 已付", |r| r.raw.facts.paid),
    list!("lines", "lines / 明细", LINE, |r| r.raw.facts.lines.iter()),
    time("created", "first stored / 创建时间", |r| Some(r.raw.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.raw.modified)),
];

arguments! {
    /// Which raw orders.
    struct Which {
        /// only this one / 原始单号
        tid: Option<Text<40>>,
        /// only of this shop / 店铺编号
        shop_no: Option<Text<40>>,
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
    /// Which raw order.
    struct One {
        /// number of the mall / 原始单号
        tid: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let rows = Shape::Rows("raw_orders", || describe(RAW));
    let row = Shape::Row(|| describe(RAW));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(head("raw_order.list", Verb::Get, "/raw-orders", ("list raw orders", "原始订单列表"), rows), find),
        writes(
            head("raw_order.submit", Verb::Post, "/raw-orders/{tid}/submit", ("submit by hand", "递交原始订单"), row),
            submit,
        ),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let mut shops = Vec::new();
    if let Some(no) = which.shop_no.as_deref() {
        shops.push(erp::catalog::shop_by_no(reader, no)?.id);
    }
    let window = window(which.start_time, which.end_time)?;
    let filter = RawFilter { tids: which.tid.as_deref().into_iter().collect(), shops, window, history: false };
    let found = order::raw_orders(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(found.rows.len());
    for raw in found.rows {
        rows.push(Row { shop_no: names.shop(reader, raw.shop)?, raw });
    }
    Ok(Answer::rows(ask.style, "raw_orders", RAW, &rows, found.total))
}

fn submit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let raw = order::submit_raw(tx, &ask.settings, &one.tid)?;
    let row = Row { shop_no: Names::default().shop(tx, raw.shop)?, raw };
    Ok(Answer::row(ask.style, RAW, &row).about(&one.tid))
}
