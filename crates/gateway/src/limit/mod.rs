//! Limits and bans: how many calls a second, a minute and a day an application, an API, both together, or a target may see (fact sheet
//! qimen, B4). Off until somebody sets one, and then at no cost to calls that none concerns.
//!
//! Lives here: the rules, what of them is spent, the bans, what the caller is told. Never here: limits of single Wangdian methods, which
//! belong to the merchant (`quota/`), and the calls a minute of an application (`throttle.rs`).
//!
//! Over several nodes a limit holds in total: a node takes small portions out of one row of the database and spends them from
//! memory; what is lent out counts as spent, so there may be fewer calls than the limit says, never more. On SQLite there is one
//! node: seconds and minutes are counted in memory, days in the database, so that a restart does not begin anew.

mod edit;
mod local;
mod rule;
pub(crate) mod table;

use std::sync::Mutex;

use store::Store;
use units::Moment;

pub use edit::Usage;
pub(crate) use edit::put;
pub use rule::{LimitRule, RuleScope, Span};

use crate::fault::{Fault, LimitScope};
use crate::telemetry::CallRecord;
use local::{Cells, Taken};
pub(crate) use rule::Book;

/// What the caller is told of the limit that leaves him least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Calls of the span.
    pub limit: u32,
    /// Calls that are left in it, as far as this node knows.
    pub remaining: u32,
    /// Seconds until the next span.
    pub seconds: i64,
}

/// A call beyond a limit: what it hears, and what is left, which is nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Beyond {
    pub(crate) fault: Fault,
    pub(crate) budget: Option<Budget>,
}

/// Counts calls against the rules.
#[derive(Default)]
pub(crate) struct Limiter {
    cells: Mutex<Cells>,
    /// One portion at a time, so that a crowd does not take a crowd of portions.
    portions: tokio::sync::Mutex<()>,
}

/// A limit of a rule for one caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Account {
    pub(crate) budget: String,
    pub(crate) span: Span,
}

/// One limit as it is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) limit: u32,
    pub(crate) ban_seconds: u32,
    /// Counted in memory alone.
    pub(crate) alone: bool,
}

impl Limiter {
    /// Counts a call against every rule that concerns it. A call that one rule refuses is not counted by the others.
    pub(crate) async fn admit(
        &self,
        store: &Store,
        book: &Book,
        call: &CallRecord,
        now: Moment,
    ) -> Result<Option<Budget>, Beyond> {
        let one_node = store.is_embedded();
        let (mut spent, mut least): (Vec<Account>, Option<Budget>) = (Vec::new(), None);
        for rule in book.concerning(call) {
            for (span, limit) in rule.spans() {
                let account = Account { budget: rule.budget(call), span };
                let alone = one_node && span != Span::Day;
                let terms = Terms { limit, ban_seconds: rule.ban_seconds, alone };
                match self.take(store, &account, terms, now).await.map_err(|fault| Beyond { fault, budget: None })? {
                    Ok(remaining) => {
                        let budget = Budget { limit, remaining, seconds: span.left(now) };
                        if least.is_none_or(|least| remaining < least.remaining) {
                            least = Some(budget);
                        }
                        spent.push(account);
                    }
                    Err(seconds) => {
                        for account in &spent {
                            self.cells().give_back(account);
                        }
                        let budget = Some(Budget { limit, remaining: 0, seconds });
                        return Err(Beyond { fault: refusal(rule.scope, seconds), budget });
                    }
                }
            }
        }
        Ok(least)
    }

    /// One call of an account: what is left, or how long to wait.
    async fn take(
        &self,
        store: &Store,
        account: &Account,
        terms: Terms,
        now: Moment,
    ) -> Result<Result<u32, i64>, Fault> {
        loop {
            match self.cells().take(account, terms, now) {
                Taken::Done(remaining) => return Ok(Ok(remaining)),
                Taken::Refused(seconds) => return Ok(Err(seconds)),
                Taken::Empty => {}
            }
            let _turn = self.portions.lock().await;
            // Somebody else may have brought a portion meanwhile.
            match self.cells().take(account, terms, now) {
                Taken::Done(remaining) => return Ok(Ok(remaining)),
                Taken::Refused(seconds) => return Ok(Err(seconds)),
                Taken::Empty => {}
            }
            let portion = table::portion(store, account.clone(), terms, now).await.map_err(|error| {
                tracing::error!(%error, "a limit cannot be counted");
                Fault::Unavailable(crate::fault::REPEAT)
            })?;
            self.cells().put(account, portion, now);
        }
    }

    fn cells(&self) -> std::sync::MutexGuard<'_, Cells> {
        self.cells.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn refusal(scope: RuleScope, seconds: i64) -> Fault {
    let scope = match scope {
        RuleScope::App => LimitScope::App,
        RuleScope::Api => LimitScope::Api,
        RuleScope::AppApi => LimitScope::AppApi,
        RuleScope::Target => return Fault::TargetSpared { seconds },
    };
    Fault::Limited { scope, seconds }
}
