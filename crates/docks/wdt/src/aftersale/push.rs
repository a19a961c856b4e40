//! `wdt.sales.refund.push` (fact sheet wdt-2, 3.1): raw refunds of an own mall.

use std::sync::Arc;

use erp::aftersale::{self, PushRefund, PushRefundLine};
use erp::catalog::{self, Shop};
use erp::order::Outcome;
use gateway::{Call, Category, Command, Kind, Method, Refused, Reply, ReplyShape};
use store::Tx;
use units::{Money, Quantity};
use wire::args::{Json, List, Text};

use super::words::{Platform, PushedType, When, Word};
use crate::codes::{self, Error};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Raw refunds, to be created or changed.
    pub struct Request {
        /// the refunds; 10 a call are recommended, more than 50 are refused
        pub api_refund_list: Json<List<Pushed, 1, { limits::REFUNDS }>>,
    }
}

wire::arguments! {
    /// One raw refund.
    pub struct Pushed by refund_no {
        /// 127, own mall
        pub platform_id: Platform,
        /// the shop; enabled, of platform 127
        pub shop_no: Text<20>,
        /// raw order number, as given to trade_push
        pub tid: Text<40>,
        /// refund number of the mall, unique within the shop; a repeated one changes the refund
        pub refund_no: Text<40>,
        /// 1 refund of unshipped goods, 2 refund without return, 3 return; 4 as 2
        pub r#type: PushedType,
        /// state on the platform: success, refund_success, wait_seller_agree, wait_buyer_return_goods, goods_returning, wait_seller_confirm_goods, refund_closed, closed, cancel_refund, seller_refuse; or 1 to 5
        pub status: Word,
        /// amount; 0 by default
        pub refund_fee: Option<Money>,
        /// payment account of the buyer
        pub alipay_no: Option<Text<40>>,
        /// buyer; empty = as in the raw order
        pub buyer_nick: Option<Text<100>>,
        /// asked for when; Unix seconds are taken too
        pub refund_time: When,
        /// reason
        pub reason: Option<Text<255>>,
        /// remark
        pub desc: Option<Text<255>>,
        /// version mark
        pub refund_version: Option<Text<64>>,
        /// carrier of the return
        pub logistics_name: Option<Text<40>>,
        /// its waybill
        pub logistics_no: Option<Text<40>>,
        /// lines; some of the raw order's are enough
        pub order_list: List<Line, 1, { limits::LINES }>,
    }
}

wire::arguments! {
    /// One line.
    pub struct Line by oid {
        /// line number, as given to trade_push
        pub oid: Text<40>,
        /// pieces; more than 0, at most those ordered
        pub num: Quantity,
    }
}

fn owned<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
    text.as_deref().unwrap_or_default().to_owned()
}

impl Pushed {
    fn to_push(&self, settings: &Settings) -> PushRefund {
        PushRefund {
            refund_no: self.refund_no.to_string(),
            tid: self.tid.to_string(),
            kind: self.r#type.kind(settings.erp.aftersale.web_refund_types),
            status: self.status.0,
            amount: self.refund_fee.unwrap_or_default(),
            nick: owned(&self.buyer_nick),
            account: owned(&self.alipay_no),
            refund_time: self.refund_time.0,
            reason: owned(&self.reason),
            remark: owned(&self.desc),
            version: owned(&self.refund_version),
            logistics_name: owned(&self.logistics_name),
            logistics_no: owned(&self.logistics_no),
            lines: self
                .order_list
                .iter()
                .map(|line| PushRefundLine { oid: line.oid.to_string(), num: line.num })
                .collect(),
        }
    }
}

/// Create or change raw refunds.
pub(crate) struct RefundPush;

impl Method for RefundPush {
    const NAME: &'static str = "wdt.sales.refund.push";
    const PHP: &'static str = "sales_refund_push.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create or change raw refunds", "创建原始退款单");
    const CATEGORY: Category = Category::Aftersale;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (2830, "platform_id, type or status is not in its list"),
        (2900, "a required field is missing or empty"),
        (5040, "tid is not an order of the shop"),
        (9002, "api_refund_list is not JSON of this shape"),
        (9003, "the shop is unknown, disabled, or not an own mall"),
        (9012, "num is not above 0 or more than was ordered; refund_fee is below 0"),
        (9020, "a text is too long"),
        (9022, "more than 50 refunds, or more than 200 lines"),
        (9025, "oid is not a line of the order"),
        (9026, "the application may not touch the shop"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "All or none: one refused refund, and nothing of the call is stored.",
        "A repeated refund_no counts as changed, also when it repeats what is stored; the row is written only when something differs.",
        "A refund of unshipped goods with status success is completed at once (90); for other kinds success is only recorded.",
        "What cannot be submitted is stored all the same (未递交, 15) with its reason: no system order, shipped already, more pieces than are left.",
        "More money than was paid for the pieces is recorded, but the refund order waits for a person's audit (return_mask 16).",
    ];
    type Request = Request;
    type Error = Error;

    fn rows(request: &Request) -> usize {
        request.api_refund_list.len()
    }

    fn reply() -> ReplyShape {
        ReplyShape::new().count("new_count", "refunds created").count("chg_count", "refunds changed")
    }
}

impl Command for RefundPush {
    fn run(call: &Call, request: &Request, tx: &mut Tx) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let (mut created, mut changed) = (0, 0);
        for pushed in request.api_refund_list.iter() {
            let shop = shop(call, tx, &pushed.shop_no)?;
            let refund = pushed.to_push(&settings);
            match aftersale::push_refund(tx, &settings.erp, &shop, &refund)? {
                Outcome::Created => created += 1,
                Outcome::Changed | Outcome::Unchanged => changed += 1,
            }
        }
        Ok(call.reply().int("new_count", created).int("chg_count", changed))
    }
}

/// The enabled own mall; part 2 of the sheet has a number of its own for others.
fn shop(call: &Call, tx: &mut Tx, no: &str) -> Result<Arc<Shop>, Error> {
    let shop = match catalog::own_mall_to_push(tx, no) {
        Err(erp::Error::Refused(refusal @ (erp::Refusal::ShopUnknown(_) | erp::Refusal::ShopNotOwnMall(_)))) => {
            return Err(Refused::new(codes::REFUND_SHOP, refusal.to_string()).into());
        }
        found => found?,
    };
    if call.shops().permits(no) { Ok(shop) } else { Err(codes::no_shop(no).into()) }
}
