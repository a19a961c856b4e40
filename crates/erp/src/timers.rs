//! What the durable timers of the business do: one arm for each topic.

use store::Tx;
use store::timer::Timer;

use crate::{Refusal, Result, Settings, archive, order};

/// Carries out a timer that is due, in the unit of work that ends it.
///
/// # Errors
/// The store keeps a timer whose handler fails and tries it again later; a topic that nobody knows is one of them.
pub fn on_timer(tx: &mut Tx, settings: &Settings, timer: &Timer) -> Result<()> {
    match timer.topic.as_str() {
        archive::TOPIC => archive::run(tx, settings, timer),
        _ if order::wake(tx, settings, timer)? => Ok(()),
        _ => Err(Refusal::Invalid { field: "topic", why: "没有处理该定时任务的程序" }.into()),
    }
}
