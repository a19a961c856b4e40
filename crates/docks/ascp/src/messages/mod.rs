//! What travels between ASCP and a supplier: the three pushes with their reply, and the calls to TOP with their answers.
//!
//! Lives here: names, shapes and limits of the messages, for both sides. Never here: what a message does.

mod body;
mod call;
mod push;
mod reply;

pub use body::{Body, BodyError, Format, read as read_body, write as write_body};
pub use call::{CallKind, Verdict, judge};
pub use push::{Cancel, Envelope, Line, Notify, PushKind, Receiver, Reverse, ReverseLine, Sender};
pub use reply::PushReply;

/// The source platform of this channel: 天猫国际直营 (fact sheet ascp-direct, 1.2).
pub const TMGJZY: &str = "TMGJZY";
