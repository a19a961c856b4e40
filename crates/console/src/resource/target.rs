//! Targets: whom a Qimen call can be addressed to (`target_app_key`).

use std::sync::Arc;

use gateway::directory::Target;
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, text};

use super::tenant::note;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const TARGET: &[Column<Target>] = &[
    text("target_app_key", "key that callers name / 目标应用", |t| &t.key),
    text("name", "for people / 名称", |t| &t.name),
    text("kind", "what answers; erp = the built-in one / 类型", |t| t.kind.name()),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// A target to be created or renamed.
    struct New {
        /// key that callers name / 目标应用
        target_app_key: Text<64>,
        /// for people / 名称
        name: Option<Text<64>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, summary, shape| Head { id, verb, path: "/targets", summary, shape };
    vec![
        house(
            head(
                "target.list",
                Verb::Get,
                ("list targets", "目标应用列表"),
                Shape::Rows("targets", || describe(TARGET)),
            ),
            list,
        ),
        house(
            head(
                "target.create",
                Verb::Post,
                ("create or rename a target", "创建目标应用"),
                Shape::Row(|| describe(TARGET)),
            ),
            create,
        ),
    ]
}

async fn list(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let targets: Vec<Target> =
        desk.0.directory.snapshot().targets().iter().map(|target| Target::clone(target)).collect();
    Ok(Answer::rows(style(false), "targets", TARGET, &targets, Some(targets.len() as i64)))
}

async fn create(desk: Arc<Desk>, new: New) -> Result<Answer, Fault> {
    let target = Target::built_in(&*new.target_app_key, new.name.as_deref().unwrap_or(&new.target_app_key));
    desk.0.directory.put_target(target.clone()).await?;
    note(&desk, "target.create", &target.key).await?;
    Ok(Answer::row(style(false), TARGET, &target).created())
}
