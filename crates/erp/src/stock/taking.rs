//! Stock-taking (盘点): what was counted replaces what was booked, through a gain (盘盈入库) and a loss (盘亏出库) document (fact
//! sheet wdt-2, 2.6, 5.2).
//!
//! A count is a fact: it takes effect also when more is promised to orders than was found. Promises stay where they are,
//! sellable stock goes below zero, new orders wait, and the difference is kept as leave ([`super::Balance::short`]).

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::bin::{held, positions_known};
use super::kind::{StockInKind, StockOutKind};
use super::sheet::Sheet;
use super::stock_in::{StockIn, StockInLine, audited_status, open_stock_in, receive};
use super::warehouse_out::{WarehouseOut, WarehouseOutLine, issue, open_warehouse_out};
use super::{note, table};
use crate::catalog::{self, Page, Rows, Window};
use crate::codes::codes;
use crate::document::is_default;
use crate::machine::{Machine, Step, events};
use crate::{Refusal, Result, Settings};

codes! {
    /// State of a stock-taking (fact sheet wdt-2, 12 no. 7).
    pub enum TakingStatus {
        /// 10
        Cancelled = 10 "已取消",
        /// 20
        Editing = 20 "编辑中",
        /// 30
        ToCount = 30 "待盘点",
        /// 31
        Counting = 31 "盘点中",
        /// 33
        PartlyCounted = 33 "部分盘点",
        /// 35
        AwaitingSettlement = 35 "待结算",
        /// 40
        Completed = 40 "已完成",
    }
}

codes! {
    /// How it was counted.
    pub enum TakingMode {
        /// 0
        BySpec = 0 "单品盘点",
        /// 1
        ByPosition = 1 "货位盘点",
        /// 2
        ByDetail = 2 "明细盘点",
    }
}

events! {
    /// What happens to a stock-taking.
    TakingEvent {
        /// The counted figures take effect.
        Audit "审核",
        /// Cancelled.
        Cancel "取消",
    }
}

use TakingStatus as S;

/// Stock-takings.
pub const STOCK_TAKING: Machine<TakingStatus, TakingEvent> = Machine {
    document: "盘点单",
    steps: &[
        Step {
            from: &[S::AwaitingSettlement],
            on: TakingEvent::Audit,
            to: S::Completed,
            effect: "库存量改为盘点量,生成盘盈入库单和盘亏出库单",
        },
        Step {
            from: &[S::Editing, S::ToCount, S::Counting, S::PartlyCounted, S::AwaitingSettlement],
            on: TakingEvent::Cancel,
            to: S::Cancelled,
            effect: "",
        },
    ],
};

/// A stock-taking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockTaking {
    /// Key.
    pub id: i64,
    /// Number (PD…).
    pub no: String,
    /// The caller's number, unique over the stock-takings of the merchant.
    pub outer_no: String,
    /// Warehouse key.
    pub warehouse: i64,
    /// How it was counted.
    pub mode: TakingMode,
    /// State.
    pub status: TakingStatus,
    /// Remark.
    #[serde(default, skip_serializing_if = "is_default")]
    pub remark: String,
    /// The lines.
    pub lines: Vec<TakingLine>,
    /// When the counted figures took effect.
    pub checked: Option<Moment>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A counted line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TakingLine {
    /// Key.
    pub id: i64,
    /// Spec key.
    pub spec: i64,
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Bin.
    #[serde(skip_serializing_if = "is_default")]
    pub position_no: String,
    /// Batch.
    #[serde(skip_serializing_if = "is_default")]
    pub batch_no: String,
    /// Made when.
    #[serde(skip_serializing_if = "is_default")]
    pub production_date: Option<Moment>,
    /// Expires when.
    #[serde(skip_serializing_if = "is_default")]
    pub expire_date: Option<Moment>,
    /// What was booked: at the push, and again when the count took effect.
    pub old_num: Quantity,
    /// What was counted.
    pub new_num: Quantity,
    /// Cost of a piece when the count took effect.
    pub cost_price: Money,
    /// Remark.
    #[serde(skip_serializing_if = "is_default")]
    pub remark: String,
}

impl TakingLine {
    /// Gain (positive) or loss (negative), `yk_num`.
    pub fn gain(&self) -> Quantity {
        self.new_num - self.old_num
    }
}

/// A stock-taking to make.
#[derive(Debug, Clone)]
pub struct NewStockTaking {
    /// The caller's number.
    pub outer_no: String,
    /// Warehouse number.
    pub warehouse_no: String,
    /// How it was counted.
    pub mode: TakingMode,
    /// Let it take effect at once.
    pub audit: bool,
    /// One line that cannot be taken refuses the whole.
    pub strict: bool,
    /// Make stock rows that are missing.
    pub create_stock: bool,
    /// Remark.
    pub remark: String,
    /// The lines.
    pub lines: Vec<NewTakingLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewTakingLine {
    /// Merchant code.
    pub spec_no: String,
    /// The counted quantity, not negative.
    pub num: Quantity,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Bin; needed when counted by bin.
    pub position_no: String,
    /// Batch.
    pub batch_no: String,
    /// Made when.
    pub production_date: Option<Moment>,
    /// Expires when.
    pub expire_date: Option<Moment>,
    /// Remark.
    pub remark: String,
}

/// A line that a lenient stock-taking passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Merchant code.
    pub spec_no: String,
    /// Why.
    pub refusal: Refusal,
}

