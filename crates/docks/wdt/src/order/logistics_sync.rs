//! `wdt.logistics.sync.query` and `wdt.logistics.sync.ack` (fact sheet wdt-1, 2.16 and 2.17): waybills on their way to own
//! malls.

use std::collections::HashSet;
use std::rc::Rc;

use erp::catalog::{self, Shop};
use erp::order::{self, LogisticsSync};
use gateway::{Call, Category, Command, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, Tx, wire_id};
use wire::args::{Json, RawList, Text, given};
use wire::rows::{Column, constant_int, empty, flag, int, list, owned, text, time};

use super::joined;
use crate::codes::{self, Error};
use crate::rights::{self, Shops};
use crate::{ack, limits, window};

wire::arguments! {
    /// Waybills that wait for the mall.
    pub struct Request {
        /// rows wanted, 1 to 100; more is 100
        pub limit: i64,
        /// one shop; without it all own malls
        pub shop_no: Option<Text<50>>,
        /// 1 = the caller can handle split shipment
        pub is_part_sync_able: Option<bool>,
    }
}

struct Row {
    sync: LogisticsSync,
    shop: Rc<Shop>,
}

/// Serial numbers are not kept.
struct Serial;

const ROWS: &[Column<Row>] = &[
    int("rec_id", "key for the acknowledgement", |r| wire_id(r.sync.id)),
    int("shop_id", "shop", |r| wire_id(r.shop.id)),
    text("shop_no", "shop number", |r| &r.shop.no),
    text("tid", "raw order number", |r| &r.sync.tid),
    text("logistics_no", "waybill", |r| &r.sync.carriage.waybill),
    int("logistics_type", "carrier kind, appendix B", |r| r.sync.carriage.kind),
    text("logistics_name", "name of the carrier kind", |r| catalog::kind_name(r.sync.carriage.kind)),
    text("logistics_code_erp", "carrier number in the ERP", |r| &r.sync.carriage.no),
    text("logistics_name_erp", "carrier name in the ERP", |r| &r.sync.carriage.name),
    int("logistics_id", "carrier", |r| wire_id(r.sync.carriage.id)),
    int("delivery_term", "1 pay first, 2 cash on delivery, 3 instalments, 4 on account", |r| {
        r.sync.delivery_term.code()
    }),
    time("consign_time", "shipped", |r| Some(r.sync.consigned)),
    flag("is_part_sync", "1 = split shipment, use oids", |r| r.sync.is_part),
    owned("oids", "line numbers, comma separated", |r| joined(r.sync.oids.iter().map(|oid| &**oid))),
    int("platform_id", "platform, appendix A", |r| r.shop.platform),
    int("trade_id", "system order", |r| wire_id(r.sync.order)),
    int("stockout_id", "stock-out", |r| wire_id(r.sync.stock_out)),
    constant_int("is_need_sync", "always 1", 1),
    int("sync_status", "0 waiting", |r| r.sync.status.code()),
    flag("is_last", "last parcel of the order", |r| r.sync.is_last),
    empty("description", "not kept"),
    time("sync_time", "acknowledged; zero date before", |r| r.sync.synced),
    empty("error_code", "not kept"),
    text("error_msg", "what the mall said", |r| &r.sync.error),
    int("try_times", "times offered", |r| r.sync.tries),
    time("modified", "last changed", |r| Some(r.sync.modified)),
    time("created", "first stored", |r| Some(r.sync.created)),
    list!("sn_list", "serial numbers; not kept", SERIALS, |_r| std::iter::empty()),
];

const SERIALS: &[Column<Serial>] = &[empty("sn", "serial number")];

/// Read the logistics-sync queue.
pub(crate) struct LogisticsSyncQuery;

impl Method for LogisticsSyncQuery {
    const NAME: &'static str = "wdt.logistics.sync.query";
    const PHP: &'static str = "logistics_sync_query.php";
    const KIND: Kind = Kind::Queue;
    const SUMMARY: (&'static str, &'static str) = ("Read the logistics-sync queue", "查询物流同步");
    const CATEGORY: Category = Category::Order;
    const ERRORS: &'static [(i64, &'static str)] = &[
        (codes::SHOP, "店铺不存在或已停用 / the shop is unknown or disabled"),
        (codes::PERMISSION, "账号无权访问 / the account may not touch it"),
        (codes::GENERAL, "the shop is not one of the own mall"),
    ];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().rows("trades", "waybills that wait", ROWS)
    }
}

