//! Settings of a tenant: how the gateway answers for it, and the rules of its business.

use std::sync::Arc;

use gateway::directory::{PersonalForm, ScalarForm, Settings, TenantChange};
use serde::de::DeserializeOwned;
use serde_json::json;
use wire::args::{Text, arguments};

use super::page::set;
use super::tenant::note;
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
    }
}

const SHAPE: Shape =
    Shape::Free("gateway: openapi2_scalars, qimen_scalars, qimen_personal; erp: the rules of the business");

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

fn stored(desk: &Desk, number: i64) -> Result<Settings, Fault> {
    let snapshot = desk.0.directory.snapshot();
    let tenant = snapshot.tenant(number).ok_or_else(|| Fault::not_found(format!("no tenant {number}")))?;
    Ok(tenant.settings.clone())
}

fn answer(settings: &Settings) -> Result<Answer, Fault> {
    Ok(Answer::json(&json!({
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
