//! The probe of a target, as the platform does before it publishes an API (fact sheet qimen, C3, step 6): is it reachable, does it
//! read Chinese, does it refuse a bad signature in the prescribed words.
//!
//! The calls are real ones and change nothing as long as the probed method does not: the usual one exists nowhere, so that a sound
//! target answers "no such method", and that is enough to judge by.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::time::Instant;
use units::Moment;
use wire::content::Media;

use super::qimen::{Message, Written};
use super::reply::{Reading, Verdict, decoded, judge};
use super::{ForwardFault, ForwardRequest, Forwarder, Upstream, openapi2, qimen};
use crate::directory::{Api, Environment, Place, ReplyFields, Target, TargetKind};
use crate::limits::{PROBE_METHOD, PROBE_TIMEOUT};

/// What is sent to see whether Chinese arrives: signs over it agree only if both sides read the same characters.
const CHINESE: &str = "中文编码测试：码头“①”";

/// The words that the platform prescribes for a bad signature.
const REFUSAL: (&str, &str) = ("sign-check-failure", "Illegal request");

/// The check of a wrong signature, which comes last.
const BAD: &str = "bad signature";
/// Chinese text came back.
const ECHO: &str = "the text comes back as it was sent";

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// As it should be.
    Passed,
    /// Not as it should be.
    Failed,
    /// Cannot be told.
    Unclear,
}

impl Grade {
    /// `passed`, `failed` or `unclear`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unclear => "unclear",
        }
    }
}

/// One check of a probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it ended.
    pub grade: Grade,
    /// How long the call took, milliseconds.
    pub millis: i64,
    /// What was seen, in words.
    pub detail: String,
}

/// What a probing call brought.
enum Heard {
    Nothing(ForwardFault),
    Success(String),
    Failure { code: String, message: String, flagged: bool, text: String },
}

impl Forwarder {
    /// Probes an endpoint. `method` is called, a read that exists, or the usual one that does not.
    pub async fn probe(
        &self,
        target: &Arc<Target>,
        environment: Environment,
        method: Option<&str>,
        now: Moment,
    ) -> Result<Vec<Check>, String> {
        if target.kind == TargetKind::Erp {
            return Err(format!("target {} is the built-in ERP; there is nothing to reach", target.key));
        }
        let upstream = Upstream::of(target, environment, &Api::default())?;
        let method = method.filter(|method| !method.is_empty());
        let probe = Probe { forwarder: self, upstream: &upstream, method, now };
        let mut checks = match target.kind {
            TargetKind::Openapi2 => probe.openapi2().await?,
            _ => probe.qimen().await?,
        };
        doubt(&mut checks);
        Ok(checks)
    }
}

/// A target that accepts every signature proves nothing by accepting ours.
fn doubt(checks: &mut [Check]) {
    if checks.last().is_some_and(|last| last.name == BAD && last.grade == Grade::Failed) {
        let by_signature = |check: &&mut Check| check.grade == Grade::Passed && check.detail != ECHO;
        for check in checks.iter_mut().skip(1).filter(by_signature) {
            check.grade = Grade::Unclear;
            check.detail.push_str("; but so is a wrong one");
        }
    }
}

struct Probe<'p> {
    forwarder: &'p Forwarder,
    upstream: &'p Upstream,
    method: Option<&'p str>,
    now: Moment,
}

