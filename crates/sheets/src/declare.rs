//! `sheet!`: a sheet kind as a struct whose fields know their columns.

use crate::cell::{Cell, Value, words};
use crate::column::{Column, Kind, Sheet};
use crate::layout::Layout;
use crate::limits;
use crate::raw::Row;

/// A row of a sheet kind. [`sheet!`](crate::sheet) makes these.
pub trait Record: Sized {
    /// The declaration.
    const SHEET: Sheet;

    /// Takes the fields out of a row; what is wrong with them is noted in `cells`.
    fn take(cells: &mut Cells<'_>) -> Self;

    /// Hands the fields over to be written.
    fn give(&self, out: &mut Out<'_>);

    /// Headers of the document's fields in which this row contradicts the first row of the document.
    fn contradicts(&self, first: &Self) -> Vec<&'static str>;

    /// Columns whose kind does not fit the type of their field; empty unless the declaration is wrong.
    fn misfits() -> Vec<&'static str>;
}

/// The cells of a row on their way into fields.
pub struct Cells<'r> {
    pub(crate) columns: &'r [Column],
    pub(crate) layout: &'r Layout,
    pub(crate) row: &'r Row,
    pub(crate) first: bool,
    pub(crate) next: usize,
    pub(crate) errors: Vec<String>,
}

impl Cells<'_> {
    /// The next field.
    pub fn take<T: Cell>(&mut self) -> Option<T> {
        let column = self.columns.get(self.next)?;
        let place = self.layout.place(self.next);
        self.next += 1;
        if !column.comes_in() {
            return None;
        }
        let raw = place.map(|place| self.row.cell(place)).filter(|raw| !raw.is_blank());
        let Some(raw) = raw else {
            if column.required && (self.first || !column.head || column.key) {
                self.note(column, "不能为空");
            }
            return None;
        };
        match T::read(raw, column) {
            Ok(value) => Some(value),
            Err(why) => {
                self.note(column, &why);
                None
            }
        }
    }

    fn note(&mut self, column: &Column, why: &str) {
        if self.errors.len() < limits::ERRORS {
            self.errors.push(format!("【{}】{why}", column.header));
        }
    }
}

/// Fields on their way into a row.
pub struct Out<'o> {
    pub(crate) columns: &'o [Column],
    pub(crate) next: usize,
    pub(crate) mask: Option<&'o dyn Fn(&str) -> String>,
    pub(crate) values: &'o mut Vec<Value>,
}

impl Out<'_> {
    /// The next field.
    pub fn put<T: Cell>(&mut self, value: Option<&T>) {
        let Some(column) = self.columns.get(self.next) else { return };
        self.next += 1;
        let value = value.map_or(Value::Blank, |value| value.show(column));
        self.values.push(match (value, self.mask) {
            (Value::Text(text), Some(mask)) if column.personal => Value::Text(mask(&text)),
            (value, _) => value,
        });
    }
}

/// The key of a row: the text of its key column, if it has one that can be read.
pub(crate) fn key_of(layout: &Layout, sheet: &Sheet, row: &Row) -> Option<String> {
    let place = layout.place(sheet.key()?)?;
    words(row.cell(place)).ok().filter(|key| !key.is_empty())
}

/// Whether a column of the kind may hold it; used by the generated code.
#[doc(hidden)]
pub fn fits<T: Cell>(kind: Kind) -> bool {
    T::fits(kind)
}

/// Declares a sheet kind:
///
/// ```
/// sheets::sheet! {
///     /// one row a part / 一行一个零件
///     pub struct Part("part", "零件") {
///         no: String = "编号", sheets::text(40).key().like("P1").says("number", "零件编号"),
///         price: units::Money = "单价", sheets::decimal().like("9.5").says("price of a piece", "含税"),
///     }
/// }
/// assert_eq!(<Part as sheets::Record>::SHEET.columns[1].header, "单价");
/// ```
#[macro_export]
macro_rules! sheet {
    (
        #[doc = $doc:literal]
        $vis:vis struct $name:ident($kind:literal, $title:literal) {
            $($field:ident: $type:ty = $header:literal, $column:expr),* $(,)?
        }
    ) => {
        #[doc = $doc]
        #[derive(Clone, Default, PartialEq)]
        #[allow(missing_docs, reason = "each field is explained in its column")]
        $vis struct $name { $(pub $field: Option<$type>),* }

        impl $crate::Record for $name {
            const SHEET: $crate::Sheet = {
                const COLUMNS: &[$crate::Column] = &[$($column.named(stringify!($field), $header)),*];
                $crate::Sheet { name: $kind, title: $title, about: $doc, columns: COLUMNS }
            };

            fn take(cells: &mut $crate::Cells<'_>) -> Self {
                Self { $($field: cells.take()),* }
            }

            fn give(&self, out: &mut $crate::Out<'_>) {
                $(out.put(self.$field.as_ref());)*
            }

            fn contradicts(&self, first: &Self) -> Vec<&'static str> {
                let mut found = Vec::new();
                $(
                    if $column.head && self.$field.is_some() && self.$field != first.$field {
                        found.push($header);
                    }
                )*
                found
            }

            fn misfits() -> Vec<&'static str> {
                let mut found = Vec::new();
                $(if !$crate::fits::<$type>($column.kind) { found.push($header); })*
                found
            }
        }
    };
}
