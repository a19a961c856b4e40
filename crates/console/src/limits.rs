//! Every bound of the admin API in one place.

use std::time::Duration;

/// Bytes of a request body.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Longest wait for a body to arrive.
pub const BODY_TIME: Duration = Duration::from_secs(20);
/// Longest wait for the store; the unit may still be kept when it is over.
pub const WORK_TIME: Duration = Duration::from_secs(30);
/// Rows of a page when the caller does not say.
pub const PAGE: i64 = 40;
/// Most rows of a page.
pub const PAGE_MAX: i64 = 100;
