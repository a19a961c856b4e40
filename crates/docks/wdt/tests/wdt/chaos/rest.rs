//! Goods, platform goods and marks, now and then.

use serde_json::json;

use super::actor::{Actor, SPECS};

impl Actor {
    pub(super) async fn rest(&mut self) {
        let spec = SPECS[self.rng.usize(..SPECS.len())];
        match self.rng.u8(..3) {
            0 => {
                let goods = self.fresh("G");
                let list = json!([{ "goods_no": goods, "goods_name": "新品", "spec_list": [{ "spec_no": format!("{goods}-1") }] }]);
                self.call("goods_push.php", &[("goods_list", &list)]).await;
            }
            1 => {
                let info = json!({ "platform_id": 127, "shop_no": "api_test", "goods_list": [{
                    "goods_id": format!("M-{spec}"), "spec_id": format!("M-{spec}"), "goods_no": "G", "spec_no": spec,
                    "status": 1, "goods_name": "示例", "price": self.rng.i64(50..150),
                }] });
                self.call("api_goodsspec_push.php", &[("api_goods_info", &info)]).await;
            }
            _ => {
                let Some(pushed) = self.pool.some(&mut self.rng, |known| &known.orders) else { return };
                let Some((no, _)) = self.order_of(&pushed.tid).await else { return };
                let remark = json!(format!("备注{}", self.rng.u16(..)));
                self.call("vip_trade_modify.php", &[("trade_no", &json!(no)), ("cs_remark", &remark)]).await;
            }
        }
    }
}
