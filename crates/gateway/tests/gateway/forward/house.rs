//! A world with a scene `x1y2z3` of three APIs, and targets outside.

use gateway::directory::{
    Api, Effect, Endpoint, Environment, FailureRule, Grant, Openapi2Account, Parameter, ParameterKind, Place, Scene,
    Target as Listed, TargetKind,
};
use gateway::{Config, Received};
use store::Secret;

use crate::world::{FORM, World, qimen_form};

pub(crate) const KEY: &str = "21363512";
pub(crate) const TARGET_SECRET: &str = "targetSecret";
pub(crate) const QM: &str = "/router/qm";

/// A world whose target [`KEY`] lives at `url`.
pub(crate) async fn world_with_target(url: &str) -> World {
    world_with(|listed| listed.production.url = url.to_owned()).await
}

/// The same with other settings of the target.
pub(crate) async fn world_with(change: impl FnOnce(&mut Listed)) -> World {
    world_in(Config::default(), change).await
}

/// The same with other settings of the gateway.
pub(crate) async fn world_in(config: Config, change: impl FnOnce(&mut Listed)) -> World {
    let world = crate::world::world_with(config).await;
    let scene = Scene { code: "x1y2z3".into(), forward_unknown: false, ..Scene::default() };
    world.gateway.directory().put_scene(scene).await.unwrap();
    let parameter = |name: &str, place, required| Parameter {
        name: name.into(),
        place,
        required,
        kind: ParameterKind::Text,
        ..Parameter::default()
    };
    let parameters = vec![
        parameter("tid", Place::Body, true),
        parameter("memo", Place::Body, false),
        parameter("page", Place::Query, false),
    ];
    let api = Api { scene: "x1y2z3".into(), timeout_ms: 20_000, parameters, ..Api::default() };
    let failing = FailureRule { field: "ok".into(), is: vec!["false".into()], ..FailureRule::default() };
    for api in [
        Api { name: "demo.order.query".into(), effect: Effect::Query, ..api.clone() },
        Api { name: "demo.order.push".into(), ..api.clone() },
        Api { name: "demo.own.names".into(), effect: Effect::Query, failure: Some(failing), ..api },
    ] {
        define(&world, api).await;
    }
    add_target(&world, KEY, change).await;
    world
}

/// Puts a definition on line.
pub(crate) async fn define(world: &World, api: Api) {
    let directory = world.gateway.directory();
    let (environment, scene, name) = (api.environment, api.scene.clone(), api.name.clone());
    let version = directory.draft_api(api).await.unwrap();
    directory.publish_api(environment, scene, name, version).await.unwrap();
}

/// A target outside that the usual caller may call for every `sid`, at no address unless `change` gives one.
pub(crate) async fn add_target(world: &World, key: &str, change: impl FnOnce(&mut Listed)) {
    let endpoint = Endpoint {
        secret: Secret::new(TARGET_SECRET),
        private_allowed: true,
        // Nobody waits so long but for a machine that is very busy.
        timeout_ms: Some(20_000),
        ..Endpoint::default()
    };
    let mut listed = Listed {
        kind: TargetKind::Http,
        production: endpoint.clone(),
        test: endpoint,
        ..Listed::built_in(key, "外部")
    };
    change(&mut listed);
    world.gateway.directory().put_target(listed).await.unwrap();
    for environment in [Environment::Production, Environment::Test] {
        let grant = Grant { environment, app_key: "21300001".into(), target_app_key: key.into(), sid: "*".into() };
        world.gateway.directory().grant(grant).await.unwrap();
    }
}

/// An interface account at another Wangdian server.
pub(crate) fn account() -> Openapi2Account {
    Openapi2Account { appkey: "wdt2-ot".into(), secret: Secret::new("wdtsecret"), ..Default::default() }
}

/// A form for the target [`KEY`].
pub(crate) fn form(method: &str, business: &[(&str, &str)]) -> String {
    let to = [("target_app_key", KEY), ("sid", "-")];
    let own = to.iter().filter(|(name, _)| !business.iter().any(|(other, _)| other == name));
    let all: Vec<_> = own.chain(business).copied().collect();
    qimen_form(method, &all)
}

/// Calls [`KEY`].
pub(crate) async fn call(world: &World, method: &str, business: &[(&str, &str)]) -> String {
    world.receive(Received::new(QM, "", FORM, form(method, business))).await
}

/// `{"response":{"flag":"failure","code":15,…}}`
pub(crate) fn failure(sub_code: &str, sub_message: &str) -> String {
    format!(
        r#"{{"response":{{"flag":"failure","code":15,"message":"Remote service error","sub_code":"{sub_code}","sub_message":"{sub_message}","request_id":"ID"}}}}"#
    )
}
