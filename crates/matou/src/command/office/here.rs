//! On the data folder itself, while no server runs.

use std::path::Path;
use std::time::Duration;

use console::sheet::{Asked, Counts, Failed, Kind, Work};
use sheets::Format;

use super::bar::Bar;
use crate::config::Config;
use crate::server;
use crate::trouble::Trouble;

/// How often the progress is shown.
const LOOK: Duration = Duration::from_millis(100);

/// The opened folder.
pub(crate) struct Here {
    work: Work,
}

impl Here {
    pub(super) fn open(config: &Config, tenant: Option<String>, environment: Option<String>) -> Result<Self, Trouble> {
        if config.database.url.is_empty() && !config.data.folder.join(store::DATABASE_FILE).exists() {
            return Err(Trouble::new(format!("{}: no Matou data here", config.data.folder.display())));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let opened = runtime.block_on(server::open(config))?;
        let (tenant, environment) = (tenant.as_deref(), environment.as_deref());
        let work = Work::of(&opened.store, &opened.directory, tenant, environment, "command".into())?;
        Ok(Self { work })
    }

    pub(crate) fn import(&self, kind: &'static Kind, file: &Path, marked: &Path) -> Result<Counts, Trouble> {
        let (work, file, marked) = (self.work.clone(), file.to_owned(), marked.to_owned());
        self.watch(move || kind.import(&work, &file, &marked))
    }

    pub(crate) fn export(
        &self,
        kind: &'static Kind,
        asked: &Asked,
        file: &Path,
        format: Format,
    ) -> Result<Counts, Trouble> {
        let (work, asked) = (self.work.clone(), asked.clone());
        // A file that is not complete does not bear the name.
        let part = file.with_extension("part");
        let to = part.clone();
        let counts = self.watch(move || kind.export(&work, &asked, &to, format));
        match counts {
            Ok(counts) => {
                std::fs::rename(&part, file)?;
                Ok(counts)
            }
            Err(error) => {
                drop(std::fs::remove_file(&part));
                Err(error)
            }
        }
    }

    /// Does the work on a thread of its own and shows how far it is.
    fn watch(&self, work: impl FnOnce() -> Result<(), Failed> + Send) -> Result<Counts, Trouble> {
        let mut bar = Bar::new();
        let done = std::thread::scope(|scope| {
            let worker = scope.spawn(work);
            while !worker.is_finished() {
                bar.show(&self.work.progress.counts());
                std::thread::sleep(LOOK);
            }
            worker.join()
        });
        bar.show(&self.work.progress.counts());
        bar.end();
        self.work.store.close();
        done.map_err(|_| Trouble::new("a fault inside; what was stored before stays / 程序内部错误"))??;
        Ok(self.work.progress.counts())
    }
}
