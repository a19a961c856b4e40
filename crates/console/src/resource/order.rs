//! Orders (系统订单): find, audit, reject, ship, cancel.

use erp::order::{self, Buyer, Order, OrderFilter, OrderLine};
use store::{Reader, Tx};
use units::Moment;
use wire::args::{List, Text, Values, arguments};
use wire::rows::{Column, describe, int, list, money, owned, personal, quantity, text, time};

use super::lookup::Names;
use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

struct Row {
    order: Order,
    buyer: Buyer,
    shop_no: String,
    warehouse_no: String,
    shortage: String,
}

const LINE: &[Column<OrderLine>] = &[
    int("rec_id", "key / 明细id", |l| store::wire_id(l.id)),
    text("tid", "raw order / 原始单号", |l| &l.tid),
    text("oid", "its line / 子订单编号", |l| &l.oid),
    text("spec_no", "merchant code / 商家编码", |l| &l.spec_no),
    text("goods_name", "name / 货品名称", |l| &l.goods_name),
    text("spec_name", "spec / 规格名称", |l| &l.spec_name),
    quantity("num", "ordered / 下单数量", |l| l.num),
    quantity("actual_num", "to be shipped / 实发数量", |l| l.actual_num),
    money("price", "price of a piece / 单价", |l| l.price),
    int(
        "stock_reserved",
        "what it holds of the stock; 0 nothing, 2 unpaid, 3 waits for audit, 4 waits for shipment, 5 pre-sale / 占用库存状态",
        |l| l.reserved.code(),
    ),
    money("share_amount", "what the buyer pays for it / 分摊后总价", |l| l.share_amount),
    money("share_post", "freight on it / 分摊邮费", |l| l.share_post),
    money("paid", "paid for it / 已付", |l| l.paid),
    int("gift_type", "0 none, 1 by rule, 2 by hand / 赠品方式", |l| l.gift_type),
    int("refund_status", "refund / 退款状态", |l| l.refund_status),
];

const ORDER: &[Column<Row>] = &[
    int("trade_id", "key / 订单id", |r| store::wire_id(r.order.id)),
    text("trade_no", "number / 订单号", |r| &r.order.no),
    owned("tids", "raw orders in it, comma separated / 原始单号", |r| {
        r.order.raw.iter().map(|(_, tid)| tid.as_str()).collect::<Vec<_>>().join(",")
    }),
    text("shop_no", "shop / 店铺编号", |r| &r.shop_no),
    text("warehouse_no", "warehouse / 仓库编号", |r| &r.warehouse_no),
    int("trade_status", "state / 订单状态", |r| r.order.status.code()),
    text("trade_status_name", "the same in words / 订单状态名称", |r| r.order.status.chinese()),
    text("shortage", "lines that wait for stock; empty = none / 缺货明细", |r| &r.shortage),
    int(
        "freeze_reason",
        "why it is frozen; 0 = it is not, 2 by hand, 3 addresses differ, 4 goods exchanged / 冻结原因",
        |r| r.order.marks.freeze.as_ref().map_or(0, |freeze| freeze.reason),
    ),
    text("freeze_reason_info", "the same in words / 冻结说明", |r| {
        r.order.marks.freeze.as_ref().map_or("", |freeze| &freeze.note)
    }),
    int("bad_reason", "bits of what somebody should look at / 异常标记", |r| r.order.bad_reason),
    owned("bad_reason_info", "the same in words / 异常说明", |r| order::bad_words(r.order.bad_reason)),
    int("refund_status", "0 none, 1 applied, 2 partial, 3 full, 4 closed / 退款状态", |r| r.order.refund_status),
    int("unmerge_mask", "1 sibling unpaid, 2 same-name order not merged / 未合并标记", |r| {
        r.order.marks.unmerge_mask
    }),
    int("gift_mask", "1 asked without match, 2 by rule, 4 by hand / 赠品标记", |r| r.order.marks.gift_mask),
    time("delay_to_time", "when it wakes / 激活时间", |r| r.order.marks.wakes),
    int("split_from_trade_id", "key of the order it was split from; negative = by a rule / 拆分自", |r| {
        split_from(&r.order)
    }),
    text("merged_into", "the order that took its goods / 合并到", |r| &r.order.marks.merged_into),
    text("customer_no", "customer / 客户编号", |r| &r.order.marks.customer_no),
    text("fchecker_name", "who audited it for finance / 财审人", |r| &r.order.marks.finance_checker),
    int("version_id", "counts changes / 版本", |r| r.order.version),
    text("stockout_no", "stock-out in force / 出库单号", |r| r.order.stock_out.as_ref().map_or("", |(_, no)| no)),
    text("logistics_no", "carrier's number / 物流编号", |r| &r.order.carriage.no),
    text("logistics_name", "carrier's name / 物流名称", |r| &r.order.carriage.name),
    text("waybill", "waybill / 物流单号", |r| &r.order.carriage.waybill),
    personal("buyer_nick", "nick / 客户网名", |r| &r.buyer.nick),
    personal("receiver_name", "receiver / 收件人", |r| &r.buyer.name),
    personal("receiver_mobile", "mobile / 手机", |r| &r.buyer.mobile),
    text("receiver_area", "province, city, district / 省市区", |r| &r.order.area),
    personal("receiver_address", "street address / 地址", |r| &r.buyer.address),
    money("post_amount", "freight / 邮费", |r| r.order.post_amount),
    money("paid", "paid / 已付", |r| r.order.paid),
    money("receivable", "due / 应付", |r| r.order.due),
    text("revert_reason", "why it was sent back / 驳回原因", |r| &r.order.revert_reason),
    text("cancel_reason", "why it was cancelled / 取消原因", |r| &r.order.cancel_reason),
    text("checker_name", "who audited it / 审核人", |r| &r.order.checker),
    time("trade_time", "ordered / 下单时间", |r| r.order.trade_time),
    time("pay_time", "paid at / 付款时间", |r| r.order.pay_time),
    list!("lines", "lines / 明细", LINE, |r| r.order.lines.iter()),
    time("created", "first stored / 创建时间", |r| Some(r.order.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.order.modified)),
];

