//! Pushes from outside: the vectors of the fact sheet, and everything that is refused without a trace.

use dock_ascp::hub::{self, OrderState};
use dock_ascp::messages::PushReply;
use dock_ascp::platform;
use units::Clock;
use wire::params::Params;
use wire::qimen::{self, Forwarded};

use crate::world::{APP, House, SECRET, World};

const NOTIFY: &str = include_str!("../vectors/notify.xml");
const CANCEL: &str = include_str!("../vectors/cancel.xml");
const REVERSE: &str = include_str!("../vectors/reverse.xml");
const XML: &str = "text/xml;charset=UTF-8";

/// The queries of fact sheet ascp-direct, 1.6, 2.2 and 2.3, with their signatures.
fn vector(method: &str, timestamp: &str, sign: &str) -> String {
    let timestamp = timestamp.replace(' ', "%20");
    format!(
        "app_key=21999001&customerId=2200000000001&format=xml&sign_method=md5&v=2.0&method=qimen.alibaba.ascp.uop.{method}&timestamp={timestamp}&sign={sign}"
    )
}

/// The world whose supplier is the one of the vectors.
async fn sheet(begin: &str) -> (House, World) {
    let house = House::new(begin).await;
    // 1000000000090001 is number 90001 in the worlds' counting.
    let world = house.world(90_001).await;
    assert_eq!(world.supplier, "1000000000090001");
    (house, world)
}

/// Sends a body signed as Qimen would, with parameters that differ.
async fn send(world: &World, method: &str, body: &str, content_type: &str, changes: &[(&str, &str)]) -> PushReply {
    let now = world.clock.now().to_string();
    let method = format!("qimen.alibaba.ascp.uop.{method}");
    let mut pairs = vec![
        ("method", method.as_str()),
        ("timestamp", now.as_str()),
        ("app_key", APP),
        ("v", "2.0"),
        ("sign_method", "md5"),
        ("customerId", "2200000000001"),
    ];
    for (name, value) in changes {
        pairs.retain(|(known, _)| known != name);
        if *value != "-" {
            pairs.push((name, value));
        }
    }
    let query = Params::of_pairs(pairs).unwrap();
    let form = Params::default();
    let forwarded = Forwarded { headers: &[], query: &query, form: &form, content_type, body: body.as_bytes() };
    let sign = qimen::sign(SECRET, &forwarded).unwrap();
    world.arrive(&qimen::signed_query(&query, &sign), content_type, body).await.0
}

async fn count(world: &World) -> usize {
    world.us(|tx, _| hub::orders(tx, None, 0, 100)).await.unwrap().len()
}

#[tokio::test]
async fn the_vectors_of_the_sheet_are_accepted() {
    let (house, world) = sheet("2026-01-05 10:01:30").await;
    let query = vector("consignorder.notify", "2026-01-05 10:01:00", "B31CBD0ED3C4ADFA7739FBA88ED6BB2E");
    assert_eq!(world.arrive(&query, XML, NOTIFY).await.0, PushReply::accepted());
    // Its goods are nobody's here: the order is kept and waits for a person.
    let channel = world.channel().await;
    let of = channel.clone();
    let order = world.us(move |tx, _| hub::order_by_code(tx, &of, "LP00900000000101")).await.unwrap();
    assert_eq!(order.state, OrderState::Exception);
    assert_eq!(order.facts.reason, "货品未映射:690000000001");
    house.clock.advance(3_500);
    let query = vector("consignorder.cancel", "2026-01-05 11:00:01", "B92D9F1C39E78A7526BE2DDC7A1C0D01");
    assert_eq!(world.arrive(&query, XML, CANCEL).await.0, PushReply::accepted());
    house.clock.advance(6 * 86_400 + 22 * 3_600);
    let query = vector("reverseorder.instorage.notify", "2026-01-12 09:00:00", "43326862A4B4EED2869A74AA3A2DF62E");
    assert_eq!(world.arrive(&query, XML, REVERSE).await.0, PushReply::accepted());
    let found = world.us(move |tx, _| hub::return_by_code(tx, &channel, "LP00900000000901")).await.unwrap();
    assert_eq!((found.forward.as_str(), found.facts.lines[0].planned), ("LP00900000000101", 2));
}

