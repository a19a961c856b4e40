//! The call log: every call of every door, written before its answer leaves, found by request id or business number in no time.
//!
//! Lives here: the journal of segment files in the data folder, its index, its search, what is kept of messages and how they are
//! masked, sending a call again. Never here: the metrics (`telemetry.rs` hands them to the program), the business's own events and
//! receipts (`store`).
//!
//! Why files of our own and not a table: a call must cost microseconds and no transaction, and reads, which are most calls, have none. A
//! `write` that the operating system has taken outlives the process; an `fsync` a fifth of a second later guards against the end
//! of the machine. Each node has its own journal; the first two characters of a request id name the node.

mod bytes;
mod desk;
mod entry;
mod hidden;
mod index;
mod journal;
mod keeper;
mod mask;
mod message;
mod number;
mod options;
mod repush;
mod row;
mod search;
mod segment;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use store::{Sealer, Vault};

pub use entry::{Entry, Outcome};
pub use mask::View;
pub use message::Messages;
pub use options::{Keep, Options};
pub use repush::{Repushed, Unpushable};
pub use search::{Found, Place, Wanted};

pub(crate) use desk::Slip;
pub(crate) use hidden::Hider;
pub(crate) use mask::is_personal;
pub(crate) use number::{Number, in_xml as number_in_xml, indexed};

use crate::exchange::Received;
use crate::limits;
use crate::request_id::Node;
use crate::telemetry::CallRecord;
use journal::Journal;
use row::Row;

/// What the keys of segments are sealed for.
const KEY_PLACE: &[u8] = b"call log";

/// The open call log of a node.
pub struct CallLog {
    journal: Arc<Journal>,
    keeper: Mutex<Option<JoinHandle<()>>>,
    node: Node,
    /// How many callers were not recognised in this second.
    strangers: Mutex<(i64, u32)>,
    /// Only one process writes to a folder; held until the end.
    _lock: File,
}

/// What the log has counted since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogFigures {
    /// Calls written.
    pub written: u64,
    /// Calls that could not be written.
    pub lost: u64,
    /// Bytes written.
    pub bytes: u64,
}

impl CallLog {
    /// Opens the folder; what a crash left there is put in order in the background.
    ///
    /// # Errors
    /// The folder cannot be used, or another process uses it.
    pub fn open(options: Options, vault: Arc<Vault>) -> io::Result<Self> {
        let folder = options.folder.clone();
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        let lock = File::options().create(true).truncate(false).write(true).open(folder.join("lock"))?;
        lock.try_lock().map_err(|_| {
            let text = "another Matou writes its call log here; every node needs a data folder of its own";
            io::Error::new(io::ErrorKind::WouldBlock, text)
        })?;
        let node = node_of(&folder, &options)?;
        let mut numbers = segments(&folder)?;
        numbers.sort_unstable();
        let next = numbers.last().map_or(1, |last| last + 1);
        let (mut closed, mut unindexed) = (Vec::new(), Vec::new());
        for number in numbers {
            match keeper::known(&folder, number) {
                Some(segment) => closed.push(segment),
                None => unindexed.push(number),
            }
        }
        let journal = Arc::new(Journal::new(options, vault, next, closed));
        let kept = Arc::clone(&journal);
        // A search waits until the segments of the last run are in order.
        journal.set_ready(unindexed.is_empty());
        let keeper = std::thread::Builder::new().name("call-log".to_owned());
        let keeper = keeper.spawn(move || keeper::keep(&kept, unindexed))?;
        Ok(Self { journal, keeper: Mutex::new(Some(keeper)), node, strangers: Mutex::default(), _lock: lock })
    }

    /// The node that this log names.
    pub fn node(&self) -> Node {
        self.node
    }

    /// Takes a call down; `reply` is its answer before it was compressed. Never fails: what cannot be written is counted. The answer
    /// may leave after [`Self::settle`].
    pub(crate) fn append(&self, call: &CallRecord, received: &Received, reply: &[u8]) -> Slip {
        let (journal, at) = (&self.journal, (self.journal.options.now)());
        let mut flags = entry::flags(call);
        let kept = match journal.options.keep {
            Keep::All => true,
            Keep::Writes => call.writes || call.code != 0 || call.open,
            Keep::None => false,
        };
        let sealed = kept.then(|| {
            // Who was not recognised gets the room of a usual message, as long as there are not too many of them.
            let strange = !call.recognised;
            let most = if strange { self.room_for_a_stranger(at) } else { journal.options.message_bytes };
            let (text, left_out) = message::write(received, reply, most);
            if left_out {
                flags |= entry::CUT;
            }
            let number = journal.next_sealed();
            (number, message::seal(&journal.sealer, number, call.request_id, text))
        });
        let record = entry::encode(call, at, flags, sealed.as_ref().map(|(number, bytes)| (*number, bytes.as_slice())));
        journal.append(&record, Row::of_call(call, 0, at, flags), at)
    }

