//! Raw refunds (原始退款单): what malls pushed; submission by hand.

use erp::aftersale::{self, RawRefund, RawRefundFilter, RawRefundLine};
use store::{Reader, Tx};
use units::Moment;
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, int, list, money, personal, quantity, text, time};

use super::lookup::Names;
use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    raw: RawRefund,
    shop_no: String,
}

const LINE: &[Column<RawRefundLine>] = &[
    text("oid", "line of the raw order / 子订单编号", |l| &l.oid),
    text("spec_no", "platform's code / 商家编码", |l| &l.spec_no),
    text("goods_name", "name / 货品名称", |l| &l.goods_name),
    quantity("num", "pieces / 数量", |l| l.num),
    money("price", "what the buyer owed for a piece / 单价", |l| l.price),
];

const RAW: &[Column<Row>] = &[
    text("refund_no", "number of the platform / 平台退款单号", |r| &r.raw.refund_no),
    text("shop_no", "shop / 店铺编号", |r| &r.shop_no),
    text("tid", "raw order / 原始单号", |r| &r.raw.tid),
    int("type", "0 order cancelled, 1 unshipped, 2 return, 3 exchange, 4 without return / 类型", |r| {
        r.raw.kind.code()
    }),
    text("type_name", "the same in words / 类型名称", |r| r.raw.kind.chinese()),
    int("status", "state on the platform / 平台状态", |r| r.raw.status.code()),
    text("status_name", "the same in words / 平台状态名称", |r| r.raw.status.chinese()),
    int("process_status", "how far the ERP is / 处理状态", |r| r.raw.process.code()),
    text("process_status_name", "the same in words / 处理状态名称", |r| r.raw.process.chinese()),
    text("problem", "why it was not submitted / 未递交原因", |r| &r.raw.problem),
    text("refund_order_no", "refund order made from it / 退换单号", |r| &r.raw.refund_order_no),
    money("refund_amount", "asked for / 申请金额", |r| r.raw.amount),
    text("reason", "reason / 原因", |r| &r.raw.reason),
    text("remark", "remark / 备注", |r| &r.raw.remark),
    text("logistics_name", "carrier of the return / 退回物流", |r| &r.raw.logistics_name),
    text("logistics_no", "its waybill / 退回物流单号", |r| &r.raw.logistics_no),
    personal("buyer_nick", "nick / 客户网名", |r| &r.raw.payer.nick),
    personal("pay_account", "payment account / 支付账号", |r| &r.raw.payer.account),
    time("refund_time", "asked for when / 申请时间", |r| Some(r.raw.refund_time)),
    list!("lines", "lines / 明细", LINE, |r| r.raw.lines.iter()),
    time("created", "first stored / 创建时间", |r| Some(r.raw.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.raw.modified)),
];

arguments! {
    /// Which raw refunds.
    struct Which {
        /// only this one / 平台退款单号
        refund_no: Option<Text<40>>,
        /// of this raw order / 原始单号
        tid: Option<Text<40>>,
        /// only of this shop / 店铺编号
        shop_no: Option<Text<40>>,
        /// only in this state: 0, 10, 15, 20 / 处理状态
        process_status: Option<i64>,
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
    /// Which raw refund.
    struct One {
        /// shop / 店铺编号
        shop_no: Text<40>,
        /// number of the platform / 平台退款单号
        refund_no: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let rows = Shape::Rows("raw_refunds", || describe(RAW));
    let row = Shape::Row(|| describe(RAW));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(head("raw_refund.list", Verb::Get, "/raw-refunds", ("list raw refunds", "原始退款单列表"), rows), find),
        writes(
            head(
                "raw_refund.submit",
                Verb::Post,
                "/raw-refunds/{shop_no}/{refund_no}/submit",
                ("submit by hand, after its reason was removed", "递交原始退款单"),
                row,
            ),
            submit,
        ),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let mut shops = Vec::new();
    if let Some(no) = which.shop_no.as_deref() {
        shops.push(erp::catalog::shop_by_no(reader, no)?.id);
    }
    let filter = RawRefundFilter {
        refund_no: which.refund_no.as_deref(),
        tids: which.tid.as_deref().into_iter().collect(),
        processes: which.process_status.into_iter().collect(),
        shops,
        window: window(which.start_time, which.end_time)?,
        ..RawRefundFilter::default()
    };
    let found = aftersale::raw_refunds(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(found.rows.len());
    for raw in found.rows {
        rows.push(Row { shop_no: names.shop(reader, raw.shop)?, raw });
    }
    Ok(Answer::rows(ask.style, "raw_refunds", RAW, &rows, found.total))
}

fn submit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let shop = erp::catalog::shop_by_no(tx, &one.shop_no)?;
    let raw = aftersale::submit_raw_refund(tx, &ask.settings, shop.id, &one.refund_no, WHO)?;
    let row = Row { shop_no: shop.no, raw };
    Ok(Answer::row(ask.style, RAW, &row).about(&one.refund_no))
}
