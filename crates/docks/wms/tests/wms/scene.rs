//! The rest of the scene, method by method: what a warehouse tells besides, what somebody's ERP orders and asks besides, and what is
//! not served, with its reason.

use std::path::Path;

use dock_wms::coverage::{COVERAGE, Dealt};
use dock_wms::hub::{HeardState, TaskState};
use erp::{catalog, inout, order, report, stock};
use gateway::service::{Direction, METHODS};
use serde_json::json;
use units::Quantity;

use crate::world::{World, world};

fn success(reply: &str) -> bool {
    reply.contains("<flag>success</flag>")
}

fn message_of(reply: &str) -> &str {
    reply.split_once("<message>").and_then(|(_, rest)| rest.split_once("</message>")).map_or("?", |(text, _)| text)
}

fn party(name: &str) -> String {
    format!(
        "<{name}><name>张三</name><mobile>13600000000</mobile><province>浙江省</province><city>杭州市</city>\
         <detailAddress>良渚1号</detailAddress></{name}>"
    )
}

/// A delivery of somebody's ERP for W2: the children of its `request` or `order`.
fn delivery(code: &str, item: &str, num: i64) -> String {
    format!(
        "<deliveryOrder><deliveryOrderCode>{code}</deliveryOrderCode><orderType>JYCK</orderType>\
         <warehouseCode>W2-CODE</warehouseCode><createTime>2026-01-02 03:04:05</createTime>\
         <placeOrderTime>2026-01-02 03:00:00</placeOrderTime><operateTime>2026-01-02 03:04:05</operateTime>\
         <shopNick>旗舰店</shopNick><sourcePlatformCode>OTHER</sourcePlatformCode><logisticsCode>ZTO</logisticsCode>{}{}\
         </deliveryOrder><orderLines><orderLine><ownerCode>OWNER</ownerCode><itemCode>{item}</itemCode>\
         <planQty>{num}</planQty><actualPrice>9.90</actualPrice></orderLine></orderLines>",
        party("senderInfo"),
        party("receiverInfo")
    )
}

/// The events in the timeline of an order, by topic.
async fn told(world: &World, tid: &'static str, topic: &str) -> Vec<serde_json::Value> {
    let found = world.store.read(world.m, move |reader| report::timeline(reader, tid)).await.unwrap();
    let events = found.entries.into_iter().filter_map(|entry| match entry {
        report::Entry::Event(event) if event.topic == topic => serde_json::from_str(&event.body).ok(),
        _ => None,
    });
    events.collect()
}

async fn parked(world: &World) -> Vec<String> {
    world.heard(world.m, HeardState::Parked).await.into_iter().map(|h| format!("{} {}", h.method, h.problem)).collect()
}

#[tokio::test]
async fn waves_and_serial_numbers_stand_on_the_order() {
    let world = world().await;
    let no = world.release("T1", "W1", &[("A-1", 2)]).await;
    world.rest().await;
    world.power("waves", json!({ "wave_no": "BC01", "orders": [no] })).await;
    world.rest().await;
    world.power(&format!("orders/{no}/ship"), json!({})).await;
    let pieces = json!({ "items": [{ "item_code": "A-1", "sn": "SN1" }, { "item_code": "A-1", "sn": "SN2" }] });
    world.power(&format!("orders/{no}/serials"), pieces.clone()).await;
    world.rest().await;
    // The same numbers in a message of its own: nothing new.
    world.power(&format!("orders/{no}/serials"), pieces).await;
    world.later(1).await;
    let id = world.order(world.m, "T1").await.id;
    let out = world.store.read(world.m, move |reader| order::stock_outs_of(reader, id)).await.unwrap().remove(0);
    let serials: Vec<&str> = out.outside.serials.iter().map(|serial| serial.sn.as_str()).collect();
    assert_eq!((out.outside.wave.as_str(), serials), ("BC01", vec!["SN1", "SN2"]));
    assert_eq!(told(&world, "T1", "order.wave").await[0]["wave_no"], "BC01");
    let events = told(&world, "T1", "order.serials").await;
    assert_eq!((events.len(), &events[0]["serials"][1]["sn"]), (1, &json!("SN2")));
    // Goods that nobody knows.
    world.power(&format!("orders/{no}/serials"), json!({ "items": [{ "item_code": "X-9", "sn": "S" }] })).await;
    world.rest().await;
    let parked = parked(&world).await;
    assert!(parked.len() == 1 && parked[0].contains("X-9"), "{parked:?}");
}

