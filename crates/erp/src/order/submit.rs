//! Submission (递交): a raw order becomes a system order, and its stock is reserved.

use std::collections::HashSet;

use serde::Serialize;
use store::Tx;

use super::create::build_order;
use super::document::{Matched, Order, RawOrder, Reserved};
use super::machines::RAW_ORDER;
use super::status::{OrderEvent, OrderStatus, RawEvent, TradeStatus};
use super::{audit, flow, table};
use crate::catalog::{self, PlatformGoods, Shop};
use crate::stock::{self, Need, QuantityColumn};
use crate::{Error, Refusal, Result, Settings};

/// Submits a raw order by hand, after its goods were created or its reason was removed.
pub fn submit_raw(tx: &mut Tx, settings: &Settings, tid: &str) -> Result<RawOrder> {
    let mut raw =
        table::raw_by_tid(tx, tid)?.ok_or_else(|| Refusal::NotFound { what: "原始单号", no: tid.to_owned() })?;
    RAW_ORDER.fire(raw.process, RawEvent::Submit)?;
    let shop = catalog::shop_by_id(tx, raw.shop)?.ok_or_else(|| Refusal::ShopUnknown(raw.shop.to_string()))?;
    let sealed = table::seal_buyer(tx, raw.id, &raw.facts.buyer)?;
    submit(tx, settings, &shop, &mut raw, &sealed)?;
    raw.modified = tx.now();
    table::update_raw(tx, &raw)?;
    super::refunded::resume(tx, settings, &raw)?;
    Ok(raw)
}

/// Tries to submit. When it cannot be done the raw order keeps waiting with the reason in it (`bad_reason`); the caller
/// stores the raw order.
pub(super) fn submit(tx: &mut Tx, settings: &Settings, shop: &Shop, raw: &mut RawOrder, sealed: &[u8]) -> Result<()> {
    let matched = match ready(tx, settings, raw)? {
        Ok(matched) => matched,
        Err(reason) => return wait(tx, raw, reason),
    };
    let matched = match match_lines(tx, shop, raw, &matched)? {
        Ok(matched) => matched,
        Err(reason) => return wait(tx, raw, reason),
    };
    let mut order = match build_order(tx, settings, shop, raw, &matched) {
        Ok(order) => order,
        Err(Error::Refused(refusal)) => return wait(tx, raw, refusal.to_string()),
        Err(error) => return Err(error),
    };
    let process = RAW_ORDER.fire(raw.process, RawEvent::Submit)?;
    for line in &raw.facts.lines {
        table::claim_line(tx, &line.oid, raw.id)?;
    }
    raw.process = process;
    raw.reason.clear();
    if !settings.flow.is_straight() {
        return flow::arrive(tx, settings, shop, raw, order, sealed);
    }
    reserve(tx, settings, &mut order)?;
    announce(tx, raw, &order)?;
    auto_flow(tx, settings, raw, &mut order)?;
    raw.orders.push(order.id);
    table::insert_order(tx, &order, sealed)
}

/// Says in the log that an order was made.
pub(super) fn announce(tx: &mut Tx, raw: &RawOrder, order: &Order) -> Result<()> {
    let created = Created { tid: &raw.facts.tid, status: order.status, shortage: &order.shortage() };
    Ok(tx.event("order.created", &order.no, &created)?)
}

