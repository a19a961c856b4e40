//! Long work that people start and look at again: imports and exports as jobs with a number.
//!
//! Lives here: the queue (one job at a time, so that memory stays bounded), the files of a job (`folder.rs`), the thread that works
//! (`run.rs`). Never here: what a sheet means (`sheet`), HTTP. A job that was under way when the program ended is taken up
//! again at the next start: imports go by document numbers, so that nothing is stored twice.

mod folder;
mod run;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gateway::directory::Directory;
use serde::{Deserialize, Serialize};
use sheets::Format;
use store::Store;
use units::Moment;

use crate::fault::Fault;
use crate::limits;
use crate::sheet::{Asked, Counts, Progress};
use folder::Folder;

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Behind others in the queue.
    Waiting,
    /// Under way.
    Running,
    /// At its end; rows may have been refused.
    Done,
    /// Did not come to its end; the message says why.
    Failed,
}

impl State {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

/// What a job does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// Brings the uploaded file in.
    Import,
    /// Writes a file.
    Export(Asked),
}

/// A job as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) number: u64,
    pub(crate) tenant: i64,
    pub(crate) sheet: String,
    pub(crate) action: Action,
    pub(crate) state: State,
    /// Name of the caller's file, or of the one to be downloaded.
    pub(crate) file: String,
    /// `xlsx` or `csv`: what is written.
    pub(crate) format: String,
    pub(crate) counts: Counts,
    pub(crate) message: String,
    /// A file can be fetched.
    pub(crate) result: bool,
    pub(crate) created: Moment,
    pub(crate) started: Option<Moment>,
    pub(crate) ended: Option<Moment>,
}

impl Job {
    /// How the file is written that can be fetched.
    pub(crate) fn form(&self) -> Format {
        Format::named(&self.format).unwrap_or(Format::Xlsx)
    }
}

/// All jobs of this node.
pub(crate) struct Jobs {
    folder: Folder,
    store: Store,
    directory: Arc<Directory>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    jobs: BTreeMap<u64, Job>,
    running: Option<(u64, Arc<Progress>)>,
    worker: bool,
}

impl Jobs {
    /// Reads what is kept, and goes on with what was not finished.
    pub(crate) fn open(folder: PathBuf, store: Store, directory: Arc<Directory>) -> Arc<Self> {
        let folder = Folder(folder);
        let jobs: BTreeMap<u64, Job> = folder.read().into_iter().map(|job| (job.number, job)).collect();
        let unfinished = jobs.values().any(|job| !job.state.is_over());
        let inner = Mutex::new(Inner { jobs, ..Inner::default() });
        let opened = Arc::new(Self { folder, store, directory, inner });
        if unfinished {
            opened.begin_work(&mut opened.lock());
        }
        opened
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // What the lock guards is whole between any two statements.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where an upload is put until it belongs to a job.
    pub(crate) fn upload_path(&self) -> std::io::Result<PathBuf> {
        self.folder.upload()
    }

    /// Puts a job into the queue. `upload` becomes its file.
    pub(crate) fn submit(self: &Arc<Self>, mut job: Job, upload: Option<&Path>) -> Result<Job, Fault> {
        let mut inner = self.lock();
        self.forget_old(&mut inner, job.created);
        if inner.jobs.values().filter(|job| !job.state.is_over()).count() >= limits::JOBS_WAITING {
            return Err(Fault::unavailable("too many jobs wait already; try again when some are done"));
        }
        let kept = |error: std::io::Error| Fault::unavailable(format!("the job's files cannot be kept: {error}"));
        job.number = self.folder.next_number(inner.jobs.keys().next_back().copied()).map_err(kept)?;
        self.folder.make(&job, upload).map_err(kept)?;
        inner.jobs.insert(job.number, job.clone());
        self.begin_work(&mut inner);
        Ok(job)
    }

    /// A job of a tenant.
    pub(crate) fn get(&self, tenant: i64, number: u64) -> Result<Job, Fault> {
        let inner = self.lock();
        let job = inner.jobs.get(&number).filter(|job| job.tenant == tenant);
        job.map(|job| current(&inner, job)).ok_or_else(|| Fault::not_found(format!("no job {number}")))
    }

    /// The jobs of a tenant, newest first.
    pub(crate) fn list(&self, tenant: i64) -> Vec<Job> {
        let inner = self.lock();
        inner.jobs.values().rev().filter(|job| job.tenant == tenant).map(|job| current(&inner, job)).collect()
    }

    /// The file that a job made.
    pub(crate) fn result(&self, job: &Job) -> Option<PathBuf> {
        job.result.then(|| self.folder.result(job.number))
    }

    /// Stops a job that is under way, takes one that waits out of the queue, forgets one that is over.
    pub(crate) fn remove(&self, tenant: i64, number: u64) -> Result<Job, Fault> {
        let job = self.get(tenant, number)?;
        let mut inner = self.lock();
        match &inner.running {
            Some((running, progress)) if *running == number => progress.stop(),
            _ => {
                inner.jobs.remove(&number);
                self.folder.remove(number);
            }
        }
        Ok(job)
    }

    fn forget_old(&self, inner: &mut Inner, now: Moment) {
        let over: Vec<(u64, bool)> = inner
            .jobs
            .values()
            .filter(|job| job.state.is_over())
            .map(|job| (job.number, job.ended.is_some_and(|ended| now.since(ended) > limits::JOB_SECONDS)))
            .collect();
        let surplus = over.len().saturating_sub(limits::JOBS_KEPT);
        for (place, (number, old)) in over.into_iter().enumerate() {
            if old || place < surplus {
                inner.jobs.remove(&number);
                self.folder.remove(number);
            }
        }
    }
}

fn current(inner: &Inner, job: &Job) -> Job {
    let mut job = job.clone();
    if let Some((number, progress)) = &inner.running
        && *number == job.number
    {
        job.counts = progress.counts();
    }
    job
}
