//! A raw order arrives: the first time it is stored and, if it can be, submitted; later it changes what the matrix allows.

use store::Tx;

use super::document::{PushOrder, RawOrder};
use super::status::{ProcessStatus, TradeStatus};
use super::{repush, submit, table};
use crate::catalog::{self, Shop};
use crate::{Refusal, Result, Settings, stock};

/// What a push did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A new raw order.
    Created,
    /// Something of a stored one changed.
    Changed,
    /// The push repeats what is stored: counted neither as new nor as changed (fact sheet wdt-1, 2.0.5).
    Unchanged,
}

/// Creates or updates a raw order (upsert by `tid`). A refusal comes before the first write, so one order of a list can be
/// refused and the others of the same unit kept.
pub fn push(tx: &mut Tx, settings: &Settings, shop: &Shop, new: PushOrder) -> Result<Outcome> {
    if new.trade_time.is_some_and(|time| time > tx.now()) {
        return Err(Refusal::TradeTimeInFuture(new.tid).into());
    }
    match table::raw_by_tid(tx, &new.tid)? {
        None => create(tx, settings, shop, new, false),
        Some(stored) if stored.shop != shop.id => {
            let other = crate::catalog::shop_by_id(tx, stored.shop)?.map(|shop| shop.no).unwrap_or_default();
            Err(Refusal::TidOfOtherShop(new.tid, other).into())
        }
        Some(stored) => repush::apply(tx, settings, shop, stored, new),
    }
}

/// A line of a raw order that will be pushed, as far as it is needed to announce it.
pub struct ForeseenLine<'a> {
    /// Line number.
    pub oid: &'a str,
    /// Platform SPU id.
    pub goods_id: &'a str,
    /// Platform SKU id.
    pub spec_id: &'a str,
}

/// Announces the push of a raw order: what it begins by reading can travel with what is read before it. Balances are announced
/// when the goods are known already.
pub fn foresee_push(tx: &mut Tx, shop_no: &str, tid: &str, lines: &[ForeseenLine<'_>]) -> Result<()> {
    table::foresee_push(tx, tid, lines.iter().map(|line| line.oid))?;
    let Some(shop) = tx.known::<Shop>("shop", shop_no) else { return Ok(()) };
    let Some(warehouse) = tx.known::<catalog::Warehouse>("warehouse", "") else { return Ok(()) };
    let mut specs = Vec::with_capacity(lines.len());
    for line in lines {
        match catalog::known_target(tx, &shop, line.goods_id, line.spec_id) {
            Some(catalog::Target::Spec(spec)) => specs.push(spec),
            _ => return Ok(()),
        }
    }
    stock::foresee_balances(tx, warehouse.id, &specs)
}

/// Stores a new raw order; an `internal` one is made by the ERP itself.
pub(super) fn create(
    tx: &mut Tx,
    settings: &Settings,
    shop: &Shop,
    facts: PushOrder,
    internal: bool,
) -> Result<Outcome> {
    let over = matches!(facts.status, TradeStatus::Refunded | TradeStatus::Closed);
    let line_ids = facts.lines.iter().map(|_| tx.next("raw_line")).collect::<Result<Vec<_>, _>>()?;
    let mut raw = RawOrder {
        id: tx.document_id("raw_order")?,
        shop: shop.id,
        process: if over { ProcessStatus::Cancelled } else { ProcessStatus::Waiting },
        refund_status: if facts.status == TradeStatus::Refunded { 3 } else { 0 },
        reason: String::new(),
        orders: Vec::new(),
        line_ids,
        facts,
        exchanged: Vec::new(),
        refunds: Vec::new(),
        internal,
        ended: None,
        created: tx.now(),
        modified: tx.now(),
        archived: false,
    };
    let sealed = table::seal_buyer(tx, raw.id, &raw.facts.buyer)?;
    tx.event(
        "raw_order.created",
        &raw.event_key(),
        &serde_json::json!({ "tid": raw.facts.tid, "trade_status": raw.facts.status }),
    )?;
    if !over && settings.auto_submit {
        submit::submit(tx, settings, shop, &mut raw, &sealed)?;
    }
    table::insert_raw(tx, &raw, &sealed)?;
    Ok(Outcome::Created)
}
