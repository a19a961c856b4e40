//! Settings of purchase (采购).

use serde::{Deserialize, Serialize};

/// What a merchant decides about purchase (采购).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PurchaseSettings {}
