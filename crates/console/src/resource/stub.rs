//! Stubs (挡板): mock rules that answer for an API, with their versions and hits.

use std::sync::Arc;

use gateway::directory::Environment;
use gateway::stub::{Otherwise, StubSet, StubVersion};
use serde_json::{Value, json};
use wire::args::{Text, arguments};

use super::page::set;
use super::tenant::note;
use super::tree::Tree;
use crate::answer::{Answer, Shape};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const SET: &str = "environment, method, version, on, production_allowed, otherwise (refuse or pass), rules: name, when (at with equals, \
                   contains or exists), delay_ms, times, format (json or xml), body, and hits and last_hit on this node";

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// A rule set; it becomes a new version, in force at once.
    struct New {
        /// method without scene / 接口
        method: Text<128>,
        /// test (default) or production / 环境
        environment: Option<Text<10>>,
        /// {"rules": [{"name", "when": [{"at", "equals" | "contains" | "exists"}], "delay_ms", "times", "format", "body"}], "otherwise", "on", "production_allowed"} / 规则
        definition: Tree,
    }
}

arguments! {
    /// Which rule set.
    struct One {
        /// method without scene / 接口
        method: Text<128>,
        /// test (default) or production / 环境
        environment: Option<Text<10>>,
    }
}

arguments! {
    /// What changes of a rule set.
    struct Change {
        /// method without scene / 接口
        method: Text<128>,
        /// test (default) or production / 环境
        environment: Option<Text<10>>,
        /// whether it answers / 启用
        on: Option<bool>,
        /// it may answer in production, too / 允许在生产环境应答
        production_allowed: Option<bool>,
        /// a call that no rule fits goes to the target / 未命中时放行到目标
        pass: Option<bool>,
        /// put this version in force again / 恢复到该版本
        version: Option<i64>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let one = Shape::Free(SET);
    vec![
        house(
            head("stub.list", Verb::Get, "/stubs", ("list stubs", "挡板列表"), Shape::Free("stubs: as a single one")),
            all,
        ),
        house(head("stub.put", Verb::Post, "/stubs", ("set the mock rules of an API", "设置挡板规则"), one), put),
        house(head("stub.get", Verb::Get, "/stubs/{method}", ("the stub of an API", "查看挡板"), one), get),
        house(
            head(
                "stub.versions",
                Verb::Get,
                "/stubs/{method}/versions",
                ("the versions of a stub, newest first", "挡板的历史版本"),
                Shape::Free("versions: as a single one, each with current"),
            ),
            versions,
        ),
        house(
            head(
                "stub.change",
                Verb::Patch,
                "/stubs/{method}",
                ("switch a stub on or off, or back to a version", "启停挡板或恢复版本"),
                one,
            ),
            change,
        ),
        house(
            head(
                "stub.reset",
                Verb::Post,
                "/stubs/{method}/reset",
                ("begin the counts of a stub anew, on every node", "重置挡板"),
                one,
            ),
            reset,
        ),
        house(
            head(
                "stub.delete",
                Verb::Delete,
                "/stubs/{method}",
                ("take a stub out of force; its versions stay", "移除挡板"),
                Shape::Free("method"),
            ),
            delete,
        ),
    ]
}

async fn all(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let sets = desk.0.directory.snapshot().stubs();
    let sets: Vec<Value> = sets.iter().map(|set| shown(&desk, set)).collect();
    Ok(Answer::json(&json!({ "stubs": sets, "total_count": sets.len() })))
}

async fn put(desk: Arc<Desk>, new: New) -> Result<Answer, Fault> {
    let stored = StubSet::default();
    let set: StubSet = new.definition.over("definition", &stored)?;
    let (method, environment) = (new.method.to_string(), world(new.environment.as_deref())?);
    desk.0.directory.put_stub(StubSet { method: method.clone(), environment, ..set }).await?;
    done(&desk, "stub.put", environment, &method).await.map(Answer::created)
}

async fn get(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let set = stored(&desk, world(one.environment.as_deref())?, &one.method)?;
    Ok(Answer::json(&shown(&desk, &set)))
}

async fn versions(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let environment = world(one.environment.as_deref())?;
    let versions = desk.0.directory.stub_versions(environment, one.method.to_string()).await?;
    let versions: Vec<Value> = versions
        .iter()
        .map(|StubVersion { set, current }| {
            let mut told = plain(set);
            told["current"] = (*current).into();
            told
        })
        .collect();
    Ok(Answer::json(&json!({ "versions": versions, "total_count": versions.len() })))
}

async fn change(desk: Arc<Desk>, change: Change) -> Result<Answer, Fault> {
    let (environment, method) = (world(change.environment.as_deref())?, change.method.to_string());
    if let Some(version) = change.version {
        desk.0.directory.restore_stub(environment, method.clone(), version).await?;
    }
    let mut changed = StubSet::clone(&*stored(&desk, environment, &method)?);
    let before = changed.clone();
    set(&mut changed.on, change.on);
    set(&mut changed.production_allowed, change.production_allowed);
    set(&mut changed.otherwise, change.pass.map(|pass| if pass { Otherwise::Pass } else { Otherwise::Refuse }));
    if changed != before {
        desk.0.directory.put_stub(changed).await?;
    }
    done(&desk, "stub.change", environment, &method).await
}

async fn reset(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let environment = world(one.environment.as_deref())?;
    let set = stored(&desk, environment, &one.method)?;
    desk.0.directory.put_stub(StubSet::clone(&set)).await?;
    done(&desk, "stub.reset", environment, &one.method).await
}

async fn delete(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let environment = world(one.environment.as_deref())?;
    stored(&desk, environment, &one.method)?;
    desk.0.directory.retire_stub(environment, one.method.to_string()).await?;
    note(&desk, "stub.delete", &one.method).await?;
    Ok(Answer::json(&json!({ "method": &*one.method })))
}

async fn done(
    desk: &Arc<Desk>,
    operation: &'static str,
    environment: Environment,
    method: &str,
) -> Result<Answer, Fault> {
    note(desk, operation, method).await?;
    Ok(Answer::json(&shown(desk, &*stored(desk, environment, method)?)))
}

fn stored(desk: &Desk, environment: Environment, method: &str) -> Result<Arc<StubSet>, Fault> {
    let set = desk.0.directory.snapshot().stub(environment, method).cloned();
    set.ok_or_else(|| Fault::not_found(format!("no stub of {method} in {}", environment.name())))
}

/// Stubs are for joint testing: test is meant when nobody says otherwise.
fn world(name: Option<&str>) -> Result<Environment, Fault> {
    match name.filter(|name| !name.is_empty()) {
        None => Ok(Environment::Test),
        Some(name) => {
            Environment::named(name).ok_or_else(|| Fault::invalid("environment", "environment is test or production"))
        }
    }
}

fn plain(set: &StubSet) -> Value {
    let mut told = serde_json::to_value(set).unwrap_or_default();
    told["environment"] = set.environment.name().into();
    told["method"] = set.method.as_str().into();
    told["version"] = set.version.into();
    told
}

fn shown(desk: &Desk, set: &StubSet) -> Value {
    let mut told = plain(set);
    if let Some(rules) = told["rules"].as_array_mut() {
        for (rule, hits) in rules.iter_mut().zip(desk.0.gateway.stub_hits(set)) {
            rule["hits"] = hits.hits.into();
            rule["last_hit"] = hits.last.map(|last| last.to_string()).into();
        }
    }
    told
}
