//! Buyers who want their money back: raw refunds of all types, their updates, and what comes back to the warehouse.

use serde_json::json;

use super::actor::{Actor, rows};
use super::pool::Pushed;
use crate::world::at;

const WORDS: [&str; 5] =
    ["wait_seller_agree", "wait_buyer_return_goods", "wait_seller_confirm_goods", "success", "refund_closed"];

impl Actor {
    pub(super) async fn refund(&mut self) {
        match (self.rng.u8(..4), self.pool.some(&mut self.rng, |known| &known.refunds)) {
            (0, Some(pushed)) => self.refund_again(&pushed).await,
            (1 | 2, Some(pushed)) => self.goods_come_back(&pushed).await,
            _ => self.new_refund().await,
        }
    }

    async fn new_refund(&mut self) {
        let Some(order) = self.pool.some(&mut self.rng, |known| &known.orders) else { return };
        // The number of the refund and what it is about: an order's `tid` is found in front of the first `/`.
        let pushed = Pushed { tid: format!("{}/{}", order.tid, self.fresh("RF")), ..order };
        let kind = self.rng.i64(1..=3);
        if self.push_refund(&pushed, kind, WORDS[0]).await {
            self.pool.know().refunds.push(pushed);
        }
    }

    async fn refund_again(&mut self, pushed: &Pushed) {
        let (kind, word) = (self.rng.i64(1..=3), WORDS[self.rng.usize(..WORDS.len())]);
        self.push_refund(pushed, kind, word).await;
    }

    async fn push_refund(&mut self, pushed: &Pushed, kind: i64, word: &str) -> bool {
        let Some((tid, refund_no)) = pushed.tid.split_once('/') else { return false };
        let line = self.rng.usize(..pushed.lines.len());
        let num = self.rng.i64(1..=pushed.lines[line].1);
        let list = json!([{
            "platform_id": 127, "shop_no": "api_test", "tid": tid, "refund_no": refund_no, "type": kind, "status": word,
            "refund_fee": num * 99, "buyer_nick": format!("nick-{tid}"), "refund_time": at(-100), "reason": "不想要了",
            "order_list": [{ "oid": format!("{tid}-{line}"), "num": num }],
        }]);
        self.call("sales_refund_push.php", &[("api_refund_list", &list)]).await["code"] == 0
    }

    async fn goods_come_back(&mut self, pushed: &Pushed) {
        let Some((_, refund_no)) = pushed.tid.split_once('/') else { return };
        let answer = self.call("refund_query.php", &[("src_refund_no", &json!(refund_no))]).await;
        let Some(order) = answer["refunds"].as_array().and_then(|found| found.first()).cloned() else { return };
        let goods = order["refund_order_list"].as_array().cloned().unwrap_or_default();
        let lines = goods.iter().filter_map(|row| Some((row["spec_no"].as_str()?.to_owned(), 1))).collect();
        let (outer, warehouse, check) = (self.fresh("RI"), self.warehouse(), self.chance(75));
        let mut list = rows(&self.part(&lines), "stockin_num");
        list.iter_mut().for_each(|row| row["defect"] = json!(i64::from(self.rng.u8(..10) == 0)));
        let info = json!({
            "refund_no": order["refund_no"], "outer_no": outer, "warehouse_no": warehouse, "is_check": u8::from(check),
            "detail_list": list,
        });
        let answer = self.call("stockin_refund_push.php", &[("stockin_refund_info", &info)]).await;
        self.drafted(&answer, check);
    }
}
