//! The running supplier side: who its channels are, and what it does when nobody asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use gateway::Directory;
use store::{Store, Tenant};
use tokio::sync::Notify;
use units::{Clock, Moment};

use super::channel::Channel;
use super::error::Result;
use super::follow::follow;
use super::watch::watch;
use super::{send, table};
use crate::client::Client;
use crate::pace::keep_going;

/// Business seconds between two looks at deadlines, silence and sessions.
const WATCH_PAUSE: i64 = 30;
/// Business seconds between two publishes of a channel's stock, while it changes.
const STOCK_PAUSE: i64 = 30;

/// Business seconds between two readings of a channel's goods list.
const GOODS_PAUSE: i64 = 86_400;

/// How the program reads the business settings of a merchant.
pub type SettingsOf = Arc<dyn Fn(Tenant) -> Option<erp::Settings> + Send + Sync>;

/// What the supplier side is made of.
pub struct HubParts {
    /// Where everything is kept; its clock is the business clock.
    pub store: Store,
    /// Secrets of applications.
    pub directory: Arc<Directory>,
    /// The real time, for timestamps on the wire.
    pub clock: Arc<dyn Clock>,
    /// Business settings.
    pub settings: SettingsOf,
}

/// The supplier side.
pub struct Hub {
    parts: HubParts,
    client: Client,
    channels: RwLock<Arc<Vec<Arc<Channel>>>>,
    work: Notify,
    /// Business moments of the last look at each channel's deadlines, and of its last reconciliation.
    looked: Mutex<HashMap<i64, Looked>>,
}

/// When a channel was last looked after.
#[derive(Debug, Clone, Copy, Default)]
struct Looked {
    watched: Option<Moment>,
    reconciled: Option<Moment>,
    listed: Option<Moment>,
    /// Something of the stock changed since then.
    stirred: bool,
}

impl Hub {
    /// Opens it and reads its channels.
    pub async fn open(parts: HubParts) -> Result<Arc<Self>> {
        let hub = Self {
            parts,
            client: Client::new(),
            channels: RwLock::default(),
            work: Notify::new(),
            looked: Mutex::default(),
        };
        hub.refresh().await?;
        Ok(Arc::new(hub))
    }

