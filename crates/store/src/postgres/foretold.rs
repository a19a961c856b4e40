//! Reads that were announced, and their answers until somebody wants them or a write makes them untrue.
//!
//! A writer looks ahead: before it runs several units it announces what each of them begins by reading, in one exchange. A unit may
//! therefore write what a later one has already read. Everything the tenant's writer writes passes here first, and nobody else
//! writes the tenant's rows while it has the turn; so an answer is either still true, or it is dropped and read again.

use std::collections::HashSet;

use tokio_postgres::Row;

use crate::Value;
use crate::postgres::flow::{Ahead, Kept};
use crate::postgres::merge::Part;

/// How long an answer holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Nothing was found, and nothing will be until a row with one of the read's texts is written.
    WithoutItsTexts,
    /// Until one of the rows is changed (their key is the first column), or their table gets another one.
    WithItsRows(&'static str),
}

enum Answer {
    /// Not there yet.
    Open,
    Rows(Vec<Row>),
    /// There are rows; they have to be read.
    Some,
}

struct Announced {
    number: usize,
    sql: Box<str>,
    params: Vec<Kept>,
    holds: Holds,
    answer: Answer,
}

impl Announced {
    fn is(&self, sql: &str, params: &[Value<'_>]) -> bool {
        *self.sql == *sql
            && self.params.len() == params.len()
            && self.params.iter().zip(params).all(|(kept, value)| kept.is(*value))
    }

    fn has_row(&self, key: Value<'_>) -> bool {
        match (&self.answer, key) {
            (Answer::Rows(rows), Value::Int(key)) => {
                rows.iter().any(|row| !row.try_get(0).is_ok_and(|id: i64| id != key))
            }
            _ => true,
        }
    }
}

/// All that is announced on a connection.
#[derive(Default)]
pub(crate) struct Foretold {
    announced: Vec<Announced>,
    /// Never used twice, because a read of one unit may go out with the next.
    numbers: usize,
    /// Marks of the texts by which reads find nothing: most writes are told by these alone to be none of them.
    texts: HashSet<(usize, u64)>,
}

/// What an announced read is worth when it is wanted.
pub(crate) enum Worth {
    /// It was not announced, or is not true any more.
    Nothing,
    /// It was announced and has not been sent or answered.
    Wait,
    /// Its rows.
    Rows(Vec<Row>),
}

impl Foretold {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.announced.clear();
        self.texts.clear();
    }

