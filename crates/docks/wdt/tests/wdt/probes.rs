//! Whatever a request may say wrongly, of every method: unknown and forbidden shops, warehouses and providers, numbers that nobody
//! has, windows of every wrong kind. What must be answered stands in the tests of the families; here nothing leaves that a method
//! does not declare (the gateway sees to that while assertions are on), and what is refused stores nothing.

use gateway::directory::{Allowed, Protocol, Rights};
use serde_json::{Value, json};
use wire::args::{Field, Kind};

use crate::fields::{send, send_as, valid};
use crate::world::{World, at, parsed, world};
use crate::{aftersale, purchase};

/// Where a value stands, and what to put there.
type Change = (String, Value);

/// Values worth trying for a field, by its kind.
fn values(field: &Field, kind: &Kind) -> Vec<Value> {
    match kind {
        Kind::Text { .. } => vec![
            json!("NONE"),
            json!("api_test"),
            json!("WH01"),
            json!("jd"),
            json!("WH02"),
            json!("99"),
            json!("1,x"),
            json!(""),
        ],
        Kind::Int if field.name == "page_no" => vec![json!("-1")],
        Kind::Int => vec![json!("0"), json!("-1"), json!("99")],
        Kind::Flag | Kind::Code(_) => vec![json!("99")],
        Kind::Decimal => vec![json!("0"), json!("-1"), json!("99999999999999")],
        Kind::Values { max, .. } => vec![json!(["NONE"]), json!(vec!["1"; max + 1])],
        Kind::Time | Kind::Day | Kind::Object(_) | Kind::List { .. } | Kind::JsonText(_) => Vec::new(),
    }
}

fn changes(fields: &[Field], below: &str, request: &Value, out: &mut Vec<Change>) {
    for field in fields {
        let kind = if let Kind::JsonText(inner) = field.kind { *inner } else { field.kind };
        let place = format!("{below}/{}", field.name);
        out.extend(values(field, &kind).into_iter().map(|value| (place.clone(), value)));
        match kind {
            Kind::Object(inner) if request.pointer(&place).is_some() => changes(inner, &place, request, out),
            Kind::List { of, max, .. } if request.pointer(&format!("{place}/0")).is_some() => {
                changes(of, &format!("{place}/0"), request, out);
                let row = request.pointer(&format!("{place}/0")).unwrap();
                out.push((place.clone(), Value::Array(vec![row.clone(); max + 1])));
                let twice = [request.pointer(&format!("{place}/0")), request.pointer(&format!("{place}/0"))];
                out.push((place.clone(), json!(twice)));
            }
            _ => {}
        }
    }
}

fn changed(request: &Value, (place, value): &Change) -> Value {
    let mut request = request.clone();
    let (below, name) = place.rsplit_once('/').unwrap();
    let object = request.pointer_mut(below).and_then(Value::as_object_mut).unwrap();
    object.insert(name.to_owned(), value.clone());
    request
}

/// Every wrong kind of window.
fn windows(request: &Value) -> Vec<Value> {
    let without = |names: &[&str]| {
        let mut request = request.clone();
        for name in names {
            request.as_object_mut().unwrap().remove(*name);
        }
        request
    };
    let with = |start: String, end: String| {
        let mut request = request.clone();
        request["start_time"] = json!(start);
        request["end_time"] = json!(end);
        request
    };
    vec![
        without(&["start_time", "end_time"]),
        without(&["start_time"]),
        without(&["end_time"]),
        with(at(0), at(0)),
        with(at(60), at(-60)),
        with(at(-31 * 24 * 3600), at(0)),
    ]
}

/// One request; what is refused stores nothing.
async fn probe(world: &World, php: &str, request: &Value) {
    let before = world.stored().await;
    let answer = parsed(&send(world, php, request).await);
    let code = answer["code"].as_i64().unwrap_or_else(|| panic!("{php} {request}: {answer}"));
    if code != 0 && php != "trade_push.php" {
        assert_eq!(world.stored().await, before, "{php} {request}: {answer} stored something");
    }
}

