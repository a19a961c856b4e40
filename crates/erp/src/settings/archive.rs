//! Settings of the archive (归档).

use serde::{Deserialize, Serialize};

/// What a merchant decides about the archive (归档).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveSettings {}
