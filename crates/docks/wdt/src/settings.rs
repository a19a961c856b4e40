//! What a merchant may decide differently from another, as far as the Wangdian API sees it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::codes::{Error, bad_settings};

/// The dock's part of a tenant's settings. What is absent has the value that the fact sheets recommend. (Row scalars and
/// personal fields are the gateway's: `openapi2_scalars`, `qimen_scalars`, `qimen_personal`.)
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How the business decides: the `erp` object of the tenant's settings.
    pub erp: erp::Settings,
    /// Refuse characters above U+FFFF in nick, receiver and message, as the vendor does (fact sheet wdt-1, 1.2).
    pub strict_emoji: bool,
    /// Send `total_count` on every page, not on page 0 only (fact sheet wdt-1, chapter 4 no. 7).
    pub total_count_always: bool,
    /// Platforms whose orders openapi2 does not show (淘系; fact sheet wdt-1, appendix A).
    pub taobao_platforms: Vec<i64>,
    /// A stock query by warehouse without a window gives everything instead of the last hour (fact sheet wdt-2, 12 no. 17).
    pub stock_by_warehouse_is_full: bool,
    /// `vip_stock_query_all` answers from 00:00 to 02:00 only, as the vendor's production does (fact sheet wdt-2, 5.13).
    pub full_stock_at_night: bool,
    /// `vip_stock_query_all` wants a warehouse, as the vendor's test environment does.
    pub full_stock_by_warehouse: bool,
    /// `vip_trade_modify` without `flag_cover` may replace a mark (fact sheet wdt-1, chapter 4 no. 21).
    pub flag_cover_by_default: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            erp: erp::Settings::default(),
            strict_emoji: false,
            total_count_always: false,
            taobao_platforms: vec![1, 2, 82, 87, 94, 106, 172],
            stock_by_warehouse_is_full: false,
            full_stock_at_night: false,
            full_stock_by_warehouse: false,
            flag_cover_by_default: false,
        }
    }
}

impl Settings {
    /// The dock's part of what the gateway keeps for a tenant.
    ///
    /// # Errors
    /// Code 1020 when the stored settings do not fit.
    pub fn of(settings: &gateway::directory::Settings) -> Result<Self, Error> {
        if settings.more.is_empty() {
            return Ok(Self::default());
        }
        Self::deserialize(Value::Object(settings.more.clone())).map_err(|problem| bad_settings(&problem).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_settings_are_the_sheets() {
        let check = |json: &str| Settings::of(&serde_json::from_str(json).unwrap());
        assert_eq!(check("{}").unwrap(), Settings::default());
        let some = check(r#"{"openapi2_scalars":"native","strict_emoji":true,"erp":{"auto_submit":false},"other":1}"#);
        let some = some.unwrap();
        assert!(some.strict_emoji && !some.erp.auto_submit && some.erp.submit_unpaid);
        assert!(check(r#"{"strict_emoji":"perhaps"}"#).is_err());
        assert!(check(r#"{"erp":{"unheard_of":1}}"#).is_err());
    }
}
