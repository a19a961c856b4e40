//! Columns of `trade_list` in `wdt.vip.api.refund.query`.

use std::rc::Rc;

use erp::aftersale::{RawRefund, RawRefundLine};
use erp::catalog::Shop;
use store::wire_id;
use units::Moment;
use wire::rows::{
    Column, constant_int, empty, flag, int, list, money, no_time, quantity, text, time, zero, zero_decimal,
};

/// One row of `trade_list`.
pub(super) struct Raw {
    raw: RawRefund,
    shop: Rc<Shop>,
    lines: Vec<Line>,
}

/// One row of `goods_list`.
struct Line {
    line: RawRefundLine,
    platform: i64,
    refund_no: String,
    status: i64,
    created: Moment,
    modified: Moment,
}

impl Raw {
    pub(super) fn of(mut raw: RawRefund, shop: Rc<Shop>) -> Self {
        let lines = std::mem::take(&mut raw.lines).into_iter().map(|line| Line {
            line,
            platform: shop.platform,
            refund_no: raw.refund_no.clone(),
            status: raw.status.code(),
            created: raw.created,
            modified: raw.modified,
        });
        let lines = lines.collect();
        Self { raw, shop, lines }
    }

    fn title(&self) -> &str {
        self.lines.first().map_or("", |l| &l.line.goods_name)
    }
}

const LINES: &[Column<Line>] = &[
    int("order_id", "line", |l| wire_id(l.line.id)),
    int("platform_id", "platform", |l| l.platform),
    text("refund_no", "number of the platform", |l| &l.refund_no),
    text("oid", "raw line number", |l| &l.line.oid),
    int("status", "state on the platform", |l| l.status),
    text("goods_id", "platform SPU id", |l| &l.line.goods_id),
    text("spec_id", "platform SKU id", |l| &l.line.spec_id),
    text("goods_no", "platform SPU code", |l| &l.line.goods_no),
    text("spec_no", "platform SKU code", |l| &l.line.spec_no),
    text("goods_name", "goods name", |l| &l.line.goods_name),
    text("spec_name", "spec name", |l| &l.line.spec_name),
    quantity("num", "pieces", |l| l.line.num),
    money("price", "what the buyer owed for a piece", |l| l.line.price),
    money("total_amount", "the same for all of them", |l| l.line.total),
    empty("remark", "lines have no remark"),
    no_time("return_time", "the platform does not report it"),
    time("created", "first stored", |l| Some(l.created)),
    time("modified", "last changed", |l| Some(l.modified)),
];

/// A discount of the platform; own malls report none.
struct Discount;

const DISCOUNTS: &[Column<Discount>] = &[
    zero("rec_id", "primary key"),
    zero("platform_id", "platform"),
    empty("tid", "raw order number"),
    empty("oid", "raw line number"),
    empty("refund_no", "number of the platform"),
    empty("name", "name"),
    zero_decimal("amount", "amount"),
];

/// In the order of the sheet's table.
pub(super) const REFUNDS: &[Column<Raw>] = &[
    int("refund_id", "primary key", |r| wire_id(r.raw.id)),
    int("platform_id", "platform, appendix A", |r| r.shop.platform),
    int("shop_id", "shop", |r| wire_id(r.shop.id)),
    text("shop_no", "shop number", |r| &r.shop.no),
    text("refund_no", "number of the platform", |r| &r.raw.refund_no),
    text("tid", "raw order number", |r| &r.raw.tid),
    int("type", "0 order cancelled, 1 unshipped, 2 return, 3 exchange, 4 without return", |r| r.raw.kind.code()),
    int("status", "state on the platform", |r| r.raw.status.code()),
    int("process_status", "0 waiting, 10 cancelled, 15 not submitted, 20 submitted", |r| r.raw.process.code()),
    zero("op_constraint", "0: own malls get no AG feedback"),
    flag("is_aftersale", "asked for after shipment", |r| r.raw.after_shipment),
    zero("cs_status", "own malls have no arbitration"),
    constant_int("guarantee_mode", "2 not escrow", 2),
    money("refund_amount", "asked for", |r| r.raw.amount),
    money("actual_refund_amount", "given, once the platform reports success", |r| r.raw.actual_amount),
    text("reason", "reason", |r| &r.raw.reason),
    text("remark", "remark", |r| &r.raw.remark),
    zero("refund_mask", "bits"),
    text("logistics_name", "carrier of the return", |r| &r.raw.logistics_name),
    text("logistics_no", "its waybill", |r| &r.raw.logistics_no),
    time("refund_time", "asked for", |r| Some(r.raw.refund_time)),
    time("modified", "last changed", |r| Some(r.raw.modified)),
    time("created", "first stored", |r| Some(r.raw.created)),
    time("current_phase_timeout", "when the platform reported success", |r| r.raw.succeeded),
    text("title", "goods name", Raw::title),
    zero("is_external", "0: the order is in the ERP"),
    text("pay_no", "payment", |r| &r.raw.pay_no),
    list!("goods_list", "lines", LINES, |r| r.lines.iter()),
    list!("discount_list", "discounts of the platform", DISCOUNTS, |_r| std::iter::empty()),
];
