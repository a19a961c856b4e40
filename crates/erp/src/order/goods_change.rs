//! The mall exchanged the goods of a line for others before they left (货品被更换): quantity and price stay, what is shipped changes.
//!
//! An order that is not released takes the new goods at once. A released one is intercepted, and takes them when it is rejected.
//! One that cannot follow by itself is frozen for a person.

use store::Tx;
use units::Money;

use super::document::{Freeze, Order, OrderLine, PushOrder, RawOrder};
use super::{cancel, create, submit, table};
use crate::{Refusal, Result, Settings, aftersale, catalog};

/// Notes which lines of a submitted raw order stand for other goods than before.
pub(super) fn note(raw: &mut RawOrder, old: &PushOrder) {
    for line in &raw.facts.lines {
        let was = old.lines.iter().find(|was| was.oid == line.oid);
        let changed = was.is_some_and(|was| {
            (&was.goods_id, &was.spec_id, &was.goods_no, &was.spec_no)
                != (&line.goods_id, &line.spec_id, &line.goods_no, &line.spec_no)
        });
        if changed && !line.is_refunded() && !raw.exchanged.contains(&line.oid) {
            raw.exchanged.push(line.oid.clone());
        }
    }
}

/// The same as [`follow`] for every raw order of an order that came back from the warehouse.
pub(super) fn follow_all(tx: &mut Tx, settings: &Settings, order: &mut Order) -> Result<cancel::Freed> {
    let mut freed = cancel::Freed::new();
    for (id, _) in order.raw.clone() {
        if let Some(mut raw) = table::raw_by_id(tx, id)?
            && !raw.exchanged.is_empty()
        {
            freed.extend(follow(tx, settings, &mut raw, order)?);
            raw.modified = tx.now();
            table::update_raw(tx, &raw)?;
        }
    }
    Ok(freed)
}

/// Puts the new goods of a raw order into an order that is not released; both are stored by the caller, who then serves what became
/// free.
pub(super) fn follow(tx: &mut Tx, settings: &Settings, raw: &mut RawOrder, order: &mut Order) -> Result<cancel::Freed> {
    let mut freed = cancel::Freed::new();
    let shop = catalog::shop_by_id(tx, raw.shop)?.ok_or_else(|| Refusal::ShopUnknown(raw.shop.to_string()))?;
    let taken = aftersale::taken_of_order(tx, order.id)?;
    let mut replaced = false;
    for oid in raw.exchanged.clone() {
        let is_of = |line: &OrderLine| line.oid == oid && line.tid == raw.facts.tid && !line.is_gift();
        let Some(at) = raw.facts.lines.iter().position(|line| line.oid == oid) else { continue };
        let old: Vec<usize> = (0..order.lines.len()).filter(|i| is_of(&order.lines[*i])).collect();
        if old.is_empty() {
            continue;
        }
        let whole = old.iter().all(|i| {
            let line = &order.lines[*i];
            line.flag == 0 && line.actual_num == line.num && !taken.contains_key(&line.id)
        });
        let matched = match whole {
            true => submit::match_lines(tx, &shop, raw, &[at])?,
            false => Err("该明细已拆分或有退款".to_owned()),
        };
        let matched = match matched {
            Ok(matched) => matched,
            Err(why) => {
                let note = format!("{}的货品已更换:{why}", raw.facts.tid);
                order.marks.freeze = Some(Freeze { reason: Freeze::GOODS_EXCHANGED, note });
                continue;
            }
        };
        let sum = |of: fn(&OrderLine) -> Money| old.iter().map(|i| of(&order.lines[*i])).sum::<Money>();
        let (post, paid) = (sum(|line| line.share_post), sum(|line| line.paid));
        let new = create::lines_of(tx, raw, &matched, post, paid)?;
        for i in old.iter().rev() {
            cancel::release(tx, settings, order, *i, &mut freed)?;
            order.lines.remove(*i);
        }
        let body =
            serde_json::json!({ "tid": raw.facts.tid, "oid": oid, "spec_no": new.first().map(|line| &line.spec_no) });
        tx.event("order.goods_exchanged", &order.no, &body)?;
        order.lines.extend(new);
        raw.exchanged.retain(|other| *other != oid);
        replaced = true;
    }
    if replaced {
        if order.marks.freeze.as_ref().is_some_and(|freeze| freeze.reason == Freeze::GOODS_EXCHANGED)
            && raw.exchanged.is_empty()
        {
            order.marks.freeze = None;
        }
        order.add_up();
        submit::reserve(tx, settings, order)?;
    }
    Ok(freed)
}
