//! The mistakes that clients are known to make.

use std::fmt;

use crate::top::Digest;
use crate::wdt::LengthUnit;

/// One mistake. Its `Display` tells the client's developer what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// Another digest than `sign_method` names.
    OtherDigest(Digest),
    /// MD5 with the secret at the end only (the "old md5" of the Java SDK for an unknown `sign_method`).
    SecretOnlyAtEnd,
    /// MD5 with the secret in front only.
    SecretOnlyInFront,
    /// MD5 with the secret on both sides, where it belongs at the end only (openapi2).
    SecretOnBothSides,
    /// An HMAC whose message is wrapped in the secret besides.
    SecretAroundHmac(Digest),
    /// The secret is not in it at all.
    NoSecret,
    /// The rule of openapi2 on a Qimen address.
    Openapi2Rule(LengthUnit),
    /// The rule of Qimen on an openapi2 address.
    QimenRule(Digest),
    /// A parameter that is sent but not signed.
    Without(String),
    /// Only the public parameters are signed.
    OnlyPublic,
    /// The raw body is not signed.
    WithoutBody,
    /// Values are URL-encoded before signing, a space as `+`.
    EncodedPlus,
    /// Values are URL-encoded before signing, a space as `%20`.
    EncodedPercent,
    /// A `+` in a value was sent unencoded and arrives as a space.
    BarePlus,
    /// White space around values is cut off before signing.
    Trimmed,
    /// Truth values are signed as `true`, sent as `True` (wdtqm).
    CapitalBooleans,
    /// Chinese characters are signed as `\uXXXX`, sent as they are.
    UnicodeEscapes,
    /// The method is signed without its scene prefix.
    MethodWithoutScene,
    /// Names are sorted without regard to case.
    SortedIgnoringCase,
    /// Names are in the order in which they are sent.
    Unsorted,
    /// A parameter that is signed but not sent, with the value that it was signed with.
    NotSent(String, String),
    /// Two parameters that are sent but not signed.
    WithoutTwo(String, String),
    /// The name `sign` is part of the string.
    SignInString,
    /// An empty value is signed as this word.
    EmptyAs(&'static str),
    /// Text is signed in GBK, sent in UTF-8.
    Gbk,
    /// UTF-8 was read as Latin-1 on the way and encoded again.
    Mojibake,
    /// Values were URL-encoded twice on the way.
    EncodedTwice,
    /// White space around the body is cut off before signing.
    BodyTrimmed,
    /// The JSON body is signed without white space, or in another spelling, than it is sent.
    BodyCompacted,
    /// The body stands in front of the parameters.
    BodyFirst,
    /// `timestamp` is signed in another form than it is sent: which.
    Timestamp(TimestampForm),
    /// SHA-256 with the secret around the string, where an HMAC is wanted.
    PlainSha256,
    /// White space or a line end stands around the secret.
    SecretWithBlanks,
    /// The letters of the secret have another case.
    SecretOtherCase,
    /// The secret of another application of the same owner.
    OtherSecret,
    /// Two mistakes at once.
    Both(Box<Mistake>, Box<Mistake>),
}

