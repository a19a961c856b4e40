//! Shops (店铺).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::table;
use super::{Page, Rows, ShopAuthorisation};
use crate::document::is_default;
use crate::{Refusal, Result};

/// The platform number of a mall of the merchant's own (自有商城; fact sheet wdt-1, appendix A).
pub const OWN_MALL: i64 = 127;

/// A shop on a selling platform or a mall of the merchant's own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shop {
    /// Key.
    pub id: i64,
    /// Business key, unique within the merchant.
    pub no: String,
    /// Name.
    pub name: String,
    /// Platform, fact sheet wdt-1, appendix A.
    pub platform: i64,
    /// Sub-platform.
    pub sub_platform: i64,
    /// Not to be used any more.
    pub disabled: bool,
    /// The account on the platform.
    #[serde(skip_serializing_if = "is_default")]
    pub account_id: String,
    /// Its nick.
    #[serde(skip_serializing_if = "is_default")]
    pub account_nick: String,
    /// Region codes: province, city, district.
    pub region: [i64; 3],
    /// Street address of the shop's office.
    pub address: String,
    /// Contact person.
    pub contact: String,
    /// Mobile of the contact.
    pub mobile: String,
    /// Telephone of the contact.
    pub telno: String,
    /// Post code.
    pub zip: String,
    /// Remark.
    pub remark: String,
    /// Carrier that orders of this shop get unless they ask for another; 0 = the first that is enabled.
    pub carrier: i64,
    /// The stock-sync queue (启用库存同步); `None` = not enabled.
    pub stock_sync: Option<StockSync>,
    /// Its authorisation on the platform.
    #[serde(skip_serializing_if = "is_default")]
    pub authorisation: ShopAuthorisation,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// How the quantity to publish is made from sellable stock (fact sheet wdt-1, 2.0.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StockSync {
    /// Percent of sellable stock, 0 to 100.
    pub percent: i64,
    /// Added after that; may be negative.
    pub plus: i64,
    /// At least this many.
    pub min: i64,
    /// At most this many.
    pub max: i64,
    /// Warehouses that count; empty = all enabled warehouses with good stock.
    pub warehouses: Vec<String>,
}

impl Default for StockSync {
    fn default() -> Self {
        Self { percent: 100, plus: 0, min: 0, max: 999_999_999, warehouses: Vec::new() }
    }
}

impl StockSync {
    /// `clamp(floor(sellable × percent/100) + plus, min, max)`, never below 0.
    pub fn publish(&self, sellable: units::Quantity) -> i64 {
        let part = (i128::from(sellable.raw()) * i128::from(self.percent)).div_euclid(100 * 10_000);
        let part = i64::try_from(part).unwrap_or(i64::MAX).saturating_add(self.plus);
        part.clamp(self.min, self.max.max(self.min)).max(0)
    }
}

/// Creates a shop.
pub fn create_shop(tx: &mut Tx, mut shop: Shop) -> Result<Shop> {
    check_authorisation(&shop)?;
    if table::shop_by_no(tx, &shop.no)?.is_some() {
        return Err(Refusal::Exists { what: "店铺编号", no: shop.no }.into());
    }
    shop.id = tx.document_id("shop")?;
    shop.created = tx.now();
    shop.modified = tx.now();
    table::save_shop(tx, &shop)?;
    Ok(shop)
}

/// Stores a changed shop.
pub fn update_shop(tx: &mut Tx, mut shop: Shop) -> Result<Shop> {
    check_authorisation(&shop)?;
    shop.modified = tx.now();
    table::save_shop(tx, &shop)?;
    Ok(shop)
}

fn check_authorisation(shop: &Shop) -> Result<()> {
    let ShopAuthorisation { since, until, .. } = shop.authorisation;
    match since.zip(until) {
        Some((since, until)) if until <= since => {
            Err(Refusal::Invalid { field: "expire_time", why: "应晚于auth_time" }.into())
        }
        _ => Ok(()),
    }
}

/// The shop with this number, if it is enabled.
pub fn shop_by_no(reader: &mut Reader, no: &str) -> Result<Shop> {
    match table::shop_by_no(reader, no)? {
        Some(shop) if !shop.disabled => Ok(shop),
        _ => Err(Refusal::ShopUnknown(no.to_owned()).into()),
    }
}

/// The shop with this number, if it is enabled and a mall of the merchant's own, the only kind that pushes orders.
pub fn own_mall(reader: &mut Reader, no: &str) -> Result<Shop> {
    let shop = shop_by_no(reader, no)?;
    if shop.platform == OWN_MALL { Ok(shop) } else { Err(Refusal::ShopNotOwnMall(no.to_owned()).into()) }
}

/// The same for a write, from what the writer remembers.
pub fn own_mall_to_push(tx: &mut Tx, no: &str) -> Result<Arc<Shop>> {
    let shop = tx.remember("shop", no, |tx| own_mall(tx, no).map(Some))?;
    shop.ok_or_else(|| Refusal::ShopUnknown(no.to_owned()).into())
}

/// The shop with this key.
pub fn shop_by_id(reader: &mut Reader, id: i64) -> Result<Option<Shop>> {
    table::shop_by_id(reader, id)
}

/// Shops in the order of their keys.
pub fn shops(
    reader: &mut Reader,
    no: Option<&str>,
    platforms: &[i64],
    disabled: bool,
    page: Page,
) -> Result<Rows<Shop>> {
    table::shops(reader, no, platforms, disabled, page)
}

/// Switches the stock-sync queue of a shop on (with a strategy) or off. Only stock changes after this moment are offered.
pub fn enable_stock_sync(tx: &mut Tx, no: &str, strategy: Option<StockSync>) -> Result<Shop> {
    let mut shop = shop_by_no(tx, no)?;
    if strategy.as_ref().is_some_and(|s| !(0..=100).contains(&s.percent)) {
        return Err(Refusal::Invalid { field: "percent", why: "应为0到100" }.into());
    }
    if shop.stock_sync.is_none() && strategy.is_some() {
        table::forget_stock_changes(tx, shop.id)?;
    }
    shop.stock_sync = strategy;
    update_shop(tx, shop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Quantity;

    #[test]
    fn publishes_a_part_within_bounds() {
        let check = |percent, plus, min, max, sellable: &str, expected| {
            let sync = StockSync { percent, plus, min, max, warehouses: vec![] };
            assert_eq!(sync.publish(sellable.parse::<Quantity>().unwrap()), expected, "{sync:?} of {sellable}");
        };
        check(100, 0, 0, 999, "48", 48);
        check(50, 0, 0, 999, "49", 24);
        check(100, 0, 0, 999, "2.9", 2);
        check(100, -5, 0, 999, "3", 0);
        check(100, 5, 0, 6, "3", 6);
        check(100, 0, -10, 999, "-3", 0);
        check(80, 0, 10, 999, "5", 10);
    }
}
