//! A fulfilment order on the supplier's side: its states, and how they follow from what the core knows.

use erp::order::{OrderStatus, ProcessStatus, RawOrder};
use erp::{Machine, Step};
use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::alarm::{self, kind};
use super::channel::ChannelSettings;
use super::error::Result;
use super::table;
use crate::states::{events, states};

states! {
    /// State of a fulfilment order (fact sheet ascp-direct, 3.1).
    OrderState {
        /// Stored, not mapped yet.
        Received = 10 "已接收",
        /// Cannot be mapped; a person is needed.
        Exception = 20 "异常待处理",
        /// The order waits for audit; a cancel succeeds.
        PendingAudit = 30 "待客审",
        /// Audited, not released to the warehouse; a cancel succeeds.
        Audited = 40 "已审核未递交",
        /// The warehouse has it; a cancel fails.
        Released = 50 "已递交仓库",
        /// The warehouse cannot pick it; the shortage was reported.
        Short = 55 "缺货已上报",
        /// It left; the platform is being told.
        Shipped = 60 "已发货待回传",
        /// The platform refused the report.
        ConfirmFailed = 65 "发货回传失败",
        /// The platform has the shipment.
        Confirmed = 70 "已回传",
        /// Intercepted, or cancelled by hand.
        Cancelled = 90 "已取消",
    }
}

events! {
    /// What happens to a fulfilment order.
    OrderChange {
        /// It was mapped into the core.
        Build "建单",
        /// It cannot be mapped.
        Park "转异常",
        /// Audited, finance has a word.
        Audit "审核",
        /// To the warehouse.
        Release "递交仓库",
        /// Back from the warehouse, or from finance.
        TakeBack "驳回",
        /// The warehouse cannot pick it.
        RunShort "上报缺货",
        /// Stock came.
        Restock "补货",
        /// It left.
        Ship "发货",
        /// The platform took the report.
        Confirm "回传成功",
        /// The platform refused the report.
        Refuse "回传失败",
        /// The report is sent again.
        Resend "重新回传",
        /// Intercepted, or cancelled by hand.
        Cancel "取消",
    }
}

use OrderState as S;

/// The table of fulfilment orders.
pub const SUPPLY_ORDER: Machine<OrderState, OrderChange> = Machine {
    document: "天猫国际直营履约单",
    steps: &[
        Step {
            from: &[S::Received, S::Exception],
            on: OrderChange::Build,
            to: S::PendingAudit,
            effect: "生成订单,回传接单",
        },
        Step { from: &[S::Received], on: OrderChange::Park, to: S::Exception, effect: "进入异常列表" },
        Step { from: &[S::PendingAudit], on: OrderChange::Audit, to: S::Audited, effect: "" },
        Step {
            from: &[S::PendingAudit, S::Audited],
            on: OrderChange::Release,
            to: S::Released,
            effect: "取消拦截将失败",
        },
        Step {
            from: &[S::Audited, S::Released, S::Short],
            on: OrderChange::TakeBack,
            to: S::PendingAudit,
            effect: "可再次拦截",
        },
        Step {
            from: &[S::PendingAudit, S::Audited, S::Released],
            on: OrderChange::RunShort,
            to: S::Short,
            effect: "回传缺货,等待平台取消",
        },
        Step { from: &[S::Short], on: OrderChange::Restock, to: S::Released, effect: "" },
        Step {
            from: &[S::PendingAudit, S::Audited, S::Released, S::Short],
            on: OrderChange::Ship,
            to: S::Shipped,
            effect: "整单回传发货",
        },
        Step { from: &[S::Shipped, S::ConfirmFailed], on: OrderChange::Confirm, to: S::Confirmed, effect: "" },
        Step { from: &[S::Shipped], on: OrderChange::Refuse, to: S::ConfirmFailed, effect: "等待人工" },
        Step { from: &[S::ConfirmFailed], on: OrderChange::Resend, to: S::Shipped, effect: "" },
        Step {
            from: &[S::Received, S::Exception, S::PendingAudit, S::Audited, S::Released, S::Short],
            on: OrderChange::Cancel,
            to: S::Cancelled,
            effect: "拦截成功(递交仓库后仅人工取消)",
        },
    ],
};

