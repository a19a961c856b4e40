//! The openapi2 door: codes and order of the checks (fact sheet wdt-1, 1.11), envelope (1.6).

use gateway::Config;
use gateway::directory::{Allowed, AppChange, AppOptions, Environment, Protocol, Rights, TenantChange};

use crate::world::{NOW, openapi2_form, world, world_with};

const PUSH: &[(&str, &str)] = &[("shop_no", "s1"), ("note_list", r#"[{"body":"你好","mobile":"13800000000"}]"#)];

#[tokio::test]
async fn answers_in_its_envelope_with_text_scalars() {
    let world = world().await;
    assert_eq!(world.openapi2("note_push.php", PUSH).await, r#"{"code":0,"message":"","new_count":1}"#);
    assert_eq!(
        world.openapi2("note_query.php", &[]).await,
        r#"{"code":0,"message":"","total_count":1,"notes":[{"rec_id":"1","body":"你好","mobile":"13800000000","modified":"2023-11-15 06:13:20"}]}"#
    );
    assert_eq!(
        world.openapi2("his_note_query.php", &[("page_no", "1")]).await,
        r#"{"code":0,"message":"","total_count":0,"notes":[]}"#
    );
    let record = world.records.last();
    assert_eq!(
        (&*record.method, record.app.as_str(), record.code, record.tenant),
        ("toy.note.query", "demo2-ot", 0, 1)
    );
    assert_eq!((record.environment, record.dialect), (Some(Environment::Production), "code-points"));
}

#[tokio::test]
async fn each_fault_of_the_caller_has_its_code() {
    let world = world().await;
    let late = (NOW - 301).to_string();
    for (change, expected) in [
        (("sid", "-"), r#"{"code":2900,"message":"必传参数缺失入参：sid"}"#),
        (("sid", ""), r#"{"code":2900,"message":"必传参数缺失入参：sid"}"#),
        (("appkey", "-"), r#"{"code":2900,"message":"必传参数缺失入参：appkey"}"#),
        (("timestamp", "-"), r#"{"code":2900,"message":"必传参数缺失入参：timestamp"}"#),
        (("sign", "(none)"), r#"{"code":2900,"message":"必传参数缺失入参：sign"}"#),
        (("sid", "nobody"), r#"{"code":2030,"message":"sid is not exists"}"#),
        (("sid", "other"), r#"{"code":2030,"message":"appkey不存在，验证失败"}"#),
        (("appkey", "nobody"), r#"{"code":2030,"message":"appkey不存在，验证失败"}"#),
        (("timestamp", "soon"), r#"{"code":2060,"message":"timestamp超出允许的时间误差(5分钟)，验证失败"}"#),
        (("timestamp", &late), r#"{"code":2060,"message":"timestamp超出允许的时间误差(5分钟)，验证失败"}"#),
        (("timestamp", "1700000000000"), r#"{"code":2060,"message":"timestamp超出允许的时间误差(5分钟)，验证失败"}"#),
        (
            ("sign", "00"),
            r#"{"code":2100,"message":"签名错误(sign error)：32 hexadecimal digits are expected / 应为 32 位十六进制"}"#,
        ),
        (("page_no", "x"), r#"{"code":2830,"message":"参数值无效:page_no"}"#),
    ] {
        assert_eq!(world.openapi2("note_query.php", &[change]).await, expected, "{change:?}");
    }
    for (list, expected) in [
        ("-", r#"{"code":2900,"message":"必传参数缺失入参：note_list"}"#),
        ("[", r#"{"code":2830,"message":"参数值无效:note_list"}"#),
        (r#"[{"body":"longer than ten"}]"#, r#"{"code":2830,"message":"参数值无效:note_list[0].body"}"#),
    ] {
        assert_eq!(
            world.openapi2("note_push.php", &[("shop_no", "s1"), ("note_list", list)]).await,
            expected,
            "{list}"
        );
    }
    let deep = "[".repeat(10_000);
    let answer = world.openapi2("note_push.php", &[("shop_no", "s1"), ("note_list", &deep)]).await;
    assert_eq!(answer, r#"{"code":2830,"message":"参数值无效:note_list"}"#);
    let path = "/openapi2/note_query.php";
    for (body, expected) in [
        (openapi2_form("demo2-other", &[]).replace("other", "ot"), r#"{"code":2100,"message":"签名错误(sign error)"}"#),
        ("sid=demo2&sid=demo3".to_owned(), r#"{"code":2830,"message":"参数值无效:sid（重复传参且值不一致）"}"#),
    ] {
        assert_eq!(world.send(path, "", &body).await, expected, "{body}");
    }
    assert!(world.send(path, "", "sid=%zz").await.starts_with(r#"{"code":2830,"message":"参数值无效:sid（"#));
    assert!(world.send(path, "", "sid=%ff").await.starts_with(r#"{"code":2830,"message":"参数值无效:sid（"#));
    assert_eq!(world.stored(1).await, (0, 0, 0), "a refused call has no effect");
}

#[tokio::test]
async fn the_body_wins_over_the_query() {
    let world = world().await;
    let form = openapi2_form("demo2-ot", &[("page_no", "0")]);
    let answer = world.send("/openapi2/note_query.php", "page_no=5&sid=demo2", &form).await;
    assert_eq!(answer, r#"{"code":0,"message":"","total_count":0,"notes":[]}"#);
}

#[tokio::test]
async fn unknown_files_are_404() {
    let world = world().await;
    for path in ["/openapi2/nothing.php", "/openapi2/note_query", "/somewhere"] {
        let sent = world.gateway.answer(gateway::Received::new(path, "", "", "")).await;
        assert_eq!((sent.status, sent.body), (404, r#"{"code":1,"message":"接口不存在"}"#.into()), "{path}");
    }
}

#[tokio::test]
async fn checks_come_in_the_order_of_the_sheet() {
    // Each caller has one fault more than the one before, and hears of the first.
    let world = world().await;
    let off = AppChange { enabled: Some(false), ..AppChange::default() };
    world.change(Protocol::Openapi2, "demo2-ot", off).await;
    let late = (NOW - 301).to_string();
    for (pairs, code) in [
        (&[("page_no", "x")][..], "2090"),
        (&[("sign", "00")], "2100"),
        (&[("sign", "00"), ("timestamp", &late)], "2060"),
        (&[("sign", "00"), ("timestamp", &late), ("appkey", "nobody")], "2030"),
        (&[("sign", "00"), ("timestamp", "-"), ("appkey", "nobody")], "2900"),
    ] {
        let answer = world.openapi2("note_query.php", pairs).await;
        assert!(answer.starts_with(&format!("{{\"code\":{code},")), "{answer}");
    }
}

#[tokio::test]
async fn rights_addresses_and_tenants_can_be_taken_away() {
    let world = world().await;
    let denied = r#"{"code":1,"message":"权限不足"}"#;
    let rights =
        Rights { methods: Allowed::only(["toy.note.push"]), shops: Allowed::only(["s2"]), ..Rights::default() };
    world.change(Protocol::Openapi2, "demo2-ot", AppChange { rights: Some(rights), ..AppChange::default() }).await;
    assert_eq!(world.openapi2("note_query.php", &[]).await, denied);
    let refused = r#"{"code":2310,"message":"店铺编号在系统中不存在或已停用"}"#;
    assert_eq!(world.openapi2("note_push.php", PUSH).await, refused);

    let options = AppOptions { addresses: vec!["10.0.0.0/8".to_owned().try_into().unwrap()], ..AppOptions::default() };
    let change = AppChange { rights: Some(Rights::default()), options: Some(options), ..AppChange::default() };
    world.change(Protocol::Openapi2, "demo2-ot", change).await;
    assert_eq!(world.openapi2("note_query.php", &[]).await, denied);
    let form = openapi2_form("demo2-ot", &[]);
    let mut from_inside = gateway::Received::new("/openapi2/note_query.php", "", "", form);
    from_inside.peer = Some("10.1.1.1".parse().unwrap());
    assert!(world.receive(from_inside).await.starts_with(r#"{"code":0"#));

    let off = TenantChange { enabled: Some(false), ..TenantChange::default() };
    world.gateway.directory().update_tenant(1, off).await.unwrap();
    world
        .gateway
        .directory()
        .update_tenant(2, TenantChange { enabled: Some(false), ..TenantChange::default() })
        .await
        .unwrap();
    assert_eq!(world.openapi2("note_query.php", &[]).await, r#"{"code":2030,"message":"sid is not exists"}"#);
}

#[tokio::test]
async fn limits_of_frequency_are_off_until_set() {
    let world = world_with(Config { calls_per_minute: 2, ..Config::default() }).await;
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(world.openapi2("note_query.php", &[]).await);
    }
    assert_eq!(answers[2], r#"{"code":1012,"message":"超过每分钟最大调用频率限制,请稍后重试"}"#);
    assert!(answers[1].starts_with(r#"{"code":0"#));
}

#[tokio::test]
async fn the_same_sid_has_other_data_in_each_environment() {
    let world = world().await;
    world.openapi2("note_push.php", PUSH).await;
    let answer = world.send("/openapi2/note_query.php", "", &openapi2_form("demo2-test", &[])).await;
    assert_eq!(answer, r#"{"code":0,"message":"","total_count":0,"notes":[]}"#);
    assert_eq!((world.stored(1).await.0, world.stored(2).await.0), (1, 0));
}

#[tokio::test]
async fn strict_applications_may_not_repeat_a_read() {
    let world = world().await;
    let options = AppOptions { strict_replay: true, ..AppOptions::default() };
    world.change(Protocol::Openapi2, "demo2-ot", AppChange { options: Some(options), ..AppChange::default() }).await;
    assert!(world.openapi2("note_query.php", &[]).await.starts_with(r#"{"code":0"#));
    assert_eq!(world.openapi2("note_query.php", &[]).await, r#"{"code":1020,"message":"请勿重复操作"}"#);
    assert!(world.openapi2("note_query.php", &[("page_no", "0")]).await.starts_with(r#"{"code":0"#));
}
