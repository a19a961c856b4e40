//! Platform goods that a mall pushes itself (fact sheet wdt-1, 2.8), and the page of them (2.9).

use std::collections::HashMap;

use store::{Reader, Tx};
use units::{Money, Quantity};

use super::platform_goods::find_target;
use super::{Goods, Page, PlatformGoods, Rows, Shop, Spec, Target, Window, table};
use crate::Result;

/// One pushed row. What is `None` was not sent and keeps its value.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-1, 2.8, which gives their meaning")]
pub struct PushedPlatformGoods<'a> {
    pub goods_id: &'a str,
    pub spec_id: &'a str,
    pub goods_no: Option<&'a str>,
    pub spec_no: &'a str,
    pub status: i64,
    pub goods_name: Option<&'a str>,
    pub spec_code: Option<&'a str>,
    pub spec_name: Option<&'a str>,
    pub pic_url: Option<&'a str>,
    pub price: Option<Money>,
    pub stock_num: Option<Quantity>,
    pub cid: Option<&'a str>,
}

/// Creates or changes a row of a shop; true when it is new. It is matched again whenever its codes change, or while it is
/// matched to nothing. A row that is deleted leaves the stock-sync queue and does not come back to it.
pub fn push_platform_goods(tx: &mut Tx, shop: &Shop, new: &PushedPlatformGoods<'_>) -> Result<bool> {
    let stored = table::platform_goods_of(tx, shop.id, new.goods_id, new.spec_id)?;
    let mut row = stored.clone().unwrap_or_else(|| PlatformGoods {
        shop: shop.id,
        goods_id: new.goods_id.to_owned(),
        spec_id: new.spec_id.to_owned(),
        created: tx.now(),
        ..PlatformGoods::default()
    });
    row.status = new.status;
    new.spec_no.clone_into(&mut row.spec_no);
    for (slot, given) in [
        (&mut row.goods_no, new.goods_no),
        (&mut row.goods_name, new.goods_name),
        (&mut row.spec_code, new.spec_code),
        (&mut row.spec_name, new.spec_name),
        (&mut row.pic_url, new.pic_url),
        (&mut row.cid, new.cid),
    ] {
        if let Some(given) = given {
            given.clone_into(slot);
        }
    }
    row.price = new.price.unwrap_or(row.price);
    row.stock_num = new.stock_num.unwrap_or(row.stock_num);
    let codes_stay = stored.as_ref().is_some_and(|old| old.spec_no == row.spec_no && old.goods_no == row.goods_no);
    if !codes_stay || row.target.is_none() {
        row.target = find_target(tx, &row.spec_no, &row.goods_no)?;
    }
    if stored.as_ref() == Some(&row) {
        return Ok(false);
    }
    if row.id == 0 {
        row.id = tx.document_id("platform_goods")?;
    }
    row.modified = tx.now();
    table::save_platform_goods(tx, &row, stored.as_ref())?;
    if row.is_deleted() {
        table::leave_stock_queue(tx, row.id)?;
    }
    let target = row.target.map(|target| match target {
        Target::Spec(id) | Target::Suite(id) => store::wire_id(id),
    });
    let body =
        serde_json::json!({ "goods_id": row.goods_id, "spec_id": row.spec_id, "status": row.status, "target": target });
    tx.event("platform_goods.changed", &format!("PG{}", store::wire_id(row.id)), &body)?;
    Ok(stored.is_none())
}

/// A platform goods row with what it was matched to.
#[derive(Debug, Clone)]
pub struct MatchedPlatformGoods {
    /// The row.
    pub row: PlatformGoods,
    /// Merchant code of the spec or suite; empty = unmatched.
    pub no: String,
    /// Name of the goods or suite.
    pub name: String,
    /// Name of the spec; empty for a suite.
    pub spec_name: String,
}

/// A page of rows, oldest change first. `shops` = keys; empty = all.
pub fn platform_goods_page(
    reader: &mut Reader,
    shops: &[i64],
    window: Option<Window>,
    page: Page,
) -> Result<Rows<MatchedPlatformGoods>> {
    let found = table::platform_goods_page(reader, shops, window, page)?;
    let keys = |wanted: fn(&Target) -> Option<i64>| -> Vec<i64> {
        let mut keys: Vec<i64> = found.rows.iter().filter_map(|row| row.target.as_ref().and_then(wanted)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    let specs = keys(|target| if let Target::Spec(id) = target { Some(*id) } else { None });
    let suites = keys(|target| if let Target::Suite(id) = target { Some(*id) } else { None });
    let specs: HashMap<i64, (Spec, Goods)> =
        table::specs_with_goods(reader, &specs)?.into_iter().map(|found| (found.0.id, found)).collect();
    let suites = table::suites_by_ids(reader, &suites)?;
    Ok(found.map(|row| {
        let (no, name, spec_name) = match row.target {
            Some(Target::Spec(id)) => specs.get(&id).map_or_else(Default::default, |(spec, goods)| {
                (spec.no.clone(), goods.facts.name.clone(), spec.facts.name.clone())
            }),
            Some(Target::Suite(id)) => suites
                .get(&id)
                .map_or_else(Default::default, |suite| (suite.no.clone(), suite.name.clone(), String::new())),
            None => Default::default(),
        };
        MatchedPlatformGoods { row, no, name, spec_name }
    }))
}
