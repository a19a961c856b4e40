//! Stock-outs that are not sales (出库单): the document, how it is opened and how its goods leave (fact sheet wdt-2, 1.3 no. 2
//! and 1.5).

use serde::{Deserialize, Serialize};
use store::Tx;
use units::{Moment, Money, Quantity};

use super::balance::QuantityColumn;
use super::kind::{StockOutKind, WAREHOUSE_OUT, WarehouseOutEvent, WarehouseOutStatus};
use super::ledger::Move;
use super::sheet::{LineMoves, Sheet};
use super::{bin, table};
use crate::document::is_default;
use crate::{Refusal, Result, Settings};

/// A stock-out that is not a sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WarehouseOut {
    /// Key.
    pub id: i64,
    /// Number (CK…).
    pub no: String,
    /// The caller's number, unique over these stock-outs of the merchant; empty for those that the system makes.
    pub outer_no: String,
    /// What it is for.
    pub kind: StockOutKind,
    /// Key of the document above it; 0 = none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source: i64,
    /// Its number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source_no: String,
    /// Warehouse key.
    pub warehouse: i64,
    /// Shop key, for JIT picks; 0 = none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub shop: i64,
    /// Provider key, for purchase returns; 0 = none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub provider: i64,
    /// State.
    pub status: WarehouseOutStatus,
    /// Remark.
    pub remark: String,
    /// Why it goes.
    pub reason: String,
    /// Carrier number.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Mark.
    #[serde(default, skip_serializing_if = "is_default")]
    pub flag_name: String,
    /// Freight.
    pub post_cost: Money,
    /// The platform's pick numbers and warehouse, for JIT picks.
    #[serde(default, skip_serializing_if = "is_default")]
    pub jit: JitPick,
    /// The lines.
    pub lines: Vec<WarehouseOutLine>,
    /// When the goods left.
    #[serde(default)]
    pub consigned: Option<Moment>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

impl WarehouseOut {
    /// Pieces.
    pub fn pieces(&self) -> Quantity {
        self.lines.iter().map(|line| line.num).sum()
    }

    /// Value at the prices of the lines.
    pub fn amount(&self) -> Money {
        self.lines.iter().map(|line| line.price.times(line.num)).sum()
    }

    /// Cost of the goods.
    pub fn cost(&self) -> Money {
        self.lines.iter().map(|line| line.cost_price.times(line.num)).sum()
    }
}

/// What a JIT pick carries besides (fact sheet wdt-2, 5.16).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JitPick {
    /// The platform's pick numbers, comma separated.
    pub picks: String,
    /// Number of the platform's warehouse.
    pub receive_warehouse_no: String,
    /// Its name.
    pub receive_warehouse_name: String,
}

/// A line of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WarehouseOutLine {
    /// Key; given by [`open_warehouse_out`].
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
    /// Pieces.
    pub num: Quantity,
    /// Price of a piece, as it was pushed.
    pub price: Money,
    /// Cost of a piece; set when the goods leave.
    #[serde(skip_serializing_if = "is_default")]
    pub cost_price: Money,
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
    /// Serial numbers, comma separated.
    #[serde(skip_serializing_if = "is_default")]
    pub sn_info: String,
    /// Purchase order of a JIT pick.
    #[serde(skip_serializing_if = "is_default")]
    pub po_no: String,
    /// Remark.
    #[serde(skip_serializing_if = "is_default")]
    pub remark: String,
}

impl WarehouseOut {
    /// One of this kind to be opened for a warehouse, everything else empty: it has neither number nor key, and is not stored.
    pub fn draft(kind: StockOutKind, warehouse: i64) -> Self {
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
            status: WarehouseOutStatus::AwaitingAudit,
            remark: String::new(),
            reason: String::new(),
            logistics_code: String::new(),
            logistics_no: String::new(),
            flag_name: String::new(),
            post_cost: Money::ZERO,
            jit: JitPick::default(),
            lines: Vec::new(),
            consigned: None,
            created: Moment::default(),
            modified: Moment::default(),
        }
    }
}

