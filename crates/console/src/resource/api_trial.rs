//! Definitions put to use without a call: the OpenAPI document of a scene, and a reply of a target tried against the rules.

use std::sync::Arc;

use gateway::directory::{Api, EnvelopeProfile};
use gateway::forward::{Preview, preview};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, text};

use super::tenant::environment;
use super::tree::Tree;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const PREVIEW: &[Column<Preview>] = &[
    text("verdict", "passed, refused or unreadable / 判定", |p| p.verdict),
    text("code", "sub_code that the caller gets / 错误码", |p| &p.code),
    text("message", "sub_message that the caller gets / 错误信息", |p| &p.message),
    text("envelope", "the whole answer / 返回内容", |p| &p.envelope),
];

arguments! {
    /// Which scene.
    struct One {
        /// code of the scene / 场景编码
        scene: Text<64>,
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
    }
}

arguments! {
    /// A reply and the rules to read it by.
    struct Trial {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// code of the scene / 场景编码
        scene: Text<64>,
        /// name without scene; what is on line is the base / 接口名
        name: Text<128>,
        /// laid over what is on line: failure, reply_fields / 定义
        definition: Option<Tree>,
        /// the reply as the target sent it / 目标系统的返回
        reply: Text<65536>,
        /// its Content-Type; application/json when absent
        content_type: Option<Text<100>>,
        /// envelope of the caller: java (default), dotnet or flat / 返回格式
        envelope: Option<Text<10>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(
            head(
                "scene.openapi",
                Verb::Get,
                "/scenes/{scene}/openapi",
                ("the OpenAPI document of a scene's definitions on line", "场景的OpenAPI文档"),
                Shape::Free("an OpenAPI 3.1 document"),
            ),
            openapi,
        ),
        house(
            head(
                "api.try_reply",
                Verb::Post,
                "/apis/try-reply",
                ("what a caller would get for this reply of a target", "试算目标系统返回的映射结果"),
                Shape::Row(|| describe(PREVIEW)),
            ),
            try_reply,
        ),
    ]
}

async fn openapi(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let at = environment(one.environment.as_deref())?;
    let snapshot = desk.0.directory.snapshot();
    let scene = snapshot.scene(&one.scene).ok_or_else(|| Fault::not_found(format!("no scene {}", &*one.scene)))?;
    let apis: Vec<Api> = snapshot.apis().iter().map(|api| Api::clone(api)).collect();
    Ok(Answer::json(&gateway::describe::scene(scene, at, &apis, desk.0.version)))
}

async fn try_reply(desk: Arc<Desk>, trial: Trial) -> Result<Answer, Fault> {
    let at = environment(trial.environment.as_deref())?;
    let online = desk.0.directory.snapshot().api(at, &trial.scene, &trial.name).cloned().unwrap_or_default();
    let api = match &trial.definition {
        Some(tree) => tree.over("definition", &*online)?,
        None => Api::clone(&online),
    };
    let word = trial.envelope.as_deref().filter(|word| !word.is_empty()).unwrap_or("java");
    let profile = EnvelopeProfile::named(word);
    let profile = profile.ok_or_else(|| Fault::invalid("envelope", "envelope is java, dotnet or flat"))?;
    let content_type = trial.content_type.as_deref().unwrap_or("application/json");
    Ok(Answer::row(style(false), PREVIEW, &preview(&api, profile, content_type, &trial.reply)))
}
