//! Settings of a tenant: how the gateway answers for it, and the rules of its business.

use std::sync::Arc;

use erp::{FlowSettings, MergeMode};
use gateway::directory::{Limits, PersonalForm, ScalarForm, Settings, TenantChange};
use serde::de::DeserializeOwned;
use serde_json::json;
use units::Money;
use wire::args::{Text, Values, arguments};

use super::page::set;
use super::tenant::note;
use super::tree::Tree;
use crate::answer::{Answer, Shape};
use crate::desk::{BUSINESS, Desk, business};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

arguments! {
    /// Whose settings.
    struct Which {
        /// number of the tenant / 卖家账号编号
        number: i64,
    }
}

arguments! {
    /// Which quantities take part in sellable stock (fact sheet wdt-2, 1.2).
    struct Sellable {
        /// subtract the locked quantity / 锁定量
        lock: Option<bool>,
        /// subtract pre-orders / 预订单量
        subscribe: Option<bool>,
        /// subtract orders waiting for audit / 待审核量
        order: Option<bool>,
        /// subtract orders waiting for shipment / 待发货量
        sending: Option<bool>,
        /// subtract transfers not yet out / 待调拨量
        to_transfer: Option<bool>,
        /// subtract purchase returns not yet out / 采购退货量
        purchase_return: Option<bool>,
        /// subtract unpaid orders / 未付款量
        unpaid: Option<bool>,
        /// add purchases on the way / 采购在途量
        purchase: Option<bool>,
        /// add transfers on the way in / 调拨在途量
        transfer: Option<bool>,
        /// add returns on the way / 销售退货在途量
        refund_onway: Option<bool>,
    }
}

arguments! {
    /// Which orders finance must audit too: those that any of these says.
    struct Finance {
        /// every order / 全部订单
        all: Option<bool>,
        /// goods cost at least this; 0 = no such rule / 金额达到
        over_amount: Option<Money>,
        /// discount of at least this; 0 = no such rule / 优惠达到
        over_discount: Option<Money>,
        /// paid so: 1 pay first, 2 cash on delivery, 3 instalments, 4 on account / 发货条件
        delivery_terms: Option<Values<i64, 0, 4>>,
    }
}

arguments! {
    /// The order flow (订单流程).
    struct Flow {
        /// keep a file of customers / 客户档案
        customers: Option<bool>,
        /// off, mark or auto / 合并
        merge: Option<Text<10>>,
        /// minutes that a paid order waits for an unpaid one of the same buyer / 等未付分钟数
        sibling_minutes: Option<i64>,
        /// lines without stock leave for an order of their own / 按库存拆分
        split_by_stock: Option<bool>,
        /// each line goes to a warehouse that can ship it / 按仓库拆分
        split_by_warehouse: Option<bool>,
        /// ask the rules for gifts / 赠品策略
        gifts: Option<bool>,
        /// ask the rules for pre-sale / 预售策略
        presale: Option<bool>,
        /// ask the rules for the warehouse / 选仓策略
        warehouse_strategy: Option<bool>,
        /// a warehouse that can ship everything comes first / 有货仓库优先
        warehouse_prefers_stock: Option<bool>,
        /// without a warehouse the order waits for a person / 无仓库时待选仓
        no_warehouse_waits: Option<bool>,
        /// ask the rules for the carrier / 物流策略
        carrier_strategy: Option<bool>,
        /// minutes before an order can be audited / 延时审核分钟数
        delay_minutes: Option<i64>,
        /// ask the rules whether an order needs a person / 自动审核策略
        auto_audit: Option<bool>,
        /// bits of bad_reason that keep an order from being audited / 阻止审核的异常标记
        bad_reason_holds: Option<i64>,
        /// which orders finance must audit too / 财审
        finance: Option<Finance>,
    }
}