impl Probe<'_> {
    async fn qimen(&self) -> Result<Vec<Check>, String> {
        let fields = [(Place::Body, "probe", "1")];
        let mut checks = vec![self.check("reachable", self.written(&fields, None)?, reachable).await];
        if checks.iter().any(|check| check.grade == Grade::Failed) {
            return Ok(checks);
        }
        checks.push(self.check("signature", self.written(&fields, None)?, accepted).await);
        let chinese = [(Place::Body, "probe", CHINESE)];
        checks.push(self.check("chinese form", self.written(&chinese, None)?, read_right).await);
        let json = format!(r#"{{"probe":"{CHINESE}"}}"#);
        let raw = Some((json.as_str(), Media::Json));
        checks.push(self.check("chinese json", self.written(&[], raw)?, read_right).await);
        checks.push(self.check(BAD, spoilt(self.written(&fields, None)?), refused).await);
        Ok(checks)
    }

    async fn openapi2(&self) -> Result<Vec<Check>, String> {
        let ascii = [("page_no", "0"), ("page_size", "1")];
        let chinese = [("page_no", "0"), ("page_size", "1"), ("shop_no", CHINESE)];
        let mut checks = vec![self.check("reachable", self.written_for_wdt(&ascii)?, reachable).await];
        if checks.iter().any(|check| check.grade == Grade::Failed) {
            return Ok(checks);
        }
        checks.push(self.check("signature", self.written_for_wdt(&ascii)?, accepted).await);
        checks.push(self.check("chinese form", self.written_for_wdt(&chinese)?, read_right).await);
        checks.push(self.check(BAD, spoilt(self.written_for_wdt(&ascii)?), refused_by_wdt).await);
        Ok(checks)
    }

    fn written(&self, business: &[(Place, &str, &str)], raw: Option<(&str, Media)>) -> Result<Written, String> {
        let timestamp = self.now.to_string();
        let public = vec![
            ("method", self.method.unwrap_or(PROBE_METHOD)),
            ("app_key", "matou"),
            ("target_app_key", self.upstream.target()),
            ("timestamp", &timestamp),
            ("format", "json"),
            ("v", "2.0"),
            ("sign_method", "md5"),
            ("customerId", "matou"),
        ];
        qimen::write(self.upstream, &Message { public, business: business.to_vec(), raw })
    }

    fn written_for_wdt(&self, business: &[(&str, &str)]) -> Result<Written, String> {
        let account = self.upstream.endpoint().openapi2.as_ref().ok_or("the endpoint has no interface account")?;
        let mut business = business.to_vec();
        business.push(("sid", account.sid.as_deref().unwrap_or("matou")));
        let file = openapi2::file_of(self.method.unwrap_or("wdt.shop"));
        Ok(openapi2::write(self.upstream, account, &file, &business, self.now))
    }

    async fn check(&self, name: &'static str, written: Written, grade: fn(&Heard) -> (Grade, String)) -> Check {
        let started = Instant::now();
        let heard = self.send(written).await;
        let millis = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        let (grade, detail) = grade(&heard);
        Check { name, grade, millis, detail }
    }

    async fn send(&self, written: Written) -> Heard {
        let Written { path, content_type, body } = written;
        let patience = self.upstream.timeout().min(PROBE_TIMEOUT);
        let request = ForwardRequest {
            path,
            content_type,
            body,
            repeatable: false,
            request_id: "probe".to_owned(),
            patience,
            overtime: Duration::ZERO,
        };
        match self.forwarder.call(self.upstream, &request).await {
            Err(fault) => Heard::Nothing(fault),
            Ok(reply) => match self.judged(&reply.body, &reply.content_type) {
                Ok(heard) => heard,
                Err(fault) => Heard::Nothing(fault),
            },
        }
    }

    fn judged(&self, body: &Bytes, content_type: &str) -> Result<Heard, ForwardFault> {
        let charset = self.upstream.charset();
        let text = decoded(body, content_type, charset)?.into_owned();
        if self.upstream.endpoint().openapi2.is_some() {
            return Ok(match openapi2::read(&text, &Default::default(), false)? {
                Verdict::Refused { code, message } => Heard::Failure { code, message, flagged: false, text },
                _ => Heard::Success(text),
            });
        }
        let reading = Reading { failure: None, fields: &ReplyFields::default() };
        Ok(match judge(body, content_type, charset, reading)? {
            Verdict::Refused { code, message } => Heard::Failure { code, message, flagged: true, text },
            _ => match own_failure(&text) {
                Some((code, message)) => Heard::Failure { code, message, flagged: false, text },
                None => Heard::Success(text),
            },
        })
    }
}

/// The code and text of a reply that says that it failed, in the target's own words.
fn own_failure(text: &str) -> Option<(String, String)> {
    let lower = text.to_ascii_lowercase();
    let said = lower.contains(REFUSAL.0) || lower.contains("\"success\":false") || lower.contains("_success\":false");
    said.then(|| (if lower.contains(REFUSAL.0) { REFUSAL.0.to_owned() } else { String::new() }, String::new()))
}

