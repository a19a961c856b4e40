//! The SQL of stock: balances here, the ledger, waiting lines and each kind of document in a file below.

mod bin;
mod ledger;
mod note;
mod outsourced;
mod stock_in;
mod taking;
mod transfer;
mod waiting;
mod warehouse_out;

pub(super) use bin::*;
pub(super) use ledger::*;
pub(super) use note::*;
pub(super) use outsourced::*;
pub(super) use stock_in::*;
pub(super) use taking::*;
pub(super) use transfer::*;
pub(super) use waiting::*;
pub(super) use warehouse_out::*;

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::LazyLock;

use store::{Reader, Row, Tx, Value};
use units::Moment;

use super::balance::{Balance, QUANTITIES, Quantities};
use super::note::StockNote;
use crate::catalog::{Goods, Page, Rows, Spec, Window, look_up};
use crate::{Result, values};

const BALANCE: &str = "id, warehouse, spec, defect, stock_num, lock_num, unpay_num, subscribe_num, order_num, sending_num, \
     part_paid_num, purchase_num, purchase_arrive_num, to_purchase_num, transfer_num, to_transfer_num, return_num, \
     refund_num, refund_exch_num, refund_onway_num, cost_price, waiting, short_num, last_inout, created, modified";

/// Specs whose balances are read with one statement.
const SPECS_A_READ: usize = 100;

fn balance(row: &Row<'_>) -> store::Result<Balance> {
    Ok(Balance {
        id: row.int(0)?,
        warehouse: row.int(1)?,
        spec: row.int(2)?,
        defect: row.int(3)?,
        quantities: Quantities::from_row(row, 4)?,
        cost_price: row.money(20)?,
        waiting: row.int(21)?,
        short: row.quantity(22)?,
        last_inout: row.moment(23)?,
        created: row.moment(24)?,
        modified: row.moment(25)?,
        stored: true,
    })
}

/// The balance of a pair; made, in memory, when no document has touched the pair yet.
pub(crate) fn balance_or_new(tx: &mut Tx, warehouse: i64, spec: i64, defect: i64) -> Result<Balance> {
    let sql = format!("SELECT {BALANCE} FROM balance WHERE spec = ?1 AND warehouse = ?2 AND defect = ?3");
    match tx.query_opt(&sql, values![spec, warehouse, defect], balance)? {
        Some(balance) => Ok(balance),
        None => {
            let now = tx.now();
            Ok(Balance::empty(tx.document_id("balance")?, warehouse, spec, defect, now))
        }
    }
}

/// The balances of good stock of several specs in a warehouse, one for each spec, made in memory where there is none yet.
pub(super) fn balances_of(tx: &mut Tx, warehouse: i64, specs: &[i64]) -> Result<Vec<Balance>> {
    let specs = distinct(specs);
    let values = balances_values(warehouse, &specs);
    let mut found = tx.query(&balances_sql(specs.len()), &values, balance)?;
    for spec in &*specs {
        if !found.iter().any(|balance| balance.spec == *spec) {
            let now = tx.now();
            found.push(Balance::empty(tx.document_id("balance")?, warehouse, *spec, 0, now));
        }
    }
    Ok(found)
}

/// Announces [`balances_of`].
pub(super) fn foresee_balances(tx: &mut Tx, warehouse: i64, specs: &[i64]) -> Result<()> {
    let specs = distinct(specs);
    Ok(tx.foresee("balance", &balances_sql(specs.len()), &balances_values(warehouse, &specs))?)
}

/// Each spec once, in the order of its first place.
fn distinct(specs: &[i64]) -> Cow<'_, [i64]> {
    let again = |(place, spec): (usize, &i64)| specs.iter().take(place).any(|other| other == spec);
    if !specs.iter().enumerate().any(again) {
        return Cow::Borrowed(specs);
    }
    Cow::Owned(specs.iter().enumerate().filter(|one| !again(*one)).map(|(_, spec)| *spec).collect())
}

