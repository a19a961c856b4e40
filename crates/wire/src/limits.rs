//! Every limit on what comes from outside, in one place. The size of a whole body is the caller's ([`BODY`] is only the
//! usual value): it must be enforced while the body is still arriving.

/// Usual largest body, bytes.
pub const BODY: usize = 10 * 1024 * 1024;

/// Largest number of parameters of one request, query and body together.
pub const PARAMS: usize = 512;

/// Longest name of a parameter, a JSON member or an XML element, bytes. Real names stay under 40.
pub const NAME: usize = 128;

/// Deepest JSON that is looked at. The deepest declared request has five levels.
pub const JSON_DEPTH: usize = 32;

/// Largest number of members of one JSON object. The widest declared object has about sixty.
pub const JSON_MEMBERS: usize = 512;

/// Rows of a JSON list where the declaration names no smaller number. The largest documented list has 2000 rows
/// (fact sheet wdt-1, 1.10).
pub const ROWS: usize = 2_000;

/// Deepest XML element.
pub const XML_DEPTH: usize = 32;

/// Largest number of elements of one XML document.
pub const XML_ELEMENTS: usize = 50_000;

/// Longest presented signature that is compared at all: 64 hex digits of SHA-256 and some air.
pub const SIGNATURE: usize = 128;

/// Longest `top-sign-list` that is followed, names.
pub const SIGNED_HEADERS: usize = 32;

/// Bytes that the explainer of a signature digests in its search before it gives up.
pub const EXPLAINED_BYTES: usize = 32 * 1024 * 1024;

/// The same for a hint that the refused caller gets: an attacker can ask for ten of them a second.
pub const HINTED_BYTES: usize = 4 * 1024 * 1024;

/// Longest part of a hostile text that is repeated in an error, characters.
pub const QUOTED: usize = 64;

/// The start of `text` as an error may repeat it: at most [`QUOTED`] characters, no control characters.
pub fn quoted(text: &str) -> String {
    let mut short: String =
        text.chars().take(QUOTED).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if text.chars().nth(QUOTED).is_some() {
        short.push('…');
    }
    short
}
