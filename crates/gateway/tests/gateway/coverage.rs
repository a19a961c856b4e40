//! What callers skipped: gaps between windows, pages that nobody asked for, shops that fell silent; over restarts and nodes.

use gateway::directory::{Api, Effect, WindowRule};
use gateway::{Config, Gateway, Received, Stretch, Watched};
use units::Moment;

use crate::forward::{Does, Outside, call, define, world_with_target};
use crate::world::{FORM, NOW, World, openapi2_form, world};

const PUSH: [(&str, &str); 2] = [("shop_no", "s1"), ("note_list", r#"[{"body":"a"}]"#)];

fn time(unix: i64) -> String {
    Moment::from_unix(unix).to_string()
}

/// A signed call of this moment.
async fn ask(world: &World, gateway: &Gateway, file: &str, more: &[(&str, &str)]) -> String {
    use units::Clock;
    let now = world.clock.now().unix().to_string();
    let form = openapi2_form("demo2-ot", &[&[("timestamp", &*now)][..], more].concat());
    let sent = gateway.answer(Received::new(&format!("/openapi2/{file}"), "", FORM, form)).await;
    String::from_utf8(sent.body).unwrap()
}

/// Reads a page of a window, both as seconds from the beginning of the test.
async fn read(world: &World, window: (i64, i64), page: i64, more: &[(&str, &str)]) {
    let (start, end, page) = (time(NOW + window.0), time(NOW + window.1), page.to_string());
    let own = [("start_time", &*start), ("end_time", &*end), ("page_no", &*page)];
    let answer = ask(world, &world.gateway, "note_page.php", &[&own[..], more].concat()).await;
    assert!(answer.contains(r#""code":0"#), "{answer}");
}

async fn push(world: &World, notes: usize) {
    let list = format!("[{}]", vec![r#"{"body":"a"}"#; notes].join(","));
    let answer = ask(world, &world.gateway, "note_push.php", &[PUSH[0], ("note_list", &list)]).await;
    assert!(answer.contains(&format!(r#""new_count":{notes}"#)), "{answer}");
}

/// The stretches as seconds from the beginning of the test.
fn seconds(stretches: &[Stretch]) -> Vec<(i64, i64)> {
    stretches.iter().map(|stretch| (stretch.from.unix() - NOW, stretch.to.unix() - NOW)).collect()
}

async fn reads(gateway: &Gateway) -> Vec<Watched> {
    let mut watched = gateway.watched().await.unwrap();
    watched.retain(|watched| !watched.push);
    watched
}

/// The only caller who reads.
async fn reader(gateway: &Gateway) -> Watched {
    let mut watched = reads(gateway).await;
    assert_eq!(watched.len(), 1);
    watched.remove(0)
}

#[tokio::test]
async fn a_hole_is_named_and_goes_when_it_is_read() {
    let world = world().await;
    world.clock.advance(2000);
    for window in [(0, 599), (600, 1200), (1500, 1800)] {
        read(&world, window, 0, &[]).await;
    }
    let watched = reader(&world.gateway).await;
    assert_eq!((&*watched.app.key, &*watched.sid, &*watched.method), ("demo2-ot", "demo2", "toy.note.page"));
    assert_eq!(seconds(&watched.spans), [(0, 1200), (1500, 1800)]);
    assert_eq!(seconds(&watched.gaps), [(1200, 1500)]);
    assert_eq!((watched.calls, watched.findings()), (3, [1, 0, 0, 0]));
    read(&world, (1200, 1500), 0, &[]).await;
    let watched = reader(&world.gateway).await;
    assert_eq!((seconds(&watched.spans), watched.is_wrong()), (vec![(0, 1800)], false));
}

#[tokio::test]
async fn every_page_counts_at_the_size_that_was_served() {
    let world = world().await;
    push(&world, 3).await;
    push_later(&world, 2).await;
    world.clock.advance(100);
    // Two rows a page are served, whatever is asked for.
    read(&world, (0, 50), 0, &[("page_size", "100")]).await;
    assert!(!reader(&world.gateway).await.is_wrong(), "under way");
    world.clock.advance(400);
    let watched = reader(&world.gateway).await;
    let missing = &watched.unfinished[0];
    assert_eq!((&*missing.missing, missing.pages, missing.page_size), ("1-2", Some(3), 2));
    assert_eq!((watched.findings(), watched.spans.len()), ([0, 1, 0, 0], 0));
    for page in [2, 1] {
        read(&world, (0, 50), page, &[("page_size", "100")]).await;
    }
    let watched = reader(&world.gateway).await;
    assert_eq!((seconds(&watched.spans), watched.is_wrong()), (vec![(0, 50)], false));
}

async fn push_later(world: &World, notes: usize) {
    world.clock.advance(1);
    push(world, notes).await;
}

#[tokio::test]
async fn what_the_future_brings_is_not_read_and_what_is_refused_is_not_noted() {
    let world = world().await;
    world.clock.advance(100);
    // Complete up to this second by the store's own promise; of a later end only what is over.
    read(&world, (0, 100), 0, &[]).await;
    assert_eq!(seconds(&reader(&world.gateway).await.spans), [(0, 100)]);
    read(&world, (50, 900), 0, &[]).await;
    assert_eq!(seconds(&reader(&world.gateway).await.spans), [(0, 100)]);
    world.clock.advance(1);
    read(&world, (50, 900), 0, &[]).await;
    assert_eq!(seconds(&reader(&world.gateway).await.spans), [(0, 100)]);
    world.clock.advance(9);
    read(&world, (50, 900), 0, &[]).await;
    assert_eq!(seconds(&reader(&world.gateway).await.spans), [(0, 109)]);
    let (start, end) = (time(NOW + 500), time(NOW + 600));
    for wrong in [("page_no", "x"), ("sign", "00"), ("body", "much too long a text")] {
        let answer =
            ask(&world, &world.gateway, "note_page.php", &[("start_time", &start), ("end_time", &end), wrong]).await;
        assert!(!answer.contains(r#""code":0"#), "{answer}");
    }
    assert_eq!(reader(&world.gateway).await.calls, 4);
}

#[tokio::test]
async fn shops_and_conditions_are_told_apart_and_all_shops_are_each() {
    let world = world().await;
    world.clock.advance(2000);
    for window in [(0, 100), (200, 300)] {
        read(&world, window, 0, &[("shop_no", "s1")]).await;
        read(&world, window, 0, &[("shop_no", "s1"), ("body", "x")]).await;
    }
    read(&world, (90, 150), 0, &[]).await;
    let watched = reads(&world.gateway).await;
    let told: Vec<_> = watched.iter().map(|w| (&*w.shop, &*w.filter, seconds(&w.gaps))).collect();
    let expected = [("", "", vec![]), ("s1", "", vec![(150, 200)]), ("s1", "body=x", vec![(100, 200)])];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_shop_that_falls_silent_is_seen() {
    let world = world().await;
    for _ in 0..60 {
        push(&world, 1).await;
        world.clock.advance(1800);
    }
    let pushes = || async { world.gateway.watched().await.unwrap().remove(0) };
    let steady = pushes().await;
    assert_eq!((&*steady.shop, &*steady.method, steady.calls, steady.push), ("s1", "toy.note.push", 60, true));
    assert_eq!((steady.silent, steady.usual_pause), (None, Some(1501)), "to the end of five minutes");
    world.clock.advance(2600);
    assert_eq!(pushes().await.silent, None);
    world.clock.advance(200);
    assert_eq!(pushes().await.silent, Some(4600));
    // A refused push is no sign of life of the shop.
    let answer = ask(&world, &world.gateway, "note_push.php", &[("shop_no", "s2"), PUSH[1]]).await;
    assert!(answer.contains("2310"), "{answer}");
    let watched = world.gateway.watched().await.unwrap();
    assert_eq!((watched.len(), watched[0].findings()), (1, [0, 0, 0, 1]));
}

#[tokio::test]
async fn pages_through_two_nodes_are_one_window_and_a_restart_forgets_nothing() {
    let world = world().await;
    push(&world, 3).await;
    world.clock.advance(100);
    let second = world.node(Config::default()).await;
    let (start, end) = (time(NOW), time(NOW + 50));
    for (gateway, page) in [(&*world.gateway, "0"), (&*second, "1")] {
        let own = [("start_time", &*start), ("end_time", &*end), ("page_no", page)];
        assert!(ask(&world, gateway, "note_page.php", &own).await.contains(r#""code":0"#));
    }
    world.gateway.keep_coverage().await.unwrap();
    assert_eq!(reader(&world.gateway).await.spans, [], "what the other node noted is not written yet");
    second.keep_coverage().await.unwrap();
    read(&world, (80, 90), 0, &[]).await;
    world.gateway.keep_coverage().await.unwrap();
    // Nothing is counted twice.
    world.gateway.keep_coverage().await.unwrap();
    let restarted = world.node(Config::default()).await;
    for gateway in [&world.gateway, &second, &restarted] {
        let watched = reader(gateway).await;
        assert_eq!((seconds(&watched.spans), watched.calls), (vec![(0, 50), (80, 90)], 3));
        assert_eq!(seconds(&watched.gaps), [(50, 80)]);
    }
    let pushed = restarted.watched().await.unwrap().into_iter().find(|watched| watched.push).unwrap();
    assert_eq!((pushed.calls, pushed.last.unix()), (1, NOW));
    // Two weeks later nobody remembers.
    world.clock.advance(15 * 86_400);
    assert_eq!(restarted.watched().await.unwrap().len(), 0);
}

#[tokio::test]
async fn callers_of_targets_outside_are_watched_where_the_definition_says_how() {
    let target = Outside::start(|heard| {
        let page = heard.param("page").unwrap_or_default();
        Does::Says(format!(r#"{{"response":{{"total":5,"page":{page:?},"rows":[{{"total":900}}]}}}}"#))
    })
    .await;
    let world = world_with_target(&target.url()).await;
    let rule = WindowRule {
        start: "from".into(),
        end: "to".into(),
        page: "page".into(),
        usual_size: 2,
        first_page: 1,
        total: "total".into(),
        shop: "shop".into(),
        ..WindowRule::default()
    };
    let api = |name: &str, effect, rule: &WindowRule| Api {
        scene: "x1y2z3".into(),
        name: name.into(),
        effect,
        window: Some(rule.clone()),
        ..Api::default()
    };
    define(&world, api("demo.page.query", Effect::Query, &rule)).await;
    let shops = WindowRule { shop: "shop".into(), ..WindowRule::default() };
    define(&world, api("demo.note.push", Effect::Command, &shops)).await;
    let page = |window: (i64, i64), page: &'static str| {
        let (from, to) = (time(NOW + window.0), (NOW + window.1).to_string());
        let world = &world;
        async move {
            let own = [("from", &*from), ("to", &*to), ("page", page), ("shop", "s9")];
            let answer = call(world, "x1y2z3.demo.page.query", &own).await;
            assert!(answer.contains("900"), "{answer}");
        }
    };
    for number in ["3", "1", "2"] {
        page((-1000, -600), number).await;
    }
    for number in ["1", "3"] {
        page((-599, -300), number).await;
    }
    for number in ["1", "2", "3"] {
        page((-200, 0), number).await;
    }
    call(&world, "x1y2z3.demo.note.push", &[("shop", "s9")]).await;
    call(&world, "x1y2z3.demo.order.query", &[("tid", "T1")]).await;
    let watched = world.gateway.watched().await.unwrap();
    let told: Vec<_> = watched.iter().map(|w| (&*w.method, &*w.target, &*w.shop, w.push)).collect();
    let key = crate::forward::KEY;
    assert_eq!(told, [("demo.note.push", key, "s9", true), ("demo.page.query", key, "s9", false)]);
    // The second of the call itself is not over.
    assert_eq!(seconds(&watched[1].spans), [(-1000, -600), (-200, -1)]);
    assert_eq!(seconds(&watched[1].gaps), [(-300, -200)]);
    world.clock.advance(400);
    let missing = world.gateway.watched().await.unwrap().remove(1).unfinished;
    assert_eq!((missing.len(), &*missing[0].missing), (1, "1"));
    for (rule, effect) in [
        (WindowRule { total: String::new(), ..rule.clone() }, Effect::Query),
        (WindowRule { usual_size: 0, ..rule.clone() }, Effect::Query),
        (WindowRule { first_page: 2, ..rule.clone() }, Effect::Query),
        (WindowRule { end: String::new(), ..rule.clone() }, Effect::Query),
        (WindowRule { start: "a..b".into(), ..rule.clone() }, Effect::Query),
        (WindowRule { shop: String::new(), ..rule.clone() }, Effect::Command),
    ] {
        let refused = world.gateway.directory().draft_api(api("demo.wrong", effect, &rule)).await.unwrap_err();
        assert!(refused.to_string().contains("window: "), "{refused}");
    }
}
