//! The lines to targets outside: what a target needs to check a call, a probe, and the state of its circuit.

use std::sync::Arc;

use gateway::directory::{Environment, Target};
use gateway::forward::{Check, LineState, Point, verification};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, int, text};

use super::tenant::note;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const POINT: &[Column<Point>] = &[
    text("topic", "what it is about / 主题", |p| p.topic),
    text("english", "in English / 英文", |p| &p.english),
    text("chinese", "in Chinese / 中文", |p| &p.chinese),
];

const CHECK: &[Column<Check>] = &[
    text("check", "what was looked at / 检查项", |c| c.name),
    text("grade", "passed, failed or unclear / 结论", |c| c.grade.name()),
    int("millis", "milliseconds of the call / 耗时毫秒", |c| c.millis),
    text("detail", "what was seen / 说明", |c| &c.detail),
];

const LINE: &[Column<LineState>] = &[
    text("target_app_key", "key of the target / 目标应用", |l| &l.target),
    text("environment", "production or test / 环境", |l| l.environment.name()),
    text("circuit", "closed (calls pass), open (refused at once), half-open (one tries) / 熔断状态", |l| l.circuit),
    int("in_flight", "calls under way / 进行中", |l| count(l.in_flight)),
    int("waiting", "calls that wait / 排队中", |l| count(l.waiting)),
    int("answered", "answered since the start / 已应答", |l| total(l.answered)),
    int("failed", "without a usable answer / 失败", |l| total(l.failed)),
    int("turned_away", "not sent: resting or full / 未发送", |l| total(l.turned_away)),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// Which endpoint.
    struct One {
        /// key of the target / 目标应用
        target_app_key: Text<64>,
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
    }
}

arguments! {
    /// Which endpoint, and what is called.
    struct Probed {
        /// key of the target / 目标应用
        target_app_key: Text<64>,
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// a read that the target has; absent = one that exists nowhere / 用于探测的只读接口
        method: Option<Text<128>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let points = Shape::Rows("points", || describe(POINT));
    let checks = Shape::Rows("checks", || describe(CHECK));
    let lines = Shape::Rows("lines", || describe(LINE));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(
            head(
                "target.verification",
                Verb::Get,
                "/targets/{target_app_key}/verification",
                ("what a target needs to check a forwarded call", "目标系统验签说明"),
                points,
            ),
            explain,
        ),
        house(
            head(
                "target.probe",
                Verb::Post,
                "/targets/{target_app_key}/probe",
                (
                    "call a target to see whether it is reachable, reads Chinese and refuses a bad signature",
                    "探测目标系统",
                ),
                checks,
            ),
            probe,
        ),
        house(
            head("target.lines", Verb::Get, "/target-lines", ("state of the lines to targets", "目标线路状态"), lines),
            all,
        ),
        house(
            head(
                "target.close_circuit",
                Verb::Post,
                "/targets/{target_app_key}/close-circuit",
                ("let calls pass again: the target is repaired", "恢复熔断的目标线路"),
                lines,
            ),
            close,
        ),
    ]
}

async fn explain(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let (target, environment) = found(&desk, &one.target_app_key, one.environment.as_deref())?;
    let points = verification(&target, environment).map_err(|why| Fault::invalid("target_app_key", why))?;
    Ok(Answer::rows(style(false), "points", POINT, &points, Some(points.len() as i64)))
}

async fn probe(desk: Arc<Desk>, one: Probed) -> Result<Answer, Fault> {
    let (target, environment) = found(&desk, &one.target_app_key, one.environment.as_deref())?;
    note(&desk, "target.probe", &target.key).await?;
    let probing = desk.0.gateway.probe(&target, environment, one.method.as_deref());
    let checks = probing.await.map_err(|why| Fault::invalid("target_app_key", why))?;
    Ok(Answer::rows(style(false), "checks", CHECK, &checks, Some(checks.len() as i64)))
}

async fn all(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let lines = desk.0.gateway.forwarder().states();
    Ok(Answer::rows(style(false), "lines", LINE, &lines, Some(lines.len() as i64)))
}

async fn close(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let (target, environment) = found(&desk, &one.target_app_key, one.environment.as_deref())?;
    if !desk.0.gateway.forwarder().close_circuit(&target.key, environment) {
        return Err(Fault::not_found(format!("target {} was not called yet", target.key)));
    }
    note(&desk, "target.close_circuit", &target.key).await?;
    let mut lines = desk.0.gateway.forwarder().states();
    lines.retain(|line| line.target == target.key && line.environment == environment);
    Ok(Answer::rows(style(false), "lines", LINE, &lines, Some(lines.len() as i64)))
}

fn found(desk: &Desk, key: &str, environment: Option<&str>) -> Result<(Arc<Target>, Environment), Fault> {
    let environment = match environment.filter(|name| !name.is_empty()) {
        None => Environment::Production,
        Some(name) => Environment::named(name)
            .ok_or_else(|| Fault::invalid("environment", "environment is production or test"))?,
    };
    let target = desk.0.directory.snapshot().target(key).cloned();
    Ok((target.ok_or_else(|| Fault::not_found(format!("no target {key}")))?, environment))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn total(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