/// A fulfilment order.
#[derive(Debug, Clone)]
pub struct SupplyOrder {
    /// Key.
    pub id: i64,
    /// Channel.
    pub channel: i64,
    /// Number of the platform.
    pub code: String,
    /// State.
    pub state: OrderState,
    /// The next deadline that somebody must keep.
    pub due: Moment,
    /// The rest.
    pub facts: OrderFacts,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What is stored of a fulfilment order beside its keys. Nothing personal: that is in the core's sealed buyer and the sealed push.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderFacts {
    /// Who delivers, as the push says it; echoed in every call.
    pub business_model: String,
    /// Supplier warehouse.
    pub store_code: String,
    /// Its name.
    pub store_name: String,
    /// JYCK, HHCK, BFCK.
    pub order_type: String,
    /// The earlier order of a re-shipment.
    pub source_consign: String,
    /// Whether the consignee comes encrypted, for the label service.
    pub has_oaid: bool,
    /// `esDate` and `deliveryTime` as they came; information only.
    pub promised: String,
    /// The lines.
    pub lines: Vec<OrderFactLine>,
    /// When the consumer paid, or the order came.
    pub paid: Option<Moment>,
    /// Audit before this.
    pub audit_by: Option<Moment>,
    /// Ship before this.
    pub ship_by: Option<Moment>,
    /// An alarm about a deadline was raised, and may still be open.
    pub warned: bool,
    /// Why it is where it is: what is missing, why it was cancelled.
    pub reason: String,
    /// Decisions on cancels, oldest first.
    pub cancels: Vec<CancelDecision>,
    /// Shortages that were reported.
    pub shortages: i64,
    /// Waybills drawn from the platform, by parcel code.
    pub drawn: Vec<DrawnWaybill>,
    /// Serial numbers that the platform has looked at.
    pub serials: Vec<SerialCheck>,
    /// Waybill and carrier code of each parcel, as they were reported.
    pub parcels: Vec<(String, String)>,
    /// When the platform took the shipment report.
    pub confirmed: Option<Moment>,
}

/// A line of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OrderFactLine {
    /// Line number.
    pub sub_order_code: String,
    /// Goods id.
    pub sc_item_id: String,
    /// Pieces.
    pub quantity: i64,
    /// Amount, fen.
    pub amount: i64,
}

/// What was decided on a cancel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelDecision {
    /// 1 asked to cancel, 9 refund agreed.
    pub refund_status: String,
    /// Whether the order was intercepted.
    pub intercepted: bool,
    /// Why not.
    pub reason: String,
    /// When.
    pub at: Moment,
}

/// A waybill drawn from the platform (fact sheet ascp-direct, 2.15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnWaybill {
    /// Parcel code.
    pub package: String,
    /// Waybill number.
    pub waybill: String,
    /// Carrier code.
    pub carrier: String,
}

/// What the platform says of a serial number (fact sheet ascp-direct, 2.16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialCheck {
    /// Serial number.
    pub serial: String,
    /// It must not be shipped.
    pub is_refused: bool,
    /// Why not.
    pub reason: String,
}

impl SupplyOrder {
    /// What its own entries in the event log are about.
    pub fn event_key(&self) -> String {
        format!("ASCP-{}", self.code)
    }

