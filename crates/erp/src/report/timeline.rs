//! One order, in the order in which it happened: signed messages, changes of state, stock movements.

use std::collections::BTreeSet;

use store::{Event, Reader};

use crate::order::{self, Order, OrderFilter};
use crate::stock::{self, LedgerRow};
use crate::{Refusal, Result};

/// Everything that is known about an order.
pub struct Timeline {
    /// The order.
    pub order: Order,
    /// What happened, oldest first.
    pub entries: Vec<Entry>,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A signed message came in (the number of its receipt); what it caused follows.
    Message(i64),
    /// A document changed its state.
    Event(Event),
    /// A quantity moved.
    Movement(LedgerRow),
}

/// The timeline of the order with this number, or of the order made from the raw order with it.
pub fn timeline(reader: &mut Reader, no: &str) -> Result<Timeline> {
    let order = match order::order_by_no(reader, no) {
        Err(crate::Error::Refused(Refusal::NotFound { .. })) => {
            let filter = OrderFilter { src_tid: Some(no), ..OrderFilter::default() };
            let found = order::orders(reader, &filter, crate::catalog::Page { no: 0, size: 1 })?;
            match found.rows.into_iter().next() {
                Some((order, _)) => order,
                None => return Err(Refusal::NotFound { what: "订单号", no: no.to_owned() }.into()),
            }
        }
        found => found?,
    };
    let mut keys = vec![order.no.clone()];
    for (_, tid) in &order.raw {
        keys.extend(order::raw_by_tid(reader, tid)?.map(|raw| raw.event_key()));
    }
    keys.extend(order::stock_outs_of(reader, order.id)?.into_iter().map(|stock_out| stock_out.no));
    let mut events = Vec::new();
    let mut movements = Vec::new();
    for key in &keys {
        events.extend(reader.events_of(key)?);
        movements.extend(stock::ledger_of(reader, key)?);
    }
    events.sort_by_key(|event| event.seq);
    movements.sort_by_key(|movement| movement.id);
    Ok(Timeline { order, entries: weave(events, movements) })
}

/// Puts each message in front of the first thing it caused, and each movement behind the last event of its cause and moment.
fn weave(events: Vec<Event>, movements: Vec<LedgerRow>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut seen = BTreeSet::new();
    let mut movements = movements.into_iter().peekable();
    let mut tell = |entries: &mut Vec<Entry>, receipt: i64| {
        if receipt != 0 && seen.insert(receipt) {
            entries.push(Entry::Message(receipt));
        }
    };
    let mut events = events.into_iter().peekable();
    while let Some(event) = events.next() {
        let (at, receipt) = (event.at, event.receipt);
        while let Some(earlier) = movements.next_if(|movement| movement.at < at) {
            tell(&mut entries, earlier.receipt);
            entries.push(Entry::Movement(earlier));
        }
        tell(&mut entries, receipt);
        entries.push(Entry::Event(event));
        let last_of_cause = events.peek().is_none_or(|next| (next.at, next.receipt) != (at, receipt));
        while last_of_cause
            && let Some(caused) = movements.next_if(|movement| movement.at == at && movement.receipt == receipt)
        {
            entries.push(Entry::Movement(caused));
        }
    }
    for movement in movements {
        tell(&mut entries, movement.receipt);
        entries.push(Entry::Movement(movement));
    }
    entries
}
