//! What is known of a record without reading it: 32 bytes by which it is searched. Texts stand in it as hashes; whoever finds one
//! reads the record and compares the text itself.

use super::entry::{Entry, Outcome};
use crate::directory::Environment;
use crate::telemetry::CallRecord;

/// Bytes of a row.
pub(super) const ROW: usize = 32;
/// Set in `marks` where calls are missing.
const GAP: u32 = 1 << 8;

/// One record, as it is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Row {
    /// Where its frame begins.
    pub(super) offset: u32,
    /// Unix seconds.
    pub(super) seconds: u32,
    pub(super) id: u32,
    /// 0 without a business number.
    pub(super) number: u32,
    pub(super) app: u32,
    pub(super) target: u32,
    pub(super) method: u32,
    /// Outcome in the low four bits, environment in the next two.
    pub(super) marks: u32,
}

impl Row {
    pub(super) fn of_call(call: &CallRecord, offset: u32, at: i64, flags: u64) -> Self {
        Self {
            offset,
            seconds: seconds(at),
            id: hash(call.request_id.as_str()),
            number: hash(&call.number),
            app: hash(&call.app),
            target: hash(&call.target),
            method: hash(&call.method),
            marks: marks(Outcome::of(call.code, flags), call.environment),
        }
    }

    pub(super) fn of_entry(entry: &Entry, offset: u32) -> Self {
        Self {
            offset,
            seconds: seconds(entry.at),
            id: hash(entry.request_id.as_str()),
            number: hash(&entry.number),
            app: hash(&entry.app),
            target: hash(&entry.target),
            method: hash(&entry.method),
            marks: marks(entry.outcome(), entry.environment),
        }
    }

    pub(super) fn of_gap(offset: u32, at: i64) -> Self {
        Self { offset, seconds: seconds(at), marks: GAP, ..Self::default() }
    }

    pub(super) fn is_gap(&self) -> bool {
        self.marks & GAP != 0
    }

    pub(super) fn has(&self, outcome: Outcome) -> bool {
        self.marks & 15 == outcome as u32
    }

    pub(super) fn is_in(&self, environment: Environment) -> bool {
        self.marks >> 4 & 3 == world(Some(environment))
    }

    pub(super) fn to_bytes(self) -> [u8; ROW] {
        let words = [self.offset, self.seconds, self.id, self.number, self.app, self.target, self.method, self.marks];
        let mut out = [0; ROW];
        for (place, word) in out.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        out
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let mut words = bytes.chunks_exact(4).map(word);
        let mut next = || words.next().unwrap_or(0);
        Self {
            offset: next(),
            seconds: next(),
            id: next(),
            number: next(),
            app: next(),
            target: next(),
            method: next(),
            marks: next(),
        }
    }
}

/// Four bytes as a number, least first.
pub(super) fn word(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}

fn seconds(at: i64) -> u32 {
    u32::try_from(at.div_euclid(1000)).unwrap_or(0)
}

fn marks(outcome: Outcome, environment: Option<Environment>) -> u32 {
    outcome as u32 | world(environment) << 4
}

fn world(environment: Option<Environment>) -> u32 {
    match environment {
        None => 0,
        Some(Environment::Production) => 1,
        Some(Environment::Test) => 2,
    }
}

/// FNV-1a: stays the same for ever, and texts of one file need no more. An empty text is 0, and only that.
pub(super) fn hash(text: &str) -> u32 {
    if text.is_empty() {
        return 0;
    }
    let full = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    full.max(1)
}
