//! A way in which a client may have made its signature, and the string that it digests.

use std::borrow::Cow;

use super::remark::moment;
use super::{Place, Question, Rule, TimestampForm};
use crate::form::{self, Space, encode_into};
use crate::hashing::{Hash, Running};
use crate::top::Digest;
use crate::wdt::LengthUnit;

/// The outer rule: what is digested and where the secret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Name and value without separators.
    Top { digest: Digest, secret: Wrap },
    /// Items with lengths.
    Openapi2 { unit: LengthUnit, secret: Wrap },
    /// As `Top` with MD5, but SHA-256.
    PlainSha256,
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
    WithoutTwo(String, String),
    With(&'static str, &'static str),
    EmptyAs(&'static str),
    OnlyPublic,
    WithoutBody,
    BodyTrimmed,
    BodyCompacted,
    BodyFirst,
    Gbk,
    Mojibake,
    EncodedTwice,
    Timestamp(TimestampForm),
    Unsorted,
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
pub(super) const PUBLIC: [&str; 14] = [
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
            Scheme::PlainSha256 => (Wrap::Both, None),
            Scheme::Openapi2 { secret, unit } => (secret, Some(unit)),
        };
        let secret = || Segment { text: Cow::Borrowed(question.secret.as_bytes()), place: Place::Secret };
        let body = self.body(question).filter(|_| unit.is_none());
        let body = body.map(|text| Segment { text, place: Place::Body });
        let (front, behind) = if self.change == Change::BodyFirst { (body, None) } else { (None, body) };
        let mut segments = Vec::new();
        if matches!(wrap, Wrap::Both | Wrap::Front) {
            segments.push(secret());
        }
        segments.extend(front);
        for (i, (name, value)) in self.pairs(question).into_iter().enumerate() {
            let place = Place::Name(name.to_owned());
            if let Some(unit) = unit {
                let separator = if i > 0 { ";" } else { "" };
                let before = format!("{separator}{:02}-", name.len());
                let between = format!(":{:04}-", length(unit, &value));
                segments.push(Segment { text: Cow::Owned(before.into_bytes()), place: place.clone() });
                segments.push(Segment { text: Cow::Borrowed(name.as_bytes()), place: place.clone() });
                segments
                    .push(Segment { text: Cow::Owned(between.into_bytes()), place: Place::Length(name.to_owned()) });
            } else {
                segments.push(Segment { text: Cow::Borrowed(name.as_bytes()), place });
            }
            segments.push(Segment { text: value, place: Place::Value(name.to_owned()) });
        }
        segments.extend(behind);
        if matches!(wrap, Wrap::Both | Wrap::End) {
            segments.push(secret());
        }
        segments
    }

    /// The raw body as this client signs it.
    fn body<'s>(&self, question: &Question<'s>) -> Option<Cow<'s, [u8]>> {
        let Rule::Top { body: Some(body), .. } = question.rule else { return None };
        match self.change {
            Change::WithoutBody => None,
            Change::BodyTrimmed => Some(Cow::Borrowed(body.trim_ascii())),
            Change::BodyCompacted => Some(compacted(body)),
            Change::Gbk => Some(std::str::from_utf8(body).map_or(Cow::Borrowed(body), gbk)),
            _ => Some(Cow::Borrowed(body)),
        }
    }

    /// The signature that this way gives.
    pub(super) fn hash(&self, question: &Question<'_>) -> Hash {
        let mut running = match self.scheme {
            Scheme::Top { digest, .. } => digest.start(question.secret.as_bytes()),
            Scheme::Openapi2 { .. } => Digest::Md5.start(b""),
            Scheme::PlainSha256 => Running::sha256(),
        };
        self.segments(question).iter().for_each(|segment| running.feed(&segment.text));
        running.finish()
    }

    /// The changed pairs in the order in which this client signs them.
    fn pairs<'s>(&self, question: &Question<'s>) -> Vec<(&'s str, Cow<'s, [u8]>)> {
        let params = question.params.iter().filter(|(name, _)| *name != "sign");
        let kept = params.filter(|(name, value)| {
            let without = match &self.change {
                Change::Without(other) => name == other,
                Change::WithoutTwo(one, other) => name == one || name == other,
                Change::OnlyPublic => !PUBLIC.contains(name),
                _ => false,
            };
            !(without || self.drop_empty && value.is_empty())
        });
        let mut pairs: Vec<_> = kept.map(|(name, value)| (name, self.value(name, value))).collect();
        match &self.change {
            Change::SortedIgnoringCase => pairs.sort_by_key(|(name, _)| name.to_ascii_lowercase()),
            Change::Unsorted => {
                let place = |name: &str| question.arrival.iter().position(|known| *known == name);
                pairs.sort_by_key(|(name, _)| place(name));
            }
            Change::With(name, value) => {
                let at = pairs.partition_point(|(known, _)| known < name);
                pairs.insert(at, (name, Cow::Borrowed(value.as_bytes())));
            }
            _ => {}
        }
        pairs
    }

    fn value<'s>(&self, name: &str, value: &'s str) -> Cow<'s, [u8]> {
        let text: Cow<'s, str> = match &self.change {
            Change::Gbk => return gbk(value),
            Change::Mojibake => return latin1_misread(value).map_or(Cow::Borrowed(value.as_bytes()), Cow::Owned),
            Change::EncodedTwice => form::decode(value).map_or(Cow::Borrowed(value), |text| text),
            Change::EmptyAs(word) if value.is_empty() => Cow::Borrowed(*word),
            Change::Timestamp(form) if name == "timestamp" => restamped(value, *form),
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
        };
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }
}

