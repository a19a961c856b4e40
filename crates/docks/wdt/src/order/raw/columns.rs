//! Columns of `trade_list` in `wdt.vip.api.trade.query`.

use std::collections::HashMap;
use std::rc::Rc;

use erp::aftersale::{RawRefund, RawRefundLine};
use erp::catalog::Shop;
use erp::order::{Order, PushLine, RawOrder};
use store::wire_id;
use units::{Moment, Money, Quantity};
use wire::rows::{
    Column, constant_int, constant_text, empty, flag, int, list, money, no_time, personal, quantity, text, time, zero,
    zero_decimal,
};

use crate::rights::Warehouses;

/// What the ERP made of a page of raw orders, and what went back of them.
pub(super) struct Made {
    pub(super) orders: HashMap<i64, Order>,
    /// Raw refunds that succeeded, of the raw orders that have any.
    pub(super) refunds: Vec<RawRefund>,
    pub(super) warehouses: Warehouses,
}

impl Made {
    /// The money that raw refunds gave back: of a raw order, or of one of its lines.
    fn refunded(&self, tid: &str, oid: Option<&str>) -> Money {
        let of_tid = self.refunds.iter().filter(|refund| refund.tid == tid);
        let part = |refund: &RawRefund| match oid {
            None => refund.actual_amount,
            Some(oid) => {
                let sum = |lines: &mut dyn Iterator<Item = &RawRefundLine>| lines.map(|line| line.total).sum::<Money>();
                let whole = sum(&mut refund.lines.iter());
                let of_line = sum(&mut refund.lines.iter().filter(|line| line.oid == oid));
                if whole.is_positive() { refund.actual_amount.share(of_line, whole) } else { Money::ZERO }
            }
        };
        of_tid.map(part).sum()
    }

    /// Waybill and warehouse of a line, as far as an order has it.
    fn sent(&self, raw: &RawOrder, oid: &str) -> (String, String) {
        let has = |order: &&Order| order.lines.iter().any(|line| line.oid == oid && line.tid == raw.facts.tid);
        let found = raw.orders.iter().filter_map(|id| self.orders.get(id)).find(has);
        found.map_or_else(Default::default, |order| {
            (order.carriage.waybill.clone(), self.warehouses.get(order.warehouse).no.clone())
        })
    }
}

/// One row of `trade_list`.
pub(super) struct Raw {
    pub(super) order: RawOrder,
    shop: Rc<Shop>,
    refunded: Money,
    lines: Vec<Line>,
}

/// One row of `goods_list`.
struct Line {
    id: i64,
    tid: String,
    platform: i64,
    process: i64,
    line: PushLine,
    /// The latest raw refund of the line.
    refund: String,
    refunded: Money,
    waybill: String,
    warehouse_no: String,
    ended: Option<Moment>,
    created: Moment,
    modified: Moment,
}

impl Raw {
    pub(super) fn of(mut order: RawOrder, shop: Rc<Shop>, made: &Made) -> Self {
        let lines = std::mem::take(&mut order.facts.lines);
        let ids = order.line_ids.iter().copied().chain(std::iter::repeat(0));
        let refund =
            |oid: &str| order.refunds.iter().rev().find(|refund| refund.oid == oid).map(|refund| refund.source.clone());
        let lines = lines.into_iter().zip(ids).map(|(line, id)| {
            let (waybill, warehouse_no) = made.sent(&order, &line.oid);
            Line {
                refund: refund(&line.oid).unwrap_or_default(),
                refunded: made.refunded(&order.facts.tid, Some(&line.oid)),
                waybill,
                warehouse_no,
                ended: order.ended,
                id,
                tid: order.facts.tid.clone(),
                platform: shop.platform,
                process: order.process.code(),
                line,
                created: order.created,
                modified: order.modified,
            }
        });
        Self { lines: lines.collect(), refunded: made.refunded(&order.facts.tid, None), order, shop }
    }

    fn sum(&self, of: impl Fn(&PushLine) -> Money) -> Money {
        self.lines.iter().map(|l| of(&l.line)).sum()
    }

    fn pieces(&self) -> Quantity {
        self.lines.iter().map(|l| l.line.num).sum()
    }

