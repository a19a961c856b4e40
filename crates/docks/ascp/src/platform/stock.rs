//! The stock account of a supplier warehouse: total and occupied, per goods and quality (fact sheet ascp-direct, 3.4).

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};

use super::error::{Result, no};
use super::table;

/// Good stock.
pub const GOOD: i64 = 1;
/// Defective stock.
pub const DEFECTIVE: i64 = 101;

/// One account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimStock {
    /// Supplier.
    pub supplier_id: String,
    /// Warehouse.
    pub store_code: String,
    /// Goods.
    pub sc_item_id: i64,
    /// 1 good, 101 defective.
    pub inventory_type: i64,
    /// In all.
    pub quantity: i64,
    /// Occupied by open orders.
    pub lock_quantity: i64,
}

/// The words of the one refusal that is known (fact sheet ascp-direct, 2.12).
pub const BELOW_LOCK: &str = "系统异常,可售库存不足";

/// The account; empty when nothing was published yet.
pub fn account(
    reader: &mut Reader,
    supplier_id: &str,
    store_code: &str,
    sc_item_id: i64,
    kind: i64,
) -> Result<SimStock> {
    let found = table::stock(reader, supplier_id, store_code, sc_item_id, kind)?;
    Ok(found.unwrap_or_else(|| SimStock {
        supplier_id: supplier_id.to_owned(),
        store_code: store_code.to_owned(),
        sc_item_id,
        inventory_type: kind,
        ..SimStock::default()
    }))
}

/// The platform's operator sets the total of an account; what is occupied stays occupied.
pub fn enter_stock(
    tx: &mut Tx,
    supplier_id: &str,
    store_code: &str,
    sc_item_id: i64,
    quantity: i64,
) -> Result<SimStock> {
    let mut account = account(tx, supplier_id, store_code, sc_item_id, GOOD)?;
    account.quantity = quantity.max(account.lock_quantity);
    table::save_stock(tx, &account)?;
    Ok(account)
}

/// An order is assigned to the warehouse.
pub(super) fn occupy(tx: &mut Tx, supplier_id: &str, store_code: &str, sc_item_id: i64, pieces: i64) -> Result<()> {
    let mut account = account(tx, supplier_id, store_code, sc_item_id, GOOD)?;
    if account.quantity - account.lock_quantity < pieces {
        let free = account.quantity - account.lock_quantity;
        return Err(no("SIM_NOT_SELLABLE", format!("{sc_item_id} has {free} sellable pieces in {store_code}")));
    }
    account.lock_quantity += pieces;
    table::save_stock(tx, &account)
}

/// The order will not be shipped.
pub(super) fn release(tx: &mut Tx, supplier_id: &str, store_code: &str, sc_item_id: i64, pieces: i64) -> Result<()> {
    let mut account = account(tx, supplier_id, store_code, sc_item_id, GOOD)?;
    account.lock_quantity -= pieces;
    table::save_stock(tx, &account)
}

/// The order was shipped.
pub(super) fn ship(tx: &mut Tx, supplier_id: &str, store_code: &str, sc_item_id: i64, pieces: i64) -> Result<()> {
    let mut account = account(tx, supplier_id, store_code, sc_item_id, GOOD)?;
    account.lock_quantity -= pieces;
    account.quantity -= pieces;
    table::save_stock(tx, &account)
}

/// A publish: `FULLAMOUNT` sets the total, `INCREMENT` changes it; refused when that is below what is occupied.
pub(super) fn publish(tx: &mut Tx, mut account: SimStock, quantity: i64, full: bool) -> Result<()> {
    let wanted = if full { quantity } else { account.quantity.saturating_add(quantity) };
    if wanted < account.lock_quantity || wanted < 0 {
        return Err(no("SIM_STOCK_BELOW_LOCK", BELOW_LOCK));
    }
    account.quantity = wanted;
    table::save_stock(tx, &account)
}
