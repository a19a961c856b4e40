//! A refund order with everything its reply shows.

use std::rc::Rc;

use erp::aftersale::{OutLine, RefundLine, RefundOrder, Swap};
use erp::catalog::{Shop, Warehouse};

use crate::rights::Warehouses;

/// One row of `refunds`.
pub(super) struct Refund {
    pub(super) refund: RefundOrder,
    pub(super) shop: Rc<Shop>,
    pub(super) warehouse: Rc<Warehouse>,
    pub(super) swap: Swap,
    pub(super) lines: Vec<Line>,
    pub(super) out: Vec<Out>,
}

/// One row of `refund_order_list`.
pub(super) struct Line {
    pub(super) line: RefundLine,
    pub(super) refund: i64,
    pub(super) platform: i64,
    pub(super) process: i64,
    pub(super) src_no: String,
}

/// One row of `refund_out_goods_list`.
pub(super) struct Out {
    pub(super) line: OutLine,
    pub(super) refund: i64,
}

impl Refund {
    pub(super) fn of(mut refund: RefundOrder, shop: Rc<Shop>, warehouses: &Warehouses) -> Self {
        let process = line_status(&refund);
        let lines = std::mem::take(&mut refund.lines).into_iter().map(|line| Line {
            line,
            refund: refund.id,
            platform: shop.platform,
            process,
            src_no: refund.src_no.clone(),
        });
        let lines = lines.collect();
        let out = std::mem::take(&mut refund.out).into_iter().map(|line| Out { line, refund: refund.id }).collect();
        Self {
            warehouse: warehouses.get(refund.warehouse),
            swap: refund.swap.clone().unwrap_or_default(),
            refund,
            shop,
            lines,
            out,
        }
    }

    /// `省 市 区 街道` of the warehouse that gets the goods.
    pub(super) fn return_address(&self) -> String {
        let [province, city, district] = &self.warehouse.region;
        let parts = [province, city, district, &self.warehouse.address];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }
}

/// Lines have fewer states than the whole: cancelled is 0, everything past the receipt is 80 (fact sheet wdt-2, 2.2).
fn line_status(refund: &RefundOrder) -> i64 {
    match refund.status.code() {
        10 => 0,
        5 => 20,
        63..=65 | 69 => 60,
        71 => 70,
        90 => 80,
        other => other,
    }
}
