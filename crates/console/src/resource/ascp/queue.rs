//! What waits for a person: parked and conflicting pushes, reports that were given up, goods without a name here, alarms.

use dock_ascp::hub::{self, Alarm, Call, CallState, ChannelGoods, Message, MessageState};
use store::{Reader, Tx};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, int, owned, text, time};

use super::{after, channel, channel_of, head};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Operation, Verb, reads, writes};

const MESSAGE: &[Column<Message>] = &[
    int("id", "key / 序号", |m| store::wire_id(m.id)),
    owned("kind", "notify, cancel, reverse / 类型", |m| m.kind.name().to_owned()),
    text("code", "document / 单号", |m| &m.code),
    owned("state", "applied, over, parked, remembered, conflicting / 状态", |m| m.state.name().to_owned()),
    text("reason", "why it waits / 原因", |m| &m.reason),
    int("copies", "repetitions / 重复次数", |m| m.copies),
    time("at", "when it came / 接收时间", |m| Some(m.at)),
    time("modified", "last changed / 修改时间", |m| Some(m.modified)),
];

const CALL: &[Column<Call>] = &[
    int("id", "key / 序号", |c| store::wire_id(c.id)),
    owned("kind", "which report / 类型", |c| c.kind.name().to_owned()),
    text("code", "document / 单号", |c| &c.code),
    text("key", "idempotency key / 幂等键", |c| &c.key),
    owned("state", "waiting, done, dead, dropped / 状态", |c| c.state.name().to_owned()),
    int("attempts", "failed attempts / 失败次数", |c| c.attempts),
    text("problem", "what the last one came to / 失败原因", |c| &c.problem),
    time("due", "next attempt / 下次时间", |c| Some(c.due)),
    time("created", "first stored / 创建时间", |c| Some(c.created)),
];

const GOODS: &[Column<ChannelGoods>] = &[
    int("id", "key, for the next page / 序号", |g| store::wire_id(g.id)),
    text("sc_item_id", "goods of the platform / 平台货品", |g| &g.sc_item_id),
    text("spec_no", "what it is here; empty = not named / 商家编码", |g| &g.spec_no),
    text("name", "name there / 名称", |g| &g.facts.name),
    text("outer_id", "merchant code there / 平台商家编码", |g| &g.facts.outer_id),
    text("barcode", "bar code / 条码", |g| &g.facts.barcode),
    int("platform_quantity", "total there; -1 = unknown / 平台总量", |g| g.facts.quantity.unwrap_or(-1)),
    int("platform_locked", "occupied there / 平台占用", |g| g.facts.locked.unwrap_or(0)),
    int("published", "published last; -1 = never / 最近发布", |g| g.facts.published.unwrap_or(-1)),
];

const ALARM: &[Column<Alarm>] = &[
    int("id", "key, for the next page / 序号", |a| store::wire_id(a.id)),
    text("kind", "kind / 类型", |a| &a.kind),
    text("key", "what it is about / 对象", |a| &a.key),
    text("text", "the particulars, in Chinese / 说明", |a| &a.text),
    text("meaning", "what the kind means, and what to do, in English / 英文说明", |a| a.meaning()),
    time("at", "since / 时间", |a| Some(a.at)),
];

