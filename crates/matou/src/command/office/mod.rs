//! Where an import or export is carried out: by the server that runs on the data folder, through its admin API, or here, when none
//! runs.

mod bar;
mod here;
mod served;

use std::path::PathBuf;

use clap::Args;
use console::sheet::{self, Kind};

use crate::config;
use crate::trouble::Trouble;
use here::Here;
use served::Served;

/// The sheet kind of this name.
pub(super) fn kind(name: &str) -> Result<&'static Kind, Trouble> {
    sheet::kind(name).ok_or_else(|| {
        let names: Vec<&str> = sheet::KINDS.iter().map(|kind| kind.sheet.name).collect();
        Trouble::new(format!("no sheet kind {name} / 没有该表格: {}", names.join(", ")))
    })
}

/// Whose data, and where they are.
#[derive(Args)]
pub(super) struct Place {
    /// Seller account (sid); the first one when absent. / 卖家账号
    #[arg(long)]
    tenant: Option<String>,
    /// production (default) or test. / 环境
    #[arg(long)]
    environment: Option<String>,
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
pub(super) enum Office {
    /// This process.
    Here(Box<Here>),
    /// A server.
    Served(Box<Served>),
}

impl Place {
    /// Finds the server; without one, opens the data folder.
    pub(super) fn open(self) -> Result<Office, Trouble> {
        let mut config = config::load(self.config.as_deref())?;
        if let Some(folder) = self.data {
            config.data.folder = folder;
        }
        let token = token(&config);
        let base = self.server.clone().unwrap_or_else(|| format!("http://{}", config.server.listen));
        let served = token.map(|token| Served::new(base, token, self.tenant.as_deref(), self.environment.as_deref()));
        match served.transpose()? {
            Some(served) if served.answers() => Ok(Office::Served(Box::new(served))),
            _ if self.server.is_some() => {
                Err(Trouble::new("no server answers there, or it has another admin token / 服务无响应,或管理令牌不符"))
            }
            _ => Ok(Office::Here(Box::new(Here::open(&config, self.tenant, self.environment)?))),
        }
    }
}

/// The admin token of the data folder, when there is one yet.
pub(super) fn token(config: &config::Config) -> Option<String> {
    let given = config.security.admin_token.0.expose_text();
    if !given.is_empty() {
        return Some(given.to_owned());
    }
    std::fs::read_to_string(config.admin_token_file()).ok().map(|text| text.trim().to_owned())
}
