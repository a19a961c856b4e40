//! The outsourced warehouse of the demo: whose system is simulated, docked over the standard scene of Qimen.

use std::path::Path;
use std::sync::Arc;

use dock_wms::platform::{DOOR, Setup, Simulator};
use dock_wms::{NewBinding, Role, Signer, Spelling, Through, bind, bindings};
use erp::Settings;
use erp::catalog::{self, Warehouse};
use erp::stock::{self, Direction, NewOutsourced, NewOutsourcedLine, Receiver, Reported};
use gateway::directory::{AppOptions, Directory, Environment, Grant, NewApp, Protocol, Rights};
use gateway::forward::Forwarder;
use store::{Secret, Store, Tx};
use units::{Clock, Money, Quantity};

use super::card::Wms;
use super::catalogue::{Size, items};
use super::merchant::{QIMEN_TARGET, SID, hex, unless_taken, unless_there};
use crate::outside;
use crate::trouble::Trouble;

/// The warehouse.
const WAREHOUSE: &str = "WH03";
/// How messages call it.
const CODE: &str = "WMS-HZ";
/// The routing key that both sides agreed upon.
const CUSTOMER: &str = "matoudemo-wms";
/// Who owns the goods, as messages call it.
const OWNER: &str = "MATOUDEMO";
/// The key under which the warehouse's system calls.
const WMS_APP: &str = "21300002";
/// The key under which the merchant calls it.
const ERP_APP: &str = "21300003";
/// Specs that it holds, and pieces of each.
const SPECS: usize = 60;
const PIECES: i64 = 500;
/// Seconds after which it ships what it got.
const SHIPS_AFTER: i64 = 5;

/// Makes the warehouse, its stock, its key and the agreement where they are missing; starts its system.
pub(crate) async fn open(
    store: &Store,
    directory: &Directory,
    clock: Arc<dyn Clock>,
    size: Size,
    base_url: &str,
    folder: &Path,
) -> Result<(Simulator, Wms), Trouble> {
    let production = directory.snapshot().tenant_of(Environment::Production, SID).map(|tenant| tenant.tenant());
    let production =
        production.ok_or_else(|| Trouble::new("the demo merchant is gone or switched off; use an empty folder"))?;
    settle(directory).await?;
    let fresh = hex(&outside::secret_bits());
    let door = format!("{base_url}{DOOR}");
    let settings = Settings::default();
    let opening: Vec<String> = items(size).into_iter().take(SPECS).map(|item| item.spec_no.to_owned()).collect();
    let to_stock = opening.clone();
    let url = door.clone();
    let secret = store.write(production, move |tx| furnish(tx, &settings, &to_stock, &url, &fresh)).await?;
    let app = directory.snapshot().app(Protocol::Top, WMS_APP).cloned();
    let app =
        app.ok_or_else(|| Trouble::new(format!("the demo's application {WMS_APP} is gone; use an empty folder")))?;
    let erp_url = format!("{base_url}/router/qimen/service");
    let memory = folder.join("simulated-wms.json");
    let is_new = !memory.exists();
    let setup = Setup {
        signer: Signer {
            app_key: WMS_APP.to_owned(),
            secret: app.secret.clone(),
            customer_id: CUSTOMER.to_owned(),
            spelling: Spelling::Long,
            version: "2.0".to_owned(),
        },
        secret,
        erp_url: erp_url.clone(),
        ships_after: Some(SHIPS_AFTER),
        memory: Some(memory),
    };
    let simulator = Simulator::new(setup, clock, Arc::new(Through::new(Arc::new(Forwarder::new("")))));
    if is_new {
        simulator.change(|state| {
            for item in &opening {
                state.add(item, "ZP", Quantity::whole(PIECES));
            }
        });
    }
    let card = Wms {
        customer_id: CUSTOMER.to_owned(),
        url: erp_url,
        app_key: WMS_APP.to_owned(),
        app_secret: app.secret.expose_text().to_owned(),
        owner_code: OWNER.to_owned(),
        warehouse_no: WAREHOUSE.to_owned(),
        warehouse_code: CODE.to_owned(),
        door,
        powers: format!("{base_url}/sandbox/v1/wms"),
        ships_after_seconds: SHIPS_AFTER,
    };
    Ok((simulator, card))
}

