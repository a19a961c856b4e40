//! Refused signatures are explained.

use gateway::{Config, Received};
use wire::explain::Verdict;
use wire::form::{Space, encode};
use wire::top::Digest;

use crate::world::{FORM, SECRET, World, openapi2_form, qimen_pairs, world, world_with};

#[tokio::test]
async fn a_known_mistake_is_named_to_the_caller() {
    let world = world().await;
    let pairs = qimen_pairs(Digest::Md5, "toy.note.query", &[]);
    let sign = wire::top::sign(Digest::Hmac, SECRET, pairs.iter().copied(), None);
    let form = encode(pairs.iter().copied().chain([("sign", sign.as_str())]), Space::Plus);
    assert_eq!(
        world.send("/router/qm", "", &form).await,
        r#"{"response":{"flag":"failure","code":25,"message":"Invalid signature","sub_message":"it is the hmac digest, but sign_method names another / 实际算法为 hmac，与 sign_method 不符","request_id":"ID"}}"#
    );
    let unsigned = openapi2_form("demo2-ot", &[("shop_no", "s1")]) + "&page_no=1";
    assert_eq!(
        world.send("/openapi2/note_query.php", "", &unsigned).await,
        r#"{"code":2100,"message":"签名错误(sign error)：the parameter page_no is sent but not signed / 参数 page_no 已发送但未参与签名"}"#
    );
}

#[tokio::test]
async fn hints_are_rationed() {
    let world = world().await;
    let unsigned = openapi2_form("demo2-ot", &[("shop_no", "s1")]) + "&page_no=1";
    let mut hints = 0;
    for _ in 0..30 {
        let answer = world.send("/openapi2/note_query.php", "", &unsigned).await;
        assert!(answer.starts_with(r#"{"code":2100,"#));
        hints += usize::from(answer.contains("not signed"));
    }
    assert_eq!(hints, 10);
}

#[tokio::test]
async fn the_console_gets_the_whole_story_without_the_secret() {
    let world = world().await;
    let form = openapi2_form("demo2-ot", &[]);
    let received = Received::new("/openapi2/note_query.php", "", FORM, form);
    let story = world.gateway.explain(&received, None).unwrap();
    assert!(matches!(story.verdict, Verdict::Accepted { .. }));
    assert!(story.canonical.starts_with("06-appkey:0008-demo2-ot;") && !story.canonical.contains(SECRET));
    let nobody = Received::new("/openapi2/note_query.php", "appkey=x", FORM, "");
    assert!(world.gateway.explain(&nobody, None).is_err());
}

/// A call of one application, signed with the secret of another one of the same owner.
async fn with_the_others_secret(world: &World) -> String {
    let new = gateway::directory::NewApp {
        protocol: gateway::directory::Protocol::Openapi2,
        key: "demo2-more".into(),
        secret: store::Secret::new(b"the other one's secret"),
        tenant: 1,
        name: String::new(),
        rights: Default::default(),
        options: Default::default(),
    };
    world.gateway.directory().create_app(new).await.unwrap();
    let pairs = qimen_pairs(Digest::Md5, "toy.note.query", &[]);
    let sign = wire::top::sign(Digest::Md5, "the other one's secret", pairs.iter().copied(), None);
    encode(pairs.iter().copied().chain([("sign", sign.as_str())]), Space::Plus)
}

#[tokio::test]
async fn the_secret_of_the_owners_other_application_is_recognised_and_not_named() {
    let world = world().await;
    let form = with_the_others_secret(&world).await;
    let answer = world.send("/router/qm", "", &form).await;
    assert!(answer.contains("the secret of another application of the same owner"), "{answer}");
    let received = Received::new("/router/qm", "", FORM, form);
    let directory = world.gateway.directory().snapshot();
    let samples = gateway::dispute::samples(&received, "http://x/", &wire::sample::Language::ALL, &directory).unwrap();
    assert!(samples.iter().all(|(_, code)| code.contains("http://x/router/qm") && !code.contains(SECRET)));
}

#[tokio::test]
async fn no_other_secrets_are_tried_for_a_caller_who_must_not_learn_which_keys_exist() {
    let world = world_with(Config { conceal_applications: true, ..Config::default() }).await;
    let form = with_the_others_secret(&world).await;
    let answer = world.send("/router/qm", "", &form).await;
    assert!(answer.contains(r#""code":25"#) && !answer.contains("sub_message"), "{answer}");
    // The owner, who asks with the admin token, is still told.
    let told = world.gateway.explain(&Received::new("/router/qm", "", FORM, form), None).unwrap();
    let Verdict::Mistake(mistake) = told.verdict else { panic!("{:?}", told.verdict) };
    assert!(mistake.to_string().contains("another application"), "{mistake}");
}
