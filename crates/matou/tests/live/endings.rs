//! Shops whose authorisation ends: what an administrator sets, what callers see, what the operator is told without asking.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::{House, folder, run, said};
use crate::operations::Round;

#[test]
fn a_shop_that_ends_is_told_of_until_it_is_renewed() {
    let folder = folder();
    let mut house = House::start(folder.path(), &[]);
    let caller = house.caller();
    let data = folder.path().display().to_string();
    let doctor = || run(&["doctor", "--data", &data]);
    let metrics = |caller: &crate::house::Caller| caller.http("GET", "/metrics", "", "").unwrap().text;
    let asked = || caller.call("shop.php", &[("shop_no", "E1")])["shoplist"][0].clone();
    let round = Round::new(&caller);

    let shop = json!({ "shop_no": "E1", "shop_name": "一店", "platform_id": 1, "auth_time": "2026-01-01 00:00:00" });
    let made = round.works("POST", "/shops", shop);
    assert_eq!((&made["auth_state"], &made["expire_time"]), (&json!(1), &json!("0000-00-00 00:00:00")), "{made}");
    for (body, says) in [
        (json!({ "auth_state": 2 }), "auth_state"),
        (json!({ "expire_time": "2025-12-31 00:00:00" }), "expire_time"),
        (json!({ "expire_time": "tomorrow" }), "expire_time"),
    ] {
        round.refuses("PATCH", "/shops/E1", body, 400, says);
    }
    let twice = json!({ "shop_no": "E2", "shop_name": "二店", "auth_state": 9 });
    round.refuses("POST", "/shops", twice, 400, "auth_state");
    assert!(!metrics(&caller).contains("shops_ending{"));
    assert!(doctor().status.success(), "{}", said(&doctor()));
    assert_eq!((&asked()["auth_state"], &asked()["auth_time"]), (&json!("1"), &json!("2026-01-01 00:00:00")));

    // Long over, by whatever clock this test runs.
    let over = json!({ "auth_time": "2000-01-01 00:00:00", "expire_time": "2001-01-01 00:00:00" });
    assert_eq!(round.works("PATCH", "/shops/E1", over)["auth_state"], 2);
    assert_eq!((&asked()["auth_state"], &asked()["expire_time"]), (&json!("2"), &json!("2001-01-01 00:00:00")));
    assert!(metrics(&caller).contains(r#"matou_shops_ending{tenant="1",within="expired"} 1"#), "{}", metrics(&caller));
    let sick = doctor();
    assert_eq!(sick.status.code(), Some(1), "{}", said(&sick));
    for words in ["E1 (2001-01-01 00:00:00)", "the shop's authorisation has expired", "店铺授权已过期"] {
        assert!(said(&sick).contains(words), "{}", said(&sick));
    }
    house.kill();
    let house = House::start(folder.path(), &[]);
    let begun = Instant::now();
    while !house.log(folder.path()).contains("店铺授权已过期") {
        assert!(begun.elapsed() < Duration::from_secs(60), "not told at the start: {}", house.log(folder.path()));
        std::thread::sleep(Duration::from_millis(20));
    }

    let caller = house.caller();
    let round = Round::new(&caller);
    assert_eq!(round.works("PATCH", "/shops/E1", json!({ "auth_state": 3 }))["auth_state"], 3);
    assert!(doctor().status.success(), "nobody waits for a shop that was stopped: {}", said(&doctor()));
    let never = json!({ "auth_state": 1, "expire_time": "0000-00-00 00:00:00" });
    assert_eq!(round.works("PATCH", "/shops/E1", never)["auth_state"], 1);
    round.works("PATCH", "/shops/E1", json!({ "expire_time": "2099-01-01 00:00:00" }));
    assert_eq!(round.works("GET", "/shops?shop_no=E1", Value::Null)["shops"][0]["auth_state"], 1);
    assert!(!metrics(&caller).contains("shops_ending{"));
    assert!(doctor().status.success(), "{}", said(&doctor()));
}
