//! Pipelining: statements go out in order without waiting for each other's answers.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use futures_util::future::{MaybeDone, maybe_done};
use tokio_postgres::{Client, Error, Statement};

use crate::Value;

/// A statement that has not been sent yet.
pub(crate) enum Waiting {
    /// Transaction control.
    Control(&'static str),
    /// A deferred write.
    Write(Statement, Vec<Kept>),
}

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
    async fn send(&self, client: &Client) -> Result<(), Error> {
        match self {
            Self::Control(sql) => client.batch_execute(sql).await,
            Self::Write(statement, params) => {
                client.execute_raw(statement, params.iter().map(Kept::value)).await.map(drop)
            }
        }
    }
}

/// Sends all of `waiting` and then `last`, and waits for all answers. The first error is the one that counts: what follows it
/// only says that the transaction is spoiled.
pub(crate) async fn send<T>(
    client: &Client,
    waiting: &[Waiting],
    last: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    type Sent<'a> = MaybeDone<Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>>;
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
        if let Some(Err(error)) = Pin::new(one).take_output() {
            outcome = outcome.and(Err(error));
        }
    }
    let last = match early {
        Some(outcome) => outcome,
        None => last.await,
    };
    outcome.and(last)
}
