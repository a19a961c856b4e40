//! Goods, suites, brands, classes: the worked examples of fact sheet wdt-1, 2.6, 2.7, 2.10 to 2.12.

use crate::merchant::GOODS;
use crate::world::{at, refusal, some, world};

#[tokio::test]
async fn each_goods_is_stored_or_refused_by_itself() {
    let world = world().await;
    let push = async |list: &str| world.text("goods_push.php", &[("goods_list", list)]).await;
    assert_eq!(
        push(GOODS).await,
        r#"{"code":0,"message":"","errors":[{"goods_no":"G1002","error":"货品名称不能为空"}]}"#
    );
    let check = async |goods: &str, error: &str| {
        let before = world.stored().await;
        let expected = format!(r#"{{"code":0,"message":"","errors":[{{"goods_no":"G5","error":"{error}"}}]}}"#);
        assert_eq!(push(&format!("[{goods}]")).await, expected, "{goods}");
        assert_eq!(world.stored().await, before + 1, "the receipt only");
    };
    check(r#"{"goods_no":"G5","goods_name":"x"}"#, "最少包含一个规格！").await;
    check(r#"{"goods_no":"G5","goods_name":"x","spec_list":[]}"#, "最少包含一个规格！").await;
    // The first spec is good: nothing of it stays, nor the new brand and class.
    check(
        r#"{"goods_no":"G5","goods_name":"x","brand_name":"新牌","class_name":"新类","spec_list":[{"spec_no":"G5-1"},{"spec_no":"G1001-RED"}]}"#,
        "商家编码和货品编号不匹配",
    )
    .await;
    check(r#"{"goods_no":"G5","goods_name":"x","spec_list":[{"spec_no":"TZ001"}]}"#, "商家编码和货品编号不匹配").await;
    check(
        r#"{"goods_no":"G5","goods_name":"x","spec_list":[{"spec_no":"G5-1","barcode":"6900000000011"}]}"#,
        "单品或者组合装的条码不能重复:6900000000011",
    )
    .await;
    check(
        r#"{"goods_no":"G5","goods_name":"x","flag_name":"没有","spec_list":[{"spec_no":"G5-1"}]}"#,
        "标记没有 不存在/已停用/类型错误",
    )
    .await;
    check(
        r#"{"goods_no":"G5","goods_name":"x","spec_list":[{"spec_no":"G5-1","retail_price":"free"}]}"#,
        "参数值无效:goods_list[0].spec_list[0].retail_price(应为数字)",
    )
    .await;
    // What is absent keeps its value; what is sent changes.
    world.clock.advance(60);
    assert_eq!(
        push(r#"[{"goods_no":"G1001","alias":"T","spec_list":[{"spec_no":"G1001-RED","is_popular":"1"}]}]"#).await,
        r#"{"code":0,"message":"","errors":[]}"#
    );
    let goods = &world.call("goods_query.php", &[("goods_no", "G1001")]).await["goods_list"][0];
    assert_eq!(
        some(goods, &["goods_name", "alias", "prop1", "class_name", "goods_modified"]),
        "goods_name=示例T恤 alias=T prop1=2023春 class_name=服装 goods_modified=2023-11-15 06:14:20"
    );
    assert_eq!(
        some(&goods["spec_list"][0], &["spec_name", "is_popular", "retail_price", "spec_modified"]),
        "spec_name=红色 is_popular=1 retail_price=99.0000 spec_modified=2023-11-15 06:14:20"
    );
    assert_eq!(goods["spec_list"][1]["spec_modified"], "2023-11-15 06:13:20");
}

#[tokio::test]
async fn goods_are_found_by_window_or_number() {
    let world = world().await;
    let found = async |business: &[(&str, &str)]| {
        let answer = world.call("goods_query.php", business).await;
        assert_eq!(answer["code"], 0, "{answer}");
        answer["goods_list"].as_array().unwrap().len()
    };
    let (start, end) = (at(-86_400), at(0));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let answer = world.call("goods_query.php", &window).await;
    assert_eq!(answer["total_count"], 1);
    let goods = &answer["goods_list"][0];
    assert_eq!(
        some(
            goods,
            &[
                "goods_no",
                "goods_type",
                "spec_count",
                "brand_name",
                "class_name",
                "unit_name",
                "prop1",
                "prop6",
                "deleted"
            ]
        ),
        "goods_no=G1001 goods_type=1 spec_count=2 brand_name=示例牌 class_name=服装 unit_name=件 prop1=2023春 prop6= deleted=0"
    );
    let spec = &goods["spec_list"][0];
    assert_eq!(
        some(
            spec,
            &[
                "spec_no",
                "barcode",
                "weight",
                "is_allow_neg_stock",
                "is_zero_cost",
                "replenish_type",
                "spec_unit_name",
                "tax_rate"
            ]
        ),
        "spec_no=G1001-RED barcode=6900000000011 weight=0.2000 is_allow_neg_stock=1 is_zero_cost=1 replenish_type=2 spec_unit_name=件 tax_rate=0.0000"
    );
    assert_eq!(
        some(&spec["barcode_list"][0], &["barcode", "type", "is_master", "target_num", "out_target_num"]),
        "barcode=6900000000011 type=1 is_master=1 target_num=1 out_target_num=1"
    );
    // A number ignores the window; a spec brings its whole goods.
    let old = [("spec_no", "G1001-BLUE"), ("start_time", "2001-01-01 00:00:00"), ("end_time", "2022-01-01 00:00:00")];
    assert_eq!(found(&old).await, 1);
    assert_eq!(found(&[("spec_no", "NOWHERE")]).await, 0);
    for (name, value, count) in
        [("class_name", "服装", 1), ("class_name", "鞋", 0), ("barcode", "6900000000028", 1), ("brand_no", "BD001", 1)]
    {
        assert_eq!(found(&[&window[..], &[(name, value)]].concat()).await, count, "{name}={value}");
    }
    let refused = async |business: &[(&str, &str)]| {
        let answer = world.call("goods_query.php", business).await;
        answer["code"].as_i64().unwrap()
    };
    assert_eq!(refused(&[]).await, 2900);
    assert_eq!(refused(&window[..1]).await, 2160);
    assert_eq!(refused(&[("start_time", "2023-11-01"), window[1]]).await, 2160);
    assert_eq!(refused(&[("start_time", "2023-02-30 00:00:00"), window[1]]).await, 2160);
    assert_eq!(refused(&[("start_time", "2023-01-01 00:00:00"), window[1]]).await, 2180);
    assert_eq!(refused(&[("start_time", &end), window[1]]).await, 2105);
    assert_eq!(refused(&[("start_time", &end), ("end_time", &start)]).await, 2160);
}

#[tokio::test]
async fn suites_brands_classes() {
    let world = world().await;
    let answer = world.call("suites_query.php", &[("suite_no", "TZ001"), ("page_no", "0"), ("page_size", "40")]).await;
    let suite = &answer["suites"][0];
    assert_eq!(
        some(
            suite,
            &[
                "suite_no",
                "suite_name",
                "barcode_count",
                "class_name",
                "brand_name",
                "retail_price",
                "weight",
                "large_split",
                "deleted"
            ]
        ),
        "suite_no=TZ001 suite_name=T恤两件套 barcode_count=0 class_name=无 brand_name=无 retail_price=180.0000 weight=0.4000 large_split=0 deleted=0"
    );
    assert_eq!(
        some(&suite["specs_list"][1], &["spec_no", "goods_no", "num", "is_fixed_price", "fixed_price", "ratio"]),
        "spec_no=G1001-BLUE goods_no=G1001 num=1.0000 is_fixed_price=0 fixed_price=0.0000 ratio=0.5000"
    );
    // Time and number given: both apply.
    let old = [("suite_no", "TZ001"), ("start_time", "2023-01-01 00:00:00"), ("end_time", "2023-01-02 00:00:00")];
    assert_eq!(world.call("suites_query.php", &old).await["total_count"], 0);
    let refused = world.call("suites_query.php", &[]).await;
    assert_eq!(refusal(&refused), (2900, "必传参数缺失入参：start_time和end_time、suite_no不能全部为空"));
    let wide = [("start_time", "2023-01-01 00:00:00"), ("end_time", "2023-02-02 00:00:00")];
    let refused = world.call("suites_query.php", &wide).await;
    assert_eq!(refusal(&refused), (2180, "start_time与end_time时间跨度不能超过最大范围30天"));
    let brands = world.call("goods_brand_query.php", &[]).await;
    assert_eq!(brands["total_count"], 2);
    assert_eq!(
        some(&brands["brand_lists"][0], &["brand_id", "brand_no", "brand_name"]),
        "brand_id=0 brand_no=0 brand_name=无"
    );
    assert_eq!(
        some(&brands["brand_lists"][1], &["brand_no", "brand_name", "is_disabled"]),
        "brand_no=BD001 brand_name=示例牌 is_disabled=0"
    );
    let classes = world.call("goods_class_query.php", &[("class_name", "服装")]).await;
    assert_eq!(
        some(&classes["goods_class"][0], &["parent_id", "is_leaf", "class_name", "path"]),
        "parent_id=-1 is_leaf=1 class_name=服装 path=-1,1"
    );
}
