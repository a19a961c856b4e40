//! A declared column and the ways to declare one. All are `const`, so that a table of columns is a constant.

use units::{Day, Moment, Money, Quantity};

use super::{Description, Writer};

/// How careful one must be with the values of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Business data.
    Business,
    /// About a person: blank on the Qimen mirror (fact sheet wdt-1, 1.5), masked in logs.
    Personal,
    /// A credential: never shown. Emitted as an empty text where clients expect the column.
    Sensitive,
}

/// A column of rows `T`.
pub struct Column<T: 'static> {
    /// Name on the wire.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// How careful one must be with it.
    pub class: Class,
    pub(super) cell: Cell<T>,
}

/// How the value of a column is taken from a row.
pub(super) enum Cell<T: 'static> {
    Int(fn(&T) -> i64),
    Flag(fn(&T) -> bool),
    Text(fn(&T) -> &str),
    Owned(fn(&T) -> String),
    Money(fn(&T) -> Money),
    Quantity(fn(&T) -> Quantity),
    Time(fn(&T) -> Option<Moment>),
    Day(fn(&T) -> Option<Day>),
    ConstantText(&'static str),
    ConstantInt(i64),
    ZeroDecimal,
    NoTime,
    List(fn(&T, &mut Writer), fn() -> Vec<Description>),
}

impl<T> Column<T> {
    const fn new(name: &'static str, doc: &'static str, cell: Cell<T>) -> Self {
        Self { name, doc, class: Class::Business, cell }
    }

    /// The same column, of another class. (A closure in such a chain needs the type of its row: `|s: &Shop| …`.)
    pub const fn of_class(mut self, class: Class) -> Self {
        self.class = class;
        self
    }
}

/// A whole number.
pub const fn int<T>(name: &'static str, doc: &'static str, get: fn(&T) -> i64) -> Column<T> {
    Column::new(name, doc, Cell::Int(get))
}

/// 0 or 1.
pub const fn flag<T>(name: &'static str, doc: &'static str, get: fn(&T) -> bool) -> Column<T> {
    Column::new(name, doc, Cell::Flag(get))
}

/// A text that the row holds.
pub const fn text<T>(name: &'static str, doc: &'static str, get: fn(&T) -> &str) -> Column<T> {
    Column::new(name, doc, Cell::Text(get))
}

/// A text that is made from the row.
pub const fn owned<T>(name: &'static str, doc: &'static str, get: fn(&T) -> String) -> Column<T> {
    Column::new(name, doc, Cell::Owned(get))
}

/// A text about a person.
pub const fn personal<T>(name: &'static str, doc: &'static str, get: fn(&T) -> &str) -> Column<T> {
    Column { name, doc, class: Class::Personal, cell: Cell::Text(get) }
}

/// An amount in CNY, four places.
pub const fn money<T>(name: &'static str, doc: &'static str, get: fn(&T) -> Money) -> Column<T> {
    Column::new(name, doc, Cell::Money(get))
}

/// A quantity, weight or length, four places.
pub const fn quantity<T>(name: &'static str, doc: &'static str, get: fn(&T) -> Quantity) -> Column<T> {
    Column::new(name, doc, Cell::Quantity(get))
}

/// A time; `None` is the zero date.
pub const fn time<T>(name: &'static str, doc: &'static str, get: fn(&T) -> Option<Moment>) -> Column<T> {
    Column::new(name, doc, Cell::Time(get))
}

/// A day; `None` is `0000-00-00`.
pub const fn day<T>(name: &'static str, doc: &'static str, get: fn(&T) -> Option<Day>) -> Column<T> {
    Column::new(name, doc, Cell::Day(get))
}

/// A text that is the same in every row.
pub const fn constant_text<T>(name: &'static str, doc: &'static str, value: &'static str) -> Column<T> {
    Column::new(name, doc, Cell::ConstantText(value))
}

/// A number that is the same in every row.
pub const fn constant_int<T>(name: &'static str, doc: &'static str, value: i64) -> Column<T> {
    Column::new(name, doc, Cell::ConstantInt(value))
}

/// A column that clients expect and we keep nothing for: an empty text.
pub const fn empty<T>(name: &'static str, doc: &'static str) -> Column<T> {
    constant_text(name, doc, "")
}

/// A column that clients expect and we keep nothing for: the whole number 0.
pub const fn zero<T>(name: &'static str, doc: &'static str) -> Column<T> {
    constant_int(name, doc, 0)
}

/// A column that clients expect and we keep nothing for: `0.0000`.
pub const fn zero_decimal<T>(name: &'static str, doc: &'static str) -> Column<T> {
    Column::new(name, doc, Cell::ZeroDecimal)
}

/// A column that clients expect and we keep nothing for: the zero date.
pub const fn no_time<T>(name: &'static str, doc: &'static str) -> Column<T> {
    Column::new(name, doc, Cell::NoTime)
}

/// A column that clients expect and that held a credential: always an empty text (fact sheet wdt-1, 2.1).
pub const fn secret<T>(name: &'static str, doc: &'static str) -> Column<T> {
    Column { name, doc, class: Class::Sensitive, cell: Cell::ConstantText("") }
}

#[doc(hidden)]
pub const fn list_of<T>(
    name: &'static str,
    doc: &'static str,
    write: fn(&T, &mut Writer),
    columns: fn() -> Vec<Description>,
) -> Column<T> {
    Column::new(name, doc, Cell::List(write, columns))
}

/// Nested rows with their own columns: `list!("goods_list", "lines", GOODS, |s| s.lines.iter())`. The expression gives
/// anything that iterates over `&Row`. With `, keep |name| r.shows(name)` only some columns are written.
#[doc(hidden)]
#[macro_export]
macro_rules! __list {
    ($name:expr, $doc:expr, $columns:expr, |$row:ident| $rows:expr $(,)?) => {
        $crate::rows::list_of($name, $doc, |$row, out| out.rows($columns, $rows), || $crate::rows::describe($columns))
    };
    ($name:expr, $doc:expr, $columns:expr, |$row:ident| $rows:expr, keep |$column:ident| $keep:expr $(,)?) => {
        $crate::rows::list_of(
            $name,
            $doc,
            |$row, out| out.rows_of($columns, |$column| $keep, $rows),
            || $crate::rows::describe($columns),
        )
    };
}
