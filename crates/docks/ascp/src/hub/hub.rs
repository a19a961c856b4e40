//! The running supplier side: who its channels are, and what it does when nobody asks.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use gateway::Directory;
use store::{Store, Tenant};
use tokio::sync::Notify;
use units::{Clock, Moment};

use super::channel::Channel;
use super::error::Result;
use super::follow::follow;
use super::{send, table};
use crate::client::Client;

/// Pause when nothing was to be done.
const IDLE: Duration = Duration::from_millis(250);
/// Pause after a failure of the store.
const TROUBLED: Duration = Duration::from_secs(2);

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
}

impl Hub {
    /// Opens it and reads its channels.
    pub async fn open(parts: HubParts) -> Result<Arc<Self>> {
        let hub = Self { parts, client: Client::new(), channels: RwLock::default(), work: Notify::new() };
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

    /// Follows the event logs and sends what is due, for as long as the program lives.
    pub async fn work(self: Arc<Self>) {
        let mut troubled = false;
        loop {
            let pause = match self.round().await {
                Ok(true) => {
                    troubled = false;
                    continue;
                }
                Ok(false) => {
                    troubled = false;
                    IDLE
                }
                Err(error) => {
                    if !std::mem::replace(&mut troubled, true) {
                        tracing::warn!(%error, "the ASCP hub cannot work; trying again");
                    }
                    TROUBLED
                }
            };
            tokio::select! {
                () = self.work.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// One round: reads the channels, follows every event log to its end, sends every call that is due. True when something was done.
    pub async fn round(&self) -> Result<bool> {
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
            loop {
                let settings = settings.clone();
                if !self.parts.store.write(tenant, move |tx| follow(tx, &settings)).await? {
                    break;
                }
            }
        }
        Ok(any)
    }
}
