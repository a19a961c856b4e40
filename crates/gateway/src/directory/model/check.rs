//! A call against the definition of its API: which parameters go on, which are missing, which are malformed.

use std::borrow::Cow;

use wire::params::Params;

use super::api::Api;
use super::parameter::{Parameter, ParameterKind};
use crate::limits;

/// Why a call does not fit the definition (fact sheet qimen, B8: codes 40 and 41).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArgumentFault {
    /// A required parameter is absent or empty: code 40.
    Missing(String),
    /// A value is not of its kind: code 41, with what would be right.
    Invalid {
        /// Name of the parameter.
        name: String,
        /// What it should be.
        problem: &'static str,
    },
}

/// Public parameters of a call: the gateway's own, never forwarded as business parameters (fact sheet qimen, A2).
pub const PUBLIC_PARAMETERS: [&str; 13] = [
    "app_key",
    "customerId",
    "customerid",
    "format",
    "method",
    "partner_id",
    "session",
    "sign",
    "sign_method",
    "simplify",
    "target_app_key",
    "timestamp",
    "v",
];

impl Api {
    /// The parameter with this name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// The business parameters that go on to the target, in byte order of the names the caller used, each with its definition and
    /// under the target's name. What the definition does not know is dropped: the signed string has no separators, so that an
    /// unknown name could have borrowed its text from a known value (fact sheet qimen, C4). A definition without parameters
    /// passes on everything that is not public.
    pub fn known<'p>(
        &'p self,
        params: &'p Params<'_>,
    ) -> impl Iterator<Item = (Option<&'p Parameter>, &'p str, &'p str)> {
        params.iter().filter_map(|(name, value)| match self.parameter(name) {
            Some(parameter) => Some((Some(parameter), parameter.name_at_target(), value)),
            None if self.parameters.is_empty() && !PUBLIC_PARAMETERS.contains(&name) => Some((None, name, value)),
            None => None,
        })
    }

    /// Whether every required parameter is there and every value of its kind; the first that is not, in the order of the definition.
    pub fn check(&self, params: &Params<'_>) -> Result<(), ArgumentFault> {
        self.check_values(|name| Some(Given::Text(Cow::Borrowed(params.get(name)?))))
    }

    /// The same for values that come from elsewhere; an empty text counts as absent.
    pub(crate) fn check_values<'v>(&self, given: impl Fn(&str) -> Option<Given<'v>>) -> Result<(), ArgumentFault> {
        for parameter in &self.parameters {
            match given(&parameter.name).filter(|given| !given.is_empty()) {
                None if parameter.required => return Err(ArgumentFault::Missing(parameter.name.clone())),
                None => {}
                Some(given) => parameter.kind.fits(&given).map_err(|problem| {
                    let name = parameter.name.clone();
                    ArgumentFault::Invalid { name, problem }
                })?,
            }
        }
        Ok(())
    }
}

/// A value as it was given: the text of a form field, or a member of a raw body.
pub(crate) enum Given<'v> {
    /// A text, or the text of a number.
    Text(Cow<'v, str>),
    /// A JSON object.
    Object,
    /// A JSON array.
    Array,
    /// An XML element with elements inside: an object or a list, XML does not say which.
    Branch,
}

impl Given<'_> {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

impl ParameterKind {
    fn fits(self, given: &Given<'_>) -> Result<(), &'static str> {
        match (self, given) {
            (_, Given::Text(text)) => self.check(text),
            (Self::Struct, Given::Object | Given::Branch) | (Self::List, Given::Array | Given::Branch) => Ok(()),
            (Self::Struct, _) => Err("must be an object"),
            (Self::List, _) => Err("must be a list"),
            (Self::Text | Self::Number | Self::Boolean, _) => Err("must be a single value"),
        }
    }

    fn check(self, value: &str) -> Result<(), &'static str> {
        let (fits, problem) = match self {
            Self::Text => (true, ""),
            Self::Number => (is_decimal(value), "must be a number"),
            Self::Boolean => (matches!(value, "true" | "false" | "1" | "0"), "must be true, false, 1 or 0"),
            Self::Struct => (wire::json::Object::parse(value).is_ok(), "must be a JSON object"),
            Self::List => (wire::json::Array::parse(value, limits::LIST_ROWS).is_ok(), "must be a JSON array"),
        };
        if fits { Ok(()) } else { Err(problem) }
    }
}

/// Digits with an optional sign and fraction: never through floating point, order numbers have twenty digits.
fn is_decimal(value: &str) -> bool {
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(parameters: &[(&str, ParameterKind, bool)]) -> Api {
        let parameter = |(name, kind, required): &(&str, ParameterKind, bool)| Parameter {
            name: (*name).to_owned(),
            kind: *kind,
            required: *required,
            ..Parameter::default()
        };
        Api { parameters: parameters.iter().map(parameter).collect(), ..Api::default() }
    }

    #[test]
    fn unknown_parameters_are_dropped_and_known_ones_take_the_name_of_the_target() {
        let mut api = api(&[("tid", ParameterKind::Text, true), ("shop", ParameterKind::Text, false)]);
        if let Some(parameter) = api.parameters.first_mut() {
            "orderNo".clone_into(&mut parameter.target_name);
        }
        let params = Params::of_pairs([("tid", "T1"), ("ti", "dT1"), ("method", "a.b"), ("sign", "X")]).unwrap();
        let known: Vec<_> = api.known(&params).map(|(_, name, value)| (name, value)).collect();
        assert_eq!(known, [("orderNo", "T1")]);
        let open = Api::default();
        let all: Vec<_> = open.known(&params).map(|(_, name, value)| (name, value)).collect();
        assert_eq!(all, [("ti", "dT1"), ("tid", "T1")]);
    }

    #[test]
    fn required_and_malformed_parameters_are_named() {
        use ParameterKind::{Boolean, List, Number, Struct, Text};
        let api = api(&[
            ("tid", Text, true),
            ("n", Number, false),
            ("b", Boolean, false),
            ("s", Struct, false),
            ("l", List, false),
        ]);
        let missing = Err(ArgumentFault::Missing("tid".into()));
        let wrong = |name: &str, problem| Err(ArgumentFault::Invalid { name: name.into(), problem });
        for (pairs, expected) in [
            (vec![], missing.clone()),
            (vec![("tid", "")], missing),
            (vec![("tid", "1")], Ok(())),
            (vec![("tid", "1"), ("n", "12345678901234567890.50")], Ok(())),
            (vec![("tid", "1"), ("n", "-1")], Ok(())),
            (vec![("tid", "1"), ("n", "1e5")], wrong("n", "must be a number")),
            (vec![("tid", "1"), ("n", ".5")], wrong("n", "must be a number")),
            (vec![("tid", "1"), ("b", "true")], Ok(())),
            (vec![("tid", "1"), ("b", "True")], wrong("b", "must be true, false, 1 or 0")),
            (vec![("tid", "1"), ("s", r#"{"a":1}"#), ("l", "[1]")], Ok(())),
            (vec![("tid", "1"), ("s", "[1]")], wrong("s", "must be a JSON object")),
            (vec![("tid", "1"), ("l", "{}")], wrong("l", "must be a JSON array")),
            (vec![("tid", "1"), ("l", "[1")], wrong("l", "must be a JSON array")),
        ] {
            let params = Params::of_pairs(pairs.iter().copied()).unwrap();
            assert_eq!(api.check(&params), expected, "{pairs:?}");
        }
    }
}
