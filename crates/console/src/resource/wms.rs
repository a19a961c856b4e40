//! Outsourced warehouses over the standard scene (委外仓对接): the agreements, what their systems are to be told, what they told.

use dock_wms::hub::{self, Heard, HeardState, Task, TaskState};
use dock_wms::{Binding, NewBinding, Role, Spelling};
use store::{Reader, Secret, Tx};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, Style, describe, flag, int, list, owned, personal, text, time};

use super::page::page;
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const PLACE: &[Column<dock_wms::Place>] = &[
    text("warehouse_no", "our number / 仓库编号", |p| &p.no),
    text("warehouse_code", "how messages call it / 仓库编码", |p| &p.code),
];

const BINDING: &[Column<Binding>] = &[
    text("customer_id", "routing key of both sides / 路由标识", |b| &b.customer_id),
    text("role", "which side we play: erp or wms / 角色", |b| b.role.name()),
    text("owner_code", "owner of the goods, as messages call it / 货主编码", |b| &b.owner_code),
    text("url", "where messages go / 推送地址", |b| &b.url),
    text("app_key", "key under which we call / 调用方", |b| &b.app_key),
    flag("has_secret", "1: a secret is stored / 是否有密钥", |b| !b.secret.expose().is_empty()),
    text("method_spelling", "short or long / 方法名写法", |b| b.spelling.name()),
    text("version", "2.0 or 1.0 / 版本", |b| &b.version),
    text("shop_no", "role wms: shop of the other side's orders / 店铺编号", |b| &b.shop_no),
    flag("private_allowed", "1: url may be a private address / 允许内网地址", |b| b.private_allowed),
    flag("is_disabled", "1: nothing goes out or comes in / 是否停用", |b| b.disabled),
    list!("warehouses", "the warehouses / 仓库", PLACE, |b| b.places.iter()),
    time("created", "first stored / 创建时间", |b| Some(b.created)),
    time("modified", "last changed / 修改时间", |b| Some(b.modified)),
];

const TASK: &[Column<Task>] = &[
    int("task_id", "number / 任务号", |t| store::wire_id(t.id)),
    text("method", "what is told / 方法", |t| &t.method),
    text("kind", "what it is about / 单据类型", |t| t.kind.name()),
    text("document_no", "number of the document / 单据号", |t| &t.doc_no),
    text("state", "waiting, sending, done, dead (for a person), dropped / 状态", |t| t.state.name()),
    text("state_name", "the same in words / 状态名称", |t| t.state.chinese()),
    int("attempts", "attempts / 次数", |t| t.attempts),
    int("unclear", "attempts of which nobody knows what became / 结果不明次数", |t| t.unclear),
    text("problem", "why the last one failed / 失败原因", |t| &t.problem),
    time("due", "next attempt / 下次时间", |t| Some(t.due)),
    personal("sent", "the last message / 报文", |t| &t.exchange.sent),
    personal("received", "its reply / 应答", |t| &t.exchange.received),
    time("created", "first stored / 创建时间", |t| Some(t.created)),
    time("modified", "last changed / 修改时间", |t| Some(t.modified)),
];

const HEARD: &[Column<Heard>] = &[
    int("message_id", "number / 消息号", |h| store::wire_id(h.id)),
    text("method", "what was told / 方法", |h| &h.method),
    text("document_no", "number of the document / 单据号", |h| &h.doc_no),
    owned("out_biz_code", "key of the sender; empty = none / 外部业务编码", |h| {
        h.key.strip_prefix('=').unwrap_or_default().to_owned()
    }),
    text("state", "waiting, applied, parked (for a person), dismissed / 状态", |h| h.state.name()),
    text("state_name", "the same in words / 状态名称", |h| h.state.chinese()),
    int("attempts", "attempts / 次数", |h| h.attempts),
    int("repeats", "times that it came again / 重复次数", |h| h.repeats),
    text("problem", "why it waits / 原因", |h| &h.problem),
    time("due", "next attempt / 下次时间", |h| Some(h.due)),
    personal("body", "the message / 报文", |h| &h.body),
    time("created", "first heard / 创建时间", |h| Some(h.created)),
    time("modified", "last changed / 修改时间", |h| Some(h.modified)),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// A warehouse of the agreement.
    struct NewPlace {
        /// our number / 仓库编号
        warehouse_no: Text<40>,
        /// how messages call it; the same when absent / 仓库编码
        warehouse_code: Option<Text<50>>,
    }
}

