//! What the mall changed of buyer, texts and wishes.

use store::Tx;

use super::{Block, Stage};
use crate::Result;
use crate::order::bits::{BAD_ADDRESS, BAD_WAREHOUSE, BLOCK_ADDRESS, BLOCK_CARRIER, BLOCK_INVOICE, BLOCK_WAREHOUSE};
use crate::order::document::{Freeze, Order, PushOrder, RawOrder};
use crate::order::{merge, table};

/// Address, name or phone: an open order takes them over, a released one keeps what the warehouse prints and is blocked. Of several
/// merged raw orders only one moved: the order is frozen until a person splits it or lets it go.
pub(super) fn change_buyer(
    tx: &mut Tx,
    order: &mut Order,
    raw: &RawOrder,
    old: &PushOrder,
    stage: Stage,
    sealed: &[u8],
    block: &mut Block,
) -> Result<()> {
    let (was, is) = (&old.buyer, &raw.facts.buyer);
    let moved = old.region != raw.facts.region
        || was.address != is.address
        || was.name != is.name
        || was.mobile != is.mobile
        || was.telno != is.telno;
    if stage == Stage::Open && order.raw.len() > 1 {
        if moved {
            let note = format!("合并订单中{}的收件信息有变更", raw.facts.tid);
            order.marks.freeze = Some(Freeze { reason: Freeze::ADDRESSES_DIFFER, note });
        }
    } else if stage == Stage::Open {
        order.region = raw.facts.region;
        order.area.clone_from(&raw.facts.area);
        table::update_order_buyer(tx, order.id, sealed)?;
    } else if moved {
        block.set |= BLOCK_ADDRESS;
    }
    if moved {
        order.bad_reason |= BAD_ADDRESS;
    }
    Ok(())
}

/// The mall's memo and flag, unless the remark was written by hand. True when something changed.
pub(super) fn copy_remark(tx: &mut Tx, order: &mut Order, raw: &RawOrder, old: &PushOrder) -> Result<bool> {
    let facts = &raw.facts;
    let changed = old.seller_memo != facts.seller_memo || old.seller_flag != facts.seller_flag;
    if changed && !order.remark_by_hand {
        order.cs_remark = texts(tx, order, raw, |facts| facts.seller_memo.clone())?;
        order.remark_flag = facts.seller_flag.unwrap_or(0);
        order.cs_remark_changes |= 1;
    }
    Ok(changed)
}

/// What the mall wants to be done with the parcel: another warehouse, another carrier, another invoice. A person decides about an
/// open order; the stock-out of a released one waits for that.
pub(super) fn change_wishes(order: &mut Order, raw: &RawOrder, old: &PushOrder, stage: Stage, block: &mut Block) {
    let new = &raw.facts;
    if old.warehouse_no != new.warehouse_no {
        order.bad_reason |= BAD_WAREHOUSE;
        block.set |= BLOCK_WAREHOUSE;
    }
    if old.logistics_type != new.logistics_type {
        block.set |= BLOCK_CARRIER;
    }
    let invoice = |facts: &PushOrder| (facts.invoice_kind, facts.invoice_title.clone(), facts.invoice_content.clone());
    if invoice(old) != invoice(new) {
        block.set |= BLOCK_INVOICE;
        if stage == Stage::Open {
            order.invoice_kind = new.invoice_kind.unwrap_or(0);
            order.invoice_title = new.invoice_title.clone().unwrap_or_default();
            order.invoice_content = new.invoice_content.clone().unwrap_or_default();
        }
    }
}

/// What the raw orders of an order say, as one text: this one as it is now, the others as they are stored.
pub(super) fn texts(
    tx: &mut Tx,
    order: &Order,
    raw: &RawOrder,
    of: fn(&PushOrder) -> Option<String>,
) -> Result<String> {
    let mut said = Vec::with_capacity(order.raw.len());
    for (id, _) in &order.raw {
        if *id == raw.id {
            said.extend(of(&raw.facts));
        } else if let Some(other) = table::raw_by_id(tx, *id)? {
            said.extend(of(&other.facts));
        }
    }
    Ok(merge::joined(&said))
}
