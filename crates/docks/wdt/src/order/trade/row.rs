//! A system order with everything its reply shows.

use std::rc::Rc;

use erp::catalog::{Shop, Warehouse};
use erp::order::{Buyer, Order, OrderLine, Reserved};
use units::{Moment, Money, Quantity};

use super::super::per_piece;

/// Which columns and figures a request asks for beyond the usual.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extras {
    /// Lines carry `pay_id`, `pay_status`, `pay_time`.
    pub(super) pay: bool,
    /// Lines carry the picture.
    pub(super) picture: bool,
    /// The tax rate of lines is the spec's.
    pub(super) spec_tax: bool,
}

/// One row of `trades`.
pub(super) struct Trade {
    pub(super) order: Order,
    pub(super) buyer: Buyer,
    pub(super) shop: Rc<Shop>,
    pub(super) warehouse: Rc<Warehouse>,
    pub(super) lines: Vec<Line>,
    pub(super) shortage: String,
    pub(super) figures: Figures,
    pub(super) extras: Extras,
}

/// One row of `goods_list`.
pub(super) struct Line {
    pub(super) line: OrderLine,
    pub(super) trade: i64,
    pub(super) platform: i64,
    pub(super) delivery_term: i64,
    pub(super) invoice_kind: i64,
    pub(super) first: bool,
    pub(super) spec_tax: bool,
    pub(super) pay_id: String,
    pub(super) pay_status: i64,
    pub(super) pay_time: Option<Moment>,
}

/// What is added up over the lines.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) kinds: i64,
    pub(super) pieces: Quantity,
    pub(super) raw_kinds: i64,
    pub(super) raw_pieces: Quantity,
    pub(super) goods_amount: Money,
    pub(super) discount: Money,
    pub(super) weight: Quantity,
    pub(super) large_type: i64,
    pub(super) single_spec: String,
}

impl Figures {
    fn of(lines: &[OrderLine]) -> Self {
        let mut sum = Self::default();
        let mut specs: Vec<i64> = Vec::new();
        let mut raws: Vec<(&str, &str)> = Vec::new();
        for line in lines {
            if !raws.contains(&(&line.tid, &line.oid)) {
                raws.push((&line.tid, &line.oid));
                sum.raw_pieces += line.suite.as_ref().map_or(line.num, |suite| suite.num);
            }
            sum.goods_amount += line.share_amount + line.discount;
            sum.discount += line.discount;
            if !line.actual_num.is_positive() {
                continue;
            }
            if !specs.contains(&line.spec) {
                specs.push(line.spec);
                sum.single_spec.clone_from(&line.spec_no);
            }
            sum.pieces += line.actual_num;
            sum.weight += line.weight.times(line.actual_num);
            sum.large_type = sum.large_type.max(line.large_type);
        }
        if specs.len() > 1 {
            "多种货品".clone_into(&mut sum.single_spec);
        }
        sum.kinds = i64::try_from(specs.len()).unwrap_or(i64::MAX);
        sum.raw_kinds = i64::try_from(raws.len()).unwrap_or(i64::MAX);
        sum
    }
}

impl Trade {
    pub(super) fn of(mut order: Order, buyer: Buyer, shop: Rc<Shop>, warehouse: Rc<Warehouse>, extras: Extras) -> Self {
        let shortage = order.shortage();
        let figures = Figures::of(&order.lines);
        let lines = std::mem::take(&mut order.lines);
        let lines = lines.into_iter().enumerate().map(|(i, line)| Line {
            line,
            trade: order.id,
            platform: shop.platform,
            delivery_term: order.delivery_term.code(),
            invoice_kind: order.invoice_kind,
            first: i == 0,
            spec_tax: extras.spec_tax,
            pay_id: if extras.pay { order.pay_id.clone() } else { String::new() },
            pay_status: order.pay_status,
            pay_time: order.pay_time,
        });
        let lines = lines.collect();
        Self { order, buyer, shop, warehouse, lines, shortage, figures, extras }
    }

    /// Whether a column of the lines was asked for.
    pub(super) fn shows(&self, column: &str) -> bool {
        match column {
            "pay_id" | "pay_status" | "pay_time" => self.extras.pay,
            "img_url" => self.extras.picture,
            _ => true,
        }
    }

    /// The freeze, else 1 while it waits for stock.
    pub(super) fn freeze_reason(&self) -> i64 {
        let short = i64::from(!self.shortage.is_empty());
        self.order.marks.freeze.as_ref().map_or(short, |freeze| freeze.reason)
    }

    /// The words of the freeze, and `缺货:<spec_no>×<num>,…` while the order waits for stock.
    pub(super) fn freeze_reason_info(&self) -> String {
        let frozen = self.order.marks.freeze.as_ref().map_or("", |freeze| freeze.note.as_str());
        match (frozen, self.shortage.as_str()) {
            (frozen, "") => frozen.to_owned(),
            ("", shortage) => format!("缺货:{shortage}"),
            (frozen, shortage) => format!("{frozen};缺货:{shortage}"),
        }
    }

    /// Key of the order it was split from, negative when a rule did it.
    pub(super) fn split_from(&self) -> i64 {
        let from = self.order.marks.split_from;
        store::wire_id(from.abs()) * from.signum()
    }

    /// Parcels that left.
    pub(super) fn parcels(&self) -> i64 {
        if self.order.carriage.waybill.is_empty() {
            return 0;
        }
        i64::try_from(self.order.marks.parcels.len()).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// Σ(share_amount + discount) + freight − discount.
    pub(super) fn receivable(&self) -> Money {
        self.figures.goods_amount + self.order.post_amount - self.figures.discount
    }
}

impl Line {
    /// What the buyer pays for a piece.
    pub(super) fn unit_price(&self) -> Money {
        per_piece(self.line.share_amount, self.line.num)
    }

    /// 0 unless the request asks for the rate of the spec.
    pub(super) fn tax_rate(&self) -> Quantity {
        if self.spec_tax { self.line.spec_tax_rate } else { Quantity::ZERO }
    }

    /// Shipped, as far as the platform knows, or gone from the warehouse.
    pub(super) fn reserved(&self) -> i64 {
        match self.line.reserved {
            // 缺货: the line holds nothing.
            Reserved::Waiting => 0,
            other => other.code(),
        }
    }
}
