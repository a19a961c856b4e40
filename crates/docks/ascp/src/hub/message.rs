//! A push on its way in: what was checked of it before the unit of work, and what is kept of it.

use store::{Tx, Vault};
use units::Moment;

use super::error::Result;
use super::table;
use crate::messages::PushKind;

/// What became of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// It did what it says.
    Applied,
    /// It was superseded: a remembered cancel whose order came, a parked order that was cancelled.
    Over,
    /// It cannot be mapped and waits for a person.
    Parked,
    /// It came before what it is about, and waits for that.
    Remembered,
    /// It repeats a key with other content: the first stands, this one is kept to be looked at (section 7, no. 20).
    Conflicting,
}

impl MessageState {
    /// The number under which it is stored; those above 1 are listed.
    pub const fn code(self) -> i64 {
        match self {
            Self::Applied => 0,
            Self::Over => 1,
            Self::Parked => 2,
            Self::Remembered => 3,
            Self::Conflicting => 4,
        }
    }

    /// The name in the admin API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Over => "over",
            Self::Parked => "parked",
            Self::Remembered => "remembered",
            Self::Conflicting => "conflicting",
        }
    }

    /// The reverse of [`Self::code`]; a number that nobody wrote counts as parked, so that somebody looks.
    pub const fn of(code: i64) -> Self {
        match code {
            0 => Self::Applied,
            1 => Self::Over,
            3 => Self::Remembered,
            4 => Self::Conflicting,
            _ => Self::Parked,
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        (0..5).map(Self::of).find(|state| state.name() == name)
    }
}

/// An accepted push, as it is stored; the body is kept beside it.
#[derive(Debug, Clone)]
pub struct Message {
    /// Key.
    pub id: i64,
    /// Channel.
    pub channel: i64,
    /// Which push.
    pub kind: PushKind,
    /// What tells it from the others of its channel.
    pub key: String,
    /// The document.
    pub code: String,
    /// What became of it.
    pub state: MessageState,
    /// Why, when it waits.
    pub reason: String,
    /// How often it was repeated.
    pub copies: i64,
    /// What was answered, when that matters for a repetition: `yes`, or the reason of a refusal.
    pub answer: String,
    /// Tells the same content from another.
    pub fingerprint: Vec<u8>,
    /// When it came.
    pub at: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A push that was checked and read, before its unit of work.
pub struct Incoming {
    /// Which push.
    pub kind: PushKind,
    /// See [`Message::key`].
    pub key: String,
    /// The document.
    pub code: String,
    /// The request as one JSON object.
    pub json: String,
    /// Tells the same content from another.
    pub fingerprint: [u8; 16],
    /// Content type and body as they came, sealed.
    pub sealed: Vec<u8>,
}

impl Incoming {
    /// Seals the body and takes its fingerprint: work that the writer need not do.
    pub fn new(
        vault: &Vault,
        channel: i64,
        kind: PushKind,
        code: &str,
        refund_status: &str,
        json: String,
        raw: (&str, &[u8]),
    ) -> Self {
        let key = match kind {
            PushKind::Cancel => format!("cancel:{code}:{refund_status}"),
            PushKind::Notify | PushKind::Reverse => format!("{}:{code}", kind.name()),
        };
        let fingerprint = vault.fingerprint(&json);
        let (content_type, body) = raw;
        let plain = [content_type.as_bytes(), b"\n", body].concat();
        let sealed = vault.seal(&context(channel, &key), &plain);
        Self { kind, key, code: code.to_owned(), json, fingerprint, sealed }
    }
}

fn context(channel: i64, key: &str) -> Vec<u8> {
    format!("ascp_message.body:{channel}:{key}").into_bytes()
}

/// Content type and body of a kept push, as they came.
pub fn body_of(reader: &mut store::Reader, message: &Message) -> Result<(String, Vec<u8>)> {
    let sealed = table::message_body(reader, message.id)?.ok_or(store::Error::Missing)?;
    // A conflicting copy was sealed under the key of the first.
    let key = message.key.split_once('#').map_or(message.key.as_str(), |(key, _)| key);
    let plain = reader.vault().open(&context(message.channel, key), &sealed).map_err(store::Error::from)?;
    let end = plain.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let content_type = String::from_utf8_lossy(plain.get(..end).unwrap_or_default()).into_owned();
    Ok((content_type, plain.get(end + 1..).unwrap_or_default().to_vec()))
}

/// Stores a push.
pub(super) fn keep(
    tx: &mut Tx,
    channel: i64,
    incoming: &Incoming,
    state: MessageState,
    reason: &str,
    answer: &str,
) -> Result<()> {
    let message = Message {
        id: tx.document_id("ascp_message")?,
        channel,
        kind: incoming.kind,
        key: incoming.key.clone(),
        code: incoming.code.clone(),
        state,
        reason: reason.to_owned(),
        copies: 0,
        answer: answer.to_owned(),
        fingerprint: incoming.fingerprint.to_vec(),
        at: tx.now(),
        modified: tx.now(),
    };
    table::insert_message(tx, &message, &incoming.sealed)
}

/// Moves a stored push to another state.
pub(super) fn turn(tx: &mut Tx, message: &mut Message, state: MessageState, reason: &str) -> Result<()> {
    message.state = state;
    reason.clone_into(&mut message.reason);
    message.modified = tx.now();
    table::update_message(tx, message)
}