arguments! {
    /// What changes; what is not given stays.
    struct Change {
        /// number of the tenant / 卖家账号编号
        number: i64,
        /// row scalars on openapi2: usual, text or native / openapi2 返回值形式
        openapi2_scalars: Option<Text<10>>,
        /// row scalars on Qimen: usual, text or native / 奇门返回值形式
        qimen_scalars: Option<Text<10>>,
        /// personal fields on Qimen: blank or show / 奇门隐私字段
        qimen_personal: Option<Text<10>>,
        /// let sellable stock go below zero / 允许负库存
        allow_negative_stock: Option<bool>,
        /// submit raw orders right after the push / 自动递交
        auto_submit: Option<bool>,
        /// make orders of unpaid raw orders too / 下载未付款订单
        submit_unpaid: Option<bool>,
        /// the sellable-stock formula / 可发库存公式
        sellable: Option<Sellable>,
        /// the order flow / 订单流程
        flow: Option<Flow>,
        /// any of the business rules, by the names that setting.get shows / 业务设置
        erp: Option<Tree>,
        /// any of the Wangdian API's settings: strict_emoji, total_count_always, taobao_platforms, stock_by_warehouse_is_full … / 接口设置
        dock: Option<Tree>,
        /// calls_per_minute, arrears, methods: per_minute, per_day and hours (00:00-02:00) of single methods / 调用限制
        limits: Option<Tree>,
        /// first set the limits of the reference product (true), or none at all (false) / 参考产品的调用限制
        reference_limits: Option<bool>,
    }
}

const SHAPE: Shape = Shape::Free(
    "gateway: openapi2_scalars, qimen_scalars, qimen_personal; limits: how much may be called; dock: the Wangdian API; erp: the rules of the business",
);

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, summary| Head { id, verb, path: "/tenants/{number}/settings", summary, shape: SHAPE };
    vec![
        house(head("setting.get", Verb::Get, ("a tenant's settings", "查看设置")), get),
        house(head("setting.change", Verb::Patch, ("change settings", "修改设置")), change),
    ]
}

async fn get(desk: Arc<Desk>, which: Which) -> Result<Answer, Fault> {
    answer(&stored(&desk, which.number)?)
}

async fn change(desk: Arc<Desk>, change: Change) -> Result<Answer, Fault> {
    let mut settings = stored(&desk, change.number)?;
    set(&mut settings.openapi2_scalars, form::<ScalarForm>("openapi2_scalars", change.openapi2_scalars.as_deref())?);
    set(&mut settings.qimen_scalars, form::<ScalarForm>("qimen_scalars", change.qimen_scalars.as_deref())?);
    set(&mut settings.qimen_personal, form::<PersonalForm>("qimen_personal", change.qimen_personal.as_deref())?);
    let mut rules = business(&settings)?;
    set(&mut rules.allow_negative_stock, change.allow_negative_stock);
    set(&mut rules.auto_submit, change.auto_submit);
    set(&mut rules.submit_unpaid, change.submit_unpaid);
    if let Some(terms) = &change.sellable {
        let kept = &mut rules.sellable;
        set(&mut kept.lock, terms.lock);
        set(&mut kept.subscribe, terms.subscribe);
        set(&mut kept.order, terms.order);
        set(&mut kept.sending, terms.sending);
        set(&mut kept.to_transfer, terms.to_transfer);
        set(&mut kept.purchase_return, terms.purchase_return);
        set(&mut kept.unpaid, terms.unpaid);
        set(&mut kept.purchase, terms.purchase);
        set(&mut kept.transfer, terms.transfer);
        set(&mut kept.refund_onway, terms.refund_onway);
    }
    if let Some(flow) = &change.flow {
        change_flow(&mut rules.flow, flow)?;
    }
    if let Some(tree) = &change.erp {
        rules = tree.over(BUSINESS, &rules)?;
    }
    let mut dock = dock_settings(&settings)?;
    if let Some(tree) = &change.dock {
        dock = tree.over("dock", &dock)?;
        if tree.names(BUSINESS) {
            return Err(Fault::invalid("dock.erp", "the rules of the business are set as erp, not as dock.erp"));
        }
    }
    let dock = serde_json::to_value(&dock).map_err(|error| Fault::internal(error.to_string()))?;
    settings.more.extend(dock.as_object().cloned().unwrap_or_default());
    match change.reference_limits {
        None => {}
        Some(true) => settings.limits = Limits::reference(),
        Some(false) => settings.limits = Limits::default(),
    }
    if let Some(tree) = &change.limits {
        settings.limits = tree.over("limits", &settings.limits)?;
    }
    known_methods(settings.limits.methods.keys(), "limits.methods")?;
    let rules = serde_json::to_value(&rules).map_err(|error| Fault::internal(error.to_string()))?;
    settings.more.insert(BUSINESS.to_owned(), rules);
    let tenant = desk
        .0
        .directory
        .update_tenant(change.number, TenantChange { settings: Some(settings), ..TenantChange::default() })
        .await?;
    // What the new settings switch on begins now.
    let rules = business(&tenant.settings)?;
    desk.store().write(tenant.tenant(), move |tx| erp::archive::arm(tx, &rules)).await?;
    note(&desk, "setting.change", &tenant.sid).await?;
    answer(&tenant.settings)
}

