//! Channels, and how far the event log was followed.

use store::{Reader, Row, Secret, Tenant, Tx};
use units::Moment;

use super::{read_doc, write_doc};
use crate::hub::channel::Channel;
use crate::hub::error::Result;

const COLUMNS: &str =
    "SELECT id, tenant, supplier_id, source_platform, shop, doc, session, created, modified FROM ascp_channel";

/// A row whose document and session are not opened yet: that needs the vault.
struct Stored {
    id: i64,
    tenant: i64,
    supplier_id: String,
    source_platform: String,
    shop: i64,
    doc: String,
    session: Vec<u8>,
    created: Moment,
    modified: Moment,
}

fn stored(row: &Row<'_>) -> store::Result<Stored> {
    Ok(Stored {
        id: row.int(0)?,
        tenant: row.int(1)?,
        supplier_id: row.string(2)?,
        source_platform: row.string(3)?,
        shop: row.int(4)?,
        doc: row.string(5)?,
        session: row.bytes(6)?.to_vec(),
        created: row.moment(7)?,
        modified: row.moment(8)?,
    })
}

fn context(id: i64) -> Vec<u8> {
    format!("ascp_channel.session:{id}").into_bytes()
}

fn opened(reader: &Reader, stored: Stored) -> Result<Channel> {
    let session = reader.vault().open(&context(stored.id), &stored.session).map_err(store::Error::from)?;
    Ok(Channel {
        id: stored.id,
        tenant: Tenant(stored.tenant),
        supplier_id: stored.supplier_id,
        source_platform: stored.source_platform,
        shop: stored.shop,
        facts: read_doc("ascp_channel", &stored.doc)?,
        session: Secret::new(session),
        created: stored.created,
        modified: stored.modified,
    })
}

pub(in crate::hub) fn insert_channel(tx: &mut Tx, channel: &Channel) -> Result<()> {
    let doc = write_doc("ascp_channel", &channel.facts)?;
    let session = tx.vault().seal(&context(channel.id), channel.session.expose());
    Ok(tx.put(
        "INSERT INTO ascp_channel (id, tenant, supplier_id, source_platform, shop, doc, session, created, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            channel.id.into(),
            channel.tenant.into(),
            (&channel.supplier_id).into(),
            (&channel.source_platform).into(),
            channel.shop.into(),
            (&doc).into(),
            (&session).into(),
            channel.created.into(),
            channel.modified.into(),
        ],
    )?)
}

pub(in crate::hub) fn update_channel(tx: &mut Tx, channel: &Channel) -> Result<()> {
    let doc = write_doc("ascp_channel", &channel.facts)?;
    let session = tx.vault().seal(&context(channel.id), channel.session.expose());
    Ok(tx.put(
        "UPDATE ascp_channel SET doc = ?2, session = ?3, modified = ?4 WHERE id = ?1",
        &[channel.id.into(), (&doc).into(), (&session).into(), channel.modified.into()],
    )?)
}

/// The channel of a supplier, whoever owns it.
pub(in crate::hub) fn channel_of_supplier(
    reader: &mut Reader,
    supplier_id: &str,
    source_platform: &str,
) -> Result<Option<Channel>> {
    let found = reader.query_opt(
        &format!("{COLUMNS} WHERE supplier_id = ?1 AND source_platform = ?2"),
        &[supplier_id.into(), source_platform.into()],
        stored,
    )?;
    found.map(|stored| opened(reader, stored)).transpose()
}

pub(in crate::hub) fn channel_by_id(reader: &mut Reader, id: i64) -> Result<Option<Channel>> {
    let found = reader.query_opt(&format!("{COLUMNS} WHERE id = ?1"), &[id.into()], stored)?;
    found.map(|stored| opened(reader, stored)).transpose()
}

pub(in crate::hub) fn channels_of_tenant(reader: &mut Reader) -> Result<Vec<Channel>> {
    let tenant = reader.tenant();
    let found = reader.query(&format!("{COLUMNS} WHERE tenant = ?1 ORDER BY id"), &[tenant.into()], stored)?;
    found.into_iter().map(|stored| opened(reader, stored)).collect()
}

/// All channels of the installation.
pub(in crate::hub) fn all_channels(reader: &mut Reader) -> Result<Vec<Channel>> {
    let found = reader.query(&format!("{COLUMNS} ORDER BY id"), &[], stored)?;
    found.into_iter().map(|stored| opened(reader, stored)).collect()
}

/// Begins to follow the event log behind `seq`, unless it is followed already.
pub(in crate::hub) fn start_cursor(tx: &mut Tx, seq: i64) -> Result<()> {
    let tenant = tx.tenant();
    Ok(tx.put(
        "INSERT INTO ascp_cursor (tenant, seq) VALUES (?1, ?2) ON CONFLICT (tenant) DO NOTHING",
        &[tenant.into(), seq.into()],
    )?)
}

pub(in crate::hub) fn cursor(reader: &mut Reader) -> Result<Option<i64>> {
    let tenant = reader.tenant();
    Ok(reader.query_opt("SELECT seq FROM ascp_cursor WHERE tenant = ?1", &[tenant.into()], |row| row.int(0))?)
}

pub(in crate::hub) fn move_cursor(tx: &mut Tx, seq: i64) -> Result<()> {
    let tenant = tx.tenant();
    Ok(tx.put("UPDATE ascp_cursor SET seq = ?2 WHERE tenant = ?1", &[tenant.into(), seq.into()])?)
}
