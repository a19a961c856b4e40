//! Steps that the door of the scene shares with every other door: stubs, business keys, calls that are sent again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dock_wms::hub::HeardState;
use gateway::directory::{
    Api, CustomerRoute, Direction, EVERY_SID, Endpoint, Environment, Grant, Scene, Target, TargetKind,
};
use gateway::log::{Entry, Messages, Outcome, Unpushable, Wanted};
use gateway::stub::{MockFormat, MockRule, StubSet};
use store::Secret;

use crate::world::{SECRET, WMS_KEY, World, world};

const CONFIRM: &str = "deliveryorder.confirm";

fn confirm(code: &str, biz: &str, waybill: &str) -> String {
    format!(
        "<request><deliveryOrder><deliveryOrderCode>{code}</deliveryOrderCode><warehouseCode>W1-CODE</warehouseCode>\
         <orderType>JYCK</orderType><outBizCode>{biz}</outBizCode></deliveryOrder><packages><package>\
         <logisticsCode>ZTO</logisticsCode><expressCode>{waybill}</expressCode><items><item><itemCode>A-1</itemCode>\
         <quantity>1</quantity></item></items></package></packages></request>"
    )
}

fn newest(world: &World) -> (Entry, Option<Messages>) {
    let log = world.gateway.log().unwrap();
    let (place, entry) = log.search(&Wanted { limit: 1, ..Wanted::default() }).unwrap().calls.remove(0);
    let messages = log.messages(place, &entry).unwrap();
    (entry, messages)
}

/// Defines a method of the scene with a business key.
async fn keyed(world: &World, key: &str) {
    let directory = world.gateway.directory();
    directory.put_scene(Scene { code: "qimen".into(), official: true, ..Scene::default() }).await.unwrap();
    let api = Api {
        scene: "qimen".into(),
        name: CONFIRM.into(),
        indexed: Some(key.into()),
        once_key: vec![key.into()],
        ..Api::default()
    };
    let (environment, scene, name) = (api.environment, api.scene.clone(), api.name.clone());
    let version = directory.draft_api(api).await.unwrap();
    directory.publish_api(environment, scene, name, version).await.unwrap();
}

#[tokio::test]
async fn a_mock_rule_answers_before_the_other_side_is_there_and_touches_nothing() {
    let world = world().await;
    let rule = MockRule {
        name: "taken".into(),
        format: MockFormat::Xml,
        body: "<response><flag>success</flag><code>0</code><message>${deliveryOrder.deliveryOrderCode}</message></response>"
            .into(),
        times: 2,
        ..MockRule::default()
    };
    let set = StubSet {
        environment: Environment::Production,
        production_allowed: true,
        method: CONFIRM.into(),
        rules: vec![rule],
        ..StubSet::default()
    };
    world.gateway.directory().put_stub(set).await.unwrap();
    for customer in ["c1", "nobody-yet"] {
        let reply = world.tell(customer, CONFIRM, &confirm("CK1", "B1", "Z1")).await;
        assert_eq!(
            reply, "<response><flag>success</flag><code>0</code><message>CK1</message></response>",
            "{customer}"
        );
        let (entry, _) = newest(&world);
        assert_eq!((entry.outcome(), &*entry.forwarded), (Outcome::Stubbed, "stub v1 taken"));
    }
    assert!(world.heard(world.m, HeardState::Waiting).await.is_empty());
    // No rule fits any more: said plainly, in the envelope of the scene.
    let reply = world.tell("c1", CONFIRM, &confirm("CK1", "B1", "Z1")).await;
    assert!(reply.contains("<flag>failure</flag>") && reply.contains("挡板已开启"), "{reply}");
    // A stub stands behind the checks: who may not call is told so.
    let reply = world.tell_as("21300999", "c1", CONFIRM, &confirm("CK1", "B1", "Z1")).await;
    assert!(reply.contains("<code>29</code>"), "{reply}");
    world.gateway.directory().retire_stub(Environment::Production, CONFIRM.into()).await.unwrap();
    let reply = world.tell("nobody-yet", CONFIRM, &confirm("CK1", "B1", "Z1")).await;
    assert!(reply.contains("isv.invalid-parameter:customerId"), "{reply}");
}

#[tokio::test]
async fn one_business_key_is_one_write_however_it_is_signed() {
    let world = world().await;
    keyed(&world, "deliveryOrder.deliveryOrderCode").await;
    let no = world.release("T1", "W1", &[("A-1", 1)]).await;
    world.rest().await;
    let first = world.tell("c1", CONFIRM, &confirm(&no, "B1", "Z1")).await;
    let (entry, _) = newest(&world);
    assert_eq!((entry.outcome(), entry.number), (Outcome::Done, no.clone()), "{first}");
    world.clock.advance(1);
    assert_eq!(world.tell("c1", CONFIRM, &confirm(&no, "B1", "Z1")).await, first);
    assert_eq!(newest(&world).0.outcome(), Outcome::Replayed);
    let heard = world.heard(world.m, HeardState::Applied).await;
    assert_eq!((heard.len(), heard[0].repeats), (1, 0), "the second call did not come as far as the hub");
    // Other content under the same key: refused, naming the first call.
    world.clock.advance(1);
    let clash = world.tell("c1", CONFIRM, &confirm(&no, "B2", "Z2")).await;
    assert!(clash.contains("<sub_code>1020</sub_code>") && clash.contains(entry.request_id.as_str()), "{clash}");
    assert_eq!(world.heard(world.m, HeardState::Applied).await.len(), 1);
    assert_eq!(world.orders(world.m, "T1").await, [(95, "Z1".to_owned())]);
}

