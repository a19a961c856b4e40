//! Suppliers of 天猫国际直营: channels, fulfilment orders and returns, the queues that wait for a person.

mod channel;
mod document;
mod queue;

use dock_ascp::hub::{self, Channel};
use store::Reader;

use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb};

pub(super) fn operations() -> Vec<Operation> {
    [channel::operations(), document::operations(), queue::operations()].into_iter().flatten().collect()
}

const fn head(
    id: &'static str,
    verb: Verb,
    path: &'static str,
    summary: (&'static str, &'static str),
    shape: crate::answer::Shape,
) -> Head {
    Head { id, verb, path, summary, shape }
}

/// The channel that is meant: the only one, unless a supplier is named.
fn channel(reader: &mut Reader, supplier_id: Option<&str>) -> Result<Channel, Fault> {
    if let Some(id) = supplier_id {
        return Ok(hub::channel_by_supplier(reader, id)?);
    }
    let all = hub::channels(reader)?;
    if all.is_empty() {
        return Err(Fault::not_found("no channel yet; open one with POST /ascp/channels"));
    }
    only(all)
}

/// The channel of a document: the one that is named, or the only one that knows the number.
fn channel_of(reader: &mut Reader, supplier_id: Option<&str>, code: &str) -> Result<Channel, Fault> {
    if supplier_id.is_none() {
        let known = hub::channels_of_document(reader, code)?;
        if !known.is_empty() {
            return only(known);
        }
    }
    channel(reader, supplier_id)
}

fn only(mut channels: Vec<Channel>) -> Result<Channel, Fault> {
    match (channels.pop(), channels.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err(Fault::invalid("supplier_id", "there are several channels; say which")),
    }
}

/// Rows behind the last one that was seen, and how many.
fn after(after: Option<i64>, size: Option<i64>, tenant: store::Tenant) -> Result<(i64, i64), Fault> {
    let size = size.unwrap_or(crate::limits::PAGE);
    if !(1..=crate::limits::PAGE_MAX).contains(&size) {
        return Err(Fault::invalid("page_size", format!("page_size is 1 to {}", crate::limits::PAGE_MAX)));
    }
    Ok((after.filter(|after| *after > 0).map_or(0, |after| tenant.id(after)), size))
}
