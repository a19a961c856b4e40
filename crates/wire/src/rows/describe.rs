//! What a table of columns says about itself, for OpenAPI and docs.

use super::column::{Cell, Class, Column};

/// A column as documentation sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Name on the wire.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// How careful one must be with it.
    pub class: Class,
    /// What it holds.
    pub kind: ColumnKind,
    /// Columns of nested rows.
    pub columns: Vec<Description>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A whole number.
    Int,
    /// 0 or 1.
    Flag,
    /// A text.
    Text,
    /// A decimal with four places.
    Decimal,
    /// `yyyy-MM-dd HH:mm:ss`.
    Time,
    /// `yyyy-MM-dd`.
    Day,
    /// Nested rows.
    List,
}

impl ColumnKind {
    /// True if the value is a JSON number in [`Scalars::Native`](super::Scalars::Native).
    pub const fn is_native_number(self) -> bool {
        matches!(self, Self::Int | Self::Flag)
    }
}

impl<T> Column<T> {
    /// What the column holds.
    pub const fn kind(&self) -> ColumnKind {
        match self.cell {
            Cell::Int(_) | Cell::ConstantInt(_) => ColumnKind::Int,
            Cell::Flag(_) => ColumnKind::Flag,
            Cell::Text(_) | Cell::Owned(_) | Cell::ConstantText(_) => ColumnKind::Text,
            Cell::Money(_) | Cell::Quantity(_) | Cell::ZeroDecimal => ColumnKind::Decimal,
            Cell::Time(_) | Cell::NoTime => ColumnKind::Time,
            Cell::Day(_) => ColumnKind::Day,
            Cell::List(..) => ColumnKind::List,
        }
    }

    /// The column as documentation sees it.
    pub fn describe(&self) -> Description {
        let columns = if let Cell::List(_, columns) = self.cell { columns() } else { Vec::new() };
        Description { name: self.name, doc: self.doc, class: self.class, kind: self.kind(), columns }
    }
}

/// A whole table as documentation sees it.
pub fn describe<T>(columns: &[Column<T>]) -> Vec<Description> {
    columns.iter().map(Column::describe).collect()
}