#[tokio::test]
async fn an_intercepted_order_waits_there_and_goes_on_when_it_is_let_go() {
    let world = world().await;
    let no = world.release("T1", "W1", &[("A-1", 1)]).await;
    world.rest().await;
    let trade = world.order(world.m, "T1").await.no;
    let stopped = trade.clone();
    world.write(world.m, move |tx, _| order::intercept(tx, &stopped, true, 0, "t")).await;
    world.rest().await;
    assert!(world.simulator.look(|state| state.orders[&no].waits));
    assert_eq!(told(&world, "T1", "order.held_by_warehouse").await.len(), 1);
    world.write(world.m, move |tx, _| order::intercept(tx, &trade, false, order::BLOCK_OTHER, "t")).await;
    world.rest().await;
    assert!(!world.simulator.look(|state| state.orders[&no].waits));
    world.power(&format!("orders/{no}/ship"), json!({})).await;
    world.rest().await;
    assert_eq!(world.order(world.m, "T1").await.status.code(), 95);
    assert!(world.tasks(world.m, TaskState::Dead).await.is_empty());
}

#[tokio::test]
async fn what_was_made_of_other_goods_moves_in_the_ledger_once() {
    let world = world().await;
    let made = |biz: &str, product: &str| {
        format!(
            "<request><processOrderCode>JG1</processOrderCode><outBizCode>{biz}</outBizCode><orderType>CNJG</orderType>\
             <orderCompleteTime>2026-01-02 03:04:05</orderCompleteTime><materialitems><item><itemCode>A-1</itemCode>\
             <quantity>4</quantity></item></materialitems><productitems><item><itemCode>{product}</itemCode>\
             <quantity>2</quantity></item></productitems></request>"
        )
    };
    for expected in ["ok", "重复消息,首次已处理"] {
        assert_eq!(message_of(&world.tell("c1", "storeprocess.confirm", &made("B1", "C-3")).await), expected);
        world.clock.advance(1);
    }
    assert_eq!(world.stock(world.m, "W1", "A-1").await.0, 996);
    assert_eq!(world.stock(world.m, "W1", "C-3").await.0, 1002);
    // An unknown product: nothing moves, not even the materials.
    let reply = world.tell("c1", "storeprocess.confirm", &made("B2", "X-9")).await;
    assert!(success(&reply) && message_of(&reply).contains("转人工处理") && reply.contains("X-9"), "{reply}");
    assert_eq!(world.stock(world.m, "W1", "A-1").await.0, 996);
}

#[tokio::test]
async fn a_batch_is_taken_order_by_order_and_says_who_was_not() {
    let world = world().await;
    let batch = |orders: &[(&str, &str)]| {
        let orders: String =
            orders.iter().map(|(code, item)| format!("<order>{}</order>", delivery(code, item, 1))).collect();
        format!("<request><orders>{orders}</orders></request>")
    };
    let mixed = batch(&[("D1", "A-1"), ("D2", "X-9")]);
    let reply = world.tell("c2", "deliveryorder.batchcreate", &mixed).await;
    assert_eq!(
        reply,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><response><flag>failure</flag><code>S004</code>\
         <message>2单中1单未接收</message><orders><order><deliveryOrderCode>D2</deliveryOrderCode>\
         <message>itemCode X-9不存在</message></order></orders></response>"
    );
    assert_eq!(world.order(world.w, "D1").await.status.code(), 30);
    // Again, with the wrong one mended: the first is answered as then.
    world.clock.advance(1);
    assert!(success(&world.tell("c2", "deliveryorder.batchcreate", &batch(&[("D1", "A-1"), ("D2", "B-2")])).await));
    assert_eq!(world.orders(world.w, "D1").await.len(), 1);
    assert_eq!(world.stock(world.w, "W2", "B-2").await, (1000, 1));
    // Its confirmation goes to their ERP, which here knows nothing of it: kept there.
    let trade = world.order(world.w, "D2").await.no;
    world
        .write(world.w, move |tx, settings| {
            order::audit(tx, settings, &trade, "t")?;
            order::ship(tx, settings, &trade, Some("ZTO"), "Z0002")
        })
        .await;
    world.rest().await;
    let waiting = world.heard(world.m, HeardState::Waiting).await;
    assert_eq!((waiting.len(), waiting[0].doc_no.as_str()), (1, "D2"));
    let empty = world.tell("c2", "deliveryorder.batchcreate", "<request><orders/></request>").await;
    assert!(empty.contains("isv.missing-parameter:request.orders.order[0]"), "{empty}");
}

