//! Which codes a method may answer: those that its fields bring with them, those that it declares, and those of every method.
//! The documentation lists them; while assertions are on, a code that is not among them does not leave
//! a dock that says what follows from its fields as a whole ([`Common`]).
//!
//! On the side of TOP, Qimen and the warehouse scene every refusal of the gateway and of a simulated platform is held against the
//! tables of the platform ([`of_platform`]). Not held against anything: what a target outside says, and what the warehouse scene's own
//! business answers in `code`, because the sheet leaves both to the provider (fact sheet qimen, B6, C6: "provider-defined texts").

use std::collections::BTreeMap;

use wire::args::{Field, Kind, Problem, Refusal};

use crate::fault::Fault;
use crate::method::{Failure, Refused};
use crate::platform::{CODES, sub_code};
use crate::quota;
use crate::registry::Words;
use crate::run::Running;

/// Codes that follow from what a method (its name, its fields) takes as a whole, such as those of a time window, with when.
pub type Common = fn(&'static str, &'static [Field]) -> &'static [(i64, &'static str)];

/// What a method declares about its codes.
#[derive(Clone, Copy)]
pub(crate) struct Declared {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    pub(crate) errors: &'static [(i64, &'static str)],
    pub(crate) words: Words,
    pub(crate) common: Option<Common>,
}

impl Declared {
    /// Code, and when it is answered; without those that every method may answer.
    pub(crate) fn codes(self) -> BTreeMap<i64, Vec<String>> {
        let mut codes: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        let mut add = |code: i64, when: &str| {
            let known = codes.entry(code).or_default();
            if !known.iter().any(|known| known == when) {
                known.push(when.to_owned());
            }
        };
        each(self.fields, &mut |field, problem, when| {
            let refusal = Refusal { path: String::new(), name: field.name, problem, key: None };
            add((self.words)(self.name, &refusal).code, &when.replace("{}", field.name));
        });
        let common = self.common.map_or(&[][..], |common| common(self.name, self.fields));
        for (code, when) in common.iter().chain(self.errors) {
            add(*code, when);
        }
        codes
    }

    /// Nothing to complain about a refusal.
    pub(crate) fn check(self, refused: &Refused) {
        self.check_code(refused.code, &refused.message);
    }

    fn check_code(self, code: i64, message: &str) {
        debug_assert!(
            self.common.is_none() || code == 0 || quota::CODES.contains(&code) || self.codes().contains_key(&code),
            "{} does not declare {code}: {message}",
            self.name
        );
    }

    /// The same call, which does not end with a code that is not declared.
    pub(crate) fn watch(self, running: Running) -> Running {
        Box::pin(async move {
            let outcome = running.await;
            match &outcome {
                Ok(ran) => self.check_code(ran.answer.code, &ran.answer.message),
                Err(Failure::Refused(refused)) => self.check(refused),
                Err(Failure::Store(_)) => {}
            }
            outcome
        })
    }
}

/// Holds a refusal on the side of TOP against the tables of codes and sub-codes. 15 brings the code of whoever is behind the gateway.
pub(crate) fn of_platform(fault: &Fault) {
    if !cfg!(debug_assertions) {
        return;
    }
    let words = fault.top();
    let known = CODES.iter().find(|known| known.code == words.code);
    debug_assert!(known.is_some(), "{} is no code of the platform: {fault:?}", words.code);
    // A simulated platform may say what Matou itself never does.
    let simulated = matches!(fault, Fault::Top(_));
    debug_assert!(simulated || known.is_some_and(|known| known.said), "{} is not said by Matou: {fault:?}", words.code);
    let sub = words.sub_code.as_deref().filter(|sub| !sub.is_empty() && words.code != 15);
    debug_assert!(sub.is_none_or(|sub| sub_code(sub).is_some()), "{sub:?} is no sub-code of the platform: {fault:?}");
}

fn each(fields: &[Field], tell: &mut impl FnMut(&Field, Problem, &str)) {
    for field in fields {
        if field.required {
            tell(field, Problem::Missing, "必填项缺失 / a required field is missing");
        }
        kind(field, &field.kind, tell);
    }
}

fn kind(field: &Field, of: &Kind, tell: &mut impl FnMut(&Field, Problem, &str)) {
    match of {
        _ if field.name == "page_size" => {
            tell(field, Problem::NotAnInteger, "`page_size` 不是正整数 / no positive number")
        }
        Kind::Text { max } => tell(field, Problem::TooLong { max: *max }, "文本过长 / a text is too long"),
        Kind::Int => tell(field, Problem::NotAnInteger, "不是整数 / not a whole number"),
        Kind::Flag | Kind::Code(_) => tell(field, Problem::NotAllowed, "不在取值范围内 / not one of the codes"),
        Kind::Decimal => tell(field, Problem::NotADecimal, "不是数字或超出范围 / no decimal, or out of range"),
        Kind::Time | Kind::Day if matches!(field.name, "start_time" | "end_time") => {}
        Kind::Time | Kind::Day => tell(field, Problem::NotATime, "不是时间 / not a time"),
        Kind::Object(of) => each(of, tell),
        Kind::List { of, max, one_by_one, .. } => {
            tell(field, Problem::TooMany { max: *max }, "`{}` 行数过多 / too many rows");
            if !one_by_one {
                each(of, tell);
            }
        }
        Kind::Values { max, .. } => tell(field, Problem::TooMany { max: *max }, "`{}` 行数过多 / too many rows"),
        Kind::JsonText(of) => {
            tell(field, Problem::NotJson, "`{}` 不是 JSON 或结构不对 / not JSON, or of the wrong shape");
            kind(field, of, tell);
        }
    }
}
