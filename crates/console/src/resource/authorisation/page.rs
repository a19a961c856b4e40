//! The one page: caller by target by environment; and the check before going live (fact sheet qimen, G 10) and of ends (G 8).

use std::collections::BTreeMap;
use std::sync::Arc;

use gateway::directory::{Authorisation, Environment, Finding, Protocol, Severity, readiness};
use units::Moment;
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, text, time};

use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

#[derive(Default)]
struct Row {
    app_key: String,
    app_name: String,
    app_enabled: bool,
    target_app_key: String,
    target_name: String,
    target_kind: &'static str,
    sid: String,
    production: Option<Authorisation>,
    test: Option<Authorisation>,
    errors: i64,
    warnings: i64,
}

const ROW: &[Column<Row>] = &[
    text("app_key", "the caller / 调用方", |r| &r.app_key),
    text("app_name", "its name / 调用方名称", |r| &r.app_name),
    flag("app_enabled", "1: it may call at all / 调用方是否启用", |r| r.app_enabled),
    text("target_app_key", "the target / 目标应用", |r| &r.target_app_key),
    text("target_name", "its name / 目标名称", |r| &r.target_name),
    text("target_kind", "erp, http or openapi2 / 目标类型", |r| r.target_kind),
    text("sid", "seller account; * = all / 卖家账号", |r| &r.sid),
    text("production", "status there; empty = never asked for / 正式环境", |r| status(&r.production)),
    time("production_until", "when it ends there / 正式环境授权截止时间", |r| until(&r.production)),
    text("test", "status there; empty = never asked for / 测试环境", |r| status(&r.test)),
    time("test_until", "when it ends there / 测试环境授权截止时间", |r| until(&r.test)),
    int("errors", "findings that make calls fail / 错误数", |r| r.errors),
    int("warnings", "findings that somebody should look at / 警告数", |r| r.warnings),
];

fn status(one: &Option<Authorisation>) -> &'static str {
    one.as_ref().map_or("", |one| one.status.name())
}

fn until(one: &Option<Authorisation>) -> Option<Moment> {
    one.as_ref().and_then(|one| one.until)
}

const FINDING: &[Column<Finding>] = &[
    text("severity", "error: calls will fail; warning / 级别", |f| match f.kind.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }),
    text("finding", "what it is / 问题", |f| f.kind.name()),
    text("environment", "where / 环境", |f| f.environment.name()),
    text("app_key", "the caller concerned; empty = none in particular / 调用方", |f| &f.app_key),
    text("target_app_key", "the target concerned; empty = none in particular / 目标应用", |f| &f.target_app_key),
    text("subject", "sid, method or URL / 对象", |f| &f.subject),
    time("until", "of ends_soon and ended: when / 授权截止时间", |f| f.until),
    text("text", "what it means and what to do", |f| f.kind.words().0),
    text("text_zh", "说明与处理办法", |f| f.kind.words().1),
];

arguments! {
    /// Which callers and targets.
    struct Which {
        /// the caller / 调用方
        app_key: Option<Text<64>>,
        /// the target / 目标应用
        target_app_key: Option<Text<64>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        house(
            Head {
                id: "authorisation.page",
                verb: Verb::Get,
                path: "/authorisations/page",
                summary: ("caller by target by environment", "调用方×目标×环境一览"),
                shape: Shape::Rows("rows", || describe(ROW)),
            },
            page,
        ),
        house(
            Head {
                id: "authorisation.check",
                verb: Verb::Get,
                path: "/authorisations/check",
                summary: ("check before going live", "上线前检查"),
                shape: Shape::Rows("findings", || describe(FINDING)),
            },
            check,
        ),
    ]
}

async fn page(desk: Arc<Desk>, which: Which) -> Result<Answer, Fault> {
    let findings = findings(&desk, &which).await?;
    let snapshot = desk.0.directory.snapshot();
    let mut rows: BTreeMap<(String, String, String), Row> = BTreeMap::new();
    for one in desk.0.directory.authorisations().await? {
        let grant = one.grant.clone();
        if !fits(&which, &grant.app_key, &grant.target_app_key) {
            continue;
        }
        let key = (grant.app_key.clone(), grant.target_app_key.clone(), grant.sid.clone());
        let row = rows.entry(key).or_insert_with(|| {
            let (app, target) = (snapshot.app(Protocol::Top, &grant.app_key), snapshot.target(&grant.target_app_key));
            Row {
                app_name: app.map(|app| app.name.clone()).unwrap_or_default(),
                app_enabled: app.is_some_and(|app| app.enabled),
                target_name: target.map(|target| target.name.clone()).unwrap_or_default(),
                target_kind: target.map_or("", |target| target.kind.name()),
                app_key: grant.app_key.clone(),
                target_app_key: grant.target_app_key.clone(),
                sid: grant.sid.clone(),
                ..Row::default()
            }
        });
        match grant.environment {
            Environment::Production => row.production = Some(one),
            Environment::Test => row.test = Some(one),
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    for row in &mut rows {
        let concerns = |own: &str, theirs: &str| theirs.is_empty() || own == theirs;
        let of_row = |finding: &&Finding| {
            concerns(&row.app_key, &finding.app_key)
                && concerns(&row.target_app_key, &finding.target_app_key)
                && !(finding.app_key.is_empty() && finding.target_app_key.is_empty())
        };
        for finding in findings.iter().filter(of_row) {
            match finding.kind.severity() {
                Severity::Error => row.errors += 1,
                Severity::Warning => row.warnings += 1,
            }
        }
    }
    Ok(Answer::rows(style(false), "rows", ROW, &rows, Some(rows.len() as i64)))
}

async fn check(desk: Arc<Desk>, which: Which) -> Result<Answer, Fault> {
    let findings = findings(&desk, &which).await?;
    Ok(Answer::rows(style(false), "findings", FINDING, &findings, Some(findings.len() as i64)))
}

async fn findings(desk: &Desk, which: &Which) -> Result<Vec<Finding>, Fault> {
    let authorisations = desk.0.directory.authorisations().await?;
    let mut findings = readiness(&desk.0.directory.snapshot(), &authorisations, desk.store().clock().now());
    findings.retain(|finding| fits(which, &finding.app_key, &finding.target_app_key));
    Ok(findings)
}

/// A finding that concerns nobody in particular concerns everybody.
fn fits(which: &Which, app_key: &str, target_app_key: &str) -> bool {
    let concerns = |asked: Option<&str>, own: &str| asked.is_none_or(|asked| own.is_empty() || asked == own);
    concerns(which.app_key.as_deref(), app_key) && concerns(which.target_app_key.as_deref(), target_app_key)
}
