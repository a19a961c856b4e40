//! Every way in which the gateway refuses a call, and what each door says then: one table.
//!
//! Sources: fact sheet wdt-1, 1.11 ("recommended server set") for openapi2; fact sheet qimen, B2, B3 and B8 for the others.

use std::borrow::Cow;

use units::Moment;

use crate::limits::MAX_QUOTED;
use crate::method::Refused;
use crate::platform::codes::{self, Code};
use crate::player::TopRefusal;
use crate::skew::whole_hours;

/// Why a call was refused before, around or by its method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The path or method is not known.
    UnknownMethod,
    /// Neither GET nor POST.
    WrongVerb,
    /// A public parameter is absent.
    Missing(&'static str),
    /// The body or query cannot be decoded: parameter (may be empty) and what is wrong with it.
    Undecodable { parameter: String, problem: String, encoding: bool },
    /// One name twice with different values.
    Contradiction { parameter: String },
    /// The body is larger than the limit.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// No tenant with this `sid` in this environment.
    UnknownSid,
    /// No such application (or, on openapi2, not one of this `sid`).
    UnknownApp,
    /// The application is switched off.
    AppDisabled,
    /// `timestamp` cannot be read.
    BadTimestamp,
    /// `timestamp` is outside the window.
    Skewed { claimed: Moment, now: Moment, window: i64 },
    /// `v` is not a number.
    BadVersion,
    /// `v` is a number that is not served.
    UnsupportedVersion,
    /// `format` is not served here.
    BadFormat(&'static str),
    /// `sign_method` is not known, or weaker than this application allows.
    BadSignMethod(&'static str),
    /// The signature does not match; the hint names the known mistake that gives it.
    BadSignature { hint: Option<String> },
    /// The application may not call this method.
    NotPermitted,
    /// The caller's address, as seen here, is not on the application's list.
    AddressRefused(Option<std::net::IpAddr>),
    /// `target_app_key` names nobody.
    UnknownTarget,
    /// The caller has no authorisation for this target, environment and `sid`.
    NotAuthorised,
    /// The caller had one, until that moment.
    AuthorisationEnded { at: Moment },
    /// The `customerId` of the standard WMS scene names nobody (fact sheet qimen, C2).
    UnknownCustomer,
    /// The application's calls per minute are used up.
    TooFrequent { seconds: i64 },
    /// Another limit is reached, or the caller is banned for having gone beyond one.
    Limited { scope: LimitScope, seconds: i64 },
    /// A business parameter that the definition of the API asks for is absent.
    MissingArgument(String),
    /// The target gave no answer that can be used: sub-code of table B8 and what happened, for people. `open`: it may have carried the
    /// call out all the same.
    NoAnswer { sub_code: &'static str, why: String, open: bool },
    /// The identical write was sent before, in the call with this id, and what became of it is not known.
    TargetUnknown { request_id: String },
    /// The target is spared for a while: it failed too often, or too many calls wait for it.
    TargetSpared { seconds: i64 },
    /// The target answered a failure: its own code and its text.
    TargetRefused { code: String, message: String },
    /// An identical read within the window, for an application that refuses them; or the same write still in progress.
    Repeated,
    /// The store failed; the text says what to do.
    Unavailable(&'static str),
    /// The method refused.
    Business(Refused),
    /// A simulator of TOP refused, in TOP's own numbers.
    Top(TopRefusal),
}

/// Whose calls a limit counts (fact sheet qimen, B4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitScope {
    /// All calls of one application.
    App,
    /// All calls of one method, whoever calls.
    Api,
    /// One application's calls of one method.
    AppApi,
}

impl LimitScope {
    /// The sub-code.
    pub(crate) fn sub_code(self) -> &'static str {
        match self {
            Self::App => "accesscontrol.limited-by-app-access-count",
            Self::Api => "accesscontrol.limited-by-api-access-count",
            Self::AppApi => "accesscontrol.limited-by-app-api-access-count",
        }
    }
}

/// What TOP and Qimen say: `code`, `msg`/`message`, `sub_code`, `sub_msg`/`sub_message`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TopWords<'f> {
    pub(crate) code: i64,
    pub(crate) message: Cow<'f, str>,
    pub(crate) sub_code: Option<Cow<'f, str>>,
    pub(crate) sub_message: Option<Cow<'f, str>>,
}

/// Safe to repeat: what went wrong left nothing behind, or its receipt answers.
pub(crate) const REPEAT: &str = "系统异常，请稍后重试；重复提交同一请求是安全的";
/// The unit of work is still under way.
pub(crate) const STILL_RUNNING: &str = "系统繁忙，处理超时，请稍后用同一请求重试；重复提交同一请求是安全的";

impl Fault {
    /// Code and message on openapi2.
    pub(crate) fn openapi2(&self) -> (i64, Cow<'_, str>) {
        match self {
            Self::UnknownMethod => (1, "接口不存在".into()),
            Self::WrongVerb => (1, "请使用POST方式请求".into()),
            Self::Missing(name) => (2900, format!("必传参数缺失入参：{name}").into()),
            Self::MissingArgument(name) => (2900, format!("必传参数缺失入参：{name}").into()),
            Self::Undecodable { parameter, problem, .. } if parameter.is_empty() => {
                (2830, format!("参数值无效:{problem}").into())
            }
            Self::Undecodable { parameter, problem, .. } => {
                (2830, format!("参数值无效:{}（{problem}）", quoted(parameter)).into())
            }
            Self::Contradiction { parameter } => {
                (2830, format!("参数值无效:{}（重复传参且值不一致）", quoted(parameter)).into())
            }
            Self::TooLarge => (1, "请求内容过大，不能超过10MB".into()),
            Self::TooSlow => (1, "请求内容接收超时".into()),
            Self::UnknownSid => (2030, "sid is not exists".into()),
            Self::UnknownApp => (2030, "appkey不存在，验证失败".into()),
            Self::AppDisabled => (2090, "appkey已停用".into()),
            Self::BadTimestamp => (2060, "timestamp超出允许的时间误差(5分钟)，验证失败".into()),
            Self::Skewed { window, .. } => {
                (2060, format!("timestamp超出允许的时间误差({}分钟)，验证失败", window / 60).into())
            }
            Self::BadSignature { hint: Some(hint) } => (2100, format!("签名错误(sign error)：{hint}").into()),
            Self::BadSignature { hint: None } | Self::BadSignMethod(_) => (2100, "签名错误(sign error)".into()),
            Self::NotPermitted | Self::AddressRefused(_) | Self::NotAuthorised | Self::AuthorisationEnded { .. } => {
                (1, "权限不足".into())
            }
            Self::TooFrequent { .. } => (1012, "超过每分钟最大调用频率限制,请稍后重试".into()),
            Self::Limited { seconds, .. } | Self::TargetSpared { seconds } => {
                (1012, format!("超过调用频率限制,请{seconds}秒后重试").into())
            }
            Self::NoAnswer { why, .. } => (1020, format!("目标系统未能应答({why})，请稍后用同一请求重试").into()),
            Self::TargetUnknown { .. } => (1020, "同一请求已转发，结果未知，请稍后用同一请求查询结果".into()),
            Self::TargetRefused { message, .. } => (1, message.as_str().into()),
            Self::Repeated => (1020, "请勿重复操作".into()),
            Self::Unavailable(text) => (1020, (*text).into()),
            Self::Business(refused) => (refused.code, refused.message.as_str().into()),
            Self::Top(refused) => (1, refused.message.into()),
            // Parameters that openapi2 does not have.
            Self::BadVersion
            | Self::UnsupportedVersion
            | Self::BadFormat(_)
            | Self::UnknownTarget
            | Self::UnknownCustomer => (1, "参数错误".into()),
        }
    }

    /// Code, message and the sub fields on TOP and Qimen.
    pub(crate) fn top(&self) -> TopWords<'_> {
        match self {
            Self::UnknownMethod => words(codes::INVALID_METHOD),
            Self::WrongVerb => words(codes::WRONG_VERB).because("use POST"),
            Self::Missing("method") => words(codes::NO_METHOD),
            Self::Missing("app_key") => words(codes::NO_APP_KEY),
            Self::Missing("timestamp") => words(codes::NO_TIMESTAMP),
            Self::Missing("v") => words(codes::NO_VERSION),
            Self::Missing("sign") => words(codes::NO_SIGNATURE),
            Self::Missing(name) => {
                words(codes::MISSING_ARGUMENT).about(name).sub(format!("isv.missing-parameter:{name}"))
            }
            Self::MissingArgument(name) => {
                words(codes::MISSING_ARGUMENT).about(name).sub(format!("isv.missing-parameter:{name}"))
            }
            Self::Undecodable { encoding: true, parameter, problem } => {
                words(codes::INVALID_ENCODING).because(at(parameter, problem))
            }
            Self::Undecodable { parameter, problem, .. } => invalid_argument(parameter).because(at(parameter, problem)),
            Self::Contradiction { parameter } => {
                invalid_argument(parameter).because(at(parameter, "given twice with different values"))
            }
            Self::TooLarge => words(codes::INVALID_ARGUMENT).because("the request body is larger than 10 MB"),
            Self::TooSlow => words(codes::INVALID_ARGUMENT).because("the request body did not arrive in time"),
            Self::UnknownSid => erp("2030", "sid is not exists"),
            Self::UnknownApp => words(codes::INVALID_APP_KEY),
            Self::AppDisabled => words(codes::INVALID_APP_KEY).sub("isv.appkey-not-exists"),
            Self::BadTimestamp => words(codes::INVALID_TIMESTAMP)
                .because("expected yyyy-MM-dd HH:mm:ss at GMT+8, or Unix time in 10 or 13 digits"),
            Self::Skewed { claimed, now, window } => {
                words(codes::INVALID_TIMESTAMP).because(skew(*claimed, *now, *window))
            }
            Self::BadVersion => words(codes::INVALID_VERSION),
            Self::UnsupportedVersion => words(codes::UNSUPPORTED_VERSION).because("served: 2.0"),
            Self::BadFormat(hint) => words(codes::INVALID_FORMAT).because(*hint),
            Self::BadSignMethod(hint) => invalid_argument("sign_method").because(*hint),
            Self::BadSignature { hint: Some(hint) } => words(codes::INVALID_SIGNATURE).because(hint.as_str()),
            Self::BadSignature { hint: None } => words(codes::INVALID_SIGNATURE),
            Self::NotPermitted => words(codes::NO_ISV_PERMISSION).sub("isv.permission-api-package-not-allowed"),
            Self::AddressRefused(seen) => {
                let refused = words(codes::NO_ISV_PERMISSION).sub("isv.permission-ip-whitelist-limit");
                match seen {
                    Some(seen) => refused.because(format!("this call came from {seen}")),
                    None => refused,
                }
            }
            Self::NotAuthorised => words(codes::NO_ISV_PERMISSION)
                .sub("isv.invalid-permission")
                .because("无法找到路由: app_key is not authorised for this target_app_key and sid in this environment"),
            Self::AuthorisationEnded { at } => {
                words(codes::NO_ISV_PERMISSION).sub("isv.invalid-permission").because(ended(*at))
            }
            Self::UnknownTarget => invalid_argument("target_app_key"),
            Self::UnknownCustomer => invalid_argument("customerId"),
            Self::TooFrequent { seconds } => limited(LimitScope::App.sub_code(), *seconds),
            Self::Limited { scope, seconds } => limited(scope.sub_code(), *seconds),
            Self::TargetSpared { seconds } => limited("accesscontrol.limited-by-dynamic-access-count", *seconds),
            Self::NoAnswer { sub_code, why, .. } => words(codes::REMOTE).sub(*sub_code).because(why.as_str()),
            Self::TargetUnknown { request_id } => {
                words(codes::REMOTE).sub("isp.remote-service-timeout").because(unknown_outcome(request_id))
            }
            Self::TargetRefused { code, message } => words(codes::REMOTE).sub(code.as_str()).because(message.as_str()),
            Self::Repeated => erp("1020", "请勿重复操作"),
            Self::Unavailable(text) => words(codes::UNAVAILABLE).sub("isp.remote-service-error").because(*text),
            Self::Business(refused) => {
                words(codes::REMOTE).sub(refused.code.to_string()).because(refused.message.as_str())
            }
            Self::Top(refused) => TopWords {
                code: refused.code,
                message: refused.message.into(),
                sub_code: (!refused.sub_code.is_empty()).then(|| refused.sub_code.as_str().into()),
                sub_message: (!refused.sub_message.is_empty()).then(|| refused.sub_message.as_str().into()),
            },
        }
    }

    /// Whether the call may have been carried out all the same.
    pub(crate) fn leaves_open(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::TargetUnknown { .. } | Self::NoAnswer { open: true, .. })
    }

    /// The number by which the call is counted: what the caller sees, or the ERP's own code of a business refusal.
    pub(crate) fn code(&self, top: bool) -> i64 {
        match self {
            Self::Business(refused) => refused.code,
            other if top => other.top().code,
            other => other.openapi2().0,
        }
    }
}

