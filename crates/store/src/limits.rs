//! Every bound of the store in one place.

use std::time::Duration;

/// Units and reads that may wait for the database; one more is answered with [`crate::Error::Busy`].
pub const WAITING: usize = 8_192;
/// Units that one commit may carry. More would not make a commit cheaper, only the first unit's wait longer.
pub const GROUP: usize = 256;
/// The same on PostgreSQL, which slows down beyond 64 savepoints in a transaction.
pub const GROUP_POSTGRES: usize = 60;
/// A PostgreSQL group takes no further unit after this, so that other nodes get the tenant's turn.
pub const GROUP_TIME: Duration = Duration::from_secs(1);
/// How often a unit is run again when PostgreSQL found it in a deadlock or a serialization failure.
pub const RERUNS: u32 = 5;
/// Longest wait for PostgreSQL's answer; then the connection counts as lost.
pub const EXCHANGE: Duration = Duration::from_secs(90);
/// So long a writer looks for PostgreSQL's answer again and again before it sleeps until it is woken.
pub const ALERT: Duration = Duration::from_micros(300);
/// Units of a group whose first reads travel to PostgreSQL together. More of them would more often concern the same rows, and
/// then be read again.
pub const LOOK_AHEAD: usize = 16;
/// Pause after the first failed attempt to connect; it doubles up to [`RECONNECT_LAST`].
pub const RECONNECT_FIRST: Duration = Duration::from_millis(50);
/// Longest pause between attempts to connect.
pub const RECONNECT_LAST: Duration = Duration::from_secs(2);
/// Statements that a connection keeps prepared.
pub const STATEMENTS: usize = 512;
/// Page of a new SQLite database, bytes. A document of an order is about 2.5 KB long: a page of SQLite's usual 4 KiB holds one of them
/// and stays a third empty, and every page goes through the log.
pub const PAGE_BYTES: i64 = 8 * 1024;
/// Page cache of the SQLite writer, KiB.
pub const WRITER_CACHE_KIB: i64 = 16 * 1024;
/// Page cache of one SQLite reader, KiB.
pub const READER_CACHE_KIB: i64 = 1024;
/// Connections of the SQLite reader pool; a further reader waits.
pub const READER_CONNECTIONS: usize = 8;
/// Frames (pages) of the SQLite write-ahead log at which it is copied into the database file: 64 MiB.
pub const WAL_FRAMES: i64 = 64 * 1024 * 1024 / PAGE_BYTES;
/// Bytes of one event body.
pub const EVENT_BYTES: usize = 1024 * 1024;
/// Seconds until a timer whose handler failed is tried again; doubled with every further failure.
pub const TIMER_PAUSE: i64 = 5;
/// Longest pause between two attempts of a timer, seconds.
pub const TIMER_PAUSE_LAST: i64 = 3_600;
/// Rows that one page of the event log may hold.
pub const EVENT_PAGE: i64 = 1_000;

/// Rows of master data that a writer remembers for one tenant.
pub const MEMO_ENTRIES: usize = 4_096;
/// Tenants whose counters and master data a writer remembers.
pub(crate) const KEPT_TENANTS: usize = 256;
/// Counters of one tenant that a writer remembers; the counters of past days are dropped with the rest now and then.
pub(crate) const KEPT_COUNTERS: usize = 256;
