//! Limits of calls by application, API or target, and what is spent of them.

use std::sync::Arc;

use gateway::directory::Environment;
use gateway::limit::{LimitRule, RuleScope, Usage};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, owned, text};

use super::page::set;
use super::tenant::note;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const LIMIT: &[Column<LimitRule>] = &[
    int("number", "number of the limit / 编号", |r| r.number),
    text("scope", "app, api, app_api or target: whose calls are counted together / 范围", |r| r.scope.name()),
    text("environment", "only in this one; empty = each by itself / 环境", |r| {
        r.environment.map_or("", Environment::name)
    }),
    owned("app", "only this application; empty = each by itself / 调用方", |r| r.app.clone().unwrap_or_default()),
    owned("method", "only this method; empty = each by itself / 接口", |r| r.method.clone().unwrap_or_default()),
    owned("target", "only this target; empty = each by itself / 目标应用", |r| {
        r.target.clone().unwrap_or_default()
    }),
    int("per_second", "calls a second; 0 = no limit / 每秒", |r| r.per_second.into()),
    int("per_minute", "calls a minute; 0 = no limit / 每分钟", |r| r.per_minute.into()),
    int("per_day", "calls a day at GMT+8; 0 = no limit / 每日", |r| r.per_day.into()),
    int("ban_seconds", "seconds of a ban when a limit was reached; 0 = until its span is over / 封禁秒数", |r| {
        r.ban_seconds.into()
    }),
    flag("off", "1: counts nothing / 停用", |r| r.off),
];

const USAGE: &[Column<Usage>] = &[
    int("number", "number of the limit / 编号", |u| u.rule),
    text("environment", "environment / 环境", |u| &u.environment),
    text("app", "whose calls / 调用方", |u| &u.app),
    text("method", "of which method / 接口", |u| &u.method),
    text("target", "to which target / 目标应用", |u| &u.target),
    text("span", "second, minute or day / 周期", |u| u.span.name()),
    int("limit", "calls in the span / 上限", |u| u.limit.into()),
    int("used", "spent; what a node has taken and not spent yet counts / 已用", |u| u.used.into()),
    int("remaining", "left / 剩余", |u| u.limit.saturating_sub(u.used).into()),
    int("banned_seconds", "how long a ban still lasts / 封禁剩余秒数", |u| u.banned_seconds),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// Whose use; what is absent does not matter.
    struct Whose {
        /// this application / 调用方
        app: Option<Text<128>>,
        /// this method / 接口
        method: Option<Text<128>>,
        /// this target / 目标应用
        target: Option<Text<128>>,
    }
}

arguments! {
    /// A limit to be created.
    struct New {
        /// app (default), api, app_api or target / 范围
        scope: Option<Text<10>>,
        /// production or test; absent = both, each by itself / 环境
        environment: Option<Text<10>>,
        /// only this application / 调用方
        app: Option<Text<128>>,
        /// only this method, without scene / 接口
        method: Option<Text<128>>,
        /// only this target / 目标应用
        target: Option<Text<128>>,
        /// calls a second / 每秒
        per_second: Option<i64>,
        /// calls a minute / 每分钟
        per_minute: Option<i64>,
        /// calls a day at GMT+8 / 每日
        per_day: Option<i64>,
        /// seconds of a ban when a limit was reached / 封禁秒数
        ban_seconds: Option<i64>,
    }
}

arguments! {
    /// What changes of a limit; its count begins anew.
    struct Change {
        /// number of the limit / 编号
        number: i64,
        /// calls a second; 0 = no limit / 每秒
        per_second: Option<i64>,
        /// calls a minute; 0 = no limit / 每分钟
        per_minute: Option<i64>,
        /// calls a day; 0 = no limit / 每日
        per_day: Option<i64>,
        /// seconds of a ban; 0 = none / 封禁秒数
        ban_seconds: Option<i64>,
        /// count nothing / 停用
        off: Option<bool>,
    }
}

arguments! {
    /// Which limit.
    struct One {
        /// number of the limit / 编号
        number: i64,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(LIMIT));
    let rows = Shape::Rows("limits", || describe(LIMIT));
    let used = Shape::Rows("usage", || describe(USAGE));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(head("limit.list", Verb::Get, "/limits", ("list limits of calls", "限流规则列表"), rows), all),
        house(head("limit.create", Verb::Post, "/limits", ("create a limit", "创建限流规则"), row), create),
        house(head("limit.change", Verb::Patch, "/limits/{number}", ("change a limit", "修改限流规则"), row), change),
        house(
            head("limit.delete", Verb::Delete, "/limits/{number}", ("take a limit away", "删除限流规则"), row),
            delete,
        ),
        house(
            head(
                "limit.reset",
                Verb::Post,
                "/limits/{number}/reset",
                ("begin the count anew and lift bans", "重置计数并解除封禁"),
                row,
            ),
            reset,
        ),
        house(
            head("limit.usage", Verb::Get, "/limit-usage", ("what is spent of the limits now", "限流用量"), used),
            usage,
        ),
    ]
}

