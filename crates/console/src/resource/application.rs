//! Applications (接口账号): who signs calls. A secret is shown once, in the answer that creates it.

use std::fmt::Write;
use std::sync::Arc;

use gateway::directory::{
    Allowed, App, AppChange, AppOptions, EnvelopeProfile, Network, NewApp, Protocol, Rights, SignMethod,
};
use store::Secret;
use wire::args::{Text, Values, arguments};
use wire::rows::{Column, describe, flag, int, owned, text};

use super::page::{set, word};
use super::setting::known_methods;
use super::tenant::{environment, note};
use super::tree::Tree;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

struct Row {
    app: Arc<App>,
    sid: String,
    environment: &'static str,
    /// Only right after it was made.
    secret: String,
}

const APP: &[Column<Row>] = &[
    int("number", "number of the application / 编号", |r| r.app.number),
    text("protocol", "openapi2 (appkey) or top (app_key) / 协议", |r| r.app.protocol.name()),
    text("key", "appkey or app_key", |r| &r.app.key),
    text("secret", "only in the answer that made it / 仅创建或重置时返回", |r| &r.secret),
    text("sid", "tenant of an openapi2 application / 卖家账号", |r| &r.sid),
    text("environment", "environment of an openapi2 application / 环境", |r| r.environment),
    text("name", "for people / 名称", |r| &r.app.name),
    flag("enabled", "0: refused / 是否启用", |r| r.app.enabled),
    owned("methods", "methods it may call, comma separated; empty = all / 接口权限", |r| {
        list(&r.app.rights.methods)
    }),
    owned("shops", "shops it may see; empty = all / 店铺权限", |r| list(&r.app.rights.shops)),
    owned("warehouses", "warehouses it may see; empty = all / 仓库权限", |r| list(&r.app.rights.warehouses)),
    owned("providers", "providers it may see; empty = all / 供应商权限", |r| list(&r.app.rights.providers)),
    owned("quotas", "limits of single methods, JSON / 接口限额", |r| {
        serde_json::to_string(&r.app.options.quotas).unwrap_or_default()
    }),
    flag("arrears", "1: refused with 1060 / 欠费", |r| r.app.options.arrears),
    int("calls_per_minute", "0 = as the limits of the tenant or the gateway say / 每分钟调用次数", |r| {
        r.app.options.calls_per_minute.into()
    }),
    flag("skip_at_values", "values that begin with @ are not signed / @开头的值不参与签名", |r| {
        r.app.options.skip_at_values
    }),
    flag("strict_replay", "an identical read is refused / 拒绝重复读请求", |r| r.app.options.strict_replay),
    owned("minimum_sign_method", "weakest sign_method that is accepted / 最低签名算法", |r| {
        word(&r.app.options.minimum_sign_method)
    }),
    owned("addresses", "addresses or networks that may call, comma separated; empty = all / IP白名单", |r| {
        r.app.options.addresses.iter().map(|network| String::from(*network)).collect::<Vec<_>>().join(",")
    }),
    text("envelope", "how answers of Qimen calls are wrapped: java, dotnet or flat / 返回格式", |r| {
        r.app.options.envelope.name()
    }),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// An application to be created.
    struct New {
        /// openapi2 (default) or top / 协议
        protocol: Option<Text<10>>,
        /// appkey or app_key, unique within the protocol
        key: Text<64>,
        /// seller account of an openapi2 application / 卖家账号
        sid: Option<Text<64>>,
        /// environment of that account; production when absent / 环境
        environment: Option<Text<10>>,
        /// for people / 名称
        name: Option<Text<64>>,
        /// methods it may call (wdt.trade.push …); absent = all / 接口权限
        methods: Option<Values<Text<80>>>,
        /// shops it may see; absent = all / 店铺权限
        shops: Option<Values<Text<40>>>,
        /// warehouses it may see; absent = all / 仓库权限
        warehouses: Option<Values<Text<40>>>,
        /// providers it may see; absent = all / 供应商权限
        providers: Option<Values<Text<40>>>,
        /// limits of single methods: {"wdt.stock.query": {"per_minute", "per_day", "hours", "window_minutes", "page_size", "rows"}} / 接口限额
        quotas: Option<Tree>,
        /// calls per minute; 0 or absent = as the limits of the tenant or the gateway say / 每分钟调用次数
        calls_per_minute: Option<i64>,
        /// weakest sign_method: md5, hmac or hmac-sha256 / 最低签名算法
        minimum_sign_method: Option<Text<12>>,
        /// leave values that begin with @ out of the signature / @开头的值不参与签名
        skip_at_values: Option<bool>,
        /// refuse an identical read within the window / 拒绝重复读请求
        strict_replay: Option<bool>,
        /// addresses or networks that may call; absent = all / IP白名单
        addresses: Option<Values<Text<50>>>,
        /// how answers of Qimen calls are wrapped: java (default), dotnet (flag in a success) or flat (no response wrapper) / 返回格式
        envelope: Option<Text<10>>,
    }
}

