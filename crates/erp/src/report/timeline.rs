//! One order with its refunds and siblings, or one document, in the order in which it happened: signed messages, changes of state,
//! stock movements.

use std::collections::BTreeSet;

use store::{Event, Reader};

use crate::aftersale::{self, RawRefundFilter, RefundFilter};
use crate::catalog::Page;
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
            let found = order::orders(reader, &filter, Page { no: 0, size: 1 })?;
            match found.rows.into_iter().next() {
                Some((order, _)) => order,
                None => return Err(Refusal::NotFound { what: "订单号", no: no.to_owned() }.into()),
            }
        }
        found => found?,
    };
    let mut keys = vec![order.no.clone()];
    keys.extend(siblings(&reader.events_of(&order.no)?));
    let mut refunds = refunds_of(reader, &RefundFilter { order: Some(order.id), ..RefundFilter::default() })?;
    for (_, tid) in &order.raw {
        if let Some(raw) = order::raw_by_tid(reader, tid)? {
            keys.push(raw.event_key());
            for sibling in order::orders_of(reader, &raw)? {
                keys.extend(order::stock_outs_of(reader, sibling.id)?.into_iter().map(|stock_out| stock_out.no));
                keys.push(sibling.no);
            }
        }
        let of_tid = RawRefundFilter { tids: vec![tid], ..RawRefundFilter::default() };
        keys.extend(aftersale::raw_refunds(reader, &of_tid, FEW)?.rows.iter().map(aftersale::RawRefund::event_key));
        refunds.extend(refunds_of(reader, &RefundFilter { tid: Some(tid), ..RefundFilter::default() })?);
    }
    keys.extend(order::stock_outs_of(reader, order.id)?.into_iter().map(|stock_out| stock_out.no));
    for no in refunds {
        keys.extend(below(reader, &no)?);
        keys.push(no);
    }
    Ok(Timeline { order, entries: told_of(reader, keys)? })
}

/// The timeline of any document by its number: refund order, purchase order or return, transfer, stock-taking, stock-in,
/// stock-out. The stock-ins and stock-outs below it are told with it.
pub fn timeline_of(reader: &mut Reader, no: &str) -> Result<Vec<Entry>> {
    let mut keys = below(reader, no)?;
    let filter = RefundFilter { no: Some(no), history: true, ..RefundFilter::default() };
    for refund in aftersale::refunds(reader, &filter, FEW)?.rows {
        if !refund.src_no.is_empty()
            && let Some(raw) = aftersale::raw_refund_by_no(reader, refund.shop, &refund.src_no)?
        {
            keys.push(raw.event_key());
        }
    }
    keys.push(no.to_owned());
    let entries = told_of(reader, keys)?;
    if entries.is_empty() {
        return Err(Refusal::NotFound { what: "单据编号", no: no.to_owned() }.into());
    }
    Ok(entries)
}

/// Documents of one kind that are told with another.
const FEW: Page = Page { no: 0, size: 200 };

/// The orders that an order was split from or into, or merged with, as its events say.
fn siblings(events: &[Event]) -> Vec<String> {
    let named = events.iter().filter_map(|event| {
        let body: serde_json::Value = serde_json::from_str(&event.body).ok()?;
        let member = match &*event.topic {
            "order.split" => "new",
            "order.created" => "split_from",
            "order.merged" => "from",
            "order.merged_away" => "into",
            _ => return None,
        };
        body.get(member)?.as_str().map(str::to_owned)
    });
    named.collect()
}

fn refunds_of(reader: &mut Reader, filter: &RefundFilter<'_>) -> Result<Vec<String>> {
    let filter = RefundFilter { history: true, order: filter.order, tid: filter.tid, ..RefundFilter::default() };
    Ok(aftersale::refunds(reader, &filter, FEW)?.rows.into_iter().map(|refund| refund.no).collect())
}

/// Stock-ins and stock-outs that were made for a document.
fn below(reader: &mut Reader, no: &str) -> Result<Vec<String>> {
    let ins = stock::StockInFilter { source_no: Some(no), history: true, ..stock::StockInFilter::default() };
    let outs = stock::WarehouseOutFilter { source_no: Some(no), ..stock::WarehouseOutFilter::default() };
    let mut keys: Vec<String> = stock::stock_ins(reader, &ins, FEW)?.rows.into_iter().map(|order| order.no).collect();
    keys.extend(stock::warehouse_outs(reader, &outs, FEW)?.rows.into_iter().map(|order| order.no));
    Ok(keys)
}

/// What happened to the documents with these keys, oldest first.
fn told_of(reader: &mut Reader, mut keys: Vec<String>) -> Result<Vec<Entry>> {
    keys.sort_unstable();
    keys.dedup();
    let mut events = Vec::new();
    let mut movements = Vec::new();
    for key in &keys {
        events.extend(reader.events_of(key)?);
        movements.extend(stock::ledger_of(reader, key)?);
    }
    events.sort_by_key(|event| event.seq);
    movements.sort_by_key(|movement| movement.id);
    Ok(weave(events, movements))
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
