//! Before going live: what would make the first production calls fail, found in the directory alone (fact sheet qimen, G 10: it works
//! in test and production answers "no route"). And later: authorisations that end (G 8).

use std::net::IpAddr;

use units::Moment;

use super::model::{
    Api, Authorisation, EVERY_SID, Endpoint, Environment, Grant, GrantStatus, Protocol, StubState, TargetKind,
};
use super::snapshot::Snapshot;

/// An end is told of so many seconds before: 30 days.
const ENDS_SOON: i64 = 30 * 86_400;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Calls will fail.
    Error,
    /// Calls will work; somebody should look.
    Warning,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// Granted in test, not in production.
    OnlyInTest,
    /// Granted to an application that is not there or switched off.
    CallerOff,
    /// The `sid` has no tenant in that environment, or a switched-off one.
    TenantOff,
    /// The target is not there.
    TargetUnknown,
    /// The target has no URL in that environment.
    NoUrl,
    /// The target has no secret in that environment: it could not verify the call.
    NoSecret,
    /// An `openapi2` target has no interface account in that environment.
    NoAccount,
    /// Production has the URL of test.
    SameUrl,
    /// Calls to another host travel unencrypted.
    PlainHttp,
    /// Nobody says from where the caller may call.
    NoAddresses,
    /// An API is on line in test and not in production.
    ApiOnlyInTest,
    /// An API is another one in production than in test.
    ApiDiffers,
    /// A stub answers in production.
    StubOn,
    /// The authorisation ends within 30 days.
    EndsSoon,
    /// The authorisation has ended.
    Ended,
}

impl FindingKind {
    /// How bad it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::SameUrl | Self::PlainHttp | Self::NoAddresses | Self::ApiDiffers | Self::EndsSoon => {
                Severity::Warning
            }
            _ => Severity::Error,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::OnlyInTest => "only_in_test",
            Self::CallerOff => "caller_off",
            Self::TenantOff => "tenant_off",
            Self::TargetUnknown => "target_unknown",
            Self::NoUrl => "no_url",
            Self::NoSecret => "no_secret",
            Self::NoAccount => "no_account",
            Self::SameUrl => "same_url",
            Self::PlainHttp => "plain_http",
            Self::NoAddresses => "no_addresses",
            Self::ApiOnlyInTest => "api_only_in_test",
            Self::ApiDiffers => "api_differs",
            Self::StubOn => "stub_on",
            Self::EndsSoon => "ends_soon",
            Self::Ended => "ended",
        }
    }

    /// What it means and what to do, in English and Chinese.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::OnlyInTest => (
                "approved in test only: production answers 11 isv.invalid-permission; apply for production",
                "仅测试环境已授权,正式环境将返回11 isv.invalid-permission(无法找到路由),请申请正式环境授权",
            ),
            Self::CallerOff => {
                ("the calling application is missing or switched off; switch it on", "调用方应用不存在或已停用,请启用")
            }
            Self::TenantOff => (
                "no enabled tenant has this sid in this environment; create or enable it",
                "该环境下没有此卖家账号或已停用,请创建或启用",
            ),
            Self::TargetUnknown => ("the target does not exist; create it", "目标应用不存在,请先创建"),
            Self::NoUrl => ("the target has no URL in this environment; set one", "目标应用在该环境没有地址,请填写"),
            Self::NoSecret => (
                "the target has no secret in this environment, so it cannot verify calls; set one",
                "目标应用在该环境没有密钥,对方无法验签,请填写",
            ),
            Self::NoAccount => (
                "the target speaks openapi2 and has no interface account (appkey and secret) here; set one",
                "目标为openapi2类型但该环境没有接口账号(appkey和密钥),请填写",
            ),
            Self::SameUrl => (
                "production has the URL of test; check that test calls do not reach real data",
                "正式地址与测试地址相同,请确认测试调用不会写入正式数据",
            ),
            Self::PlainHttp => {
                ("calls leave unencrypted (http to another host); use https", "转发使用未加密的http,建议改为https")
            }
            Self::NoAddresses => (
                "the caller has no list of addresses; anybody with its secret may call from anywhere",
                "调用方未设置IP白名单,任何持有密钥者均可从任意地址调用",
            ),
            Self::ApiOnlyInTest => (
                "the API is on line in test only: production answers 22; publish it in production",
                "接口仅在测试环境上线,正式环境将返回22,请在正式环境发布",
            ),
            Self::ApiDiffers => (
                "the definition on line in production differs from the one in test; compare them",
                "正式环境与测试环境的接口定义不一致,请核对",
            ),
            Self::StubOn => ("a stub answers in production; switch it off", "正式环境仍开启挡板,请关闭"),
            Self::EndsSoon => (
                "the authorisation ends within 30 days and calls are refused from then on; extend it, or tell the caller",
                "授权将在30天内到期,到期后调用将被拒绝,请延长授权或提前通知调用方",
            ),
            Self::Ended => (
                "the authorisation has ended: calls answer 11 isv.invalid-permission; extend it, or withdraw it if it is over",
                "授权已到期,调用将返回11 isv.invalid-permission,请延长授权;不再使用请撤回",
            ),
        }
    }
}

/// One finding, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Where it holds.
    pub environment: Environment,
    /// The caller concerned; empty = none in particular.
    pub app_key: String,
    /// The target concerned; empty = none in particular.
    pub target_app_key: String,
    /// `sid`, method or URL.
    pub subject: String,
    /// When the authorisation concerned ends or ended, where that is what was found.
    pub until: Option<Moment>,
}

