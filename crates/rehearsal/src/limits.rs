//! Every limit of this crate. They keep a mistaken file from eating the machine; no honest case comes near them.

/// Bytes of one `.case` file.
pub const FILE_BYTES: usize = 1 << 20;
/// Depth of a JSON value inside a case.
pub const DEPTH: usize = 64;
/// Rows of one table.
pub const ROWS: usize = 10_000;
/// How deep a case may use a case that uses a case …
pub const USES: usize = 16;
/// The longest `eventually`, seconds.
pub const PATIENCE: i64 = 600;
/// The longest `clock` step, seconds: ten years.
pub const CLOCK_STEP: i64 = 10 * 366 * 86_400;
/// Characters of one message that a report shows; the rest is counted.
pub const SHOWN_MESSAGE: usize = 4_000;
/// Characters of one actual or expected value that a report shows.
pub const SHOWN_VALUE: usize = 600;
