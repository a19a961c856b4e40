//! What people do to an order besides releasing it: freeze, choose the warehouse or the carrier, give, mark, settle, deal with marks.

use store::Tx;
use units::Quantity;

use super::bits::{BLOCK_OTHER, GIFT_MANUAL, MASK_FIXED_CARRIER};
use super::document::{Freeze, Order, Reserved};
use super::flow::carried_by;
use super::machines::{ORDER, STOCK_OUT};
use super::status::{OrderEvent, OrderStatus, StockOutEvent};
use super::{cancel, create, submit, table};
use crate::catalog;
use crate::{Refusal, Result, Settings};

fn refuse<T>(field: &'static str, why: &'static str) -> Result<T> {
    Err(Refusal::Invalid { field, why }.into())
}

fn before_release(order: &Order) -> Result<()> {
    if (10..40).contains(&order.status.code()) {
        Ok(())
    } else {
        refuse("trade_no", "订单已递交仓库、已发货或已取消")
    }
}

/// Freezes an order (冻结): it keeps what it holds, and cannot be released, merged or split.
pub fn freeze(tx: &mut Tx, no: &str, reason: i64, note: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    before_release(&order)?;
    if reason < Freeze::BY_HAND {
        return refuse("freeze_reason", "应为2或以上,1表示缺货");
    }
    let note = if note.is_empty() { "手工冻结" } else { note };
    order.marks.freeze = Some(Freeze { reason, note: note.to_owned() });
    tx.event("order.frozen", &order.no, &serde_json::json!({ "reason": reason, "note": note, "by": who }))?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// Lets a frozen order go on (解冻). What froze because exchanged goods could not be matched is looked at again first.
pub fn unfreeze(tx: &mut Tx, settings: &Settings, no: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let Some(freeze) = order.marks.freeze.take() else { return refuse("trade_no", "订单没有冻结") };
    let freed = match freeze.reason {
        Freeze::GOODS_EXCHANGED => super::goods_change::follow_all(tx, settings, &mut order)?,
        _ => cancel::Freed::new(),
    };
    let body = serde_json::json!({ "frozen": order.marks.freeze.is_some(), "by": who });
    tx.event("order.unfrozen", &order.no, &body)?;
    table::update_order(tx, &mut order)?;
    cancel::serve(tx, settings, &freed)?;
    Ok(order)
}

/// Says that somebody looked at what `bad_reason` points at: these bits are cleared.
pub fn clear_bad_reason(tx: &mut Tx, no: &str, bits: i64, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    order.bad_reason &= !bits;
    tx.event(
        "order.looked_at",
        &order.no,
        &serde_json::json!({ "cleared": bits, "left": order.bad_reason, "by": who }),
    )?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// Intercepts the stock-out of an audited order by hand (拦截), or lets it go again: `block_reason` gets the bits of `set` and loses
/// those of `clear`. What a refund blocks can only be let go by rejecting the order.
pub fn intercept(tx: &mut Tx, no: &str, set: bool, clear: i64, who: &str) -> Result<Order> {
    use super::bits::{BLOCK_REFUND_APPLIED, BLOCK_REFUNDED};
    let order = table::order(tx, no)?;
    let Some((id, _)) = &order.stock_out else { return refuse("trade_no", "订单没有出库单") };
    let mut stock_out = table::stock_out_by_id(tx, *id)?.ok_or(Refusal::QueueRow("出库单不存在"))?;
    if !STOCK_OUT.allowed(stock_out.status).any(|event| event == StockOutEvent::Ship) {
        return refuse("trade_no", "出库单已发货或已取消");
    }
    if clear & stock_out.block_reason & (BLOCK_REFUND_APPLIED | BLOCK_REFUNDED) != 0 {
        return refuse("block_reason", "退款拦截的出库单只能驳回订单");
    }
    stock_out.block_reason = (stock_out.block_reason & !clear) | if set { BLOCK_OTHER } else { 0 };
    stock_out.modified = tx.now();
    let bits = stock_out.block_reason;
    tx.event("stock_out.blocked", &stock_out.no, &serde_json::json!({ "block_reason": bits, "by": who }))?;
    table::save_stock_out(tx, &stock_out)?;
    Ok(order)
}

/// Ships an order from another warehouse (选仓, 换仓): it gives back what it holds and stands last in line at the new one.
pub fn choose_warehouse(tx: &mut Tx, settings: &Settings, no: &str, warehouse_no: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    let warehouse = catalog::warehouse_by_no(tx, warehouse_no)?;
    if warehouse.defect {
        return refuse("warehouse_no", "残次仓不能发货");
    }
    let waits = order.status == OrderStatus::AwaitingWarehouse;
    let open =
        [OrderStatus::AwaitingAudit, OrderStatus::DelayedAudit, OrderStatus::AwaitingSibling, OrderStatus::Presale];
    if !waits && !open.contains(&order.status) {
        return refuse("trade_no", "只有待选仓、待客审、延时审核、等未付、预订单可以选仓");
    }
    if warehouse.id == order.warehouse && !waits {
        return Ok(order);
    }
    let mut freed = cancel::Freed::new();
    for i in 0..order.lines.len() {
        cancel::release(tx, settings, &mut order, i, &mut freed)?;
    }
    if waits {
        order.status = ORDER.fire(order.status, OrderEvent::ChooseWarehouse)?;
    }
    order.warehouse = warehouse.id;
    submit::reserve(tx, settings, &mut order)?;
    order.bad_reason &= !super::bits::BAD_WAREHOUSE;
    tx.event(
        "order.warehouse",
        &order.no,
        &serde_json::json!({ "warehouse_no": warehouse.no, "shortage": order.shortage(), "by": who }),
    )?;
    table::update_order(tx, &mut order)?;
    cancel::serve(tx, settings, &freed)?;
    Ok(order)
}

/// Gives the parcel to another carrier, which no rule changes any more.
pub fn choose_carrier(tx: &mut Tx, no: &str, carrier_no: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    if !(10..95).contains(&order.status.code()) {
        return refuse("trade_no", "订单已发货或已取消");
    }
    let carrier = catalog::carrier_by_no(tx, carrier_no)?;
    order.carriage = carried_by(&carrier);
    order.marks.trade_mask |= MASK_FIXED_CARRIER;
    tx.event("order.carrier", &order.no, &serde_json::json!({ "logistics_code": carrier.no, "by": who }))?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// Adds a gift by hand to an order that is not released.
pub fn give(tx: &mut Tx, settings: &Settings, no: &str, spec_no: &str, num: Quantity, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    before_release(&order)?;
    if matches!(order.status, OrderStatus::Unpaid | OrderStatus::AwaitingFinal) || !order.has_goods() {
        return refuse("trade_no", "未付款订单不能添加赠品");
    }
    if !num.is_positive() {
        return refuse("num", "应大于0");
    }
    let spec = catalog::spec_by_no(tx, spec_no)?.ok_or_else(|| Refusal::SpecUnknown(spec_no.to_owned()))?;
    let line = create::gift_line(tx, &order, spec.id, num, 2)?;
    order.lines.push(line);
    submit::reserve(tx, settings, &mut order)?;
    order.marks.gift_mask |= GIFT_MANUAL;
    tx.event("order.gift", &order.no, &serde_json::json!({ "spec_no": spec_no, "num": num, "by": who }))?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// Takes a gift back from an order that is not released.
pub fn take_gift_back(tx: &mut Tx, settings: &Settings, no: &str, line: i64, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    before_release(&order)?;
    let Some(i) = order.lines.iter().position(|l| l.id == line && l.is_gift() && l.actual_num.is_positive()) else {
        return refuse("rec_id", "订单没有该赠品");
    };
    let mut freed = cancel::Freed::new();
    cancel::release(tx, settings, &mut order, i, &mut freed)?;
    order.lines[i].actual_num = Quantity::ZERO;
    order.lines[i].reserved = Reserved::Nothing;
    order.lines[i].modified = tx.now();
    tx.event("order.gift_taken_back", &order.no, &serde_json::json!({ "spec_no": order.lines[i].spec_no, "by": who }))?;
    table::update_order(tx, &mut order)?;
    cancel::serve(tx, settings, &freed)?;
    Ok(order)
}

/// The buyer has it (签收): 已发货 to 已签收.
pub fn sign(tx: &mut Tx, no: &str, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    order.status = ORDER.fire(order.status, OrderEvent::Sign)?;
    tx.event("order.signed", &order.no, &serde_json::json!({ "by": who }))?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// Money arrived (打款): all of it, and the order is completed (110); or a part of it (105).
pub fn settle(tx: &mut Tx, no: &str, partly: bool, who: &str) -> Result<Order> {
    let mut order = table::order(tx, no)?;
    settle_loaded(tx, &mut order, partly)?;
    tx.event("order.settled", &order.no, &serde_json::json!({ "status": order.status, "by": who }))?;
    table::update_order(tx, &mut order)?;
    Ok(order)
}

/// The same for an order in hand; the caller stores it.
pub(super) fn settle_loaded(tx: &mut Tx, order: &mut Order, partly: bool) -> Result<()> {
    let (event, out_event) = if partly {
        (OrderEvent::PartSettle, StockOutEvent::PartSettle)
    } else {
        (OrderEvent::Complete, StockOutEvent::Complete)
    };
    order.status = ORDER.fire(order.status, event)?;
    if let Some((id, _)) = &order.stock_out
        && let Some(mut stock_out) = table::stock_out_by_id(tx, *id)?
    {
        stock_out.status = STOCK_OUT.fire(stock_out.status, out_event)?;
        stock_out.modified = tx.now();
        table::save_stock_out(tx, &stock_out)?;
    }
    Ok(())
}
