//! `trade_push`: the rules that need more than one field, strict and lenient (fact sheet wdt-1, 2.13).

use serde_json::Value;

use crate::merchant::{ORDER, order, push};
use crate::world::{World, parsed, refusal, world, world_with};

/// The refused orders that `message` names: `tid: error`, one a line.
fn failures(answer: &Value) -> String {
    let (code, message) = refusal(answer);
    assert_eq!(code, 1, "{answer}");
    let rows = parsed(message);
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| format!("{}: {}", row["tid"].as_str().unwrap(), row["error"].as_str().unwrap()))
        .collect::<Vec<_>>()
        .join("\n")
}

/// One change to a good order, and what a strict push says to it; nothing is stored.
async fn check(world: &World, from: &str, to: &str, expected: &str) {
    assert!(ORDER.contains(from), "{from}");
    let before = world.stored().await;
    let answer = push(world, "1", &[ORDER.replacen(from, to, 1)]).await;
    assert_eq!(failures(&answer), format!("T20231115001: {expected}"), "{to}");
    assert!(answer.get("new_count").is_none());
    assert_eq!(world.stored().await, before, "{to}");
}

#[tokio::test]
async fn one_order_at_fault() {
    let world = world().await;
    check(&world, "2023-11-15 05:50:00", "2023-11-15 06:13:21", "下单时间非法,原始单号为：T20231115001").await;
    check(
        &world,
        r#""receiver_mobile":"13600000000","#,
        "",
        "receiver_mobile与receiver_telno不能同时为空,原始单号为：T20231115001",
    )
    .await;
    check(&world, "13600000000", "136****0000", "电话号码不能包含*,原始单号为：T20231115001").await;
    check(
        &world,
        r#""receiver_city":"北京市","#,
        r#""receiver_city":"上海市","#,
        "省市区北京 上海市 海淀区无法匹配,原始单号为：T20231115001",
    )
    .await;
    check(
        &world,
        r#""receiver_province":"北京","receiver_city":"北京市","receiver_district":"海淀区","#,
        "",
        "省市区(receiver_address)无法匹配,原始单号为：T20231115001",
    )
    .await;
    check(
        &world,
        r#""goods_no":"G1001","spec_no":"G1001-RED","#,
        "",
        "子订单T20231115001-1的goods_no与spec_no不能同时为空,原始单号为：T20231115001",
    )
    .await;
    check(&world, r#""num":2"#, r#""num":0"#, "子订单T20231115001-1的num应大于0,原始单号为：T20231115001").await;
    check(&world, r#""price":99"#, r#""price":-1"#, "子订单T20231115001-1的price不能小于0,原始单号为：T20231115001")
        .await;
    check(
        &world,
        r#""trade_status":30"#,
        r#""trade_status":31"#,
        "参数值无效:trade_list[0].trade_status(不是有效的取值)",
    )
    .await;
    check(
        &world,
        r#""order_list":[{"#,
        r#""order_list":[],"x":[{"#,
        "必传参数缺失入参：trade_list[0].order_list(列表为空)",
    )
    .await;
    // A row that is no proper object has no number to be named by.
    let twice = push(&world, "1", &[ORDER.replace(r#""paid":"203.00""#, r#""paid":"1","paid":"2""#)]).await;
    assert_eq!(failures(&twice), ": 参数值无效:trade_list[0].paid(字段重复)");
}

#[tokio::test]
async fn the_whole_call_at_fault() {
    let world = world().await;
    let check = async |business: &[(&str, &str)], code: i64, message: &str| {
        let before = world.stored().await;
        let answer = world.call("trade_push.php", business).await;
        assert_eq!(refusal(&answer), (code, message), "{business:?}");
        assert_eq!(world.stored().await, before);
    };
    let list = format!("[{ORDER}]");
    let to = |shop| [("shop_no", shop), ("trade_list", list.as_str())];
    let unknown = "店铺编号在系统中不存在或已停用，请检查shop_no是否正确:";
    check(&to("nowhere"), 2310, &format!("{unknown}nowhere")).await;
    check(&to("closed"), 2310, &format!("{unknown}closed")).await;
    check(&to("jd"), 1, "店铺平台不是自有平台:jd").await;
    check(&to(""), 2900, "必传参数缺失入参：shop_no").await;
    fn with(list: &str) -> [(&str, &str); 2] {
        [("shop_no", "api_test"), ("trade_list", list)]
    }
    check(&with(""), 2900, "必传参数缺失入参：trade_list").await;
    check(&with("[]"), 2900, "必传参数缺失入参：trade_list(列表为空)").await;
    check(&with("[{"), 2830, "参数值无效:trade_list(json格式错误,无法解析)").await;
    check(&with("{}"), 2830, "参数值无效:trade_list(json结构异常)").await;
    check(&with(&"[".repeat(10_000)), 2830, "参数值无效:trade_list(json结构异常)").await;
    check(&with(&format!("[{}]", vec!["{}"; 501].join(","))), 9022, "参数值无效:trade_list(不能超过500条)").await;
    // 51 orders of one nick; thirty are accepted.
    let same: Vec<String> = (0..51).map(|n| ORDER.replace("T20231115001", &format!("S{n}"))).collect();
    let nick = "buyer_nick 名字不能只用一个，不同客户必须用不同的名字";
    check(&with(&format!("[{}]", same.join(","))), 99, nick).await;
    check(&with(&format!("[{}]", same[..31].join(","))), 99, nick).await;
    let thirty = push(&world, "1", &same[..30]).await;
    assert_eq!(thirty.to_string(), r#"{"chg_count":0,"code":0,"message":"","new_count":30}"#);
    // The same shop number of another merchant is another shop.
    let foreign = world.text_as(("other", "other-test"), "trade_push.php", &to("api_test")).await;
    assert_eq!(refusal(&parsed(&foreign)), (2310, &*format!("{unknown}api_test")));
}

#[tokio::test]
async fn strict_stores_all_or_none_and_lenient_the_good_ones() {
    let world = world().await;
    let bad = order("B").replace("2023-11-15 05:50:00", "2033-11-15 05:50:00");
    let orders =
        [order("A"), bad, r#"{"trade_status":30}"#.to_owned(), order("A"), order("C").replace("13600000000", "*")];
    let expected = "B: 下单时间非法,原始单号为：B\n: 必传参数缺失入参：trade_list[2].tid\nA: 原始单号重复,原始单号为：A\nC: 电话号码不能包含*,原始单号为：C";
    let before = world.stored().await;
    let strict = push(&world, "1", &orders).await;
    assert_eq!(failures(&strict), expected);
    assert_eq!(world.stored().await, before);
    let lenient = push(&world, "0", &orders).await;
    assert_eq!(failures(&lenient), expected);
    assert_eq!((&lenient["new_count"], &lenient["chg_count"]), (&1.into(), &0.into()));
    let found = world.call("vip_api_trade_query.php", &[("tid", "A,B,C")]).await;
    assert_eq!((&found["total_count"], &found["trade_list"][0]["tid"]), (&1.into(), &"A".into()));
    // Without a switch a push is lenient; pushing the whole batch again is safe.
    let list = format!("[{}]", [order("A"), order("D")].join(","));
    let again = world.call("trade_push.php", &[("shop_no", "api_test"), ("trade_list", &list)]).await;
    assert_eq!(again.to_string(), r#"{"chg_count":0,"code":0,"message":"","new_count":1}"#);
    let qimen = world.qimen("wdt.trade.push", &[("shop_no", "api_test"), ("trade_list", "[{}]")]).await;
    assert_eq!((&qimen["flag"], &qimen["sub_code"]), (&"failure".into(), &"1".into()));
}

#[tokio::test]
async fn an_order_again() {
    let world = world().await;
    push(&world, "1", &[ORDER.to_owned()]).await;
    check(&world, r#""num":2"#, r#""num":3"#, "子订单T20231115001-1的num不允许修改,原始单号为：T20231115001").await;
    check(&world, r#""price":99"#, r#""price":98"#, "子订单T20231115001-1的price不允许修改,原始单号为：T20231115001")
        .await;
    check(&world, r#""oid":"T20231115001-1""#, r#""oid":"other""#, "订单货品数量不一致T20231115001").await;
    let same = push(&world, "1", &[ORDER.to_owned()]).await;
    assert_eq!(same.to_string(), r#"{"chg_count":0,"code":0,"message":"","new_count":0}"#);
    let memo = push(&world, "1", &[ORDER.replace(r#""seller_memo":"""#, r#""remark":"易碎""#)]).await;
    assert_eq!(memo.to_string(), r#"{"chg_count":1,"code":0,"message":"","new_count":0}"#);
    let trade = world.call("trade_query.php", &[("src_tid", "T20231115001")]).await;
    assert_eq!(trade["trades"][0]["cs_remark"], "易碎");
}

#[tokio::test]
async fn what_cannot_be_submitted_waits_with_its_reason() {
    let world = world().await;
    let line = r#"{"oid":"L1","num":1,"price":1,"status":30,"refund_status":0,"goods_id":"M1","spec_no":"G1001-RED","goods_name":"T恤","adjust_amount":0,"discount":0,"share_discount":0}"#;
    let with = |tid: &str, lines: &str| {
        let order = order(tid);
        let (head, _) = order.split_once(r#""order_list":["#).unwrap();
        format!(r#"{head}"order_list":[{lines}]}}"#)
    };
    let twice = with("TWICE", &format!("{line},{line}"));
    let first = with("FIRST", line);
    let stolen = with("STOLEN", line);
    let unknown = with("UNKNOWN", &line.replace("L1", "L2").replace("G1001-RED", "NOWHERE"));
    let nowhere = with("NOWHERE", &line.replace("L1", "L3")).replace(r#""paid""#, r#""warehouse_no":"WH77","paid""#);
    let answer = push(&world, "1", &[twice, first, stolen, unknown, nowhere]).await;
    assert_eq!(answer.to_string(), r#"{"chg_count":0,"code":0,"message":"","new_count":5}"#);
    let found = world.call("vip_api_trade_query.php", &[("tid", "TWICE,FIRST,STOLEN,UNKNOWN,NOWHERE")]).await;
    let reasons = found["trade_list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|raw| crate::world::some(raw, &["tid", "process_status", "bad_reason"]));
    assert_eq!(
        reasons.collect::<Vec<_>>().join("\n"),
        "tid=TWICE process_status=10 bad_reason=订单货品数量不一致TWICE\n\
         tid=FIRST process_status=20 bad_reason=\n\
         tid=STOLEN process_status=10 bad_reason=订单货品数量不一致STOLEN\n\
         tid=UNKNOWN process_status=10 bad_reason=货品未匹配:NOWHERE\n\
         tid=NOWHERE process_status=10 bad_reason=仓库编号在系统中不存在或已停用，请检查warehouse_no是否正确:WH77"
    );
}

#[tokio::test]
async fn clients_write_in_many_ways() {
    let world = world().await;
    // Everything as text, zero dates, old names, the region in the address, no other_amount, any carrier.
    let order = r#"{"tid":90071992547409931234,"trade_status":"10","pay_status":"0","delivery_term":"1","trade_time":"0000-00-00 00:00:00","pay_time":"","buyer_nick":"n","receiver_name":"张三","receiver_address":"广东省 深圳市 罗湖区 深南东路1号","receiver_telno":"0755-1234567","invoice_type":"2","remark":"旧名","remark_flag":"3","post_amount":"0","cod_amount":"0.0000","ext_cod_fee":"0","paid":"0","logistics_type":"-1","order_list":[{"oid":1,"num":"1.5","price":"10.00","status":"10","refund_status":"0","goods_id":7,"spec_id":"","goods_no":"G1001-RED","goods_name":"\u793a\u4f8b","adjust_amount":"1","discount":"0.5","share_discount":"0.5"}]}"#;
    let answer = push(&world, "1", &[order.to_owned()]).await;
    assert_eq!(answer.to_string(), r#"{"chg_count":0,"code":0,"message":"","new_count":1}"#);
    let found = world.call("vip_api_trade_query.php", &[("tid", "90071992547409931234")]).await;
    let keys = [
        "tid",
        "trade_time",
        "pay_time",
        "receiver_area",
        "receiver_address",
        "invoice_type",
        "remark",
        "remark_flag",
        "receivable",
    ];
    assert_eq!(
        crate::world::some(&found["trade_list"][0], &keys),
        "tid=90071992547409931234 trade_time=0000-00-00 00:00:00 pay_time=0000-00-00 00:00:00 receiver_area=广东省 深圳市 罗湖区 receiver_address=深南东路1号 invoice_type=2 remark=旧名 remark_flag=3 receivable=15.0000"
    );
    let trade = world.call("trade_query.php", &[("src_tid", "90071992547409931234")]).await;
    assert_eq!(
        crate::world::some(&trade["trades"][0], &["trade_status", "paid"]),
        "trade_status=10 paid=0.0000",
        "an unpaid order waits for its payment"
    );
}

#[tokio::test]
async fn emoji_are_stored_unless_the_merchant_is_strict() {
    let smile = ORDER.replace("请尽快", "谢谢😀");
    let loose = world().await;
    assert_eq!(push(&loose, "1", std::slice::from_ref(&smile)).await["code"], 0);
    let found = loose.call("trade_query.php", &[("src_tid", "T20231115001")]).await;
    assert_eq!(found["trades"][0]["buyer_message"], "谢谢😀");
    let strict = world_with(r#"{"strict_emoji":true}"#).await;
    let answer = push(&strict, "1", &[smile]).await;
    assert_eq!(
        failures(&answer),
        "T20231115001: 昵称/收件人姓名/收件人地址/买家留言包含非法字符或为空,原始单号为：T20231115001"
    );
}
