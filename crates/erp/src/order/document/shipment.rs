//! What leaves the warehouse, and what the mall is told of it.

use serde::{Deserialize, Serialize};
use units::{Moment, Money, Quantity};

use super::Carriage;
use crate::document::is_default;
use crate::order::status::{DeliveryTerm, StockOutStatus, SyncStatus, WmsStatus};

/// A sales stock-out (销售出库单). Names and amounts are those of its order.
#[derive(Clone, Serialize, Deserialize)]
pub struct StockOut {
    /// Key.
    pub id: i64,
    /// Number (CK…).
    pub no: String,
    /// Key of the order.
    pub order: i64,
    /// Shop key.
    pub shop: i64,
    /// Warehouse key.
    pub warehouse: i64,
    /// State.
    pub status: StockOutStatus,
    /// Why it must not leave, bits.
    pub block_reason: i64,
    /// What a warehouse that somebody else runs says of it.
    #[serde(skip_serializing_if = "is_default", default)]
    pub outside: Outside,
    /// When it left.
    pub consigned: Option<Moment>,
    /// The lines.
    pub lines: Vec<StockOutLine>,
    /// First stored: the audit.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// How a stock-out stands at an outsourced warehouse (委外仓库).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outside {
    /// `wms_status`; 0 for a warehouse of our own, too.
    pub status: WmsStatus,
    /// Number that the warehouse gave it.
    #[serde(skip_serializing_if = "is_default")]
    pub no: String,
    /// What it last said: why it refused, how far it is.
    #[serde(skip_serializing_if = "is_default")]
    pub note: String,
    /// Times it was handed over.
    #[serde(skip_serializing_if = "is_default")]
    pub tries: i64,
    /// It holds the order until it is told to go on (`order.pending`).
    #[serde(skip_serializing_if = "is_default")]
    pub held: bool,
    /// The wave in which it is picked (波次号).
    #[serde(skip_serializing_if = "is_default")]
    pub wave: String,
    /// Serial numbers of its pieces (序列号).
    #[serde(skip_serializing_if = "is_default")]
    pub serials: Vec<Serial>,
}

/// A piece that has a serial number.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Serial {
    /// Merchant code.
    pub spec_no: String,
    /// Serial number.
    pub sn: String,
}

/// A line of a stock-out.
#[derive(Clone, Serialize, Deserialize)]
pub struct StockOutLine {
    /// Key.
    pub id: i64,
    /// Key of the order line.
    pub order_line: i64,
    /// Pieces.
    pub num: Quantity,
    /// Cost of a piece when it left.
    pub cost_price: Money,
}

/// A row of the logistics-sync queue (物流同步).
#[derive(Clone, Serialize, Deserialize)]
pub struct LogisticsSync {
    /// Key; `rec_id` on the wire.
    pub id: i64,
    /// Shop key.
    pub shop: i64,
    /// The raw order.
    pub tid: String,
    /// Lines that this waybill covers.
    pub oids: Vec<String>,
    /// Carrier and waybill.
    pub carriage: Carriage,
    /// How the buyer pays.
    pub delivery_term: DeliveryTerm,
    /// When it left.
    pub consigned: Moment,
    /// Only some lines of the raw order.
    pub is_part: bool,
    /// The last parcel of the raw order.
    pub is_last: bool,
    /// Key of the order.
    pub order: i64,
    /// Key of the stock-out.
    pub stock_out: i64,
    /// State.
    pub status: SyncStatus,
    /// When the mall acknowledged it.
    pub synced: Option<Moment>,
    /// What the mall said when it failed.
    pub error: String,
    /// Times offered.
    pub tries: i64,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}
