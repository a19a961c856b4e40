//! SQL of goods and specs.

use store::{Reader, Tx, Value};

use super::{Conditions, places};
use crate::catalog::{Goods, GoodsFilter, Page, Rows, Spec};
use crate::document::{decode, encode};
use crate::{Result, values};

pub(crate) fn save_goods(tx: &mut Tx, goods: &Goods) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("goods", goods)?;
    tx.put(
        "INSERT INTO goods (id, tenant, no, brand, class, disabled, deleted, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET brand = ?4, class = ?5, deleted = ?6, modified = ?7, doc = ?8",
        values![goods.id, tenant, &goods.no, goods.brand, goods.class, goods.deleted, goods.modified, &doc],
    )?;
    Ok(())
}

pub(crate) fn goods_by_no(reader: &mut Reader, no: &str) -> Result<Option<Goods>> {
    let tenant = reader.tenant().0;
    let text = reader
        .query_opt("SELECT doc FROM goods WHERE tenant = ?1 AND no = ?2", values![tenant, no], |row| row.string(0))?;
    text.map(|text| decode("goods", &text)).transpose()
}

pub(crate) fn goods_by_id(reader: &mut Reader, id: i64) -> Result<Option<Goods>> {
    let text = reader.query_opt("SELECT doc FROM goods WHERE id = ?1", values![id], |row| row.string(0))?;
    text.map(|text| decode("goods", &text)).transpose()
}

pub(crate) fn save_spec(tx: &mut Tx, spec: &Spec) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("spec", spec)?;
    tx.put(
        "INSERT INTO spec (id, tenant, no, goods, barcode, deleted, modified, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET barcode = ?5, deleted = ?6, modified = ?7, doc = ?8",
        values![spec.id, tenant, &spec.no, spec.goods, &spec.facts.barcode, spec.deleted, spec.modified, &doc],
    )?;
    Ok(())
}

fn spec(reader: &mut Reader, condition: &str, value: &str) -> Result<Option<Spec>> {
    let tenant = reader.tenant().0;
    let sql = format!("SELECT doc FROM spec WHERE tenant = ?1 AND {condition} = ?2");
    let text = reader.query_opt(&sql, values![tenant, value], |row| row.string(0))?;
    text.map(|text| decode("spec", &text)).transpose()
}

pub(crate) fn spec_by_no(reader: &mut Reader, no: &str) -> Result<Option<Spec>> {
    spec(reader, "no", no)
}

pub(crate) fn spec_by_barcode(reader: &mut Reader, barcode: &str) -> Result<Option<Spec>> {
    spec(reader, "barcode <> '' AND barcode", barcode)
}

pub(crate) fn spec_with_goods(reader: &mut Reader, id: i64) -> Result<Option<(Spec, Goods)>> {
    let texts = reader.query_opt(
        "SELECT spec.doc, goods.doc FROM spec JOIN goods ON goods.id = spec.goods WHERE spec.id = ?1",
        values![id],
        |row| Ok((row.string(0)?, row.string(1)?)),
    )?;
    texts.map(|(spec, goods)| Ok((decode("spec", &spec)?, decode("goods", &goods)?))).transpose()
}

/// Rows that are read with one statement.
const ROWS_A_READ: usize = 100;

pub(crate) fn specs_by_no(reader: &mut Reader, numbers: &[&str]) -> Result<Vec<Spec>> {
    let mut found = Vec::with_capacity(numbers.len());
    for part in numbers.chunks(ROWS_A_READ) {
        let mut conditions = Conditions::of_tenant(reader.tenant().0);
        conditions.and_text_in("no", part);
        let texts = conditions.all(reader, "spec", "doc", |row| row.string(0))?;
        for text in texts {
            found.push(decode("spec", &text)?);
        }
    }
    Ok(found)
}