    /// Reads the channels anew.
    pub async fn refresh(&self) -> Result<()> {
        let read = self.parts.store.read(Tenant::HOUSE, table::all_channels).await?;
        let fresh = Arc::new(read.into_iter().map(Arc::new).collect());
        *self.channels.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    pub(super) fn store(&self) -> &Store {
        &self.parts.store
    }

    pub(super) fn directory(&self) -> &Arc<Directory> {
        &self.parts.directory
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn real_time(&self) -> Moment {
        self.parts.clock.now()
    }

    pub(super) fn settings(&self, tenant: Tenant) -> Option<erp::Settings> {
        (self.parts.settings)(tenant)
    }

    pub(super) fn channels(&self) -> Arc<Vec<Arc<Channel>>> {
        Arc::clone(&self.channels.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn channel(&self, supplier_id: &str, source_platform: &str) -> Option<Arc<Channel>> {
        let channels = self.channels();
        let of =
            |channel: &&Arc<Channel>| channel.supplier_id == supplier_id && channel.source_platform == source_platform;
        channels.iter().find(of).cloned()
    }

    pub(super) fn channels_of_app(&self, app_key: &str) -> Vec<Arc<Channel>> {
        self.channels().iter().filter(|channel| channel.facts.app_key == app_key).cloned().collect()
    }

    pub(super) fn channel_by_id(&self, id: i64) -> Option<Arc<Channel>> {
        self.channels().iter().find(|channel| channel.id == id).cloned()
    }

    /// There is something to do.
    pub fn wake(&self) {
        self.work.notify_one();
    }

    /// Follows the event logs, sends what is due and looks after the channels, for as long as the program lives. A comparison of stock is
    /// many calls long; no report waits for it.
    pub async fn work(self: Arc<Self>) {
        let nobody = Notify::new();
        let reports = keep_going("the ASCP hub", &self.work, || self.report());
        let care =
            keep_going("the care of ASCP channels", &nobody, || async { self.look_after().await.map(|()| false) });
        tokio::join!(reports, care);
    }

    /// One round of everything, one thing after the other. True when something was done.
    pub async fn round(&self) -> Result<bool> {
        let did = self.report().await?;
        self.look_after().await?;
        Ok(did)
    }

    /// Reads the channels, follows every event log to its end, sends every call that is due. True when something was done.
    async fn report(&self) -> Result<bool> {
        self.refresh().await?;
        let followed = self.follow_all().await?;
        let sent = send::send_due(self).await?;
        Ok(followed || sent)
    }

    /// Follows the event log of every merchant that has a channel. True when something was read.
    pub async fn follow_all(&self) -> Result<bool> {
        let mut tenants: Vec<Tenant> = self.channels().iter().map(|channel| channel.tenant).collect();
        tenants.dedup();
        let mut any = false;
        for tenant in tenants {
            let behind = self.parts.store.read(tenant, |reader| {
                let last = reader.last_event()?;
                Ok::<_, super::error::Error>(table::cursor(reader)?.is_some_and(|seq| seq < last))
            });
            let Some(settings) = self.settings(tenant) else { continue };
            if !behind.await? {
                continue;
            }
            any = true;
            self.stir(tenant);
            loop {
                let settings = settings.clone();
                if !self.parts.store.write(tenant, move |tx| follow(tx, &settings)).await? {
                    break;
                }
            }
        }
        Ok(any)
    }

    /// Something happened to a merchant: the stock of its channels may be another.
    fn stir(&self, tenant: Tenant) {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        for channel in self.channels().iter().filter(|channel| channel.tenant == tenant) {
            looked.entry(channel.id).or_default().stirred = true;
        }
    }

    /// Deadlines, silence and sessions once in a while; the goods list once a day; stock when it may have changed, and on its schedule.
    async fn look_after(&self) -> Result<()> {
        let now = self.parts.store.clock().now();
        let is_past = |at: Option<Moment>, pause: i64| at.is_none_or(|at| now.since(at) >= pause);
        for channel in self.channels().iter() {
            let looked = {
                let looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
                looked.get(&channel.id).copied().unwrap_or_default()
            };
            if is_past(looked.watched, WATCH_PAUSE) {
                while self.parts.store.write(channel.tenant, watch).await? {}
                self.looked(channel.id, |looked| looked.watched = Some(now));
            }
            let settings = &channel.facts.settings;
            let open = channel.facts.held.is_empty() && !channel.session.expose().is_empty();
            if open && is_past(looked.listed, GOODS_PAUSE) {
                self.looked(channel.id, |looked| looked.listed = Some(now));
                if let Err(error) = self.sync_goods(channel.tenant, &channel.supplier_id).await {
                    tracing::warn!(%error, "the goods list of a channel cannot be read now");
                }
            }
            let ready = settings.publish_stock && open;
            let pause = if looked.stirred { STOCK_PAUSE } else { settings.reconcile_seconds.max(STOCK_PAUSE) };
            let scheduled = looked.stirred || settings.reconcile_seconds > 0;
            if ready && scheduled && is_past(looked.reconciled, pause) {
                self.looked(channel.id, |looked| (looked.reconciled, looked.stirred) = (Some(now), false));
                if let Err(error) = self.reconcile(channel.tenant, &channel.supplier_id, true).await {
                    self.looked(channel.id, |looked| looked.stirred = true);
                    tracing::warn!(%error, "the stock of a channel cannot be compared now");
                }
            }
        }
        Ok(())
    }

    fn looked(&self, channel: i64, change: impl FnOnce(&mut Looked)) {
        change(self.looked.lock().unwrap_or_else(PoisonError::into_inner).entry(channel).or_default());
    }
}
