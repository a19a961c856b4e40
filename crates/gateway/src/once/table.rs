//! SQL of business keys.

use store::{Result, Tx};

use super::OnceKey;

/// The first call with a key.
pub(crate) struct First {
    /// It said the same.
    pub(crate) same: bool,
    /// Its id.
    pub(crate) request_id: String,
    /// Of its receipt.
    pub(crate) fingerprint: Vec<u8>,
}

/// The first call with this key.
pub(crate) fn look(tx: &mut Tx, key: &OnceKey) -> Result<Option<First>> {
    let (tenant, oldest) = (tx.tenant(), tx.now().plus(-key.seconds));
    tx.query_opt(
        "SELECT content, fingerprint, request_id FROM gateway_once WHERE tenant = ?1 AND once_key = ?2 AND at >= ?3",
        &[tenant.into(), (&key.key[..]).into(), oldest.into()],
        |row| {
            let same = row.bytes(0)? == key.content;
            Ok(First { same, fingerprint: row.bytes(1)?.to_vec(), request_id: row.string(2)? })
        },
    )
}

/// Remembers the call as the first one, in the place of one that is forgotten or never left. What is too old goes.
pub(crate) fn keep(tx: &mut Tx, key: &OnceKey, fingerprint: &[u8]) -> Result<()> {
    let (tenant, now) = (tx.tenant(), tx.now());
    tx.put("DELETE FROM gateway_once WHERE tenant = ?1 AND at < ?2", &[tenant.into(), now.plus(-key.seconds).into()])?;
    tx.put(
        "INSERT INTO gateway_once (tenant, once_key, content, fingerprint, request_id, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (tenant, once_key) DO UPDATE SET content = excluded.content, fingerprint = excluded.fingerprint,
         request_id = excluded.request_id, at = excluded.at",
        &[
            tenant.into(),
            (&key.key[..]).into(),
            (&key.content[..]).into(),
            fingerprint.into(),
            (&key.request_id).into(),
            now.into(),
        ],
    )
}
