//! What a warehouse's system is to be told.

use serde::{Deserialize, Serialize};
use units::Moment;

/// A numbered word that is stored.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $word:ident = $code:literal $text:literal $chinese:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* $word),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$word),*];
            /// The number in the table.
            pub const fn code(self) -> i64 {
                match self { $(Self::$word => $code),* }
            }
            /// The word in the admin API.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$word => $text),* }
            }
            /// The word for people.
            pub const fn chinese(self) -> &'static str {
                match self { $(Self::$word => $chinese),* }
            }
            /// The reverse of [`Self::name`].
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}
pub(super) use words;

words! {
    /// How far a task has come.
    TaskState {
        /// It waits for its time.
        Waiting = 0 "waiting" "待推送",
        /// It is being told.
        Sending = 1 "sending" "推送中",
        /// It was told, and answered.
        Done = 2 "done" "已完成",
        /// It waits for a person.
        Dead = 3 "dead" "推送失败",
        /// It is not needed any more.
        Dropped = 4 "dropped" "已作废",
    }
}

words! {
    /// What a task is about.
    Kind {
        /// A sales stock-out.
        Sale = 1 "sale" "销售出库",
        /// A purchase order.
        Purchase = 2 "purchase" "采购入库",
        /// A purchase return.
        PurchaseReturn = 3 "purchase_return" "采购退货出库",
        /// A transfer, at its source.
        TransferOut = 4 "transfer_out" "调拨出库",
        /// A transfer, at its destination.
        TransferIn = 5 "transfer_in" "调拨入库",
        /// An outsourced order.
        Outsourced = 6 "outsourced" "委外出入库",
        /// A refund order.
        Refund = 7 "refund" "退货入库",
        /// A spec.
        Item = 8 "item" "货品",
        /// A confirmation of ours to somebody whose warehouse we are.
        Confirm = 9 "confirm" "回传",
    }
}

/// Something that the other side is to be told.
#[derive(Clone, Serialize, Deserialize)]
pub struct Task {
    /// Key.
    pub id: i64,
    /// The agreement.
    pub binding: i64,
    /// Short name of the method.
    pub method: String,
    /// What it is about.
    pub kind: Kind,
    /// Number of the document.
    pub doc_no: String,
    /// The event that caused it; 0 = a person did.
    pub event: i64,
    /// How far it has come.
    pub state: TaskState,
    /// When it is to be carried out next; while it is being told, when somebody else may try.
    pub due: Moment,
    /// Attempts since it was last set going.
    pub attempts: i64,
    /// Attempts of which nobody knows what became: the other side may have the message.
    pub unclear: i64,
    /// Why the last attempt failed.
    pub problem: String,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
    /// The last message and its reply; kept sealed.
    #[serde(skip)]
    pub exchange: Exchange,
}

/// A message and its reply.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What was sent.
    pub sent: String,
    /// What came back, or why nothing did.
    pub received: String,
}
