//! Channels: opened, configured, authorised, watched.

use std::sync::Arc;

use dock_ascp::hub::{self, Channel, ChannelFacts, ChannelSettings, Compared, Contract, NewChannel};
use dock_ascp::onboarding::{self, Module};
use store::{Reader, Tx};
use units::{Day, Moment};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, owned, text, time};

use super::{channel, head};
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, Desk};
use crate::fault::Fault;
use crate::input::Upload;
use crate::operation::{Operation, Verb, reads, transfers, writes};
use crate::resource::tree::Tree;

struct Row {
    channel: Channel,
    stage: onboarding::Stage,
    missing: String,
    last_push: Option<Moment>,
    days_left: i64,
    activity: hub::Activity,
}

const CHANNEL: &[Column<Row>] = &[
    text("supplier_id", "supplier in ASCP / 供应商编码", |r| &r.channel.supplier_id),
    text("source_platform", "source platform / 来源平台", |r| &r.channel.source_platform),
    text("shop_no", "shop / 店铺编号", |r| &r.channel.facts.shop_no),
    text("shop_name", "its name / 店铺名称", |r| &r.channel.facts.shop_name),
    owned("contract", "consignment or resale / 合作模式", |r| r.channel.facts.contract.name().to_owned()),
    text("flagship_shop_no", "bound flagship shop / 绑定旗舰店", |r| &r.channel.facts.flagship_shop_no),
    text("app_key", "application / 应用", |r| &r.channel.facts.app_key),
    text("customer_id", "routing id; empty = not checked / 服务路由ID", |r| &r.channel.facts.customer_id),
    int("owner_user_id", "owner of the goods / 货主账号", |r| r.channel.facts.owner_user_id),
    text("top_url", "where TOP answers / TOP地址", |r| &r.channel.facts.top_url),
    int("stage", "where it stands / 开通进度", |r| r.stage.code()),
    text("stage_name", "the same in words / 开通进度名称", |r| r.stage.chinese()),
    text("missing", "what is missing before the mail / 缺少的资料", |r| &r.missing),
    time("session_ends", "when the session ends / 授权到期时间", |r| r.channel.facts.session_ends),
    int("days_left", "days until then; -1 = unknown / 剩余天数", |r| r.days_left),
    flag("is_held", "1: nothing goes out / 回传暂停", |r| !r.channel.facts.held.is_empty()),
    text("held", "why / 暂停原因", |r| &r.channel.facts.held),
    time("last_push", "when the last push came / 最近推送时间", |r| r.last_push),
    int("calls_waiting", "reports that wait / 待回传", |r| r.activity.waiting),
    int("calls_dead", "reports that are given up / 回传失败", |r| r.activity.dead),
    owned("settings", "what the merchant decided, JSON / 设置", |r| {
        serde_json::to_string(&r.channel.facts.settings).unwrap_or_default()
    }),
];

const MODULE: &[Column<Module>] = &[
    text("module", "row of the operation manual / 模块", |m| m.name),
    text("state", "unsupported, untested, working, troubled / 状态", |m| m.state),
    text("note", "in words / 说明", |m| &m.note),
];

const STOCK: &[Column<Compared>] = &[
    text("store_code", "warehouse / 仓库", |c| &c.figure.store_code),
    text("sc_item_id", "goods / 货品", |c| &c.figure.sc_item_id),
    text("spec_no", "merchant code / 商家编码", |c| &c.figure.spec_no),
    int("free", "free to sell / 可发", |c| c.figure.free),
    int("reserved", "held by orders of the channel / 本渠道占用", |c| c.figure.reserved),
    int("total", "what should be published / 应发布", |c| c.total),
    int("platform_quantity", "what the platform has; -1 = nothing published / 平台总量", |c| {
        c.theirs.as_ref().map_or(-1, |theirs| theirs.quantity)
    }),
    int("platform_locked", "what it has occupied / 平台占用", |c| {
        c.theirs.as_ref().map_or(0, |theirs| theirs.locked)
    }),
    flag("agrees", "1: both sides agree / 一致", |c| c.agrees()),
];

arguments! {
    /// Nothing.
    struct Nothing {}
}

arguments! {
    /// Which channel.
    struct One {
        /// supplier / 供应商编码
        supplier_id: Text<40>,
    }
}

