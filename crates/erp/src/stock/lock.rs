//! Locked stock (锁定量): set by hand; no public method does it (fact sheet wdt-2, 1.1).

use store::Tx;
use units::Quantity;

use super::balance::QuantityColumn;
use super::sheet::{Sheet, one};
use crate::{Refusal, Result, Settings, catalog};

/// The document number in the ledger of locks.
const DOCUMENT: &str = "LOCK";

/// Sets how many pieces of a spec are locked in a warehouse, whatever was locked before. What is promised cannot be locked.
pub fn lock_stock(
    tx: &mut Tx,
    settings: &Settings,
    warehouse_no: &str,
    spec_no: &str,
    defect: i64,
    num: Quantity,
) -> Result<()> {
    let warehouse = catalog::warehouse_by_no(tx, warehouse_no)?;
    let spec = catalog::spec_by_no(tx, spec_no)?.ok_or_else(|| Refusal::SpecUnknown(spec_no.to_owned()))?;
    if num.is_negative() {
        return Err(Refusal::BadNumber { field: "lock_num", why: "不能小于0" }.into());
    }
    let mut sheet = Sheet::open(tx, warehouse.id, std::iter::once((spec.id, defect)))?;
    let locked = sheet.get(spec.id, defect).map(|row| row.quantities.lock_num).unwrap_or_default();
    let line = (spec.id, defect, one(QuantityColumn::Lock, num - locked));
    sheet.check(tx, settings, std::slice::from_ref(&line))?;
    sheet.post(tx, &line, DOCUMENT)?;
    let about = serde_json::json!({ "warehouse_no": warehouse.no, "lock_num": num, "defect": defect });
    tx.event("stock.locked", &spec.no, &about)?;
    sheet.close(tx, settings, false)
}