/// Makes a stock-taking. `None` when a lenient one has no line left; nothing is stored then.
pub fn push_stock_taking(
    tx: &mut Tx,
    settings: &Settings,
    new: &NewStockTaking,
) -> Result<(Option<StockTaking>, Vec<Skipped>)> {
    if table::taking_by_outer_no(tx, &new.outer_no)?.is_some() {
        return Err(Refusal::OuterNoUsed { field: "api_outer_no", no: new.outer_no.clone() }.into());
    }
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    let (lines, skipped) = accepted(tx, settings, new, warehouse.id)?;
    if lines.is_empty() {
        return Ok((None, skipped));
    }
    let limit = settings.stock.stock_takings_a_day;
    let today = format!("stock_taking:{}", tx.now().day().compact());
    if limit > 0 && tx.next(&today)? > limit {
        return Err(Refusal::Quota { what: "每日盘点次数", max: limit }.into());
    }
    let counter = tx.next(&settings.stock.stock_taking_number.stem(tx.now()))?;
    let mut order = StockTaking {
        id: tx.document_id("stock_taking")?,
        no: settings.stock.stock_taking_number.write(tx.now(), counter),
        outer_no: new.outer_no.clone(),
        warehouse: warehouse.id,
        mode: new.mode,
        status: TakingStatus::AwaitingSettlement,
        remark: new.remark.clone(),
        lines,
        checked: None,
        created: tx.now(),
        modified: tx.now(),
    };
    for line in &mut order.lines {
        line.id = tx.document_id("stock_taking_line")?;
    }
    tx.event("stock_taking.created", &order.no, &serde_json::json!({ "outer_no": order.outer_no }))?;
    if new.audit && settings.stock.audit_stock_taking {
        take_effect(tx, settings, &mut order)?;
    }
    table::save_taking(tx, &order)?;
    Ok((Some(order), skipped))
}

