//! `wdt.vip.stock.outside.wms.query` (fact sheet wdt-2, 5.14): orders to outsourced warehouses.

use std::rc::Rc;

use erp::catalog::Warehouse;
use erp::stock::{self, Direction, OutsourcedFilter, OutsourcedLine, OutsourcedOrder, OutsourcedStatus, Receiver};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Quantity};
use wire::args::{Text, given};
use wire::rows::{Column, empty, int, list, money, owned, personal, quantity, text, time, zero};

use crate::coded::Coded;
use crate::codes::{self, Error};
use crate::part_two::{GoodsOfPage, Line, codes_of, totalled};
use crate::rights::Warehouses;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Outsourced orders by window or number.
    pub struct Request {
        /// one warehouse
        pub warehouse_no: Option<Text<40>>,
        /// states; several, comma separated; only together with order_type
        pub status: Option<Text<255>>,
        /// 1 out, 2 in; both by default
        pub order_type: Option<Coded<Direction>>,
        /// the caller's number or ours; needs no window
        pub outer_no: Option<Text<40>>,
        /// number (WK…); needs no window
        pub order_no: Option<Text<40>>,
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// page, from 0
        pub page_no: Option<i64>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
    }
}

impl Request {
    fn has_number(&self) -> bool {
        given(&self.outer_no).is_some() || given(&self.order_no).is_some()
    }

    fn statuses(&self) -> Result<Vec<i64>, Refused> {
        let known = |code| OutsourcedStatus::from_code(code).is_some();
        let statuses = codes_of("status", given(&self.status), known)?;
        match !statuses.is_empty() && self.order_type.is_none() {
            true => Err(Refused::new(codes::STATUS_WITHOUT_TYPE, "status需要与order_type同时传入")),
            false => Ok(statuses),
        }
    }
}

type OrderLine = Line<OutsourcedOrder, OutsourcedLine>;

struct Row {
    order: Rc<OutsourcedOrder>,
    receiver: Receiver,
    warehouse: Rc<Warehouse>,
    lines: Vec<OrderLine>,
}

impl Row {
    fn sum(&self, of: impl Fn(&OutsourcedLine) -> Quantity) -> Quantity {
        self.order.lines.iter().map(of).sum()
    }
}

