//! Runs the durable timers of the business as they fall due.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway::Directory;
use store::Store;
use store::timer::Timer;

/// Timers of one round.
const ROUND: i64 = 50;
/// Pause when nothing was due.
const IDLE: Duration = Duration::from_secs(1);
/// Pause when there may be more: work in small pieces lets the callers in between.
const BUSY: Duration = Duration::from_millis(50);

/// How often old claims of forwarded calls are forgotten.
const FORGET: Duration = Duration::from_secs(3600);

/// Arms what every tenant's settings ask for, then runs what is due for as long as the program lives. Claims of forwarded calls
/// are kept for `days`.
pub(crate) async fn work(store: Store, directory: Arc<Directory>, days: u32) {
    arm(&store, &directory).await;
    let mut troubled = false;
    let mut forgotten = Instant::now();
    loop {
        if forgotten.elapsed() >= FORGET {
            forgotten = Instant::now();
            let before = store.clock().now().plus(-i64::from(days) * 86_400);
            if let Err(error) = gateway::forward::forget(&store, before).await {
                tracing::warn!(%error, "old claims of forwarded calls are not forgotten yet");
            }
        }
        let known = Arc::clone(&directory);
        let round = store.run_due_timers(ROUND, move |tx, timer: &Timer| {
            let settings = settings(&known, tx.tenant().0)?;
            erp::on_timer(tx, &settings, timer)
        });
        let pause = match round.await {
            Ok(round) => {
                troubled = false;
                if round.failed > 0 {
                    tracing::warn!(failed = round.failed, "timers failed; they are tried again later");
                }
                if round.done > 0 { BUSY } else { IDLE }
            }
            Err(error) => {
                if !std::mem::replace(&mut troubled, true) {
                    tracing::warn!(%error, "timers cannot be run; trying again");
                }
                IDLE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

async fn arm(store: &Store, directory: &Directory) {
    for tenant in directory.snapshot().tenants() {
        let settings = match dock_wdt::Settings::of(&tenant.settings) {
            Ok(settings) => settings.erp,
            Err(_) => {
                tracing::error!(sid = tenant.sid, "the settings of a tenant cannot be read; its timers are not armed");
                continue;
            }
        };
        if let Err(error) = store.write(tenant.tenant(), move |tx| erp::archive::arm(tx, &settings)).await {
            tracing::warn!(%error, sid = tenant.sid, "the timers of a tenant are not armed");
        }
    }
}

fn settings(directory: &Directory, tenant: i64) -> erp::Result<erp::Settings> {
    let unreadable = || erp::Error::from(erp::Refusal::QueueRow("租户设置无法读取"));
    let snapshot = directory.snapshot();
    let tenant = snapshot.tenant(tenant).ok_or_else(unreadable)?;
    dock_wdt::Settings::of(&tenant.settings).map(|settings| settings.erp).map_err(|_| unreadable())
}
