//! Changing rules, and seeing what is spent. Rules stand in the directory's snapshot, so a change reaches every node with it.

use store::{Tenant, Tx};
use units::Moment;

use super::rule::{LimitRule, RuleScope, Span};
use super::table;
use crate::directory::{Directory, Error, Result, check_method};
use crate::fault::Fault;
use crate::pipeline::Gateway;
use crate::trace::Trace;

/// Rules there may be: each call looks at all of them.
const MOST_RULES: usize = 500;
/// Seconds of a ban.
const LONGEST_BAN: u32 = 30 * 86_400;

/// What is spent of a limit by one caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Number of the rule.
    pub rule: i64,
    /// Environment; empty when it is not told apart.
    pub environment: String,
    /// Whose calls; empty when the rule does not tell them apart.
    pub app: String,
    /// Of which method.
    pub method: String,
    /// To which target.
    pub target: String,
    /// In which span.
    pub span: Span,
    /// The limit.
    pub limit: u32,
    /// Spent, over all nodes; what a node has been lent and not spent yet counts, too.
    pub used: u32,
    /// Seconds that a ban still lasts.
    pub banned_seconds: i64,
}

impl Directory {
    /// Creates a rule (number 0) or changes one; the count begins anew. Gives its number.
    ///
    /// # Errors
    /// The rule limits nothing, or contradicts itself; there is no rule of that number.
    pub async fn put_limit(&self, rule: LimitRule) -> Result<i64> {
        self.change(move |tx| put(tx, &rule)).await
    }

    /// Takes a rule away; false when there was none.
    ///
    /// # Errors
    /// The store failed.
    pub async fn delete_limit(&self, number: i64) -> Result<bool> {
        self.change(move |tx| Ok(table::delete_rule(tx, number)?)).await
    }

    /// Begins the count of a rule anew and lifts its bans.
    ///
    /// # Errors
    /// There is no rule of that number.
    pub async fn reset_limit(&self, number: i64) -> Result<()> {
        let rule = self.snapshot().limits().iter().find(|rule| rule.number == number).cloned();
        let rule = rule.ok_or_else(|| Error::Unknown(format!("limit {number}")))?;
        self.put_limit(rule).await.map(drop)
    }
}

pub(crate) fn put(tx: &mut Tx, rule: &LimitRule) -> Result<i64> {
    check(rule)?;
    check_method(tx, rule.method.as_deref().unwrap_or_default())?;
    let known: Vec<LimitRule> = table::rules(tx)?.into_iter().flatten().collect();
    let (number, generation) = match rule.number {
        0 if known.len() >= MOST_RULES => return Err(Error::Invalid(format!("at most {MOST_RULES} limits"))),
        0 => (tx.next("gateway_limit")?, 1),
        number => {
            let old = known.iter().find(|old| old.number == number);
            (number, old.ok_or_else(|| Error::Unknown(format!("limit {number}")))?.generation + 1)
        }
    };
    let rule = LimitRule { number, generation, ..rule.clone() };
    let definition = serde_json::to_string(&rule).map_err(|error| Error::Invalid(error.to_string()))?;
    table::put_rule(tx, &rule, &definition)?;
    Ok(number)
}

fn check(rule: &LimitRule) -> Result<()> {
    let no = |text: &str| Err(Error::Invalid(text.to_owned()));
    if rule.spans().next().is_none() {
        return no("a limit has per_second, per_minute or per_day");
    }
    if rule.ban_seconds > LONGEST_BAN {
        return no("ban_seconds is at most 2592000 (thirty days)");
    }
    let foreign = match rule.scope {
        RuleScope::App => rule.method.is_some(),
        RuleScope::Api => rule.app.is_some(),
        RuleScope::AppApi => false,
        RuleScope::Target => rule.method.is_some() || rule.app.is_some(),
    };
    if foreign {
        return no(
            "scope app counts all methods of an application, api all callers, target both; app_api tells them apart",
        );
    }
    let long = |text: &Option<String>| text.as_deref().is_some_and(|text| text.is_empty() || text.len() > 128);
    if long(&rule.app) || long(&rule.method) || long(&rule.target) {
        return no("app, method and target have 1 to 128 characters");
    }
    Ok(())
}

impl Gateway {
    /// Counts the call against the rules that concern it. The only step that may wait before the unit of work: for a portion of a
    /// limit that several nodes share.
    pub(crate) async fn count(&self, trace: &mut Trace<'_>) -> std::result::Result<(), Fault> {
        if self.directory().guard().limit_book().is_empty() {
            return Ok(());
        }
        let (directory, now) = (self.directory().snapshot(), self.now());
        let counted = self.limiter().admit(self.store(), directory.limit_book(), &trace.record, now).await;
        let (budget, told) = match counted {
            Ok(budget) => (budget, Ok(())),
            Err(beyond) => (beyond.budget, Err(beyond.fault)),
        };
        trace.budget = budget;
        told
    }

    /// What is spent of the limits at the moment: over all nodes where they share a database, of this one otherwise.
    ///
    /// # Errors
    /// The store failed.
    pub async fn limit_usage(&self) -> store::Result<Vec<Usage>> {
        let now = self.now();
        let shared = self.store().read(Tenant::HOUSE, table::budgets).await?;
        let shared = shared.into_iter().filter_map(|(budget, span, period, used, banned)| {
            let used = u32::try_from(used).unwrap_or(u32::MAX);
            Some((budget, span?, period, used, banned))
        });
        let here = self.limiter().seen();
        let embedded = self.store().is_embedded();
        let here = here.into_iter().filter(|(_, span, ..)| embedded && *span != Span::Day);
        let directory = self.directory().snapshot();
        let usage = shared.chain(here).filter_map(|(budget, span, period, used, banned)| {
            let current = period >= span.period(now);
            if !current && banned <= now.unix() {
                return None;
            }
            let used = if current { used } else { 0 };
            usage(directory.limits(), &budget, span, used, banned, now)
        });
        Ok(usage.collect())
    }
}

impl super::Limiter {
    fn seen(&self) -> Vec<(String, Span, i64, u32, i64)> {
        let seen = self.cells().seen();
        seen.into_iter()
            .map(|seen| (seen.account.budget, seen.account.span, seen.period, seen.used, seen.banned_until))
            .collect()
    }
}

/// Reads the name of a budget; `None` when its rule has changed since.
fn usage(rules: &[LimitRule], budget: &str, span: Span, used: u32, banned: i64, now: Moment) -> Option<Usage> {
    let mut parts = budget.split('|');
    let (number, generation) = parts.next()?.split_once('.')?;
    let (number, generation): (i64, i64) = (number.parse().ok()?, generation.parse().ok()?);
    let rule = rules.iter().find(|rule| rule.number == number && rule.generation == generation)?;
    let mut text = || parts.next().unwrap_or_default().to_owned();
    let (environment, app, method, target) = (text(), text(), text(), text());
    let banned_seconds = (banned - now.unix()).max(0);
    Some(Usage { rule: number, environment, app, method, target, span, limit: rule.limit(span), used, banned_seconds })
}
