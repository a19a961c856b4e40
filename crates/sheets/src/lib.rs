//! Rows of a workbook ⇄ declared columns.
//!
//! Lives here: the declaration of a sheet kind (header, field, kind, limits, example: written once, used for the template, for
//! reading, for writing and for the documentation), streamed reading and writing of `.xlsx` and `.csv`, the checks that a file
//! from outside must pass first, the copy of a caller's sheet with its errors marked. Never here: what a row means, storage,
//! HTTP, the clock. A million rows pass through in bounded memory: nothing keeps more than a row.

mod cell;
mod check;
mod column;
mod declare;
mod document;
mod error;
mod layout;
pub mod limits;
mod raw;
mod read;
mod write;

pub use cell::{Cell, Value};
pub use column::{Column, Kind, Sheet, Way, code, decimal, flag, text, time, whole};
#[doc(hidden)]
pub use declare::fits;
pub use declare::{Cells, Out, Record};
pub use document::{describe_column, markdown};
pub use error::SheetError;
pub use layout::Layout;
pub use raw::{Raw, Row};
pub use read::{Opened, open};
pub use write::{Format, Marked, Mask, Writer, template};
