//! Why a signature does not match: for the person who has to find out.
//!
//! Given the parameters, the secret and the presented signature, [`explain`] returns the string that should have been
//! signed (the secret shown as `***`), the dialect or the usual mistake that reproduces the presented signature, and,
//! when the client gives its own string, the first place where that differs.
//!
//! The string holds the values of the call, personal ones too: show it to the merchant concerned, never log it. Never
//! here: deciding whether a call is accepted; that is [`top::verify`](crate::top::verify) and
//! [`wdt::verify`](crate::wdt::verify).

mod compare;
mod mistake;
mod recipe;
mod search;

pub use compare::{Comparison, Place};
pub use mistake::Mistake;

use crate::params::Params;
use crate::top::Digest;

/// What the address that was called expects.
#[derive(Clone, Copy)]
pub enum Rule<'q> {
    /// TOP REST or Qimen.
    Top {
        /// As the parameter `sign_method` names it.
        digest: Digest,
        /// The raw body, where there is one.
        body: Option<&'q [u8]>,
    },
    /// The standard interface of Wangdian.
    Openapi2,
}

/// A disputed signature.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// What should have been done.
    pub rule: Rule<'q>,
    /// The secret of the application.
    pub secret: &'q str,
    /// The parameters as they arrived.
    pub params: &'q Params<'q>,
    /// The presented signature.
    pub given: &'q str,
    /// The string that the client says it signed, with or without the secret.
    pub client_string: Option<&'q str>,
}

/// What is wrong, or that nothing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The signature is right.
    Accepted {
        /// The dialect in which it matched.
        dialect: String,
        /// It is written in the other case than the platform writes it: accepted here, perhaps not there.
        other_case: bool,
    },
    /// It cannot be a signature of this kind: so many hexadecimal digits are expected.
    NoSignature {
        /// 32 or 64.
        digits: usize,
    },
    /// Somebody who makes this mistake gets exactly the presented signature.
    Mistake(Mistake),
    /// Nothing known reproduces it: another secret, or values that changed on the way.
    Unknown,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The string that should have been digested, the secret shown as `***`.
    pub canonical: String,
    /// The signature's verdict.
    pub verdict: Verdict,
    /// The client's own string against ours, if it gave one.
    pub comparison: Option<Comparison>,
}

/// Explains a disputed signature. The work is bounded by [`crate::limits::EXPLAINED_BYTES`].
pub fn explain(question: &Question<'_>) -> Explanation {
    let verdict = search::verdict(question);
    let canonical = recipe::canonical(question);
    let comparison = question.client_string.map(|client| compare::against(question, client));
    Explanation { canonical: recipe::shown(&canonical, question.secret), verdict, comparison }
}

#[cfg(test)]
mod tests;
