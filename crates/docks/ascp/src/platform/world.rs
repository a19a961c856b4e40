//! The running simulator: plays TOP's methods, sends the pushes, refunds what is due.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use gateway::{Directory, Played, PlayedCall, Player, Playing, TopRefusal};
use store::{Store, Tenant};
use tokio::sync::Notify;
use units::{Clock, Moment};

use super::error::{Error, Result};
use super::fault::{self, Trouble};
use super::journal::{Journal, Spoken};
use super::push::{self, Outgoing};
use super::{methods, reverse, stock};
use crate::client::{Client, Heard};
use crate::limits::{AT_ONCE, PATIENCE};
use crate::messages::{CallKind, PushReply};
use crate::pace::keep_going;

/// Pushes that one unit of work takes.
const LEASED: i64 = 64;
/// Refunds of one round.
const REFUNDS: i64 = 200;

/// What the simulator is made of.
pub struct PlatformParts {
    /// Where everything is kept; its clock is the business clock.
    pub store: Store,
    /// Whose rows they are.
    pub tenant: Tenant,
    /// Secrets of applications.
    pub directory: Arc<Directory>,
    /// The real time, for timestamps on the wire.
    pub clock: Arc<dyn Clock>,
}

/// The simulator of ASCP and TOP.
pub struct Platform {
    parts: PlatformParts,
    client: Client,
    work: Notify,
    journal: Option<Arc<Journal>>,
}

impl Platform {
    /// Puts it together.
    pub fn new(parts: PlatformParts) -> Arc<Self> {
        Arc::new(Self { parts, client: Client::new(), work: Notify::new(), journal: None })
    }

    /// The same, and everything that is said is noted.
    pub fn noted(parts: PlatformParts, journal: Arc<Journal>) -> Arc<Self> {
        Arc::new(Self { parts, client: Client::new(), work: Notify::new(), journal: Some(journal) })
    }

    /// Where everything is kept.
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// Whose rows they are.
    pub fn tenant(&self) -> Tenant {
        self.parts.tenant
    }

    /// There is something to push.
    pub fn wake(&self) {
        self.work.notify_one();
    }

    /// Pushes and refunds for as long as the program lives.
    pub async fn work(self: Arc<Self>) {
        keep_going("the ASCP simulator", &self.work, || self.round()).await;
    }

    /// One round. True when something was done.
    pub async fn round(&self) -> Result<bool> {
        let (store, tenant, now) = (&self.parts.store, self.parts.tenant, self.parts.store.clock().now());
        let refunded = match store.read(tenant, move |reader| reverse::is_refund_due(reader, now)).await? {
            true => store.write(tenant, |tx| reverse::refund_due(tx, REFUNDS)).await?,
            false => 0,
        };
        if !store.read(tenant, move |reader| push::is_due(reader, tenant, now)).await? {
            return Ok(refunded > 0);
        }
        let leased = store.write(tenant, |tx| push::lease(tx, LEASED)).await?;
        let sent = stream::iter(leased).map(|outgoing| async move { self.push(outgoing).await });
        let settled: Vec<Result<()>> = sent.buffered(AT_ONCE).collect().await;
        settled.into_iter().collect::<Result<()>>()?;
        Ok(true)
    }

    /// Sends a push, with what is to go wrong with it, and stores what became of it.
    async fn push(&self, outgoing: Outgoing) -> Result<()> {
        let reply = match push::signed(&self.parts.directory, &outgoing, self.parts.clock.now()) {
            Err(problem) => {
                tracing::warn!(problem, "a push of the simulator cannot be signed");
                None
            }
            Ok(message) => match outgoing.trouble {
                Trouble::LoseRequest => None,
                Trouble::LoseReply | Trouble::Silence => {
                    drop(self.tell(&outgoing, &message, true).await);
                    None
                }
                Trouble::Repeat(times) => {
                    for _ in 0..times {
                        drop(self.tell(&outgoing, &message, false).await);
                    }
                    reply_of(self.tell(&outgoing, &message, false).await)
                }
                Trouble::None | Trouble::Delay(_) | Trouble::Status(_) | Trouble::Refuse | Trouble::Forge(_) => {
                    reply_of(self.tell(&outgoing, &message, false).await)
                }
            },
        };
        let push = Arc::new(outgoing.push);
        self.parts.store.write(self.parts.tenant, move |tx| push::settle(tx, &push, reply.as_ref())).await
    }

