//! Changing a refund order by hand: everything while it waits for audit, the parcel and the remark as long as it is open.

use store::Tx;
use units::Money;

use super::document::{RefundOrder, ReturnParcel};
use super::pick::{left_of, spread_shares};
use super::refusal::AftersaleRefusal as Refused;
use super::status::{MASK_UNCONFIRMED, RefundStatus};
use super::{finish, table};
use crate::{Result, catalog};

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct RefundChange {
    /// The warehouse that waits for the goods.
    pub warehouse_no: Option<String>,
    /// What the buyer gets back.
    pub amount: Option<Money>,
    /// Freight within it.
    pub post_amount: Option<Money>,
    /// Anything else within it.
    pub other_amount: Option<Money>,
    /// Reason.
    pub reason: Option<String>,
    /// When the goods of an exchange go out.
    pub consign_mode: Option<i64>,
    /// Remark; at any time.
    pub remark: Option<String>,
    /// Carrier of the return; while it is open.
    pub logistics_name: Option<String>,
    /// Its waybill; while it is open.
    pub logistics_no: Option<String>,
    /// Mark; at any time.
    pub flag_name: Option<String>,
}

/// Changes a refund order.
pub fn edit_refund(tx: &mut Tx, no: &str, change: &RefundChange, who: &str) -> Result<RefundOrder> {
    let mut refund = table::refund_by_no(tx, no)?;
    let awaits = refund.status == RefundStatus::AwaitingAudit;
    let over = matches!(refund.status, RefundStatus::Cancelled | RefundStatus::Refused | RefundStatus::Completed);
    let fields = [
        ("warehouse_no", change.warehouse_no.is_some(), awaits),
        ("refund_amount", change.amount.is_some(), awaits),
        ("post_amount", change.post_amount.is_some(), awaits),
        ("other_amount", change.other_amount.is_some(), awaits),
        ("reason", change.reason.is_some(), awaits),
        ("consign_mode", change.consign_mode.is_some(), awaits),
        ("logistics_name", change.logistics_name.is_some(), !over),
        ("logistics_no", change.logistics_no.is_some(), !over),
    ];
    if let Some((field, ..)) = fields.iter().find(|(_, given, allowed)| *given && !allowed) {
        return Err(Refused::NotEditable { no: no.to_owned(), state: refund.state(), field }.into());
    }
    for (field, amount) in
        [("refund_amount", change.amount), ("post_amount", change.post_amount), ("other_amount", change.other_amount)]
    {
        if let Some(amount) = amount.filter(|amount| amount.is_negative()) {
            return Err(Refused::Number { field, value: amount.to_string(), why: "不能小于0" }.into());
        }
    }
    if let Some(warehouse_no) = &change.warehouse_no {
        refund.warehouse = catalog::warehouse_by_no(tx, warehouse_no)?.id;
    }
    if let Some(amount) = change.amount {
        change_amount(tx, &mut refund, amount)?;
        if refund.raw_refund == 0 {
            refund.direct_refund_amount = amount;
        } else {
            refund.direct_refund_amount = (amount - refund.platform_refund_amount).max(Money::ZERO);
        }
    }
    set(&mut refund.post_amount, change.post_amount);
    set(&mut refund.other_amount, change.other_amount);
    set(&mut refund.reason, change.reason.clone());
    set(&mut refund.consign_mode, change.consign_mode);
    set(&mut refund.remark, change.remark.clone());
    set(&mut refund.flag_name, change.flag_name.clone());
    let parcel = &mut refund.parcel;
    *parcel = ReturnParcel {
        name: change.logistics_name.clone().unwrap_or_else(|| parcel.name.clone()),
        no: change.logistics_no.clone().unwrap_or_else(|| parcel.no.clone()),
    };
    tx.event("refund.changed", &refund.no, &serde_json::json!({ "by": who }))?;
    table::save_refund(tx, &mut refund)?;
    Ok(refund)
}

fn set<T>(slot: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *slot = given;
    }
}

/// Another header amount: the shares of the lines follow, and whether a person must confirm it.
pub(super) fn change_amount(tx: &mut Tx, refund: &mut RefundOrder, amount: Money) -> Result<()> {
    refund.refund_amount = amount;
    if refund.lines.is_empty() {
        return Ok(());
    }
    let paid: Vec<Money> = refund.lines.iter().map(|line| line.paid).collect();
    let left = left_of(tx, refund)?;
    let (shares, over) = spread_shares(amount, &paid, &left);
    finish::settle_shares(refund, &shares);
    refund.mask &= !MASK_UNCONFIRMED;
    if over {
        refund.mask |= MASK_UNCONFIRMED;
    }
    table::take_lines(tx, refund, false)
}
