//! `wdt.trade.push` (fact sheet wdt-1, 2.13).
//!
//! `request` is what it takes, `convert` the rules that need several fields; here is what happens to the whole list.

mod convert;
mod request;

use std::collections::{HashMap, HashSet};

use erp::catalog::Shop;
use erp::order::{self, ForeseenLine, Outcome};
use gateway::{Call, Category, Command, Kind, Method, Refused, Reply, ReplyShape};
use serde::Serialize;
use store::Tx;
use wire::args::Element;

use crate::codes::{self, Error};
use crate::{limits, rights, settings::Settings};
use request::{PushedOrder, Request};

/// Create or change raw orders.
pub(crate) struct TradePush;

impl Method for TradePush {
    const NAME: &'static str = "wdt.trade.push";
    const PHP: &'static str = "trade_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create or change raw orders", "创建原始订单");
    const CATEGORY: Category = Category::Order;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::GENERAL, "有订单未接收，message 为 JSON 数组 / some orders were not taken; `message` is a JSON array"),
        (codes::SAME_NICK, "同一网名一次推送过多 / one nick too often in one push"),
        (codes::SHOP, "店铺不存在或已停用 / the shop is unknown or disabled"),
        (codes::PERMISSION, "账号无权访问 / the account may not touch it"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "`switch=1` 有一单不合格则全部不存；否则合格的照存，两者都返回 code 1 / `switch=1`: one bad order and nothing is stored; otherwise the good ones are; both answer code 1",
        "一次最多 500 单，建议 50 / 500 orders at most, 50 recommended",
        "金额与明细不符的订单接收，未付清则不能审核 / amounts that do not add up are accepted; what is not paid in full cannot be audited",
    ];
    type Request = Request;
    type Error = Error;

    fn rows(request: &Request) -> usize {
        request.trade_list.elements().len()
    }

    fn reply() -> ReplyShape {
        ReplyShape::new().count("new_count", "orders created").count("chg_count", "orders changed")
    }
}

impl Command for TradePush {
    /// For one order a call: of several, one may write what another begins by reading.
    fn foresee(request: &Request, tx: &mut Tx) -> Result<(), Error> {
        if let [Element { row: Ok(pushed), .. }] = request.trade_list.elements() {
            let lines: Vec<ForeseenLine<'_>> = pushed
                .order_list
                .iter()
                .map(|line| ForeseenLine {
                    oid: &line.oid,
                    goods_id: &line.goods_id,
                    spec_id: line.spec_id.as_deref().unwrap_or_default(),
                })
                .collect();
            order::foresee_push(tx, &request.shop_no, &pushed.tid, &lines)?;
        }
        Ok(())
    }

    /// Strict: one refused order, and nothing is stored. Lenient: the good ones are. Either way the refused ones are named in a
    /// JSON array inside `message`; what concerns the whole call is plain text.
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let shop = rights::own_mall_to_push(call, tx, &request.shop_no)?;
        let elements = request.trade_list.elements();
        check_nicks(elements)?;
        let strict = request.switch.unwrap_or(false);
        let (mut created, mut changed, mut failed) = (0, 0, Vec::new());
        let mut seen = HashSet::new();
        for element in elements {
            let job = Job { call, settings: &settings, shop: &shop };
            // The core refuses an order before it writes anything of it, so the others can be kept without a fence around each.
            match job.store(tx, element, &mut seen) {
                Ok(Outcome::Created) => created += 1,
                Ok(Outcome::Changed) => changed += 1,
                Ok(Outcome::Unchanged) => {}
                Err(Error::Refused(refused)) => {
                    failed.push(Failed { tid: element.key.as_deref().unwrap_or_default(), error: refused.message });
                }
                Err(error) => return Err(error),
            }
        }
        if failed.is_empty() {
            return Ok(call.reply().int("new_count", created).int("chg_count", changed));
        }
        let message = serde_json::to_string(&failed).unwrap_or_default();
        if strict {
            return Err(Refused::new(codes::GENERAL, message).into());
        }
        Ok(call.reply().partly(codes::GENERAL, message).int("new_count", created).int("chg_count", changed))
    }
}

/// An order that was not stored, as `message` names it.
#[derive(Serialize)]
struct Failed<'a> {
    tid: &'a str,
    error: String,
}

struct Job<'a> {
    call: &'a Call,
    settings: &'a Settings,
    shop: &'a Shop,
}

impl Job<'_> {
    fn store<'e>(
        &self,
        tx: &mut Tx,
        element: &'e Element<PushedOrder>,
        seen: &mut HashSet<&'e str>,
    ) -> Result<Outcome, Error> {
        let pushed = element.row.as_ref().map_err(|refusal| codes::argument(TradePush::NAME, refusal))?;
        if !seen.insert(&pushed.tid) {
            return Err(Refused::new(codes::GENERAL, format!("原始单号重复,原始单号为：{}", pushed.tid)).into());
        }
        if let Some(no) = wire::args::given(&pushed.warehouse_no)
            && !self.call.warehouses().permits(no)
        {
            return Err(codes::no_warehouse(no).into());
        }
        let order = convert::raw_order(self.settings, pushed)?;
        Ok(order::push(tx, &self.settings.erp, self.shop, order)?)
    }
}

/// More than thirty orders of one nick: the whole call fails (fact sheet wdt-1, 1.10).
fn check_nicks(elements: &[Element<PushedOrder>]) -> Result<(), Refused> {
    let mut orders: HashMap<&str, usize> = HashMap::new();
    for order in elements.iter().filter_map(|element| element.row.as_ref().ok()) {
        let count = orders.entry(&order.buyer_nick).or_default();
        *count += 1;
        if *count > limits::SAME_NICK {
            return Err(Refused::new(codes::SAME_NICK, "buyer_nick 名字不能只用一个，不同客户必须用不同的名字"));
        }
    }
    Ok(())
}