/// Refuses a caller's number that such a stock-out has already, cancelled ones included.
pub(crate) fn warehouse_out_no_is_free(tx: &mut Tx, outer_no: &str) -> Result<()> {
    if !outer_no.is_empty() && table::warehouse_out_by_outer_no(tx, outer_no)?.is_some() {
        return Err(Refusal::Exists { what: "出库单外部单号", no: outer_no.to_owned() }.into());
    }
    Ok(())
}

/// Opens a stock-out: it gets its number and key and is stored in the draft's state. No quantity changes.
pub(crate) fn open_warehouse_out(tx: &mut Tx, settings: &Settings, draft: WarehouseOut) -> Result<WarehouseOut> {
    warehouse_out_no_is_free(tx, &draft.outer_no)?;
    let counter = tx.next(&settings.stockout_number.stem(tx.now()))?;
    let mut order = WarehouseOut {
        id: tx.document_id("stock_out")?,
        no: settings.stockout_number.write(tx.now(), counter),
        created: tx.now(),
        modified: tx.now(),
        ..draft
    };
    for line in &mut order.lines {
        line.id = tx.document_id("stock_out_line")?;
    }
    let about = serde_json::json!({ "outer_no": order.outer_no, "kind": order.kind, "source_no": order.source_no });
    tx.event("warehouse_out.created", &order.no, &about)?;
    table::save_warehouse_out(tx, &order)?;
    Ok(order)
}

/// Lets the goods of a stock-out leave: 库存量 of each line's row falls, together with what `own` says that the document had
/// reserved in the same row (待调拨量, 采购退货量 …), and the order is 110, or 95 where settlement is on. Refused with
/// [`Refusal::OutOfStock`] when it would take what is not there or is promised to others; nothing is written then.
pub(crate) fn issue(
    tx: &mut Tx,
    settings: &Settings,
    order: &mut WarehouseOut,
    own: &dyn Fn(&WarehouseOutLine) -> Vec<Move>,
) -> Result<()> {
    let unsettled = settings.stock.settle_stock_out;
    let event = if unsettled { WarehouseOutEvent::AuditUnsettled } else { WarehouseOutEvent::Audit };
    let status = WAREHOUSE_OUT.fire(order.status, event)?;
    let lines: Vec<LineMoves> = order
        .lines
        .iter()
        .map(|line| {
            let mut moves = own(line);
            moves.push(Move { column: QuantityColumn::Stock, delta: -line.num });
            (line.spec, line.defect, moves)
        })
        .collect();
    let mut sheet = Sheet::open(tx, order.warehouse, lines.iter().map(|(spec, defect, _)| (*spec, *defect)))?;
    // What a stock-taking found is a fact: it goes out whatever was promised.
    let counted = order.kind == StockOutKind::Loss;
    if !counted {
        sheet.check(tx, settings, &lines)?;
    }
    bin::take_out(tx, &sheet, &order.lines)?;
    for (line, moves) in order.lines.iter_mut().zip(&lines) {
        line.cost_price = sheet.get(line.spec, line.defect).map(|balance| balance.cost_price).unwrap_or_default();
        sheet.post(tx, moves, &order.no)?;
    }
    sheet.close(tx, settings, counted)?;
    order.status = status;
    order.consigned = Some(tx.now());
    order.modified = tx.now();
    tx.event("warehouse_out.audited", &order.no, &serde_json::json!({ "status": order.status }))?;
    table::save_warehouse_out(tx, order)
}

/// Moves a stock-out to another state without moving goods: submitted, settled, cancelled.
pub(crate) fn turn_warehouse_out(tx: &mut Tx, order: &mut WarehouseOut, event: WarehouseOutEvent) -> Result<()> {
    order.status = WAREHOUSE_OUT.fire(order.status, event)?;
    order.modified = tx.now();
    let topic = match event {
        WarehouseOutEvent::Settle => "warehouse_out.settled",
        WarehouseOutEvent::Cancel => "warehouse_out.cancelled",
        _ => "warehouse_out.changed",
    };
    tx.event(topic, &order.no, &serde_json::json!({ "status": order.status }))?;
    table::save_warehouse_out(tx, order)
}
