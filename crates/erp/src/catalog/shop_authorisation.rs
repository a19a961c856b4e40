//! The authorisation that a shop gave on its platform (店铺授权; fact sheet wdt-1, 2.1): when it ends its orders come in no more, and
//! somebody has to be told before.

use serde::{Deserialize, Serialize};
use store::{Reader, Tenant};
use units::Moment;

use super::{Shop, table};
use crate::Result;

/// Days before the end at which it is told of, and told of urgently.
const DAYS: (i64, i64) = (14, 3);
const DAY: i64 = 86_400;

/// What is known of the authorisation of a shop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShopAuthorisation {
    /// What somebody said of it.
    pub given: Given,
    /// Since when.
    pub since: Option<Moment>,
    /// From this moment on it is expired; `None` = it has no end.
    pub until: Option<Moment>,
    /// Until when it can be renewed without the shop owner.
    pub renewable_until: Option<Moment>,
}

/// What a person can say of an authorisation: everything but that it is expired.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Given {
    /// There is none.
    None,
    /// It is given, as every shop counts of which nobody said anything.
    #[default]
    Authorised,
    /// It was stopped.
    Stopped,
}

impl Given {
    /// The reverse of `auth_state`: 0, 1 or 3. 2 comes by itself.
    pub fn of(state: i64) -> Option<Self> {
        match state {
            0 => Some(Self::None),
            1 => Some(Self::Authorised),
            3 => Some(Self::Stopped),
            _ => None,
        }
    }
}

impl ShopAuthorisation {
    /// `auth_state`: 0 none, 1 authorised, 2 expired, 3 stopped.
    pub fn state(&self, now: Moment) -> i64 {
        match self.given {
            Given::None => 0,
            Given::Authorised if self.until.is_some_and(|until| until <= now) => 2,
            Given::Authorised => 1,
            Given::Stopped => 3,
        }
    }

    /// When [`Self::state`] changes by itself, if it is still to do so.
    pub fn changes(&self, now: Moment) -> Option<Moment> {
        self.until.filter(|until| self.given == Given::Authorised && *until > now)
    }
}

impl Shop {
    /// The end of which somebody wants to be told: of a shop in use, with an authorisation.
    pub(crate) fn ends(&self) -> Option<Moment> {
        self.authorisation.until.filter(|_| !self.disabled && self.authorisation.given == Given::Authorised)
    }
}

/// How near an end is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nearness {
    /// Within 14 days.
    Soon,
    /// Within 3 days.
    Near,
    /// It has come.
    Over,
}

impl Nearness {
    fn of(until: Moment, now: Moment) -> Option<Self> {
        let (soon, near) = DAYS;
        if until <= now {
            Some(Self::Over)
        } else if until <= now.plus(near * DAY) {
            Some(Self::Near)
        } else if until <= now.plus(soon * DAY) {
            Some(Self::Soon)
        } else {
            None
        }
    }

    /// `14_days`, `3_days` or `expired`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Soon => "14_days",
            Self::Near => "3_days",
            Self::Over => "expired",
        }
    }

    /// What it means and what to do, in English and Chinese.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Soon => (
                "the shop's authorisation ends within 14 days; renew it on the platform and change expire_time",
                "店铺授权将在14天内到期,请在平台续期并修改expire_time",
            ),
            Self::Near => (
                "the shop's authorisation ends within 3 days, then its orders stop coming; renew it now and change expire_time",
                "店铺授权将在3天内到期,到期后将收不到订单,请立即续期并修改expire_time",
            ),
            Self::Over => (
                "the shop's authorisation has expired and orders may be missing; renew it, change expire_time, compare the orders since",
                "店铺授权已过期,可能漏单,请续期并修改expire_time,再核对过期以来的订单",
            ),
        }
    }
}

/// A shop whose authorisation ends soon or has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingShop {
    /// Whose shop.
    pub tenant: Tenant,
    /// Its number.
    pub no: String,
    /// When.
    pub until: Moment,
    /// How near that is.
    pub nearness: Nearness,
}

/// Shops in use of all merchants whose authorisation has ended or ends within 14 days, the earliest end first.
pub fn ending_shops(reader: &mut Reader, now: Moment) -> Result<Vec<EndingShop>> {
    let rows = table::shops_ending(reader, now.plus(DAYS.0 * DAY))?;
    let near = |(tenant, no, until)| Some(EndingShop { tenant, no, until, nearness: Nearness::of(until, now)? });
    Ok(rows.into_iter().filter_map(near).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_passes_by_itself_and_a_warning_comes_twice() {
        let now = Moment::from_unix(1_700_000_000);
        let ends = |given, seconds: i64| ShopAuthorisation {
            given,
            until: Some(now.plus(seconds)),
            ..ShopAuthorisation::default()
        };
        assert_eq!(ShopAuthorisation::default().state(now), 1);
        for (given, seconds, state, changes) in [
            (Given::Authorised, 1, 1, true),
            (Given::Authorised, 0, 2, false),
            (Given::None, 0, 0, false),
            (Given::None, 1, 0, false),
            (Given::Stopped, 0, 3, false),
        ] {
            let own = ends(given, seconds);
            assert_eq!((own.state(now), own.changes(now).is_some()), (state, changes), "{own:?}");
        }
        for (seconds, expected) in [
            (14 * DAY + 1, None),
            (14 * DAY, Some(Nearness::Soon)),
            (3 * DAY + 1, Some(Nearness::Soon)),
            (3 * DAY, Some(Nearness::Near)),
            (1, Some(Nearness::Near)),
            (0, Some(Nearness::Over)),
        ] {
            assert_eq!(Nearness::of(now.plus(seconds), now), expected, "{seconds}");
        }
    }
}