impl Query for LogisticsSyncQuery {
    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        if request.limit < 1 {
            return Err(codes::invalid(codes::VALUE, "limit", "应为1到100").into());
        }
        let limit = window::queue_rows(call, request.limit, limits::SYNC_ROWS);
        let mut waiting = match given(&request.shop_no) {
            Some(no) => {
                let shop = rights::own_mall(call, reader, no)?;
                order::pending_syncs(reader, Some(shop.id), limit)?
            }
            None => waiting_everywhere(call, reader, limit)?,
        };
        if !request.is_part_sync_able.unwrap_or(false) {
            only_first_parcels(&mut waiting);
        }
        let shops = Shops::load(reader)?;
        let rows: Vec<Row> = waiting.into_iter().map(|sync| Row { shop: shops.get(sync.shop), sync }).collect();
        Ok(call.reply().rows("trades", ROWS, &rows))
    }
}

fn waiting_everywhere(call: &Call, reader: &mut Reader, limit: i64) -> Result<Vec<LogisticsSync>, Error> {
    let Some(allowed) = call.shops().list() else { return Ok(order::pending_syncs(reader, None, limit)?) };
    let mut rows = Vec::new();
    for no in allowed {
        match catalog::shop_by_no(reader, no) {
            Ok(shop) => rows.extend(order::pending_syncs(reader, Some(shop.id), limit)?),
            Err(erp::Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    rows.sort_by_key(|row| row.id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

/// A caller that cannot handle split shipment gets one row for an order, as if it were whole (fact sheet wdt-1, 2.16).
fn only_first_parcels(rows: &mut Vec<LogisticsSync>) {
    let mut seen = HashSet::new();
    rows.retain_mut(|row| {
        let first = seen.insert(row.tid.clone()) || !row.is_part;
        row.is_part = false;
        first
    });
}

wire::arguments! {
    /// What became of waybills at the mall.
    pub struct AckRequest {
        /// the rows; 50 a call are recommended
        pub logistics_list: Json<RawList<AckRow, 1, { limits::ACK_ROWS }>>,
    }
}

wire::codes! {
    /// What became of one waybill.
    pub enum Outcome {
        /// success
        Success = 0,
        /// failure
        Failure = 1,
    }
}

wire::arguments! {
    /// One row of the queue.
    pub struct AckRow by rec_id {
        /// key of the row
        pub rec_id: i64,
        /// 0 success, 1 failure
        pub status: Outcome,
        /// what the mall says; shown in the ERP
        pub message: Option<Text<255>>,
    }
}

/// Acknowledge rows of the logistics-sync queue.
pub(crate) struct LogisticsSyncAck;

impl Method for LogisticsSyncAck {
    const NAME: &'static str = "wdt.logistics.sync.ack";
    const PHP: &'static str = "logistics_sync_ack.php";
    const KIND: Kind = Kind::Ack;
    const SUMMARY: (&'static str, &'static str) = ("Acknowledge rows of the logistics-sync queue", "物流同步状态回写");
    const CATEGORY: Category = Category::Order;
    const DECISIONS: &'static [&'static str] = &[
        "失败的行离开队列，人工重新同步后再次出现 / rows that failed leave the queue until somebody offers them again",
    ];
    type Request = AckRequest;
    type Error = Error;

    fn rows(request: &AckRequest) -> usize {
        request.logistics_list.elements().len()
    }

    fn reply() -> ReplyShape {
        ReplyShape::new().rows("errors", "rows that were not accepted; empty = all were", ack::ERRORS)
    }
}

impl Command for LogisticsSyncAck {
    fn run(call: &Call, request: &AckRequest, tx: &mut Tx) -> Result<Reply, Error> {
        ack::each(call, Self::NAME, tx, request.logistics_list.elements(), |tx, row: &AckRow| {
            let unknown = || erp::Error::from(erp::Refusal::QueueRow("物流同步结果回传失败,同步表不存在"));
            let key = rights::key(call, row.rec_id).ok_or_else(unknown)?;
            if call.shops().list().is_some() && !may_answer(call, tx, key)? {
                return Err(unknown().into());
            }
            let failure = match row.status {
                Outcome::Success => None,
                Outcome::Failure => Some(row.message.as_deref().unwrap_or_default()),
            };
            Ok(order::ack_sync(tx, key, failure)?)
        })
    }
}

/// Whether the row belongs to a shop that the application may touch.
fn may_answer(call: &Call, tx: &mut Tx, key: i64) -> Result<bool, Error> {
    let Some(row) = order::sync_by_id(tx, key)? else { return Ok(false) };
    let shop = catalog::shop_by_id(tx, row.shop)?;
    Ok(shop.is_some_and(|shop| call.shops().permits(&shop.no)))
}
