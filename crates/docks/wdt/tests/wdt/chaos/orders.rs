//! The mall: pushes, repeats, pays, refunds before shipment, reads both queues.

use serde_json::{Value, json};

use super::actor::Actor;
use super::pool::Pushed;
use crate::world::at;

const PRICE: i64 = 99;

/// An order as the mall pushes it; `status` of the order and of each line.
fn body(pushed: &Pushed, status: i64, lines: &[(i64, i64)]) -> Value {
    let goods: i64 = pushed.lines.iter().map(|(_, num)| PRICE * num).sum();
    let paid = if status == 10 { 0 } else { goods + 10 };
    let rows: Vec<Value> = pushed
        .lines
        .iter()
        .zip(lines)
        .enumerate()
        .map(|(i, ((spec, num), (status, refund)))| {
            json!({
                "oid": format!("{}-{i}", pushed.tid), "num": num, "price": PRICE, "status": status, "refund_status": refund,
                "goods_id": format!("M-{spec}"), "spec_id": format!("M-{spec}"), "goods_no": "G", "spec_no": spec,
                "goods_name": "示例", "spec_name": "", "adjust_amount": 0, "discount": 0, "share_discount": 0,
            })
        })
        .collect();
    json!({
        "tid": pushed.tid, "trade_status": status, "pay_status": if status == 10 { 0 } else { 2 }, "delivery_term": 1,
        "trade_time": at(-600), "pay_time": if status == 10 { "0000-00-00 00:00:00".to_owned() } else { at(-500) },
        "buyer_nick": format!("nick-{}", pushed.tid), "receiver_name": "张三", "receiver_province": "北京",
        "receiver_city": "北京市", "receiver_district": "海淀区", "receiver_address": format!("花园路{}号", pushed.tid),
        "receiver_mobile": "13600000000", "logistics_type": -1, "post_amount": 10, "cod_amount": 0, "ext_cod_fee": 0,
        "other_amount": 0, "paid": paid, "order_list": rows,
    })
}

impl Actor {
    pub(super) async fn push_orders(&mut self) {
        let mut pushed = Vec::new();
        for _ in 0..self.rng.usize(1..=3) {
            let tid = self.fresh("T");
            pushed.push(Pushed { tid, lines: self.lines(), paid: self.rng.u8(..100) < 80 });
        }
        let list = pushed
            .iter()
            .map(|order| {
                let status = if order.paid { 30 } else { 10 };
                body(order, status, &vec![(status, 0); order.lines.len()])
            })
            .collect::<Vec<_>>();
        let strict = json!(u8::from(self.rng.bool()));
        let params = [("shop_no", &json!("api_test")), ("switch", &strict), ("trade_list", &json!(list))];
        let answer = self.call("trade_push.php", &params).await;
        assert_eq!(answer["code"], 0, "{answer}");
        self.pool.know().orders.extend(pushed);
    }

    /// The same order with a later state: paid, or refunded in part or whole, or exactly as it was.
    pub(super) async fn push_again(&mut self) {
        let Some(order) = self.pool.some(&mut self.rng, |known| &known.orders) else { return };
        let count = order.lines.len();
        let (status, lines) = match self.rng.u8(..4) {
            0 | 1 => (30, vec![(30, 0); count]),
            2 => (80, vec![(80, 5); count]),
            _ => {
                let mut lines = vec![(30, 0); count];
                lines[self.rng.usize(..count)] = (80, 5);
                (if count == 1 { 80 } else { 30 }, lines)
            }
        };
        let list = json!([body(&order, status, &lines)]);
        self.call("trade_push.php", &[("shop_no", &json!("api_test")), ("trade_list", &list)]).await;
    }

    /// Reads the queue of waybills and acknowledges some; how many there were.
    pub(super) async fn drain_waybills(&mut self) -> usize {
        let params = [("shop_no", &json!("api_test")), ("limit", &json!("100"))];
        let answer = self.call("logistics_sync_query.php", &params).await;
        let rows = answer["trades"].as_array().cloned().unwrap_or_default();
        let acks: Vec<Value> =
            rows.iter().map(|row| json!({ "rec_id": row["rec_id"], "status": 0, "message": "同步成功" })).collect();
        if !acks.is_empty() {
            self.call("logistics_sync_ack.php", &[("logistics_list", &json!(acks))]).await;
        }
        rows.len()
    }

    /// The same for changed stock.
    pub(super) async fn drain_changes(&mut self) -> usize {
        let params = [("shop_no", &json!("api_test")), ("limit", &json!("100"))];
        let answer = self.call("api_goods_stock_change_query.php", &params).await;
        let rows = answer["stock_change_list"].as_array().cloned().unwrap_or_default();
        let part = |row: &Value| json!({ "rec_id": row["rec_id"], "sync_stock": row["sync_stock"], "stock_change_count": row["stock_change_count"] });
        let acks: Vec<Value> = rows.iter().map(part).collect();
        if !acks.is_empty() {
            self.call("api_goods_stock_change_ack.php", &[("stock_sync_list", &json!(acks))]).await;
        }
        rows.len()
    }
}
