//! State machines as tables: one row a transition. The same table decides, explains a refusal and draws the diagram.

use std::fmt;

/// One row: in any of `from`, `on` leads to `to`.
#[derive(Debug)]
pub struct Step<S: 'static, E: 'static> {
    /// The states in which the event is allowed.
    pub from: &'static [S],
    /// What happens.
    pub on: E,
    /// Where it leads.
    pub to: S,
    /// What else changes with it, in words; shown in the diagram.
    pub effect: &'static str,
}

/// A whole machine.
#[derive(Debug)]
pub struct Machine<S: 'static, E: 'static> {
    /// The document it belongs to, in Chinese.
    pub document: &'static str,
    /// All transitions there are.
    pub steps: &'static [Step<S, E>],
}

/// A transition that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Illegal {
    /// The document.
    pub document: &'static str,
    /// The state it is in.
    pub state: String,
    /// What was asked for.
    pub event: &'static str,
    /// What the state would allow.
    pub allowed: Vec<&'static str>,
}

impl fmt::Display for Illegal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}状态为{},不能{}", self.document, self.state, self.event)?;
        if self.allowed.is_empty() {
            f.write_str("(该状态为终态)")
        } else {
            write!(f, ",允许:{}", self.allowed.join("、"))
        }
    }
}

/// What a machine needs to know of its states and events.
pub trait Named: Copy + Eq + 'static {
    /// The name people use.
    fn name(self) -> &'static str;
    /// The platform's number, when it has one.
    fn number(self) -> Option<i64> {
        None
    }
}

/// Declares the events of a machine, each with its Chinese name.
macro_rules! events {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $event:ident $chinese:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $event),* }

        impl $name {
            /// Every event.
            pub const ALL: &'static [Self] = &[$(Self::$event),*];
        }

        impl $crate::machine::Named for $name {
            fn name(self) -> &'static str {
                match self { $(Self::$event => $chinese),* }
            }
        }
    };
}
pub(crate) use events;

impl<S: Named, E: Named> Machine<S, E> {
    /// Where `on` leads from `state`.
    pub fn fire(&self, state: S, on: E) -> Result<S, Illegal> {
        self.steps.iter().find(|step| step.on == on && step.from.contains(&state)).map(|step| step.to).ok_or_else(
            || Illegal {
                document: self.document,
                state: label(state),
                event: on.name(),
                allowed: self.allowed(state).map(Named::name).collect(),
            },
        )
    }

    /// The events that `state` allows.
    pub fn allowed(&self, state: S) -> impl Iterator<Item = E> + '_ {
        self.steps.iter().filter(move |step| step.from.contains(&state)).map(|step| step.on)
    }

    /// Every state in the table, as people and the platform call it, in the order of its appearance.
    pub fn states(&self) -> Vec<String> {
        let mut all = Vec::new();
        for state in self.steps.iter().flat_map(|step| step.from.iter().copied().chain([step.to])).map(label) {
            if !all.contains(&state) {
                all.push(state);
            }
        }
        all
    }

    /// The platform's number of every state in the table.
    pub fn numbers(&self) -> Vec<i64> {
        let states = self.steps.iter().flat_map(|step| step.from.iter().copied().chain([step.to]));
        let mut numbers: Vec<i64> = states.filter_map(Named::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The table as a Mermaid state diagram, for the documentation and the console.
    pub fn mermaid(&self) -> String {
        let mut lines = vec!["stateDiagram-v2".to_owned()];
        for step in self.steps {
            for from in step.from {
                let effect = if step.effect.is_empty() { String::new() } else { format!(" / {}", step.effect) };
                lines.push(format!("    {} --> {}: {}{effect}", label(*from), label(step.to), step.on.name()));
            }
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

fn label<S: Named>(state: S) -> String {
    state.number().map_or_else(|| state.name().to_owned(), |number| format!("{number}{}", state.name()))
}
