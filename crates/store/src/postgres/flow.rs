//! Pipelining: statements go out in order without waiting for each other's answers.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::TryStreamExt;
use futures_util::future::{MaybeDone, maybe_done};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row, Statement};

use crate::Value;
use crate::postgres::cell::kind_of;
use crate::postgres::merge::Piece;
use crate::postgres::probe::Doubt;

/// A statement that has not been sent yet.
pub(crate) enum Waiting {
    /// Transaction control.
    Control(&'static str),
    /// A deferred write.
    Write(Statement, Vec<Kept>),
    /// A deferred write that is merged with its neighbours before it is sent.
    Part(Piece),
    /// A read that somebody will want soon; its number.
    Read(usize, Statement, Vec<Kept>),
    /// The same, of which nothing is expected; it is asked together with its neighbours before it is sent.
    Doubt(Doubt),
    /// Whether each of these reads would find anything: one row with a boolean for each number.
    Probe(Vec<usize>, Statement, Vec<Kept>),
    /// Writes of two units meet here and stay apart, so that statements have the same few shapes.
    Seam,
}

/// Answers to reads that went out ahead of their time, by the number of the read: its rows, or `None` when there are some that
/// were not asked for.
pub(crate) type Ahead = Vec<(usize, Option<Vec<Row>>)>;

/// A parameter of one's own.
pub(crate) enum Kept {
    Int(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Null,
}

impl Kept {
    pub(crate) fn of(value: Value<'_>) -> Self {
        match value {
            Value::Int(n) => Self::Int(n),
            Value::Text(text) => Self::Text(text.into()),
            Value::Bytes(bytes) => Self::Bytes(bytes.into()),
            Value::Null => Self::Null,
        }
    }

    /// The type that the server is told.
    pub(crate) fn kind(&self) -> Type {
        kind_of(self.value())
    }

    pub(crate) fn is(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Int(a), Value::Int(b)) => *a == b,
            (Self::Text(a), Value::Text(b)) => **a == *b,
            (Self::Bytes(a), Value::Bytes(b)) => **a == *b,
            (Self::Null, Value::Null) => true,
            _ => false,
        }
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Int(n) => Value::Int(*n),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Bytes(bytes),
            Self::Null => Value::Null,
        }
    }
}

impl Waiting {
    async fn send(self, client: Arc<Client>) -> Result<Ahead, Error> {
        match self {
            Self::Control(sql) => client.batch_execute(sql).await.map(|()| Ahead::new()),
            Self::Write(statement, params) => {
                client.execute_raw(&statement, params.iter().map(Kept::value)).await.map(|_| Ahead::new())
            }
            // Merging makes statements of these; nothing sends them as they are.
            Self::Part(..) | Self::Doubt(..) | Self::Seam => Ok(Ahead::new()),
            Self::Read(number, statement, params) => {
                let rows = client.query_raw(&statement, params.iter().map(Kept::value)).await?;
                Ok(vec![(number, Some(rows.try_collect().await?))])
            }
            Self::Probe(numbers, statement, params) => {
                let rows = client.query_raw(&statement, params.iter().map(Kept::value)).await?;
                let rows: Vec<Row> = rows.try_collect().await?;
                let nothing = |place| rows.first().and_then(|row| row.try_get(place).ok()) == Some(false);
                let answers = numbers.into_iter().enumerate();
                Ok(answers.map(|(place, number)| (number, nothing(place).then(Vec::new))).collect())
            }
        }
    }
}

/// A statement that is under way.
pub(crate) struct Flight(MaybeDone<Course>);

type Course = Pin<Box<dyn Future<Output = Result<Ahead, Error>> + Send>>;

impl Flight {
    pub(crate) fn of(one: Waiting, client: &Arc<Client>) -> Self {
        Self(maybe_done(Box::pin(one.send(Arc::clone(client)))))
    }

    /// A statement goes out when it is polled first.
    fn poll(&mut self, context: &mut Context<'_>) {
        let _ = Pin::new(&mut self.0).poll(context);
    }

    async fn land(mut self) -> Result<Ahead, Error> {
        Pin::new(&mut self.0).await;
        Pin::new(&mut self.0).take_output().unwrap_or_else(|| Ok(Ahead::new()))
    }
}

/// Sends statements on their way without waiting for their answers.
pub(crate) async fn launch(flights: &mut [Flight]) {
    poll_fn(|context| {
        flights.iter_mut().for_each(|flight| flight.poll(context));
        Poll::Ready(())
    })
    .await;
    // What was handed to the connection is written when its task runs.
    tokio::task::yield_now().await;
}

/// Sends `last` behind what is under way, and waits for all answers; those of reads go to `ahead`. The first error is the one
/// that counts: what follows it only says that the transaction is spoiled.
pub(crate) async fn send<T>(
    mut flights: Vec<Flight>,
    ahead: &mut Ahead,
    last: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut last = pin!(last);
    let mut early = None;
    poll_fn(|context| {
        flights.iter_mut().for_each(|flight| flight.poll(context));
        if let Poll::Ready(outcome) = last.as_mut().poll(context) {
            early = Some(outcome);
        }
        Poll::Ready(())
    })
    .await;
    let mut outcome = Ok(());
    for flight in flights {
        match flight.land().await {
            Err(error) => outcome = outcome.and(Err(error)),
            Ok(answers) => ahead.extend(answers),
        }
    }
    let last = match early {
        Some(outcome) => outcome,
        None => last.await,
    };
    outcome.and(last)
}