#[tokio::test]
async fn an_order_that_is_told_again_is_the_same_order_or_refused() {
    let world = world().await;
    let create = format!("<request>{}</request>", delivery("D1", "A-1", 1));
    let tell = async |method: &str, body: &str| {
        world.clock.advance(1);
        world.tell("c2", method, body).await
    };
    let first = tell("deliveryorder.create", &create).await;
    assert!(success(&first), "{first}");
    // Another way to write it, and another moment, are the same order.
    let later = create.replace("<planQty>1<", "<planQty>1.000<").replace("<operateTime>2026", "<operateTime>2027");
    assert_ne!(later, create);
    assert_eq!(tell("deliveryorder.create", &later).await, first);
    for (from, to) in [("<planQty>1<", "<planQty>2<"), ("A-1", "B-2"), ("W2-CODE", "W3-CODE")] {
        let other = create.replacen(from, to, 1);
        assert_ne!(other, create);
        let refused = tell("deliveryorder.create", &other).await;
        assert!(refused.contains("<message>单据D1已存在,且内容与首次不同</message>"), "{from}: {refused}");
    }
    assert_eq!(world.stock(world.w, "W2", "A-1").await, (1000, 1));
    // Taken back, it does not come back by being told again.
    let cancel = "<request><warehouseCode>W2-CODE</warehouseCode><orderCode>D1</orderCode></request>";
    assert!(success(&tell("order.cancel", cancel).await));
    assert!(success(&tell("order.cancel", cancel).await), "it is done");
    let refused = tell("deliveryorder.create", &create).await;
    assert!(refused.contains("<code>S001</code><message>单据D1已取消,请使用新单号</message>"), "{refused}");
    assert_eq!(world.stock(world.w, "W2", "A-1").await, (1000, 0));
}

#[tokio::test]
async fn their_erp_lets_an_order_wait_and_go_on() {
    let world = world().await;
    let pending = |action: &str, code: &str| {
        format!(
            "<request><actionType>{action}</actionType><warehouseCode>W2-CODE</warehouseCode><orderCode>{code}</orderCode>\
             </request>"
        )
    };
    let create = format!("<request>{}</request>", delivery("D1", "A-1", 1));
    assert!(success(&world.tell("c2", "deliveryorder.create", &create).await));
    assert!(success(&world.tell("c2", "order.pending", &pending("pending", "D1")).await));
    let trade = world.order(world.w, "D1").await.no;
    let no = trade.clone();
    assert!(world.try_write(world.w, move |tx, settings| order::audit(tx, settings, &no, "t")).await.is_err());
    // Restored twice is restored once.
    for _ in 0..2 {
        world.clock.advance(1);
        assert!(success(&world.tell("c2", "order.pending", &pending("restore", "D1")).await));
    }
    let no = trade.clone();
    world.write(world.w, move |tx, settings| order::audit(tx, settings, &no, "t")).await;
    assert!(success(&world.tell("c2", "order.pending", &pending("pending", "D1")).await));
    let no = trade.clone();
    let ship = world.try_write(world.w, move |tx, s| order::ship(tx, s, &no, Some("ZTO"), "Z1")).await;
    assert!(ship.is_err(), "an audited one is intercepted");
    world.clock.advance(1);
    assert!(success(&world.tell("c2", "order.pending", &pending("restore", "D1")).await));
    world.write(world.w, move |tx, s| order::ship(tx, s, &trade, Some("ZTO"), "Z1")).await;
    for (action, code, expected) in [
        ("pending", "D1", "单据D1已发货,不能挂起或恢复"),
        ("stop", "D1", "actionType stop不存在,应为pending或restore"),
        ("pending", "D9", "没有可挂起的发货单D9"),
    ] {
        assert_eq!(message_of(&world.tell("c2", "order.pending", &pending(action, code)).await), expected);
    }
}

