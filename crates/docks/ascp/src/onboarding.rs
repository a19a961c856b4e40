//! From the mail to the first return: where a channel stands, what is missing, the text of the configuration mail, and the table of
//! the operation manual with what works here (fact sheet ascp-direct, section 4).

use erp::{Machine, Step};
use store::{Reader, Tx};
use units::Moment;

use crate::hub::{self, Channel, OrderState, Refusal, Result, save_channel};
use crate::states::{events, states};

states! {
    /// Where a channel stands.
    Stage {
        /// Something of the four items is missing.
        Incomplete = 10 "资料不全",
        /// The mail can be sent.
        Ready = 20 "待发配置邮件",
        /// The vendor has the mail.
        Mailed = 30 "待服务商配置",
        /// The route is configured; the session is missing.
        Configured = 40 "待授权",
        /// Orders come, reports go.
        Live = 50 "已授权",
        /// The session ends soon.
        Expiring = 60 "授权即将到期",
        /// The session ended: reports wait, pushes may be lost.
        Expired = 70 "授权已过期",
        /// TOP refuses something else than an old session.
        Held = 75 "回传已暂停",
    }
}

events! {
    /// What happens to a channel.
    StageEvent {
        /// The four items are there.
        Complete "补全资料",
        /// The mail was sent.
        Mail "发送配置邮件",
        /// The vendor answered.
        Confirm "服务商确认配置",
        /// A session was entered.
        Authorise "授权",
        /// Seven days before the end.
        Warn "临近到期",
        /// The session ended.
        Expire "到期",
        /// TOP refused.
        Hold "平台拒绝",
    }
}

use Stage as S;

/// The table. Incomplete, expiring, expired and held follow from facts; the other steps are taken by a person.
pub const ONBOARDING: Machine<Stage, StageEvent> = Machine {
    document: "直营渠道",
    steps: &[
        Step { from: &[S::Incomplete], on: StageEvent::Complete, to: S::Ready, effect: "" },
        Step { from: &[S::Ready, S::Mailed], on: StageEvent::Mail, to: S::Mailed, effect: "生成邮件正文" },
        Step { from: &[S::Mailed], on: StageEvent::Confirm, to: S::Configured, effect: "开始监测静默" },
        Step {
            from: &[S::Configured, S::Live, S::Expiring, S::Expired, S::Held],
            on: StageEvent::Authorise,
            to: S::Live,
            effect: "恢复回传,按顺序补传",
        },
        Step { from: &[S::Live], on: StageEvent::Warn, to: S::Expiring, effect: "30天、7天、1天各提醒一次" },
        Step { from: &[S::Live, S::Expiring], on: StageEvent::Expire, to: S::Expired, effect: "回传暂停" },
        Step { from: &[S::Live, S::Expiring], on: StageEvent::Hold, to: S::Held, effect: "回传暂停" },
    ],
};

/// Subject of the configuration mail.
pub const SUBJECT: &str = "天猫国际直营(轻轨三号线)供应商接单路由配置申请";

/// What is missing before the mail can be sent, in words.
pub fn missing(reader: &mut Reader, channel: &Channel) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    let facts = &channel.facts;
    if facts.flagship_shop_no.is_empty() {
        missing.push("绑定的旗舰店(flagship_shop_no)".to_owned());
    } else {
        match erp::catalog::shop_by_no(reader, &facts.flagship_shop_no) {
            Ok(_) => {}
            Err(erp::Error::Refused(_)) => missing.push(format!("旗舰店{}不存在或已停用", facts.flagship_shop_no)),
            Err(error) => return Err(error.into()),
        }
    }
    if facts.app_key.is_empty() {
        missing.push("应用(app_key)".to_owned());
    }
    if facts.top_url.is_empty() {
        missing.push("TOP地址(top_url)".to_owned());
    }
    if facts.settings.warehouses.is_empty() {
        missing.push("仓库映射(warehouses)".to_owned());
    }
    if facts.owner_user_id == 0 {
        missing.push("货主账号(owner_user_id),库存同步需要".to_owned());
    }
    Ok(missing)
}

/// Where a channel stands at `now`.
pub fn stage(reader: &mut Reader, channel: &Channel, now: Moment) -> Result<Stage> {
    if !missing(reader, channel)?.is_empty() {
        return Ok(S::Incomplete);
    }
    let facts = &channel.facts;
    if facts.mailed.is_none() {
        return Ok(S::Ready);
    }
    if facts.configured.is_none() {
        return Ok(S::Mailed);
    }
    if channel.session.expose().is_empty() {
        return Ok(S::Configured);
    }
    let left = facts.session_ends.map(|ends| ends.since(now));
    Ok(match left {
        Some(left) if left <= 0 => S::Expired,
        _ if !facts.held.is_empty() => S::Held,
        Some(left) if left <= 7 * 86_400 => S::Expiring,
        _ => S::Live,
    })
}

