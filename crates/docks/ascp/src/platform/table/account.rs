//! Suppliers, goods, stock accounts, remembered answers, the simulated clock.

use store::{Reader, Row, Tx};
use units::Moment;

use super::{read_doc, write_doc};
use crate::platform::error::Result;
use crate::platform::goods::SimGoods;
use crate::platform::stock::SimStock;
use crate::platform::supplier::SimSupplier;

pub(in crate::platform) fn supplier(reader: &mut Reader, supplier_id: &str) -> Result<Option<SimSupplier>> {
    let tenant = reader.tenant();
    let doc = reader.query_opt(
        "SELECT doc FROM ascp_sim_supplier WHERE tenant = ?1 AND supplier_id = ?2",
        &[tenant.into(), supplier_id.into()],
        |row| row.string(0),
    )?;
    doc.map(|doc| read_doc(&doc)).transpose()
}

pub(in crate::platform) fn supplier_of_session(reader: &mut Reader, session: &str) -> Result<Option<SimSupplier>> {
    let tenant = reader.tenant();
    let doc = reader.query_opt(
        "SELECT doc FROM ascp_sim_supplier WHERE tenant = ?1 AND session = ?2",
        &[tenant.into(), session.into()],
        |row| row.string(0),
    )?;
    doc.map(|doc| read_doc(&doc)).transpose()
}

pub(in crate::platform) fn save_supplier(tx: &mut Tx, supplier: &SimSupplier) -> Result<()> {
    let (id, tenant, now, doc) = (tx.document_id("ascp_sim_supplier")?, tx.tenant(), tx.now(), write_doc(supplier)?);
    Ok(tx.put(
        "INSERT INTO ascp_sim_supplier (id, tenant, supplier_id, session, doc, modified) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (tenant, supplier_id) DO UPDATE SET session = excluded.session, doc = excluded.doc, modified = excluded.modified",
        &[
            id.into(),
            tenant.into(),
            (&supplier.supplier_id).into(),
            (&supplier.session).into(),
            (&doc).into(),
            now.into(),
        ],
    )?)
}

pub(in crate::platform) fn goods(reader: &mut Reader, supplier_id: &str, sc_item_id: i64) -> Result<Option<SimGoods>> {
    let tenant = reader.tenant();
    let doc = reader.query_opt(
        "SELECT doc FROM ascp_sim_goods WHERE tenant = ?1 AND supplier_id = ?2 AND sc_item_id = ?3",
        &[tenant.into(), supplier_id.into(), sc_item_id.into()],
        |row| row.string(0),
    )?;
    doc.map(|doc| read_doc(&doc)).transpose()
}

/// The goods with this merchant code.
pub(in crate::platform) fn goods_by_outer(
    reader: &mut Reader,
    supplier_id: &str,
    outer_id: &str,
) -> Result<Option<SimGoods>> {
    let tenant = reader.tenant();
    let docs = reader.query(
        "SELECT doc FROM ascp_sim_goods WHERE tenant = ?1 AND supplier_id = ?2 ORDER BY id",
        &[tenant.into(), supplier_id.into()],
        |row| row.string(0),
    )?;
    let all: Vec<SimGoods> = docs.iter().map(|doc| read_doc(doc)).collect::<Result<_>>()?;
    Ok(all.into_iter().find(|goods| goods.outer_id == outer_id))
}

pub(in crate::platform) fn save_goods(tx: &mut Tx, supplier_id: &str, goods: &SimGoods) -> Result<()> {
    let (id, tenant, now, doc) = (tx.document_id("ascp_sim_goods")?, tx.tenant(), tx.now(), write_doc(goods)?);
    Ok(tx.put(
        "INSERT INTO ascp_sim_goods (id, tenant, supplier_id, sc_item_id, created, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (tenant, supplier_id, sc_item_id) DO UPDATE SET doc = excluded.doc",
        &[id.into(), tenant.into(), supplier_id.into(), goods.sc_item_id.into(), now.into(), (&doc).into()],
    )?)
}

pub(in crate::platform) fn goods_page(
    reader: &mut Reader,
    supplier_id: &str,
    (begin, end): (Option<Moment>, Option<Moment>),
    from: i64,
    size: i64,
) -> Result<(Vec<(SimGoods, Moment)>, i64)> {
    let tenant = reader.tenant();
    let (begin, end) = (begin.unwrap_or(Moment::from_unix(0)), end.unwrap_or(Moment::from_unix(i64::MAX)));
    let total = reader.query_one(
        "SELECT COUNT(*) FROM ascp_sim_goods WHERE tenant = ?1 AND supplier_id = ?2 AND created >= ?3 AND created <= ?4",
        &[tenant.into(), supplier_id.into(), begin.into(), end.into()],
        |row| row.int(0),
    )?;
    let rows = reader.query(
        "SELECT doc, created FROM ascp_sim_goods WHERE tenant = ?1 AND supplier_id = ?2 AND created >= ?3 AND created <= ?4
         ORDER BY id LIMIT ?5 OFFSET ?6",
        &[tenant.into(), supplier_id.into(), begin.into(), end.into(), size.into(), from.into()],
        |row| Ok((row.string(0)?, row.moment(1)?)),
    )?;
    let rows = rows.into_iter().map(|(doc, created)| Ok((read_doc(&doc)?, created))).collect::<Result<_>>()?;
    Ok((rows, total))
}

