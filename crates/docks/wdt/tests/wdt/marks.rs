//! Marks, sales of a day, bills: fact sheet wdt-1, 2.20 to 2.22, with every error row.

use erp::catalog::{self, Carrier, MarkKind};
use erp::report::{BillEvent, NewBill, change_bill, import_bills};
use erp::{Settings, order};
use gateway::directory::{Allowed, Protocol, Rights};
use serde_json::Value;
use units::{Moment, Money};

use crate::merchant::{order, push};
use crate::world::{NOW, World, at, parsed, refusal, some, world};

async fn with_order() -> World {
    let world = world().await;
    push(&world, "1", &[order("M1")]).await;
    world
        .by_hand(|tx| {
            for name in ["加急", "礼盒"] {
                catalog::create_mark(tx, MarkKind::Order, name, "#ff0000")?;
            }
            catalog::create_mark(tx, MarkKind::Order, "停用", "")?;
            catalog::update_mark(tx, MarkKind::Order, "停用", None, Some(true))?;
            catalog::create_mark(tx, MarkKind::Goods, "货品用", "")?;
            let own = Carrier { no: "SELF".into(), name: "自送".into(), kind: 1, ..Carrier::default() };
            catalog::create_carrier(tx, own)
        })
        .await;
    world
}

async fn trade(world: &World) -> Value {
    world.call("trade_query.php", &[("src_tid", "M1")]).await["trades"][0].clone()
}

