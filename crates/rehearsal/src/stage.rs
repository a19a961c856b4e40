//! The stage: what a case is played on. Each channel, simulator or server brings its own.

use serde_json::Value;

use crate::Place;

/// Something on which cases can be played.
///
/// A stage decides what the words of `given` and `when` mean. A refusal by the system under test is a [`Reply`] (the case
/// may expect it); a [`Fault`] says that the step could not be carried out at all.
pub trait Stage {
    /// A new case begins; a stage that can start afresh does so. `run` is the value of `${run}`.
    fn begin(&mut self, title: &str, run: &str) {
        let _ = (title, run);
    }

    /// Brings the stage into a state. Must be repeatable: the same `given` twice is no fault.
    ///
    /// # Errors
    /// The state cannot be reached, or the words are unknown (see [`Fault::unknown`]).
    fn given(&mut self, given: &Act) -> Result<(), Fault>;

    /// Does something and returns what came back.
    ///
    /// # Errors
    /// No reply could be had, or the words are unknown.
    fn act(&mut self, act: &Act) -> Result<Reply, Fault>;

    /// Moves the stage's clock forward. A stage that can also moves the clock that the runner was given.
    ///
    /// # Errors
    /// This stage's clock cannot be moved.
    fn clock(&mut self, seconds: i64) -> Result<(), Fault>;

    /// Lets so many milliseconds pass before an `eventually` looks again: a live stage sleeps, a simulated one
    /// works off what is due.
    fn wait(&mut self, milliseconds: u64);

    /// A variable that the stage knows, such as the shop number of its configuration; asked when the case has none.
    fn variable(&self, name: &str) -> Option<Value> {
        let _ = name;
        None
    }
}

/// A `given` or a `when` with every variable filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Where it is written.
    pub at: Place,
    /// The words; a comma is a word of its own.
    pub words: Vec<String>,
    /// The named arguments in order.
    pub arguments: Vec<Argument>,
    /// The rows of its table, each cell under its column's name.
    pub rows: Vec<Vec<Argument>>,
}

impl Act {
    /// The words for a slice pattern: `["stock", spec, quantity, "in", warehouse]`.
    pub fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }

    /// The argument of this name.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|a| a.name == name)
    }
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its text: without the quotes; JSON compact, with numbers as they were written.
    pub text: String,
    /// How it was written.
    pub form: Form,
}

/// How a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Without quotes.
    Bare,
    /// In quotes: a text, whatever it looks like.
    Quoted,
    /// `[…]` or `{…}`.
    Json,
}

impl Argument {
    /// The value with a JSON type: a bare `12`, `1.5`, `true`, `false` or `null` is what it looks like, any other
    /// bare word and everything in quotes is a string. Numbers that JSON readers would round (more than 15 digits)
    /// stay strings.
    pub fn value(&self) -> Value {
        match self.form {
            Form::Quoted => Value::String(self.text.clone()),
            Form::Json => serde_json::from_str(&self.text).unwrap_or_else(|_| Value::String(self.text.clone())),
            Form::Bare => crate::variables::bare_value(&self.text),
        }
    }
}

/// What came back.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The reply, in which paths are looked up.
    pub value: Value,
    /// The messages that went to and fro. The stage masks secrets before it hands them over.
    pub exchanges: Vec<Exchange>,
}

/// A message and its answer, as text for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What was sent.
    pub sent: String,
    /// What came back.
    pub received: String,
}

/// A step that could not be carried out.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What went wrong and what to do.
    pub message: String,
    /// The messages up to there.
    pub exchanges: Vec<Exchange>,
}

impl Fault {
    /// A fault with no messages.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), exchanges: Vec::new() }
    }

    /// The stage does not know these words; `known` lists what it knows.
    pub fn unknown(act: &Act, known: &[&str]) -> Self {
        Self::new(format!("this stage does not know `{}`; it knows: {}", act.words.join(" "), known.join("; ")))
    }
}
