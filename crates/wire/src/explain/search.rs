//! Trying the known ways until one gives the presented signature.

use super::recipe::{Change, Recipe, Scheme, Wrap};
use super::{Mistake, Question, Rule, Verdict};
use crate::form::Space;
use crate::hashing::Hash;
use crate::limits;
use crate::top::{self, Digest, Options};
use crate::wdt::{self, LengthUnit};

/// The accepted way, if the signature is right, and the name of its dialect.
pub(super) fn accepted(question: &Question<'_>) -> Option<(Recipe, String)> {
    let Question { secret, params, given, .. } = *question;
    let mut recipe = Recipe::canonical(question);
    match question.rule {
        Rule::Top { digest, body } => {
            let dialect = top::verify(digest, secret, params, body, given, Options::default())?;
            recipe.drop_empty = dialect.empties == top::Empties::Dropped;
            Some((recipe, dialect.to_string()))
        }
        Rule::Openapi2 => {
            let dialect = wdt::verify(secret, params, given)?;
            recipe.scheme = Scheme::Openapi2 { unit: dialect.unit, secret: Wrap::End };
            recipe.drop_empty = dialect.empties == top::Empties::Dropped;
            Some((recipe, dialect.to_string()))
        }
    }
}

pub(super) fn verdict(question: &Question<'_>) -> Verdict {
    if let Some((_, dialect)) = accepted(question) {
        return Verdict::Accepted { dialect, other_case: is_other_case(question) };
    }
    let Some(given) = Hash::presented(question.given) else {
        let long = matches!(question.rule, Rule::Top { digest: Digest::HmacSha256, .. });
        return Verdict::NoSignature { digits: if long { 64 } else { 32 } };
    };
    search(question, &given).map_or(Verdict::Unknown, Verdict::Mistake)
}

fn is_other_case(question: &Question<'_>) -> bool {
    question.given.bytes().any(|byte| match question.rule {
        Rule::Top { .. } => byte.is_ascii_lowercase(),
        Rule::Openapi2 => byte.is_ascii_uppercase(),
    })
}

/// Every scheme with every change, the right scheme and no change first, as long as the budget of bytes lasts.
fn search(question: &Question<'_>, given: &Hash) -> Option<Mistake> {
    let body = if let Rule::Top { body: Some(body), .. } = question.rule { body.len() } else { 0 };
    let once = body + question.params.iter().map(|(name, value)| name.len() + value.len() + 16).sum::<usize>();
    let mut budget = limits::EXPLAINED_BYTES / once.max(1);
    let has_empty = question.params.iter().any(|(_, value)| value.is_empty());
    let changes = changes(question);
    for (scheme, wrong_scheme) in schemes(question) {
        for change in &changes {
            for drop_empty in [false, true] {
                if drop_empty && !has_empty {
                    continue;
                }
                budget = budget.checked_sub(1)?;
                let recipe = Recipe { scheme, change: change.clone(), drop_empty };
                if recipe.hash(question).is(given) {
                    return named(wrong_scheme, change);
                }
            }
        }
    }
    None
}

/// The mistake of a way; `None` for the right one.
fn named(scheme: Option<Mistake>, change: &Change) -> Option<Mistake> {
    let change = match change {
        Change::Nothing => None,
        Change::Without(name) => Some(Mistake::Without(name.clone())),
        Change::OnlyPublic => Some(Mistake::OnlyPublic),
        Change::WithoutBody => Some(Mistake::WithoutBody),
        Change::Encoded(Space::Plus) => Some(Mistake::EncodedPlus),
        Change::Encoded(Space::Percent) => Some(Mistake::EncodedPercent),
        Change::BarePlus => Some(Mistake::BarePlus),
        Change::Trimmed => Some(Mistake::Trimmed),
        Change::SmallBooleans => Some(Mistake::CapitalBooleans),
        Change::UnicodeEscapes => Some(Mistake::UnicodeEscapes),
        Change::MethodWithoutScene => Some(Mistake::MethodWithoutScene),
        Change::SortedIgnoringCase => Some(Mistake::SortedIgnoringCase),
    };
    match (scheme, change) {
        (Some(scheme), Some(change)) => Some(Mistake::Both(Box::new(scheme), Box::new(change))),
        (scheme, change) => scheme.or(change),
    }
}

/// The schemes to try, each with the mistake that it is; the right ones are none.
fn schemes(question: &Question<'_>) -> Vec<(Scheme, Option<Mistake>)> {
    let top = |digest, secret| Scheme::Top { digest, secret };
    let openapi2 = |unit, secret| Scheme::Openapi2 { unit, secret };
    let wrap = |digest| if digest == Digest::Md5 { Wrap::Both } else { Wrap::Nowhere };
    match question.rule {
        Rule::Top { digest, .. } => {
            let others = Digest::ALL.into_iter().filter(|other| *other != digest);
            let hmacs = [Digest::Hmac, Digest::HmacSha256];
            let mut schemes = vec![(top(digest, wrap(digest)), None)];
            schemes.extend(others.map(|other| (top(other, wrap(other)), Some(Mistake::OtherDigest(other)))));
            schemes.extend(LengthUnit::ALL.map(|unit| (openapi2(unit, Wrap::End), Some(Mistake::Openapi2Rule(unit)))));
            schemes.push((top(Digest::Md5, Wrap::End), Some(Mistake::SecretOnlyAtEnd)));
            schemes.push((top(Digest::Md5, Wrap::Front), Some(Mistake::SecretOnlyInFront)));
            schemes.extend(hmacs.map(|hmac| (top(hmac, Wrap::Both), Some(Mistake::SecretAroundHmac(hmac)))));
            schemes.push((top(Digest::Md5, Wrap::Nowhere), Some(Mistake::NoSecret)));
            schemes
        }
        Rule::Openapi2 => {
            let mut schemes = Vec::from(LengthUnit::ALL.map(|unit| (openapi2(unit, Wrap::End), None)));
            schemes.extend(Digest::ALL.map(|digest| (top(digest, wrap(digest)), Some(Mistake::QimenRule(digest)))));
            for (secret, mistake) in [
                (Wrap::Front, Mistake::SecretOnlyInFront),
                (Wrap::Both, Mistake::SecretOnBothSides),
                (Wrap::Nowhere, Mistake::NoSecret),
            ] {
                schemes.extend(LengthUnit::ALL.map(|unit| (openapi2(unit, secret), Some(mistake.clone()))));
            }
            schemes
        }
    }
}

/// The changes to try: none, the general ones, then each parameter left out, the usual ones first.
fn changes(question: &Question<'_>) -> Vec<Change> {
    const USUAL: [&str; 4] = ["session", "sign_method", "partner_id", "format"];
    let mut changes = vec![
        Change::Nothing,
        Change::Encoded(Space::Plus),
        Change::Encoded(Space::Percent),
        Change::BarePlus,
        Change::Trimmed,
        Change::SmallBooleans,
        Change::UnicodeEscapes,
        Change::MethodWithoutScene,
        Change::SortedIgnoringCase,
        Change::OnlyPublic,
    ];
    if matches!(question.rule, Rule::Top { body: Some(_), .. }) {
        changes.push(Change::WithoutBody);
    }
    let names = question.params.iter().map(|(name, _)| name).filter(|name| *name != "sign");
    let (usual, others): (Vec<_>, Vec<_>) = names.partition(|name| USUAL.contains(name));
    changes.extend(usual.into_iter().chain(others).map(|name| Change::Without(name.to_owned())));
    changes
}