/// The length of a value; what is not UTF-8 (GBK) counts its bytes in every unit.
fn length(unit: LengthUnit, value: &[u8]) -> usize {
    std::str::from_utf8(value).map_or(value.len(), |text| unit.length(text))
}

fn gbk(text: &str) -> Cow<'_, [u8]> {
    encoding_rs::GBK.encode(text).0
}

/// The bytes of a text that was UTF-8, read as Latin-1; `None` when it cannot have been.
pub(super) fn latin1_misread(text: &str) -> Option<Vec<u8>> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<_>>()?;
    std::str::from_utf8(&bytes).is_ok().then_some(bytes)
}

fn restamped(value: &str, form: TimestampForm) -> Cow<'_, str> {
    let Some(moment) = moment(value) else { return Cow::Borrowed(value) };
    Cow::Owned(match form {
        TimestampForm::Seconds => moment.unix().to_string(),
        TimestampForm::Milliseconds => format!("{}000", moment.unix()),
        TimestampForm::Date => moment.to_string(),
        TimestampForm::UtcDate => moment.plus(-8 * 3600).to_string(),
    })
}

/// JSON without the white space between its tokens.
fn compacted(body: &[u8]) -> Cow<'_, [u8]> {
    let (mut inside, mut escaped) = (false, false);
    let kept = body.iter().copied().filter(|byte| {
        if inside {
            let was = escaped;
            escaped = *byte == b'\\' && !was;
            inside = *byte != b'"' || was;
            return true;
        }
        inside = *byte == b'"';
        !byte.is_ascii_whitespace()
    });
    Cow::Owned(kept.collect())
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

/// The string for people: secrets are `***`, also where a client has put one into a parameter.
pub(super) fn shown(segments: &[Segment<'_>], question: &Question<'_>) -> String {
    masked(&segments.iter().map(plain).collect::<String>(), question, |_| "***".to_owned())
}

/// The same in stretches.
pub(super) fn stretches(segments: &[Segment<'_>], question: &Question<'_>) -> Vec<(Place, String)> {
    let hide = |text: &str| masked(text, question, |_| "***".to_owned());
    let place = |segment: &Segment<'_>| match &segment.place {
        Place::Name(name) => Place::Name(hide(name)),
        Place::Length(name) => Place::Length(hide(name)),
        Place::Value(name) => Place::Value(hide(name)),
        other => other.clone(),
    };
    segments.iter().map(|segment| (place(segment), hide(&plain(segment)))).collect()
}

fn plain(segment: &Segment<'_>) -> String {
    match segment.place {
        Place::Secret => "***".to_owned(),
        _ => String::from_utf8_lossy(&segment.text).into_owned(),
    }
}

/// `text` with every secret replaced by what `mask` makes of it. Very short ones are left: they would riddle the text.
pub(super) fn masked(text: &str, question: &Question<'_>, mask: impl Fn(&str) -> String) -> String {
    let own = question.secret.trim();
    let guises = [own.to_owned(), own.to_ascii_uppercase(), own.to_ascii_lowercase()];
    let secrets = guises.iter().map(String::as_str).chain(question.other_secrets.iter().map(|secret| secret.trim()));
    let secrets = secrets.filter(|secret| secret.len() >= 6);
    secrets.fold(text.to_owned(), |text, secret| text.replace(secret, &mask(secret)))
}
