//! A rule: whom it concerns and how much he may. Plain values.

use serde::{Deserialize, Serialize};
use units::Moment;

use crate::directory::Environment;
use crate::telemetry::CallRecord;

/// Whose calls a rule counts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleScope {
    /// Of one application, all APIs.
    #[default]
    App,
    /// Of one API, all callers.
    Api,
    /// Of one application on one API.
    AppApi,
    /// To one target, all callers.
    Target,
}

impl RuleScope {
    const NAMES: [(&'static str, Self); 4] =
        [("app", Self::App), ("api", Self::Api), ("app_api", Self::AppApi), ("target", Self::Target)];

    /// Its name in the admin API.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, scope)| *scope == self).map_or("", |(name, _)| name)
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, scope)| *scope)
    }
}

/// A span of time in which calls are counted; days at GMT+8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// A day.
    Day,
}

impl Span {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Second, Self::Minute, Self::Day];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Day => "day",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.name() == name)
    }

    fn length(self) -> i64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Day => 86_400,
        }
    }

    /// Number of the span that holds `now`.
    pub(crate) fn period(self, now: Moment) -> i64 {
        self.local(now).div_euclid(self.length())
    }

    /// Seconds until it is over, at least one.
    pub(crate) fn left(self, now: Moment) -> i64 {
        self.length() - self.local(now).rem_euclid(self.length())
    }

    /// Days begin at midnight of GMT+8.
    fn local(self, now: Moment) -> i64 {
        now.unix().saturating_add(8 * 3600)
    }
}

/// A limit of calls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitRule {
    /// Number of the rule.
    #[serde(skip)]
    pub number: i64,
    /// Raised by every change and reset: the count begins anew.
    #[serde(skip)]
    pub generation: i64,
    /// Whose calls are counted together.
    pub scope: RuleScope,
    /// Only in this environment; absent = both, each counted by itself.
    pub environment: Option<Environment>,
    /// Only this application; absent = every one, each by itself.
    pub app: Option<String>,
    /// Only this method, without scene; absent = every one, each by itself.
    pub method: Option<String>,
    /// Only this target; absent = every one, each by itself.
    pub target: Option<String>,
    /// Calls a second; 0 = no limit.
    pub per_second: u32,
    /// Calls a minute; 0 = no limit.
    pub per_minute: u32,
    /// Calls a day; 0 = no limit.
    pub per_day: u32,
    /// How long nobody gets through once a limit was reached; 0 = until its span is over.
    pub ban_seconds: u32,
    /// A rule that is off counts nothing.
    pub off: bool,
}

impl LimitRule {
    /// The limits that it has.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (Span, u32)> {
        let limits = [(Span::Second, self.per_second), (Span::Minute, self.per_minute), (Span::Day, self.per_day)];
        limits.into_iter().filter(|(_, limit)| *limit > 0)
    }

    /// The limit of this span.
    pub fn limit(&self, span: Span) -> u32 {
        self.spans().find(|(own, _)| *own == span).map_or(0, |(_, limit)| limit)
    }

    /// Whether the call counts.
    fn concerns(&self, call: &CallRecord) -> bool {
        let fits = |own: &Option<String>, of: &str| own.as_deref().is_none_or(|own| own == of);
        let there = match self.scope {
            RuleScope::App => !call.app.is_empty(),
            RuleScope::Api => !call.method.is_empty(),
            RuleScope::AppApi => !call.app.is_empty() && !call.method.is_empty(),
            RuleScope::Target => !call.target.is_empty(),
        };
        there
            && self.environment.is_none_or(|own| call.environment == Some(own))
            && fits(&self.app, &call.app)
            && fits(&self.method, &call.method)
            && fits(&self.target, &call.target)
    }

    /// Whose budget the call spends: rule, generation, environment, then application, method, target as far as the scope tells them
    /// apart.
    pub(crate) fn budget(&self, call: &CallRecord) -> String {
        let (app, method, target) = match self.scope {
            RuleScope::App => (&*call.app, "", ""),
            RuleScope::Api => ("", &*call.method, ""),
            RuleScope::AppApi => (&*call.app, &*call.method, ""),
            RuleScope::Target => ("", "", &*call.target),
        };
        let world = call.environment.map_or("", Environment::name);
        format!("{}.{}|{world}|{app}|{method}|{target}", self.number, self.generation)
    }
}

/// All rules, as a snapshot holds them.
#[derive(Debug, Default)]
pub(crate) struct Book(Vec<LimitRule>);

impl Book {
    pub(crate) fn new(rules: Vec<LimitRule>) -> Self {
        Self(rules)
    }

    /// Nothing is limited.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn rules(&self) -> &[LimitRule] {
        &self.0
    }

    pub(crate) fn concerning(&self, call: &CallRecord) -> impl Iterator<Item = &LimitRule> {
        self.0.iter().filter(|rule| !rule.off && rule.concerns(call))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_end_where_people_expect_it() {
        let at = Moment::parse("2026-01-02 23:59:30").unwrap();
        assert_eq!(Span::ALL.map(|span| span.left(at)), [1, 30, 30]);
        assert_eq!(Span::Day.period(at) + 1, Span::Day.period(at.plus(30)));
        assert_eq!(Span::Day.period(at), Span::Day.period(at.plus(29)));
    }
}
