//! Suites (组合装): one merchant code that stands for several specs. No public method creates them; people do.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{Page, Rows, Window, table};
use crate::{Refusal, Result};

/// A suite.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Suite {
    /// Key.
    pub id: i64,
    /// Merchant code, in the same name space as specs.
    pub no: String,
    /// Name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// Barcode.
    pub barcode: String,
    /// Class name.
    pub class_name: String,
    /// Brand name.
    pub brand_name: String,
    /// Unit name.
    pub unit_name: String,
    /// Retail price.
    pub retail_price: Money,
    /// Wholesale price.
    pub wholesale_price: Money,
    /// Member price.
    pub member_price: Money,
    /// Market price.
    pub market_price: Money,
    /// Weight, kg.
    pub weight: Quantity,
    /// Remark.
    pub remark: String,
    /// When deleted, Unix seconds; 0 = not deleted.
    pub deleted: i64,
    /// Not to be used any more.
    pub disabled: bool,
    /// What it consists of.
    pub parts: Vec<SuitePart>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// One spec of a suite.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SuitePart {
    /// Key of the spec; filled in from the number.
    pub spec: i64,
    /// Merchant code.
    pub spec_no: String,
    /// Name of the spec when the suite was made.
    pub spec_name: String,
    /// Code of the spec.
    pub spec_code: String,
    /// Barcode of the spec.
    pub barcode: String,
    /// Goods number.
    pub goods_no: String,
    /// Goods name.
    pub goods_name: String,
    /// Pieces in one suite.
    pub num: Quantity,
    /// 1 = `fixed_price` holds, 0 = `ratio` shares the suite price.
    pub is_fixed_price: bool,
    /// Fixed price of one piece.
    pub fixed_price: Money,
    /// Share of the suite price.
    pub ratio: Quantity,
}

/// What to look for in [`suites`].
#[derive(Debug, Default)]
pub struct SuiteFilter<'a> {
    /// Merchant code.
    pub no: Option<&'a str>,
    /// Brand name.
    pub brand_name: Option<&'a str>,
    /// Class name.
    pub class_name: Option<&'a str>,
    /// Last changed within.
    pub window: Option<Window>,
    /// Deleted ones too.
    pub deleted: bool,
}

/// Creates a suite from specs that exist. Ratios that are all zero are filled in evenly by retail price.
pub fn create_suite(tx: &mut Tx, mut suite: Suite) -> Result<Suite> {
    if table::suite_by_no(tx, &suite.no)?.is_some() || table::spec_by_no(tx, &suite.no)?.is_some() {
        return Err(Refusal::Exists { what: "商家编码", no: suite.no }.into());
    }
    if suite.parts.is_empty() {
        return Err(Refusal::Invalid { field: "specs_list", why: "组合装至少包含一个单品" }.into());
    }
    let mut prices = Vec::with_capacity(suite.parts.len());
    for part in &mut suite.parts {
        let spec = super::spec_by_no(tx, &part.spec_no)?.ok_or_else(|| Refusal::SpecUnknown(part.spec_no.clone()))?;
        let (spec, goods) =
            table::spec_with_goods(tx, spec.id)?.ok_or_else(|| Refusal::SpecUnknown(part.spec_no.clone()))?;
        if !part.num.is_positive() {
            return Err(Refusal::Invalid { field: "num", why: "应大于0" }.into());
        }
        part.spec = spec.id;
        part.spec_name = spec.facts.name;
        part.spec_code = spec.facts.code;
        part.barcode = spec.facts.barcode;
        part.goods_no = goods.no;
        part.goods_name = goods.facts.name;
        prices.push(spec.facts.retail_price.times(part.num));
    }
    if suite.parts.iter().all(|part| part.ratio.is_zero()) {
        share_ratios(&mut suite.parts, &prices);
    }
    suite.id = tx.document_id("suite")?;
    suite.created = tx.now();
    suite.modified = tx.now();
    table::insert_suite(tx, &suite)?;
    Ok(suite)
}

/// Ratios by price, evenly when no part has a price; they add up to exactly 1.
fn share_ratios(parts: &mut [SuitePart], prices: &[Money]) {
    let whole: Money = prices.iter().copied().sum();
    let one = Quantity::whole(1);
    let mut rest = one;
    let (count, last) = (parts.len(), parts.len() - 1);
    for (i, part) in parts.iter_mut().enumerate() {
        part.ratio = match (i == last, whole.is_zero()) {
            (true, _) => rest,
            (false, true) => one.over(Quantity::whole(count as i64)),
            (false, false) => one.share(prices[i], whole),
        };
        rest -= part.ratio;
    }
}

/// The suite with this key.
pub fn suite_by_id(reader: &mut Reader, id: i64) -> Result<Option<Suite>> {
    table::suite_by_id(reader, id)
}

/// A page of suites, oldest change first.
pub fn suites(reader: &mut Reader, filter: &SuiteFilter<'_>, page: Page) -> Result<Rows<Suite>> {
    table::suites(reader, filter, page)
}
