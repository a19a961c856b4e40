//! The logistics-sync queue (物流同步): what waits, and a second try for what failed.

use erp::order::{self, LogisticsSync};
use store::{Reader, Tx};
use wire::args::{Text, Values, arguments};
use wire::rows::{Column, describe, int, text, time};

use super::page::page;
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::limits;
use crate::operation::{Head, Operation, Verb, reads, writes};

const SYNC: &[Column<LogisticsSync>] = &[
    int("rec_id", "key / 记录id", |s| store::wire_id(s.id)),
    text("tid", "raw order / 原始单号", |s| &s.tid),
    text("logistics_no", "carrier's number / 物流编号", |s| &s.carriage.no),
    text("waybill", "waybill / 物流单号", |s| &s.carriage.waybill),
    int("sync_status", "state / 同步状态", |s| s.status.code()),
    text("sync_status_name", "the same in words / 同步状态名称", |s| s.status.chinese()),
    text("error", "what the mall said / 失败原因", |s| &s.error),
    int("tries", "times offered / 尝试次数", |s| s.tries),
    time("consign_time", "left the warehouse / 发货时间", |s| Some(s.consigned)),
    time("modified", "last changed / 修改时间", |s| Some(s.modified)),
];

arguments! {
    /// Which rows.
    struct Which {
        /// only of this shop / 店铺编号
        shop_no: Option<Text<40>>,
    }
}

arguments! {
    /// Which failed rows.
    struct Failed {
        /// only of this shop / 店铺编号
        shop_no: Option<Text<40>>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// Several rows.
    struct Several {
        /// keys / 记录id
        rec_ids: Values<i64, 1, 100>,
    }
}

arguments! {
    /// Which order.
    struct OfOrder {
        /// number / 订单号
        trade_no: Text<40>,
    }
}

arguments! {
    /// Which row.
    struct One {
        /// key / 记录id
        rec_id: i64,
    }
}

arguments! {
    /// A row that people deal with.
    struct Close {
        /// key / 记录id
        rec_id: i64,
        /// the mall knows the waybill (true: 手动设为成功) or need not (false: 手动取消) / 平台已知物流单号
        told: bool,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(
            head(
                "logistics_sync.list",
                Verb::Get,
                "/logistics-sync",
                ("rows that wait", "待同步物流"),
                Shape::Rows("rows", || describe(SYNC)),
            ),
            waiting,
        ),
        reads(
            head(
                "logistics_sync.of_order",
                Verb::Get,
                "/orders/{trade_no}/logistics-sync",
                ("an order's rows, answered or not", "订单的物流同步记录"),
                Shape::Rows("rows", || describe(SYNC)),
            ),
            of_order,
        ),
        reads(
            head(
                "logistics_sync.failed",
                Verb::Get,
                "/logistics-sync/failed",
                ("rows that the mall could not take", "同步失败的物流"),
                Shape::Rows("rows", || describe(SYNC)),
            ),
            failed,
        ),
        writes(
            head(
                "logistics_sync.retry_several",
                Verb::Post,
                "/logistics-sync/retry",
                ("offer failed rows again, all or none", "批量重新同步"),
                Shape::Rows("rows", || describe(SYNC)),
            ),
            retry_several,
        ),
        writes(
            head(
                "logistics_sync.retry",
                Verb::Post,
                "/logistics-sync/{rec_id}/retry",
                ("offer a failed row again", "重新同步"),
                Shape::Row(|| describe(SYNC)),
            ),
            retry,
        ),
        writes(
            head(
                "logistics_sync.close",
                Verb::Post,
                "/logistics-sync/{rec_id}/close",
                ("take a row out of the queue by hand", "手动设为成功或取消"),
                Shape::Row(|| describe(SYNC)),
            ),
            close,
        ),
    ]
}

fn waiting(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let shop = match which.shop_no.as_deref() {
        None => None,
        Some(no) => Some(erp::catalog::shop_by_no(reader, no)?.id),
    };
    let rows = order::pending_syncs(reader, shop, limits::PAGE_MAX)?;
    Ok(Answer::rows(ask.style, "rows", SYNC, &rows, None))
}

fn failed(ask: &Ask, which: &Failed, reader: &mut Reader) -> Result<Answer, Fault> {
    let shop = match which.shop_no.as_deref() {
        None => None,
        Some(no) => Some(erp::catalog::shop_by_no(reader, no)?.id),
    };
    let found = order::failed_syncs(reader, shop, page(which.page_no, which.page_size)?)?;
    Ok(Answer::rows(ask.style, "rows", SYNC, &found.rows, found.total))
}

fn retry_several(ask: &Ask, several: &Several, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut rows = Vec::with_capacity(several.rec_ids.len());
    for rec_id in several.rec_ids.iter() {
        let id = tx.tenant().id(*rec_id);
        rows.push(order::retry_sync(tx, id)?);
    }
    let subject = rows.first().map(|row| row.tid.clone()).unwrap_or_default();
    Ok(Answer::rows(ask.style, "rows", SYNC, &rows, Some(rows.len() as i64)).about(&subject))
}

fn of_order(ask: &Ask, of: &OfOrder, reader: &mut Reader) -> Result<Answer, Fault> {
    let order = order::order_by_no(reader, &of.trade_no)?;
    let rows = order::syncs_of(reader, order.id)?;
    Ok(Answer::rows(ask.style, "rows", SYNC, &rows, Some(rows.len() as i64)))
}

fn close(ask: &Ask, close: &Close, tx: &mut Tx) -> Result<Answer, Fault> {
    let id = tx.tenant().id(close.rec_id);
    let row = order::close_sync(tx, id, close.told, WHO)?;
    Ok(Answer::row(ask.style, SYNC, &row).about(&row.tid))
}

fn retry(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let id = tx.tenant().id(one.rec_id);
    let row = order::retry_sync(tx, id)?;
    Ok(Answer::row(ask.style, SYNC, &row).about(&row.tid))
}
