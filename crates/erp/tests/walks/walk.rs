//! The walk: breadth first over the states of a document, each reached anew on a fresh document.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use erp::{Error, Machine, Named};

use crate::support::Merchant;

/// Where a state and an event lead, by the platform's numbers.
pub(crate) type Table = Box<dyn Fn(i64, &str) -> Option<i64>>;

/// The table of a machine.
pub(crate) fn table<S: Named, E: Named>(machine: &'static Machine<S, E>) -> Table {
    Box::new(move |state, event| {
        let is_from = |from: &S| from.number() == Some(state);
        let step = machine.steps.iter().find(|step| step.on.name() == event && step.from.iter().any(is_from))?;
        step.to.number()
    })
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
    pub(crate) state: fn(&Merchant, &str) -> i64,
    pub(crate) commands: &'static [Command],
}

impl Walk {
    /// Walks, and says which states were reached and which commands were refused where.
    pub(crate) fn through(&self, merchant: &Merchant) -> (BTreeSet<i64>, BTreeMap<i64, Vec<&'static str>>) {
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
        let first = (self.state)(merchant, &fresh(&[]));
        let (mut known, mut waiting) = (BTreeSet::from([first]), VecDeque::from([Vec::new()]));
        while let Some(way) = waiting.pop_front() {
            for (index, command) in self.commands.iter().enumerate() {
                let no = fresh(&way);
                let before = (self.state)(merchant, &no);
                let done = (command.run)(merchant, &no);
                let after = (self.state)(merchant, &no);
                let listed: Vec<i64> = command.events.iter().filter_map(|event| (self.table)(before, event)).collect();
                match done {
                    Ok(()) => {
                        assert!(
                            listed.contains(&after),
                            "{} of {before} led to {after}, the table to {listed:?}",
                            command.name
                        );
                        if known.insert(after) {
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
        (known, refused)
    }

    /// The same, compared with the states that must be reached; every command must be refused somewhere or be allowed
    /// everywhere, and what the table does not list must have been refused (or [`Self::through`] would have failed).
    pub(crate) fn check(&self, merchant: &Merchant, states: &[i64]) {
        let (known, refused) = self.through(merchant);
        assert_eq!(known.into_iter().collect::<Vec<_>>(), states, "states that commands reach; refused: {refused:?}");
        merchant.assert_books_balance();
    }
}
