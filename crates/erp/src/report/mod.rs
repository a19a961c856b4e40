//! What people ask afterwards: the timeline of an order, what left on a day, the bills of a platform.
//!
//! Never here: anything that changes an order or a quantity.

mod bill;
mod books;
mod sales;
mod table;
mod timeline;

pub use bill::{
    BILL, Bill, BillEvent, BillFilter, BillStatus, Imported, NewBill, bill_by_id, bills, change_bill, import_bills,
};
pub use books::{Books, Finding, books};
pub use sales::{SalesFilter, SalesRow, sales_of_day};
pub use timeline::{Entry, Timeline, timeline, timeline_of};

pub(crate) use sales::count_sales;
