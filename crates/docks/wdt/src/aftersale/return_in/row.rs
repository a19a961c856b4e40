//! A return stock-in with everything its reply shows.

use std::collections::HashMap;
use std::rc::Rc;

use erp::aftersale::{self, RefundLine, RefundOrder, RefundPeople};
use erp::catalog::{self, Carrier, Goods, Shop, Spec, Warehouse};
use erp::stock::{StockIn, StockInLine};
use store::Reader;
use units::{Money, Quantity};

use crate::codes::Error;

/// What stands above the stock-ins of a page, read together.
pub(super) struct Upper {
    refunds: HashMap<i64, RefundOrder>,
    specs: HashMap<i64, Rc<(Spec, Goods)>>,
    carriers: HashMap<String, Rc<Carrier>>,
}

/// One row of `stockin_list`.
pub(super) struct ReturnIn {
    pub(super) order: StockIn,
    pub(super) shop: Rc<Shop>,
    pub(super) warehouse: Rc<Warehouse>,
    pub(super) carrier: Rc<Carrier>,
    pub(super) above: Above,
    pub(super) lines: Vec<Line>,
}

/// What the row has from its refund order.
#[derive(Default)]
pub(super) struct Above {
    pub(super) process: i64,
    pub(super) tid: String,
    pub(super) order_no: String,
    pub(super) customer_no: String,
    pub(super) creator: String,
    pub(super) remark: String,
    pub(super) actual_amount: Money,
    pub(super) people: RefundPeople,
}

/// One row of `details_list`.
pub(super) struct Line {
    pub(super) line: StockInLine,
    pub(super) order: i64,
    pub(super) goods: Rc<(Spec, Goods)>,
    pub(super) above: Option<RefundLine>,
    pub(super) platform: i64,
    pub(super) created: units::Moment,
    pub(super) modified: units::Moment,
}

impl Upper {
    pub(super) fn load(reader: &mut Reader, orders: &[StockIn]) -> Result<Self, Error> {
        let mut numbers: Vec<&str> = orders.iter().map(|order| &*order.source_no).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let refunds = aftersale::refunds_by_no(reader, &numbers)?;
        let specs = catalog::specs_by_id(reader, orders.iter().flat_map(|order| &order.lines).map(|line| line.spec))?;
        let carriers = catalog::carriers(reader, None, None)?;
        Ok(Self {
            refunds: refunds.into_iter().map(|refund| (refund.id, refund)).collect(),
            specs,
            carriers: carriers.into_iter().map(|carrier| (carrier.no.clone(), Rc::new(carrier))).collect(),
        })
    }

    pub(super) fn row(&mut self, mut order: StockIn, shop: Rc<Shop>, warehouse: Rc<Warehouse>) -> ReturnIn {
        let refund = self.refunds.get(&order.source);
        let lines = std::mem::take(&mut order.lines).into_iter().map(|line| Line {
            order: order.id,
            goods: self.specs.get(&line.spec).cloned().unwrap_or_default(),
            above: refund.and_then(|refund| refund.lines.iter().find(|above| above.id == line.source_line)).cloned(),
            platform: shop.platform,
            created: order.created,
            modified: order.modified,
            line,
        });
        let lines = lines.collect();
        let above = refund.map_or_else(Above::default, |refund| Above {
            process: refund.status.code(),
            tid: refund.tid.clone(),
            order_no: refund.order_no.clone(),
            customer_no: refund.customer_no.clone(),
            creator: refund.creator.clone(),
            remark: refund.remark.clone(),
            actual_amount: refund.actual_refund_amount,
            people: refund.people.clone(),
        });
        let carrier = self.carriers.get(&order.logistics_code).cloned().unwrap_or_default();
        ReturnIn { order, shop, warehouse, carrier, above, lines }
    }
}

impl ReturnIn {
    pub(super) fn sum(&self, of: impl Fn(&Line) -> Money) -> Money {
        self.lines.iter().map(of).sum()
    }

    pub(super) fn pieces(&self) -> Quantity {
        self.lines.iter().map(|line| line.line.num).sum()
    }

    pub(super) fn surplus(&self) -> Quantity {
        self.lines.iter().map(Line::surplus).sum()
    }

    pub(super) fn kinds(&self) -> Quantity {
        Quantity::whole(i64::try_from(self.lines.len()).unwrap_or(i64::MAX))
    }
}

impl Line {
    /// Pieces beyond what was announced.
    pub(super) fn surplus(&self) -> Quantity {
        (self.line.num - self.line.expect).max(Quantity::ZERO)
    }

    /// What the buyer paid for a piece.
    pub(super) fn src_price(&self) -> Money {
        self.above.as_ref().map_or(Money::ZERO, |above| above.price)
    }

    pub(super) fn total_cost(&self) -> Money {
        self.line.cost_price.times(self.line.num)
    }

    pub(super) fn unit(&self) -> &str {
        let (spec, goods) = &*self.goods;
        if spec.facts.unit_name.is_empty() { &goods.facts.unit_name } else { &spec.facts.unit_name }
    }
}