arguments! {
    /// Which orders.
    struct Which {
        /// raw order number / 原始单号
        tid | src_tid: Option<Text<40>>,
        /// state / 订单状态
        trade_status: Option<i64>,
        /// only of this shop / 店铺编号
        shop_no: Option<Text<40>>,
        /// only from this warehouse / 仓库编号
        warehouse_no: Option<Text<40>>,
        /// waybill / 物流单号
        waybill: Option<Text<40>>,
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
        /// number / 订单号
        trade_no: Text<40>,
    }
}

arguments! {
    /// Which order, and why.
    struct Why {
        /// number / 订单号
        trade_no: Text<40>,
        /// reason / 原因
        reason: Option<Text<255>>,
    }
}

arguments! {
    /// A shipment.
    struct Parcel {
        /// number / 订单号
        trade_no: Text<40>,
        /// carrier's number; absent = the one that the order has / 物流编号
        logistics_no | carrier_no: Option<Text<40>>,
        /// waybill; of several parcels the one the mall hears of / 物流单号
        waybill: Text<40>,
        /// waybills of further parcels / 其他包裹的物流单号
        parcels: Option<Values<Text<40>, 0, 50>>,
        /// only these lines or pieces leave, in a parcel of their own; the rest stays with the warehouse / 部分发货
        lines: Option<List<super::order_flow::Piece, 1, 200>>,
        /// the goods are gone although the stock-out was intercepted: the order becomes 异常发货 / 拦截后仍已发货
        despite_block: Option<bool>,
    }
}

arguments! {
    /// Several orders.
    struct Several {
        /// numbers / 订单号
        trade_nos: Values<Text<40>, 1, 100>,
    }
}

/// The answer that shows orders.
pub(super) const SEVERAL: Shape = Shape::Rows("orders", || describe(ORDER));
/// The answer that shows one order.
pub(super) const ONE: Shape = Shape::Row(|| describe(ORDER));

/// The answer of an operation that several orders come out of.
pub(super) fn show_several(ask: &Ask, reader: &mut Reader, numbers: &[&str]) -> Result<Answer, Fault> {
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(numbers.len());
    for no in numbers {
        let (order, buyer) = stored(reader, no)?;
        rows.push(row(reader, &mut names, order, buyer)?);
    }
    let subject = numbers.first().copied().unwrap_or_default();
    Ok(Answer::rows(ask.style, "orders", ORDER, &rows, Some(rows.len() as i64)).about(subject))
}

