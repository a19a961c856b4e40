//! Goods rows of a selling platform (平台货品) and the matching (匹配) that says which spec or suite each of them is.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{Shop, table};
use crate::Result;

/// What a platform goods row, or a line of a raw order, stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A spec, by key.
    Spec(i64),
    /// A suite, by key.
    Suite(i64),
}

/// One goods row of a platform.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlatformGoods {
    /// Key; `rec_id` of the stock-sync queue.
    pub id: i64,
    /// The shop.
    pub shop: i64,
    /// Platform SPU id.
    pub goods_id: String,
    /// Platform SKU id; may be empty.
    pub spec_id: String,
    /// Platform SPU code.
    pub goods_no: String,
    /// Platform SKU code.
    pub spec_no: String,
    /// Name on the platform.
    pub goods_name: String,
    /// Name of the SKU on the platform.
    pub spec_name: String,
    /// 0 deleted, 1 on sale, 2 off sale.
    pub status: i64,
    /// Code of the SKU on the platform, beside its merchant code.
    pub spec_code: String,
    /// Picture.
    pub pic_url: String,
    /// Category on the platform.
    pub cid: String,
    /// Price on the platform.
    pub price: Money,
    /// Stock on the platform.
    pub stock_num: Quantity,
    /// What it was matched to.
    pub target: Option<Target>,
    /// Times the sellable stock behind it changed.
    #[serde(skip)]
    pub changes: i64,
    /// That count when it was last acknowledged.
    #[serde(skip)]
    pub acked: i64,
    /// Quantity last acknowledged.
    pub synced_stock: i64,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

impl PlatformGoods {
    /// Gone from the platform: its stock is no longer offered.
    pub fn is_deleted(&self) -> bool {
        self.status == 0
    }

    /// What its stock follows.
    pub(super) fn watched(&self) -> Option<Target> {
        self.target.filter(|_| !self.is_deleted())
    }
}

/// Finds what a line of a raw order stands for, and creates or completes the platform goods row on the way
/// (fact sheet wdt-1, 2.0.3 no. 3: platform spec number, else platform goods number, against specs, then suites).
pub fn match_line(tx: &mut Tx, shop: &Shop, line: &PlatformGoods) -> Result<(i64, Option<Target>)> {
    let key = memo_key(shop, &line.goods_id, &line.spec_id);
    let known = tx.remember("platform goods", &key, |tx| {
        let stored = table::platform_goods_of(tx, shop.id, &line.goods_id, &line.spec_id)?;
        Ok::<_, crate::Error>(stored.filter(|row| row.target.is_some()))
    })?;
    if let Some(row) = known
        && row.spec_no == line.spec_no
        && row.goods_no == line.goods_no
    {
        return Ok((row.id, row.target));
    }
    let stored = table::platform_goods_of(tx, shop.id, &line.goods_id, &line.spec_id)?;
    let target = find_target(tx, &line.spec_no, &line.goods_no)?;
    let mut row = stored.clone().unwrap_or_else(|| PlatformGoods { created: tx.now(), status: 1, ..line.clone() });
    row.shop = shop.id;
    row.spec_no.clone_from(&line.spec_no);
    row.goods_no.clone_from(&line.goods_no);
    row.target = target;
    if stored.as_ref() == Some(&row) {
        return Ok((row.id, target));
    }
    if row.id == 0 {
        row.id = tx.document_id("platform_goods")?;
    }
    row.modified = tx.now();
    table::save_platform_goods(tx, &row, stored.as_ref())?;
    Ok((row.id, target))
}

fn memo_key(shop: &Shop, goods_id: &str, spec_id: &str) -> String {
    format!("{}/{goods_id}/{spec_id}", shop.id)
}

/// What a platform goods row stands for, if this writer knows it without asking.
pub(crate) fn known_target(tx: &mut Tx, shop: &Shop, goods_id: &str, spec_id: &str) -> Option<Target> {
    tx.known::<PlatformGoods>("platform goods", &memo_key(shop, goods_id, spec_id))?.target
}

/// The spec, else the suite, with this merchant code: for goods that no platform has named.
pub(crate) fn target_by_code(tx: &mut Tx, code: &str) -> Result<Option<Target>> {
    find_target(tx, code, "")
}

pub(super) fn find_target(tx: &mut Tx, spec_no: &str, goods_no: &str) -> Result<Option<Target>> {
    for code in [spec_no, goods_no] {
        if code.is_empty() {
            continue;
        }
        if let Some(spec) = super::spec_by_no(tx, code)? {
            return Ok(Some(Target::Spec(spec.id)));
        }
        if let Some(suite) = table::suite_by_no(tx, code)?.filter(|suite| suite.deleted == 0 && !suite.disabled) {
            return Ok(Some(Target::Suite(suite.id)));
        }
    }
    Ok(None)
}

/// The row with this key.
pub fn platform_goods_by_id(reader: &mut Reader, id: i64) -> Result<Option<PlatformGoods>> {
    table::platform_goods_by_id(reader, id)
}
