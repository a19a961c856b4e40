//! Goods (货品, SPU) and specs (单品, SKU): created and changed together, found by time or number.

use std::collections::HashMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{Page, Rows, Window, class, mark, table};
use crate::{Refusal, Result};

/// A goods (SPU).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Goods {
    /// Key.
    pub id: i64,
    /// Business key, unique within the merchant.
    pub no: String,
    /// When deleted, Unix seconds; 0 = not deleted.
    pub deleted: i64,
    /// Brand key, number and name.
    pub brand: i64,
    /// Brand number.
    pub brand_no: String,
    /// Brand name.
    pub brand_name: String,
    /// Class key.
    pub class: i64,
    /// Class name.
    pub class_name: String,
    /// The rest, as it was pushed.
    pub facts: GoodsFacts,
    /// First stored.
    pub created: Moment,
    /// Last changed, itself or one of its specs.
    pub modified: Moment,
}

/// Plain properties of a goods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-1, 2.6, which gives their meaning")]
pub struct GoodsFacts {
    pub name: String,
    pub kind: i64,
    pub short_name: String,
    pub alias: String,
    pub pinyin: String,
    pub origin: String,
    pub unit_name: String,
    pub aux_unit_name: String,
    pub flag_name: String,
    pub remark: String,
    pub props: [String; 6],
}

impl Default for GoodsFacts {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: 1,
            short_name: String::new(),
            alias: String::new(),
            pinyin: String::new(),
            origin: String::new(),
            unit_name: String::new(),
            aux_unit_name: String::new(),
            flag_name: String::new(),
            remark: String::new(),
            props: Default::default(),
        }
    }
}

/// A spec (SKU), known by its merchant code (商家编码).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spec {
    /// Key.
    pub id: i64,
    /// The goods it belongs to.
    pub goods: i64,
    /// Merchant code, unique over all specs and suites of the merchant.
    pub no: String,
    /// When deleted, Unix seconds; 0 = not deleted.
    pub deleted: i64,
    /// The rest, as it was pushed.
    pub facts: SpecFacts,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// Plain properties of a spec.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-1, 2.6, which gives their meaning")]
pub struct SpecFacts {
    pub code: String,
    pub name: String,
    pub barcode: String,
    pub allow_negative_stock: i64,
    pub sn_enable: i64,
    pub single_batch: i64,
    pub not_need_examine: i64,
    pub zero_cost: i64,
    pub lower_cost: i64,
    pub not_use_air: i64,
    pub popular: i64,
    pub replenish_type: i64,
    pub large_type: i64,
    pub unit_name: String,
    pub aux_unit_name: String,
    pub lowest_price: Money,
    pub retail_price: Money,
    pub wholesale_price: Money,
    pub member_price: Money,
    pub market_price: Money,
    pub custom_price1: Money,
    pub custom_price2: Money,
    pub sale_score: Quantity,
    pub pack_score: Quantity,
    pub pick_score: Quantity,
    pub validity_days: i64,
    pub weight: Quantity,
    pub length: Quantity,
    pub width: Quantity,
    pub height: Quantity,
    pub tax_rate: Quantity,
    pub tax_code: String,
    pub img_url: String,
    pub props: [String; 6],
    pub remark: String,
}

impl Default for SpecFacts {
    fn default() -> Self {
        Self {
            code: String::new(),
            name: String::new(),
            barcode: String::new(),
            allow_negative_stock: 1,
            sn_enable: 0,
            single_batch: 0,
            not_need_examine: 0,
            zero_cost: 1,
            lower_cost: 0,
            not_use_air: 0,
            popular: 0,
            replenish_type: 2,
            large_type: 0,
            unit_name: String::new(),
            aux_unit_name: String::new(),
            lowest_price: Money::ZERO,
            retail_price: Money::ZERO,
            wholesale_price: Money::ZERO,
            member_price: Money::ZERO,
            market_price: Money::ZERO,
            custom_price1: Money::ZERO,
            custom_price2: Money::ZERO,
            sale_score: Quantity::ZERO,
            pack_score: Quantity::ZERO,
            pick_score: Quantity::ZERO,
            validity_days: 0,
            weight: Quantity::ZERO,
            length: Quantity::ZERO,
            width: Quantity::ZERO,
            height: Quantity::ZERO,
            tax_rate: Quantity::ZERO,
            tax_code: String::new(),
            img_url: String::new(),
            props: Default::default(),
            remark: String::new(),
        }
    }
}