fn account(row: &Row<'_>) -> store::Result<SimStock> {
    Ok(SimStock {
        supplier_id: row.string(0)?,
        store_code: row.string(1)?,
        sc_item_id: row.int(2)?,
        inventory_type: row.int(3)?,
        quantity: row.int(4)?,
        lock_quantity: row.int(5)?,
    })
}

const STOCK: &str =
    "SELECT supplier_id, store_code, sc_item_id, inventory_type, quantity, lock_quantity FROM ascp_sim_stock";

pub(in crate::platform) fn stock(
    reader: &mut Reader,
    supplier_id: &str,
    store_code: &str,
    sc_item_id: i64,
    kind: i64,
) -> Result<Option<SimStock>> {
    let tenant = reader.tenant();
    Ok(reader.query_opt(
        &format!("{STOCK} WHERE tenant = ?1 AND supplier_id = ?2 AND store_code = ?3 AND sc_item_id = ?4 AND inventory_type = ?5"),
        &[tenant.into(), supplier_id.into(), store_code.into(), sc_item_id.into(), kind.into()],
        account,
    )?)
}

pub(in crate::platform) fn stocks(reader: &mut Reader, supplier_id: &str) -> Result<Vec<SimStock>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        &format!("{STOCK} WHERE tenant = ?1 AND supplier_id = ?2 ORDER BY store_code, sc_item_id, inventory_type"),
        &[tenant.into(), supplier_id.into()],
        account,
    )?)
}

/// Goods with free pieces in a warehouse.
pub(in crate::platform) fn sellable(
    reader: &mut Reader,
    supplier_id: &str,
    store_code: &str,
) -> Result<Vec<(i64, i64)>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        "SELECT sc_item_id, quantity - lock_quantity FROM ascp_sim_stock WHERE tenant = ?1 AND supplier_id = ?2 AND store_code = ?3
         AND inventory_type = 1 AND quantity > lock_quantity ORDER BY sc_item_id",
        &[tenant.into(), supplier_id.into(), store_code.into()],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?)
}

pub(in crate::platform) fn save_stock(tx: &mut Tx, account: &SimStock) -> Result<()> {
    let tenant = tx.tenant();
    Ok(tx.put(
        "INSERT INTO ascp_sim_stock (tenant, supplier_id, store_code, sc_item_id, inventory_type, quantity, lock_quantity)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (tenant, supplier_id, store_code, sc_item_id, inventory_type)
         DO UPDATE SET quantity = excluded.quantity, lock_quantity = excluded.lock_quantity",
        &[
            tenant.into(),
            (&account.supplier_id).into(),
            (&account.store_code).into(),
            account.sc_item_id.into(),
            account.inventory_type.into(),
            account.quantity.into(),
            account.lock_quantity.into(),
        ],
    )?)
}

/// What was answered to this idempotency key.
pub(in crate::platform) fn answered(reader: &mut Reader, key: &str) -> Result<Option<String>> {
    let tenant = reader.tenant();
    let sql = "SELECT answer FROM ascp_sim_done WHERE tenant = ?1 AND key = ?2";
    Ok(reader.query_opt(sql, &[tenant.into(), key.into()], |row| row.string(0))?)
}

pub(in crate::platform) fn remember(tx: &mut Tx, key: &str, answer: &str) -> Result<()> {
    let tenant = tx.tenant();
    Ok(tx.put(
        "INSERT INTO ascp_sim_done (tenant, key, answer) VALUES (?1, ?2, ?3) ON CONFLICT (tenant, key) DO NOTHING",
        &[tenant.into(), key.into(), answer.into()],
    )?)
}

/// How far the business clock is ahead of the real one, seconds.
pub(in crate::platform) fn clock_ahead(reader: &mut Reader) -> Result<i64> {
    Ok(reader.query_opt("SELECT ahead FROM sandbox_clock WHERE one = 1", &[], |row| row.int(0))?.unwrap_or(0))
}

pub(in crate::platform) fn set_clock_ahead(tx: &mut Tx, ahead: i64) -> Result<()> {
    Ok(tx.put("UPDATE sandbox_clock SET ahead = ?1 WHERE one = 1", &[ahead.into()])?)
}
