//! Bins (货位) and batches (批次): what is known of them, and how much of a balance lies in a named bin. What lies in no named
//! bin lies in the usual one, [`USUAL`]; sales take from no named bin (fact sheet wdt-2, 12 no. 22).

use std::collections::HashMap;

use store::{Reader, Tx};
use units::Quantity;

use super::sheet::{Sheet, short};
use super::stock_in::StockInLine;
use super::table;
use super::warehouse_out::WarehouseOutLine;
use crate::{Refusal, Result, Settings, catalog};

/// The bin of goods for which none was named.
pub const USUAL: &str = "ZANCUN";

/// True for a bin that is counted by itself.
pub(super) fn named(position_no: &str) -> bool {
    !position_no.is_empty() && position_no != USUAL
}

/// Refuses bins that the warehouse does not have. Goods that come in may name a new one, unless the merchant wants bins to be
/// made first.
pub(crate) fn positions_known<'a>(
    tx: &mut Tx,
    settings: &Settings,
    warehouse: i64,
    positions: impl Iterator<Item = &'a str>,
    coming_in: bool,
) -> Result<()> {
    if coming_in && !settings.stock.bins_must_exist {
        return Ok(());
    }
    let mut positions: Vec<&str> = positions.filter(|no| named(no)).collect();
    positions.sort_unstable();
    positions.dedup();
    for no in positions {
        if !table::position_exists(tx, warehouse, no)? {
            return Err(Refusal::PositionUnknown(no.to_owned()).into());
        }
    }
    Ok(())
}

/// Refuses batches that a spec was never seen with, where the merchant wants batches to be made by a stock-in that says so.
pub(crate) fn batches_known<'a>(
    tx: &mut Tx,
    settings: &Settings,
    may_create: bool,
    lines: impl Iterator<Item = (i64, &'a str)>,
) -> Result<()> {
    if !settings.stock.batches_must_exist || may_create {
        return Ok(());
    }
    for (spec, no) in lines {
        if !no.is_empty() && !table::batch_exists(tx, spec, no)? {
            return Err(Refusal::BatchUnknown(no.to_owned()).into());
        }
    }
    Ok(())
}

/// Goods came in: their bins and batches are known from now on, and the bins hold them.
pub(super) fn put_in(tx: &mut Tx, sheet: &Sheet, lines: &[StockInLine]) -> Result<()> {
    for line in lines {
        let Some(balance) = sheet.get(line.spec, line.defect) else { continue };
        if named(&line.position_no) {
            table::save_position(tx, balance.warehouse, &line.position_no)?;
            table::add_to_bin(tx, balance.id, &line.position_no, line.num)?;
        }
        if !line.batch_no.is_empty() {
            table::save_batch(tx, line.spec, &line.batch_no)?;
        }
    }
    Ok(())
}

/// Goods go out of the bins that are named. Refused when a bin holds less.
pub(super) fn take_out(tx: &mut Tx, sheet: &Sheet, lines: &[WarehouseOutLine]) -> Result<()> {
    let mut taken: HashMap<(i64, &str), (i64, Quantity)> = HashMap::new();
    for line in lines.iter().filter(|line| named(&line.position_no)) {
        if let Some(balance) = sheet.get(line.spec, line.defect) {
            taken.entry((balance.id, &line.position_no)).or_insert((line.spec, Quantity::ZERO)).1 += line.num;
        }
    }
    let mut taken: Vec<_> = taken.into_iter().collect();
    taken.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    for ((balance, position), (spec, num)) in &taken {
        if table::in_bin(tx, *balance, position)? < *num {
            return Err(short(tx, *spec)?);
        }
    }
    for ((balance, position), (_, num)) in taken {
        table::add_to_bin(tx, balance, position, -num)?;
    }
    Ok(())
}

/// How much of a balance lies in a bin; for the usual one, what lies in no named bin.
pub(super) fn held(reader: &mut Reader, balance: i64, stock_num: Quantity, position_no: &str) -> Result<Quantity> {
    if named(position_no) {
        table::in_bin(reader, balance, position_no)
    } else {
        Ok(stock_num - table::in_bins(reader, balance)?)
    }
}

/// Makes a bin of a warehouse, by hand.
pub fn create_position(tx: &mut Tx, warehouse_no: &str, position_no: &str) -> Result<()> {
    let warehouse = catalog::warehouse_by_no(tx, warehouse_no)?;
    if !named(position_no) || table::position_exists(tx, warehouse.id, position_no)? {
        return Err(Refusal::Exists { what: "货位", no: position_no.to_owned() }.into());
    }
    table::save_position(tx, warehouse.id, position_no)
}

/// The named bins of a balance that hold something, in the order of their names.
pub fn bins_of(reader: &mut Reader, balance: i64) -> Result<Vec<(String, Quantity)>> {
    table::bins_of(reader, balance)
}
