//! No silent loss: deadlines that alarm before they pass, silence, the countdown of the authorisation, the day's count (fact sheet
//! ascp-direct, section 4 and 5).

use store::{Reader, Tx};
use units::{Day, Moment};

use super::alarm::{self, kind};
use super::channel::{Channel, save_channel};
use super::error::Result;
use super::order::{OrderState, save};
use super::return_order::ReverseState;
use super::{refund, table};
use crate::messages::PushKind;

/// Documents of one round.
const ROUND: i64 = 200;
/// Days before the end of a session at which somebody is told.
pub const WARN_DAYS: [i64; 3] = [30, 7, 1];
const DAY: i64 = 86_400;

/// Looks after the channels of the tenant once. True when there may be more to do.
pub fn watch(tx: &mut Tx) -> Result<bool> {
    let channels = table::channels_of_tenant(tx)?;
    let mut more = deadlines(tx, &channels)?;
    more |= returns(tx, &channels)?;
    for channel in channels {
        silence(tx, &channel)?;
        session(tx, channel)?;
    }
    Ok(more)
}

fn deadlines(tx: &mut Tx, channels: &[Channel]) -> Result<bool> {
    let now = tx.now();
    let due = table::due_orders(tx, now, ROUND)?;
    let full = i64::try_from(due.len()).unwrap_or(0) >= ROUND;
    for mut order in due {
        let Some(channel) = channels.iter().find(|channel| channel.id == order.channel) else { continue };
        let settings = &channel.facts.settings;
        let warned = |by: Option<Moment>| by.filter(|by| settings.warning_of(*by) <= now);
        let word = |by: Moment| if by <= now { "已超过" } else { "即将到达" };
        if let Some(by) = warned(order.facts.audit_by).filter(|_| order.is_unaudited()) {
            let text = format!("{}{}审核时限{by}", order.code, word(by));
            table::raise_alarm(tx, channel.id, kind::AUDIT_DUE, &order.code, &text)?;
            order.facts.warned = true;
        }
        if let Some(by) = warned(order.facts.ship_by).filter(|_| order.state < OrderState::Shipped) {
            let text = format!("{}{}发货时限{by}(当前{})", order.code, word(by), order.state.chinese());
            table::raise_alarm(tx, channel.id, kind::SHIP_DUE, &order.code, &text)?;
            order.facts.warned = true;
            tx.event(
                "ascp.deadline",
                &order.event_key(),
                &serde_json::json!({ "code": order.code, "ship_by": by.to_string() }),
            )?;
        }
        order.look_ahead(settings, now);
        save(tx, &mut order)?;
    }
    Ok(full)
}

/// Returns that are stocked in and whose report has not got through, and those that are reported while nobody has seen the refund.
fn returns(tx: &mut Tx, channels: &[Channel]) -> Result<bool> {
    let now = tx.now();
    let due = table::due_reverses(tx, now, ROUND)?;
    let full = i64::try_from(due.len()).unwrap_or(0) >= ROUND;
    for mut found in due {
        let channel = channels.iter().find(|channel| channel.id == found.channel);
        match (found.state, channel) {
            (ReverseState::Reported, Some(channel)) => refund::remind(tx, channel, &mut found)?,
            _ => {
                let text = format!("销退单{}已入库未回传成功,买家无法退款", found.code);
                alarm::raise(tx, found.channel, kind::RETURN_DUE, &found.code, &text)?;
                found.due = Moment::from_unix(0);
            }
        }
        table::update_reverse(tx, &found)?;
    }
    Ok(full)
}

fn silence(tx: &mut Tx, channel: &Channel) -> Result<()> {
    let hours = channel.facts.settings.silence_hours;
    let Some(since) = channel.facts.configured.filter(|_| hours > 0) else { return Ok(()) };
    let last = table::last_message(tx, channel.id)?.map_or(since, |last| last.max(since));
    if tx.now().since(last) < hours.saturating_mul(3_600) {
        return alarm::clear(tx, channel.id, kind::SILENCE, "");
    }
    let text = format!("自{last}起未收到任何推送(超过{hours}小时),请检查授权与推送配置");
    alarm::raise(tx, channel.id, kind::SILENCE, "", &text)
}

/// 30, 7 and 1 days before the end, and at the end: then nothing more goes out, because all of it would be refused.
fn session(tx: &mut Tx, mut channel: Channel) -> Result<()> {
    let now = tx.now();
    let Some(ends) = channel.facts.session_ends else { return Ok(()) };
    let left = ends.since(now);
    if left <= 0 {
        if channel.facts.held.is_empty() {
            channel.facts.held = format!("旗舰店授权已于{ends}过期");
            channel.facts.held_since = Some(now);
            save_channel(tx, &mut channel)?;
        }
        let text = format!("旗舰店授权已于{ends}过期,回传已暂停,推送可能丢失,请立即续期");
        return alarm::raise(tx, channel.id, kind::HELD, "", &text);
    }
    for days in WARN_DAYS {
        if left <= days * DAY {
            let text = format!("旗舰店授权将于{ends}到期(不足{days}天),请尽快续期");
            alarm::raise(tx, channel.id, kind::SESSION, &days.to_string(), &text)?;
        }
    }
    Ok(())
}

/// A new session: what waits goes out in order.
pub fn renew(tx: &mut Tx, channel: &mut Channel, session: &str, ends: Option<Moment>) -> Result<()> {
    channel.session = store::Secret::new(session);
    channel.facts.session_ends = ends;
    release(tx, channel)?;
    for days in WARN_DAYS {
        alarm::clear(tx, channel.id, kind::SESSION, &days.to_string())?;
    }
    Ok(tx.event(
        "ascp.renewed",
        &channel.event_key(),
        &serde_json::json!({ "ends": ends.map(|ends| ends.to_string()) }),
    )?)
}

/// What held the channel was put right.
pub fn release(tx: &mut Tx, channel: &mut Channel) -> Result<()> {
    channel.facts.held.clear();
    channel.facts.held_since = None;
    save_channel(tx, channel)?;
    alarm::clear(tx, channel.id, kind::HELD, "")
}

/// How both sides count a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    /// Orders that came here.
    pub ours: i64,
    /// Orders that the platform counts.
    pub theirs: i64,
}

/// Compares the day's orders with the platform's figure, which a person reads in the supplier back office (there is no interface for
/// it). A difference is an alarm.
pub fn compare_day(tx: &mut Tx, channel: &Channel, day: Day, theirs: i64) -> Result<DayCount> {
    let start = day.start();
    let ours = table::count_messages(tx, channel.id, PushKind::Notify, start, start.plus(DAY))?;
    let key = day.compact();
    if ours == theirs {
        alarm::clear(tx, channel.id, kind::COUNT_DIFFERS, &key)?;
    } else {
        let text = format!("{key}平台{theirs}单,本地收到{ours}单,请核对缺失订单");
        alarm::raise(tx, channel.id, kind::COUNT_DIFFERS, &key, &text)?;
    }
    Ok(DayCount { ours, theirs })
}

/// When the last push came.
pub fn last_push(reader: &mut Reader, channel: &Channel) -> Result<Option<Moment>> {
    table::last_message(reader, channel.id)
}
