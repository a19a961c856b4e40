//! `matou doctor`: looks at settings, keys, clock, store and books. Exit code 0 = healthy, 1 = something is wrong.

use std::path::PathBuf;

use clap::Args;
use erp::catalog::Nearness;
use gateway::Directory;
use gateway::directory::Snapshot;
use store::{Store, Tenant};
use units::{Clock, Moment};

use crate::config::{self, Config};
use crate::outside::SystemClock;
use crate::server;
use crate::trouble::Trouble;

/// Looks for what is wrong: settings, keys, clock, database, ledger against balances. / 体检。
#[derive(Args)]
pub(crate) struct Doctor {
    /// Settings file; matou.toml where it exists. / 配置文件
    #[arg(long)]
    config: Option<PathBuf>,
    /// Data folder, over data.folder. / 数据目录
    #[arg(long)]
    data: Option<PathBuf>,
}

/// A clock before this day is wrong: the program was built later.
const BUILT: &str = "2026-01-01 00:00:00";

struct Findings(usize);

impl Findings {
    fn good(&self, what: &str) {
        println!("ok    {what}");
    }

    /// Nothing is wrong yet.
    fn soon(&self, what: &str) {
        println!("SOON  {what}");
    }

    fn bad(&mut self, what: &str) {
        self.0 += 1;
        println!("WRONG {what}");
    }
}

/// How many things are wrong.
pub(crate) fn run(doctor: Doctor) -> Result<usize, Trouble> {
    let mut findings = Findings(0);
    let mut config = match config::load(doctor.config.as_deref()) {
        Ok(config) => config,
        Err(error) => {
            findings.bad(&format!("settings / 配置: {error}"));
            return Ok(findings.0);
        }
    };
    if let Some(folder) = doctor.data {
        config.data.folder = folder;
    }
    findings.good("settings / 配置");
    clock(&mut findings);
    keys(&mut findings, &config);
    match server::onlooker(&config) {
        Ok(store) => {
            database(&mut findings, &store);
            store.close();
        }
        Err(error) => findings.bad(&format!("store / 存储: {error}")),
    }
    match findings.0 {
        0 => println!("healthy / 一切正常"),
        wrong => println!("{wrong} findings / 发现 {wrong} 个问题"),
    }
    Ok(findings.0)
}

fn clock(findings: &mut Findings) {
    let now = SystemClock.now();
    if Moment::parse(BUILT).is_ok_and(|built| now < built) {
        findings.bad(&format!("clock / 时钟: it shows {now}; signed calls will be refused, set it right"));
    } else {
        findings.good(&format!("clock / 时钟: {now} (GMT+8)"));
    }
}

fn keys(findings: &mut Findings, config: &Config) {
    let given = |secret: &store::Secret| !secret.expose().is_empty();
    for (name, configured, file) in [
        ("master key / 主密钥", given(&config.security.master_key.0), config.master_key_file()),
        ("admin token / 管理令牌", given(&config.security.admin_token.0), config.admin_token_file()),
    ] {
        if configured {
            findings.good(&format!("{name}: from the settings"));
            continue;
        }
        match std::fs::metadata(&file) {
            Err(error) => findings.bad(&format!("{name}: {}: {error}", file.display())),
            Ok(_) if others_may_read(&file) => {
                findings.bad(&format!("{name}: others may read it; chmod 600 {}", file.display()));
            }
            Ok(_) => findings.good(&format!("{name}: {}", file.display())),
        }
    }
}