/// An auto-flow order needs no human, nor finance; one that cannot be audited waits for a human like every other.
pub(super) fn auto_flow(tx: &mut Tx, settings: &Settings, raw: &RawOrder, order: &mut Order) -> Result<()> {
    if raw.facts.is_auto_wms != Some(true) {
        return Ok(());
    }
    match audit::release(tx, settings, order, OrderEvent::Audit, "auto") {
        Ok(()) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What the log says of a new order.
#[derive(Serialize)]
struct Created<'a> {
    tid: &'a str,
    status: OrderStatus,
    shortage: &'a str,
}

/// The raw order keeps waiting, and says why.
fn wait(tx: &mut Tx, raw: &mut RawOrder, reason: String) -> Result<()> {
    if reason != raw.reason {
        tx.event("raw_order.waits", &raw.event_key(), &serde_json::json!({ "tid": raw.facts.tid, "reason": &reason }))?;
    }
    raw.reason = reason;
    Ok(())
}

/// Whether the order may be submitted as the mall reports it: the lines to ship, or the reason why not.
fn ready(tx: &mut Tx, settings: &Settings, raw: &RawOrder) -> Result<Result<Vec<usize>, String>> {
    let facts = &raw.facts;
    let auto_flow = facts.is_auto_wms == Some(true);
    match facts.status {
        TradeStatus::Paid => {}
        TradeStatus::Unpaid | TradeStatus::AwaitingFinal if settings.submit_unpaid => {}
        TradeStatus::Completed if auto_flow => {}
        TradeStatus::Unpaid | TradeStatus::AwaitingFinal => return Ok(Err("未付款订单不递交".into())),
        status => return Ok(Err(format!("平台状态{},不递交", status.chinese()))),
    }
    if facts.lines.iter().any(super::PushLine::is_refund_pending) {
        return Ok(Err("有退款申请,等待处理结果".into()));
    }
    let mut oids = HashSet::new();
    if !facts.lines.iter().all(|line| oids.insert(&*line.oid)) || table::lines_of_others(tx, &facts.lines, raw.id)? {
        return Ok(Err(Refusal::LinesDiffer(facts.tid.clone()).to_string()));
    }
    let open: Vec<usize> = (0..facts.lines.len()).filter(|i| !facts.lines[*i].is_refunded()).collect();
    Ok(if open.is_empty() { Err("全部货品已退款".into()) } else { Ok(open) })
}

/// What each line to ship stands for, or the first that cannot be matched.
pub(super) fn match_lines(
    tx: &mut Tx,
    shop: &Shop,
    raw: &RawOrder,
    lines: &[usize],
) -> Result<Result<Vec<Matched>, String>> {
    let mut matched = Vec::with_capacity(lines.len());
    for &i in lines {
        let line = &raw.facts.lines[i];
        if raw.internal {
            match catalog::target_by_code(tx, &line.spec_no)? {
                Some(target) => matched.push(Matched { line: i, target }),
                None => return Ok(Err(format!("货品未匹配:{}", line.spec_no))),
            }
            continue;
        }
        let row = PlatformGoods {
            goods_id: line.goods_id.clone(),
            spec_id: line.spec_id.clone(),
            goods_no: line.goods_no.clone(),
            spec_no: line.spec_no.clone(),
            goods_name: line.goods_name.clone(),
            spec_name: line.spec_name.clone(),
            price: line.price,
            ..PlatformGoods::default()
        };
        match catalog::match_line(tx, shop, &row)? {
            (_, Some(target)) => matched.push(Matched { line: i, target }),
            (_, None) => {
                let code = if line.spec_no.is_empty() { &line.goods_no } else { &line.spec_no };
                return Ok(Err(format!("货品未匹配:{code}")));
            }
        }
    }
    Ok(Ok(matched))
}

/// Reserves stock for every open line of an order that holds none yet; an unpaid order is only counted, one without a warehouse
/// waits for it.
pub(super) fn reserve(tx: &mut Tx, settings: &Settings, order: &mut Order) -> Result<()> {
    let wants = |line: &super::OrderLine| {
        line.actual_num.is_positive() && matches!(line.reserved, Reserved::Nothing | Reserved::Unpaid)
    };
    let open: Vec<usize> = (0..order.lines.len()).filter(|i| wants(&order.lines[*i])).collect();
    if order.status == OrderStatus::AwaitingWarehouse {
        return Ok(());
    }
    if matches!(order.status, OrderStatus::Unpaid | OrderStatus::AwaitingFinal) {
        for i in open {
            stock::count_unpaid(tx, settings, &need(order, i))?;
            order.lines[i].reserved = Reserved::Unpaid;
        }
        return Ok(());
    }
    let paid_now = order.lines.iter().any(|line| line.reserved == Reserved::Unpaid);
    let needs: Vec<Need<'_>> = open.iter().map(|i| need(order, *i)).collect();
    let (column, held) = promise(order.status);
    let served = stock::reserve_lines(tx, settings, &needs, column, paid_now)?;
    for (i, served) in open.into_iter().zip(served) {
        order.lines[i].reserved = if served { held } else { Reserved::Waiting };
    }
    Ok(())
}

/// How stock is promised to an order in this state.
pub(super) fn promise(status: OrderStatus) -> (QuantityColumn, Reserved) {
    match status {
        OrderStatus::Presale => (QuantityColumn::Subscribe, Reserved::Presale),
        _ => (QuantityColumn::Order, Reserved::Order),
    }
}

/// What the `i`-th line needs of the stock.
pub(super) fn need(order: &Order, i: usize) -> Need<'_> {
    let line = &order.lines[i];
    Need {
        warehouse: order.warehouse,
        spec: line.spec,
        num: line.actual_num,
        may_go_negative: line.may_go_negative,
        line: line.id,
        order: order.id,
        order_no: &order.no,
    }
}

/// Called by the stock when a waiting line gets its goods. Returns the number of the order and what the goods count as.
pub(crate) fn got_stock(tx: &mut Tx, settings: &Settings, order: i64, line: i64) -> Result<(String, QuantityColumn)> {
    let mut order = table::order_by_id(tx, order)?.ok_or(Refusal::QueueRow("等待库存的订单不存在"))?;
    let (column, held) = promise(order.status);
    if let Some(line) = order.lines.iter_mut().find(|l| l.id == line) {
        line.reserved = held;
        line.modified = tx.now();
    }
    if order.shortage().is_empty() {
        tx.event("order.stocked", &order.no, &serde_json::json!({ "status": order.status }))?;
        flow::look_again(tx, settings, &order)?;
    }
    table::update_order(tx, &mut order)?;
    Ok((order.no, column))
}
