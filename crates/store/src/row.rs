//! What comes out of a query: columns by position, from 0.

use rusqlite::types::ValueRef;
use units::{Moment, Money, Quantity};

use crate::{Error, Result, Value, postgres};

/// One row of a result. A column of another type than asked for is [`Error::Corrupt`].
pub struct Row<'r>(pub(crate) Kind<'r>);

pub(crate) enum Kind<'r> {
    Lite(&'r rusqlite::Row<'r>),
    Pg(&'r tokio_postgres::Row),
}

impl<'r> Row<'r> {
    fn value(&self, column: usize) -> Result<Value<'r>> {
        match self.0 {
            Kind::Lite(row) => lite(row, column),
            Kind::Pg(row) => postgres::cell(row, column),
        }
    }

    /// A whole number.
    pub fn int(&self, column: usize) -> Result<i64> {
        self.opt_int(column)?.ok_or_else(|| wrong(column, "a number"))
    }

    /// A whole number or NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        match self.value(column)? {
            Value::Int(n) => Ok(Some(n)),
            Value::Null => Ok(None),
            _ => Err(wrong(column, "a number")),
        }
    }

    /// A text.
    pub fn text(&self, column: usize) -> Result<&str> {
        self.opt_text(column)?.ok_or_else(|| wrong(column, "a text"))
    }

    /// A text or NULL.
    pub fn opt_text(&self, column: usize) -> Result<Option<&str>> {
        match self.value(column)? {
            Value::Text(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            _ => Err(wrong(column, "a text")),
        }
    }

    /// Bytes.
    pub fn bytes(&self, column: usize) -> Result<&[u8]> {
        self.opt_bytes(column)?.ok_or_else(|| wrong(column, "bytes"))
    }

    /// Bytes or NULL.
    pub fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>> {
        match self.value(column)? {
            Value::Bytes(bytes) => Ok(Some(bytes)),
            Value::Null => Ok(None),
            _ => Err(wrong(column, "bytes")),
        }
    }

    /// A text of one's own.
    pub fn string(&self, column: usize) -> Result<String> {
        self.text(column).map(str::to_owned)
    }

    /// A flag: 0 is false, every other number true.
    pub fn flag(&self, column: usize) -> Result<bool> {
        self.int(column).map(|n| n != 0)
    }

    /// A moment, stored as Unix seconds.
    pub fn moment(&self, column: usize) -> Result<Moment> {
        self.int(column).map(Moment::from_unix)
    }

    /// A moment or NULL.
    pub fn opt_moment(&self, column: usize) -> Result<Option<Moment>> {
        self.opt_int(column).map(|n| n.map(Moment::from_unix))
    }

    /// An amount of money, stored in ten-thousandths.
    pub fn money(&self, column: usize) -> Result<Money> {
        self.int(column).map(Money::from_raw)
    }

    /// A quantity, stored in ten-thousandths.
    pub fn quantity(&self, column: usize) -> Result<Quantity> {
        self.int(column).map(Quantity::from_raw)
    }
}

fn lite<'r>(row: &'r rusqlite::Row<'r>, column: usize) -> Result<Value<'r>> {
    match row.get_ref(column).map_err(|_| wrong(column, "a column of this result"))? {
        ValueRef::Integer(n) => Ok(Value::Int(n)),
        ValueRef::Text(text) => std::str::from_utf8(text).map(Value::Text).map_err(|_| wrong(column, "UTF-8")),
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes)),
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Real(_) => Err(wrong(column, "of a type the store knows")),
    }
}

pub(crate) fn wrong(column: usize, expected: &str) -> Error {
    Error::Corrupt(format!("column {column} of a row is not {expected}"))
}
