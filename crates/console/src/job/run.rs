//! The thread that works the jobs off, one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use sheets::SheetError;

use super::{Action, Inner, Job, Jobs, State};
use crate::desk::business;
use crate::sheet::{self, Failed, Progress, Work};

impl Jobs {
    /// Starts the thread when there is none.
    pub(super) fn begin_work(self: &Arc<Self>, inner: &mut Inner) {
        if inner.worker {
            return;
        }
        let jobs = Arc::downgrade(self);
        let spawned = std::thread::Builder::new().name("jobs".into()).spawn(move || {
            // The thread ends with the queue, and begins again with the next job.
            while let Some(jobs) = jobs.upgrade() {
                if !jobs.work_one() {
                    return;
                }
            }
        });
        match spawned {
            Ok(_) => inner.worker = true,
            Err(error) => tracing::error!(%error, "jobs: no thread"),
        }
    }

    /// Works the oldest job off that waits; false when none does.
    fn work_one(&self) -> bool {
        let (mut job, progress) = {
            let mut inner = self.lock();
            let Some(job) = inner.jobs.values_mut().find(|job| !job.state.is_over()) else {
                inner.worker = false;
                return false;
            };
            job.state = State::Running;
            job.started.get_or_insert(self.store.clock().now());
            let (job, progress) = (job.clone(), Arc::new(Progress::default()));
            inner.running = Some((job.number, Arc::clone(&progress)));
            (job, progress)
        };
        self.keep(&job);
        let outcome = catch_unwind(AssertUnwindSafe(|| self.carry_out(&job, &progress)));
        let outcome =
            outcome.unwrap_or_else(|_| Err(Failed::Refused("程序内部错误 / a fault inside, see the log".into())));
        job.counts = progress.counts();
        job.result = self.folder.result(job.number).is_file();
        job.ended = Some(self.store.clock().now());
        job.state = State::Done;
        match outcome {
            // The program is stopping: the job goes on at the next start.
            Err(Failed::Store(store::Error::Closed)) => {
                let mut inner = self.lock();
                inner.running = None;
                inner.worker = false;
                return false;
            }
            Err(error) => {
                job.state = State::Failed;
                job.message = error.to_string();
                if matches!(job.action, Action::Export(_)) || matches!(error, Failed::File(SheetError::Stopped)) {
                    job.result = false;
                    drop(std::fs::remove_file(self.folder.result(job.number)));
                }
            }
            Ok(()) => {}
        }
        drop(std::fs::remove_file(self.folder.input(job.number)));
        self.keep(&job);
        let mut inner = self.lock();
        inner.running = None;
        inner.jobs.insert(job.number, job);
        true
    }

    fn keep(&self, job: &Job) {
        if let Err(error) = self.folder.save(job) {
            tracing::error!(job = job.number, %error, "a job's state cannot be kept");
        }
    }

    fn carry_out(&self, job: &Job, progress: &Arc<Progress>) -> Result<(), Failed> {
        let kind = sheet::kind(&job.sheet).ok_or_else(|| Failed::Refused(format!("no sheet {}", job.sheet)))?;
        let tenant = self.directory.snapshot().tenants().into_iter().find(|tenant| tenant.number == job.tenant);
        let tenant = tenant.ok_or_else(|| Failed::Refused("the tenant is gone".into()))?;
        let work = Work {
            store: self.store.clone(),
            tenant: tenant.tenant(),
            settings: business(&tenant.settings)?,
            progress: Arc::clone(progress),
            subject: format!("job:{}", job.number),
        };
        let result = self.folder.result(job.number);
        drop(std::fs::remove_file(&result));
        match &job.action {
            Action::Import => kind.import(&work, &self.folder.input(job.number), &result),
            Action::Export(asked) => kind.export(&work, asked, &result, job.form()),
        }
    }
}
