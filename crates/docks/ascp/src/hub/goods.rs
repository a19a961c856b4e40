//! `scItemId` ↔ spec: what the platform's goods are here, and the work list of those that nobody has named yet.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::channel::Channel;
use super::error::{Refusal, Result};
use super::table;

/// A goods of the platform.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelGoods {
    /// Key.
    pub id: i64,
    /// Channel.
    pub channel: i64,
    /// The platform's id.
    pub sc_item_id: String,
    /// Merchant code of the spec or suite that it is; empty = nobody has said.
    pub spec_no: String,
    /// The rest.
    pub facts: GoodsFacts,
    /// First seen.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What the platform says of a goods.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GoodsFacts {
    /// Name.
    pub name: String,
    /// Merchant code on the platform.
    pub outer_id: String,
    /// Bar code.
    pub barcode: String,
    /// Total that the platform had at the last look.
    pub quantity: Option<i64>,
    /// What it has occupied then.
    pub locked: Option<i64>,
    /// When that was.
    pub looked: Option<Moment>,
    /// Total that was published last.
    pub published: Option<i64>,
}

/// What a message says of a goods.
pub(super) struct Named<'a> {
    pub(super) sc_item_id: &'a str,
    pub(super) outer_id: &'a str,
    pub(super) barcode: &'a str,
    pub(super) name: &'a str,
}

/// The merchant code behind a goods; `None` puts it on the work list. A goods that nobody has named is what its merchant code says,
/// where that is a spec or suite of ours.
pub(super) fn resolve(tx: &mut Tx, channel: &Channel, named: &Named<'_>) -> Result<Option<String>> {
    let key = format!("{}/{}", channel.id, named.sc_item_id);
    let known = tx.remember("ascp goods", &key, |tx| {
        let stored = table::goods_by_item(tx, channel.id, named.sc_item_id)?;
        Ok::<_, super::error::Error>(stored.filter(|goods| !goods.spec_no.is_empty()).map(|goods| goods.spec_no))
    })?;
    if let Some(spec_no) = known {
        return Ok(Some((*spec_no).clone()));
    }
    let stored = table::goods_by_item(tx, channel.id, named.sc_item_id)?;
    let now = tx.now();
    let mut goods = match stored {
        Some(goods) => goods,
        None => ChannelGoods {
            id: tx.document_id("ascp_goods")?,
            channel: channel.id,
            sc_item_id: named.sc_item_id.to_owned(),
            spec_no: String::new(),
            facts: GoodsFacts {
                name: named.name.to_owned(),
                outer_id: named.outer_id.to_owned(),
                barcode: named.barcode.to_owned(),
                ..GoodsFacts::default()
            },
            created: now,
            modified: now,
        },
    };
    for code in [&goods.facts.outer_id, named.outer_id] {
        if goods.spec_no.is_empty() && is_ours(tx, code)? {
            code.clone_into(&mut goods.spec_no);
        }
    }
    goods.modified = now;
    table::save_goods(tx, &goods)?;
    Ok(Some(goods.spec_no).filter(|spec_no| !spec_no.is_empty()))
}

/// Whether a merchant code is a spec or suite of the merchant.
fn is_ours(reader: &mut Reader, code: &str) -> Result<bool> {
    if code.is_empty() {
        return Ok(false);
    }
    if erp::catalog::spec_by_no(reader, code)?.is_some() {
        return Ok(true);
    }
    let filter = erp::catalog::SuiteFilter { no: Some(code), ..erp::catalog::SuiteFilter::default() };
    let suites = erp::catalog::suites(reader, &filter, erp::catalog::Page { no: 0, size: 1 })?;
    Ok(suites.rows.iter().any(|suite| suite.deleted == 0 && !suite.disabled))
}

/// Says what a goods is. The caller then tries again what waited for it.
pub fn map_goods(tx: &mut Tx, channel: &Channel, sc_item_id: &str, spec_no: &str) -> Result<ChannelGoods> {
    if !is_ours(tx, spec_no)? {
        return Err(Refusal::Unknown("商家编码", spec_no.to_owned()).into());
    }
    let now = tx.now();
    let mut goods = match table::goods_by_item(tx, channel.id, sc_item_id)? {
        Some(goods) => goods,
        None => ChannelGoods {
            id: tx.document_id("ascp_goods")?,
            channel: channel.id,
            sc_item_id: sc_item_id.to_owned(),
            spec_no: String::new(),
            facts: GoodsFacts::default(),
            created: now,
            modified: now,
        },
    };
    spec_no.clone_into(&mut goods.spec_no);
    goods.modified = now;
    table::save_goods(tx, &goods)?;
    tx.forget();
    tx.event(
        "ascp.goods_mapped",
        &channel.event_key(),
        &serde_json::json!({ "sc_item_id": sc_item_id, "spec_no": spec_no }),
    )?;
    Ok(goods)
}

/// Goods of a channel behind `after`; only the work list if `open`.
pub fn goods_page(reader: &mut Reader, channel: i64, open: bool, after: i64, limit: i64) -> Result<Vec<ChannelGoods>> {
    table::goods_page(reader, channel, open, after, limit)
}