async fn settle(directory: &Directory) -> Result<(), Trouble> {
    if directory.snapshot().app(Protocol::Top, WMS_APP).is_none() {
        let new = NewApp {
            protocol: Protocol::Top,
            key: WMS_APP.to_owned(),
            secret: Secret::new(hex(&outside::secret_bits())),
            tenant: 0,
            name: "示例委外仓系统".to_owned(),
            rights: Rights::default(),
            options: AppOptions::default(),
        };
        unless_taken(directory.create_app(new).await)?;
    }
    let grant = Grant {
        environment: Environment::Production,
        app_key: WMS_APP.to_owned(),
        target_app_key: QIMEN_TARGET.to_owned(),
        sid: SID.to_owned(),
    };
    if !directory.snapshot().grants().contains(&grant) {
        directory.grant(grant).await?;
    }
    Ok(())
}

/// The secret of the agreement.
fn furnish(
    tx: &mut Tx,
    settings: &Settings,
    specs: &[String],
    url: &str,
    fresh: &str,
) -> Result<Secret, dock_wms::Error> {
    let known = bindings(tx)?.into_iter().find(|binding| binding.customer_id == CUSTOMER);
    if known.is_none() {
        let warehouse = Warehouse {
            no: WAREHOUSE.to_owned(),
            name: "杭州委外仓".to_owned(),
            kind: 11,
            region: ["浙江省", "杭州市", "萧山区"].map(str::to_owned),
            address: "空港示例路3号".to_owned(),
            contact: "委外仓管理员".to_owned(),
            mobile: "19900009003".to_owned(),
            ..Warehouse::default()
        };
        unless_there(catalog::create_warehouse(tx, warehouse))?;
        stock_up(tx, settings, specs)?;
    }
    // The address may be another one than last time.
    let binding = bind(
        tx,
        NewBinding {
            customer_id: CUSTOMER.to_owned(),
            role: Role::Erp,
            environment: Environment::Production,
            owner_code: OWNER.to_owned(),
            warehouses: vec![(WAREHOUSE.to_owned(), CODE.to_owned())],
            url: url.to_owned(),
            app_key: ERP_APP.to_owned(),
            secret: known.map_or_else(|| Secret::new(fresh), |binding| binding.secret),
            spelling: Spelling::Short,
            version: "2.0".to_owned(),
            shop_no: String::new(),
            disabled: false,
            private_allowed: true,
        },
    )?;
    Ok(binding.secret)
}

/// What lay there before the systems were docked, entered as an outsourced order that was received.
fn stock_up(tx: &mut Tx, settings: &Settings, specs: &[String]) -> erp::Result<()> {
    let lines = specs.iter().map(|spec_no| NewOutsourcedLine {
        spec_no: spec_no.clone(),
        num: Quantity::whole(PIECES),
        ..NewOutsourcedLine::default()
    });
    let new = NewOutsourced {
        outer_no: "DEMO-OPENING-WMS".to_owned(),
        warehouse_no: WAREHOUSE.to_owned(),
        direction: Direction::In,
        audit: true,
        logistics_code: String::new(),
        logistics_no: String::new(),
        logistics_fee: Money::ZERO,
        other_fee: Money::ZERO,
        region: Default::default(),
        receiver: Receiver::default(),
        remark: "期初库存".to_owned(),
        lines: lines.collect(),
    };
    let order = stock::push_outsourced(tx, settings, &new)?;
    stock::outsourced_pushed(tx, &order.no, Ok("OPENING"))?;
    let moved: Vec<Reported> =
        specs.iter().map(|spec_no| Reported { spec_no: spec_no.clone(), num: Quantity::whole(PIECES) }).collect();
    stock::report_outsourced(tx, settings, &order.no, "DEMO-OPENING-WMS-1", &moved)?;
    Ok(())
}
