//! Goods on their way back (销售退货在途量): counted in the warehouse that waits for them, from the audit until they are seen.

use store::Tx;
use units::Quantity;

use super::document::RefundOrder;
use super::status::MASK_ON_WAY;
use crate::stock::{self, QuantityColumn};
use crate::{Result, Settings};

/// Counts every piece of the refund order.
pub(super) fn count(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder) -> Result<()> {
    refund.mask |= MASK_ON_WAY;
    let wanted: Vec<Quantity> = refund.lines.iter().map(|line| line.num).collect();
    set(tx, settings, refund, &wanted)
}

/// Counts what is open now: after goods were seen, or were not there after all.
pub(super) fn follow(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder) -> Result<()> {
    let wanted: Vec<Quantity> = refund.lines.iter().map(super::RefundLine::open).collect();
    set(tx, settings, refund, &wanted)
}

/// Nothing is on its way any more.
pub(super) fn forget(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder) -> Result<()> {
    refund.mask &= !MASK_ON_WAY;
    let wanted = vec![Quantity::ZERO; refund.lines.len()];
    set(tx, settings, refund, &wanted)
}

fn set(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder, wanted: &[Quantity]) -> Result<()> {
    let mut moves = Vec::new();
    for (line, wanted) in refund.lines.iter_mut().zip(wanted) {
        let delta = *wanted - line.on_way;
        line.on_way = *wanted;
        if !delta.is_zero() {
            moves.push((line.spec, 0, stock::one(QuantityColumn::RefundOnWay, delta)));
        }
    }
    if moves.is_empty() { Ok(()) } else { stock::occupy(tx, settings, refund.warehouse, &refund.no, &moves) }
}
