//! The mistakes that clients are known to make, in words of both languages: the hint reaches whoever wrote the client.

use std::borrow::Cow;
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
        write!(f, "{} / {}", self.english(), self.chinese())
    }
}

impl Mistake {
    fn english(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::OtherDigest(digest) => {
                return format!("it is the {} digest, but sign_method names another", digest.name()).into();
            }
            Self::SecretOnlyAtEnd => "the secret is only at the end; MD5 wants it on both sides",
            Self::SecretOnlyInFront => "the secret is only in front",
            Self::SecretOnBothSides => "the secret is on both sides; openapi2 wants it at the end only",
            Self::SecretAroundHmac(digest) => {
                let name = digest.name();
                return format!("{name} is keyed with the secret; the string must not be wrapped in it besides").into();
            }
            Self::NoSecret => "the secret is not part of it",
            Self::Openapi2Rule(unit) => {
                return format!("it is signed by the rule of openapi2 (lengths in {})", unit_name(*unit).0).into();
            }
            Self::QimenRule(digest) => {
                return format!("it is signed by the rule of Qimen ({}), not that of openapi2", digest.name()).into();
            }
            Self::Without(name) => return format!("the parameter {name} is sent but not signed").into(),
            Self::OnlyPublic => "only the public parameters are signed",
            Self::WithoutBody => "the body is not signed",
            Self::EncodedPlus => "values are URL-encoded before signing (space as +)",
            Self::EncodedPercent => "values are URL-encoded before signing (space as %20)",
            Self::BarePlus => "a + is sent unencoded and arrives as a space",
            Self::Trimmed => "white space around values is cut off before signing",
            Self::CapitalBooleans => "true and false are signed in small letters but sent capitalised",
            Self::UnicodeEscapes => "characters are signed as \\uXXXX but sent as they are",
            Self::MethodWithoutScene => "method is signed without its scene prefix",
            Self::SortedIgnoringCase => "names are sorted without regard to case; byte order is wanted",
            Self::Unsorted => "names are in the order of sending; they must be sorted in byte order",
            Self::NotSent(name, value) => return format!("the parameter {name}={value} is signed but not sent").into(),
            Self::WithoutTwo(one, other) => {
                return format!("the parameters {one} and {other} are sent but not signed").into();
            }
            Self::SignInString => "the name sign is part of the signed string; it must be left out",
            Self::EmptyAs(word) => return format!("empty values are signed as {word:?}").into(),
            Self::Gbk => "text is signed in GBK but sent in UTF-8; sign the bytes of UTF-8",
            Self::Mojibake => "the text was UTF-8 when it was signed and was read as Latin-1 on the way",
            Self::EncodedTwice => "values are URL-encoded twice on the way",
            Self::BodyTrimmed => "white space around the body is cut off before signing",
            Self::BodyCompacted => "the body is signed without its white space; sign exactly the bytes that are sent",
            Self::BodyFirst => "the body stands in front of the parameters; it belongs behind them",
            Self::Timestamp(form) => return format!("timestamp is signed as {form} but sent otherwise").into(),
            Self::PlainSha256 => "it is a SHA-256 with the secret around the string; HMAC-SHA256 is wanted",
            Self::SecretWithBlanks => "white space or a line end stands around the secret",
            Self::SecretOtherCase => "the letters of the secret have another case",
            Self::OtherSecret => "it is signed with the secret of another application of the same owner",
            Self::Both(one, other) => return format!("{}; and {}", one.english(), other.english()).into(),
        })
    }

    fn chinese(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::OtherDigest(digest) => return format!("实际算法为 {}，与 sign_method 不符", digest.name()).into(),
            Self::SecretOnlyAtEnd => "密钥只拼在末尾，MD5 须首尾都拼",
            Self::SecretOnlyInFront => "密钥只拼在开头",
            Self::SecretOnBothSides => "密钥拼在首尾，openapi2 只拼在末尾",
            Self::SecretAroundHmac(digest) => {
                return format!("{} 以密钥为 key，待签名串不应再拼密钥", digest.name()).into();
            }
            Self::NoSecret => "签名时没有用到密钥",
            Self::Openapi2Rule(unit) => {
                return format!("用了 openapi2 的签名规则（长度按{}计）", unit_name(*unit).1).into();
            }
            Self::QimenRule(digest) => return format!("用了奇门的签名规则（{}），应为 openapi2", digest.name()).into(),
            Self::Without(name) => return format!("参数 {name} 已发送但未参与签名").into(),
            Self::OnlyPublic => "只有公共参数参与了签名",
            Self::WithoutBody => "报文体未参与签名",
            Self::EncodedPlus => "签名前对值做了 URL 编码（空格为 +）",
            Self::EncodedPercent => "签名前对值做了 URL 编码（空格为 %20）",
            Self::BarePlus => "值中的 + 发送时未编码，收到的是空格",
            Self::Trimmed => "签名前去掉了值首尾的空白",
            Self::CapitalBooleans => "布尔值按小写签名，却按首字母大写发送",
            Self::UnicodeEscapes => "文字按 \\uXXXX 签名，却按原文发送",
            Self::MethodWithoutScene => "签名时 method 没有场景前缀",
            Self::SortedIgnoringCase => "参数名排序忽略了大小写，应按字节序",
            Self::Unsorted => "参数按发送顺序拼接，应按参数名字节序排序",
            Self::NotSent(name, value) => return format!("参数 {name}={value} 参与了签名但未发送").into(),
            Self::WithoutTwo(one, other) => return format!("参数 {one} 与 {other} 已发送但未参与签名").into(),
            Self::SignInString => "参数名 sign 拼入了待签名串，应去掉",
            Self::EmptyAs(word) => return format!("空值按 {word:?} 签名").into(),
            Self::Gbk => "按 GBK 签名，却以 UTF-8 发送；应对 UTF-8 字节签名",
            Self::Mojibake => "签名时是 UTF-8，途中被当作 Latin-1 读取",
            Self::EncodedTwice => "值在途中被 URL 编码了两次",
            Self::BodyTrimmed => "签名前去掉了报文体首尾的空白",
            Self::BodyCompacted => "签名时报文体去掉了空白；应对实际发送的字节签名",
            Self::BodyFirst => "报文体拼在参数之前，应拼在参数之后",
            Self::Timestamp(form) => return format!("timestamp 按{}签名，却以其他格式发送", form.chinese()).into(),
            Self::PlainSha256 => "用了首尾拼密钥的 SHA-256，应为 HMAC-SHA256",
            Self::SecretWithBlanks => "密钥首尾带有空白或换行",
            Self::SecretOtherCase => "密钥的大小写不对",
            Self::OtherSecret => "用了同一主体另一个应用的密钥",
            Self::Both(one, other) => return format!("{}；且{}", one.chinese(), other.chinese()).into(),
        })
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

    fn chinese(self) -> &'static str {
        match self {
            Self::Seconds => "秒级时间戳",
            Self::Milliseconds => "毫秒级时间戳",
            Self::Date => "东八区时间",
            Self::UtcDate => " UTC 时间",
        }
    }
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

const fn unit_name(unit: LengthUnit) -> (&'static str, &'static str) {
    match unit {
        LengthUnit::CodePoints => ("characters", "字符"),
        LengthUnit::Utf16 => ("UTF-16 units", "UTF-16 单元"),
        LengthUnit::Bytes => ("bytes", "字节"),
    }
}