/// The lines that can be taken, with what is booked now; those passed over when the call is lenient.
fn accepted(
    tx: &mut Tx,
    settings: &Settings,
    new: &NewStockTaking,
    warehouse: i64,
) -> Result<(Vec<TakingLine>, Vec<Skipped>)> {
    let specs = catalog::specs_by_no(tx, new.lines.iter().map(|line| &*line.spec_no))?;
    let keys: Vec<i64> = specs.values().map(|spec| spec.id).collect();
    let balances = table::balances_in(tx, warehouse, &keys)?;
    let (mut lines, mut skipped, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for line in &new.lines {
        let position = if new.mode == TakingMode::ByPosition { &*line.position_no } else { "" };
        if line.num.is_negative() {
            return Err(Refusal::BadNumber { field: "stock_num", why: "不能小于0" }.into());
        }
        if !seen.insert((&*line.spec_no, line.defect, position)) {
            return Err(Refusal::SpecRepeated(line.spec_no.clone()).into());
        }
        if new.mode == TakingMode::ByPosition {
            if position.is_empty() {
                return Err(Refusal::PositionUnknown(String::new()).into());
            }
            positions_known(tx, settings, warehouse, std::iter::once(position), false)?;
        }
        let spec = specs.get(&*line.spec_no);
        let balance =
            spec.and_then(|spec| balances.iter().find(|row| row.spec == spec.id && row.defect == line.defect));
        let refusal = match (spec, balance) {
            (None, _) => Some(Refusal::SpecUnknown(line.spec_no.clone())),
            (Some(_), None) if !new.create_stock => Some(Refusal::NoStockRow(line.spec_no.clone())),
            _ => None,
        };
        if let Some(refusal) = refusal {
            if new.strict {
                return Err(refusal.into());
            }
            skipped.push(Skipped { spec_no: line.spec_no.clone(), refusal });
            continue;
        }
        let old_num = match balance {
            Some(row) if new.mode == TakingMode::ByPosition => held(tx, row.id, row.quantities.stock_num, position)?,
            Some(row) => row.quantities.stock_num,
            None => Quantity::ZERO,
        };
        lines.push(TakingLine {
            spec: spec.map_or(0, |spec| spec.id),
            spec_no: line.spec_no.clone(),
            defect: line.defect,
            position_no: line.position_no.clone(),
            batch_no: line.batch_no.clone(),
            production_date: line.production_date,
            expire_date: line.expire_date,
            old_num,
            new_num: line.num,
            cost_price: balance.map(|row| row.cost_price).unwrap_or_default(),
            remark: line.remark.clone(),
            ..TakingLine::default()
        });
    }
    Ok((lines, skipped))
}

/// Lets a stock-taking that waits for it take effect.
pub fn audit_stock_taking(tx: &mut Tx, settings: &Settings, no: &str) -> Result<StockTaking> {
    let mut order = stock_taking_by_no(tx, no)?;
    take_effect(tx, settings, &mut order)?;
    table::save_taking(tx, &order)?;
    Ok(order)
}

/// Cancels a stock-taking that has not taken effect.
pub fn cancel_stock_taking(tx: &mut Tx, no: &str) -> Result<StockTaking> {
    let mut order = stock_taking_by_no(tx, no)?;
    order.status = STOCK_TAKING.fire(order.status, TakingEvent::Cancel)?;
    order.modified = tx.now();
    tx.event("stock_taking.cancelled", &order.no, &serde_json::json!({ "status": order.status }))?;
    table::save_taking(tx, &order)?;
    Ok(order)
}

/// Books the differences as they are now and notes when it was counted.
fn take_effect(tx: &mut Tx, settings: &Settings, order: &mut StockTaking) -> Result<()> {
    order.status = STOCK_TAKING.fire(order.status, TakingEvent::Audit)?;
    let sheet = Sheet::open(tx, order.warehouse, order.lines.iter().map(|line| (line.spec, line.defect)))?;
    for line in &mut order.lines {
        let Some(row) = sheet.get(line.spec, line.defect) else { continue };
        line.cost_price = row.cost_price;
        line.old_num = match order.mode {
            TakingMode::ByPosition => held(tx, row.id, row.quantities.stock_num, &line.position_no)?,
            _ => row.quantities.stock_num,
        };
        note::counted(tx, row.id)?;
    }
    // Rows that did not exist do from now on, and readers hear of every counted row.
    sheet.close(tx, settings, false)?;
    let by_bin = order.mode == TakingMode::ByPosition;
    let position = |line: &TakingLine| if by_bin { line.position_no.clone() } else { String::new() };
    let gains = order.lines.iter().filter(|line| line.gain().is_positive()).map(|line| StockInLine {
        source_line: line.id,
        spec: line.spec,
        spec_no: line.spec_no.clone(),
        defect: line.defect,
        num: line.gain(),
        expect: line.gain(),
        position_no: position(line),
        batch_no: line.batch_no.clone(),
        production_date: line.production_date,
        expire_date: line.expire_date,
        ..StockInLine::default()
    });
    let draft = StockIn {
        source: order.id,
        source_no: order.no.clone(),
        lines: gains.collect(),
        ..StockIn::draft(StockInKind::Gain, order.warehouse)
    };
    if !draft.lines.is_empty() {
        let mut gain = open_stock_in(tx, settings, draft)?;
        receive(tx, settings, &mut gain, audited_status(settings), &|_| Vec::new())?;
    }
    let losses = order.lines.iter().filter(|line| line.gain().is_negative()).map(|line| WarehouseOutLine {
        source_line: line.id,
        spec: line.spec,
        spec_no: line.spec_no.clone(),
        defect: line.defect,
        num: -line.gain(),
        position_no: position(line),
        batch_no: line.batch_no.clone(),
        production_date: line.production_date,
        expire_date: line.expire_date,
        ..WarehouseOutLine::default()
    });
    let draft = WarehouseOut {
        source: order.id,
        source_no: order.no.clone(),
        lines: losses.collect(),
        ..WarehouseOut::draft(StockOutKind::Loss, order.warehouse)
    };
    if !draft.lines.is_empty() {
        let mut loss = open_warehouse_out(tx, settings, draft)?;
        issue(tx, settings, &mut loss, &|_| Vec::new())?;
    }
    order.checked = Some(tx.now());
    order.modified = tx.now();
    tx.event("stock_taking.audited", &order.no, &serde_json::json!({ "status": order.status }))?;
    Ok(())
}

/// What to look for in [`stock_takings`]; empty lists = all.
#[derive(Debug, Default)]
pub struct TakingFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// The caller's number.
    pub outer_no: Option<&'a str>,
    /// States.
    pub statuses: &'a [i64],
    /// Warehouse keys.
    pub warehouses: &'a [i64],
    /// Last changed within.
    pub modified: Option<Window>,
    /// Took effect within; the rows are sorted by it then.
    pub checked: Option<Window>,
}

/// A page of stock-takings, oldest first.
pub fn stock_takings(reader: &mut Reader, filter: &TakingFilter<'_>, page: Page) -> Result<Rows<StockTaking>> {
    table::takings(reader, filter, page)
}

/// The stock-taking with this number.
pub fn stock_taking_by_no(reader: &mut Reader, no: &str) -> Result<StockTaking> {
    table::taking_by_no(reader, no)?.ok_or_else(|| Refusal::NotFound { what: "盘点单号", no: no.to_owned() }.into())
}
