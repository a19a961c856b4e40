//! Platform goods: the worked examples of fact sheet wdt-1, 2.8 and 2.9, and every error row.

use gateway::directory::{Allowed, Protocol, Rights};

use crate::world::{World, at, parsed, refusal, some, world};

const INFO: &str = r#"{"platform_id":127,"shop_no":"api_test","goods_list":[{"goods_id":"M100","spec_id":"M100-1","goods_no":"G1001","spec_no":"G1001-RED","status":1,"goods_name":"示例T恤","spec_name":"红色","price":"99.00","stock_num":10}]}"#;

async fn push(world: &World, info: &str) -> String {
    world.text("api_goodsspec_push.php", &[("api_goods_info", info)]).await
}

async fn rows(world: &World) -> serde_json::Value {
    let (start, end) = (at(-600), at(600));
    world.call("vip_api_goods_query.php", &[("start_time", &start), ("end_time", &end)]).await
}

#[tokio::test]
async fn a_row_is_created_changed_and_left_alone() {
    let world = world().await;
    let counts =
        |new, changed| format!(r#"{{"code":0,"message":"OK","new_count":{new},"chg_count":{changed},"errors":[]}}"#);
    assert_eq!(push(&world, INFO).await, counts(1, 0));
    assert_eq!(push(&world, INFO).await, counts(0, 1));
    assert_eq!(push(&world, &INFO.replace("99.00", "89.00").replace("G1001-RED", "TZ001")).await, counts(0, 1));
    let answer = rows(&world).await;
    assert_eq!(answer["total_count"], 1);
    let row = &answer["goods_list"][0];
    assert_eq!(
        some(row, &["rec_id", "shop_no", "platform_id", "match_target_type", "merchant_no", "merchant_name"]),
        "rec_id=1 shop_no=api_test platform_id=127 match_target_type=2 merchant_no=TZ001 merchant_name=T恤两件套"
    );
    assert_eq!(
        some(row, &["merchant_code", "api_goods_id", "api_spec_id", "outer_id", "spec_outer_id", "price", "stock_num"]),
        "merchant_code= api_goods_id=M100 api_spec_id=M100-1 outer_id=G1001 spec_outer_id=TZ001 price=89.0000 stock_num=10.0000"
    );
    // A code that nothing has: unmatched; and matched again once the code is known.
    push(&world, &INFO.replace("G1001-RED", "LATER").replace("G1001\"", "\"")).await;
    assert_eq!(
        some(&rows(&world).await["goods_list"][0], &["match_target_type", "merchant_no"]),
        "match_target_type=0 merchant_no="
    );
    let goods = r#"[{"goods_no":"G7","goods_name":"后来","spec_list":[{"spec_no":"LATER","spec_name":"蓝"}]}]"#;
    world.call("goods_push.php", &[("goods_list", goods)]).await;
    push(&world, &INFO.replace("G1001-RED", "LATER").replace("G1001\"", "\"")).await;
    assert_eq!(
        some(
            &rows(&world).await["goods_list"][0],
            &["match_target_type", "merchant_no", "merchant_name", "merchant_code"]
        ),
        "match_target_type=1 merchant_no=LATER merchant_name=后来 merchant_code=蓝"
    );
}

#[tokio::test]
async fn a_deleted_row_is_not_offered_any_more() {
    let world = world().await;
    push(&world, INFO).await;
    let queue = async || {
        let answer = world.call("api_goods_stock_change_query.php", &[("shop_no", "api_test"), ("limit", "100")]).await;
        answer["stock_change_list"].as_array().unwrap().len()
    };
    let stock = |no: &str| {
        format!(
            r#"{{"outer_no":"{no}","warehouse_no":"WH01","is_check":1,"goods_list":[{{"spec_no":"G1001-RED","stockin_num":5}}]}}"#
        )
    };
    assert_eq!(queue().await, 0, "nothing changed since it was matched");
    world.call("stockin_order_push.php", &[("stockin_info", &stock("S1"))]).await;
    assert_eq!(queue().await, 1);
    push(&world, &INFO.replace("\"status\":1", "\"status\":0")).await;
    assert_eq!(queue().await, 0);
    world.call("stockin_order_push.php", &[("stockin_info", &stock("S2"))]).await;
    assert_eq!(queue().await, 0, "and stays away");
    let answer = rows(&world).await;
    assert_eq!(
        some(&answer["goods_list"][0], &["status", "is_deleted", "match_target_type"]),
        "status=0 is_deleted=1 match_target_type=1"
    );
    push(&world, INFO).await;
    world.call("stockin_order_push.php", &[("stockin_info", &stock("S3"))]).await;
    assert_eq!(queue().await, 1, "back on sale");
}

#[tokio::test]
async fn every_error_row_of_the_push() {
    let world = world().await;
    let few = Rights { shops: Allowed::only(["jd"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "demo2-few", world.tenant, few).await;
    for (from, to, expected) in [
        ("api_test", "nowhere", (2310, "店铺编号在系统中不存在或已停用，请检查shop_no是否正确:nowhere")),
        ("api_test", "closed", (2310, "店铺编号在系统中不存在或已停用，请检查shop_no是否正确:closed")),
        ("\"platform_id\":127", "\"platform_id\":3", (4304, "shop_no 对应的店铺所属的平台 与 传入platform_id 不一致")),
        ("api_test", "jd", (4304, "shop_no 对应的店铺所属的平台 与 传入platform_id 不一致")),
        ("127,\"shop_no\":\"api_test\"", "3,\"shop_no\":\"jd\"", (1, "店铺平台不是自有平台:jd")),
        (
            "\"goods_list\":[{",
            "\"goods_list\":[],\"x\":[{",
            (2900, "必传参数缺失入参：api_goods_info.goods_list(列表为空)"),
        ),
    ] {
        let before = world.stored().await;
        assert_eq!(refusal(&parsed(&push(&world, &INFO.replace(from, to)).await)), expected, "{to}");
        assert_eq!(world.stored().await, before, "{to} stored something");
    }
    assert_eq!(refusal(&parsed(&push(&world, "{").await)), (2830, "参数值无效:api_goods_info(json格式错误,无法解析)"));
    let answer = world.text_as(("demo2", "demo2-few"), "api_goodsspec_push.php", &[("api_goods_info", INFO)]).await;
    assert_eq!(refusal(&parsed(&answer)), (9026, "权限不足,无店铺访问权限:api_test"));
    // A row that cannot be read is named, the others are stored.
    let two = INFO.replace("[{", r#"[{"goods_id":"A","spec_id":"B","spec_no":"C","status":3},{"#);
    assert_eq!(
        push(&world, &two).await,
        r#"{"code":0,"message":"OK","new_count":1,"chg_count":0,"errors":[{"goods_id":"goods_list[0]","spec_id":"","error":"参数值无效:api_goods_info.goods_list[0].status(不是有效的取值)"}]}"#
    );
}

#[tokio::test]
async fn every_error_row_of_the_query() {
    let world = world().await;
    let (start, end, far) = (at(0), at(600), at(30 * 86_400 + 1));
    for (business, expected) in [
        (vec![], (2160, "start_time和end_time为空或不是有效的时间格式")),
        (vec![("start_time", &*start)], (2160, "start_time和end_time为空或不是有效的时间格式")),
        (
            vec![("start_time", &*start), ("end_time", &*far)],
            (2104, "start_time与end_time时间跨度不能超过最大范围30天"),
        ),
        (
            vec![("start_time", &*start), ("end_time", &*end), ("page_size", "0")],
            (2220, "page_size为正整数，请检查page_size是否为有效值"),
        ),
        (
            vec![("start_time", &*start), ("end_time", &*end), ("shop_no", "nowhere")],
            (2310, "店铺编号在系统中不存在或已停用，请检查shop_no是否正确:nowhere"),
        ),
    ] {
        assert_eq!(refusal(&world.call("vip_api_goods_query.php", &business).await), expected, "{business:?}");
    }
    let hidden = world
        .call("vip_api_goods_query.php", &[("start_time", &start), ("end_time", &end), ("shop_no", "taobao")])
        .await;
    assert_eq!(hidden["goods_list"].as_array().unwrap().len(), 0);
}