const LINES: &[Column<OrderLine>] = &[
    int("rec_id", "key of the line", |l| wire_id(l.line.id)),
    int("order_id", "the order", |l| wire_id(l.of.id)),
    text("order_no", "its number", |l| &l.of.no),
    int("goods_id", "goods", |l| wire_id(l.goods().id)),
    text("goods_no", "goods number", |l| &l.goods().no),
    text("goods_name", "goods name", |l| &l.goods().facts.name),
    text("short_name", "short name", |l| &l.goods().facts.short_name),
    int("spec_id", "spec", |l| wire_id(l.line.spec)),
    text("spec_no", "merchant code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.spec().facts.name),
    text("spec_code", "spec code", |l| &l.spec().facts.code),
    text("barcode", "barcode", |l| &l.spec().facts.barcode),
    zero("unit_id", "units have no keys"),
    text("goods_unit", "unit", |l| &l.goods().facts.unit_name),
    int("brand_id", "brand", |l| wire_id(l.goods().brand)),
    text("brand_name", "brand name", |l| &l.goods().brand_name),
    text("batch_no", "batch", |l| &l.line.batch_no),
    time("expire_date", "expires when", |l| l.line.expire_date),
    int("validity_days", "shelf life, days", |l| l.line.validity_days),
    quantity("num", "ordered", |l| l.line.num),
    quantity("inout_num", "moved", |l| l.line.moved),
    money("price", "price of a piece", |l| l.line.price),
    text("remark", "remark", |l| &l.line.remark),
];

const ORDERS: &[Column<Row>] = &[
    int("order_id", "key", |r| wire_id(r.order.id)),
    text("order_no", "number (WK…)", |r| &r.order.no),
    text("api_outer_no", "the caller's number", |r| &r.order.outer_no),
    text("outer_no", "number at the warehouse", |r| &r.order.wms_no),
    text("push_no", "number under which the warehouse has it", |r| {
        if r.order.wms_no.is_empty() { "" } else { &r.order.no }
    }),
    int("order_type", "1 out, 2 in", |r| r.order.direction.code()),
    int("status", "10 to 80 (fact sheet wdt-2, 2.8)", |r| r.order.status.code()),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    int("warehouse_type", "warehouse type", |r| r.warehouse.kind),
    int("logistics_id", "carrier", |r| wire_id(r.order.carrier)),
    text("logistics_name", "carrier name", |r| &r.order.logistics_name),
    text("logistics_no", "waybill", |r| &r.order.logistics_no),
    money("logistics_fee", "freight", |r| r.order.logistics_fee),
    money("other_fee", "other cost", |r| r.order.other_fee),
    text("error_info", "why the last push failed", |r| &r.order.error),
    empty("operator_name", "who made it; people are not kept"),
    quantity("goods_count", "pieces ordered", |r| r.sum(|l| l.num)),
    quantity("goods_real_count", "pieces moved", |r| r.sum(|l| l.moved)),
    personal("receiver_name", "receiver", |r| &r.receiver.name),
    text("receiver_province", "province", |r| &r.order.region[0]),
    text("receiver_city", "city", |r| &r.order.region[1]),
    text("receiver_district", "district", |r| &r.order.region[2]),
    owned("receiver_area", "names of the region, space separated", |r| {
        r.order.region.iter().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }),
    personal("receiver_address", "street address", |r| &r.receiver.address),
    personal("receiver_mobile", "mobile", |r| &r.receiver.mobile),
    personal("receiver_telno", "telephone", |r| &r.receiver.telno),
    text("remark", "remark", |r| &r.order.remark),
    time("created", "first stored", |r| Some(r.order.created)),
    time("modified", "last changed", |r| Some(r.order.modified)),
    list!("detail_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query outsourced orders.
pub(crate) struct OutsideQuery;

impl Method for OutsideQuery {
    const NAME: &'static str = "wdt.vip.stock.outside.wms.query";
    const PHP: &'static str = "vip_stock_outside_wms_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query orders to outsourced warehouses", "查询委外出入库单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::TIME, "a time is malformed, only one end is given, or the start is after the end"),
        (codes::SPAN, "the window is wider than 30 days"),
        (codes::REQUIRED, "neither a window nor a number is given"),
        (codes::VALUE, "order_type or status is not in its list"),
        (codes::STATUS_WITHOUT_TYPE, "status without order_type"),
        (codes::WAREHOUSE, "the warehouse is unknown"),
        (codes::PERMISSION, "the application may not see the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &["outer_no is compared with the caller's number and with ours"];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("order_list", "outsourced orders", ORDERS)
    }
}

impl Query for OutsideQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.has_number() { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let statuses = request.statuses()?;
        let within = match request.has_number() {
            true => None,
            false => Some(Span::MONTH.of(call).required(
                request.start_time,
                request.end_time,
                "时间范围与委外单号不能全部为空",
            )?),
        };
        let warehouses = Warehouses::load(reader)?;
        let keys = warehouses.asked_for(call, given(&request.warehouse_no))?;
        let filter = OutsourcedFilter {
            no: given(&request.order_no),
            either_no: given(&request.outer_no),
            direction: request.order_type.map(|direction| *direction),
            statuses: &statuses,
            warehouses: &keys,
            window: within,
        };
        let found =
            window::listed(reader, &settings, page, |reader, page| stock::outsourced_orders(reader, &filter, page))?;
        let specs = found.rows.iter().flat_map(|(order, _)| order.lines.iter().map(|line| line.spec));
        let goods = GoodsOfPage::load(reader, specs)?;
        let found = found.map(|(order, receiver)| {
            let order = Rc::new(order);
            Row {
                warehouse: warehouses.get(order.warehouse),
                lines: goods.lines(&order, order.lines.clone(), |line| line.spec),
                order,
                receiver,
            }
        });
        Ok(totalled(call, found.total).rows("order_list", ORDERS, &found.rows))
    }
}