arguments! {
    /// A channel to open.
    struct New {
        /// supplier in ASCP / 供应商编码
        supplier_id: Text<40>,
        /// shop of platform 9001 / 店铺编号
        shop_no: Text<40>,
        /// bound flagship shop / 绑定旗舰店
        flagship_shop_no: Option<Text<40>>,
        /// consignment (default) or resale / 合作模式
        contract: Option<Text<16>>,
        /// application that signs / 应用
        app_key: Text<40>,
        /// routing id / 服务路由ID
        customer_id: Option<Text<40>>,
        /// owner of the goods / 货主账号
        owner_user_id: Option<i64>,
        /// where TOP answers / TOP地址
        top_url: Text<255>,
        /// what the merchant decides / 设置
        settings: Option<Tree>,
    }
}

arguments! {
    /// What changes of a channel; what is not given stays.
    struct Change {
        /// supplier / 供应商编码
        supplier_id: Text<40>,
        /// bound flagship shop / 绑定旗舰店
        flagship_shop_no: Option<Text<40>>,
        /// application that signs / 应用
        app_key: Option<Text<40>>,
        /// routing id / 服务路由ID
        customer_id: Option<Text<40>>,
        /// owner of the goods / 货主账号
        owner_user_id: Option<i64>,
        /// where TOP answers / TOP地址
        top_url: Option<Text<255>>,
        /// settings that change; `null` takes one back / 要修改的设置
        settings: Option<Tree>,
    }
}

arguments! {
    /// A session.
    struct Session {
        /// supplier / 供应商编码
        supplier_id: Text<40>,
        /// session key / 会话
        session: Text<255>,
        /// when it ends / 到期时间
        ends: Option<Moment>,
    }
}

arguments! {
    /// The platform's count of a day.
    struct Count {
        /// supplier / 供应商编码
        supplier_id: Text<40>,
        /// day / 日期
        day: Day,
        /// orders that the platform counts / 平台单量
        orders: i64,
    }
}

arguments! {
    /// A comparison of stock.
    struct Reconcile {
        /// supplier / 供应商编码
        supplier_id: Text<40>,
        /// publish where both sides differ; true when absent / 是否发布差异
        publish: Option<bool>,
    }
}

arguments! {
    /// A change of a goods' stock on the platform.
    struct Increment {
        /// supplier / 供应商编码
        supplier_id: Text<40>,
        /// warehouse / 仓库
        store_code: Text<64>,
        /// goods / 货品
        sc_item_id: Text<40>,
        /// pieces, up or down / 增减数量
        delta: i64,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(CHANNEL));
    let rows = Shape::Rows("channels", || describe(CHANNEL));
    let modules = Shape::Rows("modules", || describe(MODULE));
    let stock = Shape::Rows("stocks", || describe(STOCK));
    vec![
        reads(head("ascp.channels", Verb::Get, "/ascp/channels", ("list channels", "直营渠道列表"), rows), list),
        writes(head("ascp.open", Verb::Post, "/ascp/channels", ("open a channel", "新建直营渠道"), row), open),
        writes(
            head("ascp.change", Verb::Patch, "/ascp/channels/{supplier_id}", ("change a channel", "修改渠道"), row),
            change,
        ),
        reads(
            head(
                "ascp.mail",
                Verb::Get,
                "/ascp/channels/{supplier_id}/mail",
                ("the configuration mail", "配置邮件正文"),
                Shape::Free("subject, to, body"),
            ),
            mail,
        ),
        writes(
            head(
                "ascp.mailed",
                Verb::Post,
                "/ascp/channels/{supplier_id}/mailed",
                ("the mail was sent", "已发邮件"),
                row,
            ),
            mailed,
        ),
        writes(
            head(
                "ascp.confirmed",
                Verb::Post,
                "/ascp/channels/{supplier_id}/confirmed",
                ("the vendor has configured the route", "服务商已配置"),
                row,
            ),
            confirmed,
        ),
        writes(
            head(
                "ascp.session",
                Verb::Post,
                "/ascp/channels/{supplier_id}/session",
                ("enter or renew the session; what waits goes out", "授权或续期"),
                row,
            ),
            session,
        ),
        writes(
            head(
                "ascp.release",
                Verb::Post,
                "/ascp/channels/{supplier_id}/release",
                ("go on after a hold", "恢复回传"),
                row,
            ),
            release,
        ),
        reads(
            head(
                "ascp.modules",
                Verb::Get,
                "/ascp/channels/{supplier_id}/modules",
                ("the manual's table: what works here", "模块状态"),
                modules,
            ),
            show_modules,
        ),
        writes(
            head(
                "ascp.count",
                Verb::Post,
                "/ascp/channels/{supplier_id}/count",
                ("match the day's orders with the platform's figure", "日单量核对"),
                Shape::Free("ours, theirs, agrees"),
            ),
            count,
        ),
        transfers(
            head(
                "ascp.sync_goods",
                Verb::Post,
                "/ascp/channels/{supplier_id}/sync-goods",
                ("read the platform's goods list", "同步平台货品"),
                Shape::Free("read, open"),
            ),
            sync_goods,
        ),
        transfers(
            head(
                "ascp.reconcile",
                Verb::Post,
                "/ascp/channels/{supplier_id}/reconcile",
                ("compare stock with the platform, and publish", "库存核对与发布"),
                stock,
            ),
            reconcile,
        ),
        writes(
            head(
                "ascp.increment",
                Verb::Post,
                "/ascp/channels/{supplier_id}/increment",
                ("publish a change of one goods", "增量发布库存"),
                row,
            ),
            increment,
        ),
        transfers(
            head(
                "ascp.carriers",
                Verb::Get,
                "/ascp/channels/{supplier_id}/carriers",
                ("the platform's carriers", "平台物流公司"),
                Shape::Free("carriers: code, name, form of the waybill"),
            ),
            carriers,
        ),
    ]
}

