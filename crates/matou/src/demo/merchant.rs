//! The demo merchant: tenants, keys, shop, warehouses, carriers. Everything is made where it is missing, so that an
//! interrupted first start is finished by the next one.

use std::fmt::Write;

use erp::Settings;
use erp::catalog::{self, Carrier, OWN_MALL, Shop, StockSync, Warehouse};
use gateway::directory::{
    AppOptions, Directory, Environment, Error, Grant, NewApp, NewTenant, Protocol, Rights, Target,
};
use store::{Secret, Store, Tenant, Tx};

use super::catalogue::{self, Size};
use crate::outside;
use crate::trouble::Trouble;

pub(crate) const SID: &str = "matoudemo";
pub(super) const APP: &str = "matoudemo-ot";
pub(crate) const MALL: &str = "api_test";
pub(super) const QIMEN_APP: &str = "21300001";
pub(super) const QIMEN_TARGET: &str = "21360001";

/// A warehouse of the demo.
pub(super) struct Place {
    pub(super) no: &'static str,
    name: &'static str,
    region: [&'static str; 3],
    address: &'static str,
}

pub(super) const WAREHOUSES: [Place; 2] = [
    Place {
        no: "WH01", name: "杭州总仓", region: ["浙江省", "杭州市", "余杭区"], address: "良渚街道示例路1号"
    },
    Place {
        no: "WH02", name: "广州分仓", region: ["广东省", "广州市", "白云区"], address: "江高镇示例大道8号"
    },
];

/// Number, name and kind (fact sheet wdt-1, appendix B).
const CARRIERS: [(&str, &str, i64); 6] = [
    ("ZTO", "中通快递", 5),
    ("SF", "顺丰速运", 8),
    ("YTO", "圆通速递", 4),
    ("STO", "申通快递", 6),
    ("YUNDA", "韵达快递", 9),
    ("EMS", "EMS", 3),
];

/// The event by which a finished tenant is known.
const FURNISHED: &str = "demo.furnished";

/// Tenants, applications, target and authorisations.
pub(crate) async fn settle(directory: &Directory) -> Result<(), Trouble> {
    for (environment, name) in
        [(Environment::Production, "码头示例商家"), (Environment::Test, "码头示例商家(测试环境)")]
    {
        let new = NewTenant {
            sid: SID.to_owned(),
            environment,
            name: name.to_owned(),
            settings: gateway::directory::Settings::default(),
        };
        if !directory.snapshot().tenants().iter().any(|tenant| tenant.sid == SID && tenant.environment == environment) {
            unless_taken(directory.create_tenant(new).await)?;
        }
    }
    let production = directory
        .snapshot()
        .tenant_of(Environment::Production, SID)
        .map(|tenant| tenant.number)
        .ok_or_else(|| Trouble::new("the demo merchant is switched off; use an empty folder"))?;
    for (protocol, key, tenant, name) in
        [(Protocol::Openapi2, APP, production, "示例自研商城"), (Protocol::Top, QIMEN_APP, 0, "示例奇门应用")]
    {
        if directory.snapshot().app(protocol, key).is_some() {
            continue;
        }
        let new = NewApp {
            protocol,
            key: key.to_owned(),
            secret: Secret::new(hex(&outside::secret_bits())),
            tenant,
            name: name.to_owned(),
            rights: Rights::default(),
            options: AppOptions::default(),
        };
        unless_taken(directory.create_app(new).await)?;
    }
    if directory.snapshot().target(QIMEN_TARGET).is_none() {
        let target = Target::built_in(QIMEN_TARGET, "码头 ERP");
        directory.put_target(target).await?;
    }
    for environment in [Environment::Production, Environment::Test] {
        let grant = Grant {
            environment,
            app_key: QIMEN_APP.to_owned(),
            target_app_key: QIMEN_TARGET.to_owned(),
            sid: SID.to_owned(),
        };
        if !directory.snapshot().grants().contains(&grant) {
            directory.grant(grant).await?;
        }
    }
    Ok(())
}

pub(super) fn unless_taken<T>(done: gateway::directory::Result<T>) -> Result<(), Trouble> {
    match done {
        Ok(_) | Err(Error::Taken(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Shop, warehouses, carriers, catalogue and stock of both tenants; quick when they are there.
pub(crate) async fn furnish(store: &Store, directory: &Directory, size: Size) -> Result<(), Trouble> {
    let settings = Settings::default();
    for tenant in directory.snapshot().tenants().iter().filter(|tenant| tenant.sid == SID) {
        let number: Tenant = tenant.tenant();
        let done = store.read(number, |reader| reader.events_of(FURNISHED)).await?;
        if !done.is_empty() {
            continue;
        }
        let environment = tenant.environment.name();
        let tell = |what: &str| eprintln!("demo [{environment}]: {what}");
        store.write(number, masters).await?;
        let warehouses = WAREHOUSES.map(|place| place.no);
        catalogue::load(store, number, &settings, size, &warehouses, &tell).await?;
        store
            .write(number, |tx| {
                catalog::enable_stock_sync(tx, MALL, Some(StockSync::default()))?;
                tx.event(FURNISHED, FURNISHED, &serde_json::json!({}))?;
                Ok::<_, erp::Error>(())
            })
            .await?;
    }
    Ok(())
}

fn masters(tx: &mut Tx) -> erp::Result<()> {
    for (index, place) in WAREHOUSES.iter().enumerate() {
        let warehouse = Warehouse {
            no: place.no.to_owned(),
            name: place.name.to_owned(),
            kind: 1,
            region: place.region.map(str::to_owned),
            address: place.address.to_owned(),
            contact: "仓库管理员".to_owned(),
            mobile: format!("1990000900{index}"),
            ..Warehouse::default()
        };
        unless_there(catalog::create_warehouse(tx, warehouse))?;
    }
    for (priority, (no, name, kind)) in (1..).zip(CARRIERS) {
        let carrier =
            Carrier { no: no.to_owned(), name: name.to_owned(), kind, cod: true, priority, ..Carrier::default() };
        unless_there(catalog::create_carrier(tx, carrier))?;
    }
    let shop = Shop {
        no: MALL.to_owned(),
        name: "码头示例商城".to_owned(),
        platform: OWN_MALL,
        contact: "客服小码".to_owned(),
        mobile: "19900009009".to_owned(),
        ..Shop::default()
    };
    unless_there(catalog::create_shop(tx, shop))
}

pub(super) fn unless_there<T>(done: erp::Result<T>) -> erp::Result<()> {
    match done {
        Ok(_) | Err(erp::Error::Refused(erp::Refusal::Exists { .. })) => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