#[tokio::test]
async fn a_logged_call_is_sent_again_as_the_same_caller() {
    let world = world().await;
    // Refused, because nothing is agreed with this customer yet.
    let body = confirm("CK202601020001", "B1", "Z1");
    world.tell("c9", CONFIRM, &body).await;
    let (entry, messages) = newest(&world);
    assert_eq!((entry.outcome(), &*entry.channel, &*entry.target), (Outcome::Refused, "service", "c9"));
    world.clock.advance(7200);
    let pushed = world.gateway.repush(&entry, messages.as_ref(), false).await.unwrap();
    let (again, _) = newest(&world);
    assert_eq!((again.request_id, again.repushed(), again.code), (pushed.request_id, true, 41));

    let no = world.release("T1", "W1", &[("A-1", 1)]).await;
    world.rest().await;
    world.tell("c1", CONFIRM, &confirm(&no, "B2", "Z1")).await;
    let (mut done, messages) = newest(&world);
    let refused = world.gateway.repush(&done, messages.as_ref(), false).await;
    assert_eq!(refused.err(), Some(Unpushable::AlreadyDone));
    // As when the caller was told that it takes too long: the receipt answers, hours later and without a new write.
    done.code = 1020;
    world.clock.advance(7200);
    world.gateway.repush(&done, messages.as_ref(), false).await.unwrap();
    assert_eq!(newest(&world).0.outcome(), Outcome::Replayed);
    assert_eq!(world.heard(world.m, HeardState::Applied).await[0].repeats, 0);
    // By force it is a new call, which the hub knows by its outBizCode.
    world.gateway.repush(&done, messages.as_ref(), true).await.unwrap();
    assert_eq!(newest(&world).0.outcome(), Outcome::Done);
    assert_eq!(world.heard(world.m, HeardState::Applied).await[0].repeats, 1);
    assert_eq!(world.stock(world.m, "W1", "A-1").await, (999, 0));
}

/// Somebody outside who answers with a number of his own each time.
async fn outside(world: &World) -> Arc<AtomicUsize> {
    let heard = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&heard);
    let answer = move || {
        let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
        let reply = format!("<response><flag>failure</flag><code>E{number}</code><message>no</message></response>");
        std::future::ready(reply)
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/wms", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/wms", axum::routing::post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let directory = world.gateway.directory();
    let production = Endpoint { url, secret: Secret::new(SECRET), private_allowed: true, ..Endpoint::default() };
    let target = Target {
        key: "21360009".into(),
        name: String::new(),
        kind: TargetKind::Http,
        production,
        test: Endpoint::default(),
    };
    directory.put_target(target).await.unwrap();
    let route = CustomerRoute {
        environment: Environment::Production,
        customer_id: "out".into(),
        direction: Direction::ToErp,
        target_app_key: "21360009".into(),
    };
    directory.put_customer_route(route).await.unwrap();
    let grant = Grant {
        environment: Environment::Production,
        app_key: WMS_KEY.into(),
        target_app_key: "21360009".into(),
        sid: EVERY_SID.into(),
    };
    directory.grant(grant).await.unwrap();
    heard
}

#[tokio::test]
async fn a_forwarded_write_is_claimed_and_its_business_key_holds() {
    let world = world().await;
    keyed(&world, "deliveryOrder.outBizCode").await;
    let heard = outside(&world).await;
    let first = world.tell("out", CONFIRM, &confirm("CK1", "B1", "Z1")).await;
    assert!(first.contains("<code>E1</code>"), "the provider's refusal as it is: {first}");
    assert_eq!(newest(&world).0.outcome(), Outcome::Refused);
    // The identical call, and the same content signed anew: the first answer.
    assert_eq!(world.tell("out", CONFIRM, &confirm("CK1", "B1", "Z1")).await, first);
    world.clock.advance(1);
    assert_eq!(world.tell("out", CONFIRM, &confirm("CK1", "B1", "Z1")).await, first);
    world.clock.advance(1);
    let clash = world.tell("out", CONFIRM, &confirm("CK1", "B1", "Z2")).await;
    assert!(clash.contains("<sub_code>1020</sub_code>"), "{clash}");
    assert_eq!(heard.load(Ordering::SeqCst), 1, "it left once");
    let (entry, messages) = newest(&world);
    world.gateway.repush(&entry, messages.as_ref(), true).await.unwrap();
    assert_eq!(heard.load(Ordering::SeqCst), 1, "sent again, it still clashes");
    assert!(world.tell("out", CONFIRM, &confirm("CK1", "B2", "Z2")).await.contains("<code>E2</code>"));
}
