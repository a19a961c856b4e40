//! Both messages of a call as one sealed text: what came in, word for word, and what went out.

use store::Sealer;

use super::bytes::{Bytes, cut, put_bytes, put_number};
use crate::exchange::Received;
use crate::limits;
use crate::request_id::RequestId;

/// Below this, compressing costs more than it saves.
const WORTH_COMPRESSING: usize = 1024;
const PLAIN: u8 = 0;
const LZ4: u8 = 1;

/// The messages of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Messages {
    /// Path of the request.
    pub path: String,
    /// Raw query.
    pub query: String,
    /// `Content-Type` of the request.
    pub content_type: String,
    /// Body of the request.
    pub body: Vec<u8>,
    /// Body of the reply, before it was compressed for the client.
    pub reply: Vec<u8>,
}

/// The messages as one text, at most `most` bytes of each body; true when something was left out.
pub(super) fn write(received: &Received, reply: &[u8], most: usize) -> (Vec<u8>, bool) {
    let body = received.body.get(..most).unwrap_or(&received.body);
    let kept = reply.get(..most).unwrap_or(reply);
    let mut left_out = body.len() < received.body.len() || kept.len() < reply.len();
    let reply = kept;
    let mut out = Vec::with_capacity(received.query.len() + body.len() + reply.len() + 128);
    for text in [&received.path, &received.query, &received.content_type] {
        let kept = cut(text, most);
        left_out |= kept.len() < text.len();
        put_bytes(&mut out, kept.as_bytes());
    }
    put_bytes(&mut out, body);
    put_bytes(&mut out, reply);
    (out, left_out)
}

/// Compresses when that pays, and seals.
pub(super) fn seal(sealer: &Sealer, number: u64, id: RequestId, text: Vec<u8>) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len() + 16);
    if text.len() >= WORTH_COMPRESSING {
        plain.push(LZ4);
        put_number(&mut plain, text.len() as u64);
        plain.extend_from_slice(&lz4_flex::block::compress(&text));
    } else {
        plain.push(PLAIN);
        plain.extend_from_slice(&text);
    }
    sealer.seal(number, id.as_str().as_bytes(), &plain)
}

/// The reverse of [`seal`] and [`write`]; `None` when the record is damaged or was sealed under another key.
pub(super) fn open(sealer: &Sealer, number: u64, id: RequestId, sealed: &[u8]) -> Option<Messages> {
    let plain = sealer.open_record(number, id.as_str().as_bytes(), sealed).ok()?;
    let mut bytes = Bytes(&plain);
    let text = match bytes.byte()? {
        LZ4 => {
            let length = usize::try_from(bytes.number()?).ok().filter(|length| *length <= limits::LOG_MESSAGES)?;
            lz4_flex::block::decompress(bytes.0, length).ok()?
        }
        PLAIN => bytes.0.to_vec(),
        _ => return None,
    };
    let mut bytes = Bytes(&text);
    Some(Messages {
        path: bytes.text()?,
        query: bytes.text()?,
        content_type: bytes.text()?,
        body: bytes.bytes()?.to_vec(),
        reply: bytes.bytes()?.to_vec(),
    })
}
