//! SQL of rules, and of who has open orders.

use store::{Reader, Tx, Value};
use units::Quantity;

use crate::catalog::{Conditions, Page, Rows};
use crate::document::{decode, encode};
use crate::order::rule::{Rule, RuleKind};
use crate::{Refusal, Result, values};

pub(in crate::order) fn save_rule(tx: &mut Tx, rule: &Rule) -> Result<()> {
    tx.forget();
    let tenant = tx.tenant().0;
    let doc = encode("rule", rule)?;
    tx.execute(
        "INSERT INTO flow_rule (id, tenant, kind, name, priority, disabled, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET name = ?4, priority = ?5, disabled = ?6, modified = ?7, doc = ?8",
        values![rule.id, tenant, rule.kind.code(), &rule.name, rule.priority, rule.disabled, rule.modified, &doc],
    )?;
    Ok(())
}

pub(in crate::order) fn delete_rule(tx: &mut Tx, id: i64) -> Result<()> {
    tx.forget();
    tx.execute("DELETE FROM flow_rule WHERE id = ?1", values![id])?;
    tx.execute("DELETE FROM flow_rule_use WHERE rule = ?1", values![id])?;
    Ok(())
}

pub(in crate::order) fn rule_by_id(reader: &mut Reader, id: i64) -> Result<Rule> {
    let tenant = reader.tenant().0;
    let text =
        reader.query_opt("SELECT doc FROM flow_rule WHERE tenant = ?1 AND id = ?2", values![tenant, id], |row| {
            row.string(0)
        })?;
    let text = text.ok_or_else(|| Refusal::NotFound { what: "策略", no: store::wire_id(id).to_string() })?;
    decode("rule", &text)
}

/// The key of the rule of a kind with this name.
pub(in crate::order) fn rule_named(reader: &mut Reader, kind: RuleKind, name: &str) -> Result<Option<i64>> {
    let tenant = reader.tenant().0;
    Ok(reader.query_opt(
        "SELECT id FROM flow_rule WHERE tenant = ?1 AND kind = ?2 AND name = ?3",
        values![tenant, kind.code(), name],
        |row| row.int(0),
    )?)
}

/// The enabled rules of a kind in the order in which they are asked.
pub(in crate::order) fn rules_in_force(reader: &mut Reader, kind: RuleKind) -> Result<Vec<Rule>> {
    let tenant = reader.tenant().0;
    let texts = reader.query(
        "SELECT doc FROM flow_rule WHERE tenant = ?1 AND kind = ?2 AND disabled = 0 ORDER BY priority, id",
        values![tenant, kind.code()],
        |row| row.string(0),
    )?;
    texts.iter().map(|text| decode("rule", text)).collect()
}

pub(in crate::order) fn rules(reader: &mut Reader, kind: Option<RuleKind>, page: Page) -> Result<Rows<Rule>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    if let Some(kind) = kind {
        conditions.and("kind = ?", [Value::from(kind.code())]);
    }
    conditions.page(reader, "rule", "flow_rule", "kind, priority, id", page)
}

/// Notes that a buyer has an open order.
pub(in crate::order) fn note_open_buyer(tx: &mut Tx, print: &str, order: i64) -> Result<()> {
    let tenant = tx.tenant().0;
    tx.put(
        "INSERT INTO open_buyer (tenant, print, sales_order) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        values![tenant, print, order],
    )?;
    Ok(())
}

pub(in crate::order) fn forget_open_buyer(tx: &mut Tx, order: i64) -> Result<()> {
    tx.put("DELETE FROM open_buyer WHERE sales_order = ?1", values![order])?;
    Ok(())
}

/// The other open orders of the buyer of `order`, oldest first.
pub(in crate::order) fn open_siblings(reader: &mut Reader, order: i64) -> Result<Vec<i64>> {
    Ok(reader.query(
        "SELECT o.sales_order FROM open_buyer m JOIN open_buyer o ON o.tenant = m.tenant AND o.print = m.print
         WHERE m.sales_order = ?1 AND o.sales_order <> ?1 ORDER BY o.sales_order LIMIT 50",
        values![order],
        |row| row.int(0),
    )?)
}

/// How many orders a rule gave something to, and how many pieces.
pub(in crate::order) fn rule_used(reader: &mut Reader, rule: i64) -> Result<(i64, Quantity)> {
    let found = reader.query_opt("SELECT orders, pieces FROM flow_rule_use WHERE rule = ?1", values![rule], |row| {
        Ok((row.int(0)?, Quantity::from_raw(row.int(1)?)))
    })?;
    Ok(found.unwrap_or_default())
}

pub(in crate::order) fn use_rule(tx: &mut Tx, rule: i64, orders: i64, pieces: Quantity) -> Result<()> {
    let tenant = tx.tenant().0;
    tx.put(
        "INSERT INTO flow_rule_use (rule, tenant, orders, pieces) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (rule) DO UPDATE SET orders = excluded.orders, pieces = excluded.pieces",
        values![rule, tenant, orders, pieces.raw()],
    )?;
    Ok(())
}

/// The open orders of a buyer, oldest first.
pub(in crate::order) fn open_orders_of(reader: &mut Reader, print: &str) -> Result<Vec<i64>> {
    let tenant = reader.tenant().0;
    Ok(reader.query(
        "SELECT sales_order FROM open_buyer WHERE tenant = ?1 AND print = ?2 ORDER BY sales_order LIMIT 50",
        values![tenant, print],
        |row| row.int(0),
    )?)
}
