//! Stock-ins (入库单) of every kind: the document, how it is opened and how its goods come on hand. Which kinds exist and what
//! their upper documents do is their families' matter (fact sheet wdt-2, 1.4, 1.5).

use serde::{Deserialize, Serialize};
use store::Tx;
use units::{Moment, Money, Quantity};

use super::balance::QuantityColumn;
use super::kind::{STOCK_IN, StockInEvent, StockInKind, StockInStatus};
use super::ledger::Move;
use super::sheet::{LineMoves, Sheet, average};
use super::{bin, table};
use crate::document::is_default;
use crate::{Refusal, Result, Settings};

/// A stock-in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockIn {
    /// Key.
    pub id: i64,
    /// Number (RK…).
    pub no: String,
    /// The caller's number, unique over all stock-in orders of the merchant; empty for those that the system makes.
    pub outer_no: String,
    /// What it is for.
    pub kind: StockInKind,
    /// Key of the document above it; 0 = none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source: i64,
    /// Its number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source_no: String,
    /// Warehouse key.
    pub warehouse: i64,
    /// Shop key, for refunds and JIT returns; 0 = none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub shop: i64,
    /// Provider key, for purchases; 0 = none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub provider: i64,
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
    /// Mark.
    #[serde(default, skip_serializing_if = "is_default")]
    pub flag_name: String,
    /// Number of a JIT return at its platform.
    #[serde(default, skip_serializing_if = "is_default")]
    pub jit_refund_no: String,
    /// Freight.
    pub post_fee: Money,
    /// Other cost.
    pub other_fee: Money,
    /// Discount.
    pub discount: Money,
    /// Custom texts of a purchase.
    #[serde(default, skip_serializing_if = "is_default")]
    pub props: [String; 2],
    /// The lines.
    pub lines: Vec<StockInLine>,
    /// When the goods came on hand.
    #[serde(default)]
    pub checked: Option<Moment>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

impl StockIn {
    /// Pieces.
    pub fn pieces(&self) -> Quantity {
        self.lines.iter().map(|line| line.num).sum()
    }

    /// Value at stock-in prices.
    pub fn amount(&self) -> Money {
        self.lines.iter().map(|line| line.price.times(line.num)).sum()
    }
}

/// A line of a stock-in order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StockInLine {
    /// Key; given by [`open_stock_in`].
    pub id: i64,
    /// Key of the line of the upper document; 0 = none.
    #[serde(skip_serializing_if = "is_default")]
    pub source_line: i64,
    /// Spec key.
    pub spec: i64,
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Pieces that come in.
    pub num: Quantity,
    /// Pieces that were expected.
    #[serde(skip_serializing_if = "is_default")]
    pub expect: Quantity,
    /// Stock-in price of a piece.
    pub price: Money,
    /// Cost of a piece with which it came on hand; set at the audit.
    #[serde(skip_serializing_if = "is_default")]
    pub cost_price: Money,
    /// Discount of the line, as it was pushed.
    #[serde(skip_serializing_if = "is_default")]
    pub discount: Money,
    /// Tax rate, as it was pushed.
    #[serde(skip_serializing_if = "is_default")]
    pub tax: Quantity,
    /// Original price of a purchase.
    #[serde(skip_serializing_if = "is_default")]
    pub src_price: Money,
    /// Price after tax of a purchase.
    #[serde(skip_serializing_if = "is_default")]
    pub tax_price: Money,
    /// Bin; empty = the usual one.
    #[serde(skip_serializing_if = "is_default")]
    pub position_no: String,
    /// Batch.
    #[serde(skip_serializing_if = "is_default")]
    pub batch_no: String,
    /// Remark of the batch.
    #[serde(skip_serializing_if = "is_default")]
    pub batch_remark: String,
    /// Made when.
    #[serde(skip_serializing_if = "is_default")]
    pub production_date: Option<Moment>,
    /// Expires when.
    #[serde(skip_serializing_if = "is_default")]
    pub expire_date: Option<Moment>,
    /// Shelf life, days.
    #[serde(skip_serializing_if = "is_default")]
    pub validity_days: i64,
    /// Serial numbers, comma separated, kept as they came (fact sheet wdt-2, 12 no. 22).
    #[serde(skip_serializing_if = "is_default")]
    pub sn_info: String,
    /// Purchase order of a JIT return.
    #[serde(skip_serializing_if = "is_default")]
    pub po_no: String,
    /// Remark.
    #[serde(skip_serializing_if = "is_default")]
    pub remark: String,
}

impl StockIn {
    /// One of this kind to be opened for a warehouse, everything else empty: it has neither number nor key, and is not stored.
    pub fn draft(kind: StockInKind, warehouse: i64) -> Self {
        Self {
            id: 0,
            no: String::new(),
            outer_no: String::new(),
            kind,
            source: 0,
            source_no: String::new(),
            warehouse,
            shop: 0,
            provider: 0,
            status: StockInStatus::AwaitingAudit,
            remark: String::new(),
            reason: String::new(),
            logistics_code: String::new(),
            logistics_no: String::new(),
            flag_name: String::new(),
            jit_refund_no: String::new(),
            post_fee: Money::ZERO,
            other_fee: Money::ZERO,
            discount: Money::ZERO,
            props: Default::default(),
            lines: Vec::new(),
            checked: None,
            created: Moment::default(),
            modified: Moment::default(),
        }
    }
}