arguments! {
    /// What changes of an application; what is not given stays.
    struct Change {
        /// number of the application / 编号
        number: i64,
        /// for people / 名称
        name: Option<Text<64>>,
        /// on or off / 是否启用
        enabled: Option<bool>,
        /// make a new secret, shown in the answer; the old one ends at once / 重置密钥
        new_secret: Option<bool>,
        /// calls per minute; 0 = as the gateway's own setting / 每分钟调用次数
        calls_per_minute: Option<i64>,
        /// methods it may call; an empty list = none / 接口权限
        methods: Option<Values<Text<80>>>,
        /// shops it may see; an empty list = none / 店铺权限
        shops: Option<Values<Text<40>>>,
        /// warehouses it may see; an empty list = none / 仓库权限
        warehouses: Option<Values<Text<40>>>,
        /// providers it may see; an empty list = none / 供应商权限
        providers: Option<Values<Text<40>>>,
        /// limits of single methods: {"wdt.stock.query": {"per_minute", "per_day", "hours", "window_minutes", "page_size", "rows"}}; those not named stay / 接口限额
        quotas: Option<Tree>,
        /// take all limits of single methods away first / 清除接口限额
        no_quotas: Option<bool>,
        /// in arrears: every call is refused with 1060 / 欠费
        arrears: Option<bool>,
        /// weakest sign_method: md5, hmac or hmac-sha256 / 最低签名算法
        minimum_sign_method: Option<Text<12>>,
        /// addresses or networks that may call; an empty list = all / IP白名单
        addresses: Option<Values<Text<50>>>,
        /// how answers of Qimen calls are wrapped: java, dotnet or flat / 返回格式
        envelope: Option<Text<10>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(APP));
    let rows = Shape::Rows("applications", || describe(APP));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(head("application.list", Verb::Get, "/applications", ("list applications", "接口账号列表"), rows), all),
        house(
            head("application.create", Verb::Post, "/applications", ("create an application", "创建接口账号"), row),
            create,
        ),
        house(
            head(
                "application.change",
                Verb::Patch,
                "/applications/{number}",
                ("change an application", "修改接口账号"),
                row,
            ),
            change,
        ),
    ]
}

async fn all(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let apps = desk.0.directory.snapshot().apps();
    let rows: Vec<Row> = apps.into_iter().map(|app| row(&desk, app, String::new())).collect();
    Ok(Answer::rows(style(false), "applications", APP, &rows, Some(rows.len() as i64)))
}

async fn create(desk: Arc<Desk>, new: New) -> Result<Answer, Fault> {
    let protocol = match new.protocol.as_deref().filter(|word| !word.is_empty()) {
        None => Protocol::Openapi2,
        Some(word) => Protocol::named(word).ok_or_else(|| Fault::invalid("protocol", "protocol is openapi2 or top"))?,
    };
    let tenant = match (protocol, new.sid.as_deref()) {
        (Protocol::Top, None) => 0,
        (Protocol::Top, Some(_)) => {
            return Err(Fault::invalid(
                "sid",
                "a top application reaches tenants through authorisations; leave sid out",
            ));
        }
        (Protocol::Openapi2, sid) => {
            desk.ask(sid, Some(environment(new.environment.as_deref())?.name()), false)?.tenant.number
        }
    };
    let secret = hex(&(desk.0.fresh)());
    let created = NewApp {
        protocol,
        key: new.key.to_string(),
        secret: Secret::new(secret.clone()),
        tenant,
        name: new.name.as_deref().unwrap_or(&new.key).to_owned(),
        rights: Rights {
            methods: allowed(new.methods.as_deref()),
            shops: allowed(new.shops.as_deref()),
            warehouses: allowed(new.warehouses.as_deref()),
            providers: allowed(new.providers.as_deref()),
        },
        options: options(&new)?,
    };
    let app = desk.0.directory.create_app(created).await?;
    note(&desk, "application.create", &app.key).await?;
    Ok(Answer::row(style(false), APP, &row(&desk, app, secret)).created())
}

