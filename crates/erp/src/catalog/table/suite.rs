//! SQL of suites.

use std::collections::HashMap;

use store::{Reader, Tx, Value};

use super::{Conditions, key_list};
use crate::catalog::{Page, Rows, Suite, SuiteFilter, SuitePart};
use crate::document::{decode, encode};
use crate::{Result, values};

pub(crate) fn insert_suite(tx: &mut Tx, suite: &Suite) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("suite", suite)?;
    tx.execute(
        "INSERT INTO suite (id, tenant, no, deleted, disabled, modified, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        values![suite.id, tenant, &suite.no, suite.deleted, suite.disabled, suite.modified, &doc],
    )?;
    Ok(())
}

pub(crate) fn suite_by_no(reader: &mut Reader, no: &str) -> Result<Option<Suite>> {
    let tenant = reader.tenant().0;
    let text = reader
        .query_opt("SELECT doc FROM suite WHERE tenant = ?1 AND no = ?2", values![tenant, no], |row| row.string(0))?;
    text.map(|text| decode("suite", &text)).transpose()
}

pub(crate) fn suite_by_id(reader: &mut Reader, id: i64) -> Result<Option<Suite>> {
    let text = reader.query_opt("SELECT doc FROM suite WHERE id = ?1", values![id], |row| row.string(0))?;
    text.map(|text| decode("suite", &text)).transpose()
}

/// Suites by key; those that are gone are missing.
pub(crate) fn suites_by_ids(reader: &mut Reader, ids: &[i64]) -> Result<HashMap<i64, Suite>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT id, doc FROM suite WHERE id IN ({})", key_list(ids));
    let texts = reader.query(&sql, &[], |row| Ok((row.int(0)?, row.string(1)?)))?;
    texts.into_iter().map(|(id, text)| Ok((id, decode("suite", &text)?))).collect()
}

/// The parts of a suite; empty when there is no such suite.
pub(crate) fn suite_parts_of(reader: &mut Reader, id: i64) -> Result<Vec<SuitePart>> {
    Ok(suite_by_id(reader, id)?.map(|suite| suite.parts).unwrap_or_default())
}

pub(crate) fn suites(reader: &mut Reader, filter: &SuiteFilter<'_>, page: Page) -> Result<Rows<Suite>> {
    // Brand and class of a suite are free text inside the document.
    let patterns: Vec<String> = [("brand_name", filter.brand_name), ("class_name", filter.class_name)]
        .into_iter()
        .filter_map(|(name, wanted)| wanted.map(|wanted| document_contains(name, wanted)))
        .collect();
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and("disabled = 0", []);
    if !filter.deleted {
        conditions.and("deleted = 0", []);
    }
    if let Some(no) = filter.no {
        conditions.and_number("no = ?", no);
    }
    if let Some(window) = filter.window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    for pattern in &patterns {
        conditions.and("doc LIKE ? ESCAPE '!'", [Value::from(pattern)]);
    }
    conditions.page(reader, "suite", "suite", "modified, id", page)
}

/// A LIKE pattern for documents in which the field has exactly this text.
fn document_contains(field: &str, text: &str) -> String {
    let member = format!("\"{field}\":{}", serde_json::Value::from(text));
    format!("%{}%", member.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}
