//! The walk: breadth first over the states of a document, each reached anew on a fresh document.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use erp::{Error, Machine, Named};

use crate::support::Merchant;

/// A transition that real commands made: document, state before, event.
pub(crate) type Pair = (&'static str, i64, &'static str);

/// What walks reached.
pub(crate) type Reached = BTreeSet<Pair>;

/// The table of a machine, by the platform's numbers.
pub(crate) struct Table {
    /// The document it is about.
    document: &'static str,
    /// State, event, and where they lead.
    rows: Vec<(i64, &'static str, i64)>,
}

/// The table of a machine.
pub(crate) fn table<S: Named, E: Named>(machine: &'static Machine<S, E>) -> Table {
    let rows = machine.steps.iter().flat_map(|step| {
        let numbers = step.from.iter().filter_map(|from| from.number());
        numbers.filter_map(|from| Some((from, step.on.name(), step.to.number()?)))
    });
    Table { document: machine.document, rows: rows.collect() }
}

impl Table {
    fn leads(&self, state: i64, event: &str) -> Option<i64> {
        self.rows.iter().find(|(from, on, _)| *from == state && *on == event).map(|(.., to)| *to)
    }

    /// How some of these events lead from one state to another: by one of them, or by two, one right after the other.
    fn steps(&self, before: i64, events: &[&'static str], after: i64) -> Vec<Pair> {
        let all = || events.iter().filter_map(move |event| Some((*event, self.leads(before, event)?)));
        let one: Vec<Pair> =
            all().filter(|(_, to)| *to == after).map(|(event, _)| (self.document, before, event)).collect();
        if !one.is_empty() {
            return one;
        }
        let two = all().flat_map(|(first, between)| {
            let second = events.iter().filter(move |event| self.leads(between, event) == Some(after));
            second.flat_map(move |second| [(self.document, before, first), (self.document, between, *second)])
        });
        two.collect()
    }

    /// Every pair of the table.
    pub(crate) fn pairs(&self) -> Reached {
        self.rows.iter().map(|(from, on, _)| (self.document, *from, *on)).collect()
    }
}

/// Something people or callers do to a document of this number.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    /// The events that it may fire, as the machine names them.
    pub(crate) events: &'static [&'static str],
    pub(crate) run: fn(&Merchant, &str) -> Result<(), Error>,
}

/// A kind of document.
pub(crate) struct Walk {
    pub(crate) table: Table,
    /// Makes one; its number.
    pub(crate) open: fn(&Merchant, usize) -> String,
    /// State before the last thing that happens while it is made, and that event, when making it takes more than one step.
    pub(crate) born: Option<(i64, &'static str)>,
    pub(crate) state: fn(&Merchant, &str) -> i64,
    pub(crate) commands: &'static [Command],
    /// States from which another walk goes on.
    pub(crate) edges: Vec<i64>,
}

impl Walk {
    /// Walks, and compares the states that were reached with those that must be; what the table does not list must have been
    /// refused. Returns the transitions that happened.
    pub(crate) fn check(&self, merchant: &Merchant, states: &[i64]) -> Reached {
        let (known, refused, reached) = self.through(merchant);
        let mut states = states.to_vec();
        states.sort_unstable();
        assert_eq!(known.into_iter().collect::<Vec<_>>(), states, "states that commands reach; refused: {refused:?}");
        merchant.assert_books_balance();
        reached
    }

    /// The states that were reached, which commands were refused where, and what happened.
    fn through(&self, merchant: &Merchant) -> (BTreeSet<i64>, BTreeMap<i64, Vec<&'static str>>, Reached) {
        let mut made = 0;
        let mut fresh = |way: &[usize]| {
            made += 1;
            let no = (self.open)(merchant, made);
            for step in way {
                (self.commands[*step].run)(merchant, &no).unwrap_or_else(|error| panic!("{no}: {error}"));
            }
            no
        };
        let mut refused: BTreeMap<i64, Vec<&'static str>> = BTreeMap::new();
        let mut reached = Reached::new();
        let first = (self.state)(merchant, &fresh(&[]));
        if let Some((from, event)) = self.born {
            assert_eq!(self.table.leads(from, event), Some(first), "{event} of {from} while it was made");
            reached.insert((self.table.document, from, event));
        }
        let (mut known, mut waiting) = (BTreeSet::from([first]), VecDeque::from([Vec::new()]));
        while let Some(way) = waiting.pop_front() {
            for (index, command) in self.commands.iter().enumerate() {
                let no = fresh(&way);
                let before = (self.state)(merchant, &no);
                let done = (command.run)(merchant, &no);
                let after = (self.state)(merchant, &no);
                match done {
                    Ok(()) => {
                        let steps = self.table.steps(before, command.events, after);
                        assert!(
                            !steps.is_empty(),
                            "{} of {}: {before} led to {after}, the table knows no {:?} for that",
                            command.name,
                            self.table.document,
                            command.events
                        );
                        reached.extend(steps);
                        if known.insert(after) && !self.edges.contains(&after) {
                            let mut further = way.clone();
                            further.push(index);
                            waiting.push_back(further);
                        }
                    }
                    Err(Error::Refused(_)) => {
                        assert_eq!(after, before, "{} was refused and moved the document", command.name);
                        refused.entry(before).or_default().push(command.name);
                    }
                    Err(error) => panic!("{} of {before}: {error}", command.name),
                }
            }
        }
        (known, refused, reached)
    }
}
