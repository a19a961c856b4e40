//! Every limit of the dock in one place. Those of XML itself (depth, elements, name) are `wire`'s; that of a body is the gateway's.

use std::time::Duration;

/// Characters of one element's text.
pub const TEXT: usize = 4_000;
/// Characters of a document's number that is kept.
pub const NUMBER: usize = 64;
/// Rows of one list.
pub const ROWS: usize = 2_000;
/// Bytes of a reply of the other side.
pub const REPLY: usize = 4 * 1024 * 1024;
/// How long the other side may take to answer (fact sheet qimen, C3 no. 4).
pub const PATIENCE: Duration = Duration::from_secs(25);
/// How long a message that is being sent is nobody else's to send: longer than it may take.
pub const LEASE: i64 = 60;
/// First pause after a message that could not be delivered, seconds; it doubles.
pub const PAUSE: i64 = 2;
/// The longest pause, seconds.
pub const PAUSE_LAST: i64 = 900;
/// Pause before a document is looked at again that may not leave now, seconds.
pub const HELD: i64 = 30;
/// Attempts after which a message waits for a person.
pub const ATTEMPTS: i64 = 20;
/// Attempts to apply what the other side told before it waits for a person.
pub const APPLY_ATTEMPTS: i64 = 8;
/// Messages that one round of a tenant sends.
pub const ROUND: i64 = 20;
/// Events that one round of a tenant looks at.
pub const EVENTS: i64 = 500;
/// Characters of a reason that is kept.
pub const REASON: usize = 500;
