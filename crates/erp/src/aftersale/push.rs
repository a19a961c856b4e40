//! A raw refund arrives: the first time it is stored and, if it can be, submitted; later it changes what its state allows (fact
//! sheet wdt-2, 2.1 and 3.1).

use store::Tx;
use units::{Moment, Money, Quantity};

use super::document::{RawRefund, RawRefundLine, RefundPayer};
use super::refusal::AftersaleRefusal as Refused;
use super::status::{PlatformStatus, RAW_OPEN, RawRefundEvent, RawRefundKind, RawRefundStatus, RefundStatus};
use super::{RAW_REFUND, archive, finish, submit, table};
use crate::catalog::Shop;
use crate::order::{self, Outcome, RawOrder, Said};
use crate::{Result, Settings};

/// A raw refund as the mall pushes it.
#[derive(Clone)]
pub struct PushRefund {
    /// Number of the platform.
    pub refund_no: String,
    /// The raw order.
    pub tid: String,
    /// What is wanted.
    pub kind: RawRefundKind,
    /// State on the platform.
    pub status: PlatformStatus,
    /// Asked for.
    pub amount: Money,
    /// Buyer; empty = as in the raw order.
    pub nick: String,
    /// Payment account; empty = as in the raw order.
    pub account: String,
    /// Asked for when.
    pub refund_time: Moment,
    /// Reason.
    pub reason: String,
    /// Remark.
    pub remark: String,
    /// Version mark of the platform.
    pub version: String,
    /// Carrier of the return.
    pub logistics_name: String,
    /// Its waybill.
    pub logistics_no: String,
    /// Lines and pieces.
    pub lines: Vec<PushRefundLine>,
}

/// A line of it.
#[derive(Clone)]
pub struct PushRefundLine {
    /// Line number of the raw order.
    pub oid: String,
    /// Pieces.
    pub num: Quantity,
}

/// Creates or changes a raw refund (upsert by shop and `refund_no`). A refusal comes before the first write.
pub fn push_refund(tx: &mut Tx, settings: &Settings, shop: &Shop, new: &PushRefund) -> Result<Outcome> {
    let raw_order = order::raw_to_change(tx, &new.tid)?
        .filter(|raw| raw.shop == shop.id)
        .ok_or_else(|| Refused::TidUnknown(new.tid.clone()))?;
    if new.amount.is_negative() {
        let value = new.amount.to_string();
        return Err(Refused::Number { field: "refund_fee", value, why: "不能小于0" }.into());
    }
    let lines = lines(&raw_order, new)?;
    match table::raw_by_no(tx, shop.id, &new.refund_no)? {
        None => create(tx, settings, &raw_order, new, lines),
        Some(stored) if stored.tid != new.tid => Err(Refused::TidUnknown(new.tid.clone()).into()),
        Some(stored) => change(tx, settings, &raw_order, stored, new, lines),
    }
}

/// Pieces of each line, the same line named twice counted together.
fn lines(raw: &RawOrder, new: &PushRefund) -> Result<Vec<(String, Quantity)>> {
    let mut lines: Vec<(String, Quantity)> = Vec::with_capacity(new.lines.len());
    for PushRefundLine { oid, num } in &new.lines {
        let unknown = || Refused::OidUnknown { tid: new.tid.clone(), oid: oid.clone() };
        let of_order = raw.facts.lines.iter().find(|line| line.oid == *oid).ok_or_else(unknown)?;
        let so_far = lines.iter().position(|(named, _)| named == oid);
        let sum = so_far.map_or(Quantity::ZERO, |i| lines[i].1) + *num;
        if !num.is_positive() || sum > of_order.num {
            let why = if num.is_positive() { "超过下单数量" } else { "应大于0" };
            return Err(Refused::Number { field: "num", value: num.to_string(), why }.into());
        }
        match so_far {
            Some(i) => lines[i].1 = sum,
            None => lines.push((oid.clone(), sum)),
        }
    }
    Ok(lines)
}

fn raw_lines(tx: &mut Tx, raw: &RawOrder, lines: &[(String, Quantity)]) -> Result<Vec<RawRefundLine>> {
    let mut out = Vec::with_capacity(lines.len());
    for (oid, num) in lines {
        let Some(line) = raw.facts.lines.iter().find(|line| line.oid == *oid) else { continue };
        let part = |whole: Money| whole.share(Money::from_raw(num.raw()), Money::from_raw(line.num.raw()));
        out.push(RawRefundLine {
            id: tx.document_id("raw_refund_line")?,
            oid: oid.clone(),
            num: *num,
            price: line.receivable().over(line.num),
            total: part(line.receivable()),
            goods_id: line.goods_id.clone(),
            spec_id: line.spec_id.clone(),
            goods_no: line.goods_no.clone(),
            spec_no: line.spec_no.clone(),
            goods_name: line.goods_name.clone(),
            spec_name: line.spec_name.clone(),
        });
    }
    Ok(out)
}

fn payer(raw: &RawOrder, new: &PushRefund) -> RefundPayer {
    let or = |given: &str, stored: &str| if given.is_empty() { stored } else { given }.to_owned();
    RefundPayer { nick: or(&new.nick, &raw.facts.buyer.nick), account: or(&new.account, &raw.facts.buyer.pay_account) }
}

