//! Other stock-in (其他入库): goods that arrive without a business document above them (fact sheet wdt-2, 2.7 and 5.4).

use serde::{Deserialize, Serialize};
use store::Tx;
use units::{Moment, Money, Quantity};

use super::balance::QuantityColumn;
use super::ledger::{Move, post};
use super::{reserve, table};
use crate::codes::codes;
use crate::machine::{Machine, Named, Step};
use crate::{Refusal, Result, Settings, catalog};

codes! {
    /// State of a stock-in order (fact sheet wdt-2, 1.5).
    pub enum StockInStatus {
        /// 10
        Cancelled = 10 "已取消",
        /// 20
        Editing = 20 "编辑中",
        /// 25, purchases only
        AwaitingPrice = 25 "待价格确认",
        /// 30
        AwaitingAudit = 30 "待审核",
        /// 60
        AwaitingSettlement = 60 "待结算",
        /// 80
        Completed = 80 "已完成",
    }
}

/// What happens to a stock-in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockInEvent {
    /// Audited: the goods are on hand.
    Audit,
    /// Cancelled.
    Cancel,
}

impl Named for StockInStatus {
    fn name(self) -> &'static str {
        self.chinese()
    }
    fn number(self) -> Option<i64> {
        Some(self.code())
    }
}

impl Named for StockInEvent {
    fn name(self) -> &'static str {
        match self {
            Self::Audit => "审核",
            Self::Cancel => "取消",
        }
    }
}

/// Other stock-in orders.
pub const OTHER_STOCK_IN: Machine<StockInStatus, StockInEvent> = Machine {
    document: "其他入库单",
    steps: &[
        Step {
            from: &[StockInStatus::AwaitingAudit],
            on: StockInEvent::Audit,
            to: StockInStatus::Completed,
            effect: "库存量增加",
        },
        Step {
            from: &[StockInStatus::Editing, StockInStatus::AwaitingAudit],
            on: StockInEvent::Cancel,
            to: StockInStatus::Cancelled,
            effect: "",
        },
    ],
};

/// A stock-in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockIn {
    /// Key.
    pub id: i64,
    /// Number (RK…).
    pub no: String,
    /// The caller's number, unique over all stock-in orders of the merchant.
    pub outer_no: String,
    /// Source kind: 6 = other (fact sheet wdt-2, 1.5).
    pub kind: i64,
    /// Warehouse key.
    pub warehouse: i64,
    /// State.
    pub status: StockInStatus,
    /// Remark.
    pub remark: String,
    /// Why it came.
    pub reason: String,
    /// Carrier number.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight, other cost, discount.
    pub post_fee: Money,
    /// Other cost.
    pub other_fee: Money,
    /// Discount.
    pub discount: Money,
    /// The lines.
    pub lines: Vec<StockInLine>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A line of a stock-in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockInLine {
    /// Spec key.
    pub spec: i64,
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Pieces.
    pub num: Quantity,
    /// Cost of a piece.
    pub price: Money,
    /// Bin, batch, dates and serials, kept as they came (fact sheet wdt-2, 12 no. 22).
    pub position_no: String,
    /// Batch.
    pub batch_no: String,
    /// Remark.
    pub remark: String,
}

/// An other stock-in to make.
#[derive(Debug, Clone)]
pub struct NewStockIn {
    /// The caller's number.
    pub outer_no: String,
    /// Warehouse number.
    pub warehouse_no: String,
    /// Audit it at once.
    pub audit: bool,
    /// Remark.
    pub remark: String,
    /// Why it comes.
    pub reason: String,
    /// Carrier number; empty = none.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight.
    pub post_fee: Money,
    /// Other cost.
    pub other_fee: Money,
    /// Discount.
    pub discount: Money,
    /// The lines.
    pub lines: Vec<NewStockInLine>,
}

/// A line of it.
#[derive(Debug, Clone)]
pub struct NewStockInLine {
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Pieces, more than zero.
    pub num: Quantity,
    /// Cost of a piece; zero counts as zero.
    pub price: Money,
    /// Bin.
    pub position_no: String,
    /// Batch.
    pub batch_no: String,
    /// Remark.
    pub remark: String,
}