fn balances_values(warehouse: i64, specs: &[i64]) -> Vec<Value<'static>> {
    std::iter::once(&warehouse).chain(specs).map(|key| Value::from(*key)).collect()
}

/// The query of [`balances_of`] for so many specs; those of few are made once.
fn balances_sql(specs: usize) -> Cow<'static, str> {
    static FEW: LazyLock<[String; 5]> = LazyLock::new(|| std::array::from_fn(write_balances_sql));
    FEW.get(specs).map_or_else(|| Cow::Owned(write_balances_sql(specs)), |sql| Cow::Borrowed(sql.as_str()))
}

fn write_balances_sql(specs: usize) -> String {
    look_up(&format!("SELECT {BALANCE} FROM balance WHERE warehouse = ?1 AND defect = 0 AND"), "spec", 2, specs)
}

/// The balances of these specs in a warehouse, good and defective, as far as there are any.
pub(super) fn balances_in(reader: &mut Reader, warehouse: i64, specs: &[i64]) -> Result<Vec<Balance>> {
    let mut found = Vec::with_capacity(specs.len());
    for part in specs.chunks(SPECS_A_READ) {
        let places: Vec<String> = (0..part.len()).map(|i| format!("?{}", i + 2)).collect();
        let sql = format!("SELECT {BALANCE} FROM balance WHERE warehouse = ?1 AND spec IN ({})", places.join(", "));
        found.extend(reader.query(&sql, &balances_values(warehouse, part), balance)?);
    }
    Ok(found)
}

/// All balances of a spec.
pub(super) fn balances_of_spec(reader: &mut Reader, spec: i64) -> Result<Vec<Balance>> {
    let sql = format!("SELECT {BALANCE} FROM balance WHERE spec = ?1");
    Ok(reader.query(&sql, values![spec], balance)?)
}

/// Stores a changed balance. A balance that was changed in this very second already leaves the index of changes alone.
pub(super) fn save_balance(tx: &mut Tx, row: &Balance, before: Option<Moment>) -> Result<()> {
    let Some(before) = before else { return insert_balance(tx, row) };
    let mut values =
        vec![Value::from(row.id), Value::from(row.cost_price), Value::from(row.waiting), Value::from(row.last_inout)];
    values.extend(QUANTITIES.iter().map(|column| Value::from(row.quantities.get(*column))));
    values.push(Value::from(row.short));
    let sql = if before == row.modified {
        "UPDATE balance SET cost_price = ?2, waiting = ?3, last_inout = ?4, stock_num = ?5, lock_num = ?6, unpay_num = ?7,
             subscribe_num = ?8, order_num = ?9, sending_num = ?10, part_paid_num = ?11, purchase_num = ?12,
             purchase_arrive_num = ?13, to_purchase_num = ?14, transfer_num = ?15, to_transfer_num = ?16, return_num = ?17,
             refund_num = ?18, refund_exch_num = ?19, refund_onway_num = ?20,
             short_num = ?21
         WHERE id = ?1"
    } else {
        values.push(Value::from(row.modified));
        "UPDATE balance SET cost_price = ?2, waiting = ?3, last_inout = ?4, stock_num = ?5, lock_num = ?6, unpay_num = ?7,
             subscribe_num = ?8, order_num = ?9, sending_num = ?10, part_paid_num = ?11, purchase_num = ?12,
             purchase_arrive_num = ?13, to_purchase_num = ?14, transfer_num = ?15, to_transfer_num = ?16, return_num = ?17,
             refund_num = ?18, refund_exch_num = ?19, refund_onway_num = ?20,
             short_num = ?21, modified = ?22
         WHERE id = ?1"
    };
    tx.put(sql, &values)?;
    Ok(())
}