    /// Posts a push; `is_lost`: as far as the platform knows, nobody answered.
    async fn tell(&self, outgoing: &Outgoing, message: &(String, &'static str, String), is_lost: bool) -> Heard {
        let (url, content_type, body) = message;
        let heard = self.client.post(url, content_type, body.clone()).await;
        if let Some(journal) = &self.journal {
            let (kind, code) = (outgoing.push.kind, &outgoing.push.code);
            journal.note(Spoken::push(self.now(), kind, code, body.clone(), heard.clone(), is_lost));
        }
        heard
    }

    /// A call of TOP, carried out once.
    pub async fn call(&self, kind: CallKind, call: &PlayedCall) -> Played {
        let call = call.clone();
        let run = self.parts.store.write(self.parts.tenant, move |tx| methods::run(tx, kind, &call));
        let outcome = run.await;
        self.wake();
        match methods::answer(kind, outcome) {
            Ok(members) => Played::Members(members),
            Err(Error::Top(refusal)) => Played::Refused(refusal),
            Err(error) => {
                tracing::warn!(%error, "the ASCP simulator cannot answer");
                Played::Refused(unavailable())
            }
        }
    }

    /// A call of TOP, with what is to go wrong with it, noted if somebody wants to know.
    async fn take(&self, kind: CallKind, call: PlayedCall) -> Played {
        let Some(journal) = &self.journal else { return self.troubled_call(kind, call).await };
        let at = self.now();
        let played = self.troubled_call(kind, call.clone()).await;
        journal.note(Spoken::call(at, kind, &call, &played));
        played
    }

    /// A call of TOP, with what is to go wrong with it.
    async fn troubled_call(&self, kind: CallKind, call: PlayedCall) -> Played {
        let target = format!("call:{}", kind.name());
        let struck = self.parts.store.write(self.parts.tenant, move |tx| fault::strike(tx, &target)).await;
        match struck.unwrap_or(Trouble::None) {
            Trouble::None | Trouble::Forge(_) => self.call(kind, &call).await,
            Trouble::LoseRequest => Played::Broken(504),
            Trouble::LoseReply => {
                drop(self.call(kind, &call).await);
                Played::Broken(504)
            }
            Trouble::Repeat(times) => {
                let first = self.call(kind, &call).await;
                for _ in 0..times {
                    drop(self.call(kind, &call).await);
                }
                first
            }
            Trouble::Delay(seconds) => {
                tokio::time::sleep(Duration::from_secs(u64::try_from(seconds.clamp(0, 25)).unwrap_or(0))).await;
                self.call(kind, &call).await
            }
            Trouble::Status(status) => Played::Broken(status),
            Trouble::Silence => {
                // The caller gives up first.
                tokio::time::sleep(PATIENCE + Duration::from_secs(5)).await;
                Played::Broken(504)
            }
            Trouble::Refuse => {
                let refused = match kind {
                    CallKind::StockPublish => super::error::no("SIM_STOCK_BELOW_LOCK", stock::BELOW_LOCK),
                    _ => super::error::no("SIM_TEMPORARY", "the simulator was told to refuse this call once"),
                };
                methods::answer(kind, Err(refused)).map_or_else(|_| Played::Broken(503), Played::Members)
            }
        }
    }

    /// The present of the business clock.
    pub fn now(&self) -> Moment {
        self.parts.store.clock().now()
    }
}

fn reply_of(heard: Heard) -> Option<PushReply> {
    let (status, body) = heard.ok()?;
    PushReply::read(&body).filter(|_| status == 200)
}

fn unavailable() -> TopRefusal {
    TopRefusal {
        code: 10,
        message: "Service Currently Unavailable",
        sub_code: "isp.remote-service-error".to_owned(),
        sub_message: String::new(),
    }
}

/// The simulator as the gateway sees it.
pub struct TopPlayer(pub Arc<Platform>);

impl Player for TopPlayer {
    fn finds(&self, method: &str) -> Option<&'static str> {
        CallKind::of_method(method).map(CallKind::method)
    }

    fn play(&self, call: PlayedCall) -> Playing {
        let platform = Arc::clone(&self.0);
        Box::pin(async move {
            match CallKind::of_method(call.method) {
                Some(kind) => platform.take(kind, call).await,
                None => Played::Refused(unavailable()),
            }
        })
    }
}
