//! The digests under the signatures, fed piece by piece, compared in constant time.
//!
//! MD5 is here for compatibility with the platforms, not for security.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest as _, Md5};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::limits;

/// A running digest. Boxed variants would cost an allocation a call; the largest is a few hundred bytes of stack.
pub(crate) enum Running {
    Md5(Md5),
    Sha256(Sha256),
    HmacMd5(Hmac<Md5>),
    HmacSha256(Hmac<Sha256>),
}

impl Running {
    pub(crate) fn md5() -> Self {
        Self::Md5(Md5::new())
    }

    /// No signature of a platform: a mistake that is looked for.
    pub(crate) fn sha256() -> Self {
        Self::Sha256(Sha256::new())
    }

    pub(crate) fn hmac_md5(key: &[u8]) -> Self {
        Self::HmacMd5(keyed(key))
    }

    pub(crate) fn hmac_sha256(key: &[u8]) -> Self {
        Self::HmacSha256(keyed(key))
    }

    pub(crate) fn feed(&mut self, piece: &[u8]) {
        match self {
            Self::Md5(running) => running.update(piece),
            Self::Sha256(running) => running.update(piece),
            Self::HmacMd5(running) => running.update(piece),
            Self::HmacSha256(running) => running.update(piece),
        }
    }

    pub(crate) fn finish(self) -> Hash {
        let mut hash = Hash { bytes: [0; 32], len: 16 };
        match self {
            Self::Md5(running) => hash.take(&running.finalize()),
            Self::Sha256(running) => hash.take(&running.finalize()),
            Self::HmacMd5(running) => hash.take(&running.finalize().into_bytes()),
            Self::HmacSha256(running) => hash.take(&running.finalize().into_bytes()),
        }
        hash
    }
}

fn keyed<M: KeyInit>(key: &[u8]) -> M {
    M::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"))
}

/// A finished digest of 16 or 32 bytes.
#[derive(Clone, Copy)]
pub(crate) struct Hash {
    bytes: [u8; 32],
    len: usize,
}

impl Hash {
    fn take(&mut self, bytes: &[u8]) {
        self.len = bytes.len().min(32);
        self.bytes.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// True if `given` is this digest; in constant time for texts of the right length.
    pub(crate) fn is(&self, given: &Hash) -> bool {
        self.len == given.len && bool::from(self.as_bytes().ct_eq(given.as_bytes()))
    }

    /// A presented signature, in either case; `None` when it is not 32 or 64 hexadecimal digits.
    pub(crate) fn presented(hex: &str) -> Option<Self> {
        if hex.len() > limits::SIGNATURE || !matches!(hex.len(), 32 | 64) {
            return None;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let mut hash = Self { bytes: [0; 32], len: hex.len() / 2 };
        for (byte, pair) in hash.bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(hash)
    }

    pub(crate) fn upper(&self) -> String {
        self.hex(b"0123456789ABCDEF")
    }

    pub(crate) fn lower(&self) -> String {
        self.hex(b"0123456789abcdef")
    }

    fn hex(&self, digits: &[u8; 16]) -> String {
        let pairs = self.as_bytes().iter().flat_map(|b| [b >> 4, b & 15]);
        pairs.map(|nibble| char::from(digits[usize::from(nibble)])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presented_signatures_are_hexadecimal() {
        let hash = Running::md5().finish();
        assert_eq!(hash.lower(), "d41d8cd98f00b204e9800998ecf8427e");
        for (given, same) in [
            ("d41d8cd98f00b204e9800998ecf8427e", true),
            ("D41D8CD98F00B204E9800998ECF8427E", true),
            ("D41D8CD98F00B204E9800998ECF8427F", false),
        ] {
            assert_eq!(hash.is(&Hash::presented(given).unwrap()), same);
        }
        for bad in
            ["", "d4", "d41d8cd98f00b204e9800998ecf8427g", "+41d8cd98f00b204e9800998ecf8427e", "旗旗旗旗旗旗旗旗旗旗ab"]
        {
            assert!(Hash::presented(bad).is_none(), "{bad}");
        }
    }
}
