//! `wdt.stock.query` (fact sheet wdt-2, 5.1).

use std::rc::Rc;

use erp::SellableTerms;
use erp::catalog::{Page, Warehouse, Window};
use erp::stock::{self, BalanceFilter, BalanceRow, QUANTITIES};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Quantity};
use wire::args::{Text, given};
use wire::rows::{Column, empty, int, money, quantity, text, time, zero, zero_decimal};

use crate::codes::{self, Error};
use crate::part_two::totalled;
use crate::rights::Warehouses;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Stock by window, warehouse or code; with none of them, all of it.
    pub struct Request {
        /// one warehouse; without window and code: what changed in the last hour
        pub warehouse_no: Option<Text<40>>,
        /// merchant code; needs no window
        pub spec_no: Option<Text<40>>,
        /// main barcode; needs no window
        pub barcode: Option<Text<50>>,
        /// goods number; needs no window
        pub goods_no: Option<Text<40>>,
        /// 1 = rows of deleted specs too
        pub is_deleted: Option<bool>,
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
    /// The window of the request, or the one that the vendor assumes.
    fn window(&self, call: &Call, settings: &Settings, now: Moment) -> Result<Option<Window>, Error> {
        let window = Span::MONTH.of(call).window(self.start_time, self.end_time)?;
        let coded = [given(&self.spec_no), given(&self.barcode), given(&self.goods_no)].iter().any(Option::is_some);
        let last_hour =
            window.is_none() && !coded && given(&self.warehouse_no).is_some() && !settings.stock_by_warehouse_is_full;
        Ok(if last_hour { Some(Window { start: now.plus(-limits::HOUR), end: now }) } else { window })
    }
}

pub(super) struct Row {
    row: BalanceRow,
    warehouse: Rc<Warehouse>,
    sellable: Quantity,
}

impl Row {
    /// Defective goods are never sellable (fact sheet wdt-2, 1.2).
    fn of(row: BalanceRow, warehouse: Rc<Warehouse>, terms: &SellableTerms) -> Self {
        let sellable = if row.balance.defect == 0 { row.balance.sellable(terms) } else { Quantity::ZERO };
        Self { row, warehouse, sellable }
    }

    /// A row that no goods have passed and that no document holds is not used yet.
    fn status(&self) -> i64 {
        let balance = &self.row.balance;
        let untouched = balance.last_inout.unix() == 0 && self.row.note.last_pd.unix() == 0;
        i64::from(!untouched || QUANTITIES.iter().any(|column| !balance.quantities.get(*column).is_zero()))
    }
}

/// `None` for the epoch, which stands for never.
fn known(moment: Moment) -> Option<Moment> {
    Some(moment).filter(|moment| moment.unix() != 0)
}

