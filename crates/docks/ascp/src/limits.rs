//! Every bound of the dock in one place.

use std::time::Duration;

/// Bytes of a pushed body; the largest order of the sheet has a few kilobytes.
pub const PUSH_BODY: usize = 1024 * 1024;
/// Longest wait for the body of a push.
pub const PUSH_READ: Duration = Duration::from_secs(10);
/// Qimen gives a target at most 30 s (fact sheet ascp-direct, 1.6); we stop earlier, so that our reply still gets through.
pub const PUSH_WORK: Duration = Duration::from_secs(20);
/// Lines of an order or a return.
pub const LINES: usize = 200;
/// Pieces of a line.
pub const PIECES: i64 = 1_000_000;
/// Fen of one amount: a billion yuan.
pub const FEN: i64 = 100_000_000_000;
/// Seconds that the timestamp of a push may be off.
pub const PUSH_WINDOW: i64 = 600;
/// Bytes of an answer from outside.
pub const ANSWER: usize = 4 * 1024 * 1024;
/// Longest wait for an answer from outside.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// Calls of one channel that are under way at the same time.
pub const AT_ONCE: usize = 16;
/// Calls that one unit of work takes from the queue.
pub const LEASED: i64 = 64;
/// Seconds after which a call that was taken and never settled counts as not made.
pub const LEASE: i64 = 120;
/// Attempts after which a call waits for a person: with the pauses below, after more than three days without the platform.
pub const ATTEMPTS: i64 = 90;
/// Pause after the first failed attempt, seconds; it doubles.
pub const PAUSE: i64 = 5;
/// Longest pause between two attempts, seconds.
pub const PAUSE_LAST: i64 = 3_600;
/// Events that one unit of work follows.
pub const FOLLOWED: i64 = 200;
/// Goods of one stock publish and of one stock query (fact sheet ascp-direct, 2.13).
pub const STOCK_GOODS: usize = 20;
/// Seconds for which a total of stock that was counted may still be stated.
pub const TRUE_FOR: i64 = 60;
/// Goods of a page of the goods list (fact sheet ascp-direct, 2.14).
pub const GOODS_PAGE: i64 = 200;
/// Parcels of a shipment.
pub const PARCELS: usize = 50;
