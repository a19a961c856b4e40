//! Connecting, and connecting again.

use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio_postgres::{Client, Config, NoTls};

use crate::postgres::fault::fault;
use crate::{Error, Result, limits};

/// What every connection is set to. A unit that waits longer than this for a lock or a statement is given up. Every statement of
/// ours has its index: a plan that was made while a table was small must not scan it when it has grown.
const SETTINGS: &str = "SET lock_timeout = '30s'; SET statement_timeout = '60s'; SET synchronous_commit = on; \
    SET idle_in_transaction_session_timeout = '90s'; SET client_min_messages = warning; \
    SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan";

/// Where to connect, and when to try again after a failure.
pub(crate) struct Dial {
    config: Config,
    pause: Duration,
    /// When to try again, and what was wrong.
    failed: Option<(Instant, Error)>,
}

impl Dial {
    /// Reads a connection URL or a list of `key=value`.
    pub(crate) fn parse(url: &str) -> Result<Config> {
        let mut config: Config =
            url.parse().map_err(|error| Error::Elsewhere(format!("the PostgreSQL address cannot be read: {error}")))?;
        config.application_name("matou").connect_timeout(Duration::from_secs(5));
        config.keepalives_idle(Duration::from_secs(30)).tcp_user_timeout(Duration::from_secs(30));
        Ok(config)
    }

    pub(crate) fn new(config: Config) -> Self {
        Self { config, pause: limits::RECONNECT_FIRST, failed: None }
    }

    /// Connects, unless the last attempt failed a moment ago.
    pub(crate) fn connect(&mut self, runtime: &Runtime) -> Result<Client> {
        if let Some((then, error)) = &self.failed
            && Instant::now() < *then
        {
            return Err(error.clone());
        }
        match runtime.block_on(connect(&self.config)) {
            Ok(client) => {
                self.pause = limits::RECONNECT_FIRST;
                self.failed = None;
                Ok(client)
            }
            Err(error) => {
                self.failed = Some((Instant::now() + self.pause, error.clone()));
                self.pause = (self.pause * 2).min(limits::RECONNECT_LAST);
                Err(error)
            }
        }
    }
}

async fn connect(config: &Config) -> Result<Client> {
    let (client, connection) = config.connect(NoTls).await.map_err(|e| fault(&e))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(%error, "a connection to PostgreSQL ended; it will be opened again");
        }
    });
    client.batch_execute(SETTINGS).await.map_err(|e| fault(&e))?;
    // A fifth of the time that the old method takes. A server that was built without it refuses, and keeps to the old one.
    if let Err(error) = client.batch_execute("SET default_toast_compression = 'lz4'").await {
        tracing::debug!(%error, "this PostgreSQL has no lz4");
    }
    Ok(client)
}