pub(crate) fn specs_with_goods(reader: &mut Reader, keys: &[i64]) -> Result<Vec<(Spec, Goods)>> {
    let mut found = Vec::with_capacity(keys.len());
    for part in keys.chunks(ROWS_A_READ) {
        let places: Vec<String> = (1..=part.len()).map(|i| format!("?{i}")).collect();
        let values: Vec<Value<'_>> = part.iter().map(|key| Value::from(*key)).collect();
        let sql = format!(
            "SELECT spec.doc, goods.doc FROM spec JOIN goods ON goods.id = spec.goods WHERE spec.id IN ({})",
            places.join(", ")
        );
        for (spec, goods) in reader.query(&sql, &values, |row| Ok((row.string(0)?, row.string(1)?)))? {
            found.push((decode("spec", &spec)?, decode("goods", &goods)?));
        }
    }
    Ok(found)
}

/// Specs with their goods by merchant code, a hundred with each statement.
pub(crate) fn specs_and_goods_by_no(reader: &mut Reader, numbers: &[&str]) -> Result<Vec<(Spec, Goods)>> {
    let mut found = Vec::with_capacity(numbers.len());
    for part in numbers.chunks(ROWS_A_READ) {
        let mut values = vec![Value::from(reader.tenant())];
        values.extend(part.iter().map(|no| Value::from(*no)));
        let sql = format!(
            "SELECT spec.doc, goods.doc FROM spec JOIN goods ON goods.id = spec.goods
             WHERE spec.tenant = ?1 AND spec.no IN ({})",
            places(2, part.len())
        );
        for (spec, goods) in reader.query(&sql, &values, |row| Ok((row.string(0)?, row.string(1)?)))? {
            found.push((decode("spec", &spec)?, decode("goods", &goods)?));
        }
    }
    Ok(found)
}

pub(crate) fn specs_of(reader: &mut Reader, goods: i64) -> Result<Vec<Spec>> {
    let texts =
        reader.query("SELECT doc FROM spec WHERE goods = ?1 ORDER BY id", values![goods], |row| row.string(0))?;
    texts.iter().map(|text| decode("spec", text)).collect()
}

/// The keys of specs by number, barcode or goods number; what of them is given.
pub(crate) fn spec_ids(
    reader: &mut Reader,
    no: Option<&str>,
    barcode: Option<&str>,
    goods_no: Option<&str>,
) -> Result<Vec<i64>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(no) = no {
        conditions.and_number("no = ?", no);
    }
    if let Some(barcode) = barcode {
        conditions.and_number("barcode <> '' AND barcode = ?", barcode);
    }
    if let Some(goods_no) = goods_no {
        conditions.and("goods IN (SELECT g.id FROM goods g WHERE g.tenant = ?1 AND g.no = ?)", [Value::from(goods_no)]);
    }
    conditions.ids(reader, "spec")
}

pub(crate) fn goods_page(reader: &mut Reader, filter: &GoodsFilter<'_>, page: Page) -> Result<Rows<Goods>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and("disabled = 0", []);
    if !filter.deleted {
        conditions.and("deleted = 0", []);
    }
    if let Some(no) = filter.goods_no {
        conditions.and_number("no = ?", no);
    }
    if let Some(no) = filter.spec_no {
        conditions.and("id IN (SELECT s.goods FROM spec s WHERE s.tenant = ?1 AND s.no = ?)", [Value::from(no)]);
    }
    if let Some(barcode) = filter.barcode {
        conditions.and(
            "id IN (SELECT s.goods FROM spec s WHERE s.tenant = ?1 AND s.barcode <> '' AND s.barcode = ?)",
            [Value::from(barcode)],
        );
    }
    if let Some(no) = filter.brand_no {
        match no {
            "0" => conditions.and("brand = 0", []),
            no => conditions
                .and("brand IN (SELECT b.id FROM brand b WHERE b.tenant = ?1 AND b.no = ?)", [Value::from(no)]),
        };
    }
    if let Some(name) = filter.class_name {
        match name {
            "无" => conditions.and("class = 0", []),
            name => conditions
                .and("class IN (SELECT c.id FROM class c WHERE c.tenant = ?1 AND c.name = ?)", [Value::from(name)]),
        };
    }
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    conditions.page(reader, "goods", "goods", "modified, id", page)
}
