//! `wdt.stock.transfer.query` (fact sheet wdt-2, 5.12).

use std::rc::Rc;

use erp::catalog::Warehouse;
use erp::stock::{self, Transfer, TransferFilter, TransferLine, TransferStatus};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::{Moment, Quantity};
use wire::args::{Text, given};
use wire::rows::{Column, empty, int, list, money, quantity, text, time};

use super::super::stock_in_query::kinds_of_goods;
use crate::codes::{self, Error};
use crate::part_two::{GoodsOfPage, Line, codes_of, totalled};
use crate::rights::Warehouses;
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Transfers by window, number or state; with nothing, all of them.
    pub struct Request {
        /// source
        pub from_warehouse_no: Option<Text<40>>,
        /// destination
        pub to_warehouse_no: Option<Text<40>>,
        /// number (TF…)
        pub transfer_no: Option<Text<40>>,
        /// the caller's number
        pub api_outer_no: Option<Text<40>>,
        /// states; several, comma separated; all by default
        pub status: Option<Text<255>>,
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

type MovedLine = Line<Transfer, TransferLine>;

struct Row {
    order: Rc<Transfer>,
    from: Rc<Warehouse>,
    to: Rc<Warehouse>,
    lines: Vec<MovedLine>,
}

impl Row {
    fn sum(&self, of: impl Fn(&TransferLine) -> Quantity) -> Quantity {
        self.order.lines.iter().map(of).sum()
    }
}

const LINES: &[Column<MovedLine>] = &[
    int("rec_id", "key of the line", |l| wire_id(l.line.id)),
    int("transfer_id", "the transfer", |l| wire_id(l.of.id)),
    int("spec_id", "spec", |l| wire_id(l.line.spec)),
    text("spec_no", "merchant code", |l| &l.line.spec_no),
    text("spec_name", "spec name", |l| &l.spec().facts.name),
    text("spec_code", "spec code", |l| &l.spec().facts.code),
    text("goods_no", "goods number", |l| &l.goods().no),
    text("goods_name", "goods name", |l| &l.goods().facts.name),
    text("barcode", "barcode", |l| &l.spec().facts.barcode),
    text("unit", "unit", |l| &l.goods().facts.unit_name),
    quantity("num", "pieces to move", |l| l.line.num),
    quantity("out_num", "pieces that left", |l| l.line.out_num),
    quantity("in_num", "pieces that came in", |l| l.line.in_num),
    quantity("stock_num", "on hand at the source when it was made", |l| l.line.stock_num),
    money("out_cost_total", "cost of what left", |l| l.line.out_cost),
    text("from_position", "bin at the source", |l| &l.line.from_position),
    text("to_position", "bin at the destination", |l| &l.line.to_position),
    text("batch_no", "batch", |l| &l.line.batch_no),
    time("expire_date", "expires when", |l| l.line.expire_date),
    text("remark", "remark", |l| &l.line.remark),
    time("created", "first stored", |l| Some(l.of.created)),
    time("modified", "last changed", |l| Some(l.of.modified)),
];

const TRANSFERS: &[Column<Row>] = &[
    int("transfer_id", "key", |r| wire_id(r.order.id)),
    text("transfer_no", "number", |r| &r.order.no),
    int("type", "0 stepwise, 1 quick", |r| r.order.quick.into()),
    int("mode", "0 by spec, 1 by bin, 2 by detail", |r| r.order.mode.code()),
    text("outer_no", "the caller's number", |r| &r.order.outer_no),
    int("from_warehouse_id", "source", |r| wire_id(r.from.id)),
    text("from_warehouse_no", "its number", |r| &r.from.no),
    text("from_warehouse_name", "its name", |r| &r.from.name),
    int("to_warehouse_id", "destination", |r| wire_id(r.to.id)),
    text("to_warehouse_no", "its number", |r| &r.to.no),
    text("to_warehouse_name", "its name", |r| &r.to.name),
    text("from_wms_order_no", "order at the outsourced source", |r| &r.order.from_wms_order_no),
    text("to_wms_order_no", "order at the outsourced destination", |r| &r.order.to_wms_order_no),
    text("wms_out_no", "last stock-out", |r| &r.order.out_no),
    text("wms_in_no", "last stock-in", |r| &r.order.in_no),
    int("status", "10 to 90 (fact sheet wdt-2, 2.5)", |r| r.order.status.code()),
    quantity("goods_count", "pieces to move", |r| r.sum(|l| l.num)),
    int("goods_type_count", "specs", |r| kinds_of_goods(r.order.lines.iter().map(|line| line.spec))),
    quantity("goods_out_count", "pieces that left", |r| r.sum(|l| l.out_num)),
    quantity("goods_in_count", "pieces that came in", |r| r.sum(|l| l.in_num)),
    text("contact", "contact at the destination", |r| &r.order.contact),
    text("telno", "telephone there", |r| &r.order.telno),
    text("address", "address there", |r| &r.order.address),
    text("logistics_no", "waybill of what left last", |r| &r.order.logistics_no),
    money("post_fee", "freight of what left", |r| r.order.post_fee),
    empty("creator_name", "who made it; people are not kept"),
    empty("check_operator_name", "who audited it; people are not kept"),
    time("check_time", "audited when", |r| r.order.checked),
    text("remark", "remark", |r| &r.order.remark),
    time("created", "first stored", |r| Some(r.order.created)),
    time("modified", "last changed", |r| Some(r.order.modified)),
    list!("details_list", "lines", LINES, |r| r.lines.iter()),
];

/// Query transfers.
pub(crate) struct TransferQuery;

impl Method for TransferQuery {
    const NAME: &'static str = "wdt.stock.transfer.query";
    const PHP: &'static str = "stock_transfer_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query transfers", "查询调拨单");
    const CATEGORY: Category = Category::Stock;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::TIME, "a time is malformed, only one end is given, or the start is after the end"),
        (codes::SPAN, "the window is wider than 30 days"),
        (codes::VALUE, "status is not in its list"),
        (codes::WAREHOUSE, "a warehouse is unknown"),
        (codes::PERMISSION, "the application may not see the warehouse"),
    ];
    const DECISIONS: &'static [&'static str] =
        &["an application with warehouses of its own sees a transfer when one of its ends is one of them"];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("transfer_list", "transfers", TRANSFERS)
    }
}

