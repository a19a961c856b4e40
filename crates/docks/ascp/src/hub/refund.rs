//! The refund of a reported return: a deadline of the platform, which tells nobody whether it keeps it (fact sheet ascp-direct, 1.5). It is
//! watched here until a person has seen the money.

use store::Tx;
use units::Moment;

use super::alarm::{self, kind};
use super::channel::{Channel, ChannelSettings};
use super::error::Result;
use super::return_order::{ReturnOrder, ReverseChange, return_by_code};
use super::{reverse, table};

const DAY: i64 = 86_400;

impl ReturnOrder {
    /// When the consumer should have the money: about one working day after the report (fact sheet ascp-direct, 1.5). The platform does
    /// not tell, and its holidays are not known here: Saturdays and Sundays are left out.
    pub fn refund_by(&self) -> Option<Moment> {
        let mut by = self.facts.reported?.plus(DAY);
        while is_weekend(by) {
            by = by.plus(DAY);
        }
        Some(by)
    }

    /// Takes the next deadline of the refund that is still ahead: first its warning, then itself.
    pub(super) fn look_ahead(&mut self, settings: &ChannelSettings, now: Moment) {
        let by = self.refund_by().filter(|_| settings.watch_refunds);
        self.due = by.and_then(|by| settings.next_of(by, now)).unwrap_or(Moment::from_unix(0));
    }
}

/// Saturday or Sunday in China. The first day of the count, 1970-01-01, was a Thursday.
fn is_weekend(at: Moment) -> bool {
    let days = at.day().start().plus(8 * 3_600).unix().div_euclid(DAY);
    matches!((days + 4).rem_euclid(7), 0 | 6)
}

/// The refund of a reported return is near, or should be there. The platform tells nobody whether it is (fact sheet ascp-direct, 1.5): a
/// person must look, and say so.
pub(super) fn remind(tx: &mut Tx, channel: &Channel, found: &mut ReturnOrder) -> Result<()> {
    let now = tx.now();
    if let Some(by) = found.refund_by().filter(|_| channel.facts.settings.watch_refunds) {
        let todo = "平台不通知退款结果,请在供应商后台核对";
        let text = match by <= now {
            false => format!("销退单{}应于{by}前退款;{todo},已退款请确认", found.code),
            true => format!(
                "销退单{}应于{by}前退款,尚未确认;{todo}:已退款请确认,未退款请联系平台并检查AG回传开关",
                found.code
            ),
        };
        table::raise_alarm(tx, channel.id, kind::REFUND_DUE, &found.code, &text)?;
        tx.event(
            "ascp.deadline",
            &found.event_key(),
            &serde_json::json!({ "code": found.code, "refund_by": by.to_string() }),
        )?;
    }
    found.look_ahead(&channel.facts.settings, now);
    Ok(())
}

/// Somebody saw that the consumer has the money: nothing of the return is watched any more.
pub fn note_refund(tx: &mut Tx, channel: &Channel, code: &str) -> Result<ReturnOrder> {
    let mut found = return_by_code(tx, channel, code)?;
    found.facts.refunded = Some(tx.now());
    reverse::turn(tx, &mut found, ReverseChange::NoteRefund)?;
    for about in [kind::REFUND_DUE, kind::RETURN_DUE] {
        alarm::clear(tx, channel.id, about, code)?;
    }
    Ok(found)
}
