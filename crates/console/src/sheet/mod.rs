//! Excel in and out: what the rows of each sheet kind mean to the business.
//!
//! Lives here: the sheet kinds (`kind/`, one file each), the import (units of some hundred rows, good documents stored, bad rows
//! marked) and the export (one snapshot, read in pages). Never here: how a workbook is read or written (`sheets`), rules of the
//! business (`erp`), SQL. The admin API runs them as jobs, the command line runs them directly.

mod export;
mod import;
mod kind;
mod progress;
mod windows;

use std::path::Path;
use std::sync::Arc;

use gateway::directory::Directory;
use sheets::{Format, Sheet, SheetError};
use store::{Reader, Store, Tenant};

pub use export::{Asked, FILTERS};
pub use kind::KINDS;
pub use progress::{Counts, Progress};

use crate::desk;
use crate::fault::Fault;

/// Whose data, under which rules, and where the work tells how far it is.
#[derive(Clone)]
pub struct Work {
    /// Where everything is kept.
    pub store: Store,
    /// Whose data.
    pub tenant: Tenant,
    /// That merchant's business settings.
    pub settings: erp::Settings,
    /// How far the work is.
    pub progress: Arc<Progress>,
    /// What the events that it leaves are about: a job, a file.
    pub subject: String,
}

impl Work {
    /// Work on the data of the tenant of this `sid` and environment; without a `sid`, of the first.
    ///
    /// # Errors
    /// There is no such tenant.
    pub fn of(
        store: &Store,
        directory: &Directory,
        sid: Option<&str>,
        environment: Option<&str>,
        subject: String,
    ) -> Result<Self, Failed> {
        let tenant = desk::tenant(directory, sid, environment)?;
        let settings = desk::business(&tenant.settings)?;
        Ok(Self { store: store.clone(), tenant: tenant.tenant(), settings, progress: Arc::default(), subject })
    }
}

/// A sheet kind.
pub struct Kind {
    /// Its declaration.
    pub sheet: Sheet,
    import: Option<ImportRun>,
    export: Option<ExportRun>,
    /// Filters that an export of it understands.
    pub filters: &'static [&'static str],
    #[cfg(test)]
    misfits: fn() -> Vec<&'static str>,
}

type ImportRun = fn(&Work, &Path, &Path) -> Result<(), Failed>;
type ExportRun = fn(&Work, &Asked, &Path, Format, &mut Reader) -> Result<(), Failed>;

/// The sheet kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.sheet.name == name)
}

/// Why an import or export did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The file.
    #[error(transparent)]
    File(#[from] SheetError),
    /// The store. What was stored before stays; the same file can be imported again.
    #[error(
        "{0};已导入的行不受影响,可重新导入同一文件 / rows before this are stored; the same file can be imported again"
    )]
    Store(#[from] store::Error),
    /// What was asked for cannot be done.
    #[error("{0}")]
    Refused(String),
}

impl From<erp::Error> for Failed {
    fn from(error: erp::Error) -> Self {
        match error {
            erp::Error::Store(error) => Self::Store(error),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.message)
    }
}

impl Kind {
    /// Whether sheets of this kind come in.
    pub fn imports(&self) -> bool {
        self.import.is_some()
    }

    /// Whether sheets of this kind go out.
    pub fn exports(&self) -> bool {
        self.export.is_some()
    }

    /// Imports a file. Rows that were not stored stand, with the reason, in the file `marked`, which is made only if there are any.
    ///
    /// # Errors
    /// The file is refused as a whole, the store failed, or somebody stopped the work.
    pub fn import(&self, work: &Work, file: &Path, marked: &Path) -> Result<(), Failed> {
        let run = self.import.ok_or_else(|| Failed::Refused(format!("{}不支持导入", self.sheet.title)))?;
        let done = run(work, file, marked);
        import::leave_event(work, self, done.is_ok())?;
        done
    }

    /// Exports what was asked for into a file, as it is at one moment.
    ///
    /// # Errors
    /// A filter is unknown, the store or the disk failed, or somebody stopped the work.
    pub fn export(&'static self, work: &Work, asked: &Asked, file: &Path, format: Format) -> Result<(), Failed> {
        let run = self.export.ok_or_else(|| Failed::Refused(format!("{}不支持导出", self.sheet.title)))?;
        export::leave_event(work, self, asked)?;
        let (inner, asked, file) = (work.clone(), asked.clone(), file.to_owned());
        work.store.read_blocking(work.tenant, move |reader| run(&inner, &asked, &file, format, reader))
    }
}

/// docs/excel.md: every sheet kind with its columns.
pub fn document() -> String {
    let mut text = String::from(include_str!("preface.md"));
    for kind in KINDS {
        let ways = match (kind.imports(), kind.exports()) {
            (true, true) => "导入、导出 / in and out",
            (true, false) => "导入 / in",
            _ => "导出 / out",
        };
        text.push('\n');
        text.push_str(&sheets::markdown(&kind.sheet));
        text.push_str(&format!("\n{ways}"));
        if !kind.filters.is_empty() {
            text.push_str(&format!(";筛选 / filters: `{}`", kind.filters.join("`, `")));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests;
