//! How the calls of an API name what they read or for whom they push.

use serde::{Deserialize, Serialize};

/// Where the calls of an API name their window, page and shop, and its replies their total. With it, gaps between windows, pages that
/// nobody asked for and shops that fall silent are seen. All names are paths as those of the log index.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowRule {
    /// Start of the window. Times are `yyyy-MM-dd HH:mm:ss` at GMT+8, or Unix seconds or milliseconds.
    pub start: String,
    /// End of the window.
    pub end: String,
    /// Number of the page; empty = a reply has all rows.
    pub page: String,
    /// Rows of a page.
    pub size: String,
    /// Rows of a page when the call does not say.
    pub usual_size: u32,
    /// Number of the first page: 0 or 1.
    pub first_page: u32,
    /// Rows of the window in the reply, below its root or below `response`.
    pub total: String,
    /// The shop; empty, or not sent = all.
    pub shop: String,
}