pub(super) const STOCKS: &[Column<Row>] = &[
    int("rec_id", "key of the stock row", |r| wire_id(r.row.balance.id)),
    int("spec_id", "key of the spec", |r| wire_id(r.row.spec().id)),
    text("spec_no", "merchant code", |r| &r.row.spec().no),
    text("spec_name", "spec name", |r| &r.row.spec().facts.name),
    text("spec_code", "spec code", |r| &r.row.spec().facts.code),
    text("barcode", "main barcode", |r| &r.row.spec().facts.barcode),
    text("goods_no", "goods number", |r| &r.row.goods().no),
    text("goods_name", "goods name", |r| &r.row.goods().facts.name),
    text("brand_no", "brand number", |r| &r.row.goods().brand_no),
    text("brand_name", "brand name", |r| &r.row.goods().brand_name),
    int("warehouse_id", "warehouse", |r| wire_id(r.warehouse.id)),
    text("warehouse_no", "warehouse number", |r| &r.warehouse.no),
    text("warehouse_name", "warehouse name", |r| &r.warehouse.name),
    int("warehouse_type", "warehouse type", |r| r.warehouse.kind),
    int("defect", "0 good, 1 defective", |r| r.row.balance.defect),
    int("status", "0 not used yet, 1 in use", Row::status),
    quantity("stock_num", "on hand", |r| r.row.balance.quantities.stock_num),
    quantity("avaliable_num", "sellable (the platform spells it so)", |r| r.sellable),
    quantity("lock_num", "locked", |r| r.row.balance.quantities.lock_num),
    quantity("unpay_num", "in orders not yet paid", |r| r.row.balance.quantities.unpay_num),
    quantity("subscribe_num", "in pre-orders", |r| r.row.balance.quantities.subscribe_num),
    quantity("order_num", "in orders waiting for audit", |r| r.row.balance.quantities.order_num),
    quantity("sending_num", "in orders waiting for shipment", |r| r.row.balance.quantities.sending_num),
    quantity("part_paid_num", "in partly paid orders", |r| r.row.balance.quantities.part_paid_num),
    quantity("purchase_num", "bought, not yet received", |r| r.row.balance.quantities.purchase_num),
    quantity("purchase_arrive_num", "arrived, not yet audited in", |r| r.row.balance.quantities.purchase_arrive_num),
    quantity("to_purchase_num", "in purchase orders not yet approved", |r| r.row.balance.quantities.to_purchase_num),
    quantity("transfer_num", "on its way to this warehouse", |r| r.row.balance.quantities.transfer_num),
    quantity("to_transfer_num", "reserved for transfers out", |r| r.row.balance.quantities.to_transfer_num),
    quantity("return_num", "in approved purchase returns", |r| r.row.balance.quantities.return_num),
    zero_decimal("return_exch_num", "purchase exchange; there is none"),
    zero_decimal("return_onway_num", "purchase exchange on its way; there is none"),
    quantity("refund_num", "returned, not yet audited in", |r| r.row.balance.quantities.refund_num),
    quantity("refund_exch_num", "to be sent for an exchange", |r| r.row.balance.quantities.refund_exch_num),
    quantity("refund_onway_num", "on the way back from buyers", |r| r.row.balance.quantities.refund_onway_num),
    quantity("wms_sync_stock", "on hand as the outsourced warehouse reported", |r| r.row.note.wms_stock),
    quantity("wms_stock_diff", "that less what was on hand here then", |r| r.row.note.wms_stock_diff),
    quantity("wms_preempty_stock", "promised as the outsourced warehouse reported", |r| r.row.note.wms_preempty),
    quantity("wms_preempty_diff", "that less what was promised here then", |r| r.row.note.wms_preempty_diff),
    time("wms_sync_time", "when it reported", |r| known(r.row.note.wms_time)),
    money("cost_price", "average cost of a piece", |r| r.row.balance.cost_price),
    quantity("weight", "kg a piece", |r| r.row.spec().facts.weight),
    zero("unit", "units have no keys"),
    text("img_url", "picture", |r| &r.row.spec().facts.img_url),
    time("last_pd_time", "last stock-taking", |r| known(r.row.note.last_pd)),
    time("last_inout_time", "last physical movement", |r| known(r.row.balance.last_inout)),
    zero("flag_id", "stock rows have no marks"),
    empty("flag_name", "stock rows have no marks"),
    empty("remark", "stock rows have no remarks"),
    time("created", "first touched", |r| Some(r.row.balance.created)),
    time("modified", "last changed", |r| Some(r.row.balance.modified)),
];

/// Query stock.
pub(crate) struct StockQuery;

impl Method for StockQuery {
    const NAME: &'static str = "wdt.stock.query";
    const PHP: &'static str = "stock_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query stock", "查询库存");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::TIME, "a time is malformed, only one end is given, or the start is after the end"),
        (codes::SPAN, "the window is wider than 30 days"),
        (codes::WAREHOUSE, "the warehouse is unknown"),
        (codes::PERMISSION, "the application may not see the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] = &[
        "with neither window nor code every row is answered, in pages",
        "a warehouse alone means what changed in the last hour, or everything with the setting stock_by_warehouse_is_full",
        "avaliable_num of a defective row is 0; an unknown code is an empty list",
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stocks", "stock rows", STOCKS)
    }

    /// The sheet limits full loops a day: a first page without window and code.
    fn counts(request: &Request) -> bool {
        let narrow = [given(&request.spec_no), given(&request.barcode), given(&request.goods_no)];
        let windowed = request.start_time.is_some() || request.end_time.is_some();
        !windowed && narrow.iter().all(Option::is_none) && request.page_no.unwrap_or(0) == 0
    }
}

impl Query for StockQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        request.end_time
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let within = request.window(call, &settings, call.now())?;
        let filter = BalanceFilter {
            spec_no: given(&request.spec_no),
            barcode: given(&request.barcode),
            goods_no: given(&request.goods_no),
            window: within,
            deleted: request.is_deleted.unwrap_or(false),
            ..BalanceFilter::default()
        };
        page_of_stock(call, reader, &settings, given(&request.warehouse_no), filter, page)
    }
}

/// One page of stock rows, of the warehouses that the application may see.
pub(super) fn page_of_stock(
    call: &Call,
    reader: &mut Reader,
    settings: &Settings,
    warehouse_no: Option<&str>,
    filter: BalanceFilter<'_>,
    page: Page,
) -> Result<Reply, Error> {
    let warehouses = Warehouses::load(reader)?;
    let keys = warehouses.asked_for(call, warehouse_no)?;
    let filter = BalanceFilter { warehouses: &keys, ..filter };
    let found = window::listed(reader, settings, page, |reader, page| stock::balances(reader, &filter, page))?;
    let found = found.map(|row| {
        let warehouse = warehouses.get(row.balance.warehouse);
        Row::of(row, warehouse, &settings.erp.sellable)
    });
    Ok(totalled(call, found.total).rows("stocks", STOCKS, &found.rows))
}
