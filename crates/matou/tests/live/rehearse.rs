//! `matou rehearse`: cases against a demo of its own and against a running server.

use crate::house::{House, folder, path, run, said};

const STORY: &str = r#"
case 小故事 / a small story
  given shop mall2
    shop_name = 第二商城
  given goods G${run} "示例" with specs S${run} 10.00
  given stock S${run} exactly 3 in ${warehouse_no}
  when push T${run}
    spec_no = S${run}
    num = 2
    price = 10
  then code = 0
  and new_count = 1
  when order T${run}
  then trade_status = 30
  when stock S${run} in ${warehouse_no}
  then
    available_num = 1
    order_num = 2
  when audit T${run}
  then trade_status = 55
  when ship T${run} with ZTO W${run}
  then trade_status = 95
  when wdt.logistics.sync.query
    shop_no = ${shop_no}
    limit = 100
  then trades[tid=T${run}].logistics_no = W${run}
  when qimen wdt.shop.query
  then response.errorcode = 0
  when admin GET /orders
    tid = T${run}
  then orders[0].waybill = W${run}
"#;

#[test]
fn plays_a_story_twice_and_reports_a_failure() {
    let folder = folder();
    let house = House::start(folder.path(), &[]);
    let (file, name) = path(folder.path(), "story.case");
    let (_, card) = path(folder.path(), "demo.json");
    let (junit, junit_name) = path(folder.path(), "report.xml");
    std::fs::write(&file, STORY).unwrap();
    for _ in 0..2 {
        let played = run(&["rehearse", &name, "--demo", &card, "--junit", &junit_name]);
        assert!(played.status.success(), "{}", said(&played));
    }
    assert!(std::fs::read_to_string(junit).unwrap().contains("a small story"));
    std::fs::write(&file, STORY.replace("then trade_status = 95", "then trade_status = 96")).unwrap();
    let failed = run(&["rehearse", &name, "--demo", &card]);
    assert_eq!(failed.status.code(), Some(1), "{}", said(&failed));
    assert!(said(&failed).contains("expected  96"), "{}", said(&failed));
    drop(house);
}

#[test]
fn starts_a_demo_of_its_own() {
    let folder = folder();
    let (file, name) = path(folder.path(), "story.case");
    std::fs::write(&file, STORY).unwrap();
    let played = run(&["rehearse", &name]);
    assert!(played.status.success(), "{}", said(&played));
}
