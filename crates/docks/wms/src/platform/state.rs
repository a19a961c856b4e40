//! What a simulated warehouse's system keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use units::{Moment, Quantity};

/// Everything.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// Orders by their number.
    pub orders: BTreeMap<String, Held>,
    /// Pieces by `itemCode`, then by `inventoryType`.
    pub stock: BTreeMap<String, BTreeMap<String, Quantity>>,
    /// Goods that it was told of: name by `itemCode`.
    pub items: BTreeMap<String, String>,
    /// What the ERP is to be told, oldest first.
    pub outbox: Vec<Parcel>,
    /// How it is in the mood to behave.
    pub mood: Mood,
    /// Numbers given so far.
    pub counter: u64,
    /// Calls that it understood, by method.
    pub calls: BTreeMap<String, u64>,
}

impl State {
    /// The next number with this prefix.
    pub fn next(&mut self, prefix: &str) -> String {
        self.counter += 1;
        format!("{prefix}{:08}", self.counter)
    }

    /// Changes a stock.
    pub fn add(&mut self, item: &str, kind: &str, num: Quantity) {
        *self.stock.entry(item.to_owned()).or_default().entry(kind.to_owned()).or_default() += num;
    }

    /// A stock.
    pub fn have(&self, item: &str, kind: &str) -> Quantity {
        self.stock.get(item).and_then(|kinds| kinds.get(kind)).copied().unwrap_or_default()
    }
}

/// What an order asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldKind {
    /// To be delivered to a buyer.
    Delivery,
    /// To be received.
    Entry,
    /// To be received back from a buyer.
    Return,
    /// To leave for somewhere else.
    StockOut,
}

/// How far an order has come there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldState {
    /// Accepted.
    Accepted,
    /// Somebody is picking it: it cannot be cancelled any more.
    Picking,
    /// Some of it moved.
    Partly,
    /// All that will move has moved.
    Done,
    /// Cancelled.
    Cancelled,
}

/// An order there.
#[derive(Clone, Serialize, Deserialize)]
pub struct Held {
    /// The ERP's number.
    pub code: String,
    /// Its own.
    pub id: String,
    /// What it asks for.
    pub kind: HeldKind,
    /// `orderType`.
    pub order_type: String,
    /// `warehouseCode`.
    pub warehouse_code: String,
    /// `ownerCode`.
    pub owner_code: String,
    /// `logisticsCode`.
    pub logistics_code: String,
    /// How far it has come.
    pub state: HeldState,
    /// What was asked for and what moved.
    pub lines: Vec<HeldLine>,
    /// When it came.
    pub received: Moment,
    /// Times that it came.
    pub times: u64,
    /// The ERP wants it to wait.
    #[serde(default)]
    pub waits: bool,
}

/// A line of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct HeldLine {
    /// `orderLineNo`.
    pub line_no: String,
    /// `itemCode`.
    pub item_code: String,
    /// `inventoryType`.
    pub inventory_type: String,
    /// Asked for.
    pub plan: Quantity,
    /// Moved.
    pub moved: Quantity,
}

/// Something that the ERP is to be told.
#[derive(Clone, Serialize, Deserialize)]
pub struct Parcel {
    /// Short name of the method.
    pub method: String,
    /// The body.
    pub body: String,
    /// When it may be told (again).
    pub due: Moment,
    /// Attempts.
    pub attempts: u32,
    /// What the ERP answered last.
    pub said: String,
    /// The ERP has it.
    pub done: bool,
    /// Tell it once more when it was told.
    pub twice: bool,
}

/// How it behaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mood {
    /// How it answers the next calls.
    pub manner: Manner,
    /// How many calls are answered in that manner; 0 = all.
    pub times: u32,
    /// Answers come this much later, milliseconds.
    pub late: u64,
    /// Why it will not have new orders; empty = it will.
    pub refuse_orders: String,
    /// Why it gives nothing back; empty = it does, before somebody picks.
    pub refuse_cancel: String,
    /// Nothing is shipped by itself.
    pub idle: bool,
}

/// Ways to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// As it should.
    #[default]
    Well,
    /// Does what it is told, and answers with status 500.
    DoneButError,
    /// Does nothing and answers with status 500.
    Error,
    /// Does what it is told, and answers with something that is no reply.
    Garbage,
    /// Does nothing and answers nothing for a minute.
    Silent,
}
