//! What this node may still spend, and what it knows of bans.

use foldhash::HashMap;
use units::Moment;

use super::{Account, Span, Terms};

/// Accounts that are remembered; beyond it those that are over are forgotten.
const REMEMBERED: usize = 50_000;

/// Accounts with what is left of them here.
#[derive(Default)]
pub(super) struct Cells(HashMap<Account, Cell>);

struct Cell {
    period: i64,
    /// Of the portion that this node holds.
    left: u32,
    /// Spent and lent out over all nodes, when this node asked last.
    used: u32,
    /// Nothing is left in this period.
    closed: bool,
    banned_until: i64,
}

/// What came of asking for one call.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is counted; this many are left.
    Done(u32),
    /// Come back in so many seconds.
    Refused(i64),
    /// A portion is needed.
    Empty,
}

/// A portion out of the common row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Portion {
    pub(super) period: i64,
    /// 0: there is nothing left.
    pub(super) granted: u32,
    /// Spent and lent out now, this portion among it.
    pub(super) used: u32,
    pub(super) banned_until: i64,
}

/// An account as people see it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) account: Account,
    pub(super) period: i64,
    pub(super) used: u32,
    pub(super) banned_until: i64,
}

impl Cells {
    pub(super) fn take(&mut self, account: &Account, terms: Terms, now: Moment) -> Taken {
        let period = account.span.period(now);
        if !self.0.contains_key(account) {
            self.make_room(now);
        }
        let fresh = || Cell { period: i64::MIN, left: 0, used: 0, closed: false, banned_until: 0 };
        let cell = self.0.entry(account.clone()).or_insert_with(fresh);
        if cell.banned_until > now.unix() {
            return Taken::Refused(cell.banned_until - now.unix());
        }
        if cell.period < period {
            *cell = Cell { period, banned_until: cell.banned_until, ..fresh() };
            if terms.alone {
                (cell.left, cell.used) = (terms.limit, terms.limit);
            }
        }
        if cell.left > 0 {
            cell.left -= 1;
            return Taken::Done(terms.limit.saturating_sub(cell.used) + cell.left);
        }
        if cell.closed || terms.alone {
            cell.closed = true;
            let mut wait = account.span.left(now);
            if terms.ban_seconds > 0 && terms.alone {
                cell.banned_until = now.unix() + i64::from(terms.ban_seconds);
                wait = i64::from(terms.ban_seconds);
            }
            return Taken::Refused(wait);
        }
        Taken::Empty
    }

    /// A portion has come, or the word that there is none.
    pub(super) fn put(&mut self, account: &Account, portion: Portion, now: Moment) {
        let Some(cell) = self.0.get_mut(account) else { return };
        if portion.period > cell.period {
            // Another node's clock is ahead: its period counts.
            (cell.period, cell.left) = (portion.period, 0);
        }
        cell.left += portion.granted;
        cell.used = portion.used;
        cell.closed = portion.granted == 0;
        cell.banned_until = portion.banned_until;
        if cell.closed && cell.period < account.span.period(now) {
            cell.closed = false;
        }
    }

    /// The call was not made after all.
    pub(super) fn give_back(&mut self, account: &Account) {
        if let Some(cell) = self.0.get_mut(account) {
            cell.left += 1;
        }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        let seen = |(account, cell): (&Account, &Cell)| Seen {
            account: account.clone(),
            period: cell.period,
            used: cell.used.saturating_sub(cell.left),
            banned_until: cell.banned_until,
        };
        self.0.iter().map(seen).collect()
    }

    fn make_room(&mut self, now: Moment) {
        if self.0.len() < REMEMBERED {
            return;
        }
        self.0.retain(|account, cell| cell.period >= account.span.period(now) || cell.banned_until > now.unix());
        if self.0.len() >= REMEMBERED {
            // Only seconds and minutes can be that many; who is forgotten begins anew.
            self.0.retain(|account, _| account.span == Span::Day);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(span: Span) -> Account {
        Account { budget: "1.1||a||".to_owned(), span }
    }

    #[test]
    fn a_node_alone_counts_for_itself() {
        let (mut cells, account) = (Cells::default(), account(Span::Minute));
        let terms = Terms { limit: 2, ban_seconds: 0, alone: true };
        let at = |s: i64| Moment::from_unix(1_700_000_040 + s);
        let takes = |cells: &mut Cells, s| cells.take(&account, terms, at(s));
        assert_eq!([0, 0, 0].map(|s| takes(&mut cells, s)), [Taken::Done(1), Taken::Done(0), Taken::Refused(60)]);
        assert_eq!(takes(&mut cells, 59), Taken::Refused(1));
        assert_eq!(takes(&mut cells, 60), Taken::Done(1));
        cells.give_back(&account);
        assert_eq!(takes(&mut cells, 60), Taken::Done(1));
    }

    #[test]
    fn a_ban_outlasts_the_span_and_is_not_made_longer() {
        let (mut cells, account) = (Cells::default(), account(Span::Second));
        let terms = Terms { limit: 1, ban_seconds: 90, alone: true };
        let at = |s: i64| Moment::from_unix(1_700_000_040 + s);
        let takes = |cells: &mut Cells, s| cells.take(&account, terms, at(s));
        assert_eq!([0, 0, 10].map(|s| takes(&mut cells, s)), [Taken::Done(0), Taken::Refused(90), Taken::Refused(80)]);
        assert_eq!(takes(&mut cells, 89), Taken::Refused(1));
        assert_eq!(takes(&mut cells, 90), Taken::Done(0));
    }

    #[test]
    fn portions_are_spent_and_asked_for_again() {
        let (mut cells, account) = (Cells::default(), account(Span::Day));
        let terms = Terms { limit: 10, ban_seconds: 0, alone: false };
        let now = Moment::from_unix(1_700_000_040);
        let period = Span::Day.period(now);
        assert_eq!(cells.take(&account, terms, now), Taken::Empty);
        cells.put(&account, Portion { period, granted: 2, used: 7, banned_until: 0 }, now);
        assert_eq!(cells.take(&account, terms, now), Taken::Done(4), "three unlent and one here");
        assert_eq!(cells.take(&account, terms, now), Taken::Done(3));
        assert_eq!(cells.take(&account, terms, now), Taken::Empty);
        cells.put(&account, Portion { period, granted: 0, used: 10, banned_until: 0 }, now);
        assert!(matches!(cells.take(&account, terms, now), Taken::Refused(seconds) if seconds > 0));
        assert_eq!(cells.take(&account, terms, now.plus(86_400)), Taken::Empty, "another day");
    }
}
