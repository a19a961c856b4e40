//! Where in a request one is: `trade_list[0].order_list[1].num`.

use std::fmt;

use super::{Problem, Refusal};

/// A place in a request. Places are linked through the stack, so that walking down costs nothing; the text is made only
/// when something is refused.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step,
}

#[derive(Clone, Copy)]
enum Step {
    Root,
    Name(&'static str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The request itself.
    pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    /// The field `name` of this place.
    pub const fn name(&'a self, name: &'static str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Name(name) }
    }

    /// The row `index` (from 0) of this place.
    pub const fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    /// A refusal of what stands here.
    pub fn refuse(&self, problem: Problem) -> Refusal {
        Refusal { path: self.to_string(), name: self.last_name(), problem, key: None }
    }

    /// A refusal of a member whose name comes from outside.
    pub(super) fn refuse_member(&self, member: &str, problem: Problem) -> Refusal {
        let mut refusal = self.refuse(problem);
        if !refusal.path.is_empty() {
            refusal.path.push('.');
        }
        refusal.path.push_str(member);
        refusal
    }

    fn last_name(&self) -> &'static str {
        match (self.step, self.parent) {
            (Step::Name(name), _) => name,
            (_, Some(parent)) => parent.last_name(),
            (_, None) => "",
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Name(name) if self.parent.is_none_or(|p| matches!(p.step, Step::Root)) => f.write_str(name),
            Step::Name(name) => write!(f, ".{name}"),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}
