//! The goods and suites of the demo merchant, and how they come into the store: through the core, some hundred rows a unit.

use std::sync::Arc;

use erp::catalog::{self, GoodsChange, SpecChange, Suite, SuitePart};
use erp::stock::{self, NewStockIn, NewStockInLine};
use erp::{Refusal, Settings};
use store::{Store, Tenant, Tx};
use units::{Money, Quantity};

use super::tsv::{Row, rows};
use crate::trouble::Trouble;

/// Goods of one unit of work.
const GOODS_A_UNIT: usize = 100;
/// Stock-in lines of one unit of work.
const LINES_A_UNIT: usize = 400;
/// Pieces of each spec in each warehouse.
const PIECES: i64 = 100_000;

/// How much of the catalogue is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Size {
    /// All of it.
    Full,
    /// A few goods, for tests that start often.
    Small,
}

/// A spec that can be ordered.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) goods_no: &'static str,
    pub(super) goods_name: &'static str,
    pub(super) class: &'static str,
    pub(super) brand: &'static str,
    pub(super) unit: &'static str,
    pub(super) spec_no: &'static str,
    pub(super) spec_name: &'static str,
    pub(super) barcode: &'static str,
    pub(super) price: Money,
    pub(super) weight: Quantity,
}

/// The specs, those of one goods beside each other.
pub(super) fn items(size: Size) -> Vec<Item> {
    let all = rows(include_str!("catalogue.tsv")).map(|row: Row<'static>| Item {
        goods_no: row.get("goods_no"),
        goods_name: row.get("goods_name"),
        class: row.get("class"),
        brand: row.get("brand"),
        unit: row.get("unit"),
        spec_no: row.get("spec_no"),
        spec_name: row.get("spec_name"),
        barcode: row.get("barcode"),
        price: row.get("retail_price").parse().unwrap_or_default(),
        weight: row.get("weight_kg").parse().unwrap_or_default(),
    });
    match size {
        Size::Full => all.collect(),
        Size::Small => all.take(12).collect(),
    }
}

/// Loads goods, suites and stock. What is there already stays as it is, so an interrupted start is finished by the next one.
pub(super) async fn load(
    store: &Store,
    tenant: Tenant,
    settings: &Settings,
    size: Size,
    warehouses: &[&'static str],
    tell: &dyn Fn(&str),
) -> Result<(), Trouble> {
    let items: Arc<[Item]> = items(size).into();
    let goods: Vec<(usize, usize)> = groups(&items);
    tell(&format!("{} goods, {} specs / 货品与单品", goods.len(), items.len()));
    for unit in goods.chunks(GOODS_A_UNIT) {
        let (items, unit) = (Arc::clone(&items), unit.to_vec());
        store
            .write(tenant, move |tx| {
                unit.iter().try_for_each(|(start, end)| push_goods(tx, items.get(*start..*end).unwrap_or_default()))
            })
            .await?;
    }
    let suites: Vec<Suite> = if size == Size::Full { suites() } else { Vec::new() };
    store.write(tenant, move |tx| suites.iter().try_for_each(|suite| create_suite(tx, suite))).await?;
    for (index, warehouse) in warehouses.iter().enumerate() {
        tell(&format!("{PIECES} pieces of each into {warehouse} / 入库"));
        for (part, start) in (0..items.len()).step_by(LINES_A_UNIT).enumerate() {
            let (items, settings, warehouse) = (Arc::clone(&items), settings.clone(), *warehouse);
            let outer_no = format!("DEMO-OPENING-{}-{}", index + 1, part + 1);
            store
                .write(tenant, move |tx| {
                    let end = (start + LINES_A_UNIT).min(items.len());
                    stock_up(tx, &settings, warehouse, &outer_no, items.get(start..end).unwrap_or_default())
                })
                .await?;
        }
    }
    Ok(())
}

/// First and last index of each goods.
fn groups(items: &[Item]) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match groups.last_mut() {
            Some((start, end)) if items.get(*start).is_some_and(|first| first.goods_no == item.goods_no) => {
                *end = index + 1
            }
            _ => groups.push((index, index + 1)),
        }
    }
    groups
}

fn push_goods(tx: &mut Tx, items: &[Item]) -> erp::Result<()> {
    let Some(first) = items.first() else { return Ok(()) };
    let specs = items.iter().map(|item| SpecChange {
        no: item.spec_no,
        change: Box::new(move |facts| {
            item.spec_name.clone_into(&mut facts.name);
            item.barcode.clone_into(&mut facts.barcode);
            facts.retail_price = item.price;
            facts.weight = item.weight;
            item.unit.clone_into(&mut facts.unit_name);
        }),
    });
    catalog::push_goods(
        tx,
        &GoodsChange {
            no: first.goods_no,
            brand: Some(first.brand),
            class: Some(first.class),
            change: &|facts| {
                first.goods_name.clone_into(&mut facts.name);
                first.unit.clone_into(&mut facts.unit_name);
            },
            specs: specs.collect(),
        },
    )
}

/// `A×2;B×1` and a price.
fn suites() -> Vec<Suite> {
    rows(include_str!("suites.tsv"))
        .map(|row| Suite {
            no: row.get("suite_no").to_owned(),
            name: row.get("suite_name").to_owned(),
            retail_price: row.get("price").parse().unwrap_or_default(),
            parts: row
                .get("components")
                .split(';')
                .filter_map(|part| part.split_once('×'))
                .map(|(spec_no, num)| SuitePart {
                    spec_no: spec_no.trim().to_owned(),
                    num: num.trim().parse().unwrap_or_default(),
                    ..SuitePart::default()
                })
                .collect(),
            ..Suite::default()
        })
        .collect()
}

fn create_suite(tx: &mut Tx, suite: &Suite) -> erp::Result<()> {
    match catalog::create_suite(tx, suite.clone()) {
        Ok(_) | Err(erp::Error::Refused(Refusal::Exists { .. })) => Ok(()),
        Err(error) => Err(error),
    }
}

fn stock_up(tx: &mut Tx, settings: &Settings, warehouse: &str, outer_no: &str, items: &[Item]) -> erp::Result<()> {
    let lines = items.iter().map(|item| NewStockInLine {
        spec_no: item.spec_no.to_owned(),
        num: Quantity::whole(PIECES),
        // Bought at six tenths of what it is sold for.
        price: item.price.times(Quantity::from_raw(6_000)),
        ..NewStockInLine::default()
    });
    let order = NewStockIn {
        outer_no: outer_no.to_owned(),
        warehouse_no: warehouse.to_owned(),
        audit: true,
        remark: "期初库存".to_owned(),
        lines: lines.collect(),
        ..NewStockIn::default()
    };
    match stock::push_other_stock_in(tx, settings, &order) {
        Ok(_) | Err(erp::Error::Refused(Refusal::Exists { .. })) => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_catalogue_holds_together() {
        let items = items(Size::Full);
        let numbers: HashSet<&str> = items.iter().map(|item| item.spec_no).collect();
        assert_eq!(numbers.len(), items.len(), "a merchant code occurs twice");
        let goods: HashSet<&str> = items.iter().map(|item| item.goods_no).collect();
        assert_eq!(groups(&items).len(), goods.len(), "the specs of a goods are apart");
        assert!(items.iter().all(|item| item.price.is_positive() && !item.goods_name.is_empty()));
        for suite in suites() {
            assert!(!suite.parts.is_empty() && suite.retail_price.is_positive(), "{}", suite.no);
            for part in &suite.parts {
                assert!(numbers.contains(&*part.spec_no) && part.num.is_positive(), "{}: {}", suite.no, part.spec_no);
            }
        }
    }
}
