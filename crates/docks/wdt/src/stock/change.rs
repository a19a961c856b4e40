//! `wdt.api.goods.stock.change.query` and `wdt.api.goods.stock.change.ack` (fact sheet wdt-1, 2.18 and 2.19): stock on its way
//! to own malls.

use erp::catalog::{self, Target};
use erp::stock::{self, Change};
use gateway::{Call, Category, Command, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, Tx, wire_id};
use wire::args::{Json, RawList, Text};
use wire::rows::{Column, int, text};

use crate::codes::{self, Error};
use crate::{ack, limits, rights, settings::Settings, window};

wire::arguments! {
    /// Goods of a shop whose sellable stock changed.
    pub struct Request {
        /// the shop
        pub shop_no: Text<50>,
        /// rows wanted, 1 to 2000; more is 2000
        pub limit: i64,
    }
}

struct Row {
    change: Change,
    shop_no: String,
}

const ROWS: &[Column<Row>] = &[
    int("rec_id", "platform goods row", |r| wire_id(r.change.goods.id)),
    int("shop_id", "shop", |r| wire_id(r.change.goods.shop)),
    text("shop_no", "shop number", |r| &r.shop_no),
    text("goods_id", "platform SPU id", |r| &r.change.goods.goods_id),
    text("spec_id", "platform SKU id", |r| &r.change.goods.spec_id),
    text("goods_no", "platform SPU code", |r| &r.change.goods.goods_no),
    text("spec_no", "platform SKU code", |r| &r.change.goods.spec_no),
    int("sync_stock", "pieces to publish", |r| r.change.publish),
    int("erp_spec_type", "1 spec, 2 suite", |r| match r.change.goods.target {
        None => 0,
        Some(Target::Spec(_)) => 1,
        Some(Target::Suite(_)) => 2,
    }),
    int("erp_spec_id", "the spec or suite", |r| match r.change.goods.target {
        None => 0,
        Some(Target::Spec(id) | Target::Suite(id)) => wire_id(id),
    }),
    int("stock_change_count", "counter, to be returned unchanged", |r| r.change.goods.changes),
];

/// Read the stock-sync queue.
pub(crate) struct StockChangeQuery;

impl Method for StockChangeQuery {
    const NAME: &'static str = "wdt.api.goods.stock.change.query";
    const PHP: &'static str = "api_goods_stock_change_query.php";
    const KIND: Kind = Kind::Queue;
    const SUMMARY: (&'static str, &'static str) = ("Read the stock-sync queue", "查询库存同步");
    const CATEGORY: Category = Category::Order;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::SHOP, "店铺不存在或已停用 / the shop is unknown or disabled"),
        (codes::PERMISSION, "账号无权访问 / the account may not touch it"),
        (codes::GENERAL, "the shop is not one of the own mall"),
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new()
            .rows("stock_change_list", "goods whose stock changed", ROWS)
            .count("current_count", "rows in this reply")
    }
}

impl Query for StockChangeQuery {
    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        if request.limit < 1 {
            return Err(codes::invalid(codes::VALUE, "limit", "应为1到2000").into());
        }
        let shop = rights::own_mall(call, reader, &request.shop_no)?;
        let limit = window::queue_rows(call, request.limit, limits::CHANGE_ROWS);
        let changes = stock::pending_changes(reader, &settings.erp, &shop, limit)?;
        let rows: Vec<Row> = changes.into_iter().map(|change| Row { change, shop_no: shop.no.clone() }).collect();
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        Ok(call.reply().rows("stock_change_list", ROWS, &rows).int("current_count", count))
    }
}

wire::arguments! {
    /// Stock that the mall has stored.
    pub struct AckRequest {
        /// the rows, as they were offered
        pub stock_sync_list: Json<RawList<AckRow, 1, { limits::ACK_ROWS }>>,
    }
}

wire::arguments! {
    /// One row of the queue.
    pub struct AckRow by rec_id {
        /// key of the row
        pub rec_id: i64,
        /// pieces published
        pub sync_stock: i64,
        /// counter, as it was offered
        pub stock_change_count: i64,
        /// 1 success (default), 0 failure: the row stays in the queue
        pub syn_status: Option<bool>,
    }
}

/// Acknowledge rows of the stock-sync queue.
pub(crate) struct StockChangeAck;

impl Method for StockChangeAck {
    const NAME: &'static str = "wdt.api.goods.stock.change.ack";
    const PHP: &'static str = "api_goods_stock_change_ack.php";
    const KIND: Kind = Kind::Ack;
    const SUMMARY: (&'static str, &'static str) =
        ("Acknowledge rows of the stock-sync queue", "平台货品库存同步状态回写");
    const CATEGORY: Category = Category::Order;
    const DECISIONS: &'static [&'static str] =
        &["计数已旧的回写被接受，但该行仍在队列中 / an acknowledgement with an old counter is accepted; the row stays"];
    type Request = AckRequest;
    type Error = Error;

    fn rows(request: &AckRequest) -> usize {
        request.stock_sync_list.elements().len()
    }

    fn reply() -> ReplyShape {
        ReplyShape::new().rows("errors", "rows that were not accepted; empty = all were", ack::ERRORS)
    }
}

impl Command for StockChangeAck {
    fn run(call: &Call, request: &AckRequest, tx: &mut Tx) -> Result<Reply, Error> {
        ack::each(call, Self::NAME, tx, request.stock_sync_list.elements(), |tx, row: &AckRow| {
            let unknown = || erp::Error::from(erp::Refusal::QueueRow("平台货品不存在"));
            let key = rights::key(call, row.rec_id).ok_or_else(unknown)?;
            if call.shops().list().is_some() && !may_answer(call, tx, key)? {
                return Err(unknown().into());
            }
            let stored = row.syn_status.unwrap_or(true);
            Ok(stock::ack_change(tx, key, row.sync_stock, row.stock_change_count, stored)?)
        })
    }
}

/// Whether the row belongs to a shop that the application may touch.
fn may_answer(call: &Call, tx: &mut Tx, key: i64) -> Result<bool, Error> {
    let Some(row) = catalog::platform_goods_by_id(tx, key)? else { return Ok(false) };
    let shop = catalog::shop_by_id(tx, row.shop)?;
    Ok(shop.is_some_and(|shop| call.shops().permits(&shop.no)))
}
