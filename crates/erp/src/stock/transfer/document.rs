//! What a transfer is.

use serde::{Deserialize, Serialize};
use units::{Moment, Money, Quantity};

use super::status::TransferStatus;
use crate::codes::codes;
use crate::document::is_default;

codes! {
    /// What a transfer names.
    pub enum TransferMode {
        /// 0
        BySpec = 0 "单品调拨",
        /// 1
        ByPosition = 1 "货位调拨",
        /// 2
        ByDetail = 2 "明细调拨",
    }
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// Key.
    pub id: i64,
    /// Number (TF…).
    pub no: String,
    /// The caller's number, unique over the transfers of the merchant.
    pub outer_no: String,
    /// Moved at once (快速调拨), not step by step.
    pub quick: bool,
    /// What its lines name.
    pub mode: TransferMode,
    /// Key of the source warehouse.
    pub from: i64,
    /// Key of the destination warehouse.
    pub to: i64,
    /// State.
    pub status: TransferStatus,
    /// Contact at the destination.
    pub contact: String,
    /// Telephone of the contact.
    pub telno: String,
    /// Address of the destination.
    pub address: String,
    /// Waybill of the last goods that left.
    #[serde(default, skip_serializing_if = "is_default")]
    pub logistics_no: String,
    /// Freight of what left.
    #[serde(default, skip_serializing_if = "is_default")]
    pub post_fee: Money,
    /// Number of the order at the outsourced source.
    #[serde(default, skip_serializing_if = "is_default")]
    pub from_wms_order_no: String,
    /// Number of the order at the outsourced destination.
    #[serde(default, skip_serializing_if = "is_default")]
    pub to_wms_order_no: String,
    /// Why the last push failed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub push_error: String,
    /// Last stock-out and last stock-in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub out_no: String,
    /// Last stock-in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub in_no: String,
    /// Remark.
    pub remark: String,
    /// The lines.
    pub lines: Vec<TransferLine>,
    /// Audited when.
    pub checked: Option<Moment>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A line of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferLine {
    /// Key.
    pub id: i64,
    /// Spec key.
    pub spec: i64,
    /// Merchant code.
    pub spec_no: String,
    /// Pieces to move.
    pub num: Quantity,
    /// Pieces that left.
    pub out_num: Quantity,
    /// Pieces that came in.
    pub in_num: Quantity,
    /// Cost of the pieces that left.
    pub out_cost: Money,
    /// On hand at the source when the transfer was made.
    pub stock_num: Quantity,
    /// Bin at the source.
    #[serde(skip_serializing_if = "is_default")]
    pub from_position: String,
    /// Bin at the destination.
    #[serde(skip_serializing_if = "is_default")]
    pub to_position: String,
    /// Batch of what left last.
    #[serde(skip_serializing_if = "is_default")]
    pub batch_no: String,
    /// Its expiry.
    #[serde(skip_serializing_if = "is_default")]
    pub expire_date: Option<Moment>,
    /// Remark.
    #[serde(skip_serializing_if = "is_default")]
    pub remark: String,
}

impl TransferLine {
    /// Pieces that are still to leave.
    pub fn open_out(&self) -> Quantity {
        self.num - self.out_num
    }

    /// Pieces on their way.
    pub fn open_in(&self) -> Quantity {
        self.out_num - self.in_num
    }

    /// What a piece that left cost.
    pub fn cost(&self) -> Money {
        if self.out_num.is_positive() { self.out_cost.over(self.out_num) } else { Money::ZERO }
    }
}

impl Transfer {
    /// Nothing is open to go out.
    pub fn all_out(&self) -> bool {
        self.lines.iter().all(|line| !line.open_out().is_positive())
    }

    /// Nothing is on its way.
    pub fn all_in(&self) -> bool {
        self.lines.iter().all(|line| !line.open_in().is_positive())
    }
}
