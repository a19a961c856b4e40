//! Their ERP asks: what lies here.

use erp::catalog::Page;
use erp::stock::{BalanceFilter, balances};
use store::Reader;
use wire::xml::Element;

use super::Reply;
use crate::binding::{Binding, Place};
use crate::message::{self, InventoryQuery, Message, PageQuery, StockAnswer, StockQuery, StockRow};
use crate::{Error, Result};

pub(super) fn answer(reader: &mut Reader, binding: &Binding, method: &str, root: &Element) -> Result<Reply> {
    match method {
        InventoryQuery::METHOD => {
            let told: InventoryQuery = match message::read(root) {
                Ok(told) => told,
                Err(flaw) => return Ok(flaw.into()),
            };
            let mut items = Vec::new();
            for asked in told.criteria.iter() {
                let places = places(binding, asked.warehouse_code.as_deref());
                items.extend(rows(reader, &places, &asked.item_code, asked.inventory_type.as_deref())?);
            }
            Ok(stock(StockAnswer { items, ..StockAnswer::default() }))
        }
        StockQuery::METHOD => {
            let told: StockQuery = match message::read(root) {
                Ok(told) => told,
                Err(flaw) => return Ok(flaw.into()),
            };
            let places = places(binding, told.warehouse_code.as_deref());
            let all = rows(reader, &places, &told.item_code, told.inventory_type.as_deref())?;
            let (page, size) = told.page();
            if page < 1 || !(1..=100).contains(&size) {
                return Err(Error::Refused("page从1开始,pageSize为1到100".to_owned()));
            }
            let total = i64::try_from(all.len()).ok();
            let skip = usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX);
            let items = all.into_iter().skip(skip).take(usize::try_from(size).unwrap_or(0)).collect();
            Ok(stock(StockAnswer { total_count: total, items, ..StockAnswer::default() }))
        }
        _ => Ok(Reply::Refused("该方法尚未开通".to_owned())),
    }
}

fn places<'b>(binding: &'b Binding, code: Option<&str>) -> Vec<&'b Place> {
    let code = code.filter(|code| !code.is_empty() && *code != "OTHER");
    binding.places.iter().filter(|place| code.is_none_or(|code| place.code == code)).collect()
}

fn rows(reader: &mut Reader, places: &[&Place], item: &str, kind: Option<&str>) -> Result<Vec<StockRow>> {
    let keys: Vec<i64> = places.iter().map(|place| place.warehouse).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let filter = BalanceFilter { warehouses: &keys, spec_no: Some(item), ..BalanceFilter::default() };
    let mut rows = Vec::new();
    for row in balances(reader, &filter, Page { no: 0, size: 100 })?.rows {
        let inventory_type = if row.balance.defect == 0 { "ZP" } else { "CC" };
        let place = places.iter().find(|place| place.warehouse == row.balance.warehouse);
        let (Some(place), true) = (place, kind.is_none_or(|kind| kind == inventory_type)) else { continue };
        let held = &row.balance.quantities;
        rows.push(StockRow {
            warehouse_code: place.code.clone(),
            item_code: row.goods.0.no.clone(),
            item_name: Some(row.goods.1.facts.name.clone()),
            bar_code: Some(row.goods.0.facts.barcode.clone()).filter(|code| !code.is_empty()),
            inventory_type: inventory_type.to_owned(),
            quantity: held.stock_num,
            lock_quantity: held.order_num + held.sending_num,
            ..StockRow::default()
        });
    }
    Ok(rows)
}

fn stock(answer: StockAnswer) -> Reply {
    Reply::Rows(Box::new(move |out| message::put(&answer, out)))
}