    /// Whoever is refused for his signature wants to know why, so his message is kept; a crowd of them must not push out what others have in the log.
    fn room_for_a_stranger(&self, at: i64) -> usize {
        let mut second = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        if second.0 != at.div_euclid(1000) {
            *second = (at.div_euclid(1000), 0);
        }
        second.1 += 1;
        if second.1 <= limits::LOG_STRANGERS { limits::LOG_STRANGER } else { limits::LOG_CROWD }
    }

    /// Writes what was taken down, of all calls of the same thread with one `write`. What is lost after this is lost with the machine.
    pub(crate) fn settle(&self, slip: Slip) {
        self.journal.settle(slip);
    }

    /// Looks for calls. Reads files: not for a serving task.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn search(&self, wanted: &Wanted) -> io::Result<Found> {
        self.journal.wait_until_ready();
        search::search(&self.journal, wanted)
    }

    /// One call. Reads files: not for a serving task.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn find(&self, request_id: &str) -> io::Result<Option<(Place, Entry)>> {
        let wanted = Wanted { request_id: Some(request_id.to_owned()), limit: 1, ..Wanted::default() };
        Ok(self.search(&wanted)?.calls.into_iter().next())
    }

    /// The messages of a call that was found at this place; `None` when none were kept, or their key is not here.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn messages(&self, place: Place, entry: &Entry) -> io::Result<Option<Messages>> {
        let (number, sealed) = &entry.sealed;
        if sealed.is_empty() {
            return Ok(None);
        }
        let file = File::open(self.journal.path(place.segment()))?;
        let Some((key, _)) = segment::head(&file)? else { return Ok(None) };
        let Ok(sealer) = Sealer::open(&self.journal.vault, KEY_PLACE, &key) else { return Ok(None) };
        Ok(message::open(&sealer, *number, entry.request_id, sealed))
    }

    /// What was counted.
    pub fn figures(&self) -> LogFigures {
        self.journal.settle_all();
        let counters = &self.journal.figures;
        LogFigures {
            written: counters.written.load(Ordering::Relaxed),
            lost: counters.lost.load(Ordering::Relaxed),
            bytes: counters.bytes.load(Ordering::Relaxed),
        }
    }

    /// Brings everything to the disk and ends. Calls after this are still written, and indexed by the next start.
    pub fn close(&self) {
        self.journal.ending.store(true, Ordering::Release);
        self.journal.ring();
        let keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(keeper) = keeper {
            // A keeper that panicked has said so.
            let _ = keeper.join();
        }
    }
}

impl Drop for CallLog {
    fn drop(&mut self) {
        self.close();
    }
}

/// An outside text as the log keeps it.
pub(crate) fn short(text: &str) -> &str {
    number::fit(text)
}

/// Numbers of the segments in the folder.
fn segments(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let name = file?.file_name();
        let number: Option<u64> = name.to_str().and_then(|name| name.strip_suffix(".calls")?.parse().ok());
        numbers.extend(number);
    }
    Ok(numbers)
}

/// The node's name: as set, as remembered, or new.
fn node_of(folder: &Path, options: &Options) -> io::Result<Node> {
    let wrong = |text: &str| {
        let text = format!("{text:?} is no name of a node: two lower-case letters or digits are expected");
        io::Error::new(io::ErrorKind::InvalidInput, text)
    };
    if !options.node.is_empty() {
        return Node::named(&options.node).ok_or_else(|| wrong(&options.node));
    }
    let file = folder.join("node");
    match std::fs::read_to_string(&file) {
        Ok(text) => Node::named(text.trim()).ok_or_else(|| wrong(text.trim())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let node = Node::of_seed((options.now)().unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20);
            std::fs::write(&file, format!("{node}\n"))?;
            Ok(node)
        }
        Err(error) => Err(error),
    }
}