impl Mistake {
    /// The same with every name passed through `hide`: a client may have put a secret into one.
    pub(super) fn hidden(self, hide: &impl Fn(&str) -> String) -> Self {
        match self {
            Self::Without(name) => Self::Without(hide(&name)),
            Self::WithoutTwo(one, other) => Self::WithoutTwo(hide(&one), hide(&other)),
            Self::Both(one, other) => Self::Both(Box::new(one.hidden(hide)), Box::new(other.hidden(hide))),
            other => other,
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherDigest(digest) => {
                write!(f, "it is the {} digest, but sign_method names another", digest.name())
            }
            Self::SecretOnlyAtEnd => f.write_str("the secret is only at the end; MD5 wants it on both sides"),
            Self::SecretOnlyInFront => f.write_str("the secret is only in front"),
            Self::SecretOnBothSides => f.write_str("the secret is on both sides; openapi2 wants it at the end only"),
            Self::SecretAroundHmac(digest) => {
                write!(f, "{} is keyed with the secret; the string must not be wrapped in it besides", digest.name())
            }
            Self::NoSecret => f.write_str("the secret is not part of it"),
            Self::Openapi2Rule(unit) => {
                write!(f, "it is signed by the rule of openapi2 (lengths in {})", unit_name(*unit))
            }
            Self::QimenRule(digest) => {
                write!(f, "it is signed by the rule of Qimen ({}), not that of openapi2", digest.name())
            }
            Self::Without(name) => write!(f, "the parameter {name} is sent but not signed"),
            Self::OnlyPublic => f.write_str("only the public parameters are signed"),
            Self::WithoutBody => f.write_str("the body is not signed"),
            Self::EncodedPlus => f.write_str("values are URL-encoded before signing (space as +)"),
            Self::EncodedPercent => f.write_str("values are URL-encoded before signing (space as %20)"),
            Self::BarePlus => f.write_str("a + is sent unencoded and arrives as a space"),
            Self::Trimmed => f.write_str("white space around values is cut off before signing"),
            Self::CapitalBooleans => f.write_str("true and false are signed in small letters but sent capitalised"),
            Self::UnicodeEscapes => f.write_str("characters are signed as \\uXXXX but sent as they are"),
            Self::MethodWithoutScene => f.write_str("method is signed without its scene prefix"),
            Self::SortedIgnoringCase => f.write_str("names are sorted without regard to case; byte order is wanted"),
            Self::Unsorted => f.write_str("names are in the order of sending; they must be sorted in byte order"),
            Self::NotSent(name, value) => write!(f, "the parameter {name}={value} is signed but not sent"),
            Self::WithoutTwo(one, other) => write!(f, "the parameters {one} and {other} are sent but not signed"),
            Self::SignInString => f.write_str("the name sign is part of the signed string; it must be left out"),
            Self::EmptyAs(word) => write!(f, "empty values are signed as {word:?}"),
            Self::Gbk => f.write_str("text is signed in GBK but sent in UTF-8; sign the bytes of UTF-8"),
            Self::Mojibake => f.write_str("the text was UTF-8 when it was signed and was read as Latin-1 on the way"),
            Self::EncodedTwice => f.write_str("values are URL-encoded twice on the way"),
            Self::BodyTrimmed => f.write_str("white space around the body is cut off before signing"),
            Self::BodyCompacted => {
                f.write_str("the body is signed without its white space; sign exactly the bytes that are sent")
            }
            Self::BodyFirst => f.write_str("the body stands in front of the parameters; it belongs behind them"),
            Self::Timestamp(form) => write!(f, "timestamp is signed as {form} but sent otherwise"),
            Self::PlainSha256 => {
                f.write_str("it is a SHA-256 with the secret around the string; HMAC-SHA256 is wanted")
            }
            Self::SecretWithBlanks => f.write_str("white space or a line end stands around the secret"),
            Self::SecretOtherCase => f.write_str("the letters of the secret have another case"),
            Self::OtherSecret => f.write_str("it is signed with the secret of another application of the same owner"),
            Self::Both(one, other) => write!(f, "{one}; and {other}"),
        }
    }
}

/// A way to write a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampForm {
    /// Unix time in seconds.
    Seconds,
    /// Unix time in milliseconds (whole seconds).
    Milliseconds,
    /// A date at GMT+8.
    Date,
    /// A date at UTC.
    UtcDate,
}

impl TimestampForm {
    /// All forms.
    pub const ALL: [Self; 4] = [Self::Seconds, Self::Milliseconds, Self::Date, Self::UtcDate];
}

impl fmt::Display for TimestampForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seconds => "Unix time in seconds",
            Self::Milliseconds => "Unix time in milliseconds",
            Self::Date => "a date at GMT+8",
            Self::UtcDate => "a date at UTC",
        })
    }
}

const fn unit_name(unit: LengthUnit) -> &'static str {
    match unit {
        LengthUnit::CodePoints => "characters",
        LengthUnit::Utf16 => "UTF-16 units",
        LengthUnit::Bytes => "bytes",
    }
}
