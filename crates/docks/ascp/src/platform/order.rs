//! A fulfilment order on the platform's side: placed, pushed, accepted, shipped, or cancelled (fact sheet ascp-direct, 3.1).

use erp::{Machine, Step};
use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::error::{Result, no};
use super::{stock, table};
use crate::states::{events, states};

states! {
    /// State of a fulfilment order on the platform.
    SimOrderState {
        /// On its way to the supplier.
        Pushing = 20 "推送中",
        /// The supplier said that it has it.
        Pushed = 30 "已推送",
        /// The supplier took it into work.
        Accepted = 40 "已接单",
        /// The supplier reported a shortage.
        Short = 45 "缺货",
        /// The supplier was told to stop.
        Cancelling = 50 "取消中",
        /// The supplier reported the shipment.
        Shipped = 60 "已发货",
        /// The consumer has it.
        Signed = 70 "已签收",
        /// The supplier refused it, or never answered.
        PushFailed = 80 "推送失败",
        /// It will not be shipped.
        Cancelled = 90 "已取消",
    }
}

events! {
    /// What happens to a fulfilment order on the platform.
    SimOrderEvent {
        /// The supplier answered success.
        Deliver "推送成功",
        /// Refused without retry, or all retries used up.
        GiveUp "推送放弃",
        /// Received-report.
        Accept "接单",
        /// Shortage report.
        RunShort "缺货",
        /// The consumer wants it no more.
        AskCancel "请求取消",
        /// Intercepted.
        Intercept "拦截成功",
        /// Not intercepted, before the supplier has it.
        KeepPushing "拦截失败(推送中)",
        /// Not intercepted.
        KeepPushed "拦截失败(已推送)",
        /// Not intercepted, in work.
        KeepAccepted "拦截失败(已接单)",
        /// Not intercepted, short.
        KeepShort "拦截失败(缺货)",
        /// Shipment report.
        Ship "发货",
        /// The consumer has it.
        Sign "签收",
    }
}

use SimOrderState as S;

/// The table. A supplier may take an order into work or ship it before the platform has its reply to the push: the reply may have
/// been lost.
pub const SIM_ORDER: Machine<SimOrderState, SimOrderEvent> = Machine {
    document: "平台履约单",
    steps: &[
        Step { from: &[S::Pushing, S::PushFailed], on: SimOrderEvent::Deliver, to: S::Pushed, effect: "" },
        Step { from: &[S::Pushing], on: SimOrderEvent::GiveUp, to: S::PushFailed, effect: "记录原因" },
        Step { from: &[S::Pushing, S::Pushed, S::PushFailed], on: SimOrderEvent::Accept, to: S::Accepted, effect: "" },
        Step { from: &[S::Pushed, S::Accepted], on: SimOrderEvent::RunShort, to: S::Short, effect: "" },
        Step {
            from: &[S::Pushing, S::Pushed, S::Accepted, S::Short, S::Cancelling],
            on: SimOrderEvent::AskCancel,
            to: S::Cancelling,
            effect: "推送取消",
        },
        Step {
            from: &[S::Pushing, S::Pushed, S::Accepted, S::Short, S::Cancelling, S::PushFailed],
            on: SimOrderEvent::Intercept,
            to: S::Cancelled,
            effect: "释放占用,退款",
        },
        Step { from: &[S::Cancelling], on: SimOrderEvent::KeepPushing, to: S::Pushing, effect: "" },
        Step { from: &[S::Cancelling], on: SimOrderEvent::KeepPushed, to: S::Pushed, effect: "" },
        Step { from: &[S::Cancelling], on: SimOrderEvent::KeepAccepted, to: S::Accepted, effect: "" },
        Step { from: &[S::Cancelling], on: SimOrderEvent::KeepShort, to: S::Short, effect: "" },
        Step {
            from: &[S::Pushing, S::Pushed, S::Accepted, S::Short, S::Cancelling, S::PushFailed],
            on: SimOrderEvent::Ship,
            to: S::Shipped,
            effect: "扣减库存与占用",
        },
        Step { from: &[S::Shipped], on: SimOrderEvent::Sign, to: S::Signed, effect: "" },
    ],
};

/// A fulfilment order.
#[derive(Debug, Clone, PartialEq)]
pub struct SimOrder {
    /// Key.
    pub id: i64,
    /// Number.
    pub code: String,
    /// State.
    pub state: SimOrderState,
    /// The rest.
    pub facts: SimOrderFacts,
    /// Placed.
    pub created: Moment,
}

