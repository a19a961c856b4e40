//! How the call log is set.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

/// Of which calls the messages are kept. Every call leaves its other fields, whatever this says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// Of every call.
    All,
    /// Of writes, and of every call that was refused or whose outcome is open.
    #[default]
    Writes,
    /// Of none.
    None,
}

/// What the call log is made of.
#[derive(Clone)]
pub struct Options {
    /// Folder of the segments.
    pub folder: PathBuf,
    /// Name of this node, two lower-case letters or digits; empty = the one that the folder remembers, or a new one.
    pub node: String,
    /// Of which calls the messages are kept.
    pub keep: Keep,
    /// Most bytes of a body that are kept.
    pub message_bytes: usize,
    /// Most bytes of the whole log; the oldest segments go first.
    pub total_bytes: u64,
    /// Seconds after which a call is forgotten.
    pub seconds: i64,
    /// Bytes of a segment. The rows of one are in memory while it is written, and again when a crash left it without its index.
    pub segment_bytes: u32,
    /// Unix milliseconds now.
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// 32 random bytes: the key under which the messages of this run are sealed.
    pub key: [u8; 32],
}

impl Options {
    /// The usual settings.
    pub fn new(folder: PathBuf, now: Arc<dyn Fn() -> i64 + Send + Sync>, key: [u8; 32]) -> Self {
        Self {
            folder,
            node: String::new(),
            keep: Keep::default(),
            message_bytes: 1024 * 1024,
            total_bytes: 4 * 1024 * 1024 * 1024,
            seconds: 30 * 86_400,
            segment_bytes: 8 * 1024 * 1024,
            now,
            key,
        }
    }
}
