//! The buyer: providers, purchase orders and their stock-in in parts, returns and their stock-out.

use serde_json::{Value, json};

use super::actor::{Actor, rows};
use super::pool::Paper;

impl Actor {
    pub(super) async fn new_provider(&mut self) {
        let no = self.fresh("P");
        let (name, number) = (json!(format!("供应商{no}")), json!(no));
        let params = [
            ("provider_no", &number),
            ("provider_name", &name),
            ("min_purchase_num", &json!("1")),
            ("purchase_cycle_days", &json!("3")),
            ("arrive_cycle_days", &json!("2")),
            ("charge_cycle_days", &json!("30")),
        ];
        let answer = self.call("purchase_provider_create.php", &params).await;
        if answer["code"] == 0 {
            self.pool.know().providers.push(no);
        }
    }

    pub(super) async fn purchase(&mut self) {
        match (self.rng.u8(..8), self.pool.some(&mut self.rng, |known| &known.purchases)) {
            (0..=3, Some(paper)) => self.receive_purchase(&paper).await,
            (4, _) if self.chance(20) => self.new_provider().await,
            (5, _) => self.new_requisition().await,
            (6, Some(paper)) => {
                let list = json!([{ "purchase_no": paper.no }]);
                self.end("purchase_order_end.php", "purchase_no_list", &list).await;
            }
            (7, _) => {
                let Some(paper) = self.pool.some(&mut self.rng, |known| &known.returns) else { return };
                let list = json!([{ "purchase_return_no": paper.no }]);
                self.end("purchase_return_end.php", "purchase_return_no_list", &list).await;
            }
            _ => self.new_purchase().await,
        }
    }

    async fn new_requisition(&mut self) {
        let (lines, submit) = (self.lines(), u8::from(self.rng.bool()));
        let (warehouse, list) = (json!(self.warehouse()), json!(rows(&lines, "num")));
        let params = [("warehouse_no", &warehouse), ("is_submit", &json!(submit)), ("details_list", &list)];
        self.call("purchase_apply_push.php", &params).await;
    }

    /// Cancels, or waits no longer; audited or not.
    async fn end(&mut self, php: &str, name: &str, list: &Value) {
        let (how, audited) = (json!(self.rng.u8(1..=2)), json!(u8::from(self.rng.bool())));
        self.call(php, &[("type", &how), ("is_reject_review", &audited), (name, list)]).await;
    }

    async fn new_purchase(&mut self) {
        let Some(provider) = self.pool.some(&mut self.rng, |known| &known.providers) else { return };
        let (outer, warehouse, lines, check) = (self.fresh("PO"), self.warehouse(), self.lines(), self.chance(80));
        let mut list = rows(&lines, "num");
        list.iter_mut().for_each(|row| row["price"] = json!(self.rng.i64(10..40)));
        let info = json!({
            "provider_no": provider, "warehouse_no": warehouse, "outer_no": outer, "is_check": u8::from(check),
            "details_list": list,
        });
        let answer = self.call("purchase_order_push.php", &[("purchase_info", &info)]).await;
        self.remember(&answer, warehouse, lines, false);
    }

    fn remember(&mut self, answer: &Value, warehouse: &str, lines: super::pool::Lines, is_return: bool) {
        let Some(no) = answer["message"].as_str().filter(|_| answer["code"] == 0) else { return };
        let paper = Paper { no: no.to_owned(), warehouse: warehouse.to_owned(), to: String::new(), lines };
        let mut known = self.pool.know();
        if is_return { known.returns.push(paper) } else { known.purchases.push(paper) }
    }

    async fn receive_purchase(&mut self, paper: &Paper) {
        let (outer, lines, check) = (self.fresh("PI"), self.part(&paper.lines), self.chance(70));
        let mut list = rows(&lines, "stockin_num");
        if self.rng.bool() {
            list.iter_mut().for_each(|row| row["stockin_price"] = json!(self.rng.i64(10..40)));
        }
        let info = json!({
            "purchase_no": paper.no, "outer_no": outer, "warehouse_no": paper.warehouse, "is_check": u8::from(check),
            "details_list": list,
        });
        let answer = self.call("stockin_purchase_push.php", &[("purchase_info", &info)]).await;
        self.drafted(&answer, check);
    }

    pub(super) async fn purchase_return(&mut self) {
        match (self.rng.bool(), self.pool.some(&mut self.rng, |known| &known.returns)) {
            (true, Some(paper)) => self.return_goes_out(&paper).await,
            _ => self.new_return().await,
        }
    }

    async fn new_return(&mut self) {
        let Some(provider) = self.pool.some(&mut self.rng, |known| &known.providers) else { return };
        let (outer, warehouse, lines, check) = (self.fresh("PR"), self.warehouse(), self.lines(), self.chance(85));
        let mut list = rows(&lines, "num");
        list.iter_mut().for_each(|row| row["price"] = json!(20));
        let info = json!({
            "provider_no": provider, "outer_no": outer, "warehouse_no": warehouse, "is_check": u8::from(check),
            "detail_list": list,
        });
        let answer = self.call("purchase_return_push.php", &[("return_info", &info)]).await;
        self.remember(&answer, warehouse, lines, true);
    }

    async fn return_goes_out(&mut self, paper: &Paper) {
        let (outer, lines, check) = (self.fresh("RO"), self.part(&paper.lines), self.chance(80));
        let info = json!({
            "return_no": paper.no, "outer_no": outer, "is_check": u8::from(check), "detail_list": rows(&lines, "num"),
        });
        let answer = self.call("purchase_return_order_push.php", &[("purchase_return_info", &info)]).await;
        self.drafted(&answer, check);
    }
}
