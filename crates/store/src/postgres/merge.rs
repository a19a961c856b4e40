//! Deferred writes that follow each other, sent as one statement: `WITH a AS (INSERT …), b AS (UPDATE …) INSERT …`, with rows for
//! the same table in one list. The server answers, and wakes us, once for a statement.
//!
//! Only writes that do not see each other, so that it makes no difference whether they run one after the other or together: plain
//! inserts, and updates of single rows by key. The first that violates a constraint fails the whole, as it would fail the unit.

use std::fmt::Write;

use tokio_postgres::Statement;
use tokio_postgres::types::Type;

use crate::Result;
use crate::postgres::flow::{Kept, Waiting};

/// Writes in one statement, and parameters in one statement, at the most.
const WRITES: usize = 24;
const PARAMETERS: usize = 400;

/// A write that may be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part<'s> {
    /// An insert without `ON CONFLICT` or `RETURNING`, into this table.
    Insert(&'s str),
    /// An update of the row of this table whose `id` is the first parameter.
    Update(&'s str),
}

/// What a statement is for the purposes of merging; `None` when it must stand alone.
pub(crate) fn part(sql: &str) -> Option<Part<'_>> {
    let stands_alone = ["ON CONFLICT", "RETURNING", "SELECT"].iter().any(|word| sql.contains(word));
    if stands_alone {
        return None;
    }
    if let Some(rest) = sql.strip_prefix("INSERT INTO ") {
        return rest.split([' ', '(', '\n']).next().map(Part::Insert);
    }
    let (table, rest) = sql.strip_prefix("UPDATE ")?.split_once(" SET ")?;
    let (_, by) = rest.split_once("WHERE ")?;
    (by == "id = ?1").then_some(Part::Update(table))
}

/// A write that waits to be merged.
pub(crate) struct Piece {
    sql: Box<str>,
    table: Box<str>,
    /// It changes the row whose key is its first parameter; otherwise it is an insert.
    updates: bool,
    params: Vec<Kept>,
}

impl Piece {
    pub(crate) fn new(sql: &str, part: Part<'_>, params: Vec<Kept>) -> Self {
        let (table, updates) = match part {
            Part::Insert(table) => (table, false),
            Part::Update(table) => (table, true),
        };
        Self { sql: sql.into(), table: table.into(), updates, params }
    }

    /// The key of the row that it updates.
    fn row(&self) -> Option<i64> {
        match self.params.first() {
            Some(Kept::Int(key)) if self.updates => Some(*key),
            _ => None,
        }
    }
}

/// Writes that are being put together.
#[derive(Default)]
pub(crate) struct Run {
    statements: Vec<Many>,
    params: Vec<Kept>,
    writes: usize,
    /// Rows that are updated.
    updated: Vec<(Box<str>, i64)>,
}

/// One statement of a run: an update, or an insert of one or several rows.
struct Many {
    sql: Box<str>,
    table: Box<str>,
    updates: bool,
    /// For each row, how many parameters stand before its own.
    rows: Vec<usize>,
}

impl Many {
    /// The statement with its parameters counted through the run: an insert of several rows has a list behind `VALUES`.
    fn write(&self, out: &mut String) {
        match self.sql.split_once("VALUES") {
            Some((head, row)) if !self.updates => {
                out.push_str(head);
                for (place, before) in self.rows.iter().enumerate() {
                    out.push_str(if place == 0 { "VALUES" } else { "," });
                    shift(row, *before, out);
                }
            }
            _ => self.rows.iter().for_each(|before| shift(&self.sql, *before, out)),
        }
    }
}

impl Run {
    /// Whether the write may join: there is room, and it neither needs nor overwrites what is in the run.
    pub(crate) fn takes(&self, piece: &Piece) -> bool {
        let room = self.writes < WRITES && self.params.len() + piece.params.len() <= PARAMETERS;
        let apart = || {
            let seen = |key| self.updated.iter().any(|(of, other)| *of == piece.table && *other == key);
            let inserted = self.statements.iter().any(|one| !one.updates && one.table == piece.table);
            !inserted && piece.row().is_some_and(|key| !seen(key))
        };
        room && (!piece.updates || apart())
    }

    pub(crate) fn push(&mut self, piece: Piece) {
        let before = self.params.len();
        if let Some(key) = piece.row() {
            self.updated.push((piece.table.clone(), key));
        }
        let Piece { sql, table, updates, params } = piece;
        match self.statements.iter_mut().find(|one| !updates && one.sql == sql) {
            Some(same) => same.rows.push(before),
            None => self.statements.push(Many { sql, table, updates, rows: vec![before] }),
        }
        self.params.extend(params);
        self.writes += 1;
    }