/// What is stored of an order beside its keys. The consignee lies sealed beside it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimOrderFacts {
    /// Supplier.
    pub supplier_id: String,
    /// Warehouse.
    pub store_code: String,
    /// Who delivers.
    pub business_model: String,
    /// Lines.
    pub lines: Vec<SimLine>,
    /// The supplier answered the push with success.
    pub delivered: bool,
    /// The supplier took it into work.
    pub accepted: bool,
    /// It reported a shortage.
    pub short: bool,
    /// Cancels that were asked for: refund status and what became of it.
    pub cancels: Vec<SimCancel>,
    /// What the feedback call said of the last cancel.
    pub feedback: Option<bool>,
    /// Why the push was given up, the order cancelled.
    pub reason: String,
    /// `out_biz_id` of the shipment.
    pub shipment: String,
    /// Carrier and waybill of the parcels.
    pub parcels: Vec<(String, String)>,
    /// Waybills that the supplier drew: parcel code, waybill.
    pub drawn: Vec<(String, String)>,
}

/// A line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimLine {
    /// Line number.
    pub sub_order_code: String,
    /// Goods.
    pub sc_item_id: i64,
    /// Merchant code.
    pub outer_id: String,
    /// Pieces.
    pub quantity: i64,
    /// Amount, fen.
    pub amount: i64,
    /// Pieces that came back and were reported.
    pub returned: i64,
}

/// A cancel that was asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimCancel {
    /// 1 asked, 9 refund agreed.
    pub refund_status: String,
    /// `None` = not decided.
    pub intercepted: Option<bool>,
    /// Why not.
    pub reason: String,
}

impl SimOrder {
    /// Goes where the table leads.
    pub(super) fn fire(&mut self, on: SimOrderEvent) -> Result<()> {
        self.state = SIM_ORDER.fire(self.state, on)?;
        Ok(())
    }
}

/// The order with this number, of this supplier.
pub fn order(reader: &mut Reader, supplier_id: &str, code: &str) -> Result<SimOrder> {
    let found = any_order(reader, code)?;
    if found.facts.supplier_id == supplier_id {
        Ok(found)
    } else {
        Err(no("SIM_ORDER_NOT_FOUND", format!("no order {code}")))
    }
}

/// The order with this number.
pub fn any_order(reader: &mut Reader, code: &str) -> Result<SimOrder> {
    table::order(reader, code)?.ok_or_else(|| no("SIM_ORDER_NOT_FOUND", format!("no order {code}")))
}

/// Orders behind `after`, oldest first.
pub fn orders(reader: &mut Reader, after: i64, limit: i64) -> Result<Vec<SimOrder>> {
    table::orders(reader, after, limit)
}

/// The order will not be shipped: nothing is occupied for it any more.
pub(super) fn intercepted(tx: &mut Tx, found: &mut SimOrder, reason: &str) -> Result<()> {
    found.fire(SimOrderEvent::Intercept)?;
    reason.clone_into(&mut found.facts.reason);
    for line in &found.facts.lines {
        stock::release(tx, &found.facts.supplier_id, &found.facts.store_code, line.sc_item_id, line.quantity)?;
    }
    table::drop_pushes(tx, &found.code)
}

/// The order goes on: back to where it was.
pub(super) fn kept(found: &mut SimOrder) -> Result<()> {
    if found.state != S::Cancelling {
        return Ok(());
    }
    let facts = &found.facts;
    let event = if facts.short {
        SimOrderEvent::KeepShort
    } else if facts.accepted {
        SimOrderEvent::KeepAccepted
    } else if facts.delivered {
        SimOrderEvent::KeepPushed
    } else {
        SimOrderEvent::KeepPushing
    };
    found.fire(event)
}

/// The supplier decided on the last cancel.
pub(super) fn decided(tx: &mut Tx, found: &mut SimOrder, result: bool, reason: &str) -> Result<()> {
    for cancel in found.facts.cancels.iter_mut().filter(|cancel| cancel.intercepted.is_none()) {
        cancel.intercepted = Some(result);
        reason.clone_into(&mut cancel.reason);
    }
    if result {
        if found.state != S::Cancelled {
            intercepted(tx, found, "拦截成功")?;
        }
        Ok(())
    } else {
        kept(found)
    }
}
