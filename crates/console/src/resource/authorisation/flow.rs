//! The flow: apply, approve, extend, reject, withdraw; the list and the story.

use std::sync::Arc;

use gateway::directory::{Authorisation, Decision, Extension, Grant, GrantStatus};
use units::Moment;
use wire::args::{Text, arguments};
use wire::rows::describe;

use super::letter;
use super::row::{ROW, Row, grant_of};
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, WHO, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};
use crate::resource::tenant::{environment, note};

arguments! {
    /// Which authorisations.
    struct Which {
        /// production or test; both when absent / 环境
        environment: Option<Text<10>>,
        /// applied, approved, rejected or withdrawn / 状态
        status: Option<Text<10>>,
        /// the caller / 调用方
        app_key: Option<Text<64>>,
        /// the target / 目标应用
        target_app_key: Option<Text<64>>,
    }
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

arguments! {
    /// A step with an authorisation.
    struct Step {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// the caller's app_key / 调用方
        app_key: Text<64>,
        /// the target / 目标应用
        target_app_key: Text<64>,
        /// seller account; absent = all of the environment / 卖家账号
        sid: Option<Text<64>>,
        /// why; required of a rejection / 原因
        reason: Option<Text<300>>,
        /// who does it, for the story; admin when absent / 操作人
        by: Option<Text<64>>,
    }
}

arguments! {
    /// An approval.
    struct Approval {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// the caller's app_key / 调用方
        app_key: Text<64>,
        /// the target / 目标应用
        target_app_key: Text<64>,
        /// seller account; absent = all of the environment / 卖家账号
        sid: Option<Text<64>>,
        /// when it ends, GMT+8; absent = never, or as it is when it is approved already / 授权截止时间
        until: Option<Moment>,
        /// why / 原因
        reason: Option<Text<300>>,
        /// who does it, for the story; admin when absent / 操作人
        by: Option<Text<64>>,
    }
}

arguments! {
    /// Another end.
    struct Another {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// the caller's app_key / 调用方
        app_key: Text<64>,
        /// the target / 目标应用
        target_app_key: Text<64>,
        /// seller account; absent = all of the environment / 卖家账号
        sid: Option<Text<64>>,
        /// when it ends, GMT+8, or never / 授权截止时间,never为长期有效
        until: Text<19>,
        /// why / 原因
        reason: Option<Text<300>>,
        /// who does it, for the story; admin when absent / 操作人
        by: Option<Text<64>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let row = Shape::Row(|| describe(ROW));
    let rows = Shape::Rows("authorisations", || describe(ROW));
    let at = "/authorisations";
    vec![
        house(head("authorisation.list", Verb::Get, at, ("list authorisations", "授权列表"), rows), list),
        house(
            head("authorisation.grant", Verb::Post, at, ("authorise a caller without an application", "直接授权"), row),
            approve,
        ),
        house(head("authorisation.revoke", Verb::Delete, at, ("take an authorisation back", "取消授权"), row), revoke),
        house(
            head(
                "authorisation.apply",
                Verb::Post,
                "/authorisations/apply",
                ("apply for an authorisation", "申请授权"),
                row,
            ),
            apply,
        ),
        house(
            head(
                "authorisation.approve",
                Verb::Post,
                "/authorisations/approve",
                ("approve, with the letter to the caller", "批准授权并生成通知邮件"),
                row,
            ),
            approve,
        ),
        house(
            head(
                "authorisation.extend",
                Verb::Post,
                "/authorisations/extend",
                ("move the end of an authorisation", "延长或变更授权期限"),
                row,
            ),
            extend,
        ),
        house(
            head(
                "authorisation.reject",
                Verb::Post,
                "/authorisations/reject",
                ("reject with a reason", "驳回授权申请"),
                row,
            ),
            reject,
        ),
        house(
            head(
                "authorisation.withdraw",
                Verb::Post,
                "/authorisations/withdraw",
                ("withdraw an application or an authorisation", "撤回申请或取消授权"),
                row,
            ),
            withdraw,
        ),
        house(
            head(
                "authorisation.story",
                Verb::Get,
                "/authorisations/story",
                ("one authorisation with its history", "授权历史"),
                row,
            ),
            story,
        ),
    ]
}

async fn list(desk: Arc<Desk>, which: Which) -> Result<Answer, Fault> {
    let at = which.environment.as_deref().map(|name| environment(Some(name))).transpose()?;
    let status = which.status.as_deref().map(|word| {
        let wrong = || Fault::invalid("status", "status is applied, approved, rejected or withdrawn");
        GrantStatus::named(word).ok_or_else(wrong)
    });
    let status = status.transpose()?;
    let all = desk.0.directory.authorisations().await?.into_iter();
    let rows: Vec<Row> = all
        .filter(|Authorisation { grant, status: own, .. }| {
            at.is_none_or(|at| grant.environment == at)
                && status.is_none_or(|status| *own == status)
                && which.app_key.as_deref().is_none_or(|key| grant.app_key == key)
                && which.target_app_key.as_deref().is_none_or(|key| grant.target_app_key == key)
        })
        .map(|authorisation| Row { authorisation, story: Vec::new(), letters: Vec::new() })
        .collect();
    Ok(Answer::rows(style(false), "authorisations", ROW, &rows, Some(rows.len() as i64)))
}

async fn apply(desk: Arc<Desk>, step: Step) -> Result<Answer, Fault> {
    let row = take(&desk, step, GrantStatus::Applied, None, "authorisation.apply").await?;
    Ok(Answer::row(style(false), ROW, &row).created())
}

async fn approve(desk: Arc<Desk>, approval: Approval) -> Result<Answer, Fault> {
    let Approval { environment, app_key, target_app_key, sid, until, reason, by } = approval;
    let step = Step { environment, app_key, target_app_key, sid, reason, by };
    let mut row = take(&desk, step, GrantStatus::Approved, until, "authorisation.approve").await?;
    row.letters = letter::letters(&desk.0.directory.snapshot(), &row.authorisation);
    Ok(Answer::row(style(false), ROW, &row).created())
}

async fn extend(desk: Arc<Desk>, another: Another) -> Result<Answer, Fault> {
    let Another { environment, app_key, target_app_key, sid, until, reason, by } = another;
    let grant = grant_of(environment.as_deref(), app_key, target_app_key, sid)?;
    let until = match &*until {
        "never" => None,
        text => Some(
            Moment::parse(text)
                .map_err(|_| Fault::invalid("until", "until is yyyy-MM-dd HH:mm:ss at GMT+8, or never"))?,
        ),
    };
    let extension = Extension { grant: grant.clone(), until, by: who(by), reason: words(reason) };
    desk.0.directory.extend(extension).await?;
    note(&desk, "authorisation.extend", &grant.app_key).await?;
    shown(&desk, grant).await
}

async fn reject(desk: Arc<Desk>, step: Step) -> Result<Answer, Fault> {
    let row = take(&desk, step, GrantStatus::Rejected, None, "authorisation.reject").await?;
    Ok(Answer::row(style(false), ROW, &row))
}

async fn withdraw(desk: Arc<Desk>, step: Step) -> Result<Answer, Fault> {
    let row = take(&desk, step, GrantStatus::Withdrawn, None, "authorisation.withdraw").await?;
    Ok(Answer::row(style(false), ROW, &row))
}

async fn revoke(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let grant = grant_of(one.environment.as_deref(), one.app_key, one.target_app_key, one.sid)?;
    if standing(&desk, &grant).await?.map(|one| one.status) != Some(GrantStatus::Approved) {
        return Err(Fault::not_found("no such authorisation"));
    }
    let (by, reason) = (WHO.to_owned(), String::new());
    let decision = Decision { grant: grant.clone(), status: GrantStatus::Withdrawn, until: None, by, reason };
    desk.0.directory.decide(decision).await?;
    note(&desk, "authorisation.revoke", &grant.app_key).await?;
    shown(&desk, grant).await
}

async fn story(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let grant = grant_of(one.environment.as_deref(), one.app_key, one.target_app_key, one.sid)?;
    shown(&desk, grant).await
}

async fn take(
    desk: &Desk,
    step: Step,
    status: GrantStatus,
    until: Option<Moment>,
    operation: &'static str,
) -> Result<Row, Fault> {
    let grant = grant_of(step.environment.as_deref(), step.app_key, step.target_app_key, step.sid)?;
    let (by, reason) = (who(step.by), words(step.reason));
    desk.0.directory.decide(Decision { grant: grant.clone(), status, until, by, reason }).await?;
    note(desk, operation, &grant.app_key).await?;
    row(desk, grant).await
}

fn who(by: Option<Text<64>>) -> String {
    by.map_or_else(|| WHO.to_owned(), String::from)
}

fn words(reason: Option<Text<300>>) -> String {
    reason.map(String::from).unwrap_or_default()
}

async fn shown(desk: &Desk, grant: Grant) -> Result<Answer, Fault> {
    Ok(Answer::row(style(false), ROW, &row(desk, grant).await?))
}

/// With its story.
async fn row(desk: &Desk, grant: Grant) -> Result<Row, Fault> {
    let authorisation = standing(desk, &grant).await?.ok_or_else(|| Fault::not_found("no such authorisation"))?;
    let story = desk.0.directory.story(grant).await?;
    Ok(Row { authorisation, story, letters: Vec::new() })
}

async fn standing(desk: &Desk, grant: &Grant) -> Result<Option<Authorisation>, Fault> {
    let all = desk.0.directory.authorisations().await?;
    Ok(all.into_iter().find(|one| one.grant == *grant))
}
