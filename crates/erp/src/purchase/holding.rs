//! What a document holds of the quantity columns, and the moves from one state of it to the next.
//!
//! Every command changes its document first; the difference of what it held before and holds now is posted. So a state and the
//! quantities it stands for cannot part.

use store::Tx;
use units::Quantity;

use super::document::{PurchaseOrder, PurchaseReturn};
use super::status::{PurchaseStatus, ReturnStatus};
use crate::stock::{self, Move, QuantityColumn};
use crate::{Result, Settings};

/// One column of one spec.
pub(crate) type Held = (i64, QuantityColumn, Quantity);

/// What a purchase order holds (fact sheet wdt-2, 2.4): 待采购量 until its audit, then 采购在途量, and 采购到货量 for what has arrived.
pub(crate) fn of_order(order: &PurchaseOrder) -> Vec<Held> {
    use PurchaseStatus as P;
    let lines = order.lines.iter();
    match order.status {
        P::AwaitingAudit => lines.map(|line| (line.item.spec, QuantityColumn::ToPurchase, line.num)).collect(),
        P::Audited | P::AwaitingPush | P::PushFailed | P::AwaitingReceipt | P::PartlyArrived => lines
            .flat_map(|line| {
                let spec = line.item.spec;
                [(spec, QuantityColumn::Purchase, line.open()), (spec, QuantityColumn::PurchaseArrive, line.arrive_num)]
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// What a purchase return holds: 采购退货量 from its audit until the goods are out.
pub(crate) fn of_return(returned: &PurchaseReturn) -> Vec<Held> {
    use ReturnStatus as R;
    match returned.status {
        R::Audited | R::AwaitingPush | R::PushFailed | R::AwaitingOut | R::PartlyOut => {
            let lines = returned.lines.iter();
            lines.map(|line| (line.item.spec, QuantityColumn::PurchaseReturn, line.open())).collect()
        }
        _ => Vec::new(),
    }
}

/// The moves of each spec, good stock, from what was held to what is held now.
pub(super) fn difference(before: &[Held], after: &[Held]) -> Vec<(i64, i64, Vec<Move>)> {
    let mut moves: Vec<(i64, i64, Vec<Move>)> = Vec::new();
    let signed = before.iter().map(|(spec, column, num)| (*spec, *column, -*num));
    for (spec, column, delta) in signed.chain(after.iter().copied()) {
        let known = moves.iter().position(|(of, ..)| *of == spec);
        let i = known.unwrap_or_else(|| {
            moves.push((spec, 0, Vec::new()));
            moves.len() - 1
        });
        let columns = &mut moves[i].2;
        match columns.iter_mut().find(|moved| moved.column == column) {
            Some(moved) => moved.delta += delta,
            None => columns.push(Move { column, delta }),
        }
    }
    for (.., columns) in &mut moves {
        columns.retain(|moved| !moved.delta.is_zero());
    }
    moves.retain(|(.., columns)| !columns.is_empty());
    moves
}

/// Posts the difference.
pub(super) fn post(
    tx: &mut Tx,
    settings: &Settings,
    warehouse: i64,
    document: &str,
    before: &[Held],
    after: &[Held],
) -> Result<()> {
    stock::occupy(tx, settings, warehouse, document, &difference(before, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use QuantityColumn::{Purchase, PurchaseArrive, ToPurchase};

    #[test]
    fn only_what_differs_moves() {
        let n = Quantity::whole;
        let check = |before: &[Held], after: &[Held], expected: &str| {
            let got: Vec<String> = difference(before, after)
                .iter()
                .map(|(spec, _, moves)| {
                    let moves: Vec<String> =
                        moves.iter().map(|m| format!("{} {}", m.column.name(), m.delta.floor())).collect();
                    format!("{spec}: {}", moves.join(", "))
                })
                .collect();
            assert_eq!(got.join("; "), expected);
        };
        check(&[], &[(1, ToPurchase, n(5))], "1: to_purchase_num 5");
        check(&[(1, ToPurchase, n(5))], &[(1, Purchase, n(5))], "1: to_purchase_num -5, purchase_num 5");
        check(
            &[(1, Purchase, n(5)), (1, PurchaseArrive, n(0)), (2, Purchase, n(1))],
            &[(1, Purchase, n(2)), (1, PurchaseArrive, n(3)), (2, Purchase, n(1))],
            "1: purchase_num -3, purchase_arrive_num 3",
        );
        check(&[(1, Purchase, n(5))], &[(1, Purchase, n(5))], "");
        check(&[], &[(1, Purchase, n(2)), (1, Purchase, n(3))], "1: purchase_num 5");
    }
}