    /// All of it in PostgreSQL's spelling.
    fn text(&self) -> String {
        let mut text = String::new();
        let Some((last, with)) = self.statements.split_last() else { return text };
        for (number, one) in with.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{} i{} AS (", if number == 0 { "WITH" } else { "," }, number + 1);
            one.write(&mut text);
            text.push_str(") ");
        }
        last.write(&mut text);
        text
    }

    /// The statement to send, if there is one; the run begins again.
    pub(crate) fn finish(
        &mut self,
        prepare: impl FnOnce(&str, &[Type]) -> Result<Statement>,
    ) -> Result<Option<Waiting>> {
        if self.writes == 0 {
            return Ok(None);
        }
        let run = std::mem::take(self);
        let kinds: Vec<Type> = run.params.iter().map(Kept::kind).collect();
        Ok(Some(Waiting::Write(prepare(&run.text(), &kinds)?, run.params)))
    }
}

/// Writes `?1` as `$1`, moved on by `by` places. Question marks between quotes stay.
pub(crate) fn shift(sql: &str, by: usize, out: &mut String) {
    let mut quoted = false;
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        quoted ^= c == '\'';
        if c != '?' || quoted {
            out.push(c);
            continue;
        }
        let mut number = 0;
        while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
            number = number * 10 + digit as usize;
            rest.next();
        }
        let _ = write!(out, "${}", number + by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "INSERT INTO a (x, y) VALUES (?1, ?2)";

    fn text(writes: &[&str]) -> String {
        let mut run = Run::default();
        for sql in writes {
            let params: Vec<Kept> = (0..sql.matches('?').count()).map(|_| Kept::Int(1)).collect();
            run.push(Piece::new(sql, part(sql).unwrap(), params));
        }
        run.text()
    }

    #[test]
    fn parameters_count_on() {
        let b = "UPDATE b SET x = ?2 WHERE id = ?1";
        assert_eq!(text(&[RAW]), "INSERT INTO a (x, y) VALUES ($1, $2)");
        assert_eq!(
            text(&[RAW, b, "INSERT INTO c (x) VALUES (?1)"]),
            "WITH i1 AS (INSERT INTO a (x, y) VALUES ($1, $2)) , i2 AS (UPDATE b SET x = $4 WHERE id = $3) \
             INSERT INTO c (x) VALUES ($5)"
        );
        assert_eq!(
            text(&[RAW, b, RAW]),
            "WITH i1 AS (INSERT INTO a (x, y) VALUES ($1, $2), ($5, $6)) UPDATE b SET x = $4 WHERE id = $3"
        );
        let mut quoted = String::new();
        shift("INSERT INTO b (x, q) VALUES (?1, 'why?')", 2, &mut quoted);
        assert_eq!(quoted, "INSERT INTO b (x, q) VALUES ($3, 'why?')");
    }

    #[test]
    fn only_writes_that_do_not_care() {
        for (sql, expected) in [
            (RAW, Some(Part::Insert("a"))),
            ("UPDATE a SET x = ?2, y = ?3\n         WHERE id = ?1", Some(Part::Update("a"))),
            ("UPDATE a SET x = x + 1 WHERE id IN (?1, ?2)", None),
            ("INSERT INTO a (x) VALUES (?1) ON CONFLICT DO NOTHING", None),
            ("INSERT INTO a (x) VALUES (?1) RETURNING x", None),
            ("INSERT INTO a (x) SELECT ?1", None),
            ("UPDATE a SET x = ?1", None),
            ("UPDATE a SET x = ?1 WHERE y = ?2", None),
            ("UPDATE a SET x = ?2 WHERE id = ?1 AND y = 3", None),
            ("DELETE FROM a WHERE id = ?1", None),
        ] {
            assert_eq!(part(sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_row_is_written_once_in_a_run() {
        let update = "UPDATE a SET x = ?2 WHERE id = ?1";
        let other = "UPDATE b SET x = ?2 WHERE id = ?1";
        let row = |sql: &str, key| Piece::new(sql, part(sql).unwrap(), vec![Kept::Int(key), Kept::Int(9)]);
        let check = |before: &[(&str, i64)], sql: &str, key: i64, expected: bool| {
            let mut run = Run::default();
            for (sql, key) in before {
                run.push(row(sql, *key));
            }
            assert_eq!(run.takes(&row(sql, key)), expected, "{before:?} {sql} {key}");
        };
        check(&[], update, 1, true);
        check(&[(update, 1)], update, 2, true);
        check(&[(update, 1)], update, 1, false);
        check(&[(update, 1)], other, 1, true);
        check(&[(update, 1)], RAW, 1, true);
        check(&[(RAW, 1)], update, 2, false);
        check(&[(RAW, 1)], other, 1, true);
        let textual = vec![Kept::Text("k".into()), Kept::Int(1)];
        assert!(!Run::default().takes(&Piece::new(update, part(update).unwrap(), textual)));
    }
}