/// Makes an other stock-in, audited at once when asked. The caller's number can be used once.
pub fn push_other_stock_in(tx: &mut Tx, settings: &Settings, new: &NewStockIn) -> Result<StockIn> {
    if table::stock_in_by_outer_no(tx, &new.outer_no)?.is_some() {
        return Err(Refusal::Exists { what: "入库单外部单号", no: new.outer_no.clone() }.into());
    }
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    if warehouse.outsourced() {
        return Err(Refusal::WarehouseOutsourced(warehouse.no).into());
    }
    if !new.logistics_code.is_empty() {
        catalog::carrier_by_no(tx, &new.logistics_code)?;
    }
    let mut lines = Vec::with_capacity(new.lines.len());
    for line in &new.lines {
        let spec = catalog::spec_by_no(tx, &line.spec_no)?.ok_or_else(|| Refusal::SpecUnknown(line.spec_no.clone()))?;
        if !line.num.is_positive() {
            return Err(Refusal::Invalid { field: "stockin_num", why: "应大于0" }.into());
        }
        if line.price.is_negative() {
            return Err(Refusal::Invalid { field: "stockin_price", why: "不能小于0" }.into());
        }
        lines.push(StockInLine {
            spec: spec.id,
            spec_no: spec.no,
            defect: line.defect,
            num: line.num,
            price: line.price,
            position_no: line.position_no.clone(),
            batch_no: line.batch_no.clone(),
            remark: line.remark.clone(),
        });
    }
    let counter = tx.next(&settings.stockin_number.stem(tx.now()))?;
    let mut order = StockIn {
        id: tx.document_id("stock_in")?,
        no: settings.stockin_number.write(tx.now(), counter),
        outer_no: new.outer_no.clone(),
        kind: 6,
        warehouse: warehouse.id,
        status: StockInStatus::AwaitingAudit,
        remark: new.remark.clone(),
        reason: new.reason.clone(),
        logistics_code: new.logistics_code.clone(),
        logistics_no: new.logistics_no.clone(),
        post_fee: new.post_fee,
        other_fee: new.other_fee,
        discount: new.discount,
        lines,
        created: tx.now(),
        modified: tx.now(),
    };
    tx.event("stock_in.created", &order.no, &serde_json::json!({ "outer_no": order.outer_no }))?;
    if new.audit {
        settle_audit(tx, settings, &mut order)?;
    }
    table::save_stock_in(tx, &order)?;
    Ok(order)
}

/// Audits a stock-in order that waits for it.
pub fn audit_stock_in(tx: &mut Tx, settings: &Settings, no: &str) -> Result<StockIn> {
    let mut order =
        table::stock_in_by_no(tx, no)?.ok_or_else(|| Refusal::NotFound { what: "入库单号", no: no.to_owned() })?;
    settle_audit(tx, settings, &mut order)?;
    order.modified = tx.now();
    table::save_stock_in(tx, &order)?;
    Ok(order)
}

fn settle_audit(tx: &mut Tx, settings: &Settings, order: &mut StockIn) -> Result<()> {
    order.status = OTHER_STOCK_IN.fire(order.status, StockInEvent::Audit)?;
    for line in &order.lines {
        let mut balance = table::balance_or_new(tx, order.warehouse, line.spec, line.defect)?;
        balance.cost_price = average(balance.quantities.stock_num, balance.cost_price, line.num, line.price);
        post(tx, settings, &mut balance, &[Move { column: QuantityColumn::Stock, delta: line.num }], &order.no)?;
        if line.defect == 0 {
            reserve::serve_waiting(tx, settings, order.warehouse, line.spec)?;
        }
    }
    tx.event("stock_in.audited", &order.no, &serde_json::json!({ "status": order.status }))?;
    Ok(())
}

/// Moving average cost (fact sheet wdt-2, 1.4).
fn average(have: Quantity, cost: Money, come: Quantity, price: Money) -> Money {
    if have.is_positive() { (cost.times(have) + price.times(come)).over(have + come) } else { price }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_the_average_by_what_comes() {
        let check = |have: i64, cost: &str, come: i64, price: &str, expected: &str| {
            let got =
                average(Quantity::whole(have), cost.parse().unwrap(), Quantity::whole(come), price.parse().unwrap());
            assert_eq!(got.to_string(), expected);
        };
        check(0, "0", 10, "20", "20.0000");
        check(10, "20", 10, "30", "25.0000");
        check(10, "20", 5, "0", "13.3333");
        check(-3, "7", 5, "9", "9.0000");
    }
}
