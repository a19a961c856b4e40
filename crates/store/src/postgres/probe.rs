//! Announced reads of which nothing is expected, asked as one: `SELECT EXISTS(…), EXISTS(…)`. What finds nothing is answered
//! by that; what would find something is read when somebody wants it.

use tokio_postgres::Statement;
use tokio_postgres::types::Type;

use crate::Result;
use crate::postgres::flow::{Kept, Waiting};
use crate::postgres::merge::shift;

/// A read that waits to be asked with others.
pub(crate) struct Doubt {
    number: usize,
    sql: Box<str>,
    params: Vec<Kept>,
}

impl Doubt {
    pub(crate) fn new(number: usize, sql: &str, params: Vec<Kept>) -> Self {
        Self { number, sql: sql.into(), params }
    }
}

/// Reads that are being put together.
#[derive(Default)]
pub(crate) struct Probe {
    text: String,
    numbers: Vec<usize>,
    params: Vec<Kept>,
}

impl Probe {
    pub(crate) fn push(&mut self, doubt: Doubt) {
        self.text.push_str(if self.numbers.is_empty() { "SELECT EXISTS (" } else { ", EXISTS (" });
        shift(&doubt.sql, self.params.len(), &mut self.text);
        self.text.push(')');
        self.numbers.push(doubt.number);
        self.params.extend(doubt.params);
    }

    /// The statement to send, if there is one; the probe begins again.
    pub(crate) fn finish(
        &mut self,
        prepare: impl FnOnce(&str, &[Type]) -> Result<Statement>,
    ) -> Result<Option<Waiting>> {
        if self.numbers.is_empty() {
            return Ok(None);
        }
        let Self { text, numbers, params } = std::mem::take(self);
        let kinds: Vec<Type> = params.iter().map(Kept::kind).collect();
        Ok(Some(Waiting::Probe(numbers, prepare(&text, &kinds)?, params)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_are_asked_together() {
        let mut probe = Probe::default();
        probe.push(Doubt::new(4, "SELECT x FROM a WHERE x = ?1 AND y = ?2", vec![Kept::Int(1), Kept::Int(2)]));
        probe.push(Doubt::new(5, "SELECT x FROM b WHERE x = ?1", vec![Kept::Int(3)]));
        assert_eq!(
            probe.text,
            "SELECT EXISTS (SELECT x FROM a WHERE x = $1 AND y = $2), EXISTS (SELECT x FROM b WHERE x = $3)"
        );
        assert_eq!((probe.numbers, probe.params.len()), (vec![4, 5], 3));
    }
}
