//! Settings of stock documents (库存单据).

use serde::{Deserialize, Serialize};

/// What a merchant decides about stock documents (库存单据).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StockSettings {}