arguments! {
    /// An agreement to make or to change, known by customer_id and role.
    struct New {
        /// routing key of both sides / 路由标识
        customer_id: Text<64>,
        /// which side we play: erp (default) or wms / 角色
        role: Option<Text<8>>,
        /// owner of the goods, as messages call it / 货主编码
        owner_code: Text<50>,
        /// our warehouses / 仓库
        warehouses: List<NewPlace, 1, 100>,
        /// where messages go, http or https / 推送地址
        url: Text<500>,
        /// key under which we call / 调用方
        app_key: Text<64>,
        /// its secret; the stored one stays when absent / 密钥
        app_secret: Option<Text<128>>,
        /// how methods are spelled there: short (default for erp) or long (for wms) / 方法名写法
        method_spelling: Option<Text<8>>,
        /// 2.0 (default) or 1.0 / 版本
        version: Option<Text<8>>,
        /// role wms: number of the shop that the other side's orders belong to / 店铺编号
        shop_no: Option<Text<40>>,
        /// nothing goes out or comes in / 停用
        is_disabled: Option<bool>,
        /// url may lie at a private, loopback or link-local address / 允许内网地址
        private_allowed: Option<bool>,
    }
}

arguments! {
    /// Which agreement.
    struct Ended {
        /// routing key / 路由标识
        customer_id: Text<64>,
        /// erp (default) or wms / 角色
        role: Option<Text<8>>,
    }
}

