//! The parameters of one call: query and body merged into one set, in byte order of the names.
//!
//! Clients put public and business parameters wherever they like (fact sheet qimen-gateway, table A3), so nothing is
//! verified before everything is merged. Names are ASCII, because clients sort other names differently (A4).

use std::borrow::Cow;
use std::fmt;

use crate::{form, limits};

/// Up to here a name is looked for one by one.
const FEW: usize = 24;

/// A merged set of parameters.
#[derive(Clone, Default)]
pub struct Params<'a> {
    pairs: Vec<form::Pair<'a>>,
}

/// What happens when the body repeats a name of the query with another value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clash {
    /// It is an error (Qimen: code 41; fact sheet qimen-gateway, A4).
    #[default]
    Refuse,
    /// The body's value stands (openapi2; fact sheet wdt-1, 1.2).
    BodyWins,
}

/// Why parameters were not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A broken escape or invalid UTF-8.
    Form(form::Error),
    /// One name with two values.
    TwoValues(String),
    /// More than [`limits::PARAMS`] parameters.
    TooMany,
    /// A name that is empty, not printable ASCII, or longer than [`limits::NAME`] bytes.
    BadName(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(error) => error.fmt(f),
            Self::TwoValues(name) => write!(f, "parameter {name:?} is given twice with different values"),
            Self::TooMany => write!(f, "more than {} parameters", limits::PARAMS),
            Self::BadName(name) => {
                write!(f, "parameter name {name:?} is empty, not ASCII, or longer than {} bytes", limits::NAME)
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<form::Error> for Error {
    fn from(error: form::Error) -> Self {
        Self::Form(error)
    }
}

impl<'a> Params<'a> {
    /// From the raw query string and the raw form body; either may be empty.
    pub fn of_form(query: &'a [u8], body: &'a [u8], clash: Clash) -> Result<Self, Error> {
        let mut params = Self { pairs: Vec::with_capacity(16) };
        params.add_encoded(query)?;
        params.settle(Clash::Refuse, 0)?;
        let of_query = params.pairs.len();
        params.add_encoded(body)?;
        params.settle(clash, of_query)?;
        Ok(params)
    }

    /// From the query string alone (a GET, or a call with a raw JSON or XML body).
    pub fn of_query(query: &'a [u8]) -> Result<Self, Error> {
        Self::of_form(query, b"", Clash::Refuse)
    }

    /// From the query string and body pairs that were decoded elsewhere (multipart text parts).
    pub fn of_parts(
        query: &'a [u8],
        parts: impl IntoIterator<Item = form::Pair<'a>>,
        clash: Clash,
    ) -> Result<Self, Error> {
        let mut params = Self { pairs: Vec::with_capacity(16) };
        params.add_encoded(query)?;
        params.settle(Clash::Refuse, 0)?;
        let of_query = params.pairs.len();
        for pair in parts {
            params.add(pair)?;
        }
        params.settle(clash, of_query)?;
        Ok(params)
    }

    /// From pairs that are already decoded, in any order.
    pub fn of_pairs(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        Self::of_parts(b"", pairs.into_iter().map(|(n, v)| (Cow::Borrowed(n), Cow::Borrowed(v))), Clash::Refuse)
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        // Unequal lengths tell most names apart without a look at their bytes, which a binary search would need.
        if self.pairs.len() <= FEW {
            return self.pairs.iter().find(|(n, _)| **n == *name).map(|(_, value)| &**value);
        }
        let at = self.pairs.binary_search_by(|(n, _)| (**n).cmp(name)).ok()?;
        self.pairs.get(at).map(|(_, value)| &**value)
    }

    /// All pairs in byte order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + Clone {
        self.pairs.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Number of parameters.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// True without any parameter.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Drops the parameters whose name `keep` refuses: public ones before a call goes on, unknown ones before it is
    /// signed again (fact sheet qimen-gateway, C4).
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.pairs.retain(|(name, _)| keep(name));
    }

    /// Drops the parameters whose value `covers` refuses: what a signature in a certain dialect did not cover counts as
    /// not sent (fact sheet qimen-gateway, A4); see [`top::Dialect::covers`](crate::top::Dialect::covers).
    pub fn retain_values(&mut self, mut covers: impl FnMut(&str) -> bool) {
        self.pairs.retain(|(_, value)| covers(value));
    }

    /// Sets a parameter, whether it was there or not.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Result<(), Error> {
        let (name, value) = (name.into(), value.into());
        match self.pairs.binary_search_by(|(n, _)| n.cmp(&name)) {
            Ok(at) => {
                if let Some((_, old)) = self.pairs.get_mut(at) {
                    *old = value;
                }
            }
            Err(at) => {
                check_name(&name)?;
                if self.pairs.len() == limits::PARAMS {
                    return Err(Error::TooMany);
                }
                self.pairs.insert(at, (name, value));
            }
        }
        Ok(())
    }

    /// The same set, borrowing nothing.
    pub fn into_owned(self) -> Params<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Params { pairs: self.pairs.into_iter().map(|(name, value)| (own(name), own(value))).collect() }
    }

    fn add_encoded(&mut self, encoded: &'a [u8]) -> Result<(), Error> {
        form::pairs(encoded).try_for_each(|pair| self.add(pair?))
    }

    fn add(&mut self, pair: form::Pair<'a>) -> Result<(), Error> {
        check_name(&pair.0)?;
        // Repeated names are folded only after sorting; the bound here is on what is held meanwhile.
        if self.pairs.len() >= 2 * limits::PARAMS {
            return Err(Error::TooMany);
        }
        self.pairs.push(pair);
        Ok(())
    }

    /// Sorts and folds repeated names. The sort is stable: the query's value comes first.
    fn settle(&mut self, clash: Clash, of_query: usize) -> Result<(), Error> {
        if clash == Clash::BodyWins {
            // A name twice within the body stays an error; only the query's value gives way.
            let mut body = self.pairs.split_off(of_query);
            sort_and_fold(&mut body)?;
            self.pairs.retain(|(name, _)| body.binary_search_by(|(n, _)| n.cmp(name)).is_err());
            self.pairs.append(&mut body);
        }
        sort_and_fold(&mut self.pairs)?;
        if self.pairs.len() > limits::PARAMS { Err(Error::TooMany) } else { Ok(()) }
    }
}