fn others_may_read(file: &std::path::Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

fn database(findings: &mut Findings, store: &Store) {
    match store.check() {
        Ok(problems) if problems.is_empty() => findings.good("database integrity / 数据库完整性"),
        Ok(problems) => problems.iter().for_each(|problem| findings.bad(&format!("database / 数据库: {problem}"))),
        Err(error) => findings.bad(&format!("database / 数据库: {error}")),
    }
    match store.read_blocking(Tenant::HOUSE, erp::stock::audit_books) {
        Ok(problems) if problems.is_empty() => findings.good("ledger against balances / 账实相符"),
        Ok(problems) => problems.iter().for_each(|problem| findings.bad(&format!("books / 库存账: {problem}"))),
        Err(error) => findings.bad(&format!("books / 库存账: {error}")),
    }
    match store.read_blocking(Tenant::HOUSE, erp::aftersale::audit_money) {
        Ok(problems) if problems.is_empty() => findings.good("money from order to refund / 订单与退款金额"),
        Ok(problems) => problems.iter().for_each(|problem| findings.bad(&format!("money / 金额: {problem}"))),
        Err(error) => findings.bad(&format!("money / 金额: {error}")),
    }
    match blocking(Directory::open(store.clone())) {
        Ok(directory) => {
            let snapshot = directory.snapshot();
            findings.good(&format!(
                "directory / 目录: {} tenants, {} applications, secrets open with this master key",
                snapshot.tenants().len(),
                snapshot.apps().len()
            ));
            for tenant in snapshot.tenants() {
                tell_tenant(findings, store, &tenant);
            }
            shops(findings, store, &snapshot);
            callers(findings, store, &directory);
        }
        Err(error) => findings.bad(&format!("directory / 目录: {error}")),
    }
}

fn blocking<T>(work: impl Future<Output = gateway::directory::Result<T>>) -> Result<T, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(work)?)
}

/// Authorisations of shops on their platforms: what ends within three days is wrong already.
fn shops(findings: &mut Findings, store: &Store, snapshot: &Snapshot) {
    let now = store.clock().now();
    let ending = store.read_blocking(Tenant::HOUSE, move |reader| erp::catalog::ending_shops(reader, now));
    match ending {
        Ok(shops) if shops.is_empty() => findings.good("shop authorisations / 店铺授权"),
        Ok(shops) => {
            for shop in shops {
                let sid = snapshot.tenant(shop.tenant.0).map_or("", |tenant| tenant.sid.as_str());
                let (english, chinese) = shop.nearness.words();
                let text = format!("shop / 店铺 {sid} {} ({}): {english} / {chinese}", shop.no, shop.until);
                match shop.nearness {
                    Nearness::Soon => findings.soon(&text),
                    Nearness::Near | Nearness::Over => findings.bad(&text),
                }
            }
        }
        Err(error) => findings.bad(&format!("shop authorisations / 店铺授权: {error}")),
    }
}

/// Authorisations of callers. One that ended may have been meant to.
fn callers(findings: &mut Findings, store: &Store, directory: &Directory) {
    match blocking(directory.authorisations()) {
        Ok(authorisations) => {
            for found in gateway::directory::endings(&authorisations, store.clock().now()) {
                let (english, chinese) = found.kind.words();
                let until = found.until.map(|until| until.to_string()).unwrap_or_default();
                let (caller, target, at) = (found.app_key, found.target_app_key, found.environment.name());
                findings
                    .soon(&format!("authorisation / 授权 {caller} -> {target} {at} ({until}): {english} / {chinese}"));
            }
        }
        Err(error) => findings.bad(&format!("authorisations / 授权: {error}")),
    }
}

/// How many raw orders and orders of a tenant wait for somebody.
fn tell_tenant(findings: &mut Findings, store: &Store, tenant: &gateway::directory::TenantInfo) {
    let counted = store.read_blocking(tenant.tenant(), |reader| {
        let filter = erp::order::OrderFilter { statuses: vec![30], ..erp::order::OrderFilter::default() };
        let waiting = erp::order::orders(reader, &filter, erp::catalog::Page { no: 0, size: 1 })?;
        let syncs = erp::order::pending_syncs(reader, None, 1_000)?;
        Ok::<_, erp::Error>((waiting.total.unwrap_or(0), syncs.len()))
    });
    let name = format!("{} ({})", tenant.sid, tenant.environment.name());
    match counted {
        Ok((waiting, syncs)) => findings.good(&format!(
            "tenant / 卖家 {name}: {waiting} orders wait for audit / 待审核, {syncs} waybills wait for the mall / 待同步"
        )),
        Err(error) => findings.bad(&format!("tenant / 卖家 {name}: {error}")),
    }
}