async fn change(desk: Arc<Desk>, change: Change) -> Result<Answer, Fault> {
    let stored = desk.0.directory.snapshot().apps().into_iter().find(|app| app.number == change.number);
    let stored = stored.ok_or_else(|| Fault::not_found(format!("no application {}", change.number)))?;
    let (mut rights, mut settings) = (stored.rights.clone(), stored.options.clone());
    set(&mut rights.methods, change.methods.map(|list| allowed(Some(&list))));
    set(&mut rights.shops, change.shops.map(|list| allowed(Some(&list))));
    set(&mut rights.warehouses, change.warehouses.map(|list| allowed(Some(&list))));
    set(&mut rights.providers, change.providers.map(|list| allowed(Some(&list))));
    set(&mut settings.calls_per_minute, calls(change.calls_per_minute)?);
    set(&mut settings.arrears, change.arrears);
    set(&mut settings.minimum_sign_method, sign_method(change.minimum_sign_method.as_deref())?);
    set(&mut settings.addresses, networks(change.addresses.as_deref())?);
    set(&mut settings.envelope, envelope(change.envelope.as_deref())?);
    if change.no_quotas == Some(true) {
        settings.quotas.clear();
    }
    if let Some(tree) = &change.quotas {
        settings.quotas = tree.over("quotas", &settings.quotas)?;
    }
    known_methods(settings.quotas.keys(), "quotas")?;
    let secret = if change.new_secret == Some(true) { hex(&(desk.0.fresh)()) } else { String::new() };
    let what = AppChange {
        name: change.name.map(String::from),
        enabled: change.enabled,
        secret: (!secret.is_empty()).then(|| Secret::new(secret.clone())),
        rights: Some(rights),
        options: Some(settings),
    };
    let app = desk.0.directory.update_app(change.number, what).await?;
    note(&desk, "application.change", &app.key).await?;
    Ok(Answer::row(style(false), APP, &row(&desk, app, secret)))
}

fn row(desk: &Desk, app: Arc<App>, secret: String) -> Row {
    let snapshot = desk.0.directory.snapshot();
    let tenant = snapshot.tenant(app.tenant);
    Row {
        sid: tenant.map(|tenant| tenant.sid.clone()).unwrap_or_default(),
        environment: tenant.map_or("", |tenant| tenant.environment.name()),
        app,
        secret,
    }
}

fn options(new: &New) -> Result<AppOptions, Fault> {
    let mut options = AppOptions::default();
    set(&mut options.calls_per_minute, calls(new.calls_per_minute)?);
    if let Some(tree) = &new.quotas {
        options.quotas = tree.over("quotas", &options.quotas)?;
        known_methods(options.quotas.keys(), "quotas")?;
    }
    set(&mut options.skip_at_values, new.skip_at_values);
    set(&mut options.strict_replay, new.strict_replay);
    set(&mut options.minimum_sign_method, sign_method(new.minimum_sign_method.as_deref())?);
    set(&mut options.addresses, networks(new.addresses.as_deref())?);
    set(&mut options.envelope, envelope(new.envelope.as_deref())?);
    Ok(options)
}

fn sign_method(word: Option<&str>) -> Result<Option<SignMethod>, Fault> {
    let wrong = |_| Fault::invalid("minimum_sign_method", "minimum_sign_method is md5, hmac or hmac-sha256");
    let word = word.filter(|word| !word.is_empty());
    word.map(|word| serde_json::from_value(word.into()).map_err(wrong)).transpose()
}

fn networks(list: Option<&[Text<50>]>) -> Result<Option<Vec<Network>>, Fault> {
    let network =
        |text: &Text<50>| text.to_string().try_into().map_err(|error: String| Fault::invalid("addresses", error));
    list.map(|list| list.iter().map(network).collect()).transpose()
}

fn envelope(word: Option<&str>) -> Result<Option<EnvelopeProfile>, Fault> {
    let wrong = || Fault::invalid("envelope", "envelope is java, dotnet or flat");
    let word = word.filter(|word| !word.is_empty());
    word.map(|word| EnvelopeProfile::named(word).ok_or_else(wrong)).transpose()
}

fn calls(given: Option<i64>) -> Result<Option<u32>, Fault> {
    given
        .map(|calls| {
            u32::try_from(calls).map_err(|_| Fault::invalid("calls_per_minute", "calls_per_minute is 0 or more"))
        })
        .transpose()
}

fn allowed<const MAX: usize>(list: Option<&[Text<MAX>]>) -> Allowed {
    list.map_or(Allowed::All, |names| Allowed::only(names.iter().map(Text::as_str)))
}

fn list(allowed: &Allowed) -> String {
    allowed.list().map(|names| names.iter().cloned().collect::<Vec<_>>().join(",")).unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