pub(super) fn operations() -> Vec<Operation> {
    let (rows, row) = (SEVERAL, ONE);
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(head("order.list", Verb::Get, "/orders", ("list orders", "订单列表"), rows), find),
        reads(head("order.get", Verb::Get, "/orders/{trade_no}", ("one order", "订单详情"), row), get),
        writes(head("order.audit", Verb::Post, "/orders/{trade_no}/audit", ("audit", "审核订单"), row), audit),
        writes(
            head("order.audit_several", Verb::Post, "/orders/audit", ("audit several, all or none", "批量审核"), rows),
            audit_several,
        ),
        writes(
            head("order.reject", Verb::Post, "/orders/{trade_no}/reject", ("reject an audited order", "驳回订单"), row),
            reject,
        ),
        writes(head("order.ship", Verb::Post, "/orders/{trade_no}/ship", ("ship with a waybill", "发货"), row), ship),
        writes(head("order.cancel", Verb::Post, "/orders/{trade_no}/cancel", ("cancel", "取消订单"), row), cancel),
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
    let filter = OrderFilter {
        src_tid: which.tid.as_deref(),
        waybill: which.waybill.as_deref(),
        statuses: which.trade_status.into_iter().collect(),
        shops,
        warehouses,
        window: window(which.start_time, which.end_time)?,
        ..OrderFilter::default()
    };
    let found = order::orders(reader, &filter, page(which.page_no, which.page_size)?)?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(found.rows.len());
    for (order, buyer) in found.rows {
        rows.push(row(reader, &mut names, order, buyer)?);
    }
    Ok(Answer::rows(ask.style, "orders", ORDER, &rows, found.total))
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    show(ask, reader, &one.trade_no)
}

fn audit(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    order::audit(tx, &ask.settings, &one.trade_no, WHO)?;
    show(ask, tx, &one.trade_no)
}

fn audit_several(ask: &Ask, several: &Several, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut rows = Vec::with_capacity(several.trade_nos.len());
    let mut names = Names::default();
    for no in several.trade_nos.iter() {
        order::audit(tx, &ask.settings, no, WHO)?;
        let (order, buyer) = stored(tx, no)?;
        rows.push(row(tx, &mut names, order, buyer)?);
    }
    let subject = rows.first().map(|row| row.order.no.clone()).unwrap_or_default();
    Ok(Answer::rows(ask.style, "orders", ORDER, &rows, Some(rows.len() as i64)).about(&subject))
}

fn reject(ask: &Ask, why: &Why, tx: &mut Tx) -> Result<Answer, Fault> {
    order::reject(tx, &ask.settings, &why.trade_no, why.reason.as_deref().unwrap_or_default(), WHO)?;
    show(ask, tx, &why.trade_no)
}

fn ship(ask: &Ask, parcel: &Parcel, tx: &mut Tx) -> Result<Answer, Fault> {
    let carrier = parcel.logistics_no.as_deref().filter(|no| !no.is_empty());
    let how = order::Shipping {
        carrier_no: carrier,
        waybill: &parcel.waybill,
        parcels: parcel.parcels.iter().flat_map(|list| list.iter()).map(ToString::to_string).collect(),
        despite_block: parcel.despite_block.unwrap_or(false),
    };
    let shipped = match &parcel.lines {
        None => order::ship_with(tx, &ask.settings, &parcel.trade_no, &how)?,
        Some(lines) => order::ship_part(tx, &ask.settings, &parcel.trade_no, &super::order_flow::takes(lines), &how)?,
    };
    show(ask, tx, &shipped.no)
}

fn cancel(ask: &Ask, why: &Why, tx: &mut Tx) -> Result<Answer, Fault> {
    order::cancel(tx, &ask.settings, &why.trade_no, why.reason.as_deref().unwrap_or_default())?;
    show(ask, tx, &why.trade_no)
}

/// Key of the order it was split from, as the wire shows keys; negative when a rule split it.
fn split_from(order: &Order) -> i64 {
    let from = order.marks.split_from;
    store::wire_id(from.abs()) * from.signum()
}

/// The answer of every operation on one order.
pub(super) fn show(ask: &Ask, reader: &mut Reader, no: &str) -> Result<Answer, Fault> {
    let (order, buyer) = stored(reader, no)?;
    let row = row(reader, &mut Names::default(), order, buyer)?;
    Ok(Answer::row(ask.style, ORDER, &row).about(no))
}

fn stored(reader: &mut Reader, no: &str) -> Result<(Order, Buyer), Fault> {
    let filter = OrderFilter { no: Some(no), ..OrderFilter::default() };
    let found = order::orders(reader, &filter, erp::catalog::Page { no: 0, size: 1 })?;
    found.rows.into_iter().next().ok_or_else(|| Fault::not_found(format!("no order {no}")))
}

fn row(reader: &mut Reader, names: &mut Names, order: Order, buyer: Buyer) -> Result<Row, Fault> {
    Ok(Row {
        shop_no: names.shop(reader, order.shop)?,
        warehouse_no: names.warehouse(reader, order.warehouse)?,
        shortage: order.shortage(),
        order,
        buyer,
    })
}
