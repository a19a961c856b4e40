//! Pages, optional filters and words, the same for every resource.

use erp::catalog::{Page, Window};
use units::Moment;

use crate::fault::Fault;
use crate::limits;

/// The page that was asked for.
pub(super) fn page(no: Option<i64>, size: Option<i64>) -> Result<Page, Fault> {
    let no = no.unwrap_or(0);
    let size = size.unwrap_or(limits::PAGE);
    if !(0..=1_000_000).contains(&no) {
        return Err(Fault::invalid("page_no", "page_no counts from 0"));
    }
    if !(1..=limits::PAGE_MAX).contains(&size) {
        return Err(Fault::invalid("page_size", format!("page_size is 1 to {}", limits::PAGE_MAX)));
    }
    Ok(Page { no, size })
}

/// The window that was asked for: both ends or none.
pub(super) fn window(start: Option<Moment>, end: Option<Moment>) -> Result<Option<Window>, Fault> {
    match (start, end) {
        (None, None) => Ok(None),
        (Some(start), Some(end)) if start <= end => Ok(Some(Window { start, end })),
        (Some(_), Some(_)) => Err(Fault::invalid("start_time", "start_time is after end_time")),
        (None, _) => Err(Fault::invalid("start_time", "start_time and end_time are given together")),
        (_, None) => Err(Fault::invalid("end_time", "start_time and end_time are given together")),
    }
}

/// Overwrites what was given.
pub(super) fn set<T>(slot: &mut T, given: Option<impl Into<T>>) {
    if let Some(given) = given {
        *slot = given.into();
    }
}

/// A value that is written as one word: its word.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