impl Query for TransferQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        request.end_time
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::lenient_page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let statuses = codes_of("status", given(&request.status), |code| TransferStatus::from_code(code).is_some())?;
        let warehouses = Warehouses::load(reader)?;
        let end = |no: Option<&str>| match no {
            None => Ok(Vec::new()),
            some => warehouses.asked_for(call, some),
        };
        let (from, to) = (end(given(&request.from_warehouse_no))?, end(given(&request.to_warehouse_no))?);
        let either = warehouses.asked_for(call, None)?;
        let filter = TransferFilter {
            no: given(&request.transfer_no),
            outer_no: given(&request.api_outer_no),
            statuses: &statuses,
            from: &from,
            to: &to,
            either: &either,
            window: Span::MONTH.of(call).window(request.start_time, request.end_time)?,
        };
        let found = window::listed(reader, &settings, page, |reader, page| stock::transfers(reader, &filter, page))?;
        let specs = found.rows.iter().flat_map(|order| order.lines.iter().map(|line| line.spec));
        let goods = GoodsOfPage::load(reader, specs)?;
        let found = found.map(|order| {
            let order = Rc::new(order);
            Row {
                from: warehouses.get(order.from),
                to: warehouses.get(order.to),
                lines: goods.lines(&order, order.lines.clone(), |line| line.spec),
                order,
            }
        });
        Ok(totalled(call, found.total).rows("transfer_list", TRANSFERS, &found.rows))
    }
}