#[tokio::test]
async fn whatever_is_wrong_has_a_declared_code() {
    let world = world().await;
    aftersale::prepare(&world).await;
    purchase::prepare(&world).await;
    let nothing = || Allowed::only(["NOBODY"]);
    let rights = Rights { shops: nothing(), warehouses: nothing(), providers: nothing(), ..Rights::default() };
    world.app(Protocol::Openapi2, "blind", world.tenant, rights).await;
    let mut tried = 0;
    for entry in dock_wdt::registry().iter() {
        let request = valid(entry.name);
        let answer = send_as(&world, ("demo2", "blind"), entry.php, &request).await;
        assert!(answer.starts_with(r#"{"code":"#), "{answer}");
        if entry.fields.iter().any(|field| field.name == "start_time") {
            for request in windows(&request) {
                probe(&world, entry.php, &request).await;
                tried += 1;
            }
        }
        let mut all = Vec::new();
        changes(entry.fields, "", &request, &mut all);
        for change in &all {
            let request = changed(&request, change);
            probe(&world, entry.php, &request).await;
            let blind = send_as(&world, ("demo2", "blind"), entry.php, &request).await;
            assert!(blind.starts_with(r#"{"code":"#), "{blind}");
            tried += 2;
        }
    }
    assert!(tried > 1000, "{tried} requests were tried");
}

/// What a caller gets wrong before any method is asked (fact sheet wdt-1, 1.11).
#[tokio::test]
async fn strangers_and_wrong_signatures() {
    let world = world().await;
    let code = async |who: (&str, &str)| parsed(&world.text_as(who, "shop.php", &[]).await)["code"].as_i64().unwrap();
    assert_eq!(code(("nobody", "demo2-test")).await, 2030, "the sid");
    assert_eq!(code(("demo2", "nobody")).await, 2030, "the appkey");
    assert_eq!(code(("demo2", "other-test")).await, 2030, "the appkey of somebody else");
    let off = world.app(Protocol::Openapi2, "off", world.tenant, Rights::default()).await;
    let change = gateway::directory::AppChange { enabled: Some(false), ..Default::default() };
    world.gateway.directory().update_app(off.number, change).await.unwrap();
    assert_eq!(code(("demo2", "off")).await, 2090);
    let rights = Rights { methods: Allowed::only(["wdt.warehouse.query"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "few", world.tenant, rights).await;
    assert_eq!(code(("demo2", "few")).await, 1);
    for (seconds, expected) in [(301, 2060), (-301, 2060), (300, 0)] {
        let answer = world.signed_at(seconds, "shop.php").await;
        assert_eq!(answer["code"], expected, "{seconds} seconds away");
    }
    assert_eq!(world.missigned("shop.php").await["code"], 2100);
}

/// Every read of a window is watched for gaps and counts as read once its one page was answered, whatever it calls its rows (fact sheet
/// qimen, G 8).
#[tokio::test]
async fn every_window_that_is_read_is_noted() {
    let world = world().await;
    aftersale::prepare(&world).await;
    purchase::prepare(&world).await;
    let (mut expected, mut others, mut pushes) = (Vec::new(), Vec::new(), Vec::new());
    for entry in dock_wdt::registry().iter() {
        match entry.watches() {
            "push" => pushes.push(entry.name),
            "window" => expected.push(entry.name),
            _ if entry.fields.iter().any(|field| field.name == "start_time") => others.push(entry.name),
            _ => {}
        }
        if entry.fields.iter().any(|field| field.name == "start_time") {
            let mut request = valid(entry.name);
            request["start_time"] = json!(at(-600));
            request["end_time"] = json!(at(0));
            let answer = parsed(&send(&world, entry.php, &request).await);
            assert_eq!(answer["code"].as_str().unwrap_or("0"), "0", "{}: {answer}", entry.name);
        }
    }
    let mut watched = world.gateway.watched().await.unwrap();
    watched.retain(|watched| !watched.push);
    let read = |watched: &gateway::Watched| {
        watched.spans.iter().any(|span| (span.from.to_string(), span.to.to_string()) == (at(-600), at(0)))
    };
    let noted: Vec<&str> = watched.iter().filter(|watched| read(watched)).map(|watched| &*watched.method).collect();
    expected.sort_unstable();
    // Bills are asked for by the time of payment: a window that was read may get more of them later.
    expected.retain(|name| *name != "wdt.fa.api.account.detail.query");
    assert_eq!(noted, expected);
    assert!(expected.len() > 20 && expected.contains(&"wdt.trade.query"), "{expected:?}");
    assert_eq!((others, pushes), (vec![], vec!["wdt.trade.push"]));
}

/// The widest window of every method that takes one (fact sheets wdt-1, 1.8; wdt-2, 8): exactly so wide is allowed, a second more
/// is not.
#[tokio::test]
async fn windows_are_as_wide_as_the_sheets_say() {
    const DAY: i64 = 24 * 3600;
    let world = world().await;
    let mut seen = 0;
    for entry in dock_wdt::registry().iter() {
        if !entry.fields.iter().any(|field| field.name == "start_time") {
            continue;
        }
        let widest = match entry.name {
            "wdt.trade.query" | "wdt.his.trade.query" | "wdt.vip.jit.return.stockin.order.query" => 3600,
            "wdt.vip.jit.stockout.order.query" => DAY,
            _ => 30 * DAY,
        };
        for (more, refused) in [(0, false), (1, true)] {
            let mut request = valid(entry.name);
            request["start_time"] = json!(at(-widest - more));
            request["end_time"] = json!(at(0));
            let answer = parsed(&send(&world, entry.php, &request).await);
            let code = answer["code"].as_i64().unwrap();
            let expected = match (refused, entry.name) {
                (false, _) => 0,
                (true, "wdt.vip.api.goods.query") => 2104,
                (true, _) => 2180,
            };
            assert_eq!(code, expected, "{} {more}: {answer}", entry.name);
        }
        seen += 1;
    }
    assert!(seen >= 20, "{seen} methods with a window");
}
