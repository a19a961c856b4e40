//! Names for calls: thirteen lower-case letters and digits, as on the real gateway (fact sheet qimen, B1).

use std::sync::atomic::{AtomicU64, Ordering};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const LENGTH: usize = 13;

/// The id of one call; key of the call log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId([u8; LENGTH]);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Hands out ids that never repeat within a process; the seed keeps processes apart.
pub struct RequestIds {
    seed: u64,
    issued: AtomicU64,
}

impl RequestIds {
    /// A source of ids. The program hands in a random seed, tests a fixed one.
    pub fn new(seed: u64) -> Self {
        Self { seed, issued: AtomicU64::new(0) }
    }

    /// The next id: a one-to-one mix of seed and counter, so that neighbours look unrelated and none comes twice.
    pub fn next(&self) -> RequestId {
        let counter = self.issued.fetch_add(1, Ordering::Relaxed);
        let mut rest = mix(self.seed.wrapping_add(counter.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        let mut text = [b'0'; LENGTH];
        for place in text.iter_mut().rev() {
            let digit = usize::try_from(rest % 36).unwrap_or(0);
            *place = DIGITS.get(digit).copied().unwrap_or(b'0');
            rest /= 36;
        }
        RequestId(text)
    }
}

/// The finaliser of SplitMix64: a bijection on 64 bits.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn looks_like_the_real_ones_and_never_repeats() {
        let ids = RequestIds::new(7);
        let seen: HashSet<String> = (0..10_000).map(|_| ids.next().to_string()).collect();
        assert_eq!(seen.len(), 10_000);
        for id in seen {
            assert!(id.len() == 13 && id.bytes().all(|b| DIGITS.contains(&b)), "{id}");
        }
        assert_ne!(RequestIds::new(8).next().as_str(), RequestIds::new(7).next().as_str());
    }
}
