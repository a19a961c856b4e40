//! The check before going live.

use gateway::directory::{Document, Environment, FindingKind, Severity, readiness};
use serde_json::json;
use units::Clock;

use crate::world::world;

#[tokio::test]
async fn what_would_fail_in_production_is_found() {
    let world = world().await;
    let directory = world.gateway.directory();
    let document = json!({
        "scene": [{ "code": "x1y2z3" }],
        "application": [
            { "app_key": "21300007", "secret": "app-secret-07" },
            { "app_key": "21300008", "secret": "app-secret-08", "enabled": false, "addresses": ["10.0.0.1"] },
        ],
        "target": [
            { "target_app_key": "21300099", "name": "ERP", "kind": "erp" },
            {
                "target_app_key": "21360000", "kind": "http",
                "production": { "url": "http://erp.example.cn/" },
                "test": { "url": "http://erp.example.cn/", "secret": "target-secret" },
            },
            { "target_app_key": "21360001", "kind": "openapi2", "test": { "url": "http://127.0.0.1:1/" } },
        ],
        "api": [
            { "scene": "x1y2z3", "name": "a.b", "environments": ["test"] },
            { "scene": "x1y2z3", "name": "a.c", "environments": ["test"] },
            { "scene": "x1y2z3", "name": "a.c", "environments": ["production"], "timeout_ms": 5, "stub": "on" },
            { "scene": "x1y2z3", "name": "a.d" },
        ],
        "authorisation": [
            { "app_key": "21300007", "target_app_key": "21360000" },
            { "app_key": "21300007", "target_app_key": "21360001", "environments": ["test"] },
            { "app_key": "21300008", "target_app_key": "21300099", "sid": "demo2" },
            { "app_key": "21300008", "target_app_key": "21300099", "sid": "other", "environments": ["production"] },
        ],
    });
    directory.apply(Document::read(&document).unwrap(), "test".into()).await.unwrap();
    let other = directory.snapshot().tenant_of(Environment::Production, "other").unwrap().number;
    let off = gateway::directory::TenantChange { enabled: Some(false), ..Default::default() };
    directory.update_tenant(other, off).await.unwrap();
    let found = readiness(&directory.snapshot(), &directory.authorisations().await.unwrap(), world.clock.now());
    let told: Vec<_> = found
        .iter()
        .map(|f| format!("{} {} {} {} {}", f.kind.name(), f.environment.name(), f.app_key, f.target_app_key, f.subject))
        .collect();
    assert_eq!(
        told,
        [
            "no_secret production  21360000 http://erp.example.cn/",
            "caller_off production 21300008 21300099 ",
            "tenant_off production 21300008 21300099 other",
            "only_in_test production 21300007 21360001 *",
            "no_account test  21360001 http://127.0.0.1:1/",
            "caller_off test 21300008 21300099 ",
            "stub_on production   x1y2z3.a.c",
            "api_only_in_test production   x1y2z3.a.b",
            "no_addresses production 21300007  ",
            "plain_http production  21360000 http://erp.example.cn/",
            "same_url production  21360000 http://erp.example.cn/",
            "plain_http test  21360000 http://erp.example.cn/",
            "api_differs production   x1y2z3.a.c",
        ]
    );
    assert!(found.iter().all(|f| !f.kind.words().0.is_empty() && !f.kind.words().1.is_empty()));
    assert_eq!(FindingKind::PlainHttp.severity(), Severity::Warning);
}