/// Which authorisation is over, and who can help.
fn ended(at: Moment) -> String {
    format!(
        "授权已于 {at} 到期，请联系目标方延长授权 / the authorisation ended at {at} (GMT+8); have the owner of the target extend it"
    )
}

/// Why the same write is not sent again.
fn unknown_outcome(request_id: &str) -> String {
    format!(
        "同一请求已在 {request_id} 中转发，目标的处理结果未知，未再次转发；请稍后用同一请求查询结果，或确认后重新签名提交 / sent before in \
         {request_id}, outcome unknown, not sent again"
    )
}

fn words(code: Code) -> TopWords<'static> {
    TopWords { code: code.code, message: code.message.into(), sub_code: None, sub_message: None }
}

fn erp(code: &'static str, message: &'static str) -> TopWords<'static> {
    words(codes::REMOTE).sub(code).because(message)
}

/// The words that people search for stand in the sub-message (fact sheet qimen, B4).
fn limited(sub_code: &'static str, seconds: i64) -> TopWords<'static> {
    words(codes::APP_LIMITED).sub(sub_code).because(format!("This ban will last for {seconds} more seconds"))
}

fn invalid_argument(parameter: &str) -> TopWords<'static> {
    match parameter {
        "" => words(codes::INVALID_ARGUMENT),
        name => {
            words(codes::INVALID_ARGUMENT).about(quoted(name)).sub(format!("isv.invalid-parameter:{}", quoted(name)))
        }
    }
}

