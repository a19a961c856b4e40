//! The merchant's side: what the warehouse's system must be told, and what it tells.
//!
//! `project` reads the event log and notes tasks; `send` carries them out, with their answers settled in `settle`; `hear` stores
//! what comes in before it is answered, and `apply` lets the business know. Nothing is lost: a task that cannot be told and a
//! message that fits nothing wait for a person.

mod apply;
mod compose;
mod hear;
mod heard;
mod project;
mod scene;
mod send;
mod settle;
mod task;
mod told;

pub use heard::{Heard, HeardState};
pub(crate) use project::note;
pub use task::{Exchange, Kind, Task, TaskState};

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use erp::catalog::Page;
use erp::order::{Shipment, StockOutFilter};
use gateway::Directory;
use store::{Reader, Store, Tenant, Tx};
use units::Clock;

use crate::binding::Role;
use crate::outgoing::Outgoing;
use crate::{Error, Result, limits, table};

/// Pause between two looks when there was nothing to do.
const IDLE: Duration = Duration::from_millis(200);
/// Messages under way to one agreement at a time: a slow one does not hold up the others.
const IN_FLIGHT: usize = 8;

/// The merchant's side of every tenant.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    store: Store,
    directory: Arc<Directory>,
    outgoing: Arc<dyn Outgoing>,
    clock: Arc<dyn Clock>,
    under_way: Mutex<HashMap<i64, usize>>,
}

