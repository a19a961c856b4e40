//! SQL of platform goods rows and of who watches the stock of a spec.

use store::{Reader, Row, Tx, Value};

use super::Conditions;
use crate::catalog::{Page, PlatformGoods, Rows, Target, Window, suite_parts_of};
use crate::document::{decode, encode};
use crate::{Result, values};

const SELECT: &str =
    "SELECT doc, changes, acked FROM platform_goods JOIN stock_change ON stock_change.id = platform_goods.id";

fn read(row: &Row<'_>) -> store::Result<(String, i64, i64)> {
    Ok((row.string(0)?, row.int(1)?, row.int(2)?))
}

fn build((text, changes, acked): (String, i64, i64)) -> Result<PlatformGoods> {
    Ok(PlatformGoods { changes, acked, ..decode("platform goods", &text)? })
}

pub(crate) fn platform_goods_of(
    reader: &mut Reader,
    shop: i64,
    goods_id: &str,
    spec_id: &str,
) -> Result<Option<PlatformGoods>> {
    let sql = format!("{SELECT} WHERE platform_goods.shop = ?1 AND goods_id = ?2 AND spec_id = ?3");
    let found = reader.query_opt(&sql, values![shop, goods_id, spec_id], read)?;
    found.map(build).transpose()
}

pub(crate) fn platform_goods_by_id(reader: &mut Reader, id: i64) -> Result<Option<PlatformGoods>> {
    let sql = format!("{SELECT} WHERE platform_goods.id = ?1");
    reader.query_opt(&sql, values![id], read)?.map(build).transpose()
}

/// Rows of a shop that are to be offered, in the order of their keys.
pub(crate) fn platform_goods_pending(reader: &mut Reader, shop: i64, limit: i64) -> Result<Vec<PlatformGoods>> {
    let sql = format!("{SELECT} WHERE stock_change.shop = ?1 AND pending = 1 ORDER BY stock_change.id LIMIT ?2");
    let found = reader.query(&sql, values![shop, limit], read)?;
    found.into_iter().map(build).collect()
}

/// Stores a row; `before` is what it was until now, if it is not new.
pub(crate) fn save_platform_goods(tx: &mut Tx, row: &PlatformGoods, before: Option<&PlatformGoods>) -> Result<()> {
    if before.is_some() {
        tx.forget();
    }
    let before = before.and_then(PlatformGoods::watched);
    let tenant = tx.tenant().0;
    let doc = encode("platform goods", row)?;
    let (kind, target) = match row.target {
        None => (0, 0),
        Some(Target::Spec(id)) => (1, id),
        Some(Target::Suite(id)) => (2, id),
    };
    tx.put(
        "INSERT INTO platform_goods
             (id, tenant, shop, goods_id, spec_id, target_kind, target, modified, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET target_kind = ?6, target = ?7, modified = ?8, doc = ?9",
        values![row.id, tenant, row.shop, &row.goods_id, &row.spec_id, kind, target, row.modified, &doc],
    )?;
    tx.put(
        "INSERT INTO stock_change (id, shop, changes, acked, pending) VALUES (?1, ?2, 0, 0, 0) ON CONFLICT DO NOTHING",
        values![row.id, row.shop],
    )?;
    if before != row.watched() {
        watch(tx, row, before)?;
    }
    Ok(())
}

/// Nothing of this row is to be offered any more.
pub(crate) fn leave_stock_queue(tx: &mut Tx, id: i64) -> Result<()> {
    tx.put("UPDATE stock_change SET acked = changes, pending = 0 WHERE id = ?1 AND pending = 1", values![id])?;
    Ok(())
}

/// One page of rows, oldest change first; `shops` = keys, empty = all.
pub(crate) fn platform_goods_page(
    reader: &mut Reader,
    shops: &[i64],
    window: Option<Window>,
    page: Page,
) -> Result<Rows<PlatformGoods>> {
    let mut conditions = Conditions::of_tenant(reader.tenant().0);
    conditions.and_int_in("shop", shops);
    if let Some(window) = window {
        conditions.and("modified BETWEEN ? AND ?", [Value::from(window.start), Value::from(window.end)]);
    }
    conditions.page(reader, "platform goods", "platform_goods", "modified, id", page)
}

fn specs_behind(reader: &mut Reader, target: Option<Target>) -> Result<Vec<i64>> {
    Ok(match target {
        None => Vec::new(),
        Some(Target::Spec(spec)) => vec![spec],
        Some(Target::Suite(suite)) => suite_parts_of(reader, suite)?.iter().map(|part| part.spec).collect(),
    })
}

fn watch(tx: &mut Tx, row: &PlatformGoods, before: Option<Target>) -> Result<()> {
    tx.forget();
    for spec in specs_behind(tx, before)? {
        tx.put("DELETE FROM stock_watch WHERE spec = ?1 AND platform_goods = ?2", values![spec, row.id])?;
    }
    for spec in specs_behind(tx, row.watched())? {
        tx.put(
            "INSERT INTO stock_watch (spec, platform_goods) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            values![spec, row.id],
        )?;
    }
    Ok(())
}

/// Counts a change of the sellable stock of these specs on every row that watches one of them (`stock_change_count`).
pub(crate) fn count_stock_changes(tx: &mut Tx, specs: &[i64]) -> Result<()> {
    let mut rows = Vec::new();
    for spec in specs {
        let watchers = tx.remember("watchers", &spec.to_string(), |tx| {
            let sql = "SELECT platform_goods FROM stock_watch WHERE spec = ?1";
            tx.query(sql, values![*spec], |row| row.int(0)).map(Some)
        })?;
        rows.extend(watchers.iter().flat_map(|watchers| watchers.iter().copied()));
    }
    rows.sort_unstable();
    rows.dedup();
    // One by one: a list of keys costs SQLite a table of its own for the list, and PostgreSQL merges these anyway.
    for row in rows {
        tx.put("UPDATE stock_change SET changes = changes + 1, pending = 1 WHERE id = ?1", values![row])?;
    }
    Ok(())
}

/// Records that the mall has stored what it was offered at `count`.
pub(crate) fn ack_stock_change(tx: &mut Tx, row: &PlatformGoods, count: i64) -> Result<()> {
    let doc = encode("platform goods", row)?;
    let acked =
        tx.execute("UPDATE stock_change SET acked = ?2, pending = CASE WHEN changes > ?2 THEN 1 ELSE 0 END WHERE id = ?1 AND acked < ?2", values![row.id, count])?;
    if acked > 0 {
        tx.put("UPDATE platform_goods SET modified = ?2, doc = ?3 WHERE id = ?1", values![row.id, row.modified, &doc])?;
    }
    Ok(())
}
