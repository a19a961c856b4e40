//! Definitions of APIs (接口定义): drafts, versions, publication, rollback.

use std::sync::Arc;

use gateway::directory::{Api, ApiState, Environment};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, int, owned, text};

use super::tenant::{environment, note};
use super::tree::Tree;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

struct Row {
    api: Api,
    state: ApiState,
    /// Of the whole definition.
    standing: &'static str,
}

const API: &[Column<Row>] = &[
    text("environment", "production or test / 环境", |r| r.api.environment.name()),
    text("scene", "code of its scene / 场景编码", |r| &r.api.scene),
    text("name", "name without scene / 接口名", |r| &r.api.name),
    int("version", "counted from 1 / 版本", |r| r.api.version),
    text("state", "draft, online or retired / 版本状态", |r| r.state.name()),
    text("standing", "developing 开发中, online 上线运行中, upgrading 升级中, offline 已下线", |r| {
        r.standing
    }),
    text("title", "for people / 名称", |r| &r.api.title),
    owned("definition", "everything else, JSON / 定义", |r| serde_json::to_string(&r.api).unwrap_or_default()),
];

arguments! {
    /// Which definitions.
    struct Which {
        /// production or test; both when absent / 环境
        environment: Option<Text<10>>,
        /// code of the scene / 场景编码
        scene: Option<Text<64>>,
        /// name without scene / 接口名
        name: Option<Text<128>>,
        /// draft, online or retired / 版本状态
        state: Option<Text<10>>,
    }
}

arguments! {
    /// A definition to be drafted: laid over the open draft, or over what is on line.
    struct Draft {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// code of the scene / 场景编码
        scene: Text<64>,
        /// name without scene: wdt.trade.push / 接口名
        name: Text<128>,
        /// title, effect, body, parameters, indexed, once_key, window, timeout_ms, failure, reply_fields, path, stub; see docs/gateway.md / 定义
        definition: Option<Tree>,
    }
}

arguments! {
    /// Which definition.
    struct One {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// code of the scene / 场景编码
        scene: Text<64>,
        /// name without scene / 接口名
        name: Text<128>,
    }
}

arguments! {
    /// Which version of a definition.
    struct OneVersion {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// code of the scene / 场景编码
        scene: Text<64>,
        /// name without scene / 接口名
        name: Text<128>,
        /// the version; the draft when absent / 版本
        version: Option<i64>,
    }
}

arguments! {
    /// A definition that is on line in test.
    struct Promoted {
        /// code of the scene / 场景编码
        scene: Text<64>,
        /// name without scene / 接口名
        name: Text<128>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(API));
    let rows = Shape::Rows("apis", || describe(API));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(head("api.list", Verb::Get, "/apis", ("list every version of definitions", "接口定义列表"), rows), list),
        house(head("api.draft", Verb::Post, "/apis", ("draft a definition", "保存接口草稿"), row), draft),
        house(head("api.publish", Verb::Post, "/apis/publish", ("put a version on line", "发布接口"), row), publish),
        house(
            head(
                "api.rollback",
                Verb::Post,
                "/apis/rollback",
                ("put the version before on line again", "回滚接口到上一版本"),
                row,
            ),
            roll_back,
        ),
        house(head("api.retire", Verb::Post, "/apis/retire", ("take a definition off line", "下线接口"), row), retire),
        house(
            head(
                "api.promote",
                Verb::Post,
                "/apis/promote",
                ("draft in production what is on line in test", "将测试环境定义复制为正式环境草稿"),
                row,
            ),
            promote,
        ),
    ]
}

async fn list(desk: Arc<Desk>, which: Which) -> Result<Answer, Fault> {
    let at = which.environment.as_deref().map(|name| environment(Some(name))).transpose()?;
    let state = which
        .state
        .as_deref()
        .map(|name| ApiState::named(name).ok_or_else(|| Fault::invalid("state", "state is draft, online or retired")));
    let state = state.transpose()?;
    let mut rows = rows(&desk).await?;
    rows.retain(|Row { api, state: own, .. }| {
        at.is_none_or(|at| api.environment == at)
            && which.scene.as_deref().is_none_or(|scene| api.scene == scene)
            && which.name.as_deref().is_none_or(|name| api.name == name)
            && state.is_none_or(|state| *own == state)
    });
    Ok(Answer::rows(style(false), "apis", API, &rows, Some(rows.len() as i64)))
}

