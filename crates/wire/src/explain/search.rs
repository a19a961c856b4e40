//! Trying the known ways until one gives the presented signature.

use super::recipe::{Change, PUBLIC, Recipe, Scheme, Wrap, latin1_misread};
use super::{Mistake, Question, Rule, TimestampForm, Verdict};
use crate::form::Space;
use crate::hashing::Hash;
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
        let given = question.given.trim_end_matches('=');
        let base64 = matches!(given.len(), 22 | 43)
            && given.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_'));
        return Verdict::NoSignature { digits: if long { 64 } else { 32 }, base64 };
    };
    search(question, &given).map_or(Verdict::Unknown, Verdict::Mistake)
}

fn is_other_case(question: &Question<'_>) -> bool {
    question.given.bytes().any(|byte| match question.rule {
        Rule::Top { .. } => byte.is_ascii_lowercase(),
        Rule::Openapi2 => byte.is_ascii_uppercase(),
    })
}

/// Every scheme with every change, the right scheme and no change first, then the right schemes with what may have been taken for
/// the secret, as long as the budget of bytes lasts.
fn search(question: &Question<'_>, given: &Hash) -> Option<Mistake> {
    let mut tries = Tries::new(question);
    let schemes = schemes(question);
    let right = || schemes.iter().filter(|(_, wrong)| wrong.is_none());
    let changes = changes(question);
    for (scheme, wrong) in &schemes {
        for change in &changes {
            if tries.give(question, *scheme, change, given)? {
                return named(wrong.clone(), change);
            }
        }
    }
    let own = question.secret;
    let blanks = ["\n", "\r\n", " ", "\t"].map(|blank| format!("{own}{blank}"));
    let front = format!(" {own}");
    let (upper, lower) = (own.to_ascii_uppercase(), own.to_ascii_lowercase());
    let slips = blanks.iter().chain([&front]).map(|secret| (secret.as_str(), Mistake::SecretWithBlanks));
    let slips = slips.chain([(own.trim(), Mistake::SecretWithBlanks)]);
    let slips = slips.chain([&upper, &lower].map(|secret| (secret.as_str(), Mistake::SecretOtherCase)));
    let slips = slips.chain(question.other_secrets.iter().map(|secret| (*secret, Mistake::OtherSecret)));
    for (secret, mistake) in slips.filter(|(secret, _)| *secret != own) {
        let slip = Question { secret, ..*question };
        for (scheme, _) in right() {
            if tries.give(&slip, *scheme, &Change::Nothing, given)? {
                return Some(mistake);
            }
        }
    }
    for change in pairs_left_out(question) {
        for (scheme, _) in right() {
            if tries.give(question, *scheme, &change, given)? {
                return named(None, &change);
            }
        }
    }
    None
}

/// How many digests may still be made.
struct Tries {
    left: usize,
    has_empty: bool,
}

impl Tries {
    fn new(question: &Question<'_>) -> Self {
        let body = if let Rule::Top { body: Some(body), .. } = question.rule { body.len() } else { 0 };
        let once = body + question.params.iter().map(|(name, value)| name.len() + value.len() + 16).sum::<usize>();
        let has_empty = question.params.iter().any(|(_, value)| value.is_empty());
        Self { left: question.budget / once.max(64), has_empty }
    }