    fn goods_amount(&self) -> Money {
        self.sum(|l| l.price.times(l.num))
    }

    /// Σ R + freight + other charges (fact sheet wdt-1, 2.13).
    fn receivable(&self) -> Money {
        self.sum(PushLine::receivable) + self.order.facts.post_amount + self.order.facts.other_amount
    }
}

fn or_empty(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

const LINES: &[Column<Line>] = &[
    int("rec_id", "line", |l| wire_id(l.id)),
    text("tid", "raw order number", |l| &l.tid),
    text("oid", "line number", |l| &l.line.oid),
    int("platform_id", "platform", |l| l.platform),
    int("status", "state on the platform", |l| l.line.status.code()),
    int("process_status", "how far the ERP has come", |l| l.process),
    int("refund_status", "0 none, 1 cancelled, 2 applied, 3 and 4 waiting, 5 success", |l| l.line.refund_status),
    text("refund_id", "raw refund number", |l| &l.refund),
    text("goods_id", "platform SPU id", |l| &l.line.goods_id),
    text("goods_no", "platform SPU code", |l| &l.line.goods_no),
    text("goods_name", "goods name", |l| &l.line.goods_name),
    text("spec_id", "platform SKU id", |l| &l.line.spec_id),
    text("spec_no", "platform SKU code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.line.spec_name),
    empty("spec_code", "not kept"),
    quantity("num", "pieces", |l| l.line.num),
    money("price", "list price", |l| l.line.price),
    money("adjust_amount", "manual change", |l| l.line.adjust),
    money("discount", "discount of the line", |l| l.line.discount),
    money("share_discount", "share of discounts on the order", |l| l.line.share_discount),
    money("total_amount", "price × num + adjust − discount", |l| {
        l.line.price.times(l.line.num) + l.line.adjust - l.line.discount
    }),
    money("share_amount", "what the buyer owes for the line", |l| l.line.receivable()),
    money("refund_amount", "what raw refunds gave back for it", |l| l.refunded),
    zero_decimal("commission", "not kept"),
    zero("order_type", "0 goods, 1 virtual, 2 service"),
    text("cid", "platform category", |l| &l.line.cid),
    empty("bind_oid", "ship together with"),
    text("logistics_no", "waybill of its order", |l| &l.waybill),
    text("warehouse_no", "warehouse of its order", |l| &l.warehouse_no),
    text("remark", "remark", |l| &l.line.remark),
    time("end_time", "the order was finished", |l| l.ended),
    time("modified", "last changed", |l| Some(l.modified)),
    time("created", "first stored", |l| Some(l.created)),
];

/// A discount of the platform; own malls report none.
struct Discount;

const DISCOUNTS: &[Column<Discount>] = &[
    zero("rec_id", "primary key"),
    zero("platform_id", "platform"),
    empty("tid", "raw order number"),
    empty("oid", "line number"),
    empty("type", "kind"),
    zero("is_bonus", "bonus"),
    empty("name", "name"),
    empty("detail", "detail"),
    zero_decimal("amount", "amount"),
    empty("sn", "number"),
    no_time("created", "first stored"),
];

/// In the order of the sheet's table.
pub(super) const ORDERS: &[Column<Raw>] = &[
    int("rec_id", "primary key", |r| wire_id(r.order.id)),
    text("tid", "raw order number", |r| &r.order.facts.tid),
    int("platform_id", "platform, appendix A", |r| r.shop.platform),
    int("shop_id", "shop", |r| wire_id(r.shop.id)),
    text("shop_no", "shop number", |r| &r.shop.no),
    int("trade_status", "state on the platform", |r| r.order.facts.status.code()),
    int("process_status", "how far the ERP has come", |r| r.order.process.code()),
    int("pay_status", "0 unpaid, 1 partly, 2 paid", |r| r.order.facts.pay_status),
    zero("pay_method", "0 unknown"),
    int("refund_status", "0 none, 1 applied, 2 partial, 3 full", |r| r.order.refund_status),
    int("delivery_term", "1 pay first, 2 cash on delivery, 3 instalments, 4 on account", |r| {
        r.order.facts.delivery_term.code()
    }),
    constant_int("guarantee_mode", "2 non-escrow", 2),
    text("bad_reason", "why it was not submitted", |r| &r.order.reason),
    time("trade_time", "ordered", |r| r.order.facts.trade_time),
    time("pay_time", "paid", |r| r.order.facts.pay_time),
    time("end_time", "finished", |r| r.order.ended),
    int("order_count", "lines", |r| i64::try_from(r.lines.len()).unwrap_or(i64::MAX)),
    quantity("goods_count", "pieces", Raw::pieces),
    money("goods_amount", "before discount", Raw::goods_amount),
    money("post_amount", "freight", |r| r.order.facts.post_amount),
    money("other_amount", "other charges", |r| r.order.facts.other_amount),
    money("discount", "all discounts", |r| r.sum(|l| l.discount + l.share_discount)),
    money("receivable", "what the buyer owes", Raw::receivable),
    zero_decimal("received", "not kept"),
    money("paid", "paid", |r| r.order.facts.paid),
    money("refund_amount", "what raw refunds gave back", |r| r.refunded),
    money("cod_amount", "cash on delivery, as pushed", |r| r.order.facts.cod_amount),
    zero_decimal("platform_cost", "not kept"),
    constant_text("currency", "currency", "CNY"),
    int("invoice_type", "kind of invoice", |r| r.order.facts.invoice_kind.unwrap_or(0)),
    text("invoice_title", "its title", |r| or_empty(&r.order.facts.invoice_title)),
    text("invoice_content", "its content", |r| or_empty(&r.order.facts.invoice_content)),
    text("buyer_message", "message of the buyer", |r| or_empty(&r.order.facts.buyer_message)),
    text("remark", "memo of the seller", |r| or_empty(&r.order.facts.seller_memo)),
    int("remark_flag", "flag, 0 to 5", |r| r.order.facts.seller_flag.unwrap_or(0)),
    personal("buyer_nick", "buyer", |r| &r.order.facts.buyer.nick),
    personal("buyer_email", "mail address", |r| &r.order.facts.buyer.email),
    personal("pay_account", "payer account", |r| &r.order.facts.buyer.pay_account),
    text("pay_id", "payment", |r| or_empty(&r.order.facts.pay_id)),
    personal("receiver_name", "receiver", |r| &r.order.facts.buyer.name),
    personal("receiver_address", "street address", |r| &r.order.facts.buyer.address),
    personal("receiver_mobile", "mobile", |r| &r.order.facts.buyer.mobile),
    personal("receiver_telno", "telephone", |r| &r.order.facts.buyer.telno),
    personal("receiver_email", "mail address of the receiver; not kept", |_| ""),
    personal("receiver_zip", "post code", |r| &r.order.facts.buyer.zip),
    zero("receiver_country", "0 = China"),
    int("receiver_province", "code of the province", |r| r.order.facts.region[0]),
    int("receiver_city", "code of the city", |r| r.order.facts.region[1]),
    int("receiver_district", "code of the district", |r| r.order.facts.region[2]),
    text("receiver_area", "names of the region, space separated", |r| &r.order.facts.area),
    empty("receiver_ring", "zone; not kept"),
    text("to_deliver_time", "delivery wish", |r| or_empty(&r.order.facts.to_deliver_time)),
    text("warehouse_no", "warehouse of an auto-flow order", |r| or_empty(&r.order.facts.warehouse_no)),
    flag("is_auto_wms", "auto-flow order", |r| r.order.facts.is_auto_wms.unwrap_or(false)),
    text("fenxiao_nick", "distributor", |r| or_empty(&r.order.facts.fenxiao_nick)),
    int("fenxiao_type", "kind of distribution", |r| r.order.facts.fenxiao_type.unwrap_or(0)),
    int("trade_from", "1 API, 2 made by the ERP", |r| if r.order.internal { 2 } else { 1 }),
    time("modified", "last changed", |r| Some(r.order.modified)),
    time("created", "first stored", |r| Some(r.order.created)),
    list!("goods_list", "lines", LINES, |r| r.lines.iter()),
    list!("discount_list", "discounts of the platform", DISCOUNTS, |_r| std::iter::empty()),
];
