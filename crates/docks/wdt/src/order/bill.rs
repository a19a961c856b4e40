//! `wdt.fa.api.account.detail.query` (fact sheet wdt-1, 2.22): lines of platform bills.

use std::rc::Rc;

use erp::catalog::Shop;
use erp::report::{self, Bill, BillFilter};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::args::{Text, given};
use wire::rows::{Column, flag, int, money, personal, quantity, text, time};

use crate::codes::{self, Error};
use crate::rights::Shops;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Bill lines by the time at which the money moved.
    pub struct Request {
        /// paid from
        pub start_time: Moment,
        /// paid until; at most 30 days after the start
        pub end_time: Moment,
        /// one shop
        pub shop_no: Option<Text<50>>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

struct Row {
    bill: Bill,
    shop: Rc<Shop>,
}

const BILLS: &[Column<Row>] = &[
    int("rec_id", "primary key", |r| wire_id(r.bill.id)),
    int("platform_id", "platform, appendix A", |r| r.shop.platform),
    text("shop_no", "shop number", |r| &r.shop.no),
    int("status", "0 unconfirmed, 1 confirmed, 3 unlinked, 4 reconciled", |r| r.bill.status.code()),
    int("type", "0 other, 1 receipt, 2 refund", |r| r.bill.facts.kind),
    text("order_no", "related order", |r| &r.bill.facts.order_no),
    text("pay_order_no", "payment number", |r| &r.bill.facts.pay_order_no),
    money("in_amount", "received", |r| r.bill.facts.in_amount),
    money("out_amount", "paid out", |r| r.bill.facts.out_amount),
    quantity("num", "pieces", |r| r.bill.facts.num),
    money("balance", "balance of the account afterwards", |r| r.bill.facts.balance),
    flag("is_guarantee", "escrow", |r| r.bill.facts.is_guarantee),
    text("item", "business type of the platform", |r| &r.bill.facts.item),
    personal("opt_pay_account", "counterpart account", |r| &r.bill.facts.opt_pay_account),
    text("description", "description", |r| &r.bill.facts.description),
    text("remark", "remark", |r| &r.bill.facts.remark),
    time("create_time", "paid when", |r| Some(r.bill.facts.paid)),
    time("created", "first stored", |r| Some(r.bill.created)),
    time("modified", "last changed", |r| Some(r.bill.modified)),
];

/// Query bill lines.
pub(crate) struct BillQuery;

impl Method for BillQuery {
    const NAME: &'static str = "wdt.fa.api.account.detail.query";
    const PHP: &'static str = "fa_api_account_detail_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query bill lines of a platform", "查询平台账单");
    const CATEGORY: Category = Category::Order;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::SPAN, "the window is over 30 days"),
        (codes::SHOP, "the shop is unknown"),
        (codes::PERMISSION, "the application may not see the shop"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "the lines are imported through the admin API; one whose order is unknown is unlinked",
        "the counterpart account is shown for own malls and offline shops only, as the buyer of an order",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("account_list", "bill lines", BILLS)
    }
}

impl Query for BillQuery {
    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let paid = Span::MONTH.of(call).window(Some(request.start_time), Some(request.end_time))?;
        let shops = Shops::load(reader)?;
        let keys = shops.asked_for(call, &settings, given(&request.shop_no), None)?;
        let filter = BillFilter { shops: keys, paid, status: None };
        let found = window::listed(reader, &settings, page, |reader, page| report::bills(reader, &filter, page))?;
        let found = found.map(|mut bill| {
            let shop = shops.get(bill.shop);
            if !crate::rights::shows_buyer(call, shop.platform) {
                bill.facts.opt_pay_account.clear();
            }
            Row { bill, shop }
        });
        Ok(call.reply().total_if(found.total).rows("account_list", BILLS, &found.rows))
    }
}
