//! A way in which a client may have made its signature, and the string that it digests.

use std::borrow::Cow;

use super::{Place, Question, Rule};
use crate::form::{Space, encode_into};
use crate::hashing::Hash;
use crate::top::Digest;
use crate::wdt::LengthUnit;

/// The outer rule: what is digested and where the secret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Name and value without separators.
    Top { digest: Digest, secret: Wrap },
    /// Items with lengths.
    Openapi2 { unit: LengthUnit, secret: Wrap },
}

/// Where the secret stands in the digested string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrap {
    Both,
    Front,
    End,
    Nowhere,
}

/// What a client does to the parameters before it signs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    Without(String),
    OnlyPublic,
    WithoutBody,
    Encoded(Space),
    BarePlus,
    Trimmed,
    SmallBooleans,
    UnicodeEscapes,
    MethodWithoutScene,
    SortedIgnoringCase,
}

/// A whole way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recipe {
    pub(super) scheme: Scheme,
    pub(super) change: Change,
    pub(super) drop_empty: bool,
}

/// A stretch of the digested string.
pub(super) struct Segment<'s> {
    pub(super) text: Cow<'s, [u8]>,
    pub(super) place: Place,
}

/// Names that are not business parameters, of both rules (fact sheets qimen-gateway, A2; wdt-1, 1.3).
const PUBLIC: [&str; 14] = [
    "method",
    "app_key",
    "target_app_key",
    "session",
    "timestamp",
    "format",
    "v",
    "sign_method",
    "simplify",
    "partner_id",
    "customerId",
    "customerid",
    "sid",
    "appkey",
];

impl Recipe {
    /// What the called address expects, empty values kept.
    pub(super) fn canonical(question: &Question<'_>) -> Self {
        let scheme = match question.rule {
            Rule::Top { digest: Digest::Md5, .. } => Scheme::Top { digest: Digest::Md5, secret: Wrap::Both },
            Rule::Top { digest, .. } => Scheme::Top { digest, secret: Wrap::Nowhere },
            Rule::Openapi2 => Scheme::Openapi2 { unit: LengthUnit::CodePoints, secret: Wrap::End },
        };
        Self { scheme, change: Change::Nothing, drop_empty: false }
    }

    /// The string in stretches.
    pub(super) fn segments<'s>(&self, question: &Question<'s>) -> Vec<Segment<'s>> {
        let (wrap, unit) = match self.scheme {
            Scheme::Top { secret, .. } => (secret, None),
            Scheme::Openapi2 { secret, unit } => (secret, Some(unit)),
        };
        let secret = || Segment { text: Cow::Borrowed(question.secret.as_bytes()), place: Place::Secret };
        let mut segments = Vec::new();
        if matches!(wrap, Wrap::Both | Wrap::Front) {
            segments.push(secret());
        }
        for (i, (name, value)) in self.pairs(question).into_iter().enumerate() {
            let place = Place::Name(name.to_owned());
            if let Some(unit) = unit {
                let separator = if i > 0 { ";" } else { "" };
                let before = format!("{separator}{:02}-", name.len());
                let between = format!(":{:04}-", unit.length(&value));
                segments.push(Segment { text: Cow::Owned(before.into_bytes()), place: place.clone() });
                segments.push(Segment { text: Cow::Borrowed(name.as_bytes()), place: place.clone() });
                segments
                    .push(Segment { text: Cow::Owned(between.into_bytes()), place: Place::Length(name.to_owned()) });
            } else {
                segments.push(Segment { text: Cow::Borrowed(name.as_bytes()), place });
            }
            let text = match value {
                Cow::Borrowed(value) => Cow::Borrowed(value.as_bytes()),
                Cow::Owned(value) => Cow::Owned(value.into_bytes()),
            };
            segments.push(Segment { text, place: Place::Value(name.to_owned()) });
        }
        if let Rule::Top { body: Some(body), .. } = question.rule
            && self.change != Change::WithoutBody
            && unit.is_none()
        {
            segments.push(Segment { text: Cow::Borrowed(body), place: Place::Body });
        }
        if matches!(wrap, Wrap::Both | Wrap::End) {
            segments.push(secret());
        }
        segments
    }

    /// The signature that this way gives.
    pub(super) fn hash(&self, question: &Question<'_>) -> Hash {
        let digest = match self.scheme {
            Scheme::Top { digest, .. } => digest,
            Scheme::Openapi2 { .. } => Digest::Md5,
        };
        let mut running = digest.start(question.secret.as_bytes());
        self.segments(question).iter().for_each(|segment| running.feed(&segment.text));
        running.finish()
    }

    /// The changed pairs in the order in which this client signs them.
    fn pairs<'s>(&self, question: &Question<'s>) -> Vec<(&'s str, Cow<'s, str>)> {
        let params = question.params.iter().filter(|(name, _)| *name != "sign");
        let kept = params.filter(|(name, value)| {
            let without = match &self.change {
                Change::Without(other) => name == other,
                Change::OnlyPublic => !PUBLIC.contains(name),
                _ => false,
            };
            !(without || self.drop_empty && value.is_empty())
        });
        let mut pairs: Vec<_> = kept.map(|(name, value)| (name, self.value(name, value))).collect();
        if self.change == Change::SortedIgnoringCase {
            pairs.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        }
        pairs
    }

    fn value<'s>(&self, name: &str, value: &'s str) -> Cow<'s, str> {
        match &self.change {
            Change::Encoded(space) => {
                let mut encoded = String::new();
                encode_into(&mut encoded, value, *space);
                Cow::Owned(encoded)
            }
            Change::BarePlus if value.contains(' ') => Cow::Owned(value.replace(' ', "+")),
            Change::Trimmed => Cow::Borrowed(value.trim()),
            Change::SmallBooleans if matches!(value, "True" | "False") => Cow::Owned(value.to_ascii_lowercase()),
            Change::UnicodeEscapes if !value.is_ascii() => Cow::Owned(unicode_escaped(value)),
            Change::MethodWithoutScene if name == "method" => {
                Cow::Borrowed(value.split_once('.').map_or(value, |(_, rest)| rest))
            }
            _ => Cow::Borrowed(value),
        }
    }
}

fn unicode_escaped(value: &str) -> String {
    use std::fmt::Write;
    let mut escaped = String::with_capacity(value.len() * 2);
    for character in value.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing into a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

/// The stretches of the string that should have been digested: the dialect that matched, else the canonical one.
pub(super) fn canonical<'s>(question: &Question<'s>) -> Vec<Segment<'s>> {
    super::search::accepted(question)
        .map_or_else(|| Recipe::canonical(question), |(recipe, _)| recipe)
        .segments(question)
}

/// The string for people: the secret is `***`, also where a client has put it into a parameter.
pub(super) fn shown(segments: &[Segment<'_>], secret: &str) -> String {
    let show = |segment: &Segment<'_>| match segment.place {
        Place::Secret => "***".to_owned(),
        _ => String::from_utf8_lossy(&segment.text).into_owned(),
    };
    let text: String = segments.iter().map(show).collect();
    if secret.len() < 6 { text } else { text.replace(secret, "***") }
}