impl<'f> TopWords<'f> {
    /// The name behind the colon.
    fn about(mut self, name: &str) -> Self {
        self.message = format!("{}:{name}", self.message).into();
        self
    }

    fn sub(mut self, code: impl Into<Cow<'f, str>>) -> Self {
        self.sub_code = Some(code.into());
        self
    }

    fn because<'g>(self, text: impl Into<Cow<'g, str>>) -> TopWords<'g>
    where
        'f: 'g,
    {
        TopWords { sub_message: Some(text.into()), ..self }
    }
}

fn at(parameter: &str, problem: &str) -> String {
    if parameter.is_empty() { problem.to_owned() } else { format!("{}: {problem}", quoted(parameter)) }
}

/// An outside text, short enough to be repeated back.
fn quoted(text: &str) -> &str {
    text.char_indices().nth(MAX_QUOTED).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Both times, and the usual cause when the difference is a whole number of hours: a host that is not on GMT+8.
fn skew(claimed: Moment, now: Moment, window: i64) -> String {
    let off = now.since(claimed);
    let mut text = format!(
        "timestamp {claimed} differs from the server's time {now} (GMT+8) by {} seconds; allowed are {window}",
        off.abs()
    );
    if let Some(hours) = whole_hours(-off, window) {
        let hint = if hours == -8 { "UTC was sent instead of GMT+8" } else { "check the time zone" };
        let (hours, plural) = (hours.abs(), if hours.abs() == 1 { "" } else { "s" });
        text.push_str(&format!("; the difference is {hours} hour{plural}: {hint}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn top_line(fault: &Fault) -> String {
        let w = fault.top();
        format!("{}|{}|{}|{}", w.code, w.message, w.sub_code.unwrap_or_default(), w.sub_message.unwrap_or_default())
    }

    #[test]
    fn each_fault_has_the_words_of_the_sheets() {
        let business = Fault::Business(Refused::new(2310, "店铺编号在系统中不存在或已停用"));
        for (fault, openapi2, top) in [
            (
                Fault::Missing("sid"),
                (2900, "必传参数缺失入参：sid"),
                "40|Missing required arguments:sid|isv.missing-parameter:sid|",
            ),
            (Fault::Missing("method"), (2900, "必传参数缺失入参：method"), "21|Missing method||"),
            (Fault::UnknownMethod, (1, "接口不存在"), "22|Invalid method||"),
            (Fault::UnknownApp, (2030, "appkey不存在，验证失败"), "29|Invalid app key||"),
            (Fault::AppDisabled, (2090, "appkey已停用"), "29|Invalid app key|isv.appkey-not-exists|"),
            (Fault::BadSignature { hint: None }, (2100, "签名错误(sign error)"), "25|Invalid signature||"),
            (
                Fault::TooFrequent { seconds: 7 },
                (1012, "超过每分钟最大调用频率限制,请稍后重试"),
                "7|App call limited|accesscontrol.limited-by-app-access-count|This ban will last for 7 more seconds",
            ),
            (
                business,
                (2310, "店铺编号在系统中不存在或已停用"),
                "15|Remote service error|2310|店铺编号在系统中不存在或已停用",
            ),
        ] {
            let (code, message) = fault.openapi2();
            assert_eq!((code, &*message), openapi2);
            assert_eq!(top_line(&fault), top);
        }
    }

    #[test]
    fn a_host_on_utc_is_told_so() {
        let now = Moment::from_unix(1_700_000_000);
        let text = |off: i64| skew(now.plus(-off), now, 600);
        assert!(text(8 * 3600 + 5).ends_with("the difference is 8 hours: UTC was sent instead of GMT+8"));
        assert!(text(-3600).ends_with("the difference is 1 hour: check the time zone"));
        assert!(text(700).ends_with("by 700 seconds; allowed are 600"), "{}", text(700));
        assert!(text(1800).ends_with("allowed are 600"));
    }

    #[test]
    fn long_outside_names_are_cut() {
        let fault = Fault::Contradiction { parameter: "名".repeat(500) };
        assert!(fault.top().message.chars().count() < 100);
    }
}
