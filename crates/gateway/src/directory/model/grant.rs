//! Authorisations (授权): which caller may reach whom, and how that came about (fact sheet qimen, C1 and C2).

use serde::{Deserialize, Serialize};
use units::Moment;

use super::tenant::Environment;

/// The right of a caller to reach a tenant through a target (fact sheet qimen, C2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Granted separately for test and production.
    pub environment: Environment,
    /// The caller.
    pub app_key: String,
    /// The target.
    pub target_app_key: String,
    /// The tenant's `sid`, or [`EVERY_SID`].
    pub sid: String,
}

/// A grant for all tenants of the environment.
pub const EVERY_SID: &str = "*";

/// A grant that somebody asked for, with what became of it. Only approved ones let a call through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorisation {
    /// What is asked for.
    pub grant: Grant,
    /// Where it stands.
    pub status: GrantStatus,
    /// From this moment on it lets no call through; `None` = it has no end.
    pub until: Option<Moment>,
}

impl Authorisation {
    /// When it ended, if it has.
    pub fn ended(&self, now: Moment) -> Option<Moment> {
        self.until.filter(|until| *until <= now)
    }
}

/// Where an authorisation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GrantStatus {
    /// Asked for, not decided.
    Applied,
    /// In force.
    Approved,
    /// Refused, with a reason.
    Rejected,
    /// Taken back, by either side.
    Withdrawn,
}

impl GrantStatus {
    /// `applied`, `approved`, `rejected` or `withdrawn`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Applied, Self::Approved, Self::Rejected, Self::Withdrawn];
        all.into_iter().find(|status| status.name() == name)
    }

    /// Whether a person may take the authorisation from here to `next`. Whoever was rejected or had his right withdrawn may apply
    /// again; an approval that nobody asked for is one's own.
    pub fn may_become(self, next: Self) -> bool {
        match next {
            Self::Applied => matches!(self, Self::Rejected | Self::Withdrawn),
            Self::Approved => self != Self::Approved,
            Self::Rejected => self == Self::Applied,
            Self::Withdrawn => matches!(self, Self::Applied | Self::Approved),
        }
    }
}

/// One step in the story of an authorisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantEvent {
    /// When.
    pub at: Moment,
    /// What it became, or stayed.
    pub status: GrantStatus,
    /// The end that it has since then.
    pub until: Option<Moment>,
    /// Who did it.
    pub by: String,
    /// Why, or what the applicant says.
    pub reason: String,
}
