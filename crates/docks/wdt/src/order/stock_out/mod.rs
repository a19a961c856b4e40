//! `wdt.stockout.order.query.trade` (fact sheet wdt-1, 2.15): sales stock-outs.

mod columns;
mod row;

use erp::catalog::Window;
use erp::order::{self, Buyer, StockOutFilter, StockOutStatus};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::Reader;
use units::Moment;
use wire::args::{Text, given};

use crate::codes::{self, Error};
use crate::rights::{self, Shops, Warehouses};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};
use columns::STOCK_OUTS;
use row::Row;

wire::arguments! {
    /// Sales stock-outs by window, or by one of three numbers.
    pub struct Request {
        /// from; shipped, or changed, as status and is_by_modified say
        pub start_time: Option<Moment>,
        /// until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// system order number; needs no window
        pub src_order_no: Option<Text<40>>,
        /// raw order number; needs no window
        pub src_tid: Option<Text<40>>,
        /// stock-out number; needs no window
        pub stockout_no: Option<Text<40>>,
        /// 5, 55, 95, 105, 110, 113; several, comma separated
        pub status: Option<Text<255>>,
        /// with status: 1 = the window is on the last change
        pub is_by_modified: Option<bool>,
        /// one shop
        pub shop_no: Option<Text<50>>,
        /// up to 20 shops, comma separated
        pub shop_nos: Option<Text<1024>>,
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// 1 = without bins
        pub is_no_position: Option<bool>,
        /// 1 = stock relevant data only; accepted, everything is sent
        pub fetch_stock_only: Option<bool>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

/// The first state of goods that have left.
const SHIPPED: i64 = 95;

impl Request {
    fn has_number(&self) -> bool {
        [given(&self.src_order_no), given(&self.src_tid), given(&self.stockout_no)].iter().any(Option::is_some)
    }

    fn statuses(&self) -> Result<Vec<i64>, Refused> {
        let Some(list) = given(&self.status) else { return Ok(Vec::new()) };
        let statuses = rights::numbers("status", list)?;
        match statuses.iter().any(|status| StockOutStatus::from_code(*status).is_none()) {
            true => Err(Refused::new(codes::VALUE, "参数值无效status")),
            false => Ok(statuses),
        }
    }
}

/// Which states, and which of the two times the window is on (fact sheet wdt-1, 2.15, "time semantics").
struct Timing {
    statuses: Vec<i64>,
    modified: Option<Window>,
    consigned: Option<Window>,
}

impl Timing {
    fn of(call: &Call, request: &Request) -> Result<Self, Refused> {
        let statuses = request.statuses()?;
        if request.has_number() {
            return Ok(Self { statuses, modified: None, consigned: None });
        }
        let missing = "时间范围与订单编号不能全部为空";
        let window = Span::MONTH.of(call).required(request.start_time, request.end_time, missing)?;
        let by_modified = request.is_by_modified.unwrap_or(false) || statuses.iter().any(|status| *status < SHIPPED);
        let statuses = if statuses.is_empty() && !by_modified {
            StockOutStatus::ALL.iter().map(|status| status.code()).filter(|code| *code >= SHIPPED).collect()
        } else {
            statuses
        };
        Ok(match by_modified {
            true => Self { statuses, modified: Some(window), consigned: None },
            false => Self { statuses, modified: None, consigned: Some(window) },
        })
    }
}

/// Query sales stock-outs.
pub(crate) struct StockOutQuery;

impl Method for StockOutQuery {
    const NAME: &'static str = "wdt.stockout.order.query.trade";
    const PHP: &'static str = "stockout_order_query_trade.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query sales stock-out orders", "查询销售出库单");
    const CATEGORY: Category = Category::Order;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::SHOP, "店铺不存在或已停用 / the shop is unknown or disabled"),
        (codes::WAREHOUSE, "仓库不存在或已停用 / the warehouse is unknown or disabled"),
        (codes::PERMISSION, "账号无权访问 / the account may not touch it"),
        (codes::REQUIRED, "neither a window nor a number is given"),
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stockout_list", "sales stock-outs", STOCK_OUTS)
    }
}

impl Query for StockOutQuery {
    /// Both times are commit stamps, so the rule holds for either.
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.has_number() { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        find(call, request, reader, false)
    }
}

/// Answers the request; with `history` from the archive too.
pub(super) fn find(call: &Call, request: &Request, reader: &mut Reader, history: bool) -> Result<Reply, Error> {
    let settings = Settings::of(call.settings())?;
    let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
    let Timing { statuses, modified, consigned } = Timing::of(call, request)?;
    let (shops, warehouses) = (Shops::load(reader)?, Warehouses::load(reader)?);
    let filter = StockOutFilter {
        order_no: given(&request.src_order_no),
        src_tid: given(&request.src_tid),
        no: given(&request.stockout_no),
        statuses,
        shops: shops.asked_for(call, &settings, given(&request.shop_no), given(&request.shop_nos))?,
        warehouses: warehouses.asked_for(call, given(&request.warehouse_no))?,
        modified,
        consigned,
        history,
    };
    let found = window::listed(reader, &settings, page, |reader, page| order::stock_outs(reader, &filter, page))?;
    let positions = !request.is_no_position.unwrap_or(false);
    let found = found.map(|mut shipment| {
        let (shop, warehouse) = (shops.get(shipment.stock_out.shop), warehouses.get(shipment.stock_out.warehouse));
        if !rights::shows_buyer(call, shop.platform) {
            shipment.buyer = Buyer::default();
        }
        Row::of(shipment, shop, warehouse, positions)
    });
    Ok(call.reply().total_if(found.total).rows("stockout_list", STOCK_OUTS, &found.rows))
}
