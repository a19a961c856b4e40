//! `matou serve`: the server.

use std::future::pending;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use clap::Args;

use crate::config::{self, Config};
use crate::server;
use crate::trouble::Trouble;

/// Starts the server. / 启动服务。
#[derive(Args)]
pub(crate) struct Serve {
    /// Settings file; matou.toml where it exists. / 配置文件
    #[arg(long)]
    config: Option<PathBuf>,
    /// Data folder, over data.folder. / 数据目录
    #[arg(long)]
    data: Option<PathBuf>,
    /// Address and port, over server.listen. / 监听地址
    #[arg(long)]
    listen: Option<SocketAddr>,
}

pub(crate) fn run(serve: Serve) -> Result<(), Trouble> {
    let mut config: Config = config::load(serve.config.as_deref())?;
    if let Some(folder) = serve.data {
        config.data.folder = folder;
    }
    if let Some(listen) = serve.listen {
        config.server.listen = listen;
    }
    server::on_threads(config.server.threads, work(config))
}

async fn work(config: Config) -> Result<(), Trouble> {
    server::start_logging(&config.log).map_err(Trouble::new)?;
    let opened = server::open(&config).await?;
    let ending = server::ending()?;
    let bound = server::bind(&config.server).await?;
    tracing::info!(url = bound.url(), data = %config.data.folder.display(), "Matou serves");
    println!("Matou {} serves {} / 服务已启动", env!("CARGO_PKG_VERSION"), bound.url());
    if config.security.admin_token.0.expose().is_empty() {
        println!("admin token / 管理令牌: {}", config.admin_token_file().display());
    }
    server::run(&config, opened, bound, Router::new(), ending, pending()).await
}