    /// The number under which the answer will come.
    pub(crate) fn announce(&mut self, sql: &str, params: &[Value<'_>], holds: Holds) -> usize {
        self.numbers += 1;
        if holds == Holds::WithoutItsTexts {
            self.texts.extend(params.iter().filter_map(|value| mark(*value)));
        }
        self.announced.push(Announced {
            number: self.numbers,
            sql: sql.into(),
            params: params.iter().copied().map(Kept::of).collect(),
            holds,
            answer: Answer::Open,
        });
        self.numbers
    }

    pub(crate) fn has_open(&self) -> bool {
        self.announced.iter().any(|one| matches!(one.answer, Answer::Open))
    }

    pub(crate) fn learn(&mut self, ahead: Ahead) {
        for (number, rows) in ahead {
            if let Some(one) = self.announced.iter_mut().find(|one| one.number == number) {
                one.answer = rows.map_or(Answer::Some, Answer::Rows);
            }
        }
    }

    /// The answer of a read, once.
    pub(crate) fn take(&mut self, sql: &str, params: &[Value<'_>]) -> Worth {
        let Some(at) = self.announced.iter().position(|one| one.is(sql, params)) else { return Worth::Nothing };
        if self.announced.get(at).is_some_and(|one| matches!(one.answer, Answer::Open)) {
            return Worth::Wait;
        }
        match self.announced.swap_remove(at).answer {
            Answer::Rows(rows) => Worth::Rows(rows),
            Answer::Open | Answer::Some => Worth::Nothing,
        }
    }

    /// Drops the answer of a read that has not come.
    pub(crate) fn drop_open(&mut self, sql: &str, params: &[Value<'_>]) {
        self.announced.retain(|one| !(matches!(one.answer, Answer::Open) && one.is(sql, params)));
    }

    /// Drops what this write may make untrue.
    pub(crate) fn overtake(&mut self, part: Option<Part<'_>>, sql: &str, params: &[Value<'_>]) {
        if self.announced.is_empty() {
            return;
        }
        let Some(part) = part else {
            // Of a write that is not understood only the table counts.
            match table_of(sql) {
                Some(table) => self.announced.retain(|one| !one.sql.contains(table)),
                None => self.clear(),
            }
            return;
        };
        let is_watched = |value: &Value<'_>| mark(*value).is_some_and(|mark| self.texts.contains(&mark));
        let has_text = params.iter().any(is_watched);
        let carries = |one: &Announced| {
            let texts = one.params.iter().filter(|kept| matches!(kept, Kept::Text(_) | Kept::Bytes(_)));
            texts.into_iter().any(|kept| params.iter().any(|value| kept.is(*value)))
        };
        self.announced.retain(|one| match one.holds {
            Holds::WithoutItsTexts => !(has_text && carries(one)),
            Holds::WithItsRows(table) => match part {
                Part::Insert(written) => written != table,
                Part::Update(written) => {
                    written != table || !one.has_row(params.first().copied().unwrap_or(Value::Null))
                }
            },
        });
    }
}

/// A text's length and end: enough to tell most texts apart.
fn mark(value: Value<'_>) -> Option<(usize, u64)> {
    let bytes = match value {
        Value::Text(text) => text.as_bytes(),
        Value::Bytes(bytes) => bytes,
        Value::Int(_) | Value::Null => return None,
    };
    let end = match bytes.last_chunk() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().fold(0, |mark, byte| mark << 8 | u64::from(*byte)),
    };
    Some((bytes.len(), end))
}

/// The table that a statement writes.
fn table_of(sql: &str) -> Option<&str> {
    let sql = sql.trim_start();
    let rest = ["INSERT INTO ", "UPDATE ", "DELETE FROM "].iter().find_map(|word| sql.strip_prefix(word))?;
    rest.split([' ', '(', '\n']).next().filter(|table| !table.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY_TEXT: &str = "SELECT doc FROM raw_order WHERE tenant = ?1 AND tid = ?2";
    const BY_KEY: &str = "SELECT id FROM balance WHERE warehouse = ?1";

    /// Whether both reads are still worth something after a write.
    fn after(sql: &str, params: &[Value<'_>]) -> (bool, bool) {
        let mut foretold = Foretold::default();
        let by_text: [Value<'_>; 2] = [7.into(), "T-1".into()];
        let nothing = foretold.announce(BY_TEXT, &by_text, Holds::WithoutItsTexts);
        let none = foretold.announce(BY_KEY, &[3.into()], Holds::WithItsRows("balance"));
        foretold.learn(vec![(nothing, Some(Vec::new())), (none, Some(Vec::new()))]);
        foretold.overtake(crate::postgres::merge::part(sql), sql, params);
        let holds = |worth| matches!(worth, Worth::Rows(_));
        (holds(foretold.take(BY_TEXT, &by_text)), holds(foretold.take(BY_KEY, &[3.into()])))
    }

    #[test]
    fn an_answer_holds_until_a_write_may_make_it_untrue() {
        let raw = "INSERT INTO raw_order (id, tid) VALUES (?1, ?2)";
        assert_eq!(after(raw, &[1.into(), "T-2".into()]), (true, true));
        assert_eq!(after(raw, &[1.into(), "T-1".into()]), (false, true));
        assert_eq!(after("UPDATE raw_order SET tid = ?2 WHERE id = ?1", &[1.into(), "T-1".into()]), (false, true));
        assert_eq!(after("INSERT INTO balance (id) VALUES (?1)", &[1.into()]), (true, false));
        assert_eq!(after("UPDATE balance SET x = 1 WHERE id = ?1", &[1.into()]), (true, true));
        assert_eq!(after("UPDATE balance SET x = 1 WHERE warehouse = ?1", &[3.into()]), (true, false));
        assert_eq!(after("DELETE FROM raw_order WHERE shop = ?1", &[3.into()]), (false, true));
        assert_eq!(after("WITH a AS (SELECT 1) DELETE FROM x", &[]), (false, false));
    }

    #[test]
    fn an_answer_is_given_once_and_only_when_it_is_there() {
        let mut foretold = Foretold::default();
        let number = foretold.announce(BY_KEY, &[3.into()], Holds::WithItsRows("balance"));
        assert!(matches!(foretold.take(BY_KEY, &[3.into()]), Worth::Wait));
        foretold.learn(vec![(number, Some(Vec::new()))]);
        assert!(matches!(foretold.take(BY_KEY, &[4.into()]), Worth::Nothing));
        assert!(matches!(foretold.take(BY_KEY, &[3.into()]), Worth::Rows(_)));
        assert!(matches!(foretold.take(BY_KEY, &[3.into()]), Worth::Nothing));
    }

    #[test]
    fn the_written_table_is_known() {
        for (sql, table) in [
            ("INSERT INTO counter (a) VALUES (1) ON CONFLICT DO NOTHING", Some("counter")),
            ("\n  UPDATE balance SET x = 1", Some("balance")),
            ("DELETE FROM waiting_line WHERE x = 1", Some("waiting_line")),
            ("SELECT 1", None),
        ] {
            assert_eq!(table_of(sql), table, "{sql}");
        }
    }
}
