//! The SQL of this dock.

use gateway::directory::Environment;
use gateway::service::Direction;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Reader, Row, Secret, Tenant, Tx, Value};
use units::Moment;

use crate::binding::Binding;
use crate::hub::{Heard, HeardState, Task, TaskState};
use crate::{Error, Result, limits};

fn encode(what: &'static str, value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Document(what, error.to_string()))
}

fn decode<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Document(what, error.to_string()))
}

fn context(what: &str, id: i64) -> Vec<u8> {
    let mut context = what.as_bytes().to_vec();
    context.extend_from_slice(&id.to_be_bytes());
    context
}

const fn direction(inbound: Direction) -> &'static str {
    match inbound {
        Direction::ToErp => "to_erp",
        Direction::ToWms => "to_wms",
    }
}

pub(crate) fn save_binding(tx: &mut Tx, binding: &Binding) -> Result<()> {
    let doc = encode("binding", binding)?;
    let sealed = tx.vault().seal(&context("wms binding", binding.id), binding.secret.expose());
    let tenant = tx.tenant();
    tx.execute(
        "INSERT INTO wms_binding (id, tenant, environment, customer_id, inbound, disabled, modified, doc, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET disabled = ?6, modified = ?7, doc = ?8, sealed = ?9",
        &[
            binding.id.into(),
            tenant.into(),
            binding.environment.name().into(),
            (&binding.customer_id).into(),
            direction(binding.role.inbound()).into(),
            binding.disabled.into(),
            binding.modified.into(),
            (&doc).into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

type Found = (i64, String, Vec<u8>);

fn found(row: &Row<'_>) -> store::Result<Found> {
    Ok((row.int(0)?, row.string(1)?, row.bytes(2)?.to_vec()))
}

fn open_binding(reader: &Reader, (_, doc, sealed): Found) -> Result<Binding> {
    let mut binding: Binding = decode("binding", &doc)?;
    let opened = reader.vault().open(&context("wms binding", binding.id), &sealed).map_err(store::Error::from)?;
    binding.secret = Secret::new(opened);
    Ok(binding)
}

pub(crate) fn binding_of(
    reader: &mut Reader,
    environment: Environment,
    customer_id: &str,
    inbound: Direction,
) -> Result<Option<(Tenant, Binding)>> {
    let row = reader.query_opt(
        "SELECT tenant, doc, sealed FROM wms_binding WHERE environment = ?1 AND customer_id = ?2 AND inbound = ?3",
        &[environment.name().into(), customer_id.into(), direction(inbound).into()],
        found,
    )?;
    row.map(|row| Ok((Tenant(row.0), open_binding(reader, row)?))).transpose()
}

pub(crate) fn bindings(reader: &mut Reader) -> Result<Vec<Binding>> {
    let tenant = reader.tenant();
    let rows = reader.query(
        "SELECT tenant, doc, sealed FROM wms_binding WHERE tenant = ?1 ORDER BY id",
        &[tenant.into()],
        found,
    )?;
    rows.into_iter().map(|row| open_binding(reader, row)).collect()
}

pub(crate) fn binding(reader: &mut Reader, id: i64) -> Result<Option<Binding>> {
    let tenant = reader.tenant();
    let row = reader.query_opt(
        "SELECT tenant, doc, sealed FROM wms_binding WHERE id = ?1 AND tenant = ?2",
        &[id.into(), tenant.into()],
        found,
    )?;
    row.map(|row| open_binding(reader, row)).transpose()
}

/// Tenants that are docked to somebody.
pub(crate) fn tenants(reader: &mut Reader) -> Result<Vec<Tenant>> {
    Ok(reader.query("SELECT DISTINCT tenant FROM wms_binding WHERE disabled = 0 ORDER BY tenant", &[], |row| {
        Ok(Tenant(row.int(0)?))
    })?)
}

/// What happened before the first agreement is nobody's to be told.
pub(crate) fn begin_cursor(tx: &mut Tx) -> Result<()> {
    let (tenant, last) = (tx.tenant(), tx.last_event()?);
    tx.execute(
        "INSERT INTO wms_cursor (tenant, event) VALUES (?1, ?2) ON CONFLICT (tenant) DO NOTHING",
        &[tenant.into(), last.into()],
    )?;
    Ok(())
}

pub(crate) fn cursor(reader: &mut Reader) -> Result<Option<i64>> {
    let tenant = reader.tenant();
    Ok(reader.query_opt("SELECT event FROM wms_cursor WHERE tenant = ?1", &[tenant.into()], |row| row.int(0))?)
}

pub(crate) fn move_cursor(tx: &mut Tx, event: i64) -> Result<()> {
    let tenant = tx.tenant();
    tx.execute("UPDATE wms_cursor SET event = ?2 WHERE tenant = ?1", &[tenant.into(), event.into()])?;
    Ok(())
}

/// Stores a task; `exchange` is the last message and its reply, which stand sealed.
pub(crate) fn save_task(tx: &mut Tx, task: &Task) -> Result<()> {
    let doc = encode("message", task)?;
    let plain = encode("exchange", &task.exchange)?;
    let sealed = tx.vault().seal(&context("wms task", task.id), plain.as_bytes());
    let tenant = tx.tenant();
    tx.execute(
        "INSERT INTO wms_task (id, tenant, binding, method, kind, doc_no, event, state, due, modified, doc, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (id) DO UPDATE SET state = ?8, due = ?9, modified = ?10, doc = ?11, sealed = ?12",
        &[
            task.id.into(),
            tenant.into(),
            task.binding.into(),
            (&task.method).into(),
            task.kind.name().into(),
            (&task.doc_no).into(),
            task.event.into(),
            task.state.code().into(),
            task.due.into(),
            task.modified.into(),
            (&doc).into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

fn open_task(reader: &Reader, (id, doc, sealed): Found) -> Result<Task> {
    let mut task: Task = decode("message", &doc)?;
    let opened = reader.vault().open(&context("wms task", id), &sealed).map_err(store::Error::from)?;
    task.exchange = decode("exchange", &String::from_utf8_lossy(&opened))?;
    Ok(task)
}

const TASK: &str = "SELECT id, doc, sealed FROM wms_task";

pub(crate) fn task(reader: &mut Reader, id: i64) -> Result<Option<Task>> {
    let tenant = reader.tenant();
    let row = reader.query_opt(&format!("{TASK} WHERE id = ?1 AND tenant = ?2"), &[id.into(), tenant.into()], found)?;
    row.map(|row| open_task(reader, row)).transpose()
}

/// Keys of tasks that are due, each with its agreement, the oldest first; of a document's tasks only the first that is open.
pub(crate) fn due_tasks(reader: &mut Reader, now: Moment) -> Result<Vec<(i64, i64)>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        "SELECT id, binding FROM wms_task t WHERE tenant = ?1 AND state IN (0, 1) AND due <= ?2 AND NOT EXISTS
             (SELECT 1 FROM wms_task e WHERE e.tenant = t.tenant AND e.doc_no = t.doc_no AND e.id < t.id AND e.state IN (0, 1))
         ORDER BY due, id LIMIT ?3",
        &[tenant.into(), now.into(), limits::ROUND.into()],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?)
}

/// Whether such a task waits already.
pub(crate) fn task_waits(reader: &mut Reader, binding: i64, method: &str, doc_no: &str) -> Result<bool> {
    let tenant = reader.tenant();
    let found = reader.query_opt(
        "SELECT id FROM wms_task WHERE tenant = ?1 AND doc_no = ?2 AND binding = ?3 AND method = ?4 AND state = 0",
        &[tenant.into(), doc_no.into(), binding.into(), method.into()],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// Tasks, newest first, by what is asked for.
pub(crate) fn tasks(
    reader: &mut Reader,
    state: Option<TaskState>,
    doc_no: Option<&str>,
    offset: i64,
    size: i64,
) -> Result<(Vec<Task>, i64)> {
    let (rows, total) = listed(reader, "wms_task", state.map(TaskState::code), doc_no, offset, size)?;
    Ok((rows.into_iter().map(|row| open_task(reader, row)).collect::<Result<_>>()?, total))
}

fn listed(
    reader: &mut Reader,
    table: &str,
    state: Option<i64>,
    doc_no: Option<&str>,
    offset: i64,
    size: i64,
) -> Result<(Vec<Found>, i64)> {
    let tenant = reader.tenant();
    let mut values: Vec<Value<'_>> = vec![tenant.into()];
    let mut filter = String::from("tenant = ?1");
    if let Some(state) = state {
        values.push(state.into());
        filter.push_str(&format!(" AND state = ?{}", values.len()));
    }
    if let Some(no) = doc_no {
        values.push(no.into());
        filter.push_str(&format!(" AND doc_no = ?{}", values.len()));
    }
    let total = reader.query_one(&format!("SELECT COUNT(*) FROM {table} WHERE {filter}"), &values, |row| row.int(0))?;
    values.extend([Value::from(size), Value::from(offset)]);
    let (size_at, offset_at) = (values.len() - 1, values.len());
    let sql = format!(
        "SELECT id, doc, sealed FROM {table} WHERE {filter} ORDER BY id DESC LIMIT ?{size_at} OFFSET ?{offset_at}"
    );
    Ok((reader.query(&sql, &values, found)?, total))
}

/// Stores what was heard; its body stands sealed.
pub(crate) fn save_heard(tx: &mut Tx, heard: &Heard) -> Result<()> {
    let doc = encode("message", heard)?;
    let sealed = tx.vault().seal(&context("wms heard", heard.id), heard.body.as_bytes());
    let tenant = tx.tenant();
    tx.execute(
        "INSERT INTO wms_heard (id, tenant, binding, method, message_key, doc_no, state, due, modified, doc, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET state = ?7, due = ?8, modified = ?9, doc = ?10, sealed = ?11",
        &[
            heard.id.into(),
            tenant.into(),
            heard.binding.into(),
            (&heard.method).into(),
            (&heard.key).into(),
            (&heard.doc_no).into(),
            heard.state.code().into(),
            heard.due.into(),
            heard.modified.into(),
            (&doc).into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

fn open_heard(reader: &Reader, (id, doc, sealed): Found) -> Result<Heard> {
    let mut heard: Heard = decode("message", &doc)?;
    let opened = reader.vault().open(&context("wms heard", id), &sealed).map_err(store::Error::from)?;
    heard.body = String::from_utf8_lossy(&opened).into_owned();
    Ok(heard)
}

const HEARD: &str = "SELECT id, doc, sealed FROM wms_heard";

pub(crate) fn heard(reader: &mut Reader, id: i64) -> Result<Option<Heard>> {
    let tenant = reader.tenant();
    let row =
        reader.query_opt(&format!("{HEARD} WHERE id = ?1 AND tenant = ?2"), &[id.into(), tenant.into()], found)?;
    row.map(|row| open_heard(reader, row)).transpose()
}

pub(crate) fn heard_before(reader: &mut Reader, binding: i64, method: &str, key: &str) -> Result<Option<Heard>> {
    let row = reader.query_opt(
        &format!("{HEARD} WHERE binding = ?1 AND method = ?2 AND message_key = ?3"),
        &[binding.into(), method.into(), key.into()],
        found,
    )?;
    row.map(|row| open_heard(reader, row)).transpose()
}

pub(crate) fn due_heard(reader: &mut Reader, now: Moment) -> Result<Vec<i64>> {
    let tenant = reader.tenant();
    Ok(reader.query(
        "SELECT id FROM wms_heard WHERE tenant = ?1 AND state = 0 AND due <= ?2 ORDER BY due, id LIMIT ?3",
        &[tenant.into(), now.into(), limits::ROUND.into()],
        |row| row.int(0),
    )?)
}

/// Messages that were heard, newest first, by what is asked for.
pub(crate) fn heards(
    reader: &mut Reader,
    state: Option<HeardState>,
    doc_no: Option<&str>,
    offset: i64,
    size: i64,
) -> Result<(Vec<Heard>, i64)> {
    let (rows, total) = listed(reader, "wms_heard", state.map(HeardState::code), doc_no, offset, size)?;
    Ok((rows.into_iter().map(|row| open_heard(reader, row)).collect::<Result<_>>()?, total))
}
