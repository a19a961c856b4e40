//! SQL of marks.

use store::{Reader, Tx};

use crate::catalog::{Mark, MarkKind};
use crate::document::{decode, encode};
use crate::{Result, values};

pub(crate) fn mark(reader: &mut Reader, kind: MarkKind, name: &str) -> Result<Option<Mark>> {
    let tenant = reader.tenant().0;
    let sql = "SELECT doc FROM mark WHERE tenant = ?1 AND kind = ?2 AND name = ?3";
    let text = reader.query_opt(sql, values![tenant, kind.code(), name], |row| row.string(0))?;
    text.map(|text| decode("mark", &text)).transpose()
}

pub(crate) fn marks(reader: &mut Reader, kind: Option<MarkKind>) -> Result<Vec<Mark>> {
    let tenant = reader.tenant().0;
    let sql = "SELECT doc FROM mark WHERE tenant = ?1 AND (?2 = 0 OR kind = ?2) ORDER BY id";
    let texts = reader.query(sql, values![tenant, kind.map_or(0, MarkKind::code)], |row| row.string(0))?;
    texts.iter().map(|text| decode("mark", text)).collect()
}

pub(crate) fn save_mark(tx: &mut Tx, mark: &Mark) -> Result<()> {
    let tenant = tx.tenant().0;
    let doc = encode("mark", mark)?;
    tx.put(
        "INSERT INTO mark (id, tenant, kind, name, doc) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET doc = ?5",
        values![mark.id, tenant, mark.kind.code(), &mark.name, &doc],
    )?;
    Ok(())
}
