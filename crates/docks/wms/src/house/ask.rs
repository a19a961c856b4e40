//! Their ERP asks: what lies here (`inventory.query`, `stock.query`), and how far its documents are (`course`).

use erp::catalog::Page;
use erp::stock::{BalanceFilter, balances};
use store::Reader;
use wire::xml::Element;

use super::confirm::inventory_type;
use super::{Reply, course, told};
use crate::binding::{Binding, Place};
use crate::message::{
    self, DeliveryQuery, EntryQuery, InventoryQuery, Message, PageQuery, Part, ProcessQuery, StockAnswer, StockQuery,
    StockRow,
};
use crate::{Error, Result};

/// Rows of a page at most.
const PAGE: i64 = 100;

pub(super) fn answer(reader: &mut Reader, binding: &Binding, method: &str, root: &Element) -> Result<Reply> {
    let answered = match method {
        InventoryQuery::METHOD => told(root).and_then(|asked| inventory(reader, binding, &asked)),
        StockQuery::METHOD => told(root).and_then(|asked| of_item(reader, binding, &asked)),
        DeliveryQuery::METHOD => told(root).and_then(|asked| course::delivery(reader, binding, &asked)),
        EntryQuery::METHOD => told(root).and_then(|asked| course::entry(reader, binding, &asked)),
        ProcessQuery::METHOD => told(root).and_then(|asked| course::process(reader, binding, &asked)),
        method => Err(Error::Refused(format!("没有该方法的处理规则:{method}"))),
    };
    match answered {
        Err(Error::Refused(why) | Error::Unknown(why)) => Ok(Reply::Refused(why)),
        answered => answered,
    }
}

/// A reply that holds this part.
pub(super) fn holding(part: impl Part + Send + 'static) -> Reply {
    Reply::Rows(Box::new(move |out| message::put(&part, out)))
}

/// The rows of the page that is asked for, and how many there are.
pub(super) fn page_of<T>(all: Vec<T>, asked: &impl PageQuery) -> Result<(Vec<T>, i64)> {
    let (page, size) = asked.page();
    if page < 1 || !(1..=PAGE).contains(&size) {
        return Err(Error::Refused(format!("page从1开始,pageSize为1到{PAGE}")));
    }
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX);
    Ok((all.into_iter().skip(skip).take(usize::try_from(size).unwrap_or(0)).collect(), total))
}

fn inventory(reader: &mut Reader, binding: &Binding, asked: &InventoryQuery) -> Result<Reply> {
    let mut items = Vec::new();
    for asked in asked.criteria.iter() {
        let places = places(binding, asked.warehouse_code.as_deref());
        items.extend(rows(reader, &places, &asked.item_code, asked.inventory_type.as_deref())?);
    }
    Ok(holding(StockAnswer { items, ..StockAnswer::default() }))
}

fn of_item(reader: &mut Reader, binding: &Binding, asked: &StockQuery) -> Result<Reply> {
    let places = places(binding, asked.warehouse_code.as_deref());
    let all = rows(reader, &places, &asked.item_code, asked.inventory_type.as_deref())?;
    let (items, total) = page_of(all, asked)?;
    Ok(holding(StockAnswer { total_count: Some(total), items, ..StockAnswer::default() }))
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
        let inventory_type = inventory_type(row.balance.defect);
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