arguments! {
    /// Which tasks or messages.
    struct Which {
        /// only in this state / 状态
        state: Option<Text<16>>,
        /// only of this document / 单据号
        document_no: Option<Text<64>>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// Which task.
    struct OneTask {
        /// number / 任务号
        task_id: i64,
    }
}

arguments! {
    /// Which message.
    struct OneMessage {
        /// number / 消息号
        message_id: i64,
    }
}

arguments! {
    /// A message that somebody dealt with.
    struct Dismissed {
        /// number / 消息号
        message_id: i64,
        /// what was done / 说明
        note: Text<255>,
    }
}

arguments! {
    /// Which warehouse is asked.
    struct AskStock {
        /// number / 仓库编号
        warehouse_no: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let binding = Shape::Row(|| describe(BINDING));
    let bindings = Shape::Rows("bindings", || describe(BINDING));
    let task = Shape::Row(|| describe(TASK));
    let tasks = Shape::Rows("tasks", || describe(TASK));
    let message = Shape::Row(|| describe(HEARD));
    let messages = Shape::Rows("messages", || describe(HEARD));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(
            head(
                "wms.bindings",
                Verb::Get,
                "/wms/bindings",
                ("agreements with warehouses", "委外仓对接列表"),
                bindings,
            ),
            list_bindings,
        ),
        writes(
            head(
                "wms.bind",
                Verb::Post,
                "/wms/bindings",
                ("make or change an agreement", "新增或修改委外仓对接"),
                binding,
            ),
            bind,
        ),
        writes(
            head(
                "wms.unbind",
                Verb::Delete,
                "/wms/bindings/{customer_id}",
                ("end an agreement; what was told stays", "停止委外仓对接"),
                Shape::Free("{}"),
            ),
            unbind,
        ),
        reads(
            head("wms.tasks", Verb::Get, "/wms/tasks", ("what warehouses are told", "委外仓推送任务"), tasks),
            list_tasks,
        ),
        writes(head("wms.replay", Verb::Post, "/wms/tasks/{task_id}/replay", ("tell again", "重新推送"), task), replay),
        writes(
            head("wms.drop", Verb::Post, "/wms/tasks/{task_id}/drop", ("give a failed task up", "放弃推送"), task),
            drop_task,
        ),
        reads(
            head("wms.messages", Verb::Get, "/wms/messages", ("what warehouses told", "委外仓回传消息"), messages),
            list_messages,
        ),
        writes(
            head("wms.apply", Verb::Post, "/wms/messages/{message_id}/apply", ("apply again", "重新处理消息"), message),
            apply,
        ),
        writes(
            head(
                "wms.dismiss",
                Verb::Post,
                "/wms/messages/{message_id}/dismiss",
                ("say that a message is dealt with", "忽略消息"),
                message,
            ),
            dismiss,
        ),
        writes(
            head(
                "wms.ask_stock",
                Verb::Post,
                "/wms/warehouses/{warehouse_no}/ask-stock",
                ("ask a warehouse what it holds; the answer stands in the stock as wms figures", "查询委外仓库存"),
                task,
            ),
            ask_stock,
        ),
    ]
}

fn role(given: Option<&str>) -> Result<Role, Fault> {
    Role::named(given.unwrap_or("erp")).ok_or_else(|| Fault::invalid("role", "role is erp or wms"))
}

fn list_bindings(ask: &Ask, _: &All, reader: &mut Reader) -> Result<Answer, Fault> {
    let rows = dock_wms::bindings(reader)?;
    Ok(Answer::rows(ask.style, "bindings", BINDING, &rows, i64::try_from(rows.len()).ok()))
}

fn bind(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let role = role(new.role.as_deref())?;
    let usual = if role == Role::Erp { "short" } else { "long" };
    let spelling = Spelling::named(new.method_spelling.as_deref().unwrap_or(usual))
        .ok_or_else(|| Fault::invalid("method_spelling", "method_spelling is short or long"))?;
    let version = new.version.as_deref().unwrap_or("2.0");
    if !matches!(version, "1.0" | "2.0") {
        return Err(Fault::invalid("version", "version is 1.0 or 2.0"));
    }
    if !new.url.starts_with("http://") && !new.url.starts_with("https://") {
        return Err(Fault::invalid("url", "url begins with http:// or https://"));
    }
    let places = new
        .warehouses
        .iter()
        .map(|place| (place.warehouse_no.to_string(), place.warehouse_code.as_deref().unwrap_or_default().to_owned()));
    let binding = dock_wms::bind(
        tx,
        NewBinding {
            customer_id: new.customer_id.to_string(),
            role,
            environment: ask.tenant.environment,
            owner_code: new.owner_code.to_string(),
            warehouses: places.collect(),
            url: new.url.to_string(),
            app_key: new.app_key.to_string(),
            secret: Secret::new(new.app_secret.as_deref().unwrap_or_default()),
            spelling,
            version: version.to_owned(),
            shop_no: new.shop_no.as_deref().unwrap_or_default().to_owned(),
            disabled: new.is_disabled.unwrap_or(false),
            private_allowed: new.private_allowed.unwrap_or(false),
        },
    )?;
    Ok(Answer::row(ask.style, BINDING, &binding).about(&binding.customer_id))
}

fn unbind(_: &Ask, ended: &Ended, tx: &mut Tx) -> Result<Answer, Fault> {
    dock_wms::unbind(tx, &ended.customer_id, role(ended.role.as_deref())?)?;
    Ok(Answer::json(&serde_json::json!({})).about(&ended.customer_id))
}

fn list_tasks(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let state = match which.state.as_deref() {
        None => None,
        Some(name) => Some(
            TaskState::named(name)
                .ok_or_else(|| Fault::invalid("state", "state is waiting, sending, done, dead or dropped"))?,
        ),
    };
    let page = page(which.page_no, which.page_size)?;
    let (rows, total) = hub::tasks(reader, state, which.document_no.as_deref(), page.offset(), page.size)?;
    Ok(Answer::rows(ask.style, "tasks", TASK, &rows, Some(total)))
}

fn show_task(style: Style, task: &Task) -> Answer {
    Answer::row(style, TASK, task).about(&task.doc_no)
}

fn replay(ask: &Ask, one: &OneTask, tx: &mut Tx) -> Result<Answer, Fault> {
    Ok(show_task(ask.style, &hub::replay(tx, one.task_id)?))
}

fn drop_task(ask: &Ask, one: &OneTask, tx: &mut Tx) -> Result<Answer, Fault> {
    Ok(show_task(ask.style, &hub::drop_task(tx, one.task_id)?))
}

fn list_messages(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let state = match which.state.as_deref() {
        None => None,
        Some(name) => Some(
            HeardState::named(name)
                .ok_or_else(|| Fault::invalid("state", "state is waiting, applied, parked or dismissed"))?,
        ),
    };
    let page = page(which.page_no, which.page_size)?;
    let (rows, total) = hub::heards(reader, state, which.document_no.as_deref(), page.offset(), page.size)?;
    Ok(Answer::rows(ask.style, "messages", HEARD, &rows, Some(total)))
}

fn show_message(style: Style, heard: &Heard) -> Answer {
    Answer::row(style, HEARD, heard).about(&heard.doc_no)
}

fn apply(ask: &Ask, one: &OneMessage, tx: &mut Tx) -> Result<Answer, Fault> {
    Ok(show_message(ask.style, &hub::reapply(tx, &ask.settings, one.message_id)?))
}

fn dismiss(ask: &Ask, one: &Dismissed, tx: &mut Tx) -> Result<Answer, Fault> {
    Ok(show_message(ask.style, &hub::dismiss(tx, one.message_id, &one.note)?))
}

fn ask_stock(ask: &Ask, which: &AskStock, tx: &mut Tx) -> Result<Answer, Fault> {
    Ok(show_task(ask.style, &hub::ask_stock(tx, &which.warehouse_no)?))
}
