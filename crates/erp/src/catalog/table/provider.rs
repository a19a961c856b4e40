//! SQL of providers.

use store::{Reader, Tx, Value};

use super::{Conditions, places};
use crate::catalog::{Page, Provider, ProviderFilter, ProviderGoods, Rows};
use crate::document::{decode, encode};
use crate::{Result, values};

pub(crate) fn save_provider(tx: &mut Tx, provider: &Provider) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("provider", provider)?;
    tx.put(
        "INSERT INTO provider (id, tenant, no, name, disabled, deleted, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET name = ?4, disabled = ?5, deleted = ?6, modified = ?7, doc = ?8",
        values![
            provider.id,
            tenant,
            &provider.no,
            &provider.name,
            provider.disabled,
            provider.deleted,
            provider.modified,
            &doc
        ],
    )?;
    Ok(())
}

fn provider(reader: &mut Reader, condition: &str, value: &str) -> Result<Option<Provider>> {
    let tenant = reader.tenant().0;
    let sql = format!("SELECT doc FROM provider WHERE tenant = ?1 AND {condition} = ?2");
    let text = reader.query_opt(&sql, values![tenant, value], |row| row.string(0))?;
    text.map(|text| decode("provider", &text)).transpose()
}

pub(crate) fn provider_by_no(reader: &mut Reader, no: &str) -> Result<Option<Provider>> {
    provider(reader, "no", no)
}

pub(crate) fn provider_by_name(reader: &mut Reader, name: &str) -> Result<Option<Provider>> {
    provider(reader, "name", name)
}

/// A provider with this number or this name.
pub(crate) fn provider_with(reader: &mut Reader, no: &str, name: &str) -> Result<Option<Provider>> {
    match provider_by_no(reader, no)? {
        None => provider_by_name(reader, name),
        found => Ok(found),
    }
}

pub(crate) fn providers_by_id(reader: &mut Reader, ids: &[i64]) -> Result<Vec<Provider>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<Value<'_>> = ids.iter().map(|id| Value::from(*id)).collect();
    let sql = format!("SELECT doc FROM provider WHERE id IN ({})", places(1, ids.len()));
    let texts = reader.query(&sql, &values, |row| row.string(0))?;
    texts.iter().map(|text| decode("provider", text)).collect()
}

pub(crate) fn providers(reader: &mut Reader, filter: &ProviderFilter<'_>, page: Page) -> Result<Rows<Provider>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if !filter.deleted {
        conditions.and("deleted = 0", []);
    }
    if let Some(disabled) = filter.disabled {
        conditions.and("disabled = ?", [Value::from(disabled)]);
    }
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    if let Some(name) = filter.name {
        conditions.and("name = ?", [Value::from(name)]);
    }
    conditions.page(reader, "provider", "provider", "id", page)
}

pub(crate) fn save_provider_goods(tx: &mut Tx, provider: i64, goods: &ProviderGoods) -> Result<()> {
    tx.put(
        "INSERT INTO provider_goods (provider, spec, goods_no, price) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (provider, spec) DO UPDATE SET goods_no = ?3, price = ?4",
        values![provider, goods.spec, &goods.goods_no, goods.price],
    )?;
    Ok(())
}

pub(crate) fn provider_goods(reader: &mut Reader, provider: i64, specs: &[i64]) -> Result<Vec<ProviderGoods>> {
    if specs.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<Value<'_>> = std::iter::once(&provider).chain(specs).map(|key| Value::from(*key)).collect();
    let list = places(2, specs.len());
    let sql = format!("SELECT spec, goods_no, price FROM provider_goods WHERE provider = ?1 AND spec IN ({list})");
    Ok(reader.query(&sql, &values, |row| {
        Ok(ProviderGoods { spec: row.int(0)?, goods_no: row.string(1)?, price: row.money(2)? })
    })?)
}