    /// Whether this way gives the signature, with empty values or without; `None` when the budget is used up.
    fn give(&mut self, question: &Question<'_>, scheme: Scheme, change: &Change, given: &Hash) -> Option<bool> {
        for drop_empty in [false, true].into_iter().filter(|drop| !drop || self.has_empty) {
            self.left = self.left.checked_sub(1)?;
            if (Recipe { scheme, change: change.clone(), drop_empty }).hash(question).is(given) {
                return Some(true);
            }
        }
        Some(false)
    }
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
        Change::Unsorted => Some(Mistake::Unsorted),
        Change::WithoutTwo(one, other) => Some(Mistake::WithoutTwo(one.clone(), other.clone())),
        Change::With("sign", _) => Some(Mistake::SignInString),
        Change::With(name, value) => Some(Mistake::NotSent((*name).to_owned(), (*value).to_owned())),
        Change::EmptyAs(word) => Some(Mistake::EmptyAs(word)),
        Change::Gbk => Some(Mistake::Gbk),
        Change::Mojibake => Some(Mistake::Mojibake),
        Change::EncodedTwice => Some(Mistake::EncodedTwice),
        Change::BodyTrimmed => Some(Mistake::BodyTrimmed),
        Change::BodyCompacted => Some(Mistake::BodyCompacted),
        Change::BodyFirst => Some(Mistake::BodyFirst),
        Change::Timestamp(form) => Some(Mistake::Timestamp(*form)),
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
            schemes.push((Scheme::PlainSha256, Some(Mistake::PlainSha256)));
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

/// Parameters that people leave out first.
const USUAL: [&str; 4] = ["session", "sign_method", "partner_id", "format"];

/// Parameters that people sign and do not send, with the values that they sign.
const SIGNED_ONLY: [(&str, &str); 9] = [
    ("sign", ""),
    ("sign_method", "md5"),
    ("sign_method", "hmac"),
    ("sign_method", "hmac-sha256"),
    ("format", "json"),
    ("format", "xml"),
    ("v", "2.0"),
    ("simplify", "false"),
    ("simplify", "true"),
];

/// The changes to try: none, the general ones, then each parameter left out, the usual ones first. What cannot make a difference
/// is not tried.
fn changes(question: &Question<'_>) -> Vec<Change> {
    let params = question.params;
    let any = |odd: fn(&str) -> bool| params.iter().any(|(_, value)| odd(value));
    let mut changes = vec![Change::Nothing];
    let mut add = |when: bool, change: Change| changes.extend(when.then_some(change));
    for space in [Space::Plus, Space::Percent] {
        add(true, Change::Encoded(space));
    }
    add(any(|value| value.contains(' ')), Change::BarePlus);
    add(any(|value| value.trim().len() != value.len()), Change::Trimmed);
    add(any(|value| matches!(value, "True" | "False")), Change::SmallBooleans);
    let foreign = any(|value| !value.is_ascii());
    add(foreign, Change::UnicodeEscapes);
    let body = if let Rule::Top { body, .. } = question.rule { body } else { None };
    add(foreign || body.is_some_and(|body| !body.is_ascii()), Change::Gbk);
    add(any(|value| latin1_misread(value).is_some()), Change::Mojibake);
    add(any(|value| value.contains('%')), Change::EncodedTwice);
    add(params.get("method").is_some_and(|method| method.contains('.')), Change::MethodWithoutScene);
    add(true, Change::SortedIgnoringCase);
    add(!question.arrival.is_empty(), Change::Unsorted);
    // With one business parameter it is that one which was forgotten, and its name says more.
    let business = names(question).filter(|name| !PUBLIC.contains(name)).count();
    add(business > 1, Change::OnlyPublic);
    add(body.is_some(), Change::WithoutBody);
    add(body.is_some_and(|body| body.trim_ascii().len() != body.len()), Change::BodyTrimmed);
    add(body.is_some_and(|body| body.iter().any(u8::is_ascii_whitespace)), Change::BodyCompacted);
    add(body.is_some(), Change::BodyFirst);
    for form in TimestampForm::ALL {
        add(params.get("timestamp").is_some(), Change::Timestamp(form));
    }
    for word in ["null", "None", "undefined"] {
        add(any(str::is_empty), Change::EmptyAs(word));
    }
    for (name, value) in SIGNED_ONLY {
        add(name == "sign" || params.get(name).is_none(), Change::With(name, value));
    }
    let (usual, others): (Vec<_>, Vec<_>) = names(question).partition(|name| USUAL.contains(name));
    changes.extend(usual.into_iter().chain(others).map(|name| Change::Without(name.to_owned())));
    changes
}

fn names<'q>(question: &Question<'q>) -> impl Iterator<Item = &'q str> + Clone {
    question.params.iter().map(|(name, _)| name).filter(|name| *name != "sign")
}

/// Every two parameters left out at once.
fn pairs_left_out(question: &Question<'_>) -> impl Iterator<Item = Change> {
    let pairs = names(question).enumerate();
    pairs.flat_map(|(i, one)| {
        names(question).skip(i + 1).map(move |other| Change::WithoutTwo(one.to_owned(), other.to_owned()))
    })
}
