//! The export: one snapshot, read in pages, written row by row. Personal fields are masked unless they were asked for; that they
//! were is an event.

use std::path::Path;

use erp::catalog::{self, Page, Rows, Window};
use sheets::{Format, Record, SheetError, Writer};
use store::Reader;
use units::Moment;

use super::{Failed, Kind, Work, windows};
use crate::desk::WHO;

/// The filters that there are; each kind names those that it understands.
pub const FILTERS: &[&str] = &["start_time", "end_time", "shop_no", "warehouse_no", "status"];

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Changed at or after.
    pub start_time: Option<Moment>,
    /// Changed at or before.
    pub end_time: Option<Moment>,
    /// Only of this shop.
    pub shop_no: Option<String>,
    /// Only of this warehouse.
    pub warehouse_no: Option<String>,
    /// Only in these states.
    pub status: Vec<i64>,
    /// Show personal fields.
    pub personal: bool,
}

/// The same with keys instead of numbers.
pub(super) struct Filter {
    pub(super) shops: Vec<i64>,
    pub(super) warehouses: Vec<i64>,
    pub(super) statuses: Vec<i64>,
}

/// A sheet kind that goes out.
pub(super) trait Export: Record {
    /// What the business hands over.
    type Item;

    /// Filters that it understands.
    const FILTERS: &'static [&'static str];

    /// The window and the pages go by the time of the change. A short list that knows no time is read in pages alone.
    const BY_TIME: bool = true;

    /// A page of what changed within the window.
    fn page(reader: &mut Reader, filter: &Filter, window: Window, page: Page) -> Result<Rows<Self::Item>, Failed>;

    /// The rows of an item.
    fn rows(reader: &mut Reader, work: &Work, names: &mut Names, item: &Self::Item) -> Result<Vec<Self>, Failed>;
}

pub(super) use crate::resource::Names;

impl Asked {
    /// Refuses filters that the kind does not understand.
    ///
    /// # Errors
    /// The filter is named.
    pub fn check(&self, kind: &Kind) -> Result<(), &'static str> {
        let given = [
            self.start_time.is_some(),
            self.end_time.is_some(),
            self.shop_no.is_some(),
            self.warehouse_no.is_some(),
            !self.status.is_empty(),
        ];
        let strange = FILTERS.iter().zip(given).find(|(name, given)| *given && !kind.filters.contains(name));
        strange.map_or(Ok(()), |(name, _)| Err(*name))
    }

    fn window(&self, now: Moment) -> Result<Window, Failed> {
        let start = self.start_time.unwrap_or(Moment::from_unix(0));
        let end = self.end_time.unwrap_or(now.plus(60));
        if start > end {
            Err(Failed::Refused("start_time is after end_time".into()))
        } else {
            Ok(Window { start, end })
        }
    }
}

/// Exports into a file.
pub(super) fn export<E: Export>(
    work: &Work,
    asked: &Asked,
    file: &Path,
    format: Format,
    reader: &mut Reader,
) -> Result<(), Failed> {
    let one = |id: Option<i64>| id.into_iter().collect();
    let shop = asked.shop_no.as_deref().map(|no| catalog::shop_by_no(reader, no)).transpose()?;
    let warehouse = asked.warehouse_no.as_deref().map(|no| catalog::warehouse_by_no(reader, no)).transpose()?;
    let filter = Filter {
        shops: one(shop.map(|shop| shop.id)),
        warehouses: one(warehouse.map(|warehouse| warehouse.id)),
        statuses: asked.status.clone(),
    };
    let mut window = asked.window(work.store.clock().now())?;
    if !E::BY_TIME {
        // A window of one moment is not halved.
        window.end = window.start;
    }
    let mask: Option<fn(&str) -> String> = if asked.personal { None } else { Some(wire::rows::mask) };
    let mut writer = Writer::create(file, format, E::SHEET, mask)?;
    let mut names = Names::default();
    // Reading a page and reading what its rows need take turns on the one snapshot.
    let reader = std::cell::RefCell::new(reader);
    let progress = &work.progress;
    windows::walk(
        window,
        &mut |window, page| E::page(&mut reader.borrow_mut(), &filter, window, page),
        &mut |total| progress.expect(u64::try_from(total).unwrap_or(0)),
        &mut |found| {
            if progress.is_stopped() {
                return Err(SheetError::Stopped.into());
            }
            for item in &found {
                for row in E::rows(&mut reader.borrow_mut(), work, &mut names, item)? {
                    writer.put(&row)?;
                }
            }
            progress.add(found.len() as u64, 0, 0);
            Ok(())
        },
    )?;
    writer.finish()?;
    progress.complete();
    Ok(())
}

/// Who exported what, and whether personal fields were shown.
pub(super) fn leave_event(work: &Work, kind: &Kind, asked: &Asked) -> Result<(), Failed> {
    let body = serde_json::json!({
        "by": WHO, "operation": "sheet.export", "sheet": kind.sheet.name, "personal": asked.personal, "asked": asked,
    });
    let subject = work.subject.clone();
    work.store.write_blocking(work.tenant, move |tx| tx.event("admin", &subject, &body))?;
    Ok(())
}
