//! The caller's signature of TOP and Qimen calls (fact sheet qimen-gateway, A4 and A5; wdt-1, 1.5).
//!
//! `S` is name and value of every parameter except `sign`, sorted by name, with nothing between them, then the raw body
//! if there is one. `md5` digests secret + S + secret; the HMACs are keyed with the secret. Upper-case hexadecimal.

use std::fmt;

use crate::hashing::{Hash, Running};
use crate::params::Params;

/// How `S` is digested, weakest first (an application may ask for a least one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digest {
    /// MD5 with the secret on both sides.
    Md5,
    /// HMAC-MD5.
    Hmac,
    /// HMAC-SHA256.
    HmacSha256,
}

impl Digest {
    /// From the parameter `sign_method`; an absent one is `md5` (A2). `None` for an unknown one.
    pub fn of_sign_method(sign_method: Option<&str>) -> Option<Self> {
        match sign_method {
            None | Some("md5") => Some(Self::Md5),
            Some("hmac") => Some(Self::Hmac),
            Some("hmac-sha256") => Some(Self::HmacSha256),
            Some(_) => None,
        }
    }

    /// The value of `sign_method`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Hmac => "hmac",
            Self::HmacSha256 => "hmac-sha256",
        }
    }

    /// All digests.
    pub const ALL: [Self; 3] = [Self::Md5, Self::Hmac, Self::HmacSha256];

    pub(crate) fn start(self, secret: &[u8]) -> Running {
        match self {
            Self::Md5 => Running::md5(),
            Self::Hmac => Running::hmac_md5(secret),
            Self::HmacSha256 => Running::hmac_sha256(secret),
        }
    }
}

/// What a client did with parameters whose value is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Empties {
    /// There were none, so nothing can be told.
    None,
    /// Their names are in the signed string (Python, Node).
    Kept,
    /// They are left out of it (Java, .NET, cuifan53/wdt-sdk).
    Dropped,
}

/// The form of `S` that matched: the first thing support needs when a signature is disputed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// What was done with empty values.
    pub empties: Empties,
    /// Values that begin with `@` were left out (official PHP client); only where the application allows it.
    pub skipped_at: bool,
}

impl Dialect {
    /// True if a parameter with this value was signed. One that was not must count as not sent (A4).
    pub fn covers(self, value: &str) -> bool {
        !(value.is_empty() && self.empties == Empties::Dropped || self.skipped_at && value.starts_with('@'))
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.empties {
            Empties::None => "plain",
            Empties::Kept => "keep-empty",
            Empties::Dropped => "drop-empty",
        })?;
        if self.skipped_at { f.write_str("+skip-at") } else { Ok(()) }
    }
}

/// What verification may accept beside the two readings of empty values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Accept that values beginning with `@` are unsigned. Off by default: such values are the sender's word only.
    pub skip_at: bool,
}

/// Signs a call: `pairs` in any order, all values (also empty ones) as they are given, `sign` left out.
pub fn sign<'p>(
    digest: Digest,
    secret: &str,
    pairs: impl IntoIterator<Item = (&'p str, &'p str)>,
    body: Option<&[u8]>,
) -> String {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable();
    hash(digest, secret, body, pairs.iter().copied()).upper()
}

/// Checks the signature `given` of a call; the digest is the one that `sign_method` names. `None` = it does not match.
pub fn verify(
    digest: Digest,
    secret: &str,
    params: &Params<'_>,
    body: Option<&[u8]>,
    given: &str,
    options: Options,
) -> Option<Dialect> {
    let given = Hash::presented(given)?;
    let has_empty = params.iter().any(|(_, value)| value.is_empty());
    let has_at = options.skip_at && params.iter().any(|(_, value)| value.starts_with('@'));
    let readings: &[Empties] = if has_empty { &[Empties::Kept, Empties::Dropped] } else { &[Empties::None] };
    let skips: &[bool] = if has_at { &[false, true] } else { &[false] };
    let dialects = skips.iter().flat_map(|skip| readings.iter().map(|empties| (*skip, *empties)));
    dialects
        .map(|(skipped_at, empties)| Dialect { empties, skipped_at })
        .find(|dialect| hash(digest, secret, body, params.iter().filter(|(_, v)| dialect.covers(v))).is(&given))
}

/// `S` as verification builds it, without the secret and without the body: what one shows when a signature is disputed.
pub fn canonical(params: &Params<'_>) -> String {
    signed(params.iter()).flat_map(|(name, value)| [name, value]).collect()
}

/// The pairs that take part.
pub(crate) fn signed<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> impl Iterator<Item = (&'p str, &'p str)> {
    pairs.filter(|(name, _)| *name != "sign")
}

/// Digests sorted pairs.
fn hash<'p>(
    digest: Digest,
    secret: &str,
    body: Option<&[u8]>,
    pairs: impl Iterator<Item = (&'p str, &'p str)>,
) -> Hash {
    let mut running = digest.start(secret.as_bytes());
    if digest == Digest::Md5 {
        running.feed(secret.as_bytes());
    }
    for (name, value) in signed(pairs) {
        running.feed(name.as_bytes());
        running.feed(value.as_bytes());
    }
    if let Some(body) = body {
        running.feed(body);
    }
    if digest == Digest::Md5 {
        running.feed(secret.as_bytes());
    }
    running.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parameters whose `@` value and empty value are unsigned.
    fn signed_without(unsigned: &[(&str, &str)], options: Options) -> Option<Dialect> {
        let base = [("app_key", "1"), ("method", "a.b"), ("sign_method", "md5")];
        let given = sign(Digest::Md5, "secret", base, None);
        let params = Params::of_pairs(base.into_iter().chain(unsigned.iter().copied())).unwrap();
        verify(Digest::Md5, "secret", &params, None, &given, options)
    }

    #[test]
    fn at_values_are_unsigned_only_where_allowed() {
        let lenient = Options { skip_at: true };
        assert_eq!(signed_without(&[("file", "@x")], Options::default()), None);
        let dialect = signed_without(&[("file", "@x")], lenient).unwrap();
        assert_eq!(dialect, Dialect { empties: Empties::None, skipped_at: true });
        assert!(!dialect.covers("@x") && dialect.covers(""));
        let dialect = signed_without(&[("file", "@x"), ("memo", "")], lenient).unwrap();
        assert_eq!(dialect.to_string(), "drop-empty+skip-at");
        assert!(!dialect.covers("") && dialect.covers("x"));
        assert_eq!(signed_without(&[("file", "x@")], lenient), None);
    }

    #[test]
    fn text_cannot_be_moved_out_of_the_signed_set() {
        assert_eq!(signed_without(&[("memo", " ")], Options::default()), None);
        assert_eq!(signed_without(&[("memo", "x")], Options::default()), None);
        let added = signed_without(&[("memo", "")], Options::default()).unwrap();
        assert_eq!(added.empties, Empties::Dropped);
    }

    #[test]
    fn sign_methods() {
        assert_eq!(Digest::of_sign_method(None), Some(Digest::Md5));
        assert!(Digest::ALL.iter().all(|d| Digest::of_sign_method(Some(d.name())) == Some(*d)));
        assert_eq!(Digest::of_sign_method(Some("MD5")), None);
        assert!(Digest::Md5 < Digest::Hmac && Digest::Hmac < Digest::HmacSha256);
    }
}
