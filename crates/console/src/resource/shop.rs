//! Shops (店铺), their stock sync and their authorisation on the platform.

use erp::catalog::{self, Given, OWN_MALL, Page, Shop, ShopAuthorisation, StockSync};
use store::{Reader, Tx};
use units::Moment;
use wire::args::{Text, Values, ZeroDate, arguments};
use wire::rows::{Column, describe, flag, int, owned, personal, text, time};

use super::page::{page, set};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

/// A shop at the moment of the call.
struct Row {
    shop: Shop,
    now: Moment,
}

const SHOP: &[Column<Row>] = &[
    int("shop_id", "key / 店铺id", |s| store::wire_id(s.shop.id)),
    text("shop_no", "number / 店铺编号", |s| &s.shop.no),
    text("shop_name", "name / 店铺名称", |s| &s.shop.name),
    int("platform_id", "platform, fact sheet wdt-1 appendix A; 127 = own mall / 平台", |s| s.shop.platform),
    flag("is_disabled", "1: out of use / 是否停用", |s| s.shop.disabled),
    personal("contact", "contact person / 联系人", |s| &s.shop.contact),
    personal("mobile", "mobile / 手机", |s| &s.shop.mobile),
    text("remark", "remark / 备注", |s| &s.shop.remark),
    flag("stock_sync", "1: the stock-sync queue is on / 启用库存同步", |s| s.shop.stock_sync.is_some()),
    int("stock_sync_percent", "percent of sellable stock / 同步比例", |s| {
        s.shop.stock_sync.as_ref().map_or(0, |sync| sync.percent)
    }),
    owned(
        "stock_sync_warehouses",
        "warehouses that count, comma separated; empty = all / 参与同步的仓库",
        |s| s.shop.stock_sync.as_ref().map(|sync| sync.warehouses.join(",")).unwrap_or_default(),
    ),
    int(
        "auth_state",
        "its authorisation on the platform: 0 none, 1 authorised, 2 expired, 3 stopped / 授权状态",
        |s| s.shop.authorisation.state(s.now),
    ),
    time("auth_time", "authorised since / 授权时间", |s| s.shop.authorisation.since),
    time("expire_time", "when it expires / 授权到期时间", |s| s.shop.authorisation.until),
    time("re_expire_time", "until when it can be renewed without the owner / 刷新到期时间", |s| {
        s.shop.authorisation.renewable_until
    }),
    time("created", "first stored / 创建时间", |s| Some(s.shop.created)),
    time("modified", "last changed / 修改时间", |s| Some(s.shop.modified)),
];

arguments! {
    /// Which shops.
    struct Which {
        /// only this shop / 店铺编号
        shop_no: Option<Text<40>>,
        /// only out-of-use ones / 只看停用
        is_disabled: Option<bool>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// A shop to be created.
    struct New {
        /// number, unique within the merchant / 店铺编号
        shop_no: Text<40>,
        /// name / 店铺名称
        shop_name: Text<100>,
        /// platform; 127 (own mall) when absent / 平台
        platform_id: Option<i64>,
        /// contact person / 联系人
        contact: Option<Text<40>>,
        /// mobile / 手机
        mobile: Option<Text<40>>,
        /// street address of the office / 地址
        address: Option<Text<255>>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// its authorisation on the platform: 0 none, 1 authorised, 3 stopped; 2 (expired) comes by itself / 授权状态
        auth_state: Option<i64>,
        /// authorised since / 授权时间
        auth_time: Option<ZeroDate>,
        /// when it expires, GMT+8; warned of 14 and 3 days before; 0000-00-00 00:00:00 = never / 授权到期时间
        expire_time: Option<ZeroDate>,
        /// until when it can be renewed without the owner / 刷新到期时间
        re_expire_time: Option<ZeroDate>,
    }
}

arguments! {
    /// What changes of a shop; what is not given stays.
    struct Change {
        /// number / 店铺编号
        shop_no: Text<40>,
        /// name / 店铺名称
        shop_name: Option<Text<100>>,
        /// out of use / 是否停用
        is_disabled: Option<bool>,
        /// contact person / 联系人
        contact: Option<Text<40>>,
        /// mobile / 手机
        mobile: Option<Text<40>>,
        /// street address of the office / 地址
        address: Option<Text<255>>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// carrier of its orders unless they ask for another / 默认物流编号
        logistics_no: Option<Text<40>>,
        /// its authorisation on the platform: 0 none, 1 authorised, 3 stopped; 2 (expired) comes by itself / 授权状态
        auth_state: Option<i64>,
        /// authorised since / 授权时间
        auth_time: Option<ZeroDate>,
        /// when it expires, GMT+8; warned of 14 and 3 days before; 0000-00-00 00:00:00 = never / 授权到期时间
        expire_time: Option<ZeroDate>,
        /// until when it can be renewed without the owner / 刷新到期时间
        re_expire_time: Option<ZeroDate>,
    }
}

arguments! {
    /// The stock sync of a shop (fact sheet wdt-1, 2.0.7).
    struct Sync {
        /// number / 店铺编号
        shop_no: Text<40>,
        /// on or off / 是否启用
        enabled: bool,
        /// percent of sellable stock, 100 when absent / 同步比例
        percent: Option<i64>,
        /// added after that; may be negative / 加减数量
        plus: Option<i64>,
        /// at least this many / 最小值
        min: Option<i64>,
        /// at most this many / 最大值
        max: Option<i64>,
        /// warehouses that count; absent = all / 参与同步的仓库
        warehouses: Option<Values<Text<40>>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(SHOP));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(
            head("shop.list", Verb::Get, "/shops", ("list shops", "店铺列表"), Shape::Rows("shops", || describe(SHOP))),
            list,
        ),
        writes(head("shop.create", Verb::Post, "/shops", ("create a shop", "创建店铺"), row), create),
        writes(head("shop.change", Verb::Patch, "/shops/{shop_no}", ("change a shop", "修改店铺"), row), change),
        writes(
            head(
                "shop.stock_sync",
                Verb::Post,
                "/shops/{shop_no}/stock-sync",
                ("stock sync on or off", "启用或停用库存同步"),
                row,
            ),
            sync,
        ),
    ]
}

