//! Goods made known, and the question what lies there.

use erp::catalog::{self, GoodsFilter, Page};
use erp::stock::{BalanceFilter, balances};
use store::Tx;

use super::{given, some};
use crate::Result;
use crate::binding::Binding;
use crate::message::{self, Criteria, InventoryQuery, Item, ItemsSynchronize, Some1};

/// Specs that one question names.
const ASKED: i64 = 100;

/// The specs of a goods.
pub(super) fn items(tx: &mut Tx, binding: &Binding, goods_no: &str) -> Result<Option<String>> {
    let filter = GoodsFilter { goods_no: Some(goods_no), ..GoodsFilter::default() };
    let found = catalog::goods_page(tx, &filter, Page { no: 0, size: 1 })?.rows.pop();
    let (Some(found), Some(place)) = (found, binding.places.first()) else { return Ok(None) };
    let goods = &found.goods;
    let items: Vec<Item> = found
        .specs
        .iter()
        .map(|spec| Item {
            code: spec.no.clone(),
            goods_code: given(&goods.no),
            name: some(&goods.facts.name),
            // Mandatory there; goods without one are scanned by their own code.
            bar_code: if spec.facts.barcode.is_empty() { spec.no.clone() } else { spec.facts.barcode.clone() },
            item_type: "ZC".to_owned(),
            sku_property: given(&spec.facts.name),
            stock_unit: given(&spec.facts.unit_name),
            gross_weight: Some(spec.facts.weight),
            retail_price: Some(spec.facts.retail_price),
            brand_name: given(&goods.brand_name),
            category_name: given(&goods.class_name),
            ..Item::default()
        })
        .collect();
    let message = ItemsSynchronize {
        action_type: "add".to_owned(),
        warehouse_code: place.code.clone(),
        owner_code: binding.owner_code.clone(),
        items: Some1(items),
        more: Vec::new(),
    };
    Ok((!message.items.is_empty()).then(|| message::write(&message)))
}

/// What lies there of a page of our specs; `asked` is the warehouse and the page, `WH03#0`.
pub(super) fn inventory(tx: &mut Tx, binding: &Binding, asked: &str) -> Result<Option<String>> {
    let (warehouse_no, page) = asked.split_once('#').unwrap_or((asked, "0"));
    let Some(place) = binding.places.iter().find(|place| place.no == warehouse_no) else { return Ok(None) };
    let filter = BalanceFilter { warehouses: &[place.warehouse], ..BalanceFilter::default() };
    let rows = balances(tx, &filter, Page { no: page.parse().unwrap_or(0), size: ASKED })?.rows;
    let criteria = rows.iter().map(|row| Criteria {
        item_code: row.goods.0.no.clone(),
        warehouse_code: Some(place.code.clone()),
        owner_code: Some(binding.owner_code.clone()),
        ..Criteria::default()
    });
    let mut criteria: Vec<Criteria> = criteria.collect();
    criteria.dedup_by(|a, b| a.item_code == b.item_code);
    let message = InventoryQuery { criteria: Some1(criteria), more: Vec::new() };
    Ok((!message.criteria.is_empty()).then(|| message::write(&message)))
}