async fn draft(desk: Arc<Desk>, draft: Draft) -> Result<Answer, Fault> {
    let at = environment(draft.environment.as_deref())?;
    let (scene, name) = (draft.scene.to_string(), draft.name.to_string());
    let known = of(&desk, at, &scene, &name).await?;
    let state = |state| known.iter().find(|row| row.state == state).map(|row| row.api.clone());
    let base = state(ApiState::Draft).or_else(|| state(ApiState::Online)).unwrap_or_default();
    let mut api = match &draft.definition {
        Some(tree) => tree.over("definition", &base)?,
        None => base,
    };
    (api.environment, api.scene, api.name) = (at, scene.clone(), name.clone());
    let version = desk.0.directory.draft_api(api).await?;
    note(&desk, "api.draft", &format!("{scene}.{name}")).await?;
    Ok(shown(&desk, at, &scene, &name, version).await?.created())
}

async fn publish(desk: Arc<Desk>, one: OneVersion) -> Result<Answer, Fault> {
    let at = environment(one.environment.as_deref())?;
    let (scene, name) = (one.scene.to_string(), one.name.to_string());
    let version = match one.version {
        Some(version) => version,
        None => {
            let known = of(&desk, at, &scene, &name).await?;
            let draft = known.iter().find(|row| row.state == ApiState::Draft).map(|row| row.api.version);
            draft.ok_or_else(|| Fault::not_found(format!("no draft of {scene}.{name} in {}", at.name())))?
        }
    };
    desk.0.directory.publish_api(at, scene.clone(), name.clone(), version).await?;
    note(&desk, "api.publish", &format!("{scene}.{name}")).await?;
    shown(&desk, at, &scene, &name, version).await
}

async fn roll_back(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let at = environment(one.environment.as_deref())?;
    let (scene, name) = (one.scene.to_string(), one.name.to_string());
    let version = desk.0.directory.roll_back_api(at, scene.clone(), name.clone()).await?;
    note(&desk, "api.rollback", &format!("{scene}.{name}")).await?;
    shown(&desk, at, &scene, &name, version).await
}

async fn retire(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let at = environment(one.environment.as_deref())?;
    let (scene, name) = (one.scene.to_string(), one.name.to_string());
    let online = desk.0.directory.snapshot().api(at, &scene, &name).map(|api| api.version);
    let retired = desk.0.directory.retire_api(at, scene.clone(), name.clone()).await?;
    let version = online.filter(|_| retired);
    let version = version.ok_or_else(|| Fault::not_found(format!("{scene}.{name} is not on line in {}", at.name())))?;
    note(&desk, "api.retire", &format!("{scene}.{name}")).await?;
    shown(&desk, at, &scene, &name, version).await
}

async fn promote(desk: Arc<Desk>, one: Promoted) -> Result<Answer, Fault> {
    let (scene, name) = (one.scene.to_string(), one.name.to_string());
    let tested = desk.0.directory.snapshot().api(Environment::Test, &scene, &name).cloned();
    let tested = tested.ok_or_else(|| Fault::not_found(format!("{scene}.{name} is not on line in test")))?;
    let mut api = Api { environment: Environment::Production, ..Api::clone(&tested) };
    // What stands in for a target in test does not go live by itself.
    api.stub = gateway::directory::StubState::Off;
    let version = desk.0.directory.draft_api(api).await?;
    note(&desk, "api.promote", &format!("{scene}.{name}")).await?;
    Ok(shown(&desk, Environment::Production, &scene, &name, version).await?.created())
}

async fn shown(desk: &Desk, at: Environment, scene: &str, name: &str, version: i64) -> Result<Answer, Fault> {
    let row = of(desk, at, scene, name).await?.into_iter().find(|row| row.api.version == version);
    let row = row.ok_or_else(|| Fault::not_found(format!("no version {version} of {scene}.{name}")))?;
    Ok(Answer::row(style(false), API, &row))
}

async fn of(desk: &Desk, at: Environment, scene: &str, name: &str) -> Result<Vec<Row>, Fault> {
    let mut rows = rows(desk).await?;
    rows.retain(|Row { api, .. }| api.environment == at && api.scene == scene && api.name == name);
    Ok(rows)
}

/// Every version, each with the standing of its definition.
async fn rows(desk: &Desk) -> Result<Vec<Row>, Fault> {
    let versions = desk.0.directory.api_versions().await?;
    let same = |a: &Api, b: &Api| (a.environment, &a.scene, &a.name) == (b.environment, &b.scene, &b.name);
    let mut rows = Vec::with_capacity(versions.len());
    for of_one in versions.chunk_by(|(a, _), (b, _)| same(a, b)) {
        let has = |state| of_one.iter().any(|(_, own)| *own == state);
        let standing = match (has(ApiState::Online), has(ApiState::Draft)) {
            (true, true) => "upgrading",
            (true, false) => "online",
            (false, true) => "developing",
            (false, false) => "offline",
        };
        rows.extend(of_one.iter().map(|(api, state)| Row { api: api.clone(), state: *state, standing }));
    }
    Ok(rows)
}
