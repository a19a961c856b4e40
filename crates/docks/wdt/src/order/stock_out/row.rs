//! A sales stock-out with everything its reply shows.

use std::rc::Rc;

use erp::catalog::{Shop, Warehouse};
use erp::order::{Buyer, Order, OrderLine, Shipment, StockOut, StockOutLine};
use units::{Moment, Money, Quantity};

use super::super::per_piece;

/// One row of `stockout_list`.
pub(super) struct Row {
    pub(super) stock_out: StockOut,
    pub(super) order: Order,
    pub(super) buyer: Buyer,
    pub(super) shop: Rc<Shop>,
    pub(super) warehouse: Rc<Warehouse>,
    pub(super) lines: Vec<Line>,
    pub(super) positions: bool,
}

/// One row of `details_list`.
pub(super) struct Line {
    pub(super) stock_out: i64,
    pub(super) out: StockOutLine,
    pub(super) line: OrderLine,
    pub(super) platform: i64,
    pub(super) modified: Moment,
    pub(super) positions: Vec<Position>,
}

/// Where the pieces were taken from: bins are not kept, so it is the usual one.
pub(super) struct Position {
    pub(super) id: i64,
    pub(super) num: Quantity,
    pub(super) modified: Moment,
}

impl Row {
    pub(super) fn of(shipment: Shipment, shop: Rc<Shop>, warehouse: Rc<Warehouse>, positions: bool) -> Self {
        let Shipment { mut stock_out, mut order, buyer } = shipment;
        let order_lines = std::mem::take(&mut order.lines);
        let outs = std::mem::take(&mut stock_out.lines);
        let lines = outs.into_iter().filter_map(|out| {
            let line = order_lines.iter().find(|line| line.id == out.order_line)?.clone();
            let place = Position { id: out.id, num: out.num, modified: stock_out.modified };
            Some(Line {
                stock_out: stock_out.id,
                platform: shop.platform,
                modified: stock_out.modified,
                positions: vec![place],
                line,
                out,
            })
        });
        Self { lines: lines.collect(), stock_out, order, buyer, shop, warehouse, positions }
    }

    pub(super) fn sum(&self, of: impl Fn(&Line) -> Money) -> Money {
        self.lines.iter().map(of).sum()
    }

    pub(super) fn pieces(&self) -> Quantity {
        self.lines.iter().map(|l| l.out.num).sum()
    }

    pub(super) fn weight(&self) -> Quantity {
        self.lines.iter().map(Line::weight).sum()
    }

    /// What the buyer owes: goods and freight.
    pub(super) fn receivable(&self) -> Money {
        self.sum(|l| l.line.share_amount) + self.order.post_amount
    }
}

impl Line {
    pub(super) fn weight(&self) -> Quantity {
        self.line.weight.times(self.out.num)
    }

    pub(super) fn unit_price(&self) -> Money {
        per_piece(self.line.share_amount, self.line.num)
    }

    pub(super) fn cost(&self) -> Money {
        self.out.cost_price.times(self.out.num)
    }
}