#[tokio::test]
async fn an_order_is_marked_and_shows_it() {
    let world = with_order().await;
    let no = "JY202311150001";
    let modify = async |business: &[(&str, &str)]| {
        world.text("vip_trade_modify.php", &[&[("trade_no", no)], business].concat()).await
    };
    let fine = r#"{"code":0,"message":""}"#;
    let urgent = [
        ("cs_remark", "客户要求周末送"),
        ("remark_from", "1"),
        ("flag_name", "加急"),
        ("flag_cover", "1"),
        ("invoice_no", "FP1"),
    ];
    assert_eq!(modify(&urgent).await, fine);
    let shown = ["flag_id", "flag_name", "cs_remark", "invoice_id", "cs_remark_change_count", "version_id"];
    let expected =
        "flag_id=1 flag_name=加急 cs_remark=客户要求周末送 invoice_id=1 cs_remark_change_count=6 version_id=2";
    assert_eq!(some(&trade(&world).await, &shown), expected);
    assert_eq!(modify(&urgent).await, fine);
    assert_eq!(some(&trade(&world).await, &shown), expected, "the same again changes nothing");
    // A later remark of the mall does not replace the one by hand.
    push(&world, "1", &[order("M1").replace(r#""seller_memo":"""#, r#""seller_memo":"商城备注""#)]).await;
    assert_eq!(some(&trade(&world).await, &["cs_remark"]), "cs_remark=客户要求周末送");
    assert_eq!(modify(&[("print_remark", "轻放"), ("logistics_code", "SELF"), ("logistics_no", "S-1")]).await, fine);
    assert_eq!(
        some(&trade(&world).await, &["print_remark", "logistics_code", "logistics_no", "flag_name"]),
        "print_remark=轻放 logistics_code=SELF logistics_no=S-1 flag_name=加急"
    );
    world
        .by_hand(move |tx| {
            order::audit(tx, &Settings::default(), no, "admin")?;
            order::ship(tx, &Settings::default(), no, None, "S-1")
        })
        .await;
    let out = world.call("stockout_order_query_trade.php", &[("src_tid", "M1")]).await;
    assert_eq!(
        some(&out["stockout_list"][0], &["flag_name", "print_remark", "invoice_id"]),
        "flag_name=加急 print_remark=轻放 invoice_id=1"
    );
    // Remarks and marks may change after shipment, the waybill may not.
    assert_eq!(modify(&[("cs_remark", "已回访")]).await, fine);
    let late = parsed(&modify(&[("logistics_code", "SELF")]).await);
    assert_eq!(refusal(&late), (9011, "订单JY202311150001状态为已发货,不能修改物流"));
}

#[tokio::test]
async fn every_error_row_of_a_modification() {
    let world = with_order().await;
    let few = Rights { shops: Allowed::only(["jd"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "demo2-few", world.tenant, few).await;
    let no_place = Rights { warehouses: Allowed::only(["WH02"]), ..Rights::default() };
    world.app(Protocol::Openapi2, "demo2-out", world.tenant, no_place).await;
    let modify = async |app: &str, business: &[(&str, &str)]| {
        let before = world.stored().await;
        let answer = parsed(&world.text_as(("demo2", app), "vip_trade_modify.php", business).await);
        assert_eq!(world.stored().await, before, "{business:?} stored something");
        answer
    };
    let no = ("trade_no", "JY202311150001");
    world.call("vip_trade_modify.php", &[no, ("flag_name", "加急")]).await;
    for (business, expected) in [
        (&[("flag_name", "加急")][..], (2900, "必传参数缺失入参：trade_no")),
        (&[no], (2900, "没有需要修改的内容")),
        (&[no, ("flag_cover", "1"), ("remark_from", "1"), ("cs_remark", "")], (2900, "没有需要修改的内容")),
        (&[no, ("logistics_no", "1")], (2900, "必传参数缺失入参：logistics_code")),
        (&[("trade_no", "JY0"), ("cs_remark", "x")], (30400, "订单号在系统中不存在，请确认传值是否正确:JY0")),
        (&[no, ("logistics_code", "NONE")], (9018, "不存在物流编码为 NONE 的物流公司或业务类型错误!")),
        (&[no, ("logistics_code", "ZTO01")], (9018, "不存在物流编码为 ZTO01 的物流公司或业务类型错误!")),
        (&[no, ("flag_name", "没有")], (1, "标记没有 不存在/已停用/类型错误")),
        (&[no, ("flag_name", "停用")], (1, "标记停用 不存在/已停用/类型错误")),
        (&[no, ("flag_name", "货品用")], (1, "标记货品用 不存在/已停用/类型错误")),
        (&[no, ("flag_name", "礼盒")], (1, "订单已有标记:加急")),
        (&[no, ("flag_name", "礼盒"), ("flag_cover", "0")], (1, "订单已有标记:加急")),
    ] {
        assert_eq!(refusal(&modify("demo2-test", business).await), expected, "{business:?}");
    }
    let remark = [no, ("cs_remark", "x")];
    assert_eq!(refusal(&modify("demo2-few", &remark).await), (9026, "权限不足,无店铺访问权限:api_test"));
    assert_eq!(refusal(&modify("demo2-out", &remark).await), (9026, "权限不足,无仓库访问权限:WH01"));
    world.by_hand(|tx| order::cancel(tx, &Settings::default(), "JY202311150001", "")).await;
    assert_eq!(refusal(&modify("demo2-test", &remark).await), (9011, "订单JY202311150001状态为已取消,不能修改标记"));
}

async fn ship(world: &World, tid: &str, num: usize) {
    push(world, "1", &[order(tid)]).await;
    let no = format!("JY20231115{num:04}");
    world
        .by_hand(move |tx| {
            order::audit(tx, &Settings::default(), &no, "admin")?;
            order::ship(tx, &Settings::default(), &no, Some("ZTO01"), "123456789012")
        })
        .await;
}

#[tokio::test]
async fn the_sales_of_a_day_are_counted_when_goods_leave() {
    let world = world().await;
    let php = "vip_stat_sales_by_spec_shop_warehouse_query.php";
    let day = ("consign_date", "2023-11-15");
    assert_eq!(world.text(php, &[day]).await, r#"{"code":0,"message":"","total_count":0,"content":[]}"#);
    push(&world, "1", &[order("WAITS")]).await;
    ship(&world, "S1", 2).await;
    ship(&world, "S2", 3).await;
    let answer = world.call(php, &[day]).await;
    assert_eq!(answer["total_count"], 1);
    assert_eq!(answer["content"][0]["stat_no"], "XS20231115");
    let row = &answer["content"][0]["spec_list"][0];
    assert_eq!(
        some(row, &["consign_date", "shop_no", "warehouse_no", "spec_no", "goods_no", "goods_name", "spec_name"]),
        "consign_date=2023-11-15 shop_no=api_test warehouse_no=WH01 spec_no=G1001-RED goods_no=G1001 goods_name=示例T恤 spec_name=红色"
    );
    assert_eq!(
        some(row, &["num", "amount", "post_amount", "cost_amount"]),
        "num=4.0000 amount=386.0000 post_amount=20.0000 cost_amount=160.0000"
    );
    let count = async |more: &[(&str, &str)]| {
        let answer = world.call(php, &[&[day], more].concat()).await;
        assert_eq!(answer["code"], 0, "{answer}");
        answer["content"].as_array().unwrap().len()
    };
    assert_eq!(count(&[("shop_no", "api_test"), ("warehouse_no", "WH01"), ("is_page", "1")]).await, 1);
    assert_eq!(count(&[("shop_no", "jd")]).await, 0);
    assert_eq!(count(&[("warehouse_no", "WH02")]).await, 0);
    assert_eq!(count(&[("is_page", "1"), ("page_no", "1")]).await, 0);
    for (business, expected) in [
        (&[][..], (2900, "必传参数缺失入参：consign_date")),
        (
            &[("consign_date", "2023-11-15 00:00:00")],
            (2830, "参数值无效:consign_date(应为yyyy-MM-dd HH:mm:ss格式的时间)"),
        ),
        (&[day, ("shop_no", "x")], (2310, "店铺编号在系统中不存在或已停用，请检查shop_no是否正确:x")),
        (&[day, ("warehouse_no", "x")], (9004, "仓库编号在系统中不存在或已停用，请检查warehouse_no是否正确:x")),
        (&[day, ("page_size", "0")], (2220, "page_size为正整数，请检查page_size是否为有效值")),
    ] {
        assert_eq!(refusal(&world.call(php, business).await), expected, "{business:?}");
    }
}

#[tokio::test]
async fn bill_lines_are_imported_once_and_checked() {
    let world = world().await;
    push(&world, "1", &[order("T20231114009")]).await;
    let line = |no: &str, minute: i64| NewBill {
        kind: 1,
        order_no: no.to_owned(),
        pay_order_no: format!("P{no}"),
        in_amount: Money::whole(99),
        opt_pay_account: "pay@example.com".into(),
        paid: Moment::from_unix(NOW + minute * 60),
        ..NewBill::default()
    };
    let import = async || {
        let lines = [line("T20231114009", 0), line("UNKNOWN", 1)];
        world
            .by_hand(move |tx| {
                let shop = catalog::shop_by_no(tx, "api_test")?.id;
                import_bills(tx, shop, &lines)
            })
            .await
    };
    let done = import().await;
    assert_eq!((done.new, done.changed, done.same), (2, 0, 0));
    let done = import().await;
    assert_eq!((done.new, done.changed, done.same), (0, 0, 2));
    let php = "fa_api_account_detail_query.php";
    let (start, end) = (at(0), at(3600));
    let window = [("start_time", start.as_str()), ("end_time", end.as_str())];
    let answer = world.call(php, &window).await;
    assert_eq!(answer["total_count"], 2);
    let keys = [
        "rec_id",
        "platform_id",
        "shop_no",
        "status",
        "type",
        "order_no",
        "pay_order_no",
        "in_amount",
        "opt_pay_account",
    ];
    assert_eq!(
        some(&answer["account_list"][0], &keys),
        "rec_id=1 platform_id=127 shop_no=api_test status=0 type=1 order_no=T20231114009 pay_order_no=PT20231114009 in_amount=99.0000 opt_pay_account=pay@example.com"
    );
    assert_eq!(some(&answer["account_list"][1], &["status", "order_no"]), "status=3 order_no=UNKNOWN");
    let id = world.tenant.id(1);
    world
        .by_hand(move |tx| {
            change_bill(tx, id, BillEvent::Confirm)?;
            change_bill(tx, id, BillEvent::Reconcile)
        })
        .await;
    let answer = world.call(php, &[window[0], window[1], ("page_size", "1")]).await;
    assert_eq!(some(&answer["account_list"][0], &["status"]), "status=4");
    let qimen = world.qimen("wdt.fa.api.account.detail.query", &window).await;
    assert_eq!(some(&qimen["account_list"][0], &["status", "opt_pay_account"]), "status:4 opt_pay_account=");
    let far = at(30 * 86_400 + 1);
    for (business, expected) in [
        (vec![], (2160, "start_time和end_time为空或不是有效的时间格式")),
        (vec![window[0], ("end_time", &*far)], (2180, "start_time与end_time时间跨度不能超过最大范围30天")),
        (
            vec![window[0], window[1], ("shop_no", "x")],
            (2310, "店铺编号在系统中不存在或已停用，请检查shop_no是否正确:x"),
        ),
        (vec![window[0], window[1], ("page_size", "x")], (2220, "page_size为正整数，请检查page_size是否为有效值")),
    ] {
        assert_eq!(refusal(&world.call(php, &business).await), expected, "{business:?}");
    }
    let none = world.call(php, &[window[0], window[1], ("shop_no", "jd")]).await;
    assert_eq!(none["total_count"], 0);
}