impl Hub {
    /// `clock` is the real time, by which calls are signed.
    pub fn new(store: Store, directory: Arc<Directory>, outgoing: Arc<dyn Outgoing>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { store, directory, outgoing, clock, under_way: Mutex::default() }))
    }

    /// Works for as long as the program lives.
    pub async fn work(self) {
        let mut troubled = false;
        loop {
            match self.look(false).await {
                Ok(0) => tokio::time::sleep(IDLE).await,
                Ok(_) => troubled = false,
                Err(error) => {
                    if !std::mem::replace(&mut troubled, true) {
                        tracing::warn!(%error, "warehouses cannot be told; trying again");
                    }
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Does what is to be done now and waits for the answers; how much was done. For tests and tools.
    pub async fn round(&self) -> Result<usize> {
        self.look(true).await
    }

    async fn look(&self, wait: bool) -> Result<usize> {
        let tenants = self.0.store.read(Tenant::HOUSE, table::tenants).await?;
        let mut done = 0;
        for tenant in tenants {
            let Some(settings) = self.settings(tenant) else { continue };
            done += project::catch_up(&self.0.store, tenant).await?;
            done += self.send(tenant, &settings, wait).await?;
            done += hear::retry(&self.0.store, tenant, &settings).await?;
        }
        Ok(done)
    }

    async fn send(&self, tenant: Tenant, settings: &erp::Settings, wait: bool) -> Result<usize> {
        let now = self.0.store.clock().now();
        let due = self.0.store.read(tenant, move |reader| table::due_tasks(reader, now)).await?;
        let mut running = Vec::new();
        for (id, binding) in due {
            let Some(place) = Seat::take(&self.0, binding) else { continue };
            let (hub, settings) = (self.clone(), settings.clone());
            running.push(tokio::spawn(async move {
                let told = send::tell(&hub.0.store, &hub.0.outgoing, &*hub.0.clock, tenant, &settings, id).await;
                if let Err(error) = told {
                    tracing::warn!(%error, task = store::wire_id(id), "a message to a warehouse stays where it is");
                }
                drop(place);
            }));
        }
        let many = running.len();
        if wait {
            for one in running {
                // A panic in there is reported by the runtime; the lease brings the task back.
                let _ = one.await;
            }
        }
        Ok(many)
    }

    fn settings(&self, tenant: Tenant) -> Option<erp::Settings> {
        let snapshot = self.0.directory.snapshot();
        let info = snapshot.tenant(tenant.0).filter(|info| info.enabled)?;
        crate::business(&info.settings).ok()
    }
}

/// A place among the messages under way to one agreement.
struct Seat {
    inner: Arc<Inner>,
    binding: i64,
}

impl Seat {
    fn take(inner: &Arc<Inner>, binding: i64) -> Option<Self> {
        let mut under_way = inner.under_way.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let taken = under_way.entry(binding).or_default();
        if *taken >= IN_FLIGHT {
            return None;
        }
        *taken += 1;
        Some(Self { inner: Arc::clone(inner), binding })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut under_way = self.inner.under_way.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(taken) = under_way.get_mut(&self.binding) {
            *taken = taken.saturating_sub(1);
        }
    }
}

/// Tasks, newest first, and how many there are.
pub fn tasks(
    reader: &mut Reader,
    state: Option<TaskState>,
    doc_no: Option<&str>,
    offset: i64,
    size: i64,
) -> Result<(Vec<Task>, i64)> {
    table::tasks(reader, state, doc_no, offset, size)
}

/// What was heard, newest first, and how much there is.
pub fn heards(
    reader: &mut Reader,
    state: Option<HeardState>,
    doc_no: Option<&str>,
    offset: i64,
    size: i64,
) -> Result<(Vec<Heard>, i64)> {
    table::heards(reader, state, doc_no, offset, size)
}

/// Lets a task that waits for a person, or is done, be carried out again.
pub fn replay(tx: &mut Tx, id: i64) -> Result<Task> {
    let id = tx.tenant().id(id);
    let mut task = table::task(tx, id)?.ok_or_else(|| Error::Unknown(format!("no task {}", store::wire_id(id))))?;
    if matches!(task.state, TaskState::Waiting | TaskState::Sending) {
        return Err(Error::Refused("该任务正在等待推送".to_owned()));
    }
    (task.state, task.due, task.attempts) = (TaskState::Waiting, tx.now(), 0);
    task.modified = tx.now();
    table::save_task(tx, &task)?;
    Ok(task)
}

/// Says that a task that waits for a person need not be carried out.
pub fn drop_task(tx: &mut Tx, id: i64) -> Result<Task> {
    let id = tx.tenant().id(id);
    let mut task = table::task(tx, id)?.ok_or_else(|| Error::Unknown(format!("no task {}", store::wire_id(id))))?;
    if task.state != TaskState::Dead {
        return Err(Error::Refused("只有推送失败的任务可以放弃".to_owned()));
    }
    task.state = TaskState::Dropped;
    task.modified = tx.now();
    table::save_task(tx, &task)?;
    Ok(task)
}

/// Lets a message that waits for a person be applied again now.
pub fn reapply(tx: &mut Tx, settings: &erp::Settings, id: i64) -> Result<Heard> {
    hear::again(tx, settings, id)
}

/// Says that a message that waits for a person is dealt with.
pub fn dismiss(tx: &mut Tx, id: i64, note: &str) -> Result<Heard> {
    hear::dismiss(tx, id, note)
}

/// Asks a warehouse's system what it holds of what we have there; the answer is noted beside our figures.
pub fn ask_stock(tx: &mut Tx, warehouse_no: &str) -> Result<Task> {
    let bindings = table::bindings(tx)?;
    let binding = bindings.iter().find(|binding| {
        binding.role == Role::Erp && !binding.disabled && binding.places.iter().any(|place| place.no == warehouse_no)
    });
    let binding = binding.ok_or_else(|| Error::Unknown(format!("仓库{warehouse_no}没有对接")))?;
    let about = format!("{warehouse_no}#0");
    project::note(tx, binding, 0, ("inventory.query", Kind::Item, &about))?;
    let found = table::tasks(tx, Some(TaskState::Waiting), Some(&about), 0, 1)?.0.pop();
    found.ok_or_else(|| Error::Refused("任务没有生成".to_owned()))
}

/// Who acts, as events of the business name it.
pub(crate) const WHO: &str = "wms";

/// The stock-out with this number, its order and buyer, live or archived.
pub(crate) fn shipment_by_no(reader: &mut Reader, stock_out_no: &str) -> Result<Option<Shipment>> {
    let filter = StockOutFilter { no: Some(stock_out_no), history: true, ..StockOutFilter::default() };
    Ok(erp::order::stock_outs(reader, &filter, Page { no: 0, size: 1 })?.rows.pop())
}

/// Whether the stock-out is the one by which its order leaves.
fn in_force(found: &Shipment) -> bool {
    found.order.stock_out.as_ref().is_some_and(|(id, _)| *id == found.stock_out.id)
}

/// The pause before attempt number `attempts + 1`, seconds.
fn pause(attempts: i64) -> i64 {
    (limits::PAUSE << attempts.clamp(0, 16)).min(limits::PAUSE_LAST)
}
