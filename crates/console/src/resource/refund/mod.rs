//! Refund and exchange orders (退换单): find, make, change, audit, refuse, settle, cancel.

mod make;

use erp::aftersale::{self, OutLine, RefundChange, RefundFilter, RefundLine, RefundOrder};
use store::{Reader, Tx};
use units::{Moment, Money};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, list, money, personal, quantity, text, time};

use super::lookup::Names;
use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    refund: RefundOrder,
    shop_no: String,
    warehouse_no: String,
}

const LINE: &[Column<RefundLine>] = &[
    text("oid", "line of the raw order / 子订单编号", |l| &l.oid),
    text("tid", "raw order / 原始单号", |l| &l.tid),
    text("trade_no", "system order / 系统订单号", |l| &l.order_no),
    text("spec_no", "merchant code / 商家编码", |l| &l.spec_no),
    text("goods_name", "name / 货品名称", |l| &l.goods_name),
    quantity("order_num", "ordered / 下单数量", |l| l.order_num),
    quantity("refund_num", "refunded / 退货数量", |l| l.num),
    quantity("stockin_num", "received / 入库数量", |l| l.received),
    quantity("arrived_num", "on a stock-in that waits for its audit / 待审核入库数量", |l| l.arrived),
    money("price", "what the buyer owed for a piece / 单价", |l| l.price),
    money("paid", "paid for these pieces / 已付", |l| l.paid),
    money("refund_amount", "share of the amount / 退款金额", |l| l.amount),
];

const OUT: &[Column<OutLine>] = &[
    text("merchant_no", "merchant code / 商家编码", |o| &o.merchant_no),
    text("goods_name", "name / 货品名称", |o| &o.goods_name),
    quantity("num", "pieces / 数量", |o| o.num),
    money("price", "price of a piece / 单价", |o| o.price),
];

const REFUND: &[Column<Row>] = &[
    text("refund_no", "number / 退换单号", |r| &r.refund.no),
    text("outer_no", "number of whoever asked for it / 外部单号", |r| &r.refund.outer_no),
    text("src_no", "raw refund; empty = made by hand / 平台退款单号", |r| &r.refund.src_no),
    text("shop_no", "shop / 店铺编号", |r| &r.shop_no),
    text("tid", "raw order / 原始单号", |r| &r.refund.tid),
    text("trade_no", "system order / 系统订单号", |r| &r.refund.order_no),
    int("type", "1 refund, 2 return, 3 exchange, 4 without return, 5 supplementary payment / 类型", |r| {
        r.refund.kind.code()
    }),
    text("type_name", "the same in words / 类型名称", |r| r.refund.kind.chinese()),
    int("process_status", "state / 状态", |r| r.refund.status.code()),
    text("process_status_name", "the same in words / 状态名称", |r| r.refund.status.chinese()),
    int("status", "state on the platform / 平台状态", |r| r.refund.platform_status.code()),
    text("warehouse_no", "warehouse that waits for the goods / 退货仓库", |r| &r.warehouse_no),
    money("goods_amount", "value of the goods / 货品金额", |r| r.refund.goods_amount),
    money("refund_amount", "what the buyer gets back / 退款金额", |r| r.refund.refund_amount),
    money("exchange_amount", "value of the goods sent out / 换出金额", |r| r.refund.exchange_amount),
    money("actual_refund_amount", "given back; 0 before the settlement / 实退金额", |r| {
        r.refund.actual_refund_amount
    }),
    flag("over_paid", "a person confirmed more than was paid / 超额已确认", |r| r.refund.over_paid),
    int("return_mask", "bits: 4 one raw order, 8 on the way, 16 amount to be confirmed / 标志位", |r| r.refund.mask),
    text("reason", "reason / 原因", |r| &r.refund.reason),
    text("remark", "remark / 备注", |r| &r.refund.remark),
    text("revert_reason", "why it was refused or cancelled / 拒绝或取消原因", |r| &r.refund.revert_reason),
    text("logistics_name", "carrier of the return / 退回物流", |r| &r.refund.parcel.name),
    text("logistics_no", "its waybill / 退回物流单号", |r| &r.refund.parcel.no),
    int("consign_mode", "exchange goods go out: 0 as set, 1 at the audit, 2 after the receipt / 换出方式", |r| {
        r.refund.consign_mode
    }),
    text("swap_trade_no", "raw order of the exchange goods / 换出原始单号", |r| {
        r.refund.swap.as_ref().map_or("", |swap| &swap.tid)
    }),
    int("wms_status", "outsourced warehouse: 0 nothing yet, 1 failed, 2 succeeded / 委外状态", |r| {
        r.refund.wms.status
    }),
    text("wms_result", "its words / 委外结果", |r| &r.refund.wms.result),
    text("wms_outer_no", "its number / 委外单号", |r| &r.refund.wms.outer_no),
    personal("buyer_nick", "nick / 客户网名", |r| &r.refund.people.nick),
    personal("return_name", "sender of the return / 退货人", |r| &r.refund.people.return_name),
    personal("return_mobile", "mobile / 退货人手机", |r| &r.refund.people.return_mobile),
    personal("swap_receiver", "receiver of the exchange goods / 换货收件人", |r| &r.refund.people.swap_receiver),
    personal("swap_address", "street address / 换货地址", |r| &r.refund.people.swap_address),
    text("creator_name", "who made it / 创建人", |r| &r.refund.creator),
    text("checker_name", "who audited it / 审核人", |r| &r.refund.checker),
    time("finish_time", "settled / 结算时间", |r| r.refund.finished),
    list!("lines", "goods that come back or are refunded / 退货明细", LINE, |r| r.refund.lines.iter()),
    list!("out_lines", "goods sent out / 换出明细", OUT, |r| r.refund.out.iter()),
    time("created", "first stored / 创建时间", |r| Some(r.refund.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.refund.modified)),
];

