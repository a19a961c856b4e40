//! JSON replies, streamed into a byte vector: no tree of values in between.

use std::io::Write;

use units::{Moment, Quantity};

use super::column::{Cell, Class, Column};
use super::mask;
use crate::json;

/// How row scalars are rendered (fact sheet wdt-1, 1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalars {
    /// Every row scalar is a JSON string (openapi2).
    Text,
    /// Whole numbers are JSON numbers; decimals (four places), times and texts are strings (Qimen).
    Native,
}

/// What happens to personal columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Personal {
    /// Shown.
    Show,
    /// Empty text; the key stays (fact sheet wdt-1, 1.5).
    Blank,
    /// Masked, for logs and screens.
    Mask,
}

/// How rows are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Row scalars.
    pub scalars: Scalars,
    /// Personal columns.
    pub personal: Personal,
}

/// Streams one JSON document. Commas are its business; matching [`open`](Self::open) with [`close`](Self::close) is the
/// caller's. Envelope members (`code`, `total_count`) are native in every style; rows follow the style.
pub struct Writer {
    out: Vec<u8>,
    style: Style,
    /// A value stands before this place in the current object or list.
    comma: bool,
}

impl Writer {
    /// An empty document.
    pub fn new(style: Style) -> Self {
        Self { out: Vec::with_capacity(1024), style, comma: false }
    }

    /// How rows are rendered.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The document.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    /// `{`: the root object, or an object in a list.
    pub fn open(&mut self) {
        self.separate();
        self.out.push(b'{');
        self.comma = false;
    }

    /// `"name":{`
    pub fn open_member(&mut self, name: &str) {
        self.name(name);
        self.out.push(b'{');
        self.comma = false;
    }

    /// `}`
    pub fn close(&mut self) {
        self.out.push(b'}');
        self.comma = true;
    }

    /// `"name":[`
    pub fn open_list_member(&mut self, name: &str) {
        self.name(name);
        self.out.push(b'[');
        self.comma = false;
    }

    /// `]`
    pub fn close_list(&mut self) {
        self.out.push(b']');
        self.comma = true;
    }

    /// `"name":123`
    pub fn member_int(&mut self, name: &str, value: i64) {
        self.name(name);
        self.number(value);
        self.comma = true;
    }

    /// `"name":true`
    pub fn member_bool(&mut self, name: &str, value: bool) {
        self.name(name);
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        self.comma = true;
    }

    /// `"name":"text"`
    pub fn member_text(&mut self, name: &str, value: &str) {
        self.name(name);
        json::write_text(&mut self.out, value);
        self.comma = true;
    }

    /// `"name":` and a JSON text that is known to be well formed.
    pub fn member_raw(&mut self, name: &str, value: &json::RawValue) {
        self.name(name);
        self.out.extend_from_slice(value.get().as_bytes());
        self.comma = true;
    }

    /// `"name":[ rows ]`; an empty list stays visible as `[]` (fact sheet wdt-1, 1.6).
    pub fn member_rows<'r, T: 'static>(
        &mut self,
        name: &str,
        columns: &[Column<T>],
        rows: impl IntoIterator<Item = &'r T>,
    ) {
        self.name(name);
        self.rows(columns, rows);
    }

    /// As [`member_rows`](Self::member_rows), with only the columns whose names `keep` accepts.
    pub fn member_rows_of<'r, T: 'static>(
        &mut self,
        name: &str,
        columns: &[Column<T>],
        keep: impl Fn(&str) -> bool,
        rows: impl IntoIterator<Item = &'r T>,
    ) {
        self.name(name);
        self.rows_of(columns, keep, rows);
    }

    /// As [`rows`](Self::rows), with only the columns whose names `keep` accepts.
    pub fn rows_of<'r, T: 'static>(
        &mut self,
        columns: &[Column<T>],
        keep: impl Fn(&str) -> bool,
        rows: impl IntoIterator<Item = &'r T>,
    ) {
        self.out.push(b'[');
        self.comma = false;
        for row in rows {
            self.open();
            columns.iter().filter(|column| keep(column.name)).for_each(|column| self.column(column, row));
            self.close();
        }
        self.close_list();
    }

    /// `"name":{ row }`
    pub fn member_row<T: 'static>(&mut self, name: &str, columns: &[Column<T>], row: &T) {
        self.open_member(name);
        columns.iter().for_each(|column| self.column(column, row));
        self.close();
    }

    /// `[ rows ]`
    pub fn rows<'r, T: 'static>(&mut self, columns: &[Column<T>], rows: impl IntoIterator<Item = &'r T>) {
        self.out.push(b'[');
        self.comma = false;
        for row in rows {
            self.row(columns, row);
        }
        self.close_list();
    }

    /// `{ row }`
    pub fn row<T: 'static>(&mut self, columns: &[Column<T>], row: &T) {
        self.open();
        columns.iter().for_each(|column| self.column(column, row));
        self.close();
    }

    fn column<T>(&mut self, column: &Column<T>, row: &T) {
        self.name(column.name);
        self.comma = true;
        match column.class {
            Class::Business => self.cell(&column.cell, row),
            Class::Personal => match self.style.personal {
                Personal::Show => self.cell(&column.cell, row),
                Personal::Blank => self.out.extend_from_slice(b"\"\""),
                Personal::Mask => self.masked(&column.cell, row),
            },
            Class::Sensitive => self.out.extend_from_slice(b"\"\""),
        }
    }

    fn cell<T>(&mut self, cell: &Cell<T>, row: &T) {
        match cell {
            Cell::Int(get) => self.scalar_number(get(row)),
            Cell::Flag(get) => self.scalar_number(i64::from(get(row))),
            Cell::ConstantInt(value) => self.scalar_number(*value),
            Cell::Text(get) => json::write_text(&mut self.out, get(row)),
            Cell::Owned(get) => json::write_text(&mut self.out, &get(row)),
            Cell::ConstantText(value) => json::write_text(&mut self.out, value),
            Cell::Money(get) => self.quoted(get(row)),
            Cell::Quantity(get) => self.quoted(get(row)),
            Cell::ZeroDecimal => self.quoted(Quantity::ZERO),
            Cell::Time(get) => match get(row) {
                Some(moment) => self.quoted(moment),
                None => self.quoted(Moment::UNSET),
            },
            Cell::NoTime => self.quoted(Moment::UNSET),
            Cell::Day(get) => match get(row) {
                Some(day) => self.quoted(day),
                None => self.quoted("0000-00-00"),
            },
            Cell::List(write, _) => {
                write(row, self);
                self.comma = true;
            }
        }
    }

    fn masked<T>(&mut self, cell: &Cell<T>, row: &T) {
        match cell {
            Cell::Text(get) => json::write_text(&mut self.out, &mask(get(row))),
            Cell::Owned(get) => json::write_text(&mut self.out, &mask(&get(row))),
            _ => self.out.extend_from_slice(b"\"\""),
        }
    }

    fn separate(&mut self) {
        if self.comma {
            self.out.push(b',');
        }
    }

    fn name(&mut self, name: &str) {
        self.separate();
        json::write_text(&mut self.out, name);
        self.out.push(b':');
    }

    fn scalar_number(&mut self, value: i64) {
        match self.style.scalars {
            Scalars::Text => self.quoted(value),
            Scalars::Native => self.number(value),
        }
    }

    fn number(&mut self, value: i64) {
        // Writing into a vector cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// Something whose text needs no escapes.
    fn quoted(&mut self, value: impl std::fmt::Display) {
        let _ = write!(self.out, "\"{value}\"");
    }
}
