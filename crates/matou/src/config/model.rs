//! The settings as values. Their meaning stands in `default.toml`.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use gateway::directory::Network;
use gateway::log::Keep;
use serde::Deserialize;
use store::{Engine, Secret};

use crate::trouble::Trouble;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) data: Data,
    pub(crate) database: Database,
    pub(crate) security: Security,
    pub(crate) gateway: Gateway,
    pub(crate) calls: Calls,
    pub(crate) log: Log,
    pub(crate) sandbox: Sandbox,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sandbox {
    pub(crate) enabled: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    /// 0 = one less than there are cores.
    pub(crate) threads: usize,
    pub(crate) stop_seconds: u64,
    pub(crate) head_seconds: u64,
    pub(crate) stall_seconds: u64,
    pub(crate) connections_per_address: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Data {
    pub(crate) folder: PathBuf,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) workers: usize,
    pub(crate) readers: usize,
}

/// The address may hold a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.url.is_empty() { "Database(SQLite)" } else { "Database(PostgreSQL)" })
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Security {
    pub(crate) master_key: Hidden,
    pub(crate) master_key_file: PathBuf,
    pub(crate) admin_token: Hidden,
    pub(crate) admin_token_file: PathBuf,
}

/// A setting that is never printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Hidden(pub(crate) Secret);

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(Secret::new(text))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gateway {
    pub(crate) openapi2_window_seconds: i64,
    pub(crate) top_window_seconds: i64,
    pub(crate) calls_per_minute: u32,
    pub(crate) once_days: u32,
    pub(crate) conceal_applications: bool,
    pub(crate) authorities_file: PathBuf,
    pub(crate) gzip: bool,
    pub(crate) qimen_test_hosts: Vec<String>,
    pub(crate) outgoing_addresses: Vec<String>,
    pub(crate) trusted_proxies: Vec<Network>,
}

/// The call log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calls {
    pub(crate) keep: Keep,
    pub(crate) message_kilobytes: u32,
    pub(crate) total_megabytes: u32,
    pub(crate) days: u32,
    pub(crate) node: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) level: String,
    pub(crate) format: LogFormat,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}

impl Config {
    /// What is wrong between the keys; each key by itself was checked when it was read.
    pub(super) fn check(&self) -> Result<(), String> {
        let positive = [
            ("server.stop_seconds", self.server.stop_seconds as i64),
            ("server.head_seconds", self.server.head_seconds as i64),
            ("server.stall_seconds", self.server.stall_seconds as i64),
            ("database.workers", self.database.workers as i64),
            ("database.readers", self.database.readers as i64),
            ("gateway.openapi2_window_seconds", self.gateway.openapi2_window_seconds),
            ("gateway.top_window_seconds", self.gateway.top_window_seconds),
            ("calls.message_kilobytes", i64::from(self.calls.message_kilobytes)),
            ("calls.days", i64::from(self.calls.days)),
            ("gateway.once_days", i64::from(self.gateway.once_days)),
        ];
        for (key, value) in positive {
            if !(1..=86_400).contains(&value) {
                return Err(format!("{key} = {value}: 1 to 86400 is allowed"));
            }
        }
        if self.server.threads > 1_024 {
            return Err("server.threads: 1 to 1024, or 0 for one less than there are cores".to_owned());
        }
        if self.calls.message_kilobytes > 10_240 || !(64..=16_000_000).contains(&self.calls.total_megabytes) {
            return Err("calls: message_kilobytes up to 10240, total_megabytes from 64 to 16000000".to_owned());
        }
        let node = &self.calls.node;
        if !node.is_empty() && gateway::Node::named(node).is_none() {
            return Err(
                "calls.node: two lower-case letters or digits, different on every node; empty = chosen once".to_owned()
            );
        }
        let url = &self.database.url;
        if !url.is_empty() && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err("database.url: empty for SQLite, or postgres://user:password@host/database".to_owned());
        }
        Ok(())
    }

    /// The database that the store opens.
    pub(crate) fn engine(&self) -> Engine {
        if self.database.url.is_empty() {
            Engine::Sqlite { folder: self.data.folder.clone() }
        } else {
            Engine::Postgres { url: self.database.url.clone(), workers: self.database.workers }
        }
    }

    /// The certificates in `gateway.authorities_file`, in PEM; none without a file.
    pub(crate) fn authorities(&self) -> Result<String, Trouble> {
        let file = &self.gateway.authorities_file;
        if file.as_os_str().is_empty() {
            return Ok(String::new());
        }
        std::fs::read_to_string(file).map_err(|error| Trouble::new(format!("{}: {error}", file.display())))
    }

    /// The call log of this node, under a key that nobody can guess.
    pub(crate) fn call_log(&self, key: [u8; 32]) -> gateway::log::Options {
        let now = std::sync::Arc::new(crate::outside::unix_millis);
        let mut options = gateway::log::Options::new(self.data.folder.join("calls"), now, key);
        options.node.clone_from(&self.calls.node);
        options.keep = self.calls.keep;
        options.message_bytes = self.calls.message_kilobytes as usize * 1024;
        options.total_bytes = u64::from(self.calls.total_megabytes) * 1024 * 1024;
        options.seconds = i64::from(self.calls.days) * 86_400;
        options
    }

    /// The file of the master key.
    pub(crate) fn master_key_file(&self) -> PathBuf {
        self.in_folder(&self.security.master_key_file, "master.key")
    }

    /// The file of the admin token.
    pub(crate) fn admin_token_file(&self) -> PathBuf {
        self.in_folder(&self.security.admin_token_file, "admin.token")
    }

    fn in_folder(&self, given: &Path, name: &str) -> PathBuf {
        if given.as_os_str().is_empty() { self.data.folder.join(name) } else { given.to_path_buf() }
    }
}
