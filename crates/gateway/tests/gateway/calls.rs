//! The call log as the pipeline fills it, and calls that are sent again.

use std::sync::Arc;

use gateway::Received;
use gateway::directory::{AppChange, Environment, Protocol};
use gateway::log::{Entry, Messages, Outcome, Unpushable, View, Wanted};

use crate::forward::{Does, Outside, PUSH, call, world_with_target};
use crate::world::{FORM, World, openapi2_form, qimen_form, world};

pub(crate) fn newest(world: &World) -> (Entry, Option<Messages>) {
    let log = world.gateway.log().unwrap();
    let found = log.search(&Wanted { limit: 1, ..Wanted::default() }).unwrap();
    let (place, entry) = found.calls.into_iter().next().expect("a call was logged");
    let messages = log.messages(place, &entry).unwrap();
    (entry, messages)
}

fn shown(world: &World) -> (String, String) {
    let (entry, messages) = newest(world);
    let method = world.gateway.registry().find(&entry.method);
    let view = View { reveal: false, method: method.map(|method| &**method) };
    let messages = messages.unwrap();
    (messages.request_shown(&view), messages.reply_shown(&view))
}

fn notes(body: &str) -> String {
    format!(r#"[{{"body":"{body}","mobile":"13800138000"}}]"#)
}

#[tokio::test]
async fn every_call_of_every_door_is_there() {
    let world = world().await;
    for (path, body, app, method, outcome, code, has_messages) in [
        (
            "/openapi2/note_query.php",
            openapi2_form("demo2-ot", &[]),
            "demo2-ot",
            "toy.note.query",
            Outcome::Done,
            0,
            false,
        ),
        ("/router/qm", qimen_form("scene0.toy.note.query", &[]), "21300001", "toy.note.query", Outcome::Done, 0, false),
        ("/router/qmtest", qimen_form("toy.note.query", &[]), "21300001", "toy.note.query", Outcome::Done, 0, false),
        ("/router/qm", qimen_form("toy.nothing", &[]), "", "", Outcome::Refused, 22, true),
        (
            "/router/qm",
            qimen_form("toy.note.query", &[("sign", "x")]),
            "21300001",
            "toy.note.query",
            Outcome::Refused,
            25,
            true,
        ),
        (
            "/openapi2/note_push.php",
            openapi2_form("demo2-ot", &[("shop_no", "s1"), ("note_list", &notes("a"))]),
            "demo2-ot",
            "toy.note.push",
            Outcome::Done,
            0,
            true,
        ),
        (
            "/openapi2/note_push.php",
            openapi2_form("demo2-ot", &[("shop_no", "s1"), ("note_list", &notes("a"))]),
            "demo2-ot",
            "toy.note.push",
            Outcome::Replayed,
            0,
            true,
        ),
        (
            "/openapi2/note_push.php",
            openapi2_form("demo2-ot", &[("shop_no", "s9"), ("note_list", &notes("b"))]),
            "demo2-ot",
            "toy.note.push",
            Outcome::Refused,
            2310,
            true,
        ),
    ] {
        let mut received = Received::new(path, "", FORM, body);
        received.peer = "10.1.2.3".parse().ok();
        world.receive(received).await;
        let (entry, messages) = newest(&world);
        assert_eq!(entry.request_id, world.records.last().request_id);
        let told = (&*entry.app, &*entry.method, entry.outcome(), entry.code, messages.is_some());
        assert_eq!(told, (app, method, outcome, code, has_messages), "{path}");
        assert_eq!(entry.peer, "10.1.2.3".parse().ok());
        assert_eq!(entry.request_id.node(), world.gateway.log().unwrap().node());
        let test = path.ends_with("test");
        assert_eq!(entry.environment == Some(Environment::Test), test && !entry.app.is_empty());
    }
    let (request, _) = shown(&world);
    assert!(request.contains(r#""mobile":"138****8000""#) && request.contains(r#""shop_no":"s9""#), "{request}");
}

#[tokio::test]
async fn the_message_is_masked_by_the_methods_own_declaration() {
    let world = world().await;
    world.openapi2("note_push.php", &[("shop_no", "s1"), ("note_list", &notes("a"))]).await;
    // A refused read keeps its messages.
    world.openapi2("note_query.php", &[("page_no", "x")]).await;
    let (request, reply) = shown(&world);
    assert!(request.contains(r#""page_no":"x""#) && reply.contains(r#""code":2830"#), "{request} {reply}");
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_its_call_in_the_log() {
    let target = Outside::start(|_| Does::Hangs).await;
    let world = world_with_target(&target.url()).await;
    let calling = tokio::spawn({
        let gateway = Arc::clone(&world.gateway);
        let form = crate::forward::form("x1y2z3.demo.order.query", &[("tid", "T1")]);
        async move { gateway.answer(Received::new("/router/qm", "", FORM, form)).await }
    });
    target.hears(1).await;
    calling.abort();
    let _ = calling.await;
    let (entry, _) = newest(&world);
    assert_eq!((entry.outcome(), &*entry.method), (Outcome::Open, "demo.order.query"));
}

#[tokio::test]
async fn a_refused_write_is_sent_again_and_a_done_one_only_by_force() {
    let world = world().await;
    let business = [("shop_no", "s9"), ("note_list", &*notes("a"))];
    world.openapi2("note_push.php", &business).await;
    let (entry, messages) = newest(&world);
    // The reason has gone: the shop's number was wrong because of the form; another call with the same content is refused alike.
    world.clock.advance(3600);
    let pushed = world.gateway.repush(&entry, messages.as_ref(), false).await.unwrap();
    let (again, _) = newest(&world);
    assert_eq!((again.request_id, again.code, again.repushed()), (pushed.request_id, 2310, true));
    world.clock.advance(-3600);

    world.openapi2("note_push.php", &[("shop_no", "s1"), ("note_list", &notes("b"))]).await;
    let (done, messages) = newest(&world);
    let refused = world.gateway.repush(&done, messages.as_ref(), false).await;
    assert_eq!(refused.err(), Some(Unpushable::AlreadyDone));
    assert_eq!(world.stored(1).await.0, 1);
    // A new second, so that it is a new call.
    world.clock.advance(3600);
    world.gateway.repush(&done, messages.as_ref(), true).await.unwrap();
    assert_eq!(newest(&world).0.outcome(), Outcome::Done);
    assert_eq!(world.stored(1).await.0, 2);
}

#[tokio::test]
async fn what_was_carried_out_after_all_is_not_carried_out_again() {
    let world = world().await;
    let business = [("shop_no", "s1"), ("note_list", &*notes("a"))];
    world.openapi2("note_push.php", &business).await;
    let (mut entry, messages) = newest(&world);
    // As when the caller was told that it takes too long: the log does not know what became of it.
    entry.code = 1020;
    world.clock.advance(7200);
    let pushed = world.gateway.repush(&entry, messages.as_ref(), false).await.unwrap();
    assert_eq!(newest(&world).0.outcome(), Outcome::Replayed, "{}", String::from_utf8_lossy(&pushed.sent.body));
    assert_eq!(world.stored(1).await.0, 1);
    // A changed secret does not matter: the call is signed again.
    let change = AppChange { secret: Some(store::Secret::new("another secret")), ..AppChange::default() };
    world.change(Protocol::Openapi2, "demo2-ot", change).await;
    world.gateway.repush(&entry, messages.as_ref(), false).await.unwrap();
    assert_eq!((newest(&world).0.outcome(), world.stored(1).await.0), (Outcome::Replayed, 1));
}

#[tokio::test]
async fn raw_bodies_and_the_other_door_are_signed_again_as_well() {
    let world = world().await;
    let push = [("shop_no", "s9"), ("note_list", &*notes("a"))];
    world.qimen("/router/qm", "toy.note.push", &push).await;
    let (entry, messages) = newest(&world);
    assert_eq!((entry.code, &*entry.sub_code, &*entry.target), (2310, "2310", "21300099"));
    world.gateway.repush(&entry, messages.as_ref(), true).await.unwrap();
    let (again, messages) = newest(&world);
    assert_eq!((again.code, &*again.app), (2310, "21300001"));
    for (change, expected) in [
        (&(|entry: &mut Entry| entry.app.clear()) as &dyn Fn(&mut Entry), Unpushable::Stranger),
        (&|entry: &mut Entry| entry.app = "gone".to_owned(), Unpushable::AppGone("gone".to_owned())),
    ] {
        let mut entry = again.clone();
        change(&mut entry);
        assert_eq!(world.gateway.repush(&entry, messages.as_ref(), true).await.err(), Some(expected));
    }
    assert_eq!(world.gateway.repush(&again, None, true).await.err(), Some(Unpushable::NotKept));
}

#[tokio::test]
async fn a_forwarded_call_is_sent_again_through_the_same_claim() {
    let target =
        Outside::start(|_| Does::Says(r#"{"response":{"flag":"failure","code":"E1","message":"缺货"}}"#.into())).await;
    let world = world_with_target(&target.url()).await;
    call(&world, PUSH, &[("tid", "T7")]).await;
    let (entry, messages) = newest(&world);
    assert_eq!((&*entry.scene, &*entry.method, entry.outcome()), ("x1y2z3", "demo.order.push", Outcome::Refused));
    assert!(entry.forwarded.contains("127.0.0.1"), "{}", entry.forwarded);
    // Not by force: the kept refusal answers. By force: it leaves as a new call.
    world.gateway.repush(&entry, messages.as_ref(), false).await.unwrap();
    assert_eq!(target.heard().len(), 1);
    world.clock.advance(1);
    world.gateway.repush(&entry, messages.as_ref(), true).await.unwrap();
    assert_eq!(target.heard().len(), 2);
    assert_eq!(
        target.last().param("tid").or_else(|| Some(target.last().text())).map(|text| text.contains("T7")),
        Some(true)
    );
}

#[tokio::test]
async fn a_call_to_a_target_that_is_refused_for_its_signature_is_found_by_its_method() {
    let target = Outside::saying("{}").await;
    let world = world_with_target(&target.url()).await;
    let refused = call(&world, PUSH, &[("tid", "T8"), ("sign", "00000000000000000000000000000000")]).await;
    assert!(refused.contains(r#""code":25"#), "{refused}");
    let (entry, messages) = newest(&world);
    assert_eq!((&*entry.scene, &*entry.method, entry.outcome()), ("x1y2z3", "demo.order.push", Outcome::Refused));
    assert_eq!((&*entry.app, entry.recognised()), ("21300001", false), "anybody may have named the key");
    let again = world.gateway.repush(&entry, messages.as_ref(), true).await;
    assert_eq!(again.err(), Some(Unpushable::Stranger), "what somebody made up is not signed for him");
    // Found with the other calls of the application; its limits and who is unknown stay apart.
    let wanted = gateway::log::Wanted { app: Some("21300001".to_owned()), limit: 10, ..Default::default() };
    assert_eq!(world.gateway.log().unwrap().search(&wanted).unwrap().calls.len(), 1);
    call(&world, PUSH, &[("tid", "T9"), ("app_key", "21309999")]).await;
    let (entry, _) = newest(&world);
    assert_eq!((&*entry.app, entry.recognised(), entry.code), ("", false, 29));
}
