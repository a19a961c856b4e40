//! Where the directory is: with the server that runs on the data folder, through its admin API, or here, when none runs.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use gateway::directory::{Change, Directory, Document, Environment};
use gateway::forward::{Check, Forwarder};
use serde_json::Value;
use store::Store;
use tokio::runtime::Runtime;
use units::Clock;

use crate::client::Client;
use crate::command::office;
use crate::config;
use crate::outside::SystemClock;
use crate::server;
use crate::trouble::Trouble;

/// Where the directory is looked for.
#[derive(Args)]
pub(super) struct Place {
    /// The server, when it does not listen where the settings say: http://127.0.0.1:8080. / 服务地址
    #[arg(long)]
    server: Option<String>,
    /// Settings file; matou.toml where it exists. / 配置文件
    #[arg(long)]
    config: Option<PathBuf>,
    /// Data folder, over data.folder. / 数据目录
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Who carries it out.
pub(super) enum Desk {
    /// This process.
    Here { runtime: Runtime, directory: Arc<Directory>, store: Store, authorities: String },
    /// A server.
    Served { runtime: Runtime, client: Client, token: String },
}

impl Place {
    /// Finds the server; without one, opens the data folder.
    pub(super) fn open(self) -> Result<Desk, Trouble> {
        let mut config = config::load(self.config.as_deref())?;
        if let Some(folder) = self.data {
            config.data.folder = folder;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let base = self.server.clone().unwrap_or_else(|| format!("http://{}", config.server.listen));
        if let Some(token) = office::token(&config) {
            let client = Client::new(&base);
            let health = runtime.block_on(client.admin("GET", "/health", &token, None));
            if health.is_ok_and(|heard| heard.status == 200) {
                return Ok(Desk::Served { runtime, client, token });
            }
        }
        if self.server.is_some() {
            return Err(Trouble::new(
                "no server answers there, or it has another admin token / 服务无响应,或管理令牌不符",
            ));
        }
        if config.database.url.is_empty() && !config.data.folder.join(store::DATABASE_FILE).exists() {
            return Err(Trouble::new(format!("{}: no Matou data here", config.data.folder.display())));
        }
        let opened = runtime.block_on(server::open(&config))?;
        let authorities = config.authorities()?;
        Ok(Desk::Here { runtime, directory: opened.directory, store: opened.store, authorities })
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Self::Here { store, .. } = self {
            store.close();
        }
    }
}

impl Desk {
    /// What is stored.
    pub(super) fn export(&self) -> Result<Value, Trouble> {
        match self {
            Self::Here { runtime, directory, .. } => Ok(runtime.block_on(directory.document())?.to_value()),
            Self::Served { .. } => self.ask("GET", "/gateway-file", None),
        }
    }

    /// What the document would change.
    pub(super) fn compare(&self, document: Value) -> Result<Vec<Value>, Trouble> {
        match self {
            Self::Here { runtime, directory, .. } => {
                let document = Document::read(&document)?;
                shown(&runtime.block_on(directory.compare(document))?)
            }
            Self::Served { .. } => self.changes("/gateway-file/compare", document),
        }
    }

    /// Applies the document; gives what changed.
    pub(super) fn apply(&self, document: Value) -> Result<Vec<Value>, Trouble> {
        match self {
            Self::Here { runtime, directory, .. } => {
                let document = Document::read(&document)?;
                shown(&runtime.block_on(directory.apply(document, "command".to_owned()))?)
            }
            Self::Served { .. } => self.changes("/gateway-file/apply", document),
        }
    }

    /// Probes a target; rows of check, grade, millis, detail.
    pub(super) fn probe(&self, target: &str, environment: &str, method: &str) -> Result<Vec<Value>, Trouble> {
        let answer = match self {
            Self::Here { runtime, directory, authorities, .. } => {
                let environment = Environment::named(environment)
                    .ok_or_else(|| Trouble::new("--environment is production or test / 环境为 production 或 test"))?;
                let known = directory.snapshot().target(target).cloned();
                let known = known.ok_or_else(|| Trouble::new(format!("no target {target} / 没有该目标")))?;
                let forwarder = Forwarder::new(authorities);
                let probing = forwarder.probe(&known, environment, Some(method), SystemClock.now());
                let checks = runtime.block_on(probing).map_err(Trouble::new)?;
                let row = |check: &Check| serde_json::json!({ "check": check.name, "grade": check.grade.name(), "millis": check.millis, "detail": check.detail });
                return Ok(checks.iter().map(row).collect());
            }
            Self::Served { .. } => {
                let body = serde_json::json!({ "environment": environment, "method": method });
                self.ask("POST", &format!("/targets/{target}/probe"), Some(body.to_string()))?
            }
        };
        Ok(answer["checks"].as_array().cloned().unwrap_or_default())
    }

    fn changes(&self, path: &str, document: Value) -> Result<Vec<Value>, Trouble> {
        let answer = self.ask("POST", path, Some(serde_json::json!({ "document": document }).to_string()))?;
        Ok(answer["changes"].as_array().cloned().unwrap_or_default())
    }

    fn ask(&self, verb: &str, path: &str, body: Option<String>) -> Result<Value, Trouble> {
        let Self::Served { runtime, client, token } = self else { return Ok(Value::Null) };
        let heard = runtime.block_on(client.admin(verb, path, token, body)).map_err(Trouble::new)?;
        let answer: Value = serde_json::from_str(&heard.body)?;
        if heard.status == 200 {
            return Ok(answer);
        }
        Err(Trouble::new(answer["error"]["message"].as_str().unwrap_or("the server refused it").to_owned()))
    }
}

fn shown(changes: &[Change]) -> Result<Vec<Value>, Trouble> {
    changes.iter().map(|change| Ok(serde_json::to_value(change)?)).collect()
}
