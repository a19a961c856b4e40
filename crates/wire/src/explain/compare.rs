//! The client's own string against ours.

use std::fmt;

use super::recipe::{Recipe, Scheme, Segment, Wrap, masked};
use super::{Question, Rule};
use crate::wdt::LengthUnit;

/// What a stretch of the string belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The secret.
    Secret,
    /// The name of this parameter (for openapi2, with its length).
    Name(String),
    /// The length of this parameter's value (openapi2).
    Length(String),
    /// The value of this parameter.
    Value(String),
    /// The raw body.
    Body,
    /// Behind the last character.
    End,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret => f.write_str("the secret"),
            Self::Name(name) => write!(f, "the name of {name}"),
            Self::Length(name) => write!(f, "the length of {name}"),
            Self::Value(name) => write!(f, "the value of {name}"),
            Self::Body => f.write_str("the body"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// How the client's string compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// It is the right string: the secret or the digest is wrong.
    Same,
    /// It differs.
    Differs {
        /// Characters (from 0, the secret not counted) that are equal before the difference.
        position: usize,
        /// The same in bytes of UTF-8.
        byte: usize,
        /// The equal text just before, at most 12 characters.
        before: String,
        /// Where in our string that is.
        place: Place,
        /// Our string from there, at most 24 characters.
        ours: String,
        /// The client's string from there, at most 24 characters.
        theirs: String,
    },
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same => {
                f.write_str("the string is right; the secret or the digest is not / 待签名串正确，密钥或算法不对")
            }
            Self::Differs { position, byte, before, place, ours, theirs } => {
                write!(f, "differs at character {position} (byte {byte}), in {place}")?;
                if !before.is_empty() {
                    write!(f, ", after {before:?}")?;
                }
                write!(
                    f,
                    ": {ours:?} is expected, {theirs:?} is given / 第 {} 个字符起不同，应为 {ours:?}，实为 {theirs:?}",
                    position + 1
                )
            }
        }
    }
}

/// Compares with the closest of the accepted forms.
pub(super) fn against(question: &Question<'_>, client: &str) -> Comparison {
    let theirs = without_secret(question, client);
    let canonical = Recipe::canonical(question);
    let schemes = match question.rule {
        Rule::Top { .. } => vec![canonical.scheme],
        Rule::Openapi2 => LengthUnit::ALL.map(|unit| Scheme::Openapi2 { unit, secret: Wrap::End }).to_vec(),
    };
    let mut best: Option<(usize, Comparison)> = None;
    for scheme in schemes {
        for drop_empty in [false, true] {
            let recipe = Recipe { scheme, drop_empty, change: canonical.change.clone() };
            match compare(&recipe.segments(question), theirs, question) {
                Comparison::Same => return Comparison::Same,
                Comparison::Differs { position, .. } if best.as_ref().is_some_and(|(far, _)| position <= *far) => {}
                differs @ Comparison::Differs { position, .. } => best = Some((position, differs)),
            }
        }
    }
    best.map_or(Comparison::Same, |(_, differs)| differs)
}

/// The client's string with the secret (or the `***` that stands for it) and a line end taken off.
fn without_secret<'c>(question: &Question<'_>, client: &'c str) -> &'c str {
    let mut text = client.trim_end_matches(['\r', '\n']);
    for secret in [question.secret, "***"].into_iter().filter(|secret| !secret.is_empty()) {
        text = text.strip_prefix(secret).unwrap_or(text);
        text = text.strip_suffix(secret).unwrap_or(text);
    }
    text
}

fn compare(segments: &[Segment<'_>], theirs: &str, question: &Question<'_>) -> Comparison {
    let mut ours = String::new();
    let mut starts = Vec::new();
    for segment in segments.iter().filter(|segment| segment.place != Place::Secret) {
        starts.push((ours.len(), &segment.place));
        ours.push_str(&String::from_utf8_lossy(&segment.text));
    }
    if ours == theirs {
        return Comparison::Same;
    }
    let equal = ours.char_indices().zip(theirs.chars()).take_while(|((_, a), b)| a == b);
    let (position, bytes) = equal.fold((0, 0), |(count, _), ((at, c), _)| (count + 1, at + c.len_utf8()));
    let place = match starts.iter().rev().find(|(start, _)| *start <= bytes) {
        Some((_, place)) if bytes < ours.len() => (*place).clone(),
        _ => Place::End,
    };
    // A secret that stands in a value is hidden, character for character, so that positions stay.
    let hidden = |text: &str| masked(text, question, |secret| "*".repeat(secret.chars().count()));
    let (ours, theirs) = (hidden(&ours), hidden(theirs));
    let excerpt = |text: &str| text.chars().skip(position).take(24).collect();
    let before = ours.chars().skip(position.saturating_sub(12)).take(position.min(12)).collect();
    let place = match place {
        Place::Name(name) => Place::Name(hidden(&name)),
        Place::Length(name) => Place::Length(hidden(&name)),
        Place::Value(name) => Place::Value(hidden(&name)),
        other => other,
    };
    Comparison::Differs { position, byte: bytes, before, place, ours: excerpt(&ours), theirs: excerpt(&theirs) }
}