fn list(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let page = page(which.page_no, which.page_size)?;
    let found = catalog::shops(reader, which.shop_no.as_deref(), &[], which.is_disabled.unwrap_or(false), page)?;
    let rows: Vec<Row> = found.rows.into_iter().map(|shop| Row { shop, now: ask.now }).collect();
    Ok(Answer::rows(ask.style, "shops", SHOP, &rows, found.total))
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let text = |given: &Option<Text<40>>| given.as_deref().unwrap_or_default().to_owned();
    let long = |given: &Option<Text<255>>| given.as_deref().unwrap_or_default().to_owned();
    let mut shop = Shop {
        no: new.shop_no.to_string(),
        name: new.shop_name.to_string(),
        platform: new.platform_id.unwrap_or(OWN_MALL),
        contact: text(&new.contact),
        mobile: text(&new.mobile),
        address: long(&new.address),
        remark: long(&new.remark),
        ..Shop::default()
    };
    let times = [new.auth_time, new.expire_time, new.re_expire_time];
    authorise(&mut shop.authorisation, new.auth_state, times)?;
    let shop = catalog::create_shop(tx, shop)?;
    Ok(shown(ask, shop).created())
}

fn change(ask: &Ask, change: &Change, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut shop = stored(tx, &change.shop_no)?;
    set(&mut shop.name, change.shop_name.clone());
    set(&mut shop.disabled, change.is_disabled);
    set(&mut shop.contact, change.contact.clone());
    set(&mut shop.mobile, change.mobile.clone());
    set(&mut shop.address, change.address.clone());
    set(&mut shop.remark, change.remark.clone());
    if let Some(no) = change.logistics_no.as_deref() {
        shop.carrier = if no.is_empty() { 0 } else { catalog::carrier_by_no(tx, no)?.id };
    }
    let times = [change.auth_time, change.expire_time, change.re_expire_time];
    authorise(&mut shop.authorisation, change.auth_state, times)?;
    let shop = catalog::update_shop(tx, shop)?;
    Ok(shown(ask, shop))
}

fn sync(ask: &Ask, sync: &Sync, tx: &mut Tx) -> Result<Answer, Fault> {
    let strategy = if sync.enabled {
        let mut strategy = StockSync::default();
        set(&mut strategy.percent, sync.percent);
        set(&mut strategy.plus, sync.plus);
        set(&mut strategy.min, sync.min);
        set(&mut strategy.max, sync.max);
        for no in sync.warehouses.as_deref().unwrap_or_default() {
            strategy.warehouses.push(catalog::warehouse_by_no(tx, no)?.no);
        }
        Some(strategy)
    } else {
        None
    };
    let shop = catalog::enable_stock_sync(tx, &sync.shop_no, strategy)?;
    Ok(shown(ask, shop))
}

/// What was given of the authorisation: state; since, until, renewable until.
fn authorise(own: &mut ShopAuthorisation, state: Option<i64>, times: [Option<ZeroDate>; 3]) -> Result<(), Fault> {
    if let Some(state) = state {
        let wrong = || Fault::invalid("auth_state", "auth_state is 0, 1 or 3; 2 comes by itself at expire_time");
        own.given = Given::of(state).ok_or_else(wrong)?;
    }
    let slots = [&mut own.since, &mut own.until, &mut own.renewable_until];
    for (slot, time) in slots.into_iter().zip(times) {
        if let Some(ZeroDate(time)) = time {
            *slot = time;
        }
    }
    Ok(())
}

fn shown(ask: &Ask, shop: Shop) -> Answer {
    let row = Row { shop, now: ask.now };
    Answer::row(ask.style, SHOP, &row).about(&row.shop.no)
}

/// The shop, in use or not.
fn stored(reader: &mut Reader, no: &str) -> Result<Shop, Fault> {
    for disabled in [false, true] {
        let found = catalog::shops(reader, Some(no), &[], disabled, Page { no: 0, size: 1 })?;
        if let Some(shop) = found.rows.into_iter().next() {
            return Ok(shop);
        }
    }
    Err(Fault::not_found(format!("no shop {no}")))
}
