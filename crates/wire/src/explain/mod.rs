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
mod remark;
mod search;

pub use compare::{Comparison, Place};
pub use mistake::{Mistake, TimestampForm};
pub use remark::Remark;

use std::fmt;

use units::Moment;

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
    /// Secrets of other applications of the same owner, of whatever protocol: one of them may have been taken by mistake. Which one
    /// it was is never said.
    pub other_secrets: &'q [&'q str],
    /// Names of the parameters in the order in which they were sent, where that is known.
    pub arrival: &'q [&'q str],
    /// The time when the call arrived, for what there is to say about its clock.
    pub now: Option<Moment>,
    /// Bytes that the search may digest, usually [`crate::limits::EXPLAINED_BYTES`].
    pub budget: usize,
}

impl<'q> Question<'q> {
    /// The bare question, with nothing known beside the call.
    pub fn new(rule: Rule<'q>, secret: &'q str, params: &'q Params<'q>, given: &'q str) -> Self {
        Self {
            rule,
            secret,
            params,
            given,
            client_string: None,
            other_secrets: &[],
            arrival: &[],
            now: None,
            budget: crate::limits::EXPLAINED_BYTES,
        }
    }
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
        /// It looks like Base64 of a digest.
        base64: bool,
    },
    /// Somebody who makes this mistake gets exactly the presented signature.
    Mistake(Mistake),
    /// Nothing known reproduces it: another secret, or values that changed on the way.
    Unknown,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { dialect, other_case: false } => write!(f, "right, dialect {dialect} / 正确"),
            Self::Accepted { dialect, other_case: true } => write!(
                f,
                "right, dialect {dialect}; its letters have another case than the platform writes / 正确，但大小写与平台不同"
            ),
            Self::NoSignature { digits, base64 } => {
                let (english, chinese) =
                    if *base64 { ("; this looks like Base64", "，疑似 Base64") } else { ("", "") };
                write!(f, "{digits} hexadecimal digits are expected{english} / 应为 {digits} 位十六进制{chinese}")
            }
            Self::Mistake(mistake) => mistake.fmt(f),
            Self::Unknown => f.write_str(
                "no known mistake gives it: another secret, or a value that changed on the way / \
                 不是已知的错误：密钥不同，或参数在传输中被改动",
            ),
        }
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The string that should have been digested, the secret shown as `***`.
    pub canonical: String,
    /// The same in stretches.
    pub stretches: Vec<(Place, String)>,
    /// The signature's verdict.
    pub verdict: Verdict,
    /// The client's own string against ours, if it gave one.
    pub comparison: Option<Comparison>,
    /// What else is odd about the call, whether the signature is right or not.
    pub remarks: Vec<Remark>,
}

/// Explains a disputed signature. The work is bounded by the question's budget.
pub fn explain(question: &Question<'_>) -> Explanation {
    let hide = |name: &str| recipe::masked(name, question, |_| "***".to_owned());
    let verdict = match search::verdict(question) {
        Verdict::Mistake(mistake) => Verdict::Mistake(mistake.hidden(&hide)),
        other => other,
    };
    let canonical = recipe::canonical(question);
    let comparison = question.client_string.map(|client| compare::against(question, client));
    let remarks = remark::remarks(question);
    let stretches = recipe::stretches(&canonical, question);
    Explanation { canonical: recipe::shown(&canonical, question), stretches, verdict, comparison, remarks }
}

#[cfg(test)]
mod tests;
