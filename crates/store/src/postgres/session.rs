//! One PostgreSQL connection: prepared statements, deferred writes, the savepoint of the unit that runs on it.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

use futures_util::{StreamExt, pin_mut};
use tokio::runtime::Runtime;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Statement};

use crate::postgres::cell::{fits, kind_of};
use crate::postgres::connect::Dial;
use crate::postgres::fault::fault;
use crate::postgres::flow::{self, Ahead, Kept, Waiting};
use crate::postgres::merge;
use crate::reader::{Outcome, Trouble};
use crate::row::{Kind, Row};
use crate::unit::{Care, Ended};
use crate::{Error, Result, Statistics, Value, limits};

/// A connection with its own runtime: the unit is synchronous, the protocol is not.
pub(crate) struct Pg {
    runtime: Runtime,
    dial: Dial,
    link: Option<Link>,
    waiting: Vec<Waiting>,
    /// Whether the current unit's savepoint has been sent.
    saved: bool,
    wrote: bool,
    care: Care,
    /// Reads that were foreseen in this unit: number, text and parameters. Numbers are never used twice, because a read of one
    /// unit may go out with the next.
    foreseen: Vec<(usize, Box<str>, Vec<Kept>)>,
    numbers: usize,
    ahead: Ahead,
    statistics: Arc<Statistics>,
}

/// An open connection and what is prepared on it.
struct Link {
    client: Client,
    statements: HashMap<Box<str>, Statement>,
}

impl Link {
    /// The prepared statement of a text that is in PostgreSQL's spelling already.
    fn prepared(&mut self, runtime: &Runtime, text: &str, kinds: &[Type]) -> Result<Statement> {
        if let Some(known) = self.statements.get(text) {
            return Ok(known.clone());
        }
        let client = &self.client;
        let preparing = async { tokio::time::timeout(limits::EXCHANGE, client.prepare_typed(text, kinds)).await };
        let statement = match runtime.block_on(preparing) {
            Ok(prepared) => prepared.map_err(|error| fault(&error))?,
            Err(_) => return Err(Error::Lost("PostgreSQL has not answered".to_owned())),
        };
        if self.statements.len() >= limits::STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(text.into(), statement.clone());
        Ok(statement)
    }
}