#[tokio::test]
async fn work_that_their_erp_orders_is_confirmed_when_both_documents_are_audited() {
    let world = world().await;
    let create = "<request><processOrderCode>JG1</processOrderCode><warehouseCode>W2-CODE</warehouseCode><orderType>CNJG</orderType>\
        <orderCreateTime>2026-01-02 03:04:05</orderCreateTime><planTime>2026-01-02 03:04:05</planTime>\
        <serviceType>1</serviceType><materialitems><item><itemCode>A-1</itemCode><quantity>6</quantity></item></materialitems>\
        <productitems><item><itemCode>B-2</itemCode><quantity>3</quantity></item></productitems></request>";
    let reply = world.tell("c2", "storeprocess.create", create).await;
    let id =
        reply.split_once("<processOrderId>").and_then(|(_, rest)| rest.split_once("</")).map(|(id, _)| id.to_owned());
    let id = id.unwrap_or_else(|| panic!("{reply}"));
    let (out, come) = id.split_once('/').unwrap();
    let (out, come) = (out.to_owned(), come.to_owned());
    world.write(world.w, move |tx, settings| inout::audit_stock_out(tx, settings, &out)).await;
    world.rest().await;
    assert_eq!(world.stock(world.m, "W2", "A-1").await.0, 1000, "half of it is not told");
    world.write(world.w, move |tx, settings| inout::audit_stock_in(tx, settings, &come)).await;
    world.rest().await;
    for tenant in [world.w, world.m] {
        assert_eq!(world.stock(tenant, "W2", "A-1").await.0, 994);
        assert_eq!(world.stock(tenant, "W2", "B-2").await.0, 1003);
    }
    let cancel = "<request><warehouseCode>W2-CODE</warehouseCode><orderCode>JG1</orderCode></request>";
    assert!(!success(&world.tell("c2", "order.cancel", cancel).await), "it is done");
    let second = create.replace("JG1", "JG2");
    assert!(success(&world.tell("c2", "storeprocess.create", &second).await));
    let cancel = cancel.replace("JG1", "JG2");
    assert!(success(&world.tell("c2", "order.cancel", &cancel).await));
    assert_eq!(world.stock(world.w, "W2", "A-1").await, (994, 0));
}

#[tokio::test]
async fn what_moves_without_an_order_of_theirs_is_reported() {
    let world = world().await;
    world
        .write(world.w, |tx, settings| {
            let line = stock::NewStockInLine { spec_no: "A-1".into(), num: Quantity::whole(5), ..Default::default() };
            let new = stock::NewStockIn {
                outer_no: "FOUND".into(),
                warehouse_no: "W2".into(),
                audit: true,
                lines: vec![line],
                ..Default::default()
            };
            stock::push_other_stock_in(tx, settings, &new)?;
            let line = stock::NewStockOutLine { spec_no: "B-2".into(), num: Quantity::whole(2), ..Default::default() };
            let new = stock::NewStockOut {
                outer_no: "BROKEN".into(),
                warehouse_no: "W2".into(),
                audit: true,
                lines: vec![line],
                ..Default::default()
            };
            stock::push_other_stock_out(tx, settings, &new)?;
            let counted = |spec_no: &str, num| stock::NewTakingLine {
                spec_no: spec_no.into(),
                num: Quantity::whole(num),
                ..Default::default()
            };
            let new = stock::NewStockTaking {
                outer_no: "COUNT".into(),
                warehouse_no: "W2".into(),
                mode: stock::TakingMode::BySpec,
                audit: true,
                strict: true,
                create_stock: false,
                remark: String::new(),
                lines: vec![counted("A-1", 1004), counted("C-3", 1007)],
            };
            stock::push_stock_taking(tx, settings, &new)?;
            Ok(())
        })
        .await;
    world.rest().await;
    for (spec, expected) in [("A-1", 1004), ("B-2", 998), ("C-3", 1007)] {
        assert_eq!(world.stock(world.w, "W2", spec).await.0, expected, "{spec} there");
        assert_eq!(world.stock(world.m, "W2", spec).await.0, expected, "{spec} with its owner");
    }
    let methods: Vec<String> =
        world.heard(world.m, HeardState::Applied).await.into_iter().map(|heard| heard.method).collect();
    let many = |method: &str| methods.iter().filter(|of| *of == method).count();
    assert_eq!((many("stockchange.report"), many("inventory.report")), (2, 2), "{methods:?}");
}

