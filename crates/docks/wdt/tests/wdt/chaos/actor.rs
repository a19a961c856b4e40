//! One caller: its chances, its numbers, and how it hears the answers.

use std::sync::Arc;

use fastrand::Rng;
use serde_json::{Value, json};

use super::pool::{Lines, Pool};
use crate::world::World;

pub(super) const SPECS: [&str; 5] = ["G1001-RED", "G1001-BLUE", "C-1", "C-2", "C-3"];
/// The ordinary warehouses.
pub(super) const WAREHOUSES: [&str; 2] = ["WH01", "WH03"];

/// Codes that only a badly made request gets, or a server in trouble: nothing that a race of callers could cause.
const OURS: [i64; 9] = [1012, 1020, 2100, 2830, 2900, 9002, 9012, 9020, 9022];

pub(super) struct Actor {
    pub(super) world: Arc<World>,
    pub(super) pool: Arc<Pool>,
    pub(super) rng: Rng,
    name: String,
    made: usize,
}

impl Actor {
    pub(super) fn new(world: &Arc<World>, pool: &Arc<Pool>, seed: u64, number: u64) -> Self {
        let rng = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(number));
        let name = format!("{seed}x{number}");
        Self { world: Arc::clone(world), pool: Arc::clone(pool), rng, name, made: 0 }
    }

    /// Goods, opening stock and a provider, so that nobody begins with nothing.
    pub(super) async fn open_the_house(&mut self) {
        let specs: Vec<Value> =
            SPECS.iter().filter(|no| no.starts_with("C-")).map(|no| json!({ "spec_no": no })).collect();
        self.must(
            "goods_push.php",
            &[("goods_list", &json!([{ "goods_no": "C", "goods_name": "杂项", "spec_list": specs }]))],
        )
        .await;
        for warehouse in WAREHOUSES {
            let lines: Vec<Value> =
                SPECS.iter().map(|no| json!({ "spec_no": no, "stockin_num": 150, "stockin_price": "20" })).collect();
            let info = json!({ "outer_no": self.fresh("OPEN"), "warehouse_no": warehouse, "is_check": 1, "goods_list": lines });
            self.must("stockin_order_push.php", &[("stockin_info", &info)]).await;
        }
        self.new_provider().await;
    }

    async fn must(&mut self, php: &str, params: &[(&str, &Value)]) {
        let answer = self.call(php, params).await;
        assert_eq!(answer["code"], 0, "{php}: {answer}");
    }

    /// A number nobody used before.
    pub(super) fn fresh(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{}n{}", self.name, self.made)
    }

    pub(super) fn chance(&mut self, of_hundred: u8) -> bool {
        self.rng.u8(..100) < of_hundred
    }

    pub(super) fn warehouse(&mut self) -> &'static str {
        WAREHOUSES[self.rng.usize(..WAREHOUSES.len())]
    }

    /// One to three different specs, a few pieces of each.
    pub(super) fn lines(&mut self) -> Lines {
        let mut specs = SPECS.to_vec();
        self.rng.shuffle(&mut specs);
        specs.truncate(self.rng.usize(1..=3));
        specs.into_iter().map(|spec| (spec.to_owned(), self.rng.i64(1..=6))).collect()
    }

    /// A part of a document's lines.
    pub(super) fn part(&mut self, lines: &Lines) -> Lines {
        let mut part: Lines = Lines::new();
        for (spec, num) in lines {
            if part.is_empty() || self.chance(70) {
                part.push((spec.clone(), self.rng.i64(1..=*num)));
            }
        }
        part
    }

    /// One call. A refusal for a reason of the business is an answer like any other; everything else is a fault.
    pub(super) async fn call(&mut self, php: &str, params: &[(&str, &Value)]) -> Value {
        let texts: Vec<(&str, String)> = params
            .iter()
            .map(|(name, value)| (*name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            .collect();
        if dock_wdt::registry().find_file(php).is_none() {
            return json!({ "code": 1 });
        }
        let pairs: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, &**text)).collect();
        let answer = self.world.call(php, &pairs).await;
        let code = answer["code"].as_i64().unwrap_or(-1);
        assert!(code >= 0 && !OURS.contains(&code), "{php} {texts:?}: {answer}");
        if code == 0 {
            self.pool.succeeded(php);
        }
        answer
    }

    /// One random thing.
    pub(super) async fn step(&mut self) {
        // A second now and then, so that documents of one moment are few.
        if self.chance(10) {
            self.world.clock.advance(1);
        }
        match self.rng.u8(..100) {
            0..=17 => self.push_orders().await,
            18..=23 => self.push_again().await,
            24..=43 => self.work_on_an_order().await,
            44..=47 => drop(self.drain_waybills().await),
            48..=51 => drop(self.drain_changes().await),
            52..=55 => self.rest().await,
            56..=59 => self.other_in().await,
            60..=63 => self.other_out().await,
            64..=66 => self.take_stock().await,
            67..=74 => self.transfer().await,
            75..=82 => self.purchase().await,
            83..=86 => self.purchase_return().await,
            87..=94 => self.refund().await,
            _ => self.work_on_a_draft().await,
        }
    }
}

/// `[{"spec_no": …, NUM: …}]`.
pub(super) fn rows(lines: &Lines, num: &str) -> Vec<Value> {
    lines.iter().map(|(spec, pieces)| json!({ "spec_no": spec, (num): pieces })).collect()
}
