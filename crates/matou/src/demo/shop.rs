//! The simulated shop: pushes an order now and then, as the mall of a merchant would, signed, over HTTP.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};
use units::{Clock, Money, Quantity};

use super::card::Card;
use super::catalogue::{Item, Size, items};
use super::people::{Person, people};
use crate::client::{Client, openapi2};
use crate::trouble::Trouble;

/// What the shop needs.
pub(crate) struct Shop {
    pub(crate) card: Card,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) size: Size,
    /// Orders a second; more than 0.
    pub(crate) rate: f64,
    /// Where its chances begin.
    pub(crate) seed: u64,
}

/// Pushes orders until it is stopped.
pub(crate) async fn run(shop: Shop) -> Result<(), Trouble> {
    let (items, people) = (items(shop.size), people());
    let client = Client::new(&shop.card.base_url);
    let mut chance = Rng::with_seed(shop.seed);
    let pause = Duration::from_secs_f64((1.0 / shop.rate).clamp(0.000_1, 86_400.0));
    let mut ticks = tokio::time::interval(pause);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut number = 0u64;
    loop {
        ticks.tick().await;
        number += 1;
        let Some(order) = order(&shop, &items, &people, &mut chance, number) else { return Ok(()) };
        let tid = order["tid"].as_str().unwrap_or_default().to_owned();
        let arguments = vec![
            ("shop_no".to_owned(), shop.card.wdt.shop_no.clone()),
            ("trade_list".to_owned(), json!([order]).to_string()),
        ];
        let pairs = openapi2(&*shop.clock, &shop.card.wdt.sid, &shop.card.openapi2(), arguments);
        match client.post_form("/openapi2/trade_push.php", &pairs).await {
            Ok(heard) if code(&heard.body) == Some(0) => tracing::debug!(tid, "the demo shop pushed an order"),
            Ok(heard) => {
                let code = code(&heard.body).unwrap_or(-1);
                tracing::warn!(tid, code, status = heard.status, "the demo shop's order was refused");
            }
            Err(error) => tracing::warn!(tid, error, "the demo shop cannot reach the hub"),
        }
    }
}

fn code(body: &str) -> Option<i64> {
    serde_json::from_str::<Value>(body).ok()?.get("code")?.as_i64()
}

fn order(shop: &Shop, items: &[Item], people: &[Person], chance: &mut Rng, number: u64) -> Option<Value> {
    let buyer: &Person = people.get(chance.usize(..people.len().max(1)))?;
    let now = shop.clock.now();
    // The second makes it unique over restarts, the seed over shops, the number within a second.
    let tid = format!("D{}{:03}{number:05}", now.unix(), shop.seed % 1_000);
    let mut paid = Money::ZERO;
    let mut lines = Vec::new();
    for index in 1..=chance.usize(1..=3) {
        let item: &Item = items.get(chance.usize(..items.len().max(1)))?;
        let num = chance.i64(1..=3);
        paid += item.price.times(Quantity::whole(num));
        lines.push(json!({
            "oid": format!("{tid}-{index}"),
            "status": 30,
            "refund_status": 0,
            "goods_id": item.goods_no,
            "spec_id": item.spec_no,
            "goods_no": item.goods_no,
            "spec_no": item.spec_no,
            "goods_name": item.goods_name,
            "spec_name": item.spec_name,
            "num": num,
            "price": item.price.to_string(),
            "adjust_amount": 0,
            "discount": 0,
            "share_discount": 0,
        }));
    }
    Some(json!({
        "tid": tid,
        "trade_status": 30,
        "pay_status": 2,
        "delivery_term": 1,
        "trade_time": now.plus(-chance.i64(60..600)).to_string(),
        "pay_time": now.plus(-chance.i64(1..59)).to_string(),
        "buyer_nick": buyer.nick,
        "receiver_name": buyer.name,
        "receiver_province": buyer.province,
        "receiver_city": buyer.city,
        "receiver_district": buyer.district,
        "receiver_address": buyer.address,
        "receiver_mobile": buyer.mobile,
        "logistics_type": -1,
        "post_amount": 0,
        "cod_amount": 0,
        "ext_cod_fee": 0,
        "other_amount": 0,
        "paid": paid.to_string(),
        "order_list": lines,
    }))
}
