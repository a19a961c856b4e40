//! SQL of shops, warehouses, carriers, brands and classes.

use serde::de::DeserializeOwned;
use store::{Reader, Tenant, Tx, Value};
use units::Moment;

use super::Conditions;
use crate::catalog::{Brand, Carrier, Class, Page, Rows, Shop, Warehouse, Window};
use crate::document::{decode, encode};
use crate::{Result, values};

fn one<T: DeserializeOwned>(
    reader: &mut Reader,
    what: &'static str,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Option<T>> {
    let text = reader.query_opt(sql, values, |row| row.string(0))?;
    text.map(|text| decode(what, &text)).transpose()
}

fn all<T: DeserializeOwned>(
    reader: &mut Reader,
    what: &'static str,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Vec<T>> {
    let texts = reader.query(sql, values, |row| row.string(0))?;
    texts.iter().map(|text| decode(what, text)).collect()
}

pub(crate) fn save_shop(tx: &mut Tx, shop: &Shop) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("shop", shop)?;
    tx.execute(
        "INSERT INTO shop (id, tenant, no, platform, disabled, modified, doc, ends_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET platform = ?4, disabled = ?5, modified = ?6, doc = ?7, ends_at = ?8",
        values![shop.id, tenant, &shop.no, shop.platform, shop.disabled, shop.modified, &doc, shop.ends()],
    )?;
    Ok(())
}

pub(crate) fn shop_by_no(reader: &mut Reader, no: &str) -> Result<Option<Shop>> {
    let tenant = reader.tenant().0;
    one(reader, "shop", "SELECT doc FROM shop WHERE tenant = ?1 AND no = ?2", values![tenant, no])
}

pub(crate) fn shop_by_id(reader: &mut Reader, id: i64) -> Result<Option<Shop>> {
    one(reader, "shop", "SELECT doc FROM shop WHERE id = ?1", values![id])
}

pub(crate) fn shops(
    reader: &mut Reader,
    no: Option<&str>,
    platforms: &[i64],
    disabled: bool,
    page: Page,
) -> Result<Rows<Shop>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and("disabled = ?", [Value::from(disabled)]);
    if let Some(no) = no {
        conditions.and("no = ?", [Value::from(no)]);
    }
    if !platforms.is_empty() {
        let list = platforms.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        conditions.and(&format!("platform IN ({list})"), []);
    }
    conditions.page(reader, "shop", "shop", "id", page)
}

/// Tenant, number and end of the shops of all merchants that end by then.
pub(crate) fn shops_ending(reader: &mut Reader, by: Moment) -> Result<Vec<(Tenant, String, Moment)>> {
    let sql = "SELECT tenant, no, ends_at FROM shop WHERE ends_at IS NOT NULL AND ends_at <= ?1 ORDER BY ends_at, id";
    Ok(reader.query(sql, values![by], |row| Ok((Tenant(row.int(0)?), row.string(1)?, row.moment(2)?)))?)
}

pub(crate) fn forget_stock_changes(tx: &mut Tx, shop: i64) -> Result<()> {
    tx.execute("UPDATE stock_change SET acked = changes, pending = 0 WHERE shop = ?1 AND pending = 1", values![shop])?;
    Ok(())
}

pub(crate) fn save_warehouse(tx: &mut Tx, warehouse: &Warehouse) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("warehouse", warehouse)?;
    tx.execute(
        "INSERT INTO warehouse (id, tenant, no, kind, disabled, modified, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET kind = ?4, disabled = ?5, modified = ?6, doc = ?7",
        values![warehouse.id, tenant, &warehouse.no, warehouse.kind, warehouse.disabled, warehouse.modified, &doc],
    )?;
    Ok(())
}

pub(crate) fn warehouse_by_no(reader: &mut Reader, no: &str) -> Result<Option<Warehouse>> {
    let tenant = reader.tenant().0;
    one(reader, "warehouse", "SELECT doc FROM warehouse WHERE tenant = ?1 AND no = ?2", values![tenant, no])
}

pub(crate) fn warehouse_by_id(reader: &mut Reader, id: i64) -> Result<Option<Warehouse>> {
    one(reader, "warehouse", "SELECT doc FROM warehouse WHERE id = ?1", values![id])
}

pub(crate) fn default_warehouse(reader: &mut Reader) -> Result<Option<Warehouse>> {
    let tenant = reader.tenant().0;
    let enabled: Vec<Warehouse> = all(
        reader,
        "warehouse",
        "SELECT doc FROM warehouse WHERE tenant = ?1 AND disabled = 0 ORDER BY id LIMIT 10",
        values![tenant],
    )?;
    Ok(enabled.into_iter().find(|warehouse| !warehouse.defect))
}

