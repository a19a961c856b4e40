//! What the platform says when a call fails: every code with its text and what to do about it, in one table.
//!
//! Lives here: the codes of TOP and Qimen ([`CODES`]; fact sheet qimen, B2), the sub-codes ([`SUB_CODES`]; B3 and B4), and the
//! page that is made from both and from the gateway's own refusals. Never here: which refusal has which code; that is `fault.rs`.

pub mod codes;
mod page;
mod situations;
mod sub_codes;

pub use codes::{CODES, Code};
pub use page::{Language, page};
pub use sub_codes::{SUB_CODES, Side, SubCode, sub_code};

/// One text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Both {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

pub(crate) const fn both(en: &'static str, zh: &'static str) -> Both {
    Both { en, zh }
}
