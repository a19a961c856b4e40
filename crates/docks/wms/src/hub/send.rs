//! Carrying a task out: claimed in one unit, told, its answer settled in another.
//!
//! A claimed task is leased: when the program dies under it, it falls due again and is told again, which the other side discards by
//! the number of the document.

use std::sync::Arc;

use store::{Store, Tenant, Tx};
use units::Clock;

use super::task::{Task, TaskState};
use super::{compose, pause, settle};
use crate::message::Answer;
use crate::outgoing::{Outbound, Outgoing, Signer};
use crate::{Result, limits, table};

/// A task that is ready to leave.
struct Claimed {
    task: Task,
    url: String,
    private_allowed: bool,
    signer: Signer,
    body: String,
}

/// What became of a message.
pub(super) enum Told {
    /// The other side answered.
    Answered(Answer),
    /// It cannot be known whether it has the message.
    Unknown(String),
}

pub(super) async fn tell(
    store: &Store,
    outgoing: &Arc<dyn Outgoing>,
    clock: &dyn Clock,
    tenant: Tenant,
    settings: &erp::Settings,
    id: i64,
) -> Result<()> {
    let now = store.clock().now();
    let Some(claimed) = store.write(tenant, move |tx| claim(tx, id, now)).await? else { return Ok(()) };
    let Claimed { task, url, private_allowed, signer, body } = claimed;
    let line = signer.customer_id.clone();
    let query = signer.query(&task.method, clock.now(), body.as_bytes());
    let call = Outbound { url, query, body: body.into(), patience: limits::PATIENCE, line, private_allowed };
    let (told, received) = match outgoing.post(call).await {
        Err(why) => (Told::Unknown(why.clone()), why),
        Ok(reply) => {
            let text = String::from_utf8_lossy(&reply).chars().take(limits::TEXT * 4).collect();
            let told = match Answer::read(&reply) {
                Answer::Unclear(why) => Told::Unknown(why),
                answer => Told::Answered(answer),
            };
            (told, text)
        }
    };
    let (settings, attempts, told) = (settings.clone(), task.attempts, Arc::new(told));
    store.write(tenant, move |tx| finish(tx, &settings, id, attempts, &told, &received)).await
}

fn claim(tx: &mut Tx, id: i64, now: units::Moment) -> Result<Option<Claimed>> {
    let Some(mut task) = table::task(tx, id)?.filter(|task| task.due <= now) else { return Ok(None) };
    if !matches!(task.state, TaskState::Waiting | TaskState::Sending) {
        return Ok(None);
    }
    if task.state == TaskState::Sending {
        // Whoever had it never came back.
        task.unclear += 1;
    }
    task.modified = tx.now();
    let Some(binding) = table::binding(tx, task.binding)?.filter(|binding| !binding.disabled) else {
        task.state = TaskState::Dead;
        "对接关系已停用".clone_into(&mut task.problem);
        table::save_task(tx, &task)?;
        return Ok(None);
    };
    let body = match compose::compose(tx, &binding, &task)? {
        compose::Composed::Ready(body) => body,
        compose::Composed::Pointless(why) => {
            task.state = TaskState::Dropped;
            task.problem = why;
            table::save_task(tx, &task)?;
            return Ok(None);
        }
        compose::Composed::Held(why) => {
            task.state = TaskState::Waiting;
            task.problem = why;
            task.due = tx.now().plus(limits::HELD);
            table::save_task(tx, &task)?;
            return Ok(None);
        }
    };
    task.state = TaskState::Sending;
    task.attempts += 1;
    task.due = tx.now().plus(limits::LEASE);
    task.exchange.sent.clone_from(&body);
    task.exchange.received.clear();
    table::save_task(tx, &task)?;
    let signer = Signer {
        app_key: binding.app_key,
        secret: binding.secret,
        customer_id: binding.customer_id,
        spelling: binding.spelling,
        version: binding.version,
    };
    Ok(Some(Claimed { task, url: binding.url, private_allowed: binding.private_allowed, signer, body }))
}

/// Settles an attempt, unless the lease is over and somebody else has the task.
fn finish(tx: &mut Tx, settings: &erp::Settings, id: i64, attempts: i64, told: &Told, received: &str) -> Result<()> {
    let Some(mut task) = table::task(tx, id)? else { return Ok(()) };
    if task.state != TaskState::Sending || task.attempts != attempts {
        return Ok(());
    }
    received.clone_into(&mut task.exchange.received);
    task.modified = tx.now();
    match told {
        Told::Answered(answer) => settle::settle(tx, settings, &mut task, answer)?,
        Told::Unknown(why) => {
            task.unclear += 1;
            settle::unknown(tx, &task, why)?;
            task.problem = why.chars().take(limits::REASON).collect();
            if task.attempts >= limits::ATTEMPTS {
                task.state = TaskState::Dead;
                tx.event(
                    "wms.task_dead",
                    &task.doc_no,
                    &serde_json::json!({ "method": task.method, "problem": task.problem }),
                )?;
            } else {
                task.state = TaskState::Waiting;
                task.due = tx.now().plus(pause(task.attempts - 1));
            }
        }
    }
    table::save_task(tx, &task)
}
