//! The SQL of the catalogue: one file a kind of row.

mod customer;
mod goods;
mod mark;
mod masters;
mod platform_goods;
mod provider;
mod suite;

pub(crate) use customer::*;
pub(crate) use goods::*;
pub(crate) use mark::*;
pub(crate) use masters::*;
pub(crate) use platform_goods::*;
pub(crate) use provider::*;
pub(crate) use suite::*;

use store::{Reader, Row, Value};

use super::{Page, Rows};
use crate::Result;
use crate::document::decode;

/// `?2, ?3, ?4`: so many parameters from the `first` on.
pub(crate) fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|i| format!("?{i}")).collect::<Vec<_>>().join(", ")
}

/// Conditions of a query that is put together from what the caller asked for. Every condition is text of ours; what comes
/// from outside travels as a parameter.
pub(crate) struct Conditions<'a> {
    text: String,
    values: Vec<Value<'a>>,
    /// Few rows match, found by the index of a number.
    few: bool,
}

impl<'a> Conditions<'a> {
    /// Rows of the reader's merchant.
    pub(crate) fn of_tenant(tenant: i64) -> Self {
        Self { text: "tenant = ?1".into(), values: vec![Value::from(tenant)], few: false }
    }

    /// Adds `AND condition`, in which each `?` stands for the next value.
    pub(crate) fn and<const N: usize>(&mut self, condition: &str, values: [Value<'a>; N]) -> &mut Self {
        self.text.push_str(" AND ");
        let mut values = values.into_iter();
        for (i, piece) in condition.split('?').enumerate() {
            match (i, piece.as_bytes().first()) {
                (0, _) => {}
                // A numbered parameter, such as the merchant's ?1, stays as it is written.
                (_, Some(digit)) if digit.is_ascii_digit() => self.text.push('?'),
                _ => {
                    self.values.extend(values.next());
                    self.text.push('?');
                    self.text.push_str(&self.values.len().to_string());
                }
            }
            self.text.push_str(piece);
        }
        self
    }

    /// The same for a number, by which an index finds few rows: they are sorted, instead of looking through all rows in the order of
    /// the page, which is what SQLite prefers (a million rows for one number).
    pub(crate) fn and_number(&mut self, condition: &str, number: impl Into<Value<'a>>) -> &mut Self {
        self.few = true;
        self.and(condition, [number.into()])
    }

    /// Adds `column IN (…)` for numbers from outside; nothing for an empty list.
    pub(crate) fn and_text_in(&mut self, column: &str, texts: &[&'a str]) -> &mut Self {
        if texts.is_empty() {
            return self;
        }
        self.few = true;
        let mut places = Vec::with_capacity(texts.len());
        for text in texts {
            self.values.push(Value::from(*text));
            places.push(format!("?{}", self.values.len()));
        }
        self.text.push_str(&format!(" AND {column} IN ({})", places.join(", ")));
        self
    }

    /// Adds `column IN (…)` for codes and keys; nothing for an empty list.
    pub(crate) fn and_int_in(&mut self, column: &str, keys: &[i64]) -> &mut Self {
        match keys {
            [] => self,
            [one] => self.and(&format!("{column} = ?"), [Value::from(*one)]),
            many => {
                let list = many.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
                self.and(&format!("{column} IN ({list})"), [])
            }
        }
    }

    /// The named columns of all rows that match.
    pub(crate) fn all<T>(
        self,
        reader: &mut Reader,
        table: &str,
        columns: &str,
        read: impl FnMut(&Row<'_>) -> store::Result<T>,
    ) -> Result<Vec<T>> {
        let sql = format!("SELECT {columns} FROM {table} WHERE {} ORDER BY id", self.text);
        Ok(reader.query(&sql, &self.values, read)?)
    }

    /// The keys of all rows that match.
    pub(crate) fn ids(self, reader: &mut Reader, table: &str) -> Result<Vec<i64>> {
        let sql = format!("SELECT id FROM {table} WHERE {} ORDER BY id", self.text);
        Ok(reader.query(&sql, &self.values, |row| row.int(0))?)
    }

    /// One page of documents, and their number on page 0.
    pub(crate) fn page<T: serde::de::DeserializeOwned>(
        self,
        reader: &mut Reader,
        what: &'static str,
        table: &str,
        order: &str,
        page: Page,
    ) -> Result<Rows<T>> {
        let found = self.page_of(reader, table, "doc", order, page, |row| row.string(0))?;
        let rows = found.rows.iter().map(|text| decode(what, text)).collect::<Result<_>>()?;
        Ok(Rows { rows, total: found.total })
    }

    /// One page of the named columns, and the number of all rows on page 0.
    pub(crate) fn page_of<T>(
        self,
        reader: &mut Reader,
        table: &str,
        columns: &str,
        order: &str,
        page: Page,
        read: impl FnMut(&Row<'_>) -> store::Result<T>,
    ) -> Result<Rows<T>> {
        self.page_of_tables(reader, &[table], columns, order, page, read)
    }

    /// The same over several tables with the same columns, such as a table and its archive: each is read in the order of its own
    /// index and merged. `order` names columns that are not among `columns`.
    pub(crate) fn page_of_tables<T>(
        mut self,
        reader: &mut Reader,
        tables: &[impl AsRef<str>],
        columns: &str,
        order: &str,
        page: Page,
        read: impl FnMut(&Row<'_>) -> store::Result<T>,
    ) -> Result<Rows<T>> {
        let condition = &self.text;
        let of_each = |select: &dyn Fn(&str) -> String, between: &str| {
            tables.iter().map(|table| select(table.as_ref())).collect::<Vec<_>>().join(between)
        };
        let total = match page.no {
            0 => {
                let count = of_each(&|table| format!("(SELECT COUNT(*) FROM {table} WHERE {condition})"), " + ");
                Some(reader.query_one(&format!("SELECT {count}"), &self.values, |row| row.int(0))?)
            }
            _ => None,
        };
        let (size, offset) = (self.values.len() + 1, self.values.len() + 2);
        let more = if tables.len() > 1 { format!(", {order}") } else { String::new() };
        let rows = of_each(&|table| format!("SELECT {columns}{more} FROM {table} WHERE {condition}"), " UNION ALL ");
        // A sum is not what an index is sorted by, so it cannot be chosen for its order.
        let sql = match (self.few, tables.len()) {
            (false, _) => format!("{rows} ORDER BY {order} LIMIT ?{size} OFFSET ?{offset}"),
            (true, 1) => format!("{rows} ORDER BY 0 + {order} LIMIT ?{size} OFFSET ?{offset}"),
            (true, _) => {
                format!("SELECT * FROM ({rows}) AS found ORDER BY 0 + {order} LIMIT ?{size} OFFSET ?{offset}")
            }
        };
        self.values.extend([Value::from(page.size), Value::from(page.offset())]);
        Ok(Rows { rows: reader.query(&sql, &self.values, read)?, total })
    }
}

/// Up to here several keys are looked up by as many selects.
const FEW_KEYS: usize = 4;

/// `select … column = ?` for parameters `first`, `first + 1` and so on, each of which finds its rows. SQLite makes a table of its
/// own for a list of keys, which costs more than the lookup of a few; many are a list.
pub(crate) fn look_up(select: &str, column: &str, first: usize, count: usize) -> String {
    if count == 0 {
        return format!("{select} {column} IN (NULL)");
    }
    if count <= FEW_KEYS {
        let selects: Vec<String> =
            (first..first + count).map(|place| format!("{select} {column} = ?{place}")).collect();
        return selects.join(" UNION ALL ");
    }
    let places: Vec<String> = (first..first + count).map(|place| format!("?{place}")).collect();
    format!("{select} {column} IN ({})", places.join(", "))
}

/// `1, 2, 3` for keys of ours.
pub(crate) fn key_list(keys: &[i64]) -> String {
    keys.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}