fn sort_and_fold(pairs: &mut Vec<form::Pair<'_>>) -> Result<(), Error> {
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let mut neighbours = pairs.iter().zip(pairs.iter().skip(1)).filter(|(a, b)| a.0 == b.0).peekable();
    if neighbours.peek().is_none() {
        return Ok(());
    }
    if let Some(((name, _), _)) = neighbours.find(|(a, b)| a.1 != b.1) {
        return Err(Error::TwoValues(limits::quoted(name)));
    }
    pairs.dedup_by(|a, b| a.0 == b.0);
    Ok(())
}

fn check_name(name: &str) -> Result<(), Error> {
    if name.is_empty() || name.len() > limits::NAME || !name.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::BadName(limits::quoted(name)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(params: &Params<'_>) -> String {
        params.iter().map(|(n, v)| format!("{n}={v};")).collect()
    }

    #[test]
    fn merges_in_byte_order() {
        let params = Params::of_form(b"b=2&a_1=5&Zeta=1&a1=4&A=6", b"c=%E5%80%BC&b=2", Clash::Refuse).unwrap();
        assert_eq!(flat(&params), "A=6;Zeta=1;a1=4;a_1=5;b=2;c=值;");
        assert_eq!(params.get("c"), Some("值"));
        assert_eq!(params.get("d"), None);
    }

    #[test]
    fn one_name_has_one_value() {
        let two = |name: &str| Some(Error::TwoValues(name.to_owned()));
        assert_eq!(Params::of_form(b"a=1", b"a=2", Clash::Refuse).err(), two("a"));
        assert_eq!(Params::of_form(b"a=1&a=2", b"", Clash::BodyWins).err(), two("a"));
        assert_eq!(Params::of_form(b"", b"b=1&b=2", Clash::BodyWins).err(), two("b"));
        let body = Params::of_form(b"a=1&x=0", b"a=2&b=3&b=3", Clash::BodyWins).unwrap();
        assert_eq!(flat(&body), "a=2;b=3;x=0;");
    }

    #[test]
    fn refuses_bad_names_and_floods() {
        let long = "n".repeat(limits::NAME + 1);
        for name in ["", "名", "a b", "a\u{7f}", &long] {
            let encoded = format!("{}=1", name.replace(' ', "+"));
            assert!(matches!(Params::of_query(encoded.as_bytes()), Err(Error::BadName(_))), "{name}");
        }
        let many: String = (0..=limits::PARAMS).map(|i| format!("p{i}=&")).collect();
        assert_eq!(Params::of_query(many.as_bytes()).err(), Some(Error::TooMany));
        let same = "a=1&".repeat(100_000);
        assert_eq!(Params::of_query(same.as_bytes()).err(), Some(Error::TooMany));
    }

    #[test]
    fn sets_and_drops() {
        let mut params = Params::of_query(b"b=2&empty=&blank=+&sign=x").unwrap();
        params.set("a", "1").unwrap();
        params.set("b", "3").unwrap();
        params.retain(|name| name != "sign");
        assert_eq!(flat(&params), "a=1;b=3;blank= ;empty=;");
        params.retain_values(|value| !value.is_empty());
        assert_eq!(flat(&params.into_owned()), "a=1;b=3;blank= ;");
    }
}
