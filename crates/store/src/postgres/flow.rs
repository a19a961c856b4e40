//! Pipelining: statements go out in order without waiting for each other's answers.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use futures_util::TryStreamExt;
use futures_util::future::{MaybeDone, maybe_done};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row, Statement};

use crate::Value;
use crate::postgres::cell::kind_of;
use crate::postgres::merge::Piece;

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
}

/// Rows of reads that went out ahead of their time, by the number of the read.
pub(crate) type Ahead = Vec<(usize, Vec<Row>)>;

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
    async fn send(&self, client: &Client) -> Result<Option<(usize, Vec<Row>)>, Error> {
        match self {
            Self::Control(sql) => client.batch_execute(sql).await.map(|()| None),
            Self::Write(statement, params) => {
                client.execute_raw(statement, params.iter().map(Kept::value)).await.map(|_| None)
            }
            // Merging makes a statement of it; nothing sends it as it is.
            Self::Part(..) => Ok(None),
            Self::Read(number, statement, params) => {
                let rows = client.query_raw(statement, params.iter().map(Kept::value)).await?;
                Ok(Some((*number, rows.try_collect().await?)))
            }
        }
    }
}

/// Sends all of `waiting` and then `last`, and waits for all answers; those of reads go to `ahead`. The first error is the one
/// that counts: what follows it only says that the transaction is spoiled.
pub(crate) async fn send<T>(
    client: &Client,
    waiting: &[Waiting],
    ahead: &mut Ahead,
    last: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    type Sent<'a> = MaybeDone<Pin<Box<dyn Future<Output = Result<Option<(usize, Vec<Row>)>, Error>> + 'a>>>;
    let mut sent: Vec<Sent<'_>> =
        waiting.iter().map(|one| maybe_done(Box::pin(one.send(client)) as Pin<Box<dyn Future<Output = _>>>)).collect();
    let mut last = pin!(last);
    let mut early = None;
    // A statement goes out when its future is polled first.
    poll_fn(|context| {
        for one in &mut sent {
            let _ = Pin::new(one).poll(context);
        }
        if let Poll::Ready(outcome) = last.as_mut().poll(context) {
            early = Some(outcome);
        }
        Poll::Ready(())
    })
    .await;
    let mut outcome = Ok(());
    for one in &mut sent {
        Pin::new(&mut *one).await;
        match Pin::new(one).take_output() {
            Some(Err(error)) => outcome = outcome.and(Err(error)),
            Some(Ok(rows)) => ahead.extend(rows),
            None => {}
        }
    }
    let last = match early {
        Some(outcome) => outcome,
        None => last.await,
    };
    outcome.and(last)
}