fn insert_balance(tx: &mut Tx, row: &Balance) -> Result<()> {
    let mut values = vec![
        Value::from(row.id),
        Value::from(tx.tenant().0),
        Value::from(row.warehouse),
        Value::from(row.spec),
        Value::from(row.defect),
        Value::from(row.cost_price),
        Value::from(row.waiting),
        Value::from(row.last_inout),
        Value::from(row.created),
        Value::from(row.modified),
    ];
    values.extend(QUANTITIES.iter().map(|column| Value::from(row.quantities.get(*column))));
    values.push(Value::from(row.short));
    tx.put(
        "INSERT INTO balance (id, tenant, warehouse, spec, defect, cost_price, waiting, last_inout, created, modified,
             stock_num, lock_num, unpay_num, subscribe_num, order_num, sending_num, part_paid_num, purchase_num,
             purchase_arrive_num, to_purchase_num, transfer_num, to_transfer_num, return_num, refund_num, refund_exch_num,
             refund_onway_num, short_num)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
             ?24, ?25, ?26, ?27)",
        &values,
    )?;
    Ok(())
}

/// The balances of good stock of some specs in some warehouses, as far as they exist.
pub(super) fn balances_among(reader: &mut Reader, warehouses: &[i64], specs: &[i64]) -> Result<Vec<Balance>> {
    if warehouses.is_empty() || specs.is_empty() {
        return Ok(Vec::new());
    }
    let list = |keys: &[i64]| keys.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT {BALANCE} FROM balance WHERE defect = 0 AND spec IN ({}) AND warehouse IN ({})",
        list(specs),
        list(warehouses)
    );
    Ok(reader.query(&sql, &[], balance)?)
}

impl BalanceRow {
    /// The spec.
    pub fn spec(&self) -> &Spec {
        &self.goods.0
    }

    /// The goods.
    pub fn goods(&self) -> &Goods {
        &self.goods.1
    }
}

/// What to look for in [`balances`].
#[derive(Debug, Default)]
pub struct BalanceFilter<'a> {
    /// Warehouse keys; empty = all.
    pub warehouses: &'a [i64],
    /// Merchant code.
    pub spec_no: Option<&'a str>,
    /// Barcode of the spec.
    pub barcode: Option<&'a str>,
    /// Goods number.
    pub goods_no: Option<&'a str>,
    /// Last changed within.
    pub window: Option<Window>,
    /// Rows of deleted specs too.
    pub deleted: bool,
}

/// A balance with the spec and goods it is about.
#[derive(Debug, Clone)]
pub struct BalanceRow {
    /// The quantities.
    pub balance: Balance,
    /// What is known of it besides.
    pub note: StockNote,
    /// The spec and its goods.
    pub goods: Rc<(Spec, Goods)>,
}

/// A page of balances, oldest change first.
pub fn balances(reader: &mut Reader, filter: &BalanceFilter<'_>, page: Page) -> Result<Rows<BalanceRow>> {
    let mut conditions = crate::catalog::Conditions::of_tenant(reader.tenant().0);
    if filter.spec_no.is_some() || filter.barcode.is_some() || filter.goods_no.is_some() {
        let specs = crate::catalog::spec_ids(reader, filter.spec_no, filter.barcode, filter.goods_no)?;
        let list = specs.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        conditions.and(&if list.is_empty() { "1 = 0".to_owned() } else { format!("spec IN ({list})") }, []);
    }
    if !filter.warehouses.is_empty() {
        let list = filter.warehouses.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        conditions.and(&format!("warehouse IN ({list})"), []);
    }
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    if !filter.deleted {
        conditions.and("NOT EXISTS (SELECT 1 FROM spec s WHERE s.id = balance.spec AND s.deleted <> 0)", []);
    }
    let found = conditions.page_of(reader, "balance", BALANCE, "modified, id", page, balance)?;
    let specs = crate::catalog::specs_by_id(reader, found.rows.iter().map(|balance| balance.spec))?;
    let keys: Vec<i64> = found.rows.iter().map(|balance| balance.id).collect();
    let notes = notes(reader, &keys)?;
    let rows = found.rows.into_iter().filter_map(|balance| {
        let goods = specs.get(&balance.spec)?.clone();
        Some(BalanceRow { note: notes.get(&balance.id).copied().unwrap_or_default(), balance, goods })
    });
    let rows = rows.collect();
    Ok(Rows { rows, total: found.total })
}