#[tokio::test]
async fn a_push_that_is_not_signed_right_leaves_nothing() {
    let (_house, world) = sheet("2026-01-05 10:01:30").await;
    let good = vector("consignorder.notify", "2026-01-05 10:01:00", "B31CBD0ED3C4ADFA7739FBA88ED6BB2E");
    let bad_sign = vector("consignorder.notify", "2026-01-05 10:01:00", "B31CBD0ED3C4ADFA7739FBA88ED6BB2F");
    let changed = NOTIFY.replace("<quantity>2<", "<quantity>3<");
    for (query, body) in
        [(&bad_sign, NOTIFY), (&good, &*changed), (&good.replace("app_key=21999001", "app_key=1"), NOTIFY)]
    {
        let reply = world.arrive(query, XML, body).await.0;
        assert_eq!(reply, PushReply::refused("sign-check-failure", "Illegal request"));
    }
    // The clock is off by eleven minutes.
    for timestamp in ["2026-01-05 10:12:31", "2026-01-05 09:50:29"] {
        let reply = send(&world, "consignorder.notify", NOTIFY, XML, &[("timestamp", timestamp)]).await;
        assert_eq!((reply.code.as_str(), reply.retry), ("sign-check-failure", false));
    }
    assert_eq!(count(&world).await, 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_says_why() {
    let (_house, world) = sheet("2026-01-05 10:01:30").await;
    let bomb = "<!DOCTYPE r [<!ENTITY x \"y\">]><request>&x;</request>";
    let unknown = NOTIFY.replace("1000000000090001", "1000000000099999");
    let nameless = NOTIFY.replace("<bizOrderCode>LP00900000000101</bizOrderCode>", "");
    for (method, body, code, retry, words) in [
        ("consignorder.notify", bomb, "INVALID_BODY", false, "document types"),
        ("consignorder.notify", "<request>", "INVALID_BODY", false, "not well-formed"),
        ("consignorder.notify", &*unknown, "UNKNOWN_SUPPLIER", true, "1000000000099999"),
        ("consignorder.notify", &*nameless, "INVALID_FIELD", false, "bizOrderCode"),
        ("consignorder.shipped", NOTIFY, "UNKNOWN_METHOD", false, "consignorder.shipped"),
    ] {
        let reply = send(&world, method, body, XML, &[]).await;
        assert_eq!((reply.success, reply.code.as_str(), reply.retry), (false, code, retry), "{}", reply.message);
        assert!(reply.message.contains(words), "{}", reply.message);
    }
    assert_eq!(count(&world).await, 0);
}

#[tokio::test]
async fn an_order_that_cannot_be_mapped_is_kept_whole_and_goes_on_when_it_can() {
    let (_house, world) = sheet("2026-01-05 10:01:30").await;
    for (from, to, reason) in [
        ("<quantity>2<", "<quantity>0<", "quantity"),
        ("<itemsValue>25800<", "<itemsValue>1<", "itemsValue"),
        ("<businessModel>0<", "<businessModel>7<", "businessModel"),
        ("<storeCode>DEMO_WH_01<", "<storeCode>ELSEWHERE<", "仓库未映射"),
        ("<receiverProvince>浙江省<", "<receiverProvince>某省<", "省市区"),
        ("<receiverName>张*<", "<receiverName><", "receiverName"),
    ] {
        assert!(NOTIFY.contains(from), "{from}");
        let code = format!("LP{}", reason.len() + from.len() * 100 + to.len());
        let body = NOTIFY.replace(from, to).replace("LP00900000000101", &code).replace("900000000101001", &code);
        assert_eq!(send(&world, "consignorder.notify", &body, XML, &[]).await, PushReply::accepted());
        let channel = world.channel().await;
        let order = world.us(move |tx, _| hub::order_by_code(tx, &channel, &code)).await.unwrap();
        assert_eq!(order.state, OrderState::Exception);
        assert!(order.facts.reason.contains(reason), "{}", order.facts.reason);
    }
    // The goods of the sheet's own order become known.
    assert_eq!(send(&world, "consignorder.notify", NOTIFY, XML, &[]).await, PushReply::accepted());
    let channel = world.channel().await;
    let state = world
        .us(move |tx, settings| {
            hub::map_goods(tx, &channel, "690000000001", "A")?;
            let parked = hub::open_messages(tx, hub::MessageState::Parked, 0, 100)?;
            assert_eq!(parked.len(), 7);
            let mut mine = parked.into_iter().find(|message| message.code == "LP00900000000101").unwrap();
            assert!(hub::retry_parked(tx, settings, &channel, &mut mine)?);
            Ok(hub::order_by_code(tx, &channel, "LP00900000000101")?.state)
        })
        .await;
    assert_eq!(state.unwrap(), OrderState::PendingAudit);
    let raw = world.us(|tx, _| Ok(erp::order::raw_by_tid(tx, "LP00900000000101")?)).await.unwrap().unwrap();
    assert_eq!((raw.facts.paid.to_string().as_str(), raw.orders.len()), ("258.0000", 1));
}

#[tokio::test]
async fn the_same_push_again_changes_nothing_and_another_content_is_kept_beside_it() {
    let (_house, world) = sheet("2026-01-05 10:01:30").await;
    let json = r#"{"request":{"supplierId":"1000000000090001","bizOrderCode":"LP7","sourcePlatformCode":"TMGJZY","storeCode":"DEMO_WH_01","orderItems":[{"subOrderCode":"71","scItemId":690000000001,"outerId":"A","quantity":2,"itemAmount":100}],"receiverInfo":{"receiverName":"张*","receiverMobile":"1**********","receiverProvince":"浙江省","receiverCity":"杭州市","receiverArea":"余杭区","receiverAddress":"示例路*"}}}"#;
    for _ in 0..3 {
        assert_eq!(send(&world, "consignorder.notify", json, "application/json", &[]).await, PushReply::accepted());
    }
    let other = json.replace("\"quantity\":2", "\"quantity\":1");
    assert_eq!(send(&world, "consignorder.notify", &other, "application/json", &[]).await, PushReply::accepted());
    assert_eq!(count(&world).await, 1);
    let (raw, conflicts, alarms) = world
        .us(|tx, _| {
            let raw = erp::order::raw_by_tid(tx, "LP7")?.unwrap();
            let conflicts = hub::open_messages(tx, hub::MessageState::Conflicting, 0, 10)?;
            Ok((raw, conflicts, hub::open_alarms(tx, 0, 10)?))
        })
        .await
        .unwrap();
    assert_eq!(raw.facts.lines[0].num.to_string(), "2.0000");
    assert_eq!((conflicts.len(), alarms.len()), (1, 1));
}

#[tokio::test]
async fn what_the_push_address_says_itself_is_signed_too() {
    let (_house, world) = sheet("2026-01-05 10:01:30").await;
    let code = world.place(&[(690_000_000_001, 2)]).await.unwrap();
    let leased = world
        .them(|tx| {
            let id = "1000000000090001";
            let supplier = platform::supplier(tx, id)?;
            let push_url = "http://127.0.0.1:1/spi/ascp?from=a%20b&empty=".to_owned();
            platform::put_supplier(tx, &platform::SimSupplier { push_url, ..supplier })?;
            platform::lease(tx, 10)
        })
        .await
        .unwrap();
    assert_eq!(leased.len(), 1);
    assert_eq!(world.deliver(&leased[0]).await, PushReply::accepted());
    let channel = world.channel().await;
    assert!(world.us(move |tx, _| hub::order_by_code(tx, &channel, &code)).await.is_ok());
}