/// The mail with its four items: seller account, shop, supplier id, flagship shop.
pub fn mail(reader: &mut Reader, channel: &Channel, sid: &str) -> Result<String> {
    let flagship = match erp::catalog::shop_by_no(reader, &channel.facts.flagship_shop_no) {
        Ok(shop) => shop.name,
        Err(_) => channel.facts.flagship_shop_no.clone(),
    };
    Ok(format!(
        "您好,\n\n我司为天猫国际直营供应商({}),现申请配置供应商接单路由:\n\n1. ERP卖家账号: {sid}\n2. ERP内店铺名称: {}\n3. 供应商编码: {}\n4. \
         ASCP供应商后台绑定的旗舰店: {flagship}\n\n配置完成后请回复,谢谢。\n",
        channel.facts.contract.chinese(),
        channel.facts.shop_name,
        channel.supplier_id,
    ))
}

/// The mail was sent.
pub fn mailed(tx: &mut Tx, channel: &mut Channel) -> Result<Stage> {
    let now = tx.now();
    let from = stage(tx, channel, now)?;
    let to = ONBOARDING.fire(from, StageEvent::Mail)?;
    channel.facts.mailed = Some(now);
    save_channel(tx, channel)?;
    Ok(to)
}

/// The vendor answered: the route is configured.
pub fn confirmed(tx: &mut Tx, channel: &mut Channel) -> Result<Stage> {
    let now = tx.now();
    let from = stage(tx, channel, now)?;
    ONBOARDING.fire(from, StageEvent::Confirm)?;
    channel.facts.configured = Some(now);
    save_channel(tx, channel)?;
    stage(tx, channel, now)
}

/// A session was entered, for the first time or again.
pub fn authorised(tx: &mut Tx, channel: &mut Channel, session: &str, ends: Option<Moment>) -> Result<Stage> {
    let now = tx.now();
    let from = stage(tx, channel, now)?;
    ONBOARDING.fire(from, StageEvent::Authorise)?;
    if session.is_empty() || ends.is_some_and(|ends| ends <= now) {
        return Err(Refusal::Invalid("session", "会话为空或已过期".to_owned()).into());
    }
    hub::renew(tx, channel, session, ends)?;
    stage(tx, channel, now)
}

/// A row of the operation manual's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// What it is called.
    pub name: &'static str,
    /// `unsupported` by the platform, `untested`, `working`, `troubled`.
    pub state: &'static str,
    /// In words: how often it worked, what waits.
    pub note: String,
}

/// The table of the manual, from what happened on this channel.
pub fn modules(reader: &mut Reader, channel: &Channel) -> Result<Vec<Module>> {
    let counts = hub::order_counts(reader, channel)?;
    let of = |states: &[OrderState]| -> i64 {
        counts.iter().filter(|(state, _)| states.contains(state)).map(|(_, count)| count).sum()
    };
    let all: i64 = counts.iter().map(|(_, count)| count).sum();
    let facts = hub::channel_activity(reader, channel)?;
    let row = |name, worked: i64, troubled: i64, note: String| Module {
        name,
        state: match (worked, troubled) {
            (_, 1..) => "troubled",
            (1.., _) => "working",
            _ => "untested",
        },
        note,
    };
    Ok(vec![
        Module {
            name: "货品下载", state: "unsupported", note: "平台不支持;用货品列表查询建立映射".to_owned()
        },
        row(
            "订单推送",
            all,
            of(&[OrderState::Exception]),
            format!("收到{all}单,异常{}单", of(&[OrderState::Exception])),
        ),
        row(
            "发货回传",
            of(&[OrderState::Confirmed]),
            of(&[OrderState::ConfirmFailed]),
            format!("成功{}单,失败{}单", of(&[OrderState::Confirmed]), of(&[OrderState::ConfirmFailed])),
        ),
        row("取消拦截", facts.cancels, 0, format!("处理{}次", facts.cancels)),
        row("库存同步", facts.published, facts.stock_trouble, format!("已发布{}个货品", facts.published)),
        row("销退单", facts.reported, facts.return_trouble, format!("已回传{}单", facts.reported)),
    ])
}
