//! What a warehouse's system told us.

use serde::{Deserialize, Serialize};
use units::Moment;

use super::task::words;

words! {
    /// How far a message that was heard has come.
    HeardState {
        /// It waits for something that has not happened here yet.
        Waiting = 0 "waiting" "待处理",
        /// The business knows.
        Applied = 1 "applied" "已处理",
        /// It waits for a person.
        Parked = 2 "parked" "待人工处理",
        /// A person dealt with it.
        Dismissed = 3 "dismissed" "已忽略",
    }
}

/// A message that was heard.
#[derive(Clone, Serialize, Deserialize)]
pub struct Heard {
    /// Key.
    pub id: i64,
    /// The agreement.
    pub binding: i64,
    /// Short name of the method.
    pub method: String,
    /// By what a repetition is known: `outBizCode`, or the document, or the content (fact sheet qimen, C6).
    pub key: String,
    /// Number of the document.
    pub doc_no: String,
    /// How far it has come.
    pub state: HeardState,
    /// When it is to be tried again.
    pub due: Moment,
    /// Attempts so far.
    pub attempts: i64,
    /// Times that it came again.
    pub repeats: i64,
    /// Why it waits.
    pub problem: String,
    /// The number under which we have what it ordered: the answer to a repetition.
    #[serde(default)]
    pub number: String,
    /// First heard.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
    /// The body; kept sealed.
    #[serde(skip)]
    pub body: String,
}

impl Heard {
    /// What its sender is told: it is kept in any case, so that nobody sends it for ever.
    pub(super) fn answer(&self) -> String {
        let again = if self.repeats > 0 { "重复消息," } else { "" };
        match self.state {
            HeardState::Applied if self.repeats == 0 => "ok".to_owned(),
            HeardState::Applied => "重复消息,首次已处理".to_owned(),
            HeardState::Waiting => format!("{again}已接收,待处理:{}", self.problem),
            HeardState::Parked => format!("{again}已接收,转人工处理:{}", self.problem),
            HeardState::Dismissed => format!("{again}已由人工处理"),
        }
    }
}
