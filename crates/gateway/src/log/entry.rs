//! A call as the log keeps it: fields in the clear by which it is found (never personal), then the messages, sealed.
//!
//! A record is `length, 4 bytes | CRC-32 of the rest, 4 bytes | version | kind | fields`. A record whose checksum does not fit ends its
//! file: it was being written when the machine stopped, and its call had not been answered.

use std::net::IpAddr;

use super::bytes::{Bytes, put_bytes, put_number, put_short, put_signed};
use crate::directory::Environment;
use crate::limits;
use crate::request_id::RequestId;
use crate::telemetry::{CallRecord, STEPS};

const VERSION: u8 = 1;
/// Length and checksum.
pub(super) const FRAME: usize = 8;

const CALL: u8 = 0;
const GAP: u8 = 1;

pub(super) const REPLAYED: u64 = 1;
pub(super) const STUBBED: u64 = 2;
pub(super) const FORWARDED: u64 = 4;
pub(super) const WRITES: u64 = 8;
/// Nobody knows whether it was carried out.
pub(super) const OPEN: u64 = 16;
/// The messages are longer than what is kept.
pub(super) const CUT: u64 = 32;
/// Sent again by a person.
pub(super) const REPUSHED: u64 = 64;
/// The application is the one that the call named; it did not sign rightly.
pub(super) const CLAIMED: u64 = 128;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Carried out.
    Done,
    /// The stored first answer of an identical write was returned.
    Replayed,
    /// Answered by a mock rule.
    Stubbed,
    /// Refused; nothing was changed.
    Refused,
    /// It took too long or its target did not answer: it may have been carried out.
    Open,
}

impl Outcome {
    /// All of them, with their names.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("done", Self::Done),
        ("replayed", Self::Replayed),
        ("stubbed", Self::Stubbed),
        ("refused", Self::Refused),
        ("open", Self::Open),
    ];

    /// Its name in the admin API.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, outcome)| *outcome == self).map_or("", |(name, _)| name)
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, outcome)| *outcome)
    }

    pub(super) fn of(code: i64, flags: u64) -> Self {
        match () {
            () if flags & OPEN != 0 => Self::Open,
            () if code != 0 => Self::Refused,
            () if flags & STUBBED != 0 => Self::Stubbed,
            () if flags & REPLAYED != 0 => Self::Replayed,
            () => Self::Done,
        }
    }
}

/// A logged call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Id of the call; its first two characters name the node.
    pub request_id: RequestId,
    /// When it was answered, Unix milliseconds.
    pub at: i64,
    /// Through which door it came.
    pub channel: String,
    /// Test or production, when known.
    pub environment: Option<Environment>,
    /// Number of the tenant; 0 when there is none.
    pub tenant: i64,
    /// Who called, or who the call said it was (see [`Self::recognised`]); empty when nobody is known by that key.
    pub app: String,
    /// Whom the call was for (`target_app_key`).
    pub target: String,
    /// Scene of the method.
    pub scene: String,
    /// What was called; empty when it was not understood.
    pub method: String,
    /// The indexed business number.
    pub number: String,
    /// 0 or the code of the refusal.
    pub code: i64,
    /// Sub-code of the refusal on the TOP side.
    pub sub_code: String,
    /// Which form of the signature matched.
    pub dialect: String,
    /// Where it was forwarded to; empty when it was answered here.
    pub forwarded: String,
    /// From which address it came.
    pub peer: Option<IpAddr>,
    /// Microseconds of each of the steps.
    pub micros: Vec<u32>,
    /// Bytes of request and reply.
    pub bytes: (u64, u64),
    pub(super) flags: u64,
    /// Number under which the messages are sealed, and the sealed messages; empty when none were kept.
    pub(super) sealed: (u64, Vec<u8>),
}

/// What stands in a file: calls, and where some are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Call(Box<Entry>),
    /// This many calls before this one could not be written.
    Gap {
        at: i64,
        lost: u64,
    },
}

impl Entry {
    /// How it ended.
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.code, self.flags)
    }

    /// Whether the call was to change something.
    pub fn writes(&self) -> bool {
        self.flags & WRITES != 0
    }

    /// Whether messages were kept with it.
    pub fn has_messages(&self) -> bool {
        !self.sealed.1.is_empty()
    }

    /// Whether it was certainly the application that called: its signature was accepted.
    pub fn recognised(&self) -> bool {
        !self.app.is_empty() && self.flags & CLAIMED == 0
    }

    /// Whether a person had it sent again.
    pub fn repushed(&self) -> bool {
        self.flags & REPUSHED != 0
    }

    /// Whether the messages are longer than what was kept of them.
    pub fn is_cut(&self) -> bool {
        self.flags & CUT != 0
    }
}

