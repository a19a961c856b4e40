//! Authorisations (授权): which Qimen caller may reach which tenant through which target, per environment.

use std::sync::Arc;

use gateway::directory::{EVERY_SID, Grant};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, text};

use super::tenant::{environment, note};
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const GRANT: &[Column<Grant>] = &[
    text("environment", "production or test / 环境", |g| g.environment.name()),
    text("app_key", "the caller / 调用方", |g| &g.app_key),
    text("target_app_key", "the target / 目标应用", |g| &g.target_app_key),
    text("sid", "seller account; * = all / 卖家账号", |g| &g.sid),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// An authorisation.
    struct One {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// the caller's app_key / 调用方
        app_key: Text<64>,
        /// the target / 目标应用
        target_app_key: Text<64>,
        /// seller account; absent = all of the environment / 卖家账号
        sid: Option<Text<64>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, summary, shape| Head { id, verb, path: "/authorisations", summary, shape };
    let row = Shape::Row(|| describe(GRANT));
    vec![
        house(
            head(
                "authorisation.list",
                Verb::Get,
                ("list authorisations", "授权列表"),
                Shape::Rows("authorisations", || describe(GRANT)),
            ),
            list,
        ),
        house(head("authorisation.grant", Verb::Post, ("authorise a caller", "授权"), row), grant),
        house(head("authorisation.revoke", Verb::Delete, ("take an authorisation back", "取消授权"), row), revoke),
    ]
}

async fn list(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let grants = desk.0.directory.snapshot().grants();
    Ok(Answer::rows(style(false), "authorisations", GRANT, &grants, Some(grants.len() as i64)))
}

async fn grant(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let grant = of(one)?;
    desk.0.directory.grant(grant.clone()).await?;
    note(&desk, "authorisation.grant", &grant.app_key).await?;
    Ok(Answer::row(style(false), GRANT, &grant).created())
}

async fn revoke(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let grant = of(one)?;
    if !desk.0.directory.revoke(grant.clone()).await? {
        return Err(Fault::not_found("no such authorisation"));
    }
    note(&desk, "authorisation.revoke", &grant.app_key).await?;
    Ok(Answer::row(style(false), GRANT, &grant))
}

fn of(one: One) -> Result<Grant, Fault> {
    Ok(Grant {
        environment: environment(one.environment.as_deref())?,
        app_key: one.app_key.into(),
        target_app_key: one.target_app_key.into(),
        sid: one.sid.map_or_else(|| EVERY_SID.to_owned(), String::from),
    })
}