#[tokio::test]
async fn their_erp_asks_how_far_its_documents_are() {
    let world = world().await;
    let create = format!("<request>{}</request>", delivery("D1", "A-1", 2));
    assert!(success(&world.tell("c2", "deliveryorder.create", &create).await));
    let ask = "<request><orderCode>D1</orderCode><page>1</page><pageSize>10</pageSize></request>";
    let reply = world.tell("c2", "deliveryorder.query", ask).await;
    assert!(reply.contains("<totalLines>0</totalLines>") && reply.contains("<status>ACCEPT</status>"), "{reply}");
    let trade = world.order(world.w, "D1").await.no;
    world
        .write(world.w, move |tx, settings| {
            order::audit(tx, settings, &trade, "t")?;
            order::ship(tx, settings, &trade, Some("ZTO"), "Z9")
        })
        .await;
    let reply = world.tell("c2", "deliveryorder.query", ask).await;
    for part in ["<totalLines>1</totalLines>", "<status>DELIVERED</status>", "<expressCode>Z9</expressCode>"] {
        assert!(reply.contains(part), "{part}: {reply}");
    }
    let process = "<request><orderCode>D1</orderCode></request>";
    let reply = world.tell("c2", "orderprocess.query", process).await;
    let steps: Vec<&str> = reply.split("<processStatus>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(steps, ["ACCEPT", "DELIVERED"], "{reply}");

    let entry = format!(
        "<request><entryOrder><entryOrderCode>E1</entryOrderCode><ownerCode>OWNER</ownerCode>\
         <warehouseCode>W2-CODE</warehouseCode>{}{}</entryOrder><orderLines><orderLine><ownerCode>OWNER</ownerCode>\
         <itemCode>B-2</itemCode><planQty>4</planQty></orderLine></orderLines></request>",
        party("senderInfo"),
        party("receiverInfo")
    );
    assert!(success(&world.tell("c2", "entryorder.create", &entry).await));
    let ask = "<request><entryOrderCode>E1</entryOrderCode><page>1</page><pageSize>10</pageSize></request>";
    let reply = world.tell("c2", "entryorder.query", ask).await;
    assert!(reply.contains("<planQty>4</planQty><actualQty>0</actualQty>"), "{reply}");
    for (method, body, expected) in [
        ("deliveryorder.query", ask.replace("entryOrderCode", "orderCode").replace("E1", "D8"), "单据D8不存在"),
        ("entryorder.query", ask.replace("E1", "E8"), "单据E8不存在"),
        ("orderprocess.query", process.replace("D1", "D8"), "单据D8不存在"),
        ("entryorder.query", ask.replace(">10<", ">1000<"), "page从1开始,pageSize为1到100"),
        ("entryorder.query", ask.replace("<page>1</page>", ""), "isv.missing-parameter:request.page"),
    ] {
        assert_eq!(message_of(&world.tell("c2", method, &body).await), expected, "{method}");
    }
}

#[tokio::test]
async fn suites_are_made_once_and_never_changed_from_outside() {
    let world = world().await;
    let suite = |num: i64| {
        format!(
            "<request><itemCode>SUITE</itemCode><ownerCode>OWNER</ownerCode><itemName>套装</itemName><items><item>\
             <itemCode>A-1</itemCode><itemId>1</itemId><quantity>{num}</quantity></item></items></request>"
        )
    };
    for _ in 0..2 {
        assert!(success(&world.tell("c2", "combineitem.synchronize", &suite(2)).await));
        world.clock.advance(1);
    }
    let reply = world.tell("c2", "combineitem.synchronize", &suite(3)).await;
    assert_eq!(message_of(&reply), "组合装SUITE已存在且内容不同,请人工修改");
    let found = world.store.read(world.w, |reader| {
        let filter = catalog::SuiteFilter { no: Some("SUITE"), ..Default::default() };
        catalog::suites(reader, &filter, catalog::Page::ALL)
    });
    let suites = found.await.unwrap().rows;
    assert_eq!((suites.len(), suites[0].name.as_str(), suites[0].parts[0].num), (1, "套装", Quantity::whole(2)));
}

#[tokio::test]
async fn a_warehouse_may_ask_who_its_orders_go_to_and_that_is_written_down() {
    let world = world().await;
    let no = world.release("T1", "W1", &[("A-1", 1)]).await;
    world.rest().await;
    let ask = |code: &str| format!("<request><oaid>OA1</oaid><deliveryOrderCode>{code}</deliveryOrderCode></request>");
    let reply = world.tell("c1", "receiverinfo.query", &ask(&no)).await;
    assert!(reply.contains("<receiverInfo><name>张三</name>") && reply.contains("<oaid>OA1</oaid>"), "{reply}");
    assert_eq!(told(&world, "T1", "order.receiver_shown").await[0]["customer_id"], "c1");
    // Not of another warehouse's order.
    let other = world.release("T2", "W2", &[("A-1", 1)]).await;
    assert_eq!(message_of(&world.tell("c1", "receiverinfo.query", &ask(&other)).await), format!("没有出库单{other}"));
}

#[tokio::test]
async fn what_is_not_served_is_refused_or_kept_with_its_reason() {
    let world = world().await;
    let mut kept = 0;
    for method in METHODS {
        let covered = COVERAGE.iter().find(|covered| covered.name == method.name).expect("a row");
        let (customer, dealt) = match method.direction {
            Direction::ToErp => ("c1", covered.as_erp),
            Direction::ToWms => ("c2", covered.as_wms),
        };
        let reply = world.tell(customer, method.name, "<request><x><orderCode>D7</orderCode></x></request>").await;
        match dealt {
            Dealt::Told => panic!("{} comes in", method.name),
            // It is read: an empty one lacks something.
            Dealt::Served => {
                assert!(reply.contains("<code>S002</code>") || reply.contains("isv."), "{}: {reply}", method.name)
            }
            Dealt::Not(why, _) if method.direction == Direction::ToErp && !method.query => {
                assert_eq!(message_of(&reply), format!("已接收,转人工处理:{why}"), "{}", method.name);
                kept += 1;
            }
            Dealt::Not(why, _) => {
                assert!(reply.contains("<code>S003</code>"), "{}: {reply}", method.name);
                assert_eq!(message_of(&reply), why, "{}", method.name);
            }
        }
    }
    let parked = world.heard(world.m, HeardState::Parked).await;
    assert_eq!((parked.len(), parked[0].doc_no.as_str()), (kept, "D7"));
}

/// `docs/wms-scene.md` is the table of `coverage.rs`; `MATOU_BLESS=1 cargo test -p dock-wms scene_page` writes it anew.
#[test]
fn the_scene_page_says_what_is_served() {
    let mut page = String::from(
        "<!-- Generated: MATOU_BLESS=1 cargo test -p dock-wms scene_page -->\n\
         # The standard WMS scene, method by method / 奇门仓储标准场景方法清单\n\n\
         What Matou does with each method as the merchant's ERP (role `erp`) and as somebody's warehouse (role `wms`); see [wms.md](wms.md).\n\
         码头作为商家 ERP（`erp`）与作为他人仓库（`wms`）时对各方法的处理，参见 [wms.zh.md](wms.zh.md)。\n\n\
         A report that is not served is kept and waits for a person (`GET /admin/v1/wms/messages?state=parked`); an order or a question is\n\
         refused with `S003` and the reason. 未支持的回传会保存并转人工处理；未支持的下发与查询以 `S003` 拒绝并说明原因。\n\n\
         | method 方法 | direction 方向 | as ERP 作为 ERP | as warehouse 作为仓库 |\n|---|---|---|---|\n",
    );
    let mut reasons: Vec<(&str, &str)> = Vec::new();
    let mut cell = |dealt: Dealt| match dealt {
        Dealt::Told => "told 主动推送".to_owned(),
        Dealt::Served => "served 支持".to_owned(),
        Dealt::Not(chinese, english) => {
            let at = reasons.iter().position(|known| *known == (chinese, english)).unwrap_or_else(|| {
                reasons.push((chinese, english));
                reasons.len() - 1
            });
            format!("– ({})", at + 1)
        }
    };
    for covered in COVERAGE {
        let direction = METHODS.iter().find(|method| method.name == covered.name).map(|method| method.direction);
        let direction = if direction == Some(Direction::ToWms) { "ERP → WMS" } else { "WMS → ERP" };
        let (erp, wms) = (cell(covered.as_erp), cell(covered.as_wms));
        page.push_str(&format!("| `{}` | {direction} | {erp} | {wms} |\n", covered.name));
    }
    page.push('\n');
    for (at, (chinese, english)) in reasons.iter().enumerate() {
        page.push_str(&format!("{}. {chinese}。 {english}.\n", at + 1));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/wms-scene.md");
    if std::env::var_os("MATOU_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/wms-scene.md is stale: MATOU_BLESS=1 cargo test -p dock-wms scene_page");
}