/// The flags of a call.
pub(super) fn flags(call: &CallRecord) -> u64 {
    let mut flags = 0;
    for (set, flag) in [
        (call.replayed, REPLAYED),
        (call.stubbed, STUBBED),
        (!call.forwarded.is_empty() && !call.stubbed, FORWARDED),
        (call.writes, WRITES),
        (call.open, OPEN),
        (call.repushed, REPUSHED),
        (!call.recognised, CLAIMED),
    ] {
        if set {
            flags |= flag;
        }
    }
    flags
}

/// The record of a call, ready to be written.
pub(super) fn encode(call: &CallRecord, at: i64, flags: u64, sealed: Option<(u64, &[u8])>) -> Vec<u8> {
    let mut out = Vec::with_capacity(192 + sealed.map_or(0, |(_, bytes)| bytes.len()));
    out.extend_from_slice(&[0; FRAME]);
    out.extend_from_slice(&[VERSION, CALL]);
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(call.request_id.as_str().as_bytes());
    put_number(&mut out, flags);
    out.push(match call.environment {
        None => 0,
        Some(Environment::Production) => 1,
        Some(Environment::Test) => 2,
    });
    put_signed(&mut out, call.tenant);
    put_signed(&mut out, call.code);
    for text in [
        call.channel.name(),
        &call.app,
        &call.target,
        &call.scene,
        &call.method,
        &call.number,
        &call.sub_code,
        call.dialect,
        &call.forwarded,
    ] {
        put_short(&mut out, text);
    }
    match call.peer {
        None => out.push(0),
        Some(IpAddr::V4(address)) => put_bytes(&mut out, &address.octets()),
        Some(IpAddr::V6(address)) => put_bytes(&mut out, &address.octets()),
    }
    out.push(STEPS.len() as u8);
    for micros in call.micros {
        put_number(&mut out, u64::from(micros));
    }
    put_number(&mut out, call.bytes.0 as u64);
    put_number(&mut out, call.bytes.1 as u64);
    if let Some((number, bytes)) = sealed {
        put_number(&mut out, number);
        out.extend_from_slice(bytes);
    }
    close(&mut out);
    out
}

/// The record that says that calls are missing.
pub(super) fn encode_gap(at: i64, lost: u64) -> Vec<u8> {
    let mut out = vec![0; FRAME];
    out.extend_from_slice(&[VERSION, GAP]);
    out.extend_from_slice(&at.to_le_bytes());
    put_number(&mut out, lost);
    close(&mut out);
    out
}

fn close(out: &mut [u8]) {
    let Some((frame, payload)) = out.split_first_chunk_mut::<FRAME>() else { return };
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
    let sum = crc32fast::hash(payload).to_le_bytes();
    *frame = [length[0], length[1], length[2], length[3], sum[0], sum[1], sum[2], sum[3]];
}

/// Length and checksum of the record that begins here; `None` where none can begin.
pub(super) fn frame(head: [u8; FRAME]) -> Option<(usize, u32)> {
    let [a, b, c, d, sum @ ..] = head;
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
    (length > 0 && length <= limits::LOG_RECORD).then_some((length, u32::from_le_bytes(sum)))
}

/// Reads a payload whose checksum was right.
pub(super) fn decode(payload: &[u8]) -> Option<Item> {
    let mut bytes = Bytes(payload);
    if bytes.byte()? != VERSION {
        return None;
    }
    let kind = bytes.byte()?;
    let at = i64::from_le_bytes(bytes.fixed()?);
    if kind == GAP {
        return Some(Item::Gap { at, lost: bytes.number()? });
    }
    let request_id = RequestId::read(std::str::from_utf8(bytes.take(RequestId::LENGTH)?).ok()?)?;
    let flags = bytes.number()?;
    let environment = match bytes.byte()? {
        1 => Some(Environment::Production),
        2 => Some(Environment::Test),
        _ => None,
    };
    let (tenant, code) = (bytes.signed()?, bytes.signed()?);
    let mut texts: [String; 9] = Default::default();
    for text in &mut texts {
        *text = bytes.text()?;
    }
    let [channel, app, target, scene, method, number, sub_code, dialect, forwarded] = texts;
    let peer = bytes.bytes()?;
    let peer = match peer.len() {
        4 => <[u8; 4]>::try_from(peer).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(peer).ok().map(IpAddr::from),
        _ => None,
    };
    let mut micros = Vec::with_capacity(STEPS.len());
    for _ in 0..bytes.byte()? {
        micros.push(u32::try_from(bytes.number()?).unwrap_or(u32::MAX));
    }
    let sizes = (bytes.number()?, bytes.number()?);
    let sealed = if bytes.0.is_empty() { (0, Vec::new()) } else { (bytes.number()?, bytes.0.to_vec()) };
    Some(Item::Call(Box::new(Entry {
        request_id,
        at,
        channel,
        environment,
        tenant,
        app,
        target,
        scene,
        method,
        number,
        code,
        sub_code,
        dialect,
        forwarded,
        peer,
        micros,
        bytes: sizes,
        flags,
        sealed,
    })))
}
