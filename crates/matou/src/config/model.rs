//! The settings as values. Their meaning stands in `default.toml`.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use store::{Engine, Secret};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) data: Data,
    pub(crate) database: Database,
    pub(crate) security: Security,
    pub(crate) gateway: Gateway,
    pub(crate) log: Log,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) stop_seconds: u64,
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
    pub(crate) gzip: bool,
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
            ("database.workers", self.database.workers as i64),
            ("database.readers", self.database.readers as i64),
            ("gateway.openapi2_window_seconds", self.gateway.openapi2_window_seconds),
            ("gateway.top_window_seconds", self.gateway.top_window_seconds),
        ];
        for (key, value) in positive {
            if !(1..=86_400).contains(&value) {
                return Err(format!("{key} = {value}: 1 to 86400 is allowed"));
            }
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