arguments! {
    /// Which pushes.
    struct Pushes {
        /// parked (default), remembered or conflicting / 状态
        state: Option<Text<16>>,
        /// rows behind this id / 上一页最后序号
        after: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// Which reports.
    struct Calls {
        /// waiting or dead (default) / 状态
        state: Option<Text<16>>,
        /// rows behind this id / 上一页最后序号
        after: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// A page.
    struct Page {
        /// rows behind this id / 上一页最后序号
        after: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// Which row.
    struct One {
        /// key / 序号
        id: i64,
    }
}

arguments! {
    /// Which document.
    struct About {
        /// number of the platform / 单号
        code: Text<40>,
        /// supplier / 供应商编码
        supplier_id: Option<Text<40>>,
    }
}

arguments! {
    /// Which goods.
    struct Goods {
        /// supplier / 供应商编码
        supplier_id: Option<Text<40>>,
        /// only those without a name here / 只看未映射
        open: Option<bool>,
        /// rows behind this id / 上一页最后序号
        after: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// What a goods is.
    struct Map {
        /// goods of the platform / 平台货品
        sc_item_id: Text<40>,
        /// supplier / 供应商编码
        supplier_id: Option<Text<40>>,
        /// merchant code of a spec or suite / 商家编码
        spec_no: Text<64>,
    }
}

arguments! {
    /// Which alarm.
    struct Close {
        /// kind / 类型
        kind: Text<40>,
        /// what it is about / 对象
        key: Option<Text<100>>,
        /// supplier / 供应商编码
        supplier_id: Option<Text<40>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let messages = Shape::Rows("messages", || describe(MESSAGE));
    let message = Shape::Row(|| describe(MESSAGE));
    let calls = Shape::Rows("calls", || describe(CALL));
    let call = Shape::Row(|| describe(CALL));
    let goods = Shape::Rows("goods", || describe(GOODS));
    let alarms = Shape::Rows("alarms", || describe(ALARM));
    vec![
        reads(head("ascp.messages", Verb::Get, "/ascp/messages", ("pushes that wait", "待处理推送"), messages), pushes),
        writes(
            head(
                "ascp.retry",
                Verb::Post,
                "/ascp/messages/{id}/retry",
                ("try a parked push again", "重试异常推送"),
                message,
            ),
            retry,
        ),
        writes(
            head(
                "ascp.dismiss",
                Verb::Post,
                "/ascp/messages/{id}/dismiss",
                ("the first push stands", "关闭冲突推送"),
                message,
            ),
            dismiss,
        ),
        reads(head("ascp.calls", Verb::Get, "/ascp/calls", ("reports that wait", "回传队列"), calls), find_calls),
        reads(
            head(
                "ascp.calls_of",
                Verb::Get,
                "/ascp/orders/{code}/calls",
                ("reports of a document", "单据回传记录"),
                calls,
            ),
            calls_of,
        ),
        reads(
            head(
                "ascp.messages_of",
                Verb::Get,
                "/ascp/orders/{code}/messages",
                ("pushes of a document", "单据推送记录"),
                messages,
            ),
            messages_of,
        ),
        writes(head("ascp.replay", Verb::Post, "/ascp/calls/{id}/replay", ("send again", "重新回传"), call), replay),
        writes(
            head("ascp.drop", Verb::Post, "/ascp/calls/{id}/drop", ("not needed any more", "关闭回传"), call),
            drop_call,
        ),
        reads(
            head("ascp.goods", Verb::Get, "/ascp/goods", ("goods of the platform", "平台货品映射"), goods),
            find_goods,
        ),
        writes(
            head(
                "ascp.map",
                Verb::Post,
                "/ascp/goods/{sc_item_id}",
                ("say what a goods is; parked orders go on", "映射货品"),
                Shape::Free("spec_no, resumed"),
            ),
            map,
        ),
        reads(head("ascp.alarms", Verb::Get, "/ascp/alarms", ("open alarms", "告警"), alarms), find_alarms),
        writes(
            head(
                "ascp.close_alarm",
                Verb::Post,
                "/ascp/alarms/close",
                ("somebody dealt with it", "关闭告警"),
                Shape::Free("closed"),
            ),
            close,
        ),
    ]
}

fn pushes(ask: &Ask, which: &Pushes, reader: &mut Reader) -> Result<Answer, Fault> {
    let (from, size) = after(which.after, which.page_size, reader.tenant())?;
    let state = MessageState::named(which.state.as_deref().unwrap_or("parked"))
        .ok_or_else(|| Fault::invalid("state", "state is parked, remembered or conflicting"))?;
    let rows = hub::open_messages(reader, state, from, size)?;
    Ok(Answer::rows(ask.style, "messages", MESSAGE, &rows, None))
}

fn retry(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let key = tx.tenant().id(one.id);
    let mut message = hub::message_by_id(tx, key)?;
    let channels = hub::channels(tx)?;
    let channel = channels.iter().find(|channel| channel.id == message.channel);
    let channel = channel.ok_or_else(|| Fault::not_found("the channel of this push is gone"))?;
    hub::retry_parked(tx, &ask.settings, channel, &mut message)?;
    Ok(Answer::row(ask.style, MESSAGE, &message).about(&message.code))
}

fn dismiss(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let key = tx.tenant().id(one.id);
    let message = hub::dismiss_message(tx, key)?;
    Ok(Answer::row(ask.style, MESSAGE, &message).about(&message.code))
}

fn find_calls(ask: &Ask, which: &Calls, reader: &mut Reader) -> Result<Answer, Fault> {
    let (from, size) = after(which.after, which.page_size, reader.tenant())?;
    let state = match which.state.as_deref() {
        None | Some("dead") => CallState::Dead,
        Some("waiting") => CallState::Waiting,
        Some(_) => return Err(Fault::invalid("state", "state is waiting or dead")),
    };
    let rows = hub::calls(reader, state, from, size)?;
    Ok(Answer::rows(ask.style, "calls", CALL, &rows, None))
}

fn calls_of(ask: &Ask, about: &About, reader: &mut Reader) -> Result<Answer, Fault> {
    let channel = channel_of(reader, about.supplier_id.as_deref(), &about.code)?;
    let rows = hub::calls_of(reader, &channel, &about.code)?;
    Ok(Answer::rows(ask.style, "calls", CALL, &rows, None))
}

fn messages_of(ask: &Ask, about: &About, reader: &mut Reader) -> Result<Answer, Fault> {
    let channel = channel_of(reader, about.supplier_id.as_deref(), &about.code)?;
    let rows = hub::messages_of(reader, &channel, &about.code)?;
    Ok(Answer::rows(ask.style, "messages", MESSAGE, &rows, None))
}

fn replay(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let key = tx.tenant().id(one.id);
    let call = hub::replay_call(tx, key)?;
    Ok(Answer::row(ask.style, CALL, &call).about(&call.code))
}

fn drop_call(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let key = tx.tenant().id(one.id);
    let call = hub::drop_call(tx, key)?;
    Ok(Answer::row(ask.style, CALL, &call).about(&call.code))
}

fn find_goods(ask: &Ask, which: &Goods, reader: &mut Reader) -> Result<Answer, Fault> {
    let channel = channel(reader, which.supplier_id.as_deref())?;
    let (from, size) = after(which.after, which.page_size, reader.tenant())?;
    let rows = hub::goods_page(reader, channel.id, which.open.unwrap_or(false), from, size)?;
    Ok(Answer::rows(ask.style, "goods", GOODS, &rows, None))
}

/// Names a goods, and tries every parked push of the channel again.
fn map(ask: &Ask, given: &Map, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel(tx, given.supplier_id.as_deref())?;
    hub::map_goods(tx, &channel, &given.sc_item_id, &given.spec_no)?;
    let resumed = hub::retry_all_parked(tx, &ask.settings, &channel)?;
    let value = serde_json::json!({ "spec_no": &*given.spec_no, "resumed": resumed });
    Ok(Answer::json(&value).about(&given.sc_item_id))
}

fn find_alarms(ask: &Ask, page: &Page, reader: &mut Reader) -> Result<Answer, Fault> {
    let (from, size) = after(page.after, page.page_size, reader.tenant())?;
    let rows = hub::open_alarms(reader, from, size)?;
    Ok(Answer::rows(ask.style, "alarms", ALARM, &rows, None))
}

fn close(_: &Ask, given: &Close, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel(tx, given.supplier_id.as_deref())?;
    hub::close_alarm(tx, channel.id, &given.kind, given.key.as_deref().unwrap_or_default())?;
    Ok(Answer::json(&serde_json::json!({ "closed": true })).about(&given.kind))
}
