//! Targets (目标应用): whom a Qimen call can be addressed to (`target_app_key`), and where they live in each environment.

use std::sync::Arc;

use gateway::directory::{Endpoint, EndpointEntry, Environment, Target, TargetKind};
use store::Secret;
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, list, owned, text};

use super::page::{set, word};
use super::tenant::note;
use super::tree::Tree;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

/// An endpoint and its environment.
struct Place {
    environment: Environment,
    endpoint: Endpoint,
}

struct Row {
    target: Target,
    places: Vec<Place>,
}

const ENDPOINT: &[Column<Place>] = &[
    text("environment", "production or test / 环境", |p| p.environment.name()),
    text("url", "where it answers; empty = not set / 地址", |p| &p.endpoint.url),
    flag("secret_set", "1: it has a secret, which is never shown / 是否已设密钥", |p| {
        !p.endpoint.secret.expose().is_empty()
    }),
    owned("method_spelling", "short, scene or long / 接口名写法", |p| word(&p.endpoint.method_spelling)),
    owned("charset", "utf8 or gbk / 编码", |p| word(&p.endpoint.charset)),
    int("timeout_ms", "0 = as the API says / 超时毫秒", |p| p.endpoint.timeout_ms.unwrap_or(0).into()),
    int("max_in_flight", "calls under way at once / 最大并发", |p| p.endpoint.max_in_flight.into()),
    int("max_waiting", "calls that wait / 最大排队", |p| p.endpoint.max_waiting.into()),
    flag("private_allowed", "1: it may lie at a private address / 允许内网地址", |p| p.endpoint.private_allowed),
    text("openapi2_appkey", "interface account of an openapi2 target / 接口账号", |p| {
        p.endpoint.openapi2.as_ref().map_or("", |account| &account.appkey)
    }),
    text("openapi2_sid", "seller account there; empty = the caller's / 卖家账号", |p| {
        p.endpoint.openapi2.as_ref().and_then(|account| account.sid.as_deref()).unwrap_or_default()
    }),
    text("openapi2_personal", "personal fields of its answers: blank or show / 个人字段", |p| {
        p.endpoint.openapi2.as_ref().map_or("", |account| account.personal.name())
    }),
    owned("openapi2_personal_names", "further names of personal fields, with commas / 其他个人字段", |p| {
        p.endpoint.openapi2.as_ref().map(|account| account.personal_names.join(",")).unwrap_or_default()
    }),
    flag("account_secret_set", "1: the account has a secret / 是否已设接口密钥", |p| {
        p.endpoint.openapi2.as_ref().is_some_and(|account| !account.secret.expose().is_empty())
    }),
];

const TARGET: &[Column<Row>] = &[
    text("target_app_key", "key that callers name / 目标应用", |r| &r.target.key),
    text("name", "for people / 名称", |r| &r.target.name),
    text("kind", "what answers: erp (built in), http or openapi2 / 类型", |r| r.target.kind.name()),
    list!("endpoints", "where it answers; none for erp / 地址", ENDPOINT, |r| r.places.iter()),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// A target to be created or changed; what is not given stays.
    struct New {
        /// key that callers name / 目标应用
        target_app_key: Text<64>,
        /// for people / 名称
        name: Option<Text<64>>,
        /// erp (default), http or openapi2 / 类型
        kind: Option<Text<10>>,
        /// url, secret, method_spelling, charset, timeout_ms, max_in_flight, max_waiting, private_allowed, openapi2: {appkey, sid, personal, personal_names}, account_secret / 正式环境地址
        production: Option<Tree>,
        /// the same for /router/qmtest / 测试环境地址
        test: Option<Tree>,
    }
}

arguments! {
    /// Which target.
    struct One {
        /// its key / 目标应用
        target_app_key: Text<64>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(TARGET));
    let rows = Shape::Rows("targets", || describe(TARGET));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(head("target.list", Verb::Get, "/targets", ("list targets", "目标应用列表"), rows), all),
        house(
            head("target.create", Verb::Post, "/targets", ("create or change a target", "创建或修改目标应用"), row),
            put,
        ),
        house(
            head(
                "target.remove",
                Verb::Delete,
                "/targets/{target_app_key}",
                ("take a target away", "删除目标应用"),
                row,
            ),
            remove,
        ),
    ]
}

async fn all(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let targets = desk.0.directory.snapshot().targets();
    let rows: Vec<Row> = targets.iter().map(|target| row(Target::clone(target))).collect();
    Ok(Answer::rows(style(false), "targets", TARGET, &rows, Some(rows.len() as i64)))
}

async fn put(desk: Arc<Desk>, new: New) -> Result<Answer, Fault> {
    let stored = desk.0.directory.snapshot().target(&new.target_app_key).cloned();
    let mut target = match &stored {
        Some(stored) => Target::clone(stored),
        None => Target::built_in(&*new.target_app_key, &*new.target_app_key),
    };
    set(&mut target.name, new.name);
    if let Some(word) = new.kind.as_deref().filter(|word| !word.is_empty()) {
        target.kind = TargetKind::named(word).ok_or_else(|| Fault::invalid("kind", "kind is erp, http or openapi2"))?;
    }
    for (field, tree, slot) in
        [("production", &new.production, &mut target.production), ("test", &new.test, &mut target.test)]
    {
        if let Some(tree) = tree {
            *slot = over(tree, field, slot)?;
        }
    }
    desk.0.directory.put_target(target).await?;
    note(&desk, "target.create", &new.target_app_key).await?;
    let now = desk.0.directory.snapshot().target(&new.target_app_key).cloned();
    let now = now.ok_or_else(|| Fault::not_found("the target is gone again"))?;
    let answer = Answer::row(style(false), TARGET, &row(Target::clone(&now)));
    Ok(if stored.is_none() { answer.created() } else { answer })
}

async fn remove(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let stored = desk.0.directory.snapshot().target(&one.target_app_key).cloned();
    let gone = desk.0.directory.delete_target(one.target_app_key.to_string()).await?;
    let target = stored.filter(|_| gone);
    let target = target.ok_or_else(|| Fault::not_found(format!("no target {}", &*one.target_app_key)))?;
    note(&desk, "target.remove", &target.key).await?;
    Ok(Answer::row(style(false), TARGET, &row(Target::clone(&target))))
}

/// The endpoint with what was sent laid over it; a secret that was not sent stays.
fn over(tree: &Tree, field: &str, stored: &Endpoint) -> Result<Endpoint, Fault> {
    let entry = EndpointEntry { endpoint: stored.clone(), secret: None, account_secret: None };
    let EndpointEntry { mut endpoint, secret, account_secret } = tree.over(field, &entry)?;
    endpoint.secret = secret.map(Secret::new).unwrap_or_default();
    if let Some(account) = &mut endpoint.openapi2 {
        account.secret = account_secret.map(Secret::new).unwrap_or_default();
    }
    Ok(endpoint)
}

fn row(target: Target) -> Row {
    let place = |environment| Place { environment, endpoint: target.endpoint(environment).clone() };
    let places = match target.kind {
        TargetKind::Erp => Vec::new(),
        _ => vec![place(Environment::Production), place(Environment::Test)],
    };
    Row { target, places }
}
