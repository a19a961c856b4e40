//! Settings of the order flow (订单流程).

use serde::{Deserialize, Serialize};

/// What a merchant decides about the order flow (订单流程).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlowSettings {}
