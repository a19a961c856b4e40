//! The supplier of the demo: a shop on 天猫国际直营, docked at the simulated ASCP and TOP of this program.

use dock_ascp::hub::{self, ChannelFacts, NewChannel, PLATFORM};
use dock_ascp::platform::{self, Platform, SimGoods, SimSupplier, put_goods, put_supplier};
use erp::catalog::{self, Shop};
use gateway::directory::{AppOptions, Directory, Environment, NewApp, Protocol, Rights};
use store::{Secret, Store, Tx};

use super::card::Ascp;
use super::catalogue::{Item, Size, items};
use super::merchant::{SID, WAREHOUSES, hex, unless_taken, unless_there};
use crate::outside;
use crate::server::Opened;
use crate::trouble::Trouble;

/// The supplier in ASCP.
const SUPPLIER: &str = "1000000000090001";
/// Its routing id.
const CUSTOMER: &str = "2200000000001";
/// Owner of the goods.
const OWNER: i64 = 2_200_000_000_009;
/// The application that the pushes are addressed to, and that calls TOP.
const ASCP_APP: &str = "21999001";
/// The channel's shop, and the flagship shop that it is bound to.
const SHOP: &str = "TMGJZY01";
const FLAGSHIP: &str = "TMALL01";
/// The warehouse as the platform calls it.
const STORE: &str = "DEMO_WH_01";
/// Goods that are supplied, and the first of their ids.
const GOODS: usize = 12;
const FIRST_ITEM: i64 = 690_000_000_001;
/// Pieces that the platform may sell of each.
const PIECES: i64 = 500;
/// Days until the session ends.
const SESSION_DAYS: i64 = 90;

/// The card's entry, where there is a simulated platform.
pub(crate) async fn entry(opened: &Opened, size: Size, base_url: &str) -> Result<Option<Ascp>, Trouble> {
    let Some(platform) = &opened.ascp.platform else { return Ok(None) };
    open(&opened.store, &opened.directory, &opened.ascp.hub, platform, size, base_url).await.map(Some)
}

/// Makes shops, channel, supplier, goods and stock where they are missing, and tells both sides where the other one is.
async fn open(
    store: &Store,
    directory: &Directory,
    hub: &hub::Hub,
    simulator: &Platform,
    size: Size,
    base_url: &str,
) -> Result<Ascp, Trouble> {
    let about = |error: &dyn std::fmt::Display| Trouble::new(error.to_string());
    let tenant = directory.snapshot().tenant_of(Environment::Production, SID).map(|tenant| tenant.tenant());
    let tenant =
        tenant.ok_or_else(|| Trouble::new("the demo merchant is gone or switched off; use an empty folder"))?;
    if directory.snapshot().app(Protocol::Top, ASCP_APP).is_none() {
        let new = NewApp {
            protocol: Protocol::Top,
            key: ASCP_APP.to_owned(),
            secret: Secret::new(hex(&outside::secret_bits())),
            tenant: 0,
            name: "示例直营供应商应用".to_owned(),
            rights: Rights::default(),
            options: AppOptions::default(),
        };
        unless_taken(directory.create_app(new).await)?;
    }
    let app = directory.snapshot().app(Protocol::Top, ASCP_APP).cloned();
    let app =
        app.ok_or_else(|| Trouble::new(format!("the demo's application {ASCP_APP} is gone; use an empty folder")))?;
    let (push_url, top_url) = (format!("{base_url}{}", hub::PATH), format!("{base_url}/router/rest"));
    let fresh = format!("DEMOSESSION{}", hex(&outside::secret_bits()));
    let top = top_url.clone();
    let session =
        store.write(tenant, move |tx| supplier_side(tx, &top, &fresh)).await.map_err(|error| about(&error))?;
    hub.refresh().await.map_err(|error| about(&error))?;
    let goods: Vec<Item> = items(size).into_iter().take(GOODS).collect();
    let (url, kept) = (push_url.clone(), session.clone());
    let unit = move |tx: &mut Tx| platform_side(tx, &url, &kept, &goods);
    store.write(simulator.tenant(), unit).await.map_err(|error| about(&error))?;
    Ok(Ascp {
        supplier_id: SUPPLIER.to_owned(),
        customer_id: CUSTOMER.to_owned(),
        app_key: ASCP_APP.to_owned(),
        app_secret: app.secret.expose_text().to_owned(),
        session,
        push_url,
        top_url,
        sandbox_url: format!("{base_url}{}", platform::ROOT),
        shop_no: SHOP.to_owned(),
        store_code: STORE.to_owned(),
    })
}

