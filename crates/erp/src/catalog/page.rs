//! Pages and windows of the queries: plain values, the same for every list.

use units::Moment;

/// Which rows of a result: `size` rows from page `no`, counted from 0.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Page number, from 0.
    pub no: i64,
    /// Rows on a page, 1 to 100.
    pub size: i64,
}

impl Page {
    /// Everything at once, for lists that are short by nature.
    pub const ALL: Self = Self { no: 0, size: 10_000 };

    /// Rows to pass over.
    pub fn offset(self) -> i64 {
        self.no.saturating_mul(self.size)
    }
}

/// A closed interval of time.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// First second.
    pub start: Moment,
    /// Last second.
    pub end: Moment,
}

/// A page of rows and, on page 0, how many rows there are in all (fact sheet wdt-1, 1.8).
#[derive(Debug, Clone)]
pub struct Rows<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// All rows that match; counted on page 0 only.
    pub total: Option<i64>,
}

impl<T> Rows<T> {
    /// The same page with each row changed into something else.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Rows<U> {
        Rows { rows: self.rows.into_iter().map(change).collect(), total: self.total }
    }
}