fn show(ask: &Ask, reader: &mut Reader, channel: Channel, now: Moment) -> Result<Row, Fault> {
    let _ = ask;
    Ok(Row {
        stage: onboarding::stage(reader, &channel, now)?,
        missing: onboarding::missing(reader, &channel)?.join(";"),
        last_push: hub::last_push(reader, &channel)?,
        days_left: channel.facts.session_ends.map_or(-1, |ends| ends.since(now).max(0) / 86_400),
        activity: hub::channel_activity(reader, &channel)?,
        channel,
    })
}

fn answer(ask: &Ask, tx: &mut Tx, channel: Channel) -> Result<Answer, Fault> {
    let now = tx.now();
    let subject = channel.supplier_id.clone();
    let row = show(ask, tx, channel, now)?;
    Ok(Answer::row(ask.style, CHANNEL, &row).about(&subject))
}

fn list(ask: &Ask, _: &Nothing, reader: &mut Reader) -> Result<Answer, Fault> {
    let now = ask.now;
    let mut rows = Vec::new();
    for channel in hub::channels(reader)? {
        rows.push(show(ask, reader, channel, now)?);
    }
    let total = i64::try_from(rows.len()).ok();
    Ok(Answer::rows(ask.style, "channels", CHANNEL, &rows, total))
}

fn open(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let or_empty = |text: &Option<Text<40>>| text.as_deref().unwrap_or_default().to_owned();
    let contract = match new.contract.as_deref() {
        None => Contract::default(),
        Some(name) => {
            Contract::named(name).ok_or_else(|| Fault::invalid("contract", "contract is consignment or resale"))?
        }
    };
    let facts = ChannelFacts {
        shop_no: new.shop_no.to_string(),
        contract,
        flagship_shop_no: or_empty(&new.flagship_shop_no),
        app_key: new.app_key.to_string(),
        customer_id: or_empty(&new.customer_id),
        owner_user_id: new.owner_user_id.unwrap_or(0),
        top_url: new.top_url.to_string(),
        settings: match &new.settings {
            Some(tree) => tree.over("settings", &ChannelSettings::default())?,
            None => ChannelSettings::default(),
        },
        ..ChannelFacts::default()
    };
    let channel = hub::open_channel(tx, &NewChannel { supplier_id: new.supplier_id.to_string(), facts })?;
    Ok(answer(ask, tx, channel)?.created())
}