    /// What a refund means where the order stands: whether a return order will come, and what is settled (fact sheet ascp-direct, 3.5).
    pub fn refund_rule(&self) -> &'static str {
        match self.state {
            S::Cancelled => "已取消:不产生销退单,平台不结算",
            S::Shipped | S::ConfirmFailed | S::Confirmed => {
                "已出库:退货退款经客服同意并填写退货运单后才产生销退单,按入库数量退款;仅退款(如运费、食品)不产生;拒收由客服手工创建"
            }
            _ => "未出库:同意退款即拦截订单,不产生销退单,平台不结算",
        }
    }

    /// Whether it still waits for its audit, or for what comes before.
    pub(super) fn is_unaudited(&self) -> bool {
        matches!(self.state, S::Received | S::Exception | S::PendingAudit)
    }

    /// Goes where the table leads, and takes the next deadline.
    pub(super) fn turn(&mut self, settings: &ChannelSettings, now: Moment, on: OrderChange) -> Result<()> {
        self.state = SUPPLY_ORDER.fire(self.state, on)?;
        self.look_ahead(settings, now);
        Ok(())
    }

    /// Takes the next deadline that is still ahead: first its warning, then itself.
    pub(super) fn look_ahead(&mut self, settings: &ChannelSettings, now: Moment) {
        let audit_by = self.facts.audit_by.filter(|_| self.is_unaudited());
        let ship_by = self.facts.ship_by.filter(|_| self.state < S::Shipped);
        let coming = audit_by.into_iter().chain(ship_by).filter_map(|by| settings.next_of(by, now));
        self.due = coming.min().unwrap_or(Moment::from_unix(0));
    }
}

/// Where an order stands by what the core knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before the warehouse: everything can be taken back.
    Open,
    /// Before the warehouse, past a person's audit.
    Audited,
    /// In the warehouse, at least a part of it.
    Released,
    /// Gone, all of it.
    Gone,
    /// Cancelled or refunded, all of it.
    Over,
}

/// The stage of a raw order.
pub(super) fn stage(reader: &mut Reader, raw: &RawOrder) -> Result<Stage> {
    Ok(match raw.process {
        ProcessStatus::Waiting => Stage::Open,
        ProcessStatus::Cancelled => Stage::Over,
        ProcessStatus::Shipped | ProcessStatus::Completed => Stage::Gone,
        ProcessStatus::PartlyShipped => Stage::Released,
        ProcessStatus::Submitted => {
            let orders = erp::order::orders_of(reader, raw)?;
            let furthest = orders.iter().map(|order| order.status).filter(|status| *status != OrderStatus::Cancelled);
            match furthest.map(OrderStatus::code).max().unwrap_or(0) {
                // Between the desk and the warehouse, the core hands over in these states.
                40.. => Stage::Released,
                35 => Stage::Audited,
                _ => Stage::Open,
            }
        }
    })
}

/// Brings the state of an order in line with what the core knows of it. True when it changed.
pub(super) fn follow_core(
    tx: &mut Tx,
    settings: &ChannelSettings,
    order: &mut SupplyOrder,
    raw: &RawOrder,
) -> Result<bool> {
    let change = match (stage(tx, raw)?, order.state) {
        (Stage::Open, S::Audited | S::Released) => OrderChange::TakeBack,
        (Stage::Audited, S::PendingAudit) => OrderChange::Audit,
        (Stage::Audited, S::Released) => OrderChange::TakeBack,
        (Stage::Released, S::PendingAudit | S::Audited) => OrderChange::Release,
        (Stage::Gone, S::PendingAudit | S::Audited | S::Released | S::Short) => OrderChange::Ship,
        (Stage::Over, S::PendingAudit | S::Audited | S::Released | S::Short) => OrderChange::Cancel,
        _ => return Ok(false),
    };
    let now = tx.now();
    order.turn(settings, now, change)?;
    save(tx, order)?;
    Ok(true)
}

/// Stores a changed order. A deadline that is kept, if late, alarms no longer.
pub(super) fn save(tx: &mut Tx, order: &mut SupplyOrder) -> Result<()> {
    if order.facts.warned {
        if !order.is_unaudited() {
            alarm::clear(tx, order.channel, kind::AUDIT_DUE, &order.code)?;
        }
        if matches!(order.state, S::Confirmed | S::Cancelled) {
            alarm::clear(tx, order.channel, kind::SHIP_DUE, &order.code)?;
            order.facts.warned = false;
        }
    }
    order.modified = tx.now();
    table::update_order(tx, order)
}
