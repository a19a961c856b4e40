//! Settings of after-sale (售后).

use serde::{Deserialize, Serialize};

/// What a merchant decides about after-sale (售后).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AftersaleSettings {}