async fn all(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let limits = desk.0.directory.snapshot().limits().to_vec();
    Ok(Answer::rows(style(false), "limits", LIMIT, &limits, Some(limits.len() as i64)))
}

async fn create(desk: Arc<Desk>, new: New) -> Result<Answer, Fault> {
    fn own<const N: usize>(text: Option<Text<N>>) -> Option<String> {
        text.map(String::from).filter(|text| !text.is_empty())
    }
    let scope = match own(new.scope).as_deref() {
        None => RuleScope::App,
        Some(name) => {
            RuleScope::named(name).ok_or_else(|| Fault::invalid("scope", "scope is app, api, app_api or target"))?
        }
    };
    let environment = own(new.environment).map(|name| {
        Environment::named(&name).ok_or_else(|| Fault::invalid("environment", "environment is production or test"))
    });
    let mut rule = LimitRule {
        scope,
        environment: environment.transpose()?,
        app: own(new.app),
        method: own(new.method),
        target: own(new.target),
        ..LimitRule::default()
    };
    numbers(&mut rule, [new.per_second, new.per_minute, new.per_day, new.ban_seconds])?;
    rule.number = desk.0.directory.put_limit(rule.clone()).await?;
    note(&desk, "limit.create", &rule.number.to_string()).await?;
    Ok(Answer::row(style(false), LIMIT, &rule).created())
}

async fn change(desk: Arc<Desk>, change: Change) -> Result<Answer, Fault> {
    let mut rule = stored(&desk, change.number)?;
    numbers(&mut rule, [change.per_second, change.per_minute, change.per_day, change.ban_seconds])?;
    set(&mut rule.off, change.off);
    desk.0.directory.put_limit(rule.clone()).await?;
    note(&desk, "limit.change", &rule.number.to_string()).await?;
    Ok(Answer::row(style(false), LIMIT, &rule))
}

async fn delete(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let rule = stored(&desk, one.number)?;
    desk.0.directory.delete_limit(one.number).await?;
    note(&desk, "limit.delete", &one.number.to_string()).await?;
    Ok(Answer::row(style(false), LIMIT, &rule))
}

async fn reset(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    desk.0.directory.reset_limit(one.number).await?;
    note(&desk, "limit.reset", &one.number.to_string()).await?;
    Ok(Answer::row(style(false), LIMIT, &stored(&desk, one.number)?))
}

async fn usage(desk: Arc<Desk>, whose: Whose) -> Result<Answer, Fault> {
    let fits = |asked: &Option<Text<128>>, there: &str| asked.as_deref().is_none_or(|asked| asked == there);
    let mut usage = desk.0.gateway.limit_usage().await?;
    usage.retain(|row| {
        fits(&whose.app, &row.app) && fits(&whose.method, &row.method) && fits(&whose.target, &row.target)
    });
    usage.sort_by(|a, b| (a.rule, &a.app, &a.method, &a.target).cmp(&(b.rule, &b.app, &b.method, &b.target)));
    Ok(Answer::rows(style(false), "usage", USAGE, &usage, Some(usage.len() as i64)))
}

fn stored(desk: &Desk, number: i64) -> Result<LimitRule, Fault> {
    let rule = desk.0.directory.snapshot().limits().iter().find(|rule| rule.number == number).cloned();
    rule.ok_or_else(|| Fault::not_found(format!("no limit {number}")))
}

fn numbers(rule: &mut LimitRule, given: [Option<i64>; 4]) -> Result<(), Fault> {
    let slots = [&mut rule.per_second, &mut rule.per_minute, &mut rule.per_day, &mut rule.ban_seconds];
    for ((slot, given), name) in
        slots.into_iter().zip(given).zip(["per_second", "per_minute", "per_day", "ban_seconds"])
    {
        if let Some(given) = given {
            *slot = u32::try_from(given).map_err(|_| Fault::invalid(name, format!("{name} is 0 to {}", u32::MAX)))?;
        }
    }
    Ok(())
}
