//! Returned quantities of a day, by shop, warehouse and spec (销售退货汇总; fact sheet wdt-2, 3.5).
//!
//! The sums grow as return stock-ins are audited, so reading a day costs no more when the books are long.

use store::Reader;
use units::{Day, Moment, Money, Quantity};

use super::table;
use crate::Result;
use crate::catalog::{Page, Rows};

/// A sum.
#[derive(Debug, Clone)]
pub struct Returned {
    /// The day, counted from 1970-01-01 at GMT+8.
    pub day: i64,
    /// Shop key.
    pub shop: i64,
    /// Warehouse key.
    pub warehouse: i64,
    /// Spec key.
    pub spec: i64,
    /// Pieces, good and defective together.
    pub num: Quantity,
    /// What buyers had paid for them.
    pub amount: Money,
    /// What they cost.
    pub cost: Money,
    /// First added to.
    pub created: Moment,
    /// Last added to.
    pub modified: Moment,
}

/// Which sums.
#[derive(Debug, Clone, Default)]
pub struct ReturnedFilter {
    /// The day, counted as in [`Returned::day`].
    pub day: i64,
    /// Shop keys; empty = all.
    pub shops: Vec<i64>,
    /// Warehouse keys; empty = all.
    pub warehouses: Vec<i64>,
}

/// The number under which the sums of this day are kept.
pub fn day_number(day: Day) -> i64 {
    number_at(day.start())
}

/// The number of the day in which `at` lies.
pub(super) fn number_at(at: Moment) -> i64 {
    (at.unix() + 8 * 60 * 60).div_euclid(24 * 60 * 60)
}

/// A page of sums, by shop, warehouse and spec.
pub fn returned(reader: &mut Reader, filter: &ReturnedFilter, page: Page) -> Result<Rows<Returned>> {
    table::returned(reader, filter, page)
}