arguments! {
    /// Which refund orders.
    struct Which {
        /// raw refund / 平台退款单号
        src_no: Option<Text<40>>,
        /// raw order / 原始单号
        tid: Option<Text<40>>,
        /// state / 状态
        process_status: Option<i64>,
        /// only of this shop / 店铺编号
        shop_no: Option<Text<40>>,
        /// only for this warehouse / 仓库编号
        warehouse_no: Option<Text<40>>,
        /// waybill of the return / 退回物流单号
        logistics_no: Option<Text<40>>,
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
    /// Which refund order.
    struct One {
        /// number / 退换单号
        refund_no: Text<40>,
    }
}

arguments! {
    /// Which refund order, and why.
    struct Why {
        /// number / 退换单号
        refund_no: Text<40>,
        /// reason / 原因
        reason: Option<Text<255>>,
    }
}

arguments! {
    /// What to change; what is absent stays.
    struct Change {
        /// number / 退换单号
        refund_no: Text<40>,
        /// warehouse that waits for the goods; while it waits for audit / 退货仓库
        warehouse_no: Option<Text<40>>,
        /// what the buyer gets back; while it waits for audit / 退款金额
        refund_amount: Option<Money>,
        /// freight within it; while it waits for audit / 邮费
        post_amount: Option<Money>,
        /// anything else within it; while it waits for audit / 其他金额
        other_amount: Option<Money>,
        /// reason; while it waits for audit / 原因
        reason: Option<Text<255>>,
        /// when exchange goods go out: 0, 1, 2; while it waits for audit / 换出方式
        consign_mode: Option<make::ConsignMode>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// mark / 标记
        flag_name: Option<Text<32>>,
        /// carrier of the return; while it is open / 退回物流
        logistics_name: Option<Text<40>>,
        /// its waybill; while it is open / 退回物流单号
        logistics_no: Option<Text<40>>,
    }
}

arguments! {
    /// What the outsourced warehouse said.
    struct Announced {
        /// number / 退换单号
        refund_no: Text<40>,
        /// it took the announcement / 是否成功
        success: bool,
        /// its number / 委外单号
        wms_outer_no: Option<Text<40>>,
        /// why not / 失败原因
        message: Option<Text<255>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let rows = Shape::Rows("refunds", || describe(REFUND));
    let row = Shape::Row(|| describe(REFUND));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let post = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: row };
    vec![
        reads(head("refund.list", Verb::Get, "/refunds", ("list refund orders", "退换单列表"), rows), find),
        reads(head("refund.get", Verb::Get, "/refunds/{refund_no}", ("one refund order", "退换单详情"), row), get),
        writes(post("refund.create", "/refunds", ("make a refund order", "新建退换单")), make::create),
        writes(head("refund.change", Verb::Patch, "/refunds/{refund_no}", ("change", "修改退换单"), row), change),
        writes(post("refund.audit", "/refunds/{refund_no}/audit", ("audit", "审核退换单")), audit),
        writes(
            post("refund.finance_audit", "/refunds/{refund_no}/finance-audit", ("finance agrees", "财审退换单")),
            finance_audit,
        ),
        writes(post("refund.refuse", "/refunds/{refund_no}/refuse", ("refuse", "拒绝退换单")), refuse),
        writes(post("refund.settle", "/refunds/{refund_no}/settle", ("the money went out", "结算退换单")), settle),
        writes(
            post(
                "refund.settle_early",
                "/refunds/{refund_no}/settle-early",
                ("settle before arrival", "提前结算退换单"),
            ),
            settle_early,
        ),
        writes(
            post(
                "refund.announced",
                "/refunds/{refund_no}/announced",
                ("what the outsourced warehouse said to the announcement", "委外推送结果"),
            ),
            announced,
        ),
        writes(post("refund.cancel", "/refunds/{refund_no}/cancel", ("cancel", "取消退换单")), cancel),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let (mut shops, mut warehouses) = (Vec::new(), Vec::new());
    if let Some(no) = which.shop_no.as_deref() {
        shops.push(erp::catalog::shop_by_no(reader, no)?.id);
    }
    if let Some(no) = which.warehouse_no.as_deref() {
        warehouses.push(erp::catalog::warehouse_by_no(reader, no)?.id);
    }
    let filter = RefundFilter {
        src_no: which.src_no.as_deref(),
        tid: which.tid.as_deref(),
        waybill: which.logistics_no.as_deref(),
        statuses: which.process_status.into_iter().collect(),
        shops,
        warehouses,
        window: window(which.start_time, which.end_time)?,
        ..RefundFilter::default()
    };
    let found = aftersale::refunds(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(found.rows.len());
    for refund in found.rows {
        rows.push(row(reader, &mut names, refund)?);
    }
    Ok(Answer::rows(ask.style, "refunds", REFUND, &rows, found.total))
}

fn row(reader: &mut Reader, names: &mut Names, refund: RefundOrder) -> Result<Row, Fault> {
    let (shop_no, warehouse_no) = (names.shop(reader, refund.shop)?, names.warehouse(reader, refund.warehouse)?);
    Ok(Row { refund, shop_no, warehouse_no })
}

fn show(ask: &Ask, reader: &mut Reader, refund: RefundOrder) -> Result<Answer, Fault> {
    let row = row(reader, &mut Names::default(), refund)?;
    Ok(Answer::row(ask.style, REFUND, &row).about(&row.refund.no))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let refund = aftersale::refund_by_no(reader, &one.refund_no)?;
    show(ask, reader, refund)
}

fn owned<const MAX: usize>(text: &Option<Text<MAX>>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

fn change(ask: &Ask, given: &Change, tx: &mut Tx) -> Result<Answer, Fault> {
    let change = RefundChange {
        warehouse_no: owned(&given.warehouse_no),
        amount: given.refund_amount,
        post_amount: given.post_amount,
        other_amount: given.other_amount,
        reason: owned(&given.reason),
        consign_mode: given.consign_mode.map(make::ConsignMode::code),
        remark: owned(&given.remark),
        flag_name: owned(&given.flag_name),
        logistics_name: owned(&given.logistics_name),
        logistics_no: owned(&given.logistics_no),
    };
    let refund = aftersale::edit_refund(tx, &given.refund_no, &change, WHO)?;
    show(ask, tx, refund)
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let refund = aftersale::audit_refund(tx, &ask.settings, &one.refund_no, WHO)?;
    show(ask, tx, refund)
}

fn finance_audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let refund = aftersale::finance_audit_refund(tx, &ask.settings, &one.refund_no, WHO)?;
    show(ask, tx, refund)
}

fn refuse(ask: &Ask, why: &Why, tx: &mut Tx) -> Result<Answer, Fault> {
    let reason = why.reason.as_deref().unwrap_or_default();
    let refund = aftersale::refuse_refund(tx, &ask.settings, &why.refund_no, reason, WHO)?;
    show(ask, tx, refund)
}

fn settle(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let refund = aftersale::settle_refund(tx, &ask.settings, &one.refund_no, WHO)?;
    show(ask, tx, refund)
}

fn settle_early(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let refund = aftersale::settle_refund_early(tx, &ask.settings, &one.refund_no, WHO)?;
    show(ask, tx, refund)
}

fn announced(ask: &Ask, said: &Announced, tx: &mut Tx) -> Result<Answer, Fault> {
    let result = if said.success {
        Ok(said.wms_outer_no.as_deref().unwrap_or_default())
    } else {
        Err(said.message.as_deref().unwrap_or_default())
    };
    let refund = aftersale::announce_result(tx, &said.refund_no, result, WHO)?;
    show(ask, tx, refund)
}

fn cancel(ask: &Ask, why: &Why, tx: &mut Tx) -> Result<Answer, Fault> {
    let reason = why.reason.as_deref().unwrap_or_default();
    let refund = aftersale::cancel_refund(tx, &ask.settings, &why.refund_no, reason, WHO)?;
    show(ask, tx, refund)
}