fn change_flow(kept: &mut FlowSettings, flow: &Flow) -> Result<(), Fault> {
    set(&mut kept.customers, flow.customers);
    set(&mut kept.merge, form::<MergeMode>("merge", flow.merge.as_deref())?);
    set(&mut kept.sibling_minutes, minutes("sibling_minutes", flow.sibling_minutes)?);
    set(&mut kept.split_by_stock, flow.split_by_stock);
    set(&mut kept.split_by_warehouse, flow.split_by_warehouse);
    set(&mut kept.gifts, flow.gifts);
    set(&mut kept.presale, flow.presale);
    set(&mut kept.warehouse_strategy, flow.warehouse_strategy);
    set(&mut kept.warehouse_prefers_stock, flow.warehouse_prefers_stock);
    set(&mut kept.no_warehouse_waits, flow.no_warehouse_waits);
    set(&mut kept.carrier_strategy, flow.carrier_strategy);
    set(&mut kept.delay_minutes, minutes("delay_minutes", flow.delay_minutes)?);
    set(&mut kept.auto_audit, flow.auto_audit);
    set(&mut kept.bad_reason_holds, flow.bad_reason_holds);
    if let Some(finance) = &flow.finance {
        set(&mut kept.finance.all, finance.all);
        set(&mut kept.finance.over_amount, finance.over_amount);
        set(&mut kept.finance.over_discount, finance.over_discount);
        set(&mut kept.finance.delivery_terms, finance.delivery_terms.as_deref().map(<[i64]>::to_vec));
    }
    Ok(())
}

/// A pause in minutes, a month at most.
fn minutes(field: &'static str, given: Option<i64>) -> Result<Option<i64>, Fault> {
    match given {
        Some(minutes) if !(0..=43_200).contains(&minutes) => {
            Err(Fault::invalid(field, format!("{field} is 0 to 43200 minutes")))
        }
        given => Ok(given),
    }
}

fn stored(desk: &Desk, number: i64) -> Result<Settings, Fault> {
    let snapshot = desk.0.directory.snapshot();
    let tenant = snapshot.tenant(number).ok_or_else(|| Fault::not_found(format!("no tenant {number}")))?;
    Ok(tenant.settings.clone())
}

fn dock_settings(settings: &Settings) -> Result<dock_wdt::Settings, Fault> {
    dock_wdt::Settings::of(settings).map_err(|_| Fault::internal("stored settings cannot be read"))
}

/// Refuses names that are no methods.
pub(super) fn known_methods<'n>(names: impl Iterator<Item = &'n String>, field: &str) -> Result<(), Fault> {
    let registry = dock_wdt::registry();
    for name in names {
        if registry.find(name).is_none() && !Limits::reference().methods.contains_key(name) {
            let field = format!("{field}.{name}");
            return Err(Fault::invalid(&field, format!("{field} is no method")));
        }
    }
    Ok(())
}

fn answer(settings: &Settings) -> Result<Answer, Fault> {
    let mut dock =
        serde_json::to_value(dock_settings(settings)?).map_err(|error| Fault::internal(error.to_string()))?;
    if let Some(dock) = dock.as_object_mut() {
        dock.remove(BUSINESS);
    }
    Ok(Answer::json(&json!({
        "limits": settings.limits,
        "dock": dock,
        "gateway": {
            "openapi2_scalars": settings.openapi2_scalars,
            "qimen_scalars": settings.qimen_scalars,
            "qimen_personal": settings.qimen_personal,
        },
        (BUSINESS): business(settings)?,
    })))
}

fn form<T: DeserializeOwned>(field: &'static str, word: Option<&str>) -> Result<Option<T>, Fault> {
    let Some(word) = word.filter(|word| !word.is_empty()) else { return Ok(None) };
    serde_json::from_value(word.into())
        .map(Some)
        .map_err(|_| Fault::invalid(field, format!("{field}: {word} is not one of the documented words")))
}
