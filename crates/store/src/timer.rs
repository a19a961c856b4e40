//! Durable timers: something is to be done for a tenant at a moment, and will be, also after a crash.
//!
//! A due timer runs inside a unit of its tenant: the timer's end and what its handler writes are one transaction, so an effect happens
//! once. A handler that fails leaves nothing, and is tried again later and later. Two nodes may find the same timer; the tenant's
//! turn lets one of them have it.

use std::fmt::Display;

use serde::Serialize;
use units::Moment;

use crate::{Error, Reader, Result, Row, Store, Tenant, Tx, limits};

/// A timer that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Row of the timer.
    pub id: i64,
    /// When it was due.
    pub due: Moment,
    /// What is to be done.
    pub topic: String,
    /// To what. A tenant has one timer of a topic and key.
    pub key: String,
    /// JSON that [`set`] was given.
    pub body: String,
    /// Attempts that have failed.
    pub attempts: i64,
}

/// What a run has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Timers that are over.
    pub done: usize,
    /// Timers whose handler failed; they will be tried again.
    pub failed: usize,
}

/// Sets the timer of this topic and key, replacing an older one.
pub fn set(tx: &mut Tx, due: Moment, topic: &str, key: &str, body: &impl Serialize) -> Result<()> {
    let body = serde_json::to_string(body).map_err(|error| Error::Invalid(format!("timer body: {error}")))?;
    let (id, tenant) = (tx.document_id("timer")?, tx.tenant());
    tx.put(
        "INSERT INTO timer (id, tenant, due, topic, key, body, attempts, problem) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, '')
         ON CONFLICT (tenant, topic, key) DO UPDATE SET due = excluded.due, body = excluded.body, attempts = 0, problem = ''",
        &[id.into(), tenant.into(), due.into(), topic.into(), key.into(), (&body).into()],
    )
}

/// When the timer of this topic and key is due; `None` when there is none.
pub fn due(reader: &mut Reader, topic: &str, key: &str) -> Result<Option<Moment>> {
    let tenant = reader.tenant();
    reader.query_opt(
        "SELECT due FROM timer WHERE tenant = ?1 AND topic = ?2 AND key = ?3",
        &[tenant.into(), topic.into(), key.into()],
        |row| row.moment(0),
    )
}

/// Takes a timer back; false when there is none.
pub fn cancel(tx: &mut Tx, topic: &str, key: &str) -> Result<bool> {
    let tenant = tx.tenant();
    let rows = tx.execute(
        "DELETE FROM timer WHERE tenant = ?1 AND topic = ?2 AND key = ?3",
        &[tenant.into(), topic.into(), key.into()],
    )?;
    Ok(rows > 0)
}

impl Store {
    /// Runs up to `limit` timers that are due now, the oldest first, each in a unit of its tenant. A handler's error text is kept with
    /// the timer. An error of this function itself means that the store failed; whatever was not done stays due.
    pub async fn run_due_timers<E, F>(&self, limit: i64, handler: F) -> Result<Round>
    where
        F: Fn(&mut Tx, &Timer) -> std::result::Result<(), E> + Clone + Send + 'static,
        E: From<Error> + Display + Send + 'static,
    {
        let now = self.clock().now();
        let due = self
            .read(Tenant::HOUSE, move |reader| {
                reader.query(
                    "SELECT id, tenant FROM timer WHERE due <= ?1 ORDER BY due, id LIMIT ?2",
                    &[now.into(), limit.into()],
                    |row| Ok((row.int(0)?, Tenant(row.int(1)?))),
                )
            })
            .await?;
        let mut round = Round::default();
        for (id, tenant) in due {
            let handler = handler.clone();
            let ran: std::result::Result<bool, E> = self
                .write(tenant, move |tx| {
                    let Some(timer) = take(tx, id, now)? else { return Ok(false) };
                    handler(tx, &timer)?;
                    Ok(true)
                })
                .await;
            match ran {
                Ok(true) => round.done += 1,
                Ok(false) => {}
                Err(error) => {
                    let problem = error.to_string();
                    self.write(tenant, move |tx| postpone(tx, id, now, &problem)).await?;
                    round.failed += 1;
                }
            }
        }
        Ok(round)
    }
}

fn take(tx: &mut Tx, id: i64, now: Moment) -> Result<Option<Timer>> {
    tx.query_opt(
        "DELETE FROM timer WHERE id = ?1 AND due <= ?2 RETURNING id, due, topic, key, body, attempts",
        &[id.into(), now.into()],
        |row: &Row<'_>| {
            Ok(Timer {
                id: row.int(0)?,
                due: row.moment(1)?,
                topic: row.string(2)?,
                key: row.string(3)?,
                body: row.string(4)?,
                attempts: row.int(5)?,
            })
        },
    )
}

/// The pause doubles with every failure.
fn postpone(tx: &mut Tx, id: i64, now: Moment, problem: &str) -> Result<()> {
    let attempts =
        tx.query_opt("SELECT attempts FROM timer WHERE id = ?1 AND due <= ?2", &[id.into(), now.into()], |row| {
            row.int(0)
        })?;
    let Some(attempts) = attempts else { return Ok(()) };
    let pause = (limits::TIMER_PAUSE << attempts.clamp(0, 20)).min(limits::TIMER_PAUSE_LAST);
    let problem: String = problem.chars().take(500).filter(|c| *c != '\0').collect();
    tx.put(
        "UPDATE timer SET attempts = ?2, due = ?3, problem = ?4 WHERE id = ?1",
        &[id.into(), (attempts + 1).into(), now.plus(pause).into(), (&problem).into()],
    )
}