/// The same call under a signature that is not the target's.
fn spoilt(written: Written) -> Written {
    const WRONG: &str = "00000000000000000000000000000000";
    let spoil = |text: &str| match text.rsplit_once("sign=") {
        Some((before, sign)) => format!("{before}sign={WRONG}{}", sign.get(WRONG.len()..).unwrap_or_default()),
        None => text.to_owned(),
    };
    let body = if written.path.contains("sign=") {
        written.body
    } else {
        spoil(&String::from_utf8_lossy(&written.body)).into()
    };
    Written { path: spoil(&written.path), body, ..written }
}

fn reachable(heard: &Heard) -> (Grade, String) {
    match heard {
        Heard::Nothing(fault @ (ForwardFault::Status(_) | ForwardFault::Garbage(_) | ForwardFault::TooLarge)) => {
            (Grade::Failed, format!("it answers, but not as a target: {fault}"))
        }
        Heard::Nothing(fault) => (Grade::Failed, fault.to_string()),
        Heard::Success(_) | Heard::Failure { .. } => {
            (Grade::Passed, "it answers in a form that can be read".to_owned())
        }
    }
}

/// Whether a rightly signed call was taken for one.
fn accepted(heard: &Heard) -> (Grade, String) {
    match heard {
        Heard::Nothing(fault) => (Grade::Unclear, fault.to_string()),
        Heard::Success(_) => (Grade::Passed, "a right signature is accepted".to_owned()),
        Heard::Failure { code, message, .. } if is_about_the_signature(code, message) => (
            Grade::Failed,
            format!("a right signature is refused ({code} {message}): compare the secrets of both sides"),
        ),
        Heard::Failure { code, message, .. } => {
            (Grade::Passed, format!("not refused for its signature, but otherwise ({code} {message})"))
        }
    }
}

fn read_right(heard: &Heard) -> (Grade, String) {
    match accepted(heard) {
        (Grade::Failed, _) => {
            (Grade::Failed, "the signature over Chinese text is refused: the target reads another charset".to_owned())
        }
        (Grade::Passed, _) if echo(heard) => (Grade::Passed, ECHO.to_owned()),
        (Grade::Passed, _) => (Grade::Passed, "the signature over Chinese text is accepted".to_owned()),
        unclear => unclear,
    }
}

fn echo(heard: &Heard) -> bool {
    match heard {
        Heard::Success(text) | Heard::Failure { text, .. } => text.contains(CHINESE),
        Heard::Nothing(_) => false,
    }
}

fn refused(heard: &Heard) -> (Grade, String) {
    match heard {
        Heard::Nothing(fault) => (Grade::Unclear, fault.to_string()),
        Heard::Success(_) => (Grade::Failed, "a wrong signature is accepted: the target does not check it".to_owned()),
        Heard::Failure { code, message, flagged: true, .. } if (code.as_str(), message.as_str()) == REFUSAL => {
            (Grade::Passed, format!("flag failure, sub_code {code}, sub_message {message}"))
        }
        Heard::Failure { code, message, .. } if is_about_the_signature(code, message) => (
            Grade::Unclear,
            format!(
                "refused, but with other words ({code} {message}); prescribed: flag failure, sub_code {}, sub_message {}; map them in the API's reply_fields",
                REFUSAL.0, REFUSAL.1
            ),
        ),
        Heard::Failure { code, message, .. } => (
            Grade::Unclear,
            format!("refused ({code} {message}), perhaps for another reason; prescribed: sub_code {}", REFUSAL.0),
        ),
    }
}

fn refused_by_wdt(heard: &Heard) -> (Grade, String) {
    match heard {
        Heard::Nothing(fault) => (Grade::Unclear, fault.to_string()),
        Heard::Success(_) => (Grade::Failed, "a wrong signature is accepted: the target does not check it".to_owned()),
        Heard::Failure { code, message, .. } if is_about_the_signature(code, message) => {
            (Grade::Passed, format!("{code} {message}"))
        }
        Heard::Failure { code, message, .. } => {
            (Grade::Unclear, format!("refused ({code} {message}), perhaps for another reason"))
        }
    }
}

/// Codes and words of receivers that were seen (fact sheets qimen, C4 and wdt-1, 1.11).
fn is_about_the_signature(code: &str, message: &str) -> bool {
    let lower = message.to_ascii_lowercase();
    [REFUSAL.0, "10004", "2100", "25"].contains(&code)
        || lower.contains("sign")
        || lower.contains("illegal request")
        || message.contains("签名")
        || message.contains("验签")
}
