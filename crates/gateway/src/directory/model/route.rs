//! Customer routes: who answers for a `customerId` on the standard WMS scene (fact sheet qimen, C2).

use serde::{Deserialize, Serialize};

use super::tenant::Environment;

/// On the WMS scene no `target_app_key` travels: `customerId` and the direction of the call name the target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CustomerRoute {
    /// Test and production have separate routes.
    pub environment: Environment,
    /// The key on which ERP and WMS agreed.
    pub customer_id: String,
    /// Who is called.
    pub direction: Direction,
    /// The target.
    pub target_app_key: String,
}

/// Who is called on the WMS scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The ERP calls the warehouse: `deliveryorder.create`.
    ToWms,
    /// The warehouse calls the ERP: `deliveryorder.confirm`.
    ToErp,
}

impl Direction {
    /// `to_wms` or `to_erp`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ToWms => "to_wms",
            Self::ToErp => "to_erp",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        [Self::ToWms, Self::ToErp].into_iter().find(|direction| direction.name() == name)
    }
}