/// Looks at every approved authorisation and every definition on line. Errors come first.
pub fn readiness(snapshot: &Snapshot, authorisations: &[Authorisation], now: Moment) -> Vec<Finding> {
    let mut found = endings(authorisations, now);
    let grants: Vec<&Grant> = approved(authorisations).map(|one| &one.grant).collect();
    for grant in &grants {
        of_grant(snapshot, &grants, grant, &mut found);
    }
    for api in snapshot.apis() {
        of_api(snapshot, &api, &mut found);
    }
    let mut distinct: Vec<Finding> = Vec::new();
    for finding in found {
        if !distinct.contains(&finding) {
            distinct.push(finding);
        }
    }
    distinct.sort_by_key(|finding| finding.kind.severity());
    distinct
}

/// Only what there is to say of ends.
pub fn endings(authorisations: &[Authorisation], now: Moment) -> Vec<Finding> {
    let of = |one: &Authorisation| {
        let until = one.until.filter(|until| *until <= now.plus(ENDS_SOON))?;
        let Grant { environment, app_key, target_app_key, sid } = one.grant.clone();
        let kind = if until <= now { FindingKind::Ended } else { FindingKind::EndsSoon };
        Some(Finding { kind, environment, app_key, target_app_key, subject: sid, until: Some(until) })
    };
    approved(authorisations).filter_map(of).collect()
}

fn approved(authorisations: &[Authorisation]) -> impl Iterator<Item = &Authorisation> {
    authorisations.iter().filter(|one| one.status == GrantStatus::Approved)
}

fn of_grant(snapshot: &Snapshot, grants: &[&Grant], grant: &Grant, found: &mut Vec<Finding>) {
    let Grant { environment, app_key, target_app_key, sid } = grant;
    let finding = |kind, subject: &str| Finding {
        kind,
        environment: *environment,
        app_key: app_key.clone(),
        target_app_key: target_app_key.clone(),
        subject: subject.to_owned(),
        until: None,
    };
    if *environment == Environment::Test {
        let covered = |other: &&Grant| {
            let parties = other.app_key == *app_key && other.target_app_key == *target_app_key;
            other.environment == Environment::Production && parties && (other.sid == *sid || other.sid == EVERY_SID)
        };
        if !grants.iter().any(covered) {
            let finding = finding(FindingKind::OnlyInTest, sid);
            found.push(Finding { environment: Environment::Production, ..finding });
        }
    }
    match snapshot.app(Protocol::Top, app_key).filter(|app| app.enabled) {
        None => found.push(finding(FindingKind::CallerOff, "")),
        Some(app) if app.options.addresses.is_empty() && *environment == Environment::Production => {
            found.push(Finding { target_app_key: String::new(), ..finding(FindingKind::NoAddresses, "") });
        }
        Some(_) => {}
    }
    let Some(target) = snapshot.target(target_app_key) else {
        found.push(finding(FindingKind::TargetUnknown, ""));
        return;
    };
    if target.kind == TargetKind::Erp {
        if *sid != EVERY_SID && snapshot.tenant_of(*environment, sid).is_none() {
            found.push(finding(FindingKind::TenantOff, sid));
        }
        return;
    }
    let of_target = |kind, subject: &str| Finding { app_key: String::new(), ..finding(kind, subject) };
    let endpoint = target.endpoint(*environment);
    for kind in of_endpoint(endpoint, target.kind) {
        found.push(of_target(kind, &endpoint.url));
    }
    if *environment == Environment::Production && endpoint.is_set() && endpoint.url == target.test.url {
        found.push(of_target(FindingKind::SameUrl, &endpoint.url));
    }
}

fn of_endpoint(endpoint: &Endpoint, kind: TargetKind) -> Vec<FindingKind> {
    let mut found = Vec::new();
    if !endpoint.is_set() {
        found.push(FindingKind::NoUrl);
    }
    match kind {
        TargetKind::Openapi2 => {
            let account = endpoint.openapi2.as_ref();
            if account.is_none_or(|account| account.appkey.is_empty() || account.secret.expose().is_empty()) {
                found.push(FindingKind::NoAccount);
            }
        }
        _ if endpoint.secret.expose().is_empty() => found.push(FindingKind::NoSecret),
        _ => {}
    }
    if endpoint.url.starts_with("http://") && !is_here(&endpoint.url) {
        found.push(FindingKind::PlainHttp);
    }
    found
}

/// Whether a URL names this machine.
fn is_here(url: &str) -> bool {
    let uri: Option<http::Uri> = url.parse().ok();
    let host = uri.as_ref().and_then(http::Uri::host).unwrap_or_default();
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

fn of_api(snapshot: &Snapshot, api: &Api, found: &mut Vec<Finding>) {
    let subject = format!("{}.{}", api.scene, api.name);
    let finding = |kind| Finding {
        kind,
        environment: Environment::Production,
        app_key: String::new(),
        target_app_key: String::new(),
        subject: subject.clone(),
        until: None,
    };
    match api.environment {
        Environment::Production => {
            if api.stub == StubState::On {
                found.push(finding(FindingKind::StubOn));
            }
        }
        Environment::Test => match snapshot.api(Environment::Production, &api.scene, &api.name) {
            None => found.push(finding(FindingKind::ApiOnlyInTest)),
            Some(live) => {
                let alike =
                    Api { environment: live.environment, version: live.version, stub: live.stub, ..api.clone() };
                if alike != **live {
                    found.push(finding(FindingKind::ApiDiffers));
                }
            }
        },
    }
}