/// Refuses a caller's number that a stock-in has already, cancelled ones included (fact sheet wdt-2, chapter 7).
pub(crate) fn stock_in_no_is_free(tx: &mut Tx, outer_no: &str) -> Result<()> {
    if !outer_no.is_empty() && table::stock_in_by_outer_no(tx, outer_no)?.is_some() {
        return Err(Refusal::Exists { what: "入库单外部单号", no: outer_no.to_owned() }.into());
    }
    Ok(())
}

/// Opens a stock-in: it gets its number and key and is stored in the draft's state. No quantity changes.
pub(crate) fn open_stock_in(tx: &mut Tx, settings: &Settings, draft: StockIn) -> Result<StockIn> {
    stock_in_no_is_free(tx, &draft.outer_no)?;
    let counter = tx.next(&settings.stockin_number.stem(tx.now()))?;
    let mut order = StockIn {
        id: tx.document_id("stock_in")?,
        no: settings.stockin_number.write(tx.now(), counter),
        created: tx.now(),
        modified: tx.now(),
        ..draft
    };
    for line in &mut order.lines {
        line.id = tx.document_id("stock_in_line")?;
    }
    let about = serde_json::json!({ "outer_no": order.outer_no, "kind": order.kind, "source_no": order.source_no });
    tx.event("stock_in.created", &order.no, &about)?;
    table::save_stock_in(tx, &order)?;
    Ok(order)
}

/// Takes the goods of a stock-in on hand: 库存量 of each line's row grows, the average cost follows, lines that waited are
/// served, and the order goes to `to` (60 or 80). `relief` names the occupation that a line ends, such as 采购到货量; it is
/// taken from the row of good stock, where occupation is counted, within the same posting.
pub(crate) fn receive(
    tx: &mut Tx,
    settings: &Settings,
    order: &mut StockIn,
    to: StockInStatus,
    relief: &dyn Fn(&StockInLine) -> Vec<Move>,
) -> Result<()> {
    let event = if to == StockInStatus::Completed { StockInEvent::Audit } else { StockInEvent::AuditUnsettled };
    let status = STOCK_IN.fire(order.status, event)?;
    let reliefs: Vec<LineMoves> =
        order.lines.iter().map(|line| (line.spec, 0, relief(line))).filter(|(_, _, moves)| !moves.is_empty()).collect();
    let pairs = order.lines.iter().map(|line| (line.spec, line.defect));
    let mut sheet = Sheet::open(tx, order.warehouse, pairs.chain(reliefs.iter().map(|(spec, ..)| (*spec, 0))))?;
    for line in &reliefs {
        sheet.post(tx, line, &order.no)?;
    }
    let free_keeps_cost = matches!(
        order.kind,
        StockInKind::Transfer
            | StockInKind::Refund
            | StockInKind::Gain
            | StockInKind::JitReturn
            | StockInKind::Outsourced
    );
    for line in &mut order.lines {
        if let Some(balance) = sheet.get_mut(line.spec, line.defect) {
            if !(line.price.is_zero() && free_keeps_cost) {
                let have = balance.quantities.stock_num;
                balance.cost_price = average(have, balance.cost_price, line.num, line.price);
                line.cost_price = line.price;
            } else {
                line.cost_price = balance.cost_price;
            }
        }
        let moves = vec![Move { column: QuantityColumn::Stock, delta: line.num }];
        sheet.post(tx, &(line.spec, line.defect, moves), &order.no)?;
    }
    bin::put_in(tx, &sheet, &order.lines)?;
    sheet.close(tx, settings, false)?;
    order.status = status;
    order.checked = Some(tx.now());
    order.modified = tx.now();
    tx.event("stock_in.audited", &order.no, &serde_json::json!({ "status": order.status }))?;
    table::save_stock_in(tx, order)
}

/// Moves a stock-in to another state without moving goods: submitted, priced, settled, cancelled.
pub(crate) fn turn_stock_in(tx: &mut Tx, order: &mut StockIn, event: StockInEvent) -> Result<()> {
    order.status = STOCK_IN.fire(order.status, event)?;
    order.modified = tx.now();
    let topic = match event {
        StockInEvent::Settle => "stock_in.settled",
        StockInEvent::Cancel => "stock_in.cancelled",
        _ => "stock_in.changed",
    };
    tx.event(topic, &order.no, &serde_json::json!({ "status": order.status }))?;
    table::save_stock_in(tx, order)
}

/// Where an audited stock-in of this merchant goes (fact sheet wdt-2, 12 no. 12).
pub(crate) fn audited_status(settings: &Settings) -> StockInStatus {
    if settings.stock.settle_stock_in { StockInStatus::AwaitingSettlement } else { StockInStatus::Completed }
}
