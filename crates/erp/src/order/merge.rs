//! Merging (合并): one parcel for several orders of one buyer at one address. The earlier order takes the goods of the later one with
//! everything they hold and cost; the later one ends, empty, and says where they went. (Fact sheet wdt-1, 2.0.3 no. 6.)

use store::Tx;
use units::Money;

use super::bits::MASK_MERGED;
use super::document::{Buyer, Order, Reserved};
use super::machines::ORDER;
use super::status::{OrderEvent, OrderStatus};
use super::submit::need;
use super::{flow, submit, table};
use crate::stock::{self, QuantityColumn};
use crate::{Refusal, Result, Settings, aftersale};

/// Merges orders by hand into the first of them. Refused, with the reason, when two of them cannot travel in one parcel.
pub fn merge(tx: &mut Tx, settings: &Settings, numbers: &[&str]) -> Result<Order> {
    let [first, others @ ..] = numbers else { return Err(refuse("至少选择两个订单")) };
    if others.is_empty() || numbers.iter().enumerate().any(|(i, no)| numbers.get(..i).is_some_and(|n| n.contains(no))) {
        return Err(refuse("至少选择两个不同的订单"));
    }
    let mut all = Vec::with_capacity(numbers.len());
    for no in numbers {
        all.push(table::order_and_buyer(tx, no)?);
    }
    let (mut keep, buyer) = all.remove(0);
    for (other, other_buyer) in &all {
        check(&keep, &buyer, other, other_buyer)?;
    }
    for (mut gone, _) in all {
        absorb(tx, settings, &mut keep, &mut gone)?;
        follow_raws(tx, &keep, &gone)?;
        table::update_order(tx, &mut gone)?;
        table::forget_open_buyer(tx, gone.id)?;
    }
    debug_assert_eq!(&keep.no, first);
    flow::gifts_again(tx, settings, &mut keep)?;
    submit::reserve(tx, settings, &mut keep)?;
    table::update_order(tx, &mut keep)?;
    Ok(keep)
}

fn refuse(why: &'static str) -> crate::Error {
    Refusal::Invalid { field: "merge", why }.into()
}

fn check(keep: &Order, buyer: &Buyer, other: &Order, other_buyer: &Buyer) -> Result<()> {
    if let Some(why) = obstacle(keep, other) {
        return Err(refuse(why));
    }
    let place = |order: &Order, buyer: &Buyer| {
        (order.region, buyer.name.clone(), buyer.address.clone(), buyer.mobile.clone(), buyer.telno.clone())
    };
    if place(keep, buyer) == place(other, other_buyer) { Ok(()) } else { Err(refuse("收件人或地址不同")) }
}

/// Why two orders cannot become one, whoever their buyers are.
pub(super) fn obstacle(keep: &Order, other: &Order) -> Option<&'static str> {
    let open = [OrderStatus::AwaitingAudit, OrderStatus::DelayedAudit, OrderStatus::AwaitingSibling];
    let may = |order: &Order| open.contains(&order.status);
    if !may(keep) || !may(other) {
        return Some("只有待客审、延时审核、等未付的订单可以合并");
    }
    if [keep, other].iter().any(|order| order.marks.freeze.is_some()) {
        return Some("订单已冻结");
    }
    if [keep, other].iter().any(|order| order.is_sealed != 0) {
        return Some("订单不允许合并");
    }
    if [keep, other].iter().any(|order| order.refund_status == 1) {
        return Some("订单有退款申请");
    }
    if keep.shop != other.shop {
        return Some("店铺不同");
    }
    if keep.warehouse != other.warehouse {
        return Some("仓库不同");
    }
    if keep.delivery_term != other.delivery_term || keep.fenxiao_type != other.fenxiao_type {
        return Some("付款方式或分销类别不同");
    }
    None
}

/// The work itself; the caller has checked, and stores both orders. `gone` may be an order that was never stored.
pub(super) fn absorb(tx: &mut Tx, settings: &Settings, keep: &mut Order, gone: &mut Order) -> Result<()> {
    let status = ORDER.fire(gone.status, OrderEvent::MergeAway)?;
    let moved: Vec<i64> = gone.lines.iter().map(|line| line.id).collect();
    aftersale::lines_moved(tx, gone.id, (keep.id, &keep.no), &moved)?;
    for mut line in std::mem::take(&mut gone.lines) {
        let column = match line.reserved {
            Reserved::Nothing => None,
            Reserved::Waiting => Some(None),
            Reserved::Unpaid => Some(Some(QuantityColumn::Unpaid)),
            Reserved::Order => Some(Some(QuantityColumn::Order)),
            Reserved::Sending => Some(Some(QuantityColumn::Sending)),
            Reserved::Presale => Some(Some(QuantityColumn::Subscribe)),
        };
        line.modified = tx.now();
        gone.lines.push(line);
        let i = gone.lines.len() - 1;
        if let Some(column) = column {
            let from = need(gone, i);
            let to = stock::Need { order: keep.id, order_no: &keep.no, ..from };
            stock::hand_over(tx, settings, &from, &to, column)?;
        }
        keep.lines.extend(gone.lines.pop());
    }
    for raw in &gone.raw {
        if !keep.raw.contains(raw) {
            keep.raw.push(raw.clone());
        }
    }
    keep.other_amount += gone.other_amount;
    keep.ext_cod_fee += gone.ext_cod_fee;
    keep.add_up();
    keep.trade_time = keep.trade_time.into_iter().chain(gone.trade_time).min();
    keep.pay_time = keep.pay_time.max(gone.pay_time);
    keep.buyer_message = joined([&keep.buyer_message, &gone.buyer_message]);
    keep.cs_remark = joined([&keep.cs_remark, &gone.cs_remark]);
    keep.remark_flag = keep.remark_flag.max(gone.remark_flag);
    keep.bad_reason |= gone.bad_reason;
    keep.refund_status = keep.refund_status.max(gone.refund_status);
    keep.marks.gift_mask |= gone.marks.gift_mask;
    keep.marks.unmerge_mask = 0;
    keep.marks.trade_mask |= MASK_MERGED;
    for amount in [
        &mut gone.post_amount,
        &mut gone.other_amount,
        &mut gone.paid,
        &mut gone.due,
        &mut gone.cod_amount,
        &mut gone.ext_cod_fee,
    ] {
        *amount = Money::ZERO;
    }
    gone.status = status;
    gone.marks.merged_into.clone_from(&keep.no);
    gone.marks.unmerge_mask = 0;
    gone.cancel_reason = format!("合并到{}", keep.no);
    tx.event("order.merged", &keep.no, &serde_json::json!({ "from": gone.no, "lines": keep.lines.len() }))?;
    tx.event("order.merged_away", &gone.no, &serde_json::json!({ "into": keep.no }))?;
    Ok(())
}

/// Texts of several orders as one: each once, in their order.
pub(super) fn joined<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for text in texts {
        if !text.is_empty() && !kept.contains(&text.as_str()) {
            kept.push(text);
        }
    }
    kept.join("；")
}

/// The raw orders of the order that ended are in the other one now.
pub(super) fn follow_raws(tx: &mut Tx, keep: &Order, gone: &Order) -> Result<()> {
    for (id, _) in &gone.raw {
        let Some(mut raw) = table::raw_by_id(tx, *id)? else { continue };
        raw.orders.retain(|order| *order != gone.id && *order != keep.id);
        raw.orders.push(keep.id);
        raw.modified = tx.now();
        table::update_raw(tx, &raw)?;
    }
    Ok(())
}
