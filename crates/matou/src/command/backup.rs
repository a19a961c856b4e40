//! `matou backup`: a checked copy of the database in one file, also while a server runs on the same folder.

use std::path::PathBuf;

use clap::Args;

use crate::config;
use crate::server;
use crate::trouble::Trouble;

/// Copies the database into one file, while the server runs. / 在线备份数据库。
#[derive(Args)]
pub(crate) struct Backup {
    /// The new file; must not exist. / 备份文件
    #[arg(long)]
    to: PathBuf,
    /// Settings file; matou.toml where it exists. / 配置文件
    #[arg(long)]
    config: Option<PathBuf>,
    /// Data folder, over data.folder. / 数据目录
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(crate) fn run(backup: Backup) -> Result<(), Trouble> {
    let mut config = config::load(backup.config.as_deref())?;
    if let Some(folder) = backup.data {
        config.data.folder = folder;
    }
    let store = server::onlooker(&config)?;
    store.backup(&backup.to)?;
    store.close();
    println!("{} is complete and checked. / 备份完成并已校验。", backup.to.display());
    println!(
        "Keep the master key too, elsewhere: {} / 请另行保管主密钥,否则备份中的密文无法恢复。",
        config.master_key_file().display()
    );
    Ok(())
}