fn create(
    tx: &mut Tx,
    settings: &Settings,
    raw_order: &RawOrder,
    new: &PushRefund,
    lines: Vec<(String, Quantity)>,
) -> Result<Outcome> {
    let now = tx.now();
    let orders = order::orders_of(tx, raw_order)?;
    let cancelled = new.status == PlatformStatus::Cancelled;
    let mut raw = RawRefund {
        id: tx.document_id("raw_refund")?,
        shop: raw_order.shop,
        refund_no: new.refund_no.clone(),
        tid: new.tid.clone(),
        kind: new.kind,
        status: new.status,
        process: if cancelled { RawRefundStatus::Cancelled } else { RawRefundStatus::Waiting },
        problem: String::new(),
        refund_order: 0,
        refund_order_no: String::new(),
        amount: new.amount,
        actual_amount: if new.status == PlatformStatus::Succeeded { new.amount } else { Money::ZERO },
        reason: new.reason.clone(),
        remark: new.remark.clone(),
        version: new.version.clone(),
        logistics_name: new.logistics_name.clone(),
        logistics_no: new.logistics_no.clone(),
        pay_no: raw_order.facts.pay_id.clone().unwrap_or_default(),
        refund_time: new.refund_time,
        succeeded: (new.status == PlatformStatus::Succeeded).then_some(now),
        after_shipment: orders.iter().any(|order| order.status.code() >= 95),
        payer: payer(raw_order, new),
        lines: raw_lines(tx, raw_order, &lines)?,
        created: now,
        modified: now,
    };
    let about = serde_json::json!({ "refund_no": raw.refund_no, "tid": raw.tid, "status": raw.status.code() });
    tx.event("raw_refund.created", &raw.event_key(), &about)?;
    if !cancelled && settings.aftersale.auto_submit_refund {
        submit::submit(tx, settings, raw_order, &mut raw, "auto")?;
    }
    table::save_raw(tx, &raw)?;
    tell_order(tx, settings, &raw)?;
    Ok(Outcome::Created)
}

fn change(
    tx: &mut Tx,
    settings: &Settings,
    raw_order: &RawOrder,
    mut raw: RawRefund,
    new: &PushRefund,
    lines: Vec<(String, Quantity)>,
) -> Result<Outcome> {
    let before = raw.clone();
    let now = tx.now();
    raw.status = new.status;
    raw.amount = new.amount;
    raw.reason.clone_from(&new.reason);
    raw.remark.clone_from(&new.remark);
    raw.version.clone_from(&new.version);
    raw.refund_time = new.refund_time;
    raw.payer = payer(raw_order, new);
    if !new.logistics_no.is_empty() || !new.logistics_name.is_empty() {
        raw.logistics_name.clone_from(&new.logistics_name);
        raw.logistics_no.clone_from(&new.logistics_no);
    }
    if RAW_OPEN.contains(&raw.process) {
        raw.kind = new.kind;
        let same = raw.lines.len() == lines.len()
            && raw.lines.iter().zip(&lines).all(|(line, (oid, num))| line.oid == *oid && line.num == *num);
        if !same {
            raw.lines = raw_lines(tx, raw_order, &lines)?;
        }
    }
    if new.status == PlatformStatus::Succeeded && raw.succeeded.is_none() {
        raw.succeeded = Some(now);
    }
    raw.actual_amount = if raw.succeeded.is_some() { raw.amount } else { Money::ZERO };
    if raw == before {
        return Ok(Outcome::Changed);
    }
    raw.modified = now;
    if raw.status == PlatformStatus::Cancelled {
        raw.process = RAW_REFUND.fire(raw.process, RawRefundEvent::Cancel)?;
    }
    let about = serde_json::json!({ "refund_no": raw.refund_no, "tid": raw.tid, "status": raw.status.code() });
    tx.event("raw_refund.changed", &raw.event_key(), &about)?;
    if RAW_OPEN.contains(&raw.process) && settings.aftersale.auto_submit_refund {
        submit::submit(tx, settings, raw_order, &mut raw, "auto")?;
    } else if raw.refund_order != 0 {
        finish::follow_platform(tx, settings, &raw)?;
    }
    table::save_raw(tx, &raw)?;
    tell_order(tx, settings, &raw)?;
    Ok(Outcome::Changed)
}

/// Flags the lines of the raw order with what this refund says of them. One that the merchant refused or cancelled says no more.
pub(super) fn tell_order(tx: &mut Tx, settings: &Settings, raw: &RawRefund) -> Result<()> {
    let refund = match raw.refund_order {
        0 => None,
        key => archive::to_change(tx, key)?,
    };
    let dead = refund.as_ref().is_some_and(|refund| !refund.is_live()) && raw.process != RawRefundStatus::Waiting;
    let agreed = refund.as_ref().is_some_and(|refund| {
        !matches!(
            refund.status,
            RefundStatus::AwaitingAudit
                | RefundStatus::AwaitingFinance
                | RefundStatus::Cancelled
                | RefundStatus::Refused
        )
    });
    let before_shipment = raw.kind.refund() == super::RefundKind::Unshipped;
    let lines: Vec<(String, Quantity)> = raw.lines.iter().map(|line| (line.oid.clone(), line.num)).collect();
    let said = Said {
        tid: &raw.tid,
        source: &raw.refund_no,
        flag: if dead { 1 } else { raw.status.line_flag() },
        before_shipment,
        taken: before_shipment && agreed,
        lines: &lines,
    };
    order::note_refund(tx, settings, &said)
}