fn change(ask: &Ask, change: &Change, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut channel = channel(tx, Some(&change.supplier_id))?;
    let set = |slot: &mut String, given: Option<&str>| {
        if let Some(given) = given {
            given.clone_into(slot);
        }
    };
    set(&mut channel.facts.flagship_shop_no, change.flagship_shop_no.as_deref());
    set(&mut channel.facts.app_key, change.app_key.as_deref());
    set(&mut channel.facts.customer_id, change.customer_id.as_deref());
    set(&mut channel.facts.top_url, change.top_url.as_deref());
    channel.facts.owner_user_id = change.owner_user_id.unwrap_or(channel.facts.owner_user_id);
    if let Some(tree) = &change.settings {
        channel.facts.settings = tree.over("settings", &channel.facts.settings)?;
    }
    hub::save_channel(tx, &mut channel)?;
    answer(ask, tx, channel)
}

fn mail(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let channel = channel(reader, Some(&one.supplier_id))?;
    let body = onboarding::mail(reader, &channel, &ask.tenant.sid)?;
    let to = &channel.facts.settings.mail_to;
    Ok(Answer::json(&serde_json::json!({ "subject": onboarding::SUBJECT, "to": to, "body": body })))
}

fn mailed(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut channel = channel(tx, Some(&one.supplier_id))?;
    onboarding::mailed(tx, &mut channel)?;
    answer(ask, tx, channel)
}

fn confirmed(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut channel = channel(tx, Some(&one.supplier_id))?;
    onboarding::confirmed(tx, &mut channel)?;
    answer(ask, tx, channel)
}

fn session(ask: &Ask, given: &Session, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut channel = channel(tx, Some(&given.supplier_id))?;
    onboarding::authorised(tx, &mut channel, &given.session, given.ends)?;
    answer(ask, tx, channel)
}

fn release(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut channel = channel(tx, Some(&one.supplier_id))?;
    hub::release(tx, &mut channel)?;
    answer(ask, tx, channel)
}

fn show_modules(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let channel = channel(reader, Some(&one.supplier_id))?;
    let rows = onboarding::modules(reader, &channel)?;
    let total = i64::try_from(rows.len()).ok();
    Ok(Answer::rows(ask.style, "modules", MODULE, &rows, total))
}

fn count(_: &Ask, given: &Count, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel(tx, Some(&given.supplier_id))?;
    let counted = hub::compare_day(tx, &channel, given.day, given.orders)?;
    let (ours, theirs) = (counted.ours, counted.theirs);
    let value = serde_json::json!({ "ours": ours, "theirs": theirs, "agrees": ours == theirs });
    Ok(Answer::json(&value).about(&channel.supplier_id))
}

fn increment(ask: &Ask, given: &Increment, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel(tx, Some(&given.supplier_id))?;
    hub::publish_change(tx, &channel, &given.store_code, &given.sc_item_id, given.delta)?;
    answer(ask, tx, channel)
}

async fn sync_goods(desk: Arc<Desk>, ask: Ask, one: One, _: Option<Upload>) -> Result<Answer, Fault> {
    let (read, open) = desk.ascp()?.sync_goods(ask.tenant.tenant(), &one.supplier_id).await?;
    Ok(Answer::json(&serde_json::json!({ "read": read, "open": open })))
}

async fn reconcile(desk: Arc<Desk>, ask: Ask, given: Reconcile, _: Option<Upload>) -> Result<Answer, Fault> {
    let publish = given.publish.unwrap_or(true);
    let rows = desk.ascp()?.reconcile(ask.tenant.tenant(), &given.supplier_id, publish).await?;
    let total = i64::try_from(rows.len()).ok();
    Ok(Answer::rows(ask.style, "stocks", STOCK, &rows, total))
}

async fn carriers(desk: Arc<Desk>, ask: Ask, one: One, _: Option<Upload>) -> Result<Answer, Fault> {
    let rows = desk.ascp()?.carriers(ask.tenant.tenant(), &one.supplier_id).await?;
    let row = |(code, name, form)| serde_json::json!({ "code": code, "name": name, "reg_mail_no": form });
    let rows: Vec<serde_json::Value> = rows.into_iter().map(row).collect();
    Ok(Answer::json(&serde_json::json!({ "carriers": rows })))
}
