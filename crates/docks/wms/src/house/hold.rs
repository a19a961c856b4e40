//! Their ERP wants an order to wait, or to go on: `order.pending`. What is not audited is frozen, what is audited is intercepted.

use erp::order::{self, BLOCK_OTHER, Freeze, OrderStatus};
use erp::{Refusal, Settings};
use store::Tx;

use super::give_back::orders_of;
use crate::binding::Binding;
use crate::hub::WHO;
use crate::message::{DeliveryCreate, Message, OrderPending};
use crate::{Error, Result, table};

pub(super) fn pending(tx: &mut Tx, settings: &Settings, binding: &Binding, told: &OrderPending) -> Result<String> {
    let hold = match told.action_type.as_str() {
        OrderPending::HOLD => true,
        OrderPending::RESTORE => false,
        other => return Err(Error::Refused(format!("actionType {other}不存在,应为pending或restore"))),
    };
    if table::heard_before(tx, binding.id, DeliveryCreate::METHOD, &told.code)?.is_none() {
        // Receipts and issues wait for their audit anyway; there is nothing that would hold them.
        return Err(Error::Refused(format!("没有可挂起的发货单{}", told.code)));
    }
    let raw = order::raw_by_tid(tx, &told.code)?;
    let raw = raw.ok_or_else(|| Error::Refused(format!("单据{}不存在", told.code)))?;
    let reason = told.reason.as_deref().unwrap_or("货主挂起");
    for (no, status) in orders_of(tx, &raw)? {
        match status {
            OrderStatus::Cancelled => {}
            status if status.code() >= 95 => {
                return Err(Error::Refused(format!("单据{}已发货,不能挂起或恢复", told.code)));
            }
            status if status.code() < 40 => freeze(tx, settings, &no, hold, reason)?,
            _ => {
                order::intercept(tx, &no, hold, if hold { 0 } else { BLOCK_OTHER }, WHO)?;
            }
        }
    }
    Ok(String::new())
}

fn freeze(tx: &mut Tx, settings: &Settings, no: &str, hold: bool, reason: &str) -> Result<()> {
    let done = match hold {
        true => order::freeze(tx, no, Freeze::BY_HAND, reason, WHO),
        false => order::unfreeze(tx, settings, no, WHO),
    };
    match done {
        Ok(_) => Ok(()),
        // It goes on already.
        Err(erp::Error::Refused(Refusal::Invalid { .. })) if !hold => Ok(()),
        Err(error) => Err(error.into()),
    }
}
