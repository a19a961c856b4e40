//! Deferred inserts that follow each other, sent as one statement: `WITH a AS (INSERT …), b AS (INSERT …) INSERT …`.
//!
//! Only inserts without `ON CONFLICT` or `RETURNING`: such inserts do not see each other, so it makes no difference whether they run
//! one after the other or together. The first that violates a constraint fails the whole, as it would fail the unit.

use std::fmt::Write;

use tokio_postgres::Statement;
use tokio_postgres::types::Type;

use crate::Result;
use crate::postgres::flow::{Kept, Waiting};

/// Inserts in one statement, and parameters in one statement, at the most.
const INSERTS: usize = 16;
const PARAMETERS: usize = 400;

/// Whether a statement may be merged.
pub(crate) fn is_plain_insert(sql: &str) -> bool {
    sql.starts_with("INSERT INTO")
        && !sql.contains("ON CONFLICT")
        && !sql.contains("RETURNING")
        && !sql.contains("SELECT")
}

/// Inserts that are being put together.
#[derive(Default)]
pub(crate) struct Run {
    with: String,
    last: String,
    inserts: usize,
    params: Vec<Kept>,
}

impl Run {
    pub(crate) fn has_room(&self) -> bool {
        self.inserts < INSERTS && self.params.len() < PARAMETERS
    }

    pub(crate) fn push(&mut self, sql: &str, params: Vec<Kept>) {
        if self.inserts > 0 {
            let opening = if self.inserts == 1 { "WITH" } else { "," };
            // Writing to a String cannot fail.
            let _ = write!(self.with, "{opening} i{} AS ({}) ", self.inserts, self.last);
        }
        self.last.clear();
        shift(sql, self.params.len(), &mut self.last);
        self.params.extend(params);
        self.inserts += 1;
    }

    /// The statement to send, if there is one; the run begins again.
    pub(crate) fn finish(
        &mut self,
        prepare: impl FnOnce(&str, &[Type]) -> Result<Statement>,
    ) -> Result<Option<Waiting>> {
        if self.inserts == 0 {
            return Ok(None);
        }
        let run = std::mem::take(self);
        let text = run.with + &run.last;
        let kinds: Vec<Type> = run.params.iter().map(Kept::kind).collect();
        Ok(Some(Waiting::Write(prepare(&text, &kinds)?, run.params)))
    }
}

/// Writes `?1` as `$1`, moved on by `by` places. Question marks between quotes stay.
fn shift(sql: &str, by: usize, out: &mut String) {
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

    fn text(inserts: &[(&str, usize)]) -> String {
        let mut run = Run::default();
        for (sql, params) in inserts {
            run.push(sql, (0..*params).map(|_| Kept::Int(1)).collect());
        }
        run.with + &run.last
    }

    #[test]
    fn parameters_count_on() {
        let a = "INSERT INTO a (x, y) VALUES (?1, ?2)";
        let b = "INSERT INTO b (x, q) VALUES (?1, 'why?')";
        assert_eq!(text(&[(a, 2)]), "INSERT INTO a (x, y) VALUES ($1, $2)");
        assert_eq!(
            text(&[(a, 2), (b, 1), (a, 2)]),
            "WITH i1 AS (INSERT INTO a (x, y) VALUES ($1, $2)) , i2 AS (INSERT INTO b (x, q) VALUES ($3, 'why?')) \
             INSERT INTO a (x, y) VALUES ($4, $5)"
        );
    }

    #[test]
    fn only_inserts_that_do_not_care() {
        assert!(is_plain_insert("INSERT INTO a (x) VALUES (?1)"));
        for other in [
            "INSERT INTO a (x) VALUES (?1) ON CONFLICT DO NOTHING",
            "INSERT INTO a (x) VALUES (?1) RETURNING x",
            "INSERT INTO a (x) SELECT ?1",
            "UPDATE a SET x = ?1",
        ] {
            assert!(!is_plain_insert(other), "{other}");
        }
    }
}
