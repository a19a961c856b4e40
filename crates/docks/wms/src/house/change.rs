//! What moves in their warehouse without an order of theirs: `stockchange.report`, after a count `inventory.report`.
//!
//! Told only of a warehouse that one agreement has: of a shared one nobody knows whose goods moved.

use erp::Refusal;
use erp::stock::{self, StockIn, StockInKind, StockOutKind, WarehouseOut};
use store::{Reader, Tx};
use units::{Moment, Quantity};

use super::confirm::inventory_type;
use crate::Result;
use crate::binding::Binding;
use crate::hub::{Kind, note};
use crate::message::{self, ChangeReport, ChangedItem, CountedItem, InventoryReport, Message, Some1};

/// Rows of one message.
const ROWS: usize = 500;

/// A stock-in or stock-out.
enum Moved {
    In(StockIn),
    Out(WarehouseOut),
}

impl Moved {
    fn warehouse(&self) -> i64 {
        match self {
            Self::In(come) => come.warehouse,
            Self::Out(out) => out.warehouse,
        }
    }

    /// The count that it came from, or its own number.
    fn cause(&self) -> &str {
        let (source, own) = match self {
            Self::In(come) => (&come.source_no, &come.no),
            Self::Out(out) => (&out.source_no, &out.no),
        };
        if source.is_empty() { own } else { source }
    }

    fn when(&self) -> Option<Moment> {
        match self {
            Self::In(come) => come.checked,
            Self::Out(out) => out.consigned,
        }
    }

    /// Item, defect, pieces: more than zero = more there.
    fn rows(&self) -> Vec<(&str, i64, Quantity)> {
        match self {
            Self::In(come) => come.lines.iter().map(|line| (&*line.spec_no, line.defect, line.num)).collect(),
            Self::Out(out) => out.lines.iter().map(|line| (&*line.spec_no, line.defect, -line.num)).collect(),
        }
    }
}

/// Notes what a stock-in or stock-out changed, for the one agreement that has its warehouse.
pub(super) fn look_in(tx: &mut Tx, ours: &[&Binding], event: i64, come: &StockIn) -> Result<()> {
    let method = if come.kind == StockInKind::Gain { InventoryReport::METHOD } else { ChangeReport::METHOD };
    look(tx, ours, event, method, (come.warehouse, &come.no, come.lines.len()))
}

/// The same of goods that left.
pub(super) fn look_out(tx: &mut Tx, ours: &[&Binding], event: i64, out: &WarehouseOut) -> Result<()> {
    let method = if out.kind == StockOutKind::Loss { InventoryReport::METHOD } else { ChangeReport::METHOD };
    look(tx, ours, event, method, (out.warehouse, &out.no, out.lines.len()))
}

fn look(
    tx: &mut Tx,
    ours: &[&Binding],
    event: i64,
    method: &str,
    (warehouse, no, lines): (i64, &str, usize),
) -> Result<()> {
    let mut having = ours.iter().filter(|binding| binding.place_of(warehouse).is_some());
    let (Some(binding), None) = (having.next(), having.next()) else { return Ok(()) };
    for page in 1..=lines.div_ceil(ROWS) {
        note(tx, binding, event, (method, Kind::Confirm, &format!("{no}#{page}")))?;
    }
    Ok(())
}

/// The document and the page of it that a message is about.
fn read(reader: &mut Reader, about: &str) -> Result<(Moved, usize)> {
    let (no, page) = about.split_once('#').unwrap_or((about, "1"));
    let moved = match stock::stock_in_by_no(reader, no) {
        Err(erp::Error::Refused(Refusal::NotFound { .. })) => Moved::Out(stock::warehouse_out_by_no(reader, no)?),
        come => Moved::In(come?),
    };
    Ok((moved, page.parse().unwrap_or(1)))
}

pub(super) fn changed(tx: &mut Tx, binding: &Binding, about: &str) -> Result<Option<String>> {
    let (moved, page) = read(tx, about)?;
    let Some(place) = binding.place_of(moved.warehouse()) else { return Ok(None) };
    let rows = moved.rows().into_iter().enumerate().skip((page.max(1) - 1) * ROWS).take(ROWS);
    let items = rows.map(|(at, (item, defect, quantity))| ChangedItem {
        owner_code: binding.owner_code.clone(),
        warehouse_code: place.code.clone(),
        order_code: moved.cause().to_owned(),
        out_biz_code: format!("{about}-{at}"),
        item_code: item.to_owned(),
        inventory_type: Some(inventory_type(defect).to_owned()),
        quantity,
        change_time: moved.when(),
        ..ChangedItem::default()
    });
    let message = ChangeReport { items: Some1(items.collect()), more: Vec::new() };
    Ok((!message.items.is_empty()).then(|| message::write(&message)))
}

pub(super) fn counted(tx: &mut Tx, binding: &Binding, about: &str) -> Result<Option<String>> {
    let (moved, page) = read(tx, about)?;
    let Some(place) = binding.place_of(moved.warehouse()) else { return Ok(None) };
    let (all, whole) = (moved.rows(), |count: usize| i64::try_from(count).unwrap_or(i64::MAX));
    let pages = all.len().div_ceil(ROWS);
    let rows = all.into_iter().skip((page.max(1) - 1) * ROWS).take(ROWS);
    let items = rows.map(|(item, defect, quantity)| CountedItem {
        item_code: item.to_owned(),
        inventory_type: Some(inventory_type(defect).to_owned()),
        quantity,
        ..CountedItem::default()
    });
    let message = InventoryReport {
        total_page: whole(pages),
        current_page: whole(page),
        page_size: whole(ROWS),
        warehouse_code: place.code.clone(),
        check_order_code: moved.cause().to_owned(),
        owner_code: binding.owner_code.clone(),
        check_time: moved.when(),
        // Gain and loss of one count are two documents.
        out_biz_code: about.split('#').next().unwrap_or(about).to_owned(),
        adjust_type: "CHECK".to_owned(),
        items: Some1(items.collect()),
        ..InventoryReport::default()
    };
    Ok((!message.items.is_empty()).then(|| message::write(&message)))
}
