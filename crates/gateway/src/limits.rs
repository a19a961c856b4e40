//! Every limit of the gateway in one place.

use std::time::Duration;

/// The largest request body, in bytes. Fifty orders of two hundred lines with all fields full stay below it.
pub const MAX_BODY: usize = 10 * 1024 * 1024;

/// How much of a body that is too large is still read and thrown away, so that the client, which writes before it
/// reads, gets the envelope and not a reset connection.
pub const MAX_DRAIN: usize = 256 * 1024 * 1024;

/// How long a body may take to arrive. Below the 30 seconds after which the usual clients give up (fact sheet qimen, B7).
pub const READ_TIMEOUT: Duration = Duration::from_secs(25);

/// How far an openapi2 `timestamp` may be off, in seconds (fact sheet wdt-1, 1.3).
pub const OPENAPI2_WINDOW: i64 = 300;

/// How far a TOP or Qimen `timestamp` may be off, in seconds (fact sheet qimen, A8).
pub const TOP_WINDOW: i64 = 600;

/// Repeated reads remembered for applications that refuse them; the oldest are forgotten beyond it.
pub const MAX_REMEMBERED_READS: usize = 100_000;

/// Bytes of a request that cannot be decoded that are searched for the form of the answer.
pub const MAX_GUESSED: usize = 64 * 1024;

/// Characters of an outside text that a message repeats back.
pub const MAX_QUOTED: usize = 60;

/// How long one call may take inside, before the caller gets an envelope that says so. The unit of work goes on: its
/// receipt answers the repeated call.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(28);

/// Refused signatures a second that are examined for a known mistake: each costs some hundred digests.
pub const HINTS_PER_SECOND: u32 = 10;

/// Other secrets of the same owner that are tried when a signature is examined.
pub const MAX_OTHER_SECRETS: usize = 32;

/// The largest call, in bytes, that is examined for a known mistake.
pub const MAX_HINTED: usize = 16 * 1024;

/// Answers about master data that each thread remembers.
pub(crate) const REMEMBERED: usize = 256;
/// Bytes of a question that is remembered.
pub(crate) const REMEMBERED_QUESTION: usize = 512;
/// Bytes of an answer that is remembered.
pub(crate) const REMEMBERED_ANSWER: usize = 64 * 1024;

/// How long a target may take when its API says nothing, milliseconds: below the 30 seconds after which the usual clients give up
/// (fact sheet qimen, B7).
pub const API_TIMEOUT_MS: u32 = 25_000;
/// The longest that a target may take, milliseconds (fact sheet qimen, C3).
pub const MAX_API_TIMEOUT_MS: u32 = 30_000;
/// Characters of an API's name, and of a path into a message.
pub const API_NAME: usize = 128;
/// Parameters of one API.
pub const API_PARAMETERS: usize = 300;
/// Members of a list that is a parameter.
pub const LIST_ROWS: usize = 100_000;
/// Parameters of a business key.
pub const ONCE_KEY: usize = 10;
/// Values of a failure rule.
pub const FAILURE_VALUES: usize = 50;
/// Hosts of a scene.
pub const SCENE_HOSTS: usize = 50;
/// Characters of a URL.
pub const URL: usize = 500;
/// Names of personal fields that may be set for a target.
pub const PERSONAL_NAMES: usize = 50;
/// Characters of a reason that a person gives.
pub const REASON: usize = 300;
/// Calls under way at a target at once, when nobody says otherwise.
pub const TARGET_IN_FLIGHT: u32 = 64;
/// Calls that wait for a target, when nobody says otherwise.
pub const TARGET_WAITING: u32 = 256;
/// The most calls that may be under way at a target.
pub const MAX_TARGET_IN_FLIGHT: u32 = 10_000;
/// The most calls that may wait for a target.
pub const MAX_TARGET_WAITING: u32 = 100_000;
/// Bytes of one record of the call log: both messages of a call, and what is said about it.
pub const LOG_RECORD: usize = 32 * 1024 * 1024;
/// Bytes of the messages of a record when they are not compressed.
pub(crate) const LOG_MESSAGES: usize = LOG_RECORD;
/// Bytes of a body that are kept of a call whose caller was not recognised: enough to explain the signature of a usual message.
pub(crate) const LOG_STRANGER: usize = 256 * 1024;
/// Such calls of a second of which so much is kept.
pub(crate) const LOG_STRANGERS: u32 = 20;
/// What is kept of the others.
pub(crate) const LOG_CROWD: usize = 4 * 1024;
/// Calls on one page of the log.
pub const LOG_PAGE: usize = 200;
/// Calls that one question to the log looks at; the answer says from where to go on.
pub const LOG_LOOKED_AT: usize = 4_000_000;

/// How much longer the answer to a write is listened for when its caller has been told that it was late: a late answer is kept for
/// the repeated call.
pub const FORWARD_LATE: Duration = Duration::from_secs(30);
/// How long finding, connecting to and greeting a target (DNS, TCP, TLS) may take together.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Addresses of one name that are tried.
pub const CONNECT_ADDRESSES: usize = 4;
/// The largest reply of a target, in bytes; what is larger is cut off.
pub const MAX_FORWARDED_REPLY: usize = 16 * 1024 * 1024;
/// The largest reply to a write that is kept for the repeated call.
pub const MAX_KEPT_REPLY: usize = 1024 * 1024;
/// How long an unused connection to a target is kept. Below the usual 5 seconds after which servers close theirs, so that no write is
/// sent into a connection that is just being closed.
pub const FORWARD_IDLE: Duration = Duration::from_secs(4);
/// How long one call of a probe may take.
pub const PROBE_TIMEOUT: Duration = Duration::from_secs(10);
/// The method that a probe calls when nobody names one; it exists nowhere.
pub const PROBE_METHOD: &str = "matou.probe.get";
/// Failures in a row after which an endpoint is left alone.
pub const BREAKER_FAILURES: u32 = 5;
/// For how long, the first time; twice as long after each failed probe.
pub const BREAKER_REST: Duration = Duration::from_secs(5);
/// And at most.
pub const BREAKER_LONGEST: Duration = Duration::from_secs(60);

/// Days for which is known what was read and pushed.
pub const COVERAGE_DAYS: i64 = 7;
/// Stretches that are kept of one caller, method and shop; the oldest are forgotten beyond it.
pub(crate) const COVERAGE_SPANS: usize = 300;
/// Windows under way of one caller, method and shop.
pub(crate) const COVERAGE_OPEN: usize = 50;
/// Pages of a window under way.
pub(crate) const COVERAGE_PAGES: usize = 2000;
/// Callers, methods and shops of a merchant; who has not called for longest is forgotten beyond it.
pub(crate) const COVERAGE_KEYS: usize = 2000;
/// Of them, those that a thread notes between two looks of the keeper.
pub(crate) const COVERAGE_NOTED: usize = 1024;
/// Bytes of the conditions of a read beside window, page and shop; what is longer is named by its digest.
pub(crate) const COVERAGE_FILTER: usize = 120;
