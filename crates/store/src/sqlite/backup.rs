//! A copy of the running database in one file.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use crate::sqlite::Sqlite;
use crate::sqlite::lite::fault;
use crate::{Error, Result};

impl Sqlite {
    /// Copies one snapshot into `target`. Until it is complete and checked, the copy is called `….part`.
    pub(crate) fn backup(&self, target: &Path) -> Result<()> {
        if target.exists() {
            return Err(Error::Elsewhere(format!("{} exists already: choose another name", target.display())));
        }
        let part = PathBuf::from(format!("{}.part", target.display()));
        if part.exists() {
            std::fs::remove_file(&part).map_err(|error| disk(&part, &error))?;
        }
        let copied = copy(&self.file, &part).and_then(|()| verify(&part));
        if let Err(error) = copied {
            drop(std::fs::remove_file(&part));
            return Err(error);
        }
        File::open(&part).and_then(|file| file.sync_all()).map_err(|error| disk(&part, &error))?;
        std::fs::rename(&part, target).map_err(|error| disk(target, &error))?;
        let folder = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| disk(folder, &error))
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let sql = |e: rusqlite::Error| fault(&e);
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(sql)?;
    source.busy_timeout(Duration::from_secs(10)).map_err(sql)?;
    // The copy is one snapshot: the writer goes on beside it, into its log.
    source.execute_batch("BEGIN; SELECT COUNT(*) FROM migration;").map_err(sql)?;
    private(to).map_err(|error| disk(to, &error))?;
    let mut target = Connection::open(to).map_err(sql)?;
    Backup::new(&source, &mut target)
        .and_then(|backup| backup.run_to_completion(4096, Duration::ZERO, None))
        .map_err(sql)?;
    // One file, without a log beside it.
    target.pragma_update(None, "journal_mode", "DELETE").map_err(sql)
}

/// Makes the file empty and for its owner only, before anything is in it.
fn private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn verify(copy: &Path) -> Result<()> {
    let sql = |e: rusqlite::Error| fault(&e);
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(sql)?;
    let answer: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(sql)?;
    if answer == "ok" { Ok(()) } else { Err(Error::Corrupt(format!("the copy: {answer}"))) }
}

fn disk(path: &Path, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Error::Full(format!("{}: {error}", path.display())),
        _ => Error::Disk(format!("{}: {error}", path.display())),
    }
}
