//! What comes in: read, kept, applied, and only then answered. A repetition is discarded by its key.

use store::{Store, Tenant, Tx};
use wire::xml::Element;

use super::heard::{Heard, HeardState};
use super::{apply, pause};
use crate::binding::Binding;
use crate::{Error, Result, limits, table};

/// Keeps a message of an agreement and applies it, if it can be applied now.
pub(super) fn take(
    tx: &mut Tx,
    settings: &erp::Settings,
    binding: &Binding,
    method: &str,
    about: apply::About,
    text: &str,
) -> Result<Heard> {
    if let Some(mut known) = table::heard_before(tx, binding.id, method, &about.key)? {
        known.repeats += 1;
        table::save_heard(tx, &known)?;
        return Ok(known);
    }
    let mut heard = Heard {
        id: tx.document_id("wms_heard")?,
        binding: binding.id,
        method: method.to_owned(),
        key: about.key,
        doc_no: about.doc_no,
        state: HeardState::Waiting,
        due: tx.now(),
        attempts: 0,
        repeats: 0,
        problem: String::new(),
        number: String::new(),
        created: tx.now(),
        modified: tx.now(),
        body: text.to_owned(),
    };
    attempt(tx, settings, binding, &mut heard)?;
    Ok(heard)
}

/// Applies what was kept. What is refused waits for a person; what came too early waits for its time.
fn attempt(tx: &mut Tx, settings: &erp::Settings, binding: &Binding, heard: &mut Heard) -> Result<()> {
    heard.attempts += 1;
    heard.modified = tx.now();
    let root = wire::xml::read(&heard.body).map_err(|error| Error::Document("message", error.to_string()))?;
    match tx.attempt(|tx| apply::apply(tx, settings, binding, heard, &root)) {
        Ok(()) => {
            heard.state = HeardState::Applied;
            heard.problem.clear();
        }
        Err(apply::Unapplied::Later(why)) if heard.attempts < limits::APPLY_ATTEMPTS => {
            heard.state = HeardState::Waiting;
            heard.problem = why;
            heard.due = tx.now().plus(pause(heard.attempts));
        }
        Err(apply::Unapplied::Later(why) | apply::Unapplied::Never(why)) => park(tx, heard, &why)?,
        Err(apply::Unapplied::Error(error)) => return Err(error),
    }
    table::save_heard(tx, heard)
}

fn park(tx: &mut Tx, heard: &mut Heard, why: &str) -> Result<()> {
    heard.state = HeardState::Parked;
    heard.problem = why.chars().take(limits::REASON).collect();
    tx.event("wms.parked", &heard.doc_no, &serde_json::json!({ "method": heard.method, "problem": heard.problem }))?;
    Ok(())
}

/// Tries again what waits; how many were tried.
pub(super) async fn retry(store: &Store, tenant: Tenant, settings: &erp::Settings) -> Result<usize> {
    let now = store.clock().now();
    let due = store.read(tenant, move |reader| table::due_heard(reader, now)).await?;
    let many = due.len();
    for id in due {
        let settings = settings.clone();
        store
            .write(tenant, move |tx| {
                let Some(mut heard) = table::heard(tx, id)?.filter(|heard| heard.state == HeardState::Waiting) else {
                    return Ok(());
                };
                let Some(binding) = table::binding(tx, heard.binding)? else { return Ok(()) };
                attempt(tx, &settings, &binding, &mut heard)
            })
            .await?;
    }
    Ok(many)
}

fn known(tx: &mut Tx, id: i64) -> Result<Heard> {
    let id = tx.tenant().id(id);
    table::heard(tx, id)?.ok_or_else(|| Error::Unknown(format!("no message {}", store::wire_id(id))))
}

pub(super) fn again(tx: &mut Tx, settings: &erp::Settings, id: i64) -> Result<Heard> {
    let mut heard = known(tx, id)?;
    if heard.state == HeardState::Applied {
        return Err(Error::Refused("该消息已处理".to_owned()));
    }
    let binding = table::binding(tx, heard.binding)?.ok_or_else(|| Error::Unknown("对接关系不存在".to_owned()))?;
    heard.attempts = limits::APPLY_ATTEMPTS;
    attempt(tx, settings, &binding, &mut heard)?;
    Ok(heard)
}

pub(super) fn dismiss(tx: &mut Tx, id: i64, note: &str) -> Result<Heard> {
    let mut heard = known(tx, id)?;
    if heard.state == HeardState::Applied {
        return Err(Error::Refused("该消息已处理".to_owned()));
    }
    heard.state = HeardState::Dismissed;
    heard.problem = note.chars().take(limits::REASON).collect();
    heard.modified = tx.now();
    table::save_heard(tx, &heard)?;
    Ok(heard)
}

/// The root of a message, for its first reading.
pub(super) fn about(
    method: &str,
    root: &Element,
    text: &str,
) -> std::result::Result<apply::About, crate::message::Flaw> {
    apply::about(method, root, text)
}