/// Shops and channel; the session in force.
fn supplier_side(tx: &mut Tx, top_url: &str, fresh: &str) -> hub::Result<String> {
    let shop = |no: &str, name: &str, platform| Shop {
        no: no.to_owned(),
        name: name.to_owned(),
        platform,
        contact: "直营客服".to_owned(),
        mobile: "19900009009".to_owned(),
        ..Shop::default()
    };
    unless_there(catalog::create_shop(tx, shop(FLAGSHIP, "码头示例旗舰店", 1)))?;
    unless_there(catalog::create_shop(tx, shop(SHOP, "天猫国际直营-轻轨三号线", PLATFORM)))?;
    let mut channel = match hub::channels(tx)?.into_iter().find(|channel| channel.supplier_id == SUPPLIER) {
        Some(channel) => channel,
        None => {
            let mut facts = ChannelFacts {
                shop_no: SHOP.to_owned(),
                flagship_shop_no: FLAGSHIP.to_owned(),
                app_key: ASCP_APP.to_owned(),
                customer_id: CUSTOMER.to_owned(),
                owner_user_id: OWNER,
                mailed: Some(tx.now()),
                configured: Some(tx.now()),
                session_ends: Some(tx.now().plus(SESSION_DAYS * 86_400)),
                ..ChannelFacts::default()
            };
            facts.settings.warehouses.insert(STORE.to_owned(), WAREHOUSES[0].no.to_owned());
            hub::open_channel(tx, &NewChannel { supplier_id: SUPPLIER.to_owned(), facts })?
        }
    };
    if channel.session.expose().is_empty() {
        channel.session = Secret::new(fresh);
    }
    // The address may be another one than last time.
    top_url.clone_into(&mut channel.facts.top_url);
    hub::save_channel(tx, &mut channel)?;
    Ok(channel.session.expose_text().to_owned())
}

fn platform_side(tx: &mut Tx, push_url: &str, session: &str, goods: &[Item]) -> platform::Result<()> {
    let known = platform::supplier(tx, SUPPLIER).ok();
    let is_new = known.is_none();
    let ends = tx.now().plus(SESSION_DAYS * 86_400);
    let supplier = known.unwrap_or_else(|| SimSupplier {
        supplier_id: SUPPLIER.to_owned(),
        app_key: ASCP_APP.to_owned(),
        session: session.to_owned(),
        session_ends: Some(ends),
        customer_id: CUSTOMER.to_owned(),
        user_id: OWNER,
        ..SimSupplier::default()
    });
    put_supplier(tx, &SimSupplier { push_url: push_url.to_owned(), ..supplier })?;
    if !is_new {
        return Ok(());
    }
    let supplied: Vec<SimGoods> = (FIRST_ITEM..)
        .zip(goods)
        .map(|(id, item)| SimGoods {
            sc_item_id: id,
            name: format!("{} {}", item.goods_name, item.spec_name),
            outer_id: item.spec_no.to_owned(),
            barcode: item.barcode.to_owned(),
            // Money counts in ten-thousandths, the platform in fen.
            price: item.price.raw() / 100,
        })
        .collect();
    put_goods(tx, SUPPLIER, &supplied)?;
    for one in &supplied {
        platform::enter_stock(tx, SUPPLIER, STORE, one.sc_item_id, PIECES)?;
    }
    Ok(())
}
