//! Scenes (场景): named groups of APIs with hosts of their own.

use std::sync::Arc;

use gateway::directory::Scene;
use wire::args::{Text, Values, arguments};
use wire::rows::{Column, describe, flag, owned, text};

use super::page::set;
use super::tenant::note;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const SCENE: &[Column<Scene>] = &[
    text("code", "prefix of its methods and first label of its host / 场景编码", |s| &s.code),
    text("name", "for people / 名称", |s| &s.name),
    owned("hosts", "other hosts that stand for it, comma separated / 域名", |s| s.hosts.join(",")),
    flag("official", "1: an official scene / 官方场景", |s| s.official),
    flag("forward_unknown", "1: methods without a definition are forwarded / 转发未定义接口", |s| {
        s.forward_unknown
    }),
    text("default_target_app_key", "target of calls that name none / 缺省目标应用", |s| {
        &s.default_target_app_key
    }),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// A scene to be created or changed; what is not given stays.
    struct New {
        /// lower-case letters, digits and _ / 场景编码
        code: Text<64>,
        /// for people / 名称
        name: Option<Text<64>>,
        /// hosts that stand for it beside CODE.* / 域名
        hosts: Option<Values<Text<253>, 0, 50>>,
        /// an official scene / 官方场景
        official: Option<bool>,
        /// methods without a definition are forwarded; otherwise refused with 22 / 转发未定义接口
        forward_unknown: Option<bool>,
        /// target of calls that name none, for clients that cannot send target_app_key / 缺省目标应用
        default_target_app_key: Option<Text<64>>,
    }
}

arguments! {
    /// Which scene.
    struct One {
        /// its code / 场景编码
        code: Text<64>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(SCENE));
    let rows = Shape::Rows("scenes", || describe(SCENE));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(head("scene.list", Verb::Get, "/scenes", ("list scenes", "场景列表"), rows), list),
        house(head("scene.put", Verb::Post, "/scenes", ("create or change a scene", "创建或修改场景"), row), put),
        house(head("scene.remove", Verb::Delete, "/scenes/{code}", ("take a scene away", "删除场景"), row), remove),
    ]
}

async fn list(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let scenes: Vec<Scene> = desk.0.directory.snapshot().scenes().iter().map(|scene| Scene::clone(scene)).collect();
    Ok(Answer::rows(style(false), "scenes", SCENE, &scenes, Some(scenes.len() as i64)))
}

async fn put(desk: Arc<Desk>, new: New) -> Result<Answer, Fault> {
    let stored = desk.0.directory.snapshot().scene(&new.code).cloned();
    let mut scene = stored.as_deref().cloned().unwrap_or_default();
    scene.code = new.code.into();
    set(&mut scene.name, new.name);
    set(&mut scene.hosts, new.hosts.map(|hosts| hosts.iter().map(|host| host.to_string()).collect::<Vec<_>>()));
    set(&mut scene.official, new.official);
    set(&mut scene.forward_unknown, new.forward_unknown);
    set(&mut scene.default_target_app_key, new.default_target_app_key);
    desk.0.directory.put_scene(scene.clone()).await?;
    note(&desk, "scene.put", &scene.code).await?;
    let answer = Answer::row(style(false), SCENE, &scene);
    Ok(if stored.is_none() { answer.created() } else { answer })
}

async fn remove(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let stored = desk.0.directory.snapshot().scene(&one.code).cloned();
    let gone = desk.0.directory.delete_scene(one.code.to_string()).await?;
    let scene = stored.filter(|_| gone).ok_or_else(|| Fault::not_found(format!("no scene {}", &*one.code)))?;
    note(&desk, "scene.remove", &scene.code).await?;
    Ok(Answer::row(style(false), SCENE, &*scene))
}
