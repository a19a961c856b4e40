//! Orders of a warehouse that somebody else runs (委外仓库): handed over, answered, worked on, asked back. Docks do the same by
//! themselves; here people do it where no dock reaches the warehouse.

use erp::order::{self, Handed, Serial, StockOut};
use store::{Reader, Tx};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, list, owned, text, time};

use super::order::{ONE, show};
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const SERIAL: &[Column<Serial>] =
    &[text("spec_no", "merchant code / 商家编码", |s| &s.spec_no), text("sn", "serial number / 序列号", |s| &s.sn)];

const STOCK_OUT: &[Column<StockOut>] = &[
    text("stockout_no", "number / 出库单号", |o| &o.no),
    int("status", "state / 出库单状态", |o| o.status.code()),
    text("status_name", "the same in words / 出库单状态名称", |o| o.status.chinese()),
    int("wms_status", "what the warehouse said of it / 外部仓库状态", |o| o.outside.status.code()),
    text("wms_status_name", "the same in words / 外部仓库状态名称", |o| o.outside.status.chinese()),
    text("wms_no", "number there / 外部仓库单号", |o| &o.outside.no),
    text("wms_note", "its last words / 仓库说明", |o| &o.outside.note),
    int("tries", "times it was handed over / 递交次数", |o| o.outside.tries),
    flag("is_held", "1: it waits there until it is let go / 是否挂起", |o| o.outside.held),
    text("wave_no", "wave in which it is picked / 波次号", |o| &o.outside.wave),
    list!("serials", "serial numbers of its pieces / 序列号", SERIAL, |o| o.outside.serials.iter()),
    int("block_reason", "bits that hold it / 拦截原因", |o| o.block_reason),
    owned("block_reason_info", "the same in words / 拦截说明", |o| order::block_words(o.block_reason)),
    time("modified", "last changed / 修改时间", |o| Some(o.modified)),
];

arguments! {
    /// Which order.
    struct One {
        /// number / 订单号
        trade_no: Text<40>,
    }
}

arguments! {
    /// Which order, and what there is to say.
    struct Said {
        /// number / 订单号
        trade_no: Text<40>,
        /// in words / 说明
        note: Option<Text<255>>,
    }
}

arguments! {
    /// The warehouse's answer.
    struct Reply {
        /// number / 订单号
        trade_no: Text<40>,
        /// the warehouse has it (true) or refuses it (false); absent = it did not answer / 仓库是否接单
        accepted: Option<bool>,
        /// number there / 外部仓库单号
        wms_no: Option<Text<40>>,
        /// why it refuses, or what went wrong / 原因
        reason: Option<Text<255>>,
    }
}

arguments! {
    /// The warehouse's answer to the wish to have an order back.
    struct Back {
        /// number / 订单号
        trade_no: Text<40>,
        /// why it does not give the order back; absent = it does / 不能撤单的原因
        refused: Option<Text<255>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let post = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: ONE };
    let get = Head {
        id: "order.at_warehouse",
        verb: Verb::Get,
        path: "/orders/{trade_no}/warehouse",
        summary: (
            "its stock-outs at the warehouse: answers, wave, serial numbers; the cancelled ones too",
            "仓库作业情况:接单结果、波次、序列号",
        ),
        shape: Shape::Rows("stock_outs", || describe(STOCK_OUT)),
    };
    vec![
        reads(get, at_warehouse),
        writes(
            post(
                "order.hand_over",
                "/orders/{trade_no}/hand-over",
                ("it is on its way to the outsourced warehouse", "递交委外仓库"),
            ),
            |ask, said: &Said, tx| {
                order::hand_over(tx, &said.trade_no, WHO)?;
                show(ask, tx, &said.trade_no)
            },
        ),
        writes(
            post(
                "order.handed_over",
                "/orders/{trade_no}/handed-over",
                ("what the outsourced warehouse answered", "委外仓库的答复"),
            ),
            answered,
        ),
        writes(
            post(
                "order.in_process",
                "/orders/{trade_no}/in-process",
                ("the outsourced warehouse works on it", "委外仓库作业"),
            ),
            |ask, said: &Said, tx| {
                order::warehouse_works(tx, &said.trade_no, said.note.as_deref().unwrap_or_default(), WHO)?;
                show(ask, tx, &said.trade_no)
            },
        ),
        writes(
            post(
                "order.ask_back",
                "/orders/{trade_no}/ask-back",
                ("ask the outsourced warehouse for it; its stock-out is held until then", "向委外仓库撤单"),
            ),
            |ask, said: &Said, tx| {
                order::ask_back(tx, &said.trade_no, said.note.as_deref().unwrap_or_default(), WHO)?;
                show(ask, tx, &said.trade_no)
            },
        ),
        writes(
            post(
                "order.gave_back",
                "/orders/{trade_no}/gave-back",
                ("the outsourced warehouse gave it back, or does not", "委外仓库撤单结果"),
            ),
            |ask, back: &Back, tx| {
                let answer = back.refused.as_deref().map_or(Ok(()), Err);
                order::gave_back(tx, &back.trade_no, answer, WHO)?;
                show(ask, tx, &back.trade_no)
            },
        ),
    ]
}

fn at_warehouse(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let id = order::order_by_no(reader, &one.trade_no)?.id;
    let rows = order::stock_outs_of(reader, id)?;
    Ok(Answer::rows(ask.style, "stock_outs", STOCK_OUT, &rows, i64::try_from(rows.len()).ok()))
}

fn answered(ask: &Ask, reply: &Reply, tx: &mut Tx) -> Result<Answer, Fault> {
    let reason = reply.reason.as_deref().unwrap_or_default().to_owned();
    let answer = match reply.accepted {
        Some(true) => Handed::Accepted(reply.wms_no.as_deref().unwrap_or_default().to_owned()),
        Some(false) => Handed::Refused(reason),
        None => Handed::Unanswered(reason),
    };
    order::handed_over(tx, &reply.trade_no, &answer)?;
    show(ask, tx, &reply.trade_no)
}