/// One goods element of a push. The caller starts from the stored facts (or the defaults) and overwrites what it was given,
/// through `change`; so a field that was not sent keeps its value.
pub struct GoodsChange<'a> {
    /// Business key.
    pub no: &'a str,
    /// Brand name; `None` keeps it.
    pub brand: Option<&'a str>,
    /// Class name; `None` keeps it.
    pub class: Option<&'a str>,
    /// Overwrites the facts that were sent.
    pub change: &'a dyn Fn(&mut GoodsFacts),
    /// The specs that were sent.
    pub specs: Vec<SpecChange<'a>>,
}

/// One spec of a goods element.
pub struct SpecChange<'a> {
    /// Merchant code.
    pub no: &'a str,
    /// Overwrites the facts that were sent.
    pub change: Box<dyn Fn(&mut SpecFacts) + 'a>,
}

/// Goods with the specs that belong to it.
#[derive(Debug, Clone)]
pub struct GoodsWithSpecs {
    /// The goods.
    pub goods: Goods,
    /// Its specs, in the order of their keys.
    pub specs: Vec<Spec>,
}

/// What to look for in [`goods_page`].
#[derive(Debug, Default)]
pub struct GoodsFilter<'a> {
    /// Merchant code of one of the specs.
    pub spec_no: Option<&'a str>,
    /// Goods number.
    pub goods_no: Option<&'a str>,
    /// Brand number.
    pub brand_no: Option<&'a str>,
    /// Class name.
    pub class_name: Option<&'a str>,
    /// Barcode of one of the specs.
    pub barcode: Option<&'a str>,
    /// Last changed within.
    pub window: Option<Window>,
    /// Deleted goods and specs too.
    pub deleted: bool,
}

/// Creates or changes one goods with its specs (upsert by `goods_no` and `spec_no`; fact sheet wdt-1, 2.6).
pub fn push_goods(tx: &mut Tx, command: &GoodsChange<'_>) -> Result<()> {
    if command.specs.is_empty() {
        return Err(Refusal::Invalid { field: "spec_list", why: "最少包含一个规格！" }.into());
    }
    let now = tx.now();
    let stored = table::goods_by_no(tx, command.no)?;
    let mut goods =
        stored.clone().unwrap_or_else(|| Goods { no: command.no.to_owned(), created: now, ..Goods::default() });
    (command.change)(&mut goods.facts);
    if goods.facts.name.is_empty() {
        return Err(Refusal::GoodsNameMissing.into());
    }
    if !goods.facts.flag_name.is_empty() && !mark::goods_may_carry(tx, &goods.facts.flag_name)? {
        return Err(Refusal::FlagUnknown(goods.facts.flag_name).into());
    }
    if stored.is_none() || command.brand.is_some() {
        let brand = class::brand_named(tx, command.brand.unwrap_or(class::NONE))?;
        (goods.brand, goods.brand_no, goods.brand_name) = (brand.id, brand.no, brand.name);
    }
    if stored.is_none() || command.class.is_some() {
        let class = class::class_named(tx, command.class.unwrap_or(class::NONE))?;
        (goods.class, goods.class_name) = (class.id, class.name);
    }
    if goods.id == 0 {
        goods.id = tx.document_id("goods")?;
    }
    let mut changed = stored.as_ref() != Some(&goods);
    for spec in &command.specs {
        changed |= push_spec(tx, &goods, spec)?;
    }
    if changed {
        goods.modified = now;
        table::save_goods(tx, &goods)?;
        tx.event("goods.changed", &goods.no, &serde_json::json!({ "specs": command.specs.len() }))?;
    }
    Ok(())
}

