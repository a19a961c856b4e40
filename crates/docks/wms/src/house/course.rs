//! How far their documents are: `deliveryorder.query`, `entryorder.query`, `orderprocess.query`.

use erp::order::{self, Order, OrderStatus, ProcessStatus};
use erp::stock::{self, StockIn, StockInStatus, WarehouseOutStatus};
use store::Reader;
use units::{Moment, Quantity};

use super::ask::{holding, page_of};
use super::confirm::{lines, parcel, received};
use super::{Reply, ordered};
use crate::binding::Binding;
use crate::message::{
    ConfirmHead, DeliveryAnswer, DeliveryCreate, DeliveryQuery, EntryAnswer, EntryConfirmHead, EntryCreate, EntryQuery,
    OrderProcess, Package, Process, ProcessAnswer, ProcessQuery, ReturnCreate, StockOutCreate,
};
use crate::{Error, Result};

/// The words of the scene for how far something is.
const ACCEPTED: &str = "ACCEPT";
const CANCELLED: &str = "CANCELED";
const RECEIVED: &str = "FULFILLED";
const SHIPPED: &str = "DELIVERED";
const PARTLY: &str = "PARTDELIVERED";

fn unknown<T>(code: &str) -> Result<T> {
    Err(Error::Refused(format!("单据{code}不存在")))
}

/// The orders made of a delivery of theirs, and how far they are together.
fn of_delivery(reader: &mut Reader, code: &str) -> Result<(Vec<Order>, &'static str)> {
    let filter = order::OrderFilter { src_tid: Some(code), ..order::OrderFilter::default() };
    let page = erp::catalog::Page { no: 0, size: 100 };
    let orders: Vec<Order> = order::orders(reader, &filter, page)?.rows.into_iter().map(|(order, _)| order).collect();
    let raw = order::raw_by_tid(reader, code)?;
    let whole = raw.is_some_and(|raw| raw.process.code() >= ProcessStatus::Shipped.code());
    let left = orders.iter().any(|order| order.status.code() >= 95);
    let status = match (left, left && whole) {
        (true, true) => SHIPPED,
        (true, false) => PARTLY,
        _ if !orders.is_empty() && orders.iter().all(|order| order.status == OrderStatus::Cancelled) => CANCELLED,
        _ => ACCEPTED,
    };
    Ok((orders, status))
}

pub(super) fn delivery(reader: &mut Reader, binding: &Binding, asked: &DeliveryQuery) -> Result<Reply> {
    let Some((told, heard)) = ordered::<DeliveryCreate>(reader, binding, &asked.code)? else {
        return unknown(&asked.code);
    };
    let (orders, status) = of_delivery(reader, &asked.code)?;
    let left = orders.iter().filter(|order| order.status.code() >= 95);
    let packages: Vec<Package> = left.map(|order| parcel(order, &asked.code)).collect();
    let (lines, total_lines) = page_of(lines(packages.iter()), asked)?;
    let order = ConfirmHead {
        code: asked.code.clone(),
        id: Some(heard.number),
        warehouse_code: told.order.warehouse_code,
        order_type: told.order.order_type,
        status: Some(status.to_owned()),
        ..ConfirmHead::default()
    };
    Ok(holding(DeliveryAnswer { total_lines, order, packages, lines, more: Vec::new() }))
}

fn status_of(come: &StockIn) -> &'static str {
    match come.status {
        StockInStatus::Cancelled => CANCELLED,
        _ if come.checked.is_some() => RECEIVED,
        _ => ACCEPTED,
    }
}

pub(super) fn entry(reader: &mut Reader, binding: &Binding, asked: &EntryQuery) -> Result<Reply> {
    let Some((told, heard)) = ordered::<EntryCreate>(reader, binding, &asked.code)? else {
        return unknown(&asked.code);
    };
    let come = stock::stock_in_by_no(reader, &heard.number)?;
    let mut all = received(&come, &told.order.owner_code);
    if come.checked.is_none() {
        // A draft says what is expected; nothing is here yet.
        all.iter_mut().for_each(|line| line.actual_qty = Quantity::ZERO);
    }
    let (lines, total_lines) = page_of(all, asked)?;
    let order = EntryConfirmHead {
        code: asked.code.clone(),
        owner_code: told.order.owner_code,
        warehouse_code: told.order.warehouse_code,
        id: Some(heard.number),
        order_type: told.order.order_type,
        status: status_of(&come).to_owned(),
        operate_time: come.checked,
        ..EntryConfirmHead::default()
    };
    Ok(holding(EntryAnswer { total_lines, order, lines, more: Vec::new() }))
}

/// Whatever of theirs it is: taken, then what became of it.
pub(super) fn process(reader: &mut Reader, binding: &Binding, asked: &ProcessQuery) -> Result<Reply> {
    let code = &asked.code;
    let mut steps: Vec<(&str, Option<Moment>)> = Vec::new();
    let heard = if let Some((_, heard)) = ordered::<DeliveryCreate>(reader, binding, code)? {
        let (orders, status) = of_delivery(reader, code)?;
        if status != ACCEPTED {
            steps.push((status, orders.iter().map(|order| order.modified).max()));
        }
        heard
    } else if let Some((_, heard)) = ordered::<StockOutCreate>(reader, binding, code)? {
        let out = stock::warehouse_out_by_no(reader, &heard.number)?;
        match out.status {
            WarehouseOutStatus::Cancelled => steps.push((CANCELLED, Some(out.modified))),
            _ if out.consigned.is_some() => steps.push((SHIPPED, out.consigned)),
            _ => {}
        }
        heard
    } else {
        let entry = ordered::<EntryCreate>(reader, binding, code)?.map(|(_, heard)| heard);
        let heard = match entry {
            None => ordered::<ReturnCreate>(reader, binding, code)?.map(|(_, heard)| heard),
            entry => entry,
        };
        let Some(heard) = heard else { return unknown(code) };
        let come = stock::stock_in_by_no(reader, &heard.number)?;
        if status_of(&come) != ACCEPTED {
            steps.push((status_of(&come), Some(come.modified)));
        }
        heard
    };
    steps.insert(0, (ACCEPTED, Some(heard.created)));
    let step = |(status, at): (&str, Option<Moment>)| Process {
        status: status.to_owned(),
        operate_time: at,
        ..Process::default()
    };
    let order = OrderProcess {
        code: code.clone(),
        id: Some(heard.number),
        order_type: asked.order_type.clone(),
        warehouse_code: asked.warehouse_code.clone(),
        processes: steps.into_iter().map(step).collect(),
        more: Vec::new(),
    };
    Ok(holding(ProcessAnswer { order, more: Vec::new() }))
}
