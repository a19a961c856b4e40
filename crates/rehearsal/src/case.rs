//! A case as plain data: what the reader makes of the text, before any variable is filled in.
//!
//! Texts in here may still hold `${name}`; the runner fills them in when a step's turn comes.

use std::sync::Arc;

use crate::{Path, Place};

/// One `.case` file.
#[derive(Debug, Clone)]
pub struct File {
    /// The name under which it was read, usually its path.
    pub name: Arc<str>,
    /// Its cases in order.
    pub cases: Vec<Case>,
}

/// One case: a title and steps.
#[derive(Debug, Clone)]
pub struct Case {
    /// Where the title line is.
    pub at: Place,
    /// The whole title, such as `订单主流程 / the order story`.
    pub title: String,
    /// The steps in order.
    pub steps: Vec<Step>,
}

impl Case {
    /// True when `name` is the whole title or one of its parts between ` / `.
    pub fn answers_to(&self, name: &str) -> bool {
        self.title == name || self.title.split(" / ").any(|part| part.trim() == name)
    }
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Where its keyword is.
    pub at: Place,
    /// Its first line as written, for reports.
    pub text: String,
    /// What it is.
    pub kind: Kind,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Brings the stage into a state.
    Given(Command),
    /// Does something and gets a reply.
    When(Command),
    /// Must hold of the last reply, now.
    Then(Expectation),
    /// Must hold of the last reply within so many seconds; the last `when` is repeated until it does.
    Eventually {
        /// Patience in seconds.
        seconds: i64,
        /// What must hold, all of it at the same time.
        expectations: Vec<Expectation>,
    },
    /// Keeps a part of the last reply under a name.
    Save {
        /// The variable.
        name: String,
        /// What of the reply.
        path: Path,
    },
    /// Gives a name to a value.
    Let {
        /// The variable.
        name: String,
        /// The value.
        term: Term,
    },
    /// Plays another case here.
    Use(Use),
    /// Moves the stage's clock forward by so many seconds.
    Clock(i64),
    /// The steps below are played once for each row.
    Examples(Table),
}

/// Which case to play first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// A title; empty = the only case of `file`.
    pub title: String,
    /// A file, relative to the using one; `None` = this file, then any other that was loaded.
    pub file: Option<String>,
}

/// A `given` or a `when`: words, named arguments, and perhaps a table.
#[derive(Debug, Clone, Default)]
pub struct Command {
    /// The words behind the keyword; a comma is a word of its own.
    pub words: Vec<String>,
    /// `name = value` lines, in order.
    pub arguments: Vec<(String, Term)>,
    /// Rows of a table below the step.
    pub table: Option<Table>,
}

/// A table: names, and rows of as many cells.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The first line.
    pub columns: Vec<String>,
    /// The other lines, each with the place of its first cell.
    pub rows: Vec<(Place, Vec<Term>)>,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// Without quotes: a text, or a number where a number is wanted.
    Bare(String),
    /// In double quotes: a text and nothing else.
    Quoted(String),
    /// `[…]` or `{…}`.
    Json(Shape),
}

/// JSON with holes for variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A string; may hold `${…}`.
    Text(String),
    /// A number, `true`, `false` or `null`, as written (so 20 digits stay 20 digits).
    Word(String),
    /// `${…}` outside of quotes: the variable's value with its type.
    Variable(String),
    /// `[…]`
    List(Vec<Shape>),
    /// `{…}`, in the order written.
    Object(Vec<(String, Shape)>),
}

/// What must hold of a reply.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Where it is written.
    pub at: Place,
    /// As written, without the keyword.
    pub text: String,
    /// Which part of the reply.
    pub path: Path,
    /// What must hold of it.
    pub check: Check,
}

/// What must hold of a part of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// `= != >= <= > <`
    Compare(Operator, Term),
    /// A text holds a text, a list an element, an object these fields.
    Contains(Term),
    /// The part is there (`null` is there).
    Exists,
    /// The part is not there.
    Absent,
    /// The number of elements of a list or fields of an object.
    Count(Operator, Term),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `<`
    Less,
}
