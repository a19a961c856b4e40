//! Warehouses (仓库).

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::{Page, Rows, table};
use crate::{Refusal, Result};

/// A place where stock is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Warehouse {
    /// Key.
    pub id: i64,
    /// Business key, unique within the merchant.
    pub no: String,
    /// Name.
    pub name: String,
    /// Kind: 1 ordinary, 11 Qimen …, 127 other (fact sheet wdt-1, 2.2). Kinds above 1 are run by somebody else (委外).
    pub kind: i64,
    /// For kind 127: 1 physical shop, 2 virtual shop.
    pub sub_kind: i64,
    /// Number in the external system.
    pub ext_no: String,
    /// Names of province, city and district.
    pub region: [String; 3],
    /// Street address.
    pub address: String,
    /// Contact person.
    pub contact: String,
    /// Mobile of the contact.
    pub mobile: String,
    /// Telephone of the contact.
    pub telno: String,
    /// Post code.
    pub zip: String,
    /// Holds defective goods only (残次仓).
    pub defect: bool,
    /// Not to be used any more.
    pub disabled: bool,
    /// Remark.
    pub remark: String,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

impl Warehouse {
    /// Run by somebody else's system.
    pub fn outsourced(&self) -> bool {
        self.kind > 1
    }
}

/// Creates a warehouse.
pub fn create_warehouse(tx: &mut Tx, mut warehouse: Warehouse) -> Result<Warehouse> {
    if table::warehouse_by_no(tx, &warehouse.no)?.is_some() {
        return Err(Refusal::Exists { what: "仓库编号", no: warehouse.no }.into());
    }
    warehouse.id = tx.document_id("warehouse")?;
    warehouse.created = tx.now();
    warehouse.modified = tx.now();
    table::save_warehouse(tx, &warehouse)?;
    Ok(warehouse)
}

/// Stores a changed warehouse.
pub fn update_warehouse(tx: &mut Tx, mut warehouse: Warehouse) -> Result<Warehouse> {
    warehouse.modified = tx.now();
    table::save_warehouse(tx, &warehouse)?;
    Ok(warehouse)
}

/// The warehouse with this number, if it is enabled.
pub fn warehouse_by_no(reader: &mut Reader, no: &str) -> Result<Warehouse> {
    match table::warehouse_by_no(reader, no)? {
        Some(warehouse) if !warehouse.disabled => Ok(warehouse),
        _ => Err(Refusal::WarehouseUnknown(no.to_owned()).into()),
    }
}

/// The warehouse with this key.
pub fn warehouse_by_id(reader: &mut Reader, id: i64) -> Result<Option<Warehouse>> {
    table::warehouse_by_id(reader, id)
}

/// Where an order is shipped from unless it names a warehouse: the first enabled one with good stock (fact sheet wdt-1, 2.0.3).
pub fn default_warehouse(reader: &mut Reader) -> Result<Warehouse> {
    table::default_warehouse(reader)?.ok_or_else(|| Refusal::NoWarehouse.into())
}

/// Warehouses in the order of their keys.
pub fn warehouses(
    reader: &mut Reader,
    no: Option<&str>,
    kind: Option<i64>,
    sub_kind: Option<i64>,
    disabled: bool,
    page: Page,
) -> Result<Rows<Warehouse>> {
    table::warehouses(reader, no, kind, sub_kind, disabled, page)
}
