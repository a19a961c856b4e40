//! `matou demo`: a server with a merchant in it, and a simulated shop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::config::{self, Config};
use crate::demo::{self, Card, Shop, Size};
use crate::outside;
use crate::server;
use crate::trouble::Trouble;

/// Starts a server with a demo merchant, and a simulated shop. / 启动演示环境。
#[derive(Args)]
pub(crate) struct Demo {
    /// Folder of the demo; a missing or empty one is furnished. / 演示数据目录
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Address and port; port 0 takes a free one (demo.json says which). / 监听地址
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Orders that the simulated shop pushes a second; 0 = none. / 模拟店铺每秒推单数
    #[arg(long, default_value_t = 0.3)]
    shop_rate: f64,
    /// Where the shop's chances begin; another one each time when absent. / 随机种子
    #[arg(long)]
    seed: Option<u64>,
    /// Settings file for everything but address and folder. / 配置文件
    #[arg(long)]
    config: Option<PathBuf>,
    /// How much of the catalogue is loaded into an empty folder.
    #[arg(long, value_enum, default_value_t = Size::Full, hide = true)]
    catalogue: Size,
}

pub(crate) fn run(demo: Demo) -> Result<(), Trouble> {
    if !(0.0..=10_000.0).contains(&demo.shop_rate) {
        return Err(Trouble::new("--shop-rate: 0 to 10000 orders a second"));
    }
    let mut config = config::load(demo.config.as_deref())?;
    config.data.folder.clone_from(&demo.data);
    config.server.listen = demo.listen;
    config.sandbox.enabled = true;
    server::on_threads(config.server.threads, work(demo, config))
}

async fn work(demo: Demo, config: Config) -> Result<(), Trouble> {
    server::start_logging(&config.log).map_err(Trouble::new)?;
    let opened = server::open(&config).await?;
    // Nobody may take what the demo was before for what it is now.
    let file = demo.data.join("demo.json");
    drop(std::fs::remove_file(&file));
    demo::settle(&opened.directory).await?;
    demo::furnish(&opened.store, &opened.directory, demo.catalogue).await?;
    let ending = server::ending()?;
    let bound = server::bind(&config.server).await?;
    let mut card = Card::of(&opened.directory, &opened.token, bound.url())?;
    let (warehouse, wms) = demo::open_warehouse(
        &opened.store,
        &opened.directory,
        Arc::clone(&opened.clock),
        demo.catalogue,
        &card.base_url,
        &demo.data,
    )
    .await?;
    card.wms = Some(wms);
    card.ascp = demo::ascp_entry(&opened, demo.catalogue, &card.base_url).await?;
    card.write(&file)?;
    println!("{}", demo::welcome(&card, &file, &*opened.clock, demo.shop_rate));
    tracing::info!(millis = outside::started().elapsed().as_millis(), url = card.base_url, "the demo answers");
    let clock = Arc::clone(&opened.clock);
    let doors = warehouse.router();
    let people = tokio::spawn(warehouse.work());
    let shop = async move {
        if demo.shop_rate == 0.0 {
            return Ok(());
        }
        let seed = demo.seed.unwrap_or_else(outside::seed);
        demo::run_shop(Shop { card, clock, size: demo.catalogue, rate: demo.shop_rate, seed }).await
    };
    let ran = server::run(&config, opened, bound, doors, ending, shop).await;
    people.abort();
    ran
}
