//! `wdt.stock.query` (fact sheet wdt-2, 5.1).

use std::rc::Rc;

use erp::SellableTerms;
use erp::catalog::{Warehouse, Window};
use erp::stock::{self, BalanceFilter, BalanceRow};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Quantity};
use wire::args::{Text, given};
use wire::rows::{Column, Scalars, constant_int, empty, int, money, no_time, quantity, text, time, zero, zero_decimal};

use crate::codes::Error;
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
    fn window(&self, settings: &Settings, now: Moment) -> Result<Option<Window>, Error> {
        let window = Span::MONTH.window(self.start_time, self.end_time)?;
        let coded = [given(&self.spec_no), given(&self.barcode), given(&self.goods_no)].iter().any(Option::is_some);
        let last_hour =
            window.is_none() && !coded && given(&self.warehouse_no).is_some() && !settings.stock_by_warehouse_is_full;
        Ok(if last_hour { Some(Window { start: now.plus(-limits::HOUR), end: now }) } else { window })
    }
}

struct Row {
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

    fn last_inout(&self) -> Option<Moment> {
        Some(self.row.balance.last_inout).filter(|moment| moment.unix() != 0)
    }
}

const STOCKS: &[Column<Row>] = &[
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
    constant_int("status", "1 in use", 1),
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
    zero_decimal("return_exch_num", "purchase exchange; not kept"),
    zero_decimal("return_onway_num", "purchase exchange on its way; not kept"),
    quantity("refund_num", "returned, not yet audited in", |r| r.row.balance.quantities.refund_num),
    quantity("refund_exch_num", "to be sent for an exchange", |r| r.row.balance.quantities.refund_exch_num),
    quantity("refund_onway_num", "on the way back from buyers", |r| r.row.balance.quantities.refund_onway_num),
    zero_decimal("wms_sync_stock", "outsourced warehouse; not kept"),
    zero_decimal("wms_stock_diff", "outsourced warehouse; not kept"),
    zero_decimal("wms_preempty_stock", "outsourced warehouse; not kept"),
    zero_decimal("wms_preempty_diff", "outsourced warehouse; not kept"),
    no_time("wms_sync_time", "outsourced warehouse; not kept"),
    money("cost_price", "average cost of a piece", |r| r.row.balance.cost_price),
    quantity("weight", "kg a piece", |r| r.row.spec().facts.weight),
    zero("unit", "base unit id; not kept"),
    text("img_url", "picture", |r| &r.row.spec().facts.img_url),
    no_time("last_pd_time", "last stock-taking"),
    time("last_inout_time", "last physical movement", Row::last_inout),
    zero("flag_id", "mark; not kept"),
    empty("flag_name", "mark; not kept"),
    empty("remark", "remark; not kept"),
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
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("stocks", "stock rows", STOCKS)
    }
}

impl Query for StockQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        request.end_time
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let within = request.window(&settings, call.now())?;
        let warehouses = Warehouses::load(reader)?;
        let keys = warehouses.asked_for(call, given(&request.warehouse_no))?;
        let found = window::listed(reader, &settings, page, |reader, page| {
            let filter = BalanceFilter {
                warehouses: &keys,
                spec_no: given(&request.spec_no),
                barcode: given(&request.barcode),
                goods_no: given(&request.goods_no),
                window: within,
                deleted: request.is_deleted.unwrap_or(false),
            };
            stock::balances(reader, &filter, page)
        })?;
        let found = found.map(|row| {
            let warehouse = warehouses.get(row.balance.warehouse);
            Row::of(row, warehouse, &settings.erp.sellable)
        });
        let reply = match (found.total, call.style().scalars) {
            // Part 2 of the sheet: a text on openapi2, as every captured reply has it (fact sheet wdt-2, 0.3 no. 3).
            (Some(total), Scalars::Text) => call.reply().text("total_count", &total.to_string()),
            (total, _) => call.reply().total_if(total),
        };
        Ok(reply.rows("stocks", STOCKS, &found.rows))
    }
}
