//! Goods of the platform and what they are here.

use store::{Reader, Row, Tx};

use super::{read_doc, write_doc};
use crate::hub::error::Result;
use crate::hub::goods::ChannelGoods;

const COLUMNS: &str = "SELECT id, channel, sc_item_id, spec_no, doc, created, modified FROM ascp_goods";

type Head = (i64, i64, String, String, String, units::Moment, units::Moment);

fn head(row: &Row<'_>) -> store::Result<Head> {
    Ok((row.int(0)?, row.int(1)?, row.string(2)?, row.string(3)?, row.string(4)?, row.moment(5)?, row.moment(6)?))
}

fn goods((id, channel, sc_item_id, spec_no, doc, created, modified): Head) -> Result<ChannelGoods> {
    Ok(ChannelGoods { id, channel, sc_item_id, spec_no, facts: read_doc("ascp_goods", &doc)?, created, modified })
}

pub(in crate::hub) fn goods_by_item(
    reader: &mut Reader,
    channel: i64,
    sc_item_id: &str,
) -> Result<Option<ChannelGoods>> {
    let sql = format!("{COLUMNS} WHERE channel = ?1 AND sc_item_id = ?2");
    reader.query_opt(&sql, &[channel.into(), sc_item_id.into()], head)?.map(goods).transpose()
}

/// Goods of a channel behind `after`; only those without a spec if `open`.
pub(in crate::hub) fn goods_page(
    reader: &mut Reader,
    channel: i64,
    open: bool,
    after: i64,
    limit: i64,
) -> Result<Vec<ChannelGoods>> {
    let only = if open { " AND spec_no = ''" } else { "" };
    let sql = format!("{COLUMNS} WHERE channel = ?1 AND id > ?2{only} ORDER BY id LIMIT ?3");
    reader.query(&sql, &[channel.into(), after.into(), limit.into()], head)?.into_iter().map(goods).collect()
}

pub(in crate::hub) fn save_goods(tx: &mut Tx, goods: &ChannelGoods) -> Result<()> {
    let (tenant, doc) = (tx.tenant(), write_doc("ascp_goods", &goods.facts)?);
    Ok(tx.put(
        "INSERT INTO ascp_goods (id, tenant, channel, sc_item_id, spec_no, doc, created, modified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (channel, sc_item_id) DO UPDATE SET spec_no = excluded.spec_no, doc = excluded.doc, modified = excluded.modified",
        &[
            goods.id.into(),
            tenant.into(),
            goods.channel.into(),
            (&goods.sc_item_id).into(),
            (&goods.spec_no).into(),
            (&doc).into(),
            goods.created.into(),
            goods.modified.into(),
        ],
    )?)
}
