//! What a return is on the supplier's side: its states, their table, and what is stored of it (fact sheet ascp-direct, 3.3).

use erp::{Machine, Step};
use serde::{Deserialize, Serialize};
use store::Reader;
use units::Moment;

use super::channel::Channel;
use super::error::{Refusal, Result};
use super::table;
use crate::states::{events, states};

states! {
    /// State of a return on the supplier's side (fact sheet ascp-direct, 3.3).
    ReverseState {
        /// Stored; its order is not known or has not left yet, or it cannot be mapped.
        Raw = 10 "原始退款单",
        /// A refund order waits for the goods.
        Submitted = 20 "退换管理",
        /// Some goods are there; nothing is reported.
        Receiving = 30 "部分入库",
        /// All goods are there; the report is on its way.
        FullyStocked = 40 "全部入库",
        /// The platform has the report.
        Reported = 50 "已回传",
        /// The platform refused the report.
        ReportFailed = 55 "回传失败",
        /// Somebody saw that the consumer has the money.
        Refunded = 60 "已确认退款",
    }
}

events! {
    /// What happens to a return.
    ReverseChange {
        /// A refund order was made.
        Submit "递交",
        /// Some goods came.
        ReceivePart "部分入库",
        /// The rest came, or is known not to come.
        ReceiveAll "全部入库",
        /// The platform took the report.
        Report "回传成功",
        /// The platform refused the report.
        Refuse "回传失败",
        /// The report is sent again.
        Resend "重新回传",
        /// Somebody saw in the supplier back office that the consumer has the money; the platform tells nobody.
        NoteRefund "确认退款",
    }
}

use ReverseState as R;

/// The table of returns. There is no partial report, because the platform takes one report for the whole.
pub const RETURN_ORDER: Machine<ReverseState, ReverseChange> = Machine {
    document: "天猫国际直营销退单",
    steps: &[
        Step { from: &[R::Raw], on: ReverseChange::Submit, to: R::Submitted, effect: "生成退换单,等待货物" },
        Step {
            from: &[R::Submitted, R::Receiving],
            on: ReverseChange::ReceivePart,
            to: R::Receiving,
            effect: "入库,不回传",
        },
        Step {
            from: &[R::Submitted, R::Receiving],
            on: ReverseChange::ReceiveAll,
            to: R::FullyStocked,
            effect: "入库,整单回传一次",
        },
        Step {
            from: &[R::FullyStocked, R::ReportFailed],
            on: ReverseChange::Report,
            to: R::Reported,
            effect: "开始跟踪退款",
        },
        Step { from: &[R::FullyStocked], on: ReverseChange::Refuse, to: R::ReportFailed, effect: "等待人工" },
        Step { from: &[R::ReportFailed], on: ReverseChange::Resend, to: R::FullyStocked, effect: "" },
        // Where the report was refused, the platform's people may refund by hand.
        Step {
            from: &[R::Reported, R::ReportFailed],
            on: ReverseChange::NoteRefund,
            to: R::Refunded,
            effect: "结束跟踪",
        },
    ],
};

/// A return.
#[derive(Debug, Clone)]
pub struct ReturnOrder {
    /// Key.
    pub id: i64,
    /// Channel.
    pub channel: i64,
    /// Number of the platform.
    pub code: String,
    /// The order that the goods were shipped for.
    pub forward: String,
    /// State.
    pub state: ReverseState,
    /// The next deadline: of the report, then of the refund; 0 = none.
    pub due: Moment,
    /// The rest.
    pub facts: ReverseFacts,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What is stored of a return beside its keys.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReverseFacts {
    /// Who delivers.
    pub business_model: String,
    /// Warehouse.
    pub store_code: String,
    /// Carrier code of the parcel.
    pub carrier_code: String,
    /// Its waybill.
    pub waybill: String,
    /// The lines.
    pub lines: Vec<ReverseFactLine>,
    /// Number of the refund order of the core.
    pub refund_no: String,
    /// The parcel was reported to have arrived.
    pub arrived: Option<Moment>,
    /// All goods were there.
    pub stocked: Option<Moment>,
    /// The platform took the report.
    pub reported: Option<Moment>,
    /// Somebody noted that the consumer has the money.
    pub refunded: Option<Moment>,
    /// Stock-ins made so far.
    pub parts: i64,
    /// Why it is where it is.
    pub reason: String,
}

/// A line of a return.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReverseFactLine {
    /// Reverse line number.
    pub sub_order_code: String,
    /// Goods id.
    pub sc_item_id: String,
    /// Pieces expected.
    pub planned: i64,
    /// Pieces that came in good.
    pub good: i64,
    /// Pieces that came in defective.
    pub defective: i64,
    /// Pieces that will not come; a person said so.
    pub lacking: i64,
    /// Refund number.
    pub refund_id: String,
    /// Reason.
    pub reason: String,
}

impl ReverseFactLine {
    /// Pieces that may still come.
    pub(super) fn open(&self) -> i64 {
        self.planned - self.good - self.defective - self.lacking
    }
}

impl ReturnOrder {
    /// What its own entries in the event log are about.
    pub fn event_key(&self) -> String {
        format!("ASCP-{}", self.code)
    }

    /// The number under which the core knows it as a raw refund.
    pub(super) fn refund(&self) -> &str {
        &self.code
    }
}

/// Returns of the tenant in a state, or all, behind `after`.
pub fn returns(reader: &mut Reader, state: Option<ReverseState>, after: i64, limit: i64) -> Result<Vec<ReturnOrder>> {
    table::reverses(reader, state, after, limit)
}

/// The return with this number.
pub fn return_by_code(reader: &mut Reader, channel: &Channel, code: &str) -> Result<ReturnOrder> {
    table::reverse_by_code(reader, channel.id, code)?.ok_or_else(|| Refusal::Unknown("销退单", code.to_owned()).into())
}