/// PostgreSQL cannot keep the character NUL in a text.
fn check_texts(params: &[Value<'_>]) -> Result<()> {
    for (index, value) in params.iter().enumerate() {
        if let Value::Text(text) = value
            && text.as_bytes().contains(&0)
        {
            return Err(Error::Invalid(format!("parameter {} holds a NUL character", index + 1)));
        }
    }
    Ok(())
}

/// Begins a part of a unit.
const PART: &str = "SAVEPOINT part";

impl Pg {
    pub(crate) fn new(config: Config, statistics: Arc<Statistics>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::Disk(format!("a thread's runtime: {error}")))?;
        Ok(Self {
            runtime,
            dial: Dial::new(config),
            link: None,
            waiting: Vec::new(),
            saved: false,
            wrote: false,
            care: Care::Careful,
            foreseen: Vec::new(),
            numbers: 0,
            ahead: Ahead::new(),
            statistics,
        })
    }

    /// Connects when there is no connection.
    pub(crate) fn ready(&mut self) -> Result<()> {
        if self.link.as_ref().is_some_and(|link| !link.client.is_closed()) {
            return Ok(());
        }
        self.link = None;
        let client = self.dial.connect(&self.runtime)?;
        self.link = Some(Link { client, statements: HashMap::new() });
        Ok(())
    }

    /// Forgets the connection: the next use opens another.
    pub(crate) fn hang_up(&mut self) {
        self.waiting.clear();
        if self.link.take().is_some() {
            Statistics::add(&self.statistics.lost, 1);
        }
    }

    /// Drops what has not been sent.
    pub(crate) fn forget_waiting(&mut self) {
        self.waiting.clear();
    }

    /// Sends this with the next statement.
    pub(crate) fn later(&mut self, sql: &'static str) {
        self.waiting.push(Waiting::Control(sql));
    }

    /// Runs statements without parameters or result.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.talk(|client, waiting, ahead| async move {
            flow::send(client, &waiting, ahead, client.batch_execute(sql)).await
        })
    }

    pub(crate) fn start_unit(&mut self, care: Care) {
        self.saved = false;
        self.wrote = false;
        self.care = care;
        self.foreseen.clear();
        self.ahead.clear();
        if care == Care::Careful {
            self.later("SAVEPOINT unit");
        }
    }

    /// Ends the unit. An error leaves the transaction at the unit's savepoint, to be undone.
    pub(crate) fn end_unit(&mut self, keep: bool) -> Result<Ended> {
        match (self.care, keep) {
            // What it deferred goes out with the next unit's first exchange, or with the commit.
            (Care::Trusting, true) if self.wrote => Ok(Ended::Wrote),
            (Care::Trusting, false) if self.wrote => Ok(Ended::Entangled),
            (Care::Trusting, _) => Ok(Ended::Idle),
            (Care::Careful, false) => {
                self.waiting.clear();
                if self.saved {
                    self.batch("ROLLBACK TO unit; RELEASE unit")?;
                }
                Ok(Ended::Idle)
            }
            (Care::Careful, true) if !self.saved && !self.wrote => {
                self.waiting.clear();
                Ok(Ended::Idle)
            }
            (Care::Careful, true) => {
                self.batch("RELEASE unit")?;
                Ok(if self.wrote { Ended::Wrote } else { Ended::Idle })
            }
        }
    }

    /// Marks the point to which a part of the unit can be undone; sent with the part's first exchange.
    pub(crate) fn begin_part(&mut self) {
        self.later(PART);
    }

    pub(crate) fn end_part(&mut self, keep: bool) -> Result<()> {
        let unsent = self.waiting.iter().rposition(|one| matches!(one, Waiting::Control(sql) if *sql == PART));
        match (keep, unsent) {
            (true, _) => {
                self.later("RELEASE part");
                Ok(())
            }
            // Nothing of the part has reached the server.
            (false, Some(start)) => {
                self.waiting.truncate(start);
                Ok(())
            }
            (false, None) => {
                self.waiting.clear();
                self.batch("ROLLBACK TO part; RELEASE part")
            }
        }
    }

    pub(crate) fn put(&mut self, sql: &str, params: &[Value<'_>]) -> Outcome<()> {
        self.wrote = true;
        let kept = || params.iter().copied().map(Kept::of).collect();
        if let Some(part) = merge::part(sql) {
            check_texts(params).map_err(Trouble::Engine)?;
            self.waiting.push(Waiting::Part(merge::Piece::new(sql, part, kept())));
        } else {
            let statement = self.prepare(sql, params).map_err(Trouble::Engine)?;
            self.waiting.push(Waiting::Write(statement, kept()));
        }
        Ok(())
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Outcome<u64> {
        self.wrote = true;
        let statement = self.prepare(sql, params).map_err(Trouble::Engine)?;
        self.talk(|client, waiting, ahead| async move {
            flow::send(client, &waiting, ahead, client.execute_raw(&statement, params.iter().copied())).await
        })
        .map_err(Trouble::Engine)
    }

    /// Sends a read with the next exchange, whatever that is; [`Self::rows`] finds its answer.
    pub(crate) fn foresee(&mut self, sql: &str, params: &[Value<'_>]) -> Result<()> {
        let statement = self.prepare(sql, params)?;
        let kept = || params.iter().copied().map(Kept::of).collect::<Vec<_>>();
        self.numbers += 1;
        self.waiting.push(Waiting::Read(self.numbers, statement, kept()));
        self.foreseen.push((self.numbers, sql.into(), kept()));
        Ok(())
    }

    /// The rows of a read that was foreseen, once.
    fn come_ahead(&mut self, sql: &str, params: &[Value<'_>]) -> Option<Vec<tokio_postgres::Row>> {
        let (number, ..) = self.foreseen.iter().find(|(_, text, kept)| {
            **text == *sql && kept.len() == params.len() && kept.iter().zip(params).all(|(kept, value)| kept.is(*value))
        })?;
        let at = self.ahead.iter().position(|(of, _)| of == number)?;
        Some(self.ahead.swap_remove(at).1)
    }

    pub(crate) fn rows(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Outcome<()> {
        if !self.foreseen.is_empty()
            && let Some(rows) = self.come_ahead(sql, params)
        {
            for found in &rows {
                if !row(&Row(Kind::Pg(found))).map_err(Trouble::Caller)? {
                    break;
                }
            }
            return Ok(());
        }
        self.wrote |= !sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"));
        let statement = self.prepare(sql, params).map_err(Trouble::Engine)?;
        let mut caller = Ok(());
        let answered = &mut caller;
        let engine = self.talk(|client, waiting, ahead| async move {
            let stream =
                flow::send(client, &waiting, ahead, client.query_raw(&statement, params.iter().copied())).await?;
            pin_mut!(stream);
            let mut wanted = true;
            while let Some(found) = stream.next().await {
                let found = found?;
                if wanted {
                    wanted = row(&Row(Kind::Pg(&found))).unwrap_or_else(|error| {
                        *answered = Err(error);
                        false
                    });
                }
            }
            Ok(())
        });
        engine.map_err(Trouble::Engine)?;
        caller.map_err(Trouble::Caller)
    }

    /// The prepared statement of this text. Parameters are typed by what is given; NULL takes the type that the server infers.
    fn prepare(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Statement> {
        check_texts(params)?;
        let known = self.link.as_ref().and_then(|link| link.statements.get(sql)).cloned();
        if let Some(statement) = &known
            && statement.params().len() == params.len()
            && params.iter().zip(statement.params()).all(|(value, kind)| fits(*value, kind))
        {
            return Ok(statement.clone());
        }
        let inferred = known.as_ref().map_or(&[][..], Statement::params);
        let kinds: Vec<_> = params
            .iter()
            .enumerate()
            .map(|(index, value)| match (value, inferred.get(index)) {
                (Value::Null, Some(kind)) => kind.clone(),
                _ => kind_of(*value),
            })
            .collect();
        let text = dollars(sql);
        let statement = self.talk(|client, waiting, ahead| async move {
            flow::send(client, &waiting, ahead, client.prepare_typed(&text, &kinds)).await
        })?;
        if let Some(link) = &mut self.link {
            if link.statements.len() >= limits::STATEMENTS {
                link.statements.clear();
            }
            link.statements.insert(sql.into(), statement.clone());
        }
        Ok(statement)
    }

    /// Runs of writes that may be merged as one statement each.
    fn merged(&mut self, waiting: Vec<Waiting>) -> Result<Vec<Waiting>> {
        let Self { runtime, link, .. } = self;
        let Some(link) = link.as_mut() else { return Ok(waiting) };
        let mut out = Vec::with_capacity(waiting.len());
        let mut run = merge::Run::default();
        for one in waiting {
            match one {
                Waiting::Part(piece) => {
                    if !run.takes(&piece) {
                        out.extend(run.finish(|text, kinds| link.prepared(runtime, text, kinds))?);
                    }
                    run.push(piece);
                }
                other => {
                    out.extend(run.finish(|text, kinds| link.prepared(runtime, text, kinds))?);
                    out.push(other);
                }
            }
        }
        out.extend(run.finish(|text, kinds| link.prepared(runtime, text, kinds))?);
        Ok(out)
    }

    /// One exchange with the server: what waits, and something more. A lost connection is forgotten.
    fn talk<'s, T, F, A>(&'s mut self, exchange: F) -> Result<T>
    where
        F: FnOnce(&'s Client, Vec<Waiting>, &'s mut Ahead) -> A,
        A: Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    {
        let waiting = std::mem::take(&mut self.waiting);
        self.saved |= !waiting.is_empty();
        let waiting = self.merged(waiting)?;
        let Self { runtime, link, ahead, .. } = self;
        let Some(open) = link.as_ref() else {
            return Err(Error::Lost("there is no connection".to_owned()));
        };
        let exchange = exchange(&open.client, waiting, ahead);
        let outcome = runtime.block_on(async move { tokio::time::timeout(limits::EXCHANGE, exchange).await });
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => Err(Error::Lost("PostgreSQL has not answered".to_owned())),
        }
    }
}

/// `?1` as PostgreSQL writes it: `$1`. Question marks between quotes stay.
fn dollars(sql: &str) -> String {
    let mut quoted = false;
    sql.chars()
        .map(|c| match c {
            '\'' => {
                quoted = !quoted;
                c
            }
            '?' if !quoted => '$',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn parameters_are_spelled_with_dollars() {
        assert_eq!(super::dollars("SELECT '?1', ?1, ?12"), "SELECT '?1', $1, $12");
    }
}
