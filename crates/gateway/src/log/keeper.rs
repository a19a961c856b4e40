//! The thread behind the journal: brings what was written to the disk, gives full segments their index, repairs what a crash left,
//! forgets what is old, and says aloud when records are missing.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::index::{self, Index};
use super::journal::{Closed, Finished, Journal};
use super::segment;

/// At most this much of what was answered can be lost when the whole machine stops.
const SYNC_PAUSE: Duration = Duration::from_millis(200);
/// Rest between two bits of an index: made in one go it took the core for two or three milliseconds from the calls of a machine that has no
/// other.
const BREATH: Duration = Duration::from_millis(1);
/// Rest when nobody calls.
const IDLE: Duration = Duration::from_secs(30);
/// Pause between two lines that say the same.
const ALARM_PAUSE: Duration = Duration::from_secs(60);

pub(super) fn keep(journal: &Journal, unindexed: Vec<u64>) {
    for number in unindexed {
        match repair(journal, number) {
            Ok(Some(closed)) => journal.close(closed),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, number, "a segment of the call log cannot be read; it is left as it is")
            }
        }
    }
    journal.set_ready(true);
    let mut alarm = Alarm::default();
    while !journal.ending.load(Ordering::Acquire) {
        journal.rest(IDLE);
        if !journal.ending.load(Ordering::Acquire) {
            // What comes within this pause goes to the disk together.
            std::thread::sleep(SYNC_PAUSE);
        }
        round(journal, &mut alarm);
    }
    journal.end();
    round(journal, &mut alarm);
}

fn round(journal: &Journal, alarm: &mut Alarm) {
    if let Some(file) = journal.unsynced()
        && let Err(error) = file.sync_data()
    {
        alarm.say(&error);
    }
    journal.finish_old();
    for finished in journal.finished() {
        match close(journal, &finished) {
            Ok(closed) => journal.close(closed),
            Err(error) => alarm.say(&error),
        }
    }
    journal.prepare();
    forget(journal);
    alarm.count(journal.figures.lost.load(Ordering::Relaxed));
}

fn close(journal: &Journal, finished: &Finished) -> io::Result<Closed> {
    // A write that failed may have left something behind the last record.
    finished.file.set_len(u64::from(finished.length))?;
    finished.file.sync_data()?;
    let rest = || {
        if !journal.ending.load(Ordering::Acquire) {
            std::thread::sleep(BREATH);
        }
    };
    let index = index::write(&journal.index_path(finished.number), &finished.rows, rest)?;
    sized(journal, finished.number, index)
}

fn sized(journal: &Journal, number: u64, index: Index) -> io::Result<Closed> {
    let bytes = std::fs::metadata(journal.path(number))?.len() + std::fs::metadata(journal.index_path(number))?.len();
    Ok(Closed { number, index, bytes })
}

/// A segment without an index: its good records stay, the torn end is cut off.
fn repair(journal: &Journal, number: u64) -> io::Result<Option<Closed>> {
    let path = journal.path(number);
    let file = File::options().read(true).write(true).open(&path)?;
    let Some((_, first)) = segment::head(&file)? else {
        std::fs::remove_file(&path)?;
        return Ok(None);
    };
    let (rows, end) = segment::scan(&file, first)?;
    let torn = file.metadata()?.len().saturating_sub(u64::from(end));
    if torn > 0 {
        tracing::warn!(number, bytes = torn, "the end of a call log segment was not whole and is cut off");
        file.set_len(u64::from(end))?;
    }
    if rows.is_empty() {
        std::fs::remove_file(&path)?;
        return Ok(None);
    }
    file.sync_data()?;
    let index = index::write(&journal.index_path(number), &[rows], || ())?;
    sized(journal, number, index).map(Some)
}

/// A segment with its index, as it was found; `None` when the index has to be made again.
pub(super) fn known(journal_folder: &std::path::Path, number: u64) -> Option<Arc<Closed>> {
    let path = segment::index_of(journal_folder, number);
    let index = Index::of(&File::open(&path).ok()?).ok()??;
    let of_records = std::fs::metadata(segment::path_of(journal_folder, number)).ok()?.len();
    let bytes = of_records + std::fs::metadata(&path).ok()?.len();
    Some(Arc::new(Closed { number, index, bytes }))
}

/// Age first, then size.
fn forget(journal: &Journal) {
    let options = &journal.options;
    let oldest = (options.now)().div_euclid(1000).saturating_sub(options.seconds);
    let gone = journal.forget(|closed, total| i64::from(closed.index.span.1) < oldest || total > options.total_bytes);
    for number in gone {
        for path in [journal.index_path(number), journal.path(number)] {
            if let Err(error) = std::fs::remove_file(&path) {
                tracing::warn!(%error, path = %path.display(), "an old segment of the call log cannot be removed");
            }
        }
    }
}

/// Says the same at most once a minute.
#[derive(Default)]
struct Alarm {
    said: Option<Instant>,
    lost: u64,
}

impl Alarm {
    fn say(&mut self, error: &io::Error) {
        if self.said.is_none_or(|said| said.elapsed() >= ALARM_PAUSE) {
            self.said = Some(Instant::now());
            tracing::error!(%error, "the call log cannot be written; calls go on");
        }
    }

    fn count(&mut self, lost: u64) {
        if lost > self.lost && self.said.is_none_or(|said| said.elapsed() >= ALARM_PAUSE) {
            self.said = Some(Instant::now());
            let more = lost - self.lost;
            tracing::error!(
                more,
                lost,
                "calls are missing from the call log, because it could not be written; is the disk full?"
            );
            self.lost = lost;
        }
    }
}