pub(crate) fn warehouses(
    reader: &mut Reader,
    no: Option<&str>,
    kind: Option<i64>,
    sub_kind: Option<i64>,
    disabled: bool,
    page: Page,
) -> Result<Rows<Warehouse>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and("disabled = ?", [Value::from(disabled)]);
    if let Some(no) = no {
        conditions.and("no = ?", [Value::from(no)]);
    }
    if let Some(kind) = kind {
        conditions.and("kind = ?", [Value::from(kind)]);
    }
    let mut found = conditions.page(reader, "warehouse", "warehouse", "id", page)?;
    if let Some(sub_kind) = sub_kind {
        found.rows.retain(|warehouse: &Warehouse| warehouse.kind != 127 || warehouse.sub_kind == sub_kind);
    }
    Ok(found)
}

pub(crate) fn save_carrier(tx: &mut Tx, carrier: &Carrier) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("carrier", carrier)?;
    tx.execute(
        "INSERT INTO carrier (id, tenant, no, kind, disabled, priority, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET kind = ?4, disabled = ?5, priority = ?6, modified = ?7, doc = ?8",
        values![
            carrier.id,
            tenant,
            &carrier.no,
            carrier.kind,
            carrier.disabled,
            carrier.priority,
            carrier.modified,
            &doc
        ],
    )?;
    Ok(())
}

pub(crate) fn carrier_by_no(reader: &mut Reader, no: &str) -> Result<Option<Carrier>> {
    let tenant = reader.tenant().0;
    one(reader, "carrier", "SELECT doc FROM carrier WHERE tenant = ?1 AND no = ?2", values![tenant, no])
}

pub(crate) fn carrier_by_id(reader: &mut Reader, id: i64) -> Result<Option<Carrier>> {
    if id == 0 {
        return Ok(None);
    }
    one(reader, "carrier", "SELECT doc FROM carrier WHERE id = ?1", values![id])
}

/// The most preferred enabled carrier of a kind; of any kind when it is negative.
pub(crate) fn first_carrier(reader: &mut Reader, kind: i64) -> Result<Option<Carrier>> {
    let tenant = reader.tenant().0;
    one(
        reader,
        "carrier",
        "SELECT doc FROM carrier WHERE tenant = ?1 AND disabled = 0 AND (?2 < 0 OR kind = ?2) ORDER BY priority, id LIMIT 1",
        values![tenant, kind],
    )
}

pub(crate) fn carriers(reader: &mut Reader, no: Option<&str>, name: Option<&str>) -> Result<Vec<Carrier>> {
    let tenant = reader.tenant().0;
    let mut found: Vec<Carrier> = match no {
        Some(no) => carrier_by_no(reader, no)?.into_iter().collect(),
        None => all(reader, "carrier", "SELECT doc FROM carrier WHERE tenant = ?1 ORDER BY id", values![tenant])?,
    };
    found.retain(|carrier| name.is_none_or(|name| carrier.name == name));
    found.sort_by_key(|carrier| (carrier.priority, carrier.id));
    Ok(found)
}

pub(crate) fn insert_brand(tx: &mut Tx, brand: &Brand) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("brand", brand)?;
    tx.execute(
        "INSERT INTO brand (id, tenant, no, name, modified, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        values![brand.id, tenant, &brand.no, &brand.name, brand.modified, &doc],
    )?;
    Ok(())
}

pub(crate) fn brand_by_name(reader: &mut Reader, name: &str) -> Result<Option<Brand>> {
    let tenant = reader.tenant().0;
    one(reader, "brand", "SELECT doc FROM brand WHERE tenant = ?1 AND name = ?2", values![tenant, name])
}

pub(crate) fn brand_by_no(reader: &mut Reader, no: &str) -> Result<Option<Brand>> {
    let tenant = reader.tenant().0;
    one(reader, "brand", "SELECT doc FROM brand WHERE tenant = ?1 AND no = ?2", values![tenant, no])
}

pub(crate) fn brands(reader: &mut Reader, window: Option<Window>, page: Page) -> Result<Rows<Brand>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(window) = window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    conditions.page(reader, "brand", "brand", "id", page)
}

pub(crate) fn insert_class(tx: &mut Tx, class: &Class) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("class", class)?;
    tx.execute(
        "INSERT INTO class (id, tenant, name, modified, doc) VALUES (?1, ?2, ?3, ?4, ?5)",
        values![class.id, tenant, &class.name, class.modified, &doc],
    )?;
    Ok(())
}

pub(crate) fn class_by_name(reader: &mut Reader, name: &str) -> Result<Option<Class>> {
    let tenant = reader.tenant().0;
    one(reader, "class", "SELECT doc FROM class WHERE tenant = ?1 AND name = ?2", values![tenant, name])
}

pub(crate) fn classes(reader: &mut Reader, name: Option<&str>, page: Page) -> Result<Rows<Class>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(name) = name {
        conditions.and("name = ?", [Value::from(name)]);
    }
    conditions.page(reader, "class", "class", "id", page)
}
