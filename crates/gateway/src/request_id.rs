//! Names for calls: thirteen lower-case letters and digits, as on the real gateway (fact sheet qimen, B1). The first two name the node
//! that answered, so that whoever has an id knows whose call log to ask.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::shards::Shards;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const LENGTH: usize = 13;
const NODE: usize = 2;
/// What eleven digits hold: a little more than 56 bits.
const BITS: u64 = (1 << 56) - 1;
/// Bits of what a shard counts: more calls than a process answers.
const OF_A_SHARD: u32 = 52;

/// The id of one call; key of the call log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId([u8; LENGTH]);

impl RequestId {
    /// Characters of an id.
    pub const LENGTH: usize = LENGTH;

    /// The id as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Reads an id; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        let id: [u8; LENGTH] = text.as_bytes().try_into().ok()?;
        id.iter().all(|digit| DIGITS.contains(digit)).then_some(Self(id))
    }

    /// The node that answered the call.
    pub fn node(&self) -> Node {
        let [a, b, ..] = self.0;
        Node([a, b])
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

/// One of several Matous on one database: two lower-case letters or digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Node([u8; NODE]);

impl Node {
    /// The node of this name.
    pub fn named(text: &str) -> Option<Self> {
        let name: [u8; NODE] = text.as_bytes().try_into().ok()?;
        name.iter().all(|digit| DIGITS.contains(digit)).then_some(Self(name))
    }

    /// A node that was given no name: one of 1296.
    pub fn of_seed(seed: u64) -> Self {
        let mut name = [b'0'; NODE];
        digits(seed, &mut name);
        Self(name)
    }
}

impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

/// Hands out ids that never repeat within a process; the seed keeps processes apart.
pub struct RequestIds {
    node: Node,
    seed: u64,
    /// How many each thread has handed out.
    issued: Shards<AtomicU64>,
}

impl RequestIds {
    /// A source of ids for a node without a name. The program hands in a random seed, tests a fixed one.
    pub fn new(seed: u64) -> Self {
        Self::of_node(Node::of_seed(mix(seed & BITS)), seed)
    }

    /// The ids of this node.
    pub fn of_node(node: Node, seed: u64) -> Self {
        Self { node, seed, issued: Shards::default() }
    }

    /// The next id: a one-to-one mix of seed and counter, so that neighbours look unrelated and none comes twice.
    pub fn next(&self) -> RequestId {
        let (shard, issued) = self.issued.mine();
        let counter = (shard as u64) << OF_A_SHARD | issued.fetch_add(1, Ordering::Relaxed);
        let mut text = [b'0'; LENGTH];
        let (node, rest) = text.split_at_mut(NODE);
        node.copy_from_slice(&self.node.0);
        digits(mix(self.seed.wrapping_add(counter.wrapping_mul(0x9E37_79B9_7F4A_7C15)) & BITS), rest);
        RequestId(text)
    }
}

fn digits(mut number: u64, into: &mut [u8]) {
    for place in into.iter_mut().rev() {
        let digit = usize::try_from(number % 36).unwrap_or(0);
        *place = DIGITS.get(digit).copied().unwrap_or(b'0');
        number /= 36;
    }
}

/// After the finaliser of SplitMix64: a bijection on 56 bits, because each step is one.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9) & BITS;
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) & BITS;
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
        let ids = RequestIds::of_node(Node::named("a7").unwrap(), 7);
        let id = ids.next();
        assert!(id.as_str().starts_with("a7") && id.node() == Node::named("a7").unwrap());
        assert_eq!(RequestId::read(id.as_str()), Some(id));
        for bad in ["", "a7", "A7345678901ab", "a7345678901a-"] {
            assert_eq!(RequestId::read(bad), None, "{bad}");
        }
        assert!(Node::named("a").is_none() && Node::named("A7").is_none());
        assert_ne!(RequestIds::new(8).next().as_str(), RequestIds::new(7).next().as_str());
    }
}
