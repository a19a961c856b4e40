//! Every bound of the store in one place.

/// Units and reads that may wait for the database; one more is answered with [`crate::Error::Busy`].
pub const WAITING: usize = 8_192;
/// Units that one commit may carry. More would not make a commit cheaper, only the first unit's wait longer.
pub const GROUP: usize = 256;
/// Statements that a connection keeps prepared.
pub const STATEMENTS: usize = 512;
/// Page cache of the SQLite writer, KiB.
pub const WRITER_CACHE_KIB: i64 = 8 * 1024;
/// Page cache of one SQLite reader, KiB.
pub const READER_CACHE_KIB: i64 = 1024;
/// Connections of the SQLite reader pool; a further reader waits.
pub const READER_CONNECTIONS: usize = 8;
/// Size of the SQLite write-ahead log at which it is copied into the database file.
pub const WAL_BYTES: u64 = 32 * 1024 * 1024;
/// Bytes of one event body.
pub const EVENT_BYTES: usize = 1024 * 1024;
/// Rows that one page of the event log may hold.
pub const EVENT_PAGE: i64 = 1_000;
