//! Every bound of the admin API in one place.

use std::time::Duration;

/// Bytes of a request body.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Longest wait for a body to arrive.
pub const BODY_TIME: Duration = Duration::from_secs(20);
/// Longest pause between two pieces of an upload.
pub const UPLOAD_PAUSE: Duration = Duration::from_secs(30);
/// Jobs that may wait at a time.
pub const JOBS_WAITING: usize = 20;
/// Jobs that are kept when they are over.
pub const JOBS_KEPT: usize = 100;
/// Seconds for which a job and its file are kept when it is over.
pub const JOB_SECONDS: i64 = 3 * 86_400;
/// Bytes of a piece of a file that is sent or taken.
pub const PIECE: usize = 256 * 1024;
/// Longest wait for the store; the unit may still be kept when it is over.
pub const WORK_TIME: Duration = Duration::from_secs(30);
/// Rows of a page when the caller does not say.
pub const PAGE: i64 = 40;
/// Most rows of a page.
pub const PAGE_MAX: i64 = 100;
