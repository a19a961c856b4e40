//! One PostgreSQL connection: prepared statements, deferred writes, the savepoint of the unit that runs on it.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use futures_util::{StreamExt, pin_mut};
use tokio::runtime::Runtime;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Statement};

use crate::postgres::cell::{fits, kind_of};
use crate::postgres::connect::Dial;
use crate::postgres::fault::fault;
use crate::postgres::flow::{self, Ahead, Flight, Kept, Waiting};
use crate::postgres::foretold::{Foretold, Holds, Worth};
use crate::postgres::merge;
use crate::postgres::probe::{Doubt, Probe};
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
    /// Writes that are under way; nobody waits for them yet.
    flights: Vec<Flight>,
    foretold: Foretold,
    statistics: Arc<Statistics>,
}

/// An open connection and what is prepared on it.
struct Link {
    client: Arc<Client>,
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
            .event_interval(1)
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
            flights: Vec::new(),
            foretold: Foretold::default(),
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
        self.link = Some(Link { client: Arc::new(client), statements: HashMap::new() });
        Ok(())
    }

    /// Forgets the connection: the next use opens another.
    pub(crate) fn hang_up(&mut self) {
        self.forget_waiting();
        if self.link.take().is_some() {
            Statistics::add(&self.statistics.lost, 1);
        }
    }

    /// Drops what has not been sent, and the outcome of what has.
    pub(crate) fn forget_waiting(&mut self) {
        self.waiting.clear();
        self.flights.clear();
        self.foretold.clear();
    }

    /// Forgets what was announced; what several units begin by reading may be announced now.
    pub(crate) fn start_looking(&mut self) {
        self.foretold.clear();
    }

    /// Asks for all that was announced, in one exchange.
    pub(crate) fn look(&mut self) -> Result<()> {
        if !self.foretold.has_open() {
            return Ok(());
        }
        self.talk(|_| std::future::ready(Ok(())))
    }

    /// Sends this with the next statement.
    pub(crate) fn later(&mut self, sql: &'static str) {
        self.waiting.push(Waiting::Control(sql));
    }

    /// Runs statements without parameters or result.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.talk(|client| async move { client.batch_execute(sql).await })
    }

    pub(crate) fn start_unit(&mut self, care: Care) {
        self.saved = false;
        self.wrote = false;
        self.care = care;
        if matches!(self.waiting.last(), Some(Waiting::Part(_))) {
            self.waiting.push(Waiting::Seam);
        }
        if care == Care::Careful {
            self.later("SAVEPOINT unit");
        }
    }

    /// Ends the unit. An error leaves the transaction at the unit's savepoint, to be undone.
    pub(crate) fn end_unit(&mut self, keep: bool) -> Result<Ended> {
        match (self.care, keep) {
            // What it deferred is on its way while the next unit decides.
            (Care::Trusting, true) if self.wrote => self.launch().map(|()| Ended::Wrote),
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
        let part = merge::part(sql);
        self.foretold.overtake(part, sql, params);
        if let Some(part) = part {
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
        self.foretold.overtake(merge::part(sql), sql, params);
        let statement = self.prepare(sql, params).map_err(Trouble::Engine)?;
        self.talk(|client| async move { client.execute_raw(&statement, params.iter().copied()).await })
            .map_err(Trouble::Engine)
    }

    /// Sends a read with the next exchange, whatever that is; [`Self::rows`] finds its answer. Of one that probably finds nothing
    /// is only asked whether it would.
    pub(crate) fn foresee(&mut self, sql: &str, params: &[Value<'_>], holds: Holds) -> Result<()> {
        check_texts(params)?;
        let kept = || params.iter().copied().map(Kept::of).collect::<Vec<_>>();
        let one = match holds {
            Holds::WithoutItsTexts => {
                Waiting::Doubt(Doubt::new(self.foretold.announce(sql, params, holds), sql, kept()))
            }
            Holds::WithItsRows(_) => {
                let statement = self.prepare(sql, params)?;
                Waiting::Read(self.foretold.announce(sql, params, holds), statement, kept())
            }
        };
        self.waiting.push(one);
        Ok(())
    }

    /// The rows of a read that was foreseen, once.
    fn foretold(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Option<Vec<tokio_postgres::Row>>> {
        let mut worth = self.foretold.take(sql, params);
        if matches!(worth, Worth::Wait) {
            self.look()?;
            worth = self.foretold.take(sql, params);
        }
        match worth {
            Worth::Rows(rows) => Ok(Some(rows)),
            Worth::Nothing => Ok(None),
            Worth::Wait => {
                self.foretold.drop_open(sql, params);
                Ok(None)
            }
        }
    }

    pub(crate) fn rows(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Outcome<()> {
        if let Some(rows) = self.foretold(sql, params).map_err(Trouble::Engine)? {
            for found in &rows {
                if !row(&Row(Kind::Pg(found))).map_err(Trouble::Caller)? {
                    break;
                }
            }
            return Ok(());
        }
        if !sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select")) {
            self.wrote = true;
            self.foretold.overtake(None, sql, params);
        }
        let statement = self.prepare(sql, params).map_err(Trouble::Engine)?;
        let mut caller = Ok(());
        let answered = &mut caller;
        let engine = self.talk(|client| async move {
            let stream = client.query_raw(&statement, params.iter().copied()).await?;
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
        let statement = self.talk(|client| async move { client.prepare_typed(&text, &kinds).await })?;
        if let Some(link) = &mut self.link {
            if link.statements.len() >= limits::STATEMENTS {
                link.statements.clear();
            }
            link.statements.insert(sql.into(), statement.clone());
        }
        Ok(statement)
    }

    /// Runs of writes that may be merged as one statement each, and so are runs of doubts.
    fn merged(&mut self, waiting: Vec<Waiting>) -> Result<Vec<Waiting>> {
        let Self { runtime, link, .. } = self;
        let Some(link) = link.as_mut() else { return Ok(waiting) };
        let mut prepare = |text: &str, kinds: &[Type]| link.prepared(runtime, text, kinds);
        let mut out = Vec::with_capacity(waiting.len());
        let (mut run, mut probe) = (merge::Run::default(), Probe::default());
        for one in waiting {
            if !matches!(&one, Waiting::Part(piece) if run.takes(piece)) {
                out.extend(run.finish(&mut prepare)?);
            }
            if !matches!(one, Waiting::Doubt(_)) {
                out.extend(probe.finish(&mut prepare)?);
            }
            match one {
                Waiting::Part(piece) => run.push(piece),
                Waiting::Doubt(doubt) => probe.push(doubt),
                Waiting::Seam => {}
                other => out.push(other),
            }
        }
        out.extend(run.finish(&mut prepare)?);
        out.extend(probe.finish(&mut prepare)?);
        Ok(out)
    }

    /// What waits goes on its way.
    fn take_off(&mut self) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        self.saved |= !waiting.is_empty();
        let waiting = self.merged(waiting)?;
        let link = self.link.as_ref().ok_or_else(no_connection)?;
        self.flights.extend(waiting.into_iter().map(|one| Flight::of(one, &link.client)));
        Ok(())
    }

    /// Sends what waits; its outcome is met by the next exchange.
    fn launch(&mut self) -> Result<()> {
        self.take_off()?;
        self.runtime.block_on(flow::launch(&mut self.flights));
        Ok(())
    }

    /// One exchange with the server: what is under way, what waits, and something more. A lost connection is forgotten.
    fn talk<T, A>(&mut self, exchange: impl FnOnce(Arc<Client>) -> A) -> Result<T>
    where
        A: Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    {
        self.take_off()?;
        let client = self.link.as_ref().map(|link| Arc::clone(&link.client)).ok_or_else(no_connection)?;
        let (flights, mut ahead) = (std::mem::take(&mut self.flights), Ahead::new());
        let exchange = flow::send(flights, &mut ahead, exchange(client));
        let patient = async move { tokio::time::timeout(limits::EXCHANGE, exchange).await };
        let outcome = self.runtime.block_on(alert(patient));
        self.foretold.learn(ahead);
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => Err(Error::Lost("PostgreSQL has not answered".to_owned())),
        }
    }
}

fn no_connection() -> Error {
    Error::Lost("there is no connection".to_owned())
}

/// Looks again and again for a little while before it sleeps: to be woken costs both sides more than most answers take.
async fn alert<T>(exchange: impl Future<Output = T>) -> T {
    let mut exchange = pin!(exchange);
    let began = Instant::now();
    poll_fn(|context| {
        let outcome = exchange.as_mut().poll(context);
        if outcome.is_pending() && began.elapsed() < limits::ALERT {
            std::thread::yield_now();
            context.waker().wake_by_ref();
        }
        outcome
    })
    .await
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