fn push_spec(tx: &mut Tx, goods: &Goods, command: &SpecChange<'_>) -> Result<bool> {
    let now = tx.now();
    let stored = table::spec_by_no(tx, command.no)?;
    match &stored {
        Some(spec) if spec.deleted != 0 => return Err(Refusal::SpecDeleted(command.no.to_owned()).into()),
        Some(spec) if spec.goods != goods.id => return Err(Refusal::SpecOfOtherGoods.into()),
        None if table::suite_by_no(tx, command.no)?.is_some() => return Err(Refusal::SpecOfOtherGoods.into()),
        _ => {}
    }
    let mut spec = stored.clone().unwrap_or_else(|| Spec {
        no: command.no.to_owned(),
        goods: goods.id,
        created: now,
        ..Spec::default()
    });
    (command.change)(&mut spec.facts);
    if stored.as_ref() == Some(&spec) {
        return Ok(false);
    }
    if !spec.facts.barcode.is_empty()
        && table::spec_by_barcode(tx, &spec.facts.barcode)?.is_some_and(|other| other.no != spec.no)
    {
        return Err(Refusal::BarcodeExists(spec.facts.barcode).into());
    }
    if spec.id == 0 {
        spec.id = tx.document_id("spec")?;
    }
    spec.modified = now;
    table::save_spec(tx, &spec)?;
    Ok(true)
}

/// The spec with this merchant code, unless it is deleted.
pub fn spec_by_no(reader: &mut Reader, no: &str) -> Result<Option<Spec>> {
    Ok(table::spec_by_no(reader, no)?.filter(|spec| spec.deleted == 0))
}

/// The specs with these merchant codes, by code; deleted and unknown ones are absent. Read together.
pub fn specs_by_no<'a>(reader: &mut Reader, numbers: impl Iterator<Item = &'a str>) -> Result<HashMap<String, Spec>> {
    let mut numbers: Vec<&str> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    let found = table::specs_by_no(reader, &numbers)?;
    Ok(found.into_iter().filter(|spec| spec.deleted == 0).map(|spec| (spec.no.clone(), spec)).collect())
}

/// Specs with their goods by the keys of the specs, the deleted ones too. Read together.
pub fn specs_by_id(reader: &mut Reader, keys: impl Iterator<Item = i64>) -> Result<HashMap<i64, Rc<(Spec, Goods)>>> {
    let mut keys: Vec<i64> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    let found = table::specs_with_goods(reader, &keys)?;
    Ok(found.into_iter().map(|(spec, goods)| (spec.id, Rc::new((spec, goods)))).collect())
}

/// The goods with this number that are not deleted.
pub fn goods_by_no(reader: &mut Reader, no: &str) -> Result<Option<Goods>> {
    Ok(table::goods_by_no(reader, no)?.filter(|goods| goods.deleted == 0))
}

/// Goods by key.
pub fn goods_by_id(reader: &mut Reader, id: i64) -> Result<Option<Goods>> {
    table::goods_by_id(reader, id)
}

/// A spec and its goods, by the key of the spec.
pub fn spec_by_id(reader: &mut Reader, id: i64) -> Result<Option<(Spec, Goods)>> {
    table::spec_with_goods(reader, id)
}

/// Specs with their goods by merchant code, read together; deleted and unknown ones are absent.
pub fn specs_and_goods_by_no(reader: &mut Reader, numbers: &[&str]) -> Result<HashMap<String, (Spec, Goods)>> {
    let found = table::specs_and_goods_by_no(reader, numbers)?.into_iter();
    Ok(found.filter(|(spec, _)| spec.deleted == 0).map(|both| (both.0.no.clone(), both)).collect())
}

/// A page of goods with their specs, oldest change first.
pub fn goods_page(reader: &mut Reader, filter: &GoodsFilter<'_>, page: Page) -> Result<Rows<GoodsWithSpecs>> {
    let found = table::goods_page(reader, filter, page)?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for goods in found.rows {
        let mut specs = table::specs_of(reader, goods.id)?;
        specs.retain(|spec| filter.deleted || spec.deleted == 0);
        rows.push(GoodsWithSpecs { goods, specs });
    }
    Ok(Rows { rows, total: found.total })
}
