//! The warehouse: other stock-in and stock-out, stock-taking, transfers in steps and at once.

use erp::stock::{self, Reported};
use serde_json::{Value, json};
use units::Quantity;

use super::actor::{Actor, rows};
use super::pool::Paper;

impl Actor {
    pub(super) async fn other_in(&mut self) {
        let (outer, warehouse, lines, check) = (self.fresh("OI"), self.warehouse(), self.lines(), self.chance(60));
        let mut list = rows(&lines, "stockin_num");
        for row in &mut list {
            row["stockin_price"] = json!(self.rng.i64(10..40));
            row["defect"] = json!(i64::from(self.chance(10)));
        }
        let info =
            json!({ "outer_no": outer, "warehouse_no": warehouse, "is_check": u8::from(check), "goods_list": list });
        let answer = self.call("stockin_order_push.php", &[("stockin_info", &info)]).await;
        self.drafted(&answer, check);
        // The same number again is refused, whatever it says now.
        if self.chance(20) {
            let again = self.call("stockin_order_push.php", &[("stockin_info", &info), ("again", &json!("1"))]).await;
            assert_eq!(again["code"], 2470, "{again}");
        }
    }

    pub(super) async fn other_out(&mut self) {
        if self.chance(30) {
            return self.outsource().await;
        }
        let (outer, warehouse, lines, check) = (self.fresh("OO"), self.warehouse(), self.lines(), self.chance(60));
        let mut list = rows(&lines, "num");
        list.iter_mut().for_each(|row| row["price"] = json!(0));
        let info =
            json!({ "outer_no": outer, "warehouse_no": warehouse, "is_check": u8::from(check), "detail_list": list });
        let answer = self.call("stockout_order_push.php", &[("stockout_info", &info)]).await;
        self.drafted(&answer, check);
    }

    /// An order to the outsourced warehouse, which has it at once and moves some of it; people audit transfers and stock-takings.
    pub(super) async fn outsource(&mut self) {
        let (outer, lines, direction) = (self.fresh("WK"), self.lines(), if self.chance(60) { 2 } else { 1 });
        let info = json!({
            "api_outer_no": outer, "warehouse_no": "WH02", "order_type": direction, "goods_list": rows(&lines, "num"),
        });
        let answer = self.call("vip_wms_stockinout_order_push.php", &[("stockin_info", &info)]).await;
        let Some(no) = answer["order_no"].as_str().map(str::to_owned) else { return };
        let reported: Vec<Reported> =
            lines.iter().map(|(spec, num)| Reported { spec_no: spec.clone(), num: Quantity::whole(*num) }).collect();
        self.person(move |tx, settings| {
            stock::outsourced_pushed(tx, &no, Ok("EXT"))?;
            stock::report_outsourced(tx, settings, &no, "", &reported).map(drop)
        })
        .await;
    }

    /// Remembers a document that waits for its audit.
    pub(super) fn drafted(&mut self, answer: &Value, checked: bool) {
        if answer["code"] != 0 || checked {
            return;
        }
        let mut known = self.pool.know();
        if let Some(no) = answer["stockin_no"].as_str() {
            known.drafts_in.push(no.to_owned());
        }
        if let Some(no) = answer["stockout_no"].as_str() {
            known.drafts_out.push(no.to_owned());
        }
    }

    pub(super) async fn take_stock(&mut self) {
        let (outer, warehouse, check) = (self.fresh("PD"), self.warehouse(), self.chance(70));
        let mut list = rows(&self.lines(), "stock_num");
        list.iter_mut().for_each(|row| row["stock_num"] = json!(self.rng.i64(20..120)));
        let lenient = self.chance(30);
        if lenient {
            list.push(json!({ "spec_no": "NOBODY", "stock_num": 1 }));
        }
        let params = [
            ("warehouse_no", &json!(warehouse)),
            ("api_outer_no", &json!(outer)),
            ("is_check", &json!(u8::from(check))),
            ("is_post_error", &json!(u8::from(!lenient))),
            ("is_create_stock", &json!("1")),
            ("goods_list", &json!(list)),
        ];
        let answer = self.call("stock_sync_by_pd.php", &params).await;
        if let Some(no) = answer["pd_no"].as_str().filter(|no| !check && !no.is_empty()) {
            self.pool.know().takings.push(no.to_owned());
        }
    }

    pub(super) async fn transfer(&mut self) {
        let open = self.pool.some(&mut self.rng, |known| &known.transfers);
        match (self.rng.u8(..3), open) {
            (1, Some(paper)) => self.transfer_out(&paper).await,
            (2, Some(paper)) => self.transfer_in(&paper).await,
            _ => self.new_transfer().await,
        }
    }

    async fn new_transfer(&mut self) {
        let (outer, lines, stepwise) = (self.fresh("TF"), self.lines(), self.chance(70));
        let (from, to) = if self.rng.bool() { ("WH01", "WH03") } else { ("WH03", "WH01") };
        let check = self.chance(85);
        let info = json!({
            "outer_no": outer, "from_warehouse_no": from, "to_warehouse_no": to, "transfer_type": u8::from(!stepwise),
            "autocheck": u8::from(check), "skus": rows(&lines, "num"),
        });
        let answer = self.call("stock_transfer_push.php", &[("transfer_info", &info)]).await;
        if let Some(no) = answer["transfer_no"].as_str() {
            let paper = Paper { no: no.to_owned(), warehouse: from.to_owned(), to: to.to_owned(), lines };
            self.pool.know().transfers.push(paper);
        }
    }

    async fn transfer_out(&mut self, paper: &Paper) {
        let (outer, lines, check) = (self.fresh("TO"), self.part(&paper.lines), self.chance(80));
        let info = json!({
            "src_order_no": paper.no, "outer_no": outer, "is_check": u8::from(check), "warehouse_no": paper.warehouse,
            "goods_list": rows(&lines, "num"),
        });
        let answer = self.call("stockout_transfer_push.php", &[("stockout_info", &info)]).await;
        self.drafted(&answer, check);
        // What left arrives, mostly soon and whole.
        if answer["code"] == 0 && check && self.chance(70) {
            self.transfer_in(&Paper { lines, ..paper.clone() }).await;
        }
    }

    async fn transfer_in(&mut self, paper: &Paper) {
        let (outer, lines, check) = (self.fresh("TI"), self.part(&paper.lines), self.chance(80));
        let info = json!({
            "outer_no": outer, "src_order_type": 2, "src_order_no": paper.no, "is_check": u8::from(check),
            "warehouse_no": paper.to, "goods_list": rows(&lines, "num"),
        });
        let answer = self.call("stockin_transfer_push.php", &[("stockin_info", &info)]).await;
        self.drafted(&answer, check);
    }
}
