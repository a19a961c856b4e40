//! Providers (供应商): whom the merchant buys from, and what they call the goods.

use erp::catalog::{self, Provider, ProviderFilter, ProviderGoods};
use store::{Reader, Tx};
use units::{Money, Quantity};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, personal, quantity, text, time};

use super::page::{page, set};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const PROVIDER: &[Column<Provider>] = &[
    int("provider_id", "key / 供应商id", |p| store::wire_id(p.id)),
    text("provider_no", "number / 供应商编号", |p| &p.no),
    text("provider_name", "name / 供应商名称", |p| &p.name),
    text("provider_group", "group / 分组", |p| &p.group),
    personal("contact", "contact person / 联系人", |p| &p.contact),
    personal("mobile", "mobile / 手机", |p| &p.mobile),
    personal("telno", "telephone / 电话", |p| &p.telno),
    personal("address", "street address / 地址", |p| &p.address),
    quantity("min_purchase_num", "least quantity of an order / 最小采购量", |p| p.min_purchase_num),
    int("purchase_cycle_days", "days between two orders / 采购周期", |p| p.purchase_cycle_days),
    int("arrive_cycle_days", "days from order to arrival / 到货周期", |p| p.arrive_cycle_days),
    int("charge_cycle_days", "days between two settlements / 结算周期", |p| p.charge_cycle_days),
    time("last_purchase_time", "something was last bought / 最后采购时间", |p| p.last_purchase),
    flag("is_disabled", "1: out of use / 是否停用", |p| p.disabled),
    flag("is_deleted", "1: deleted / 是否删除", |p| p.deleted != 0),
    text("remark", "remark / 备注", |p| &p.remark),
    time("created", "first stored / 创建时间", |p| Some(p.created)),
    time("modified", "last changed / 修改时间", |p| Some(p.modified)),
];

const GOODS: &[Column<ProviderGoods>] = &[
    int("spec_id", "the spec / 单品id", |g| store::wire_id(g.spec)),
    text("provider_goods_no", "the provider's number for it / 供应商货号", |g| &g.goods_no),
    wire::rows::money("price", "the provider's price / 供应价", |g| g.price),
];

arguments! {
    /// Which providers.
    struct Which {
        /// only this provider / 供应商编号
        provider_no: Option<Text<20>>,
        /// only of this name / 供应商名称
        provider_name: Option<Text<64>>,
        /// only out-of-use ones / 只看停用
        is_disabled: Option<bool>,
        /// deleted ones too / 含已删除
        is_deleted: Option<bool>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// A provider to be created.
    struct New {
        /// number, unique within the merchant / 供应商编号
        provider_no: Text<20>,
        /// name, unique within the merchant / 供应商名称
        provider_name: Text<64>,
        /// group / 分组
        provider_group: Option<Text<64>>,
        /// contact person / 联系人
        contact: Option<Text<64>>,
        /// mobile / 手机
        mobile: Option<Text<40>>,
        /// telephone / 电话
        telno: Option<Text<40>>,
        /// street address / 地址
        address: Option<Text<128>>,
        /// least quantity of an order / 最小采购量
        min_purchase_num: Option<Quantity>,
        /// days between two orders / 采购周期
        purchase_cycle_days: Option<i64>,
        /// days from order to arrival / 到货周期
        arrive_cycle_days: Option<i64>,
        /// days between two settlements / 结算周期
        charge_cycle_days: Option<i64>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

arguments! {
    /// What changes of a provider; what is not given stays.
    struct Change {
        /// number / 供应商编号
        provider_no: Text<20>,
        /// name / 供应商名称
        provider_name: Option<Text<64>>,
        /// group / 分组
        provider_group: Option<Text<64>>,
        /// contact person / 联系人
        contact: Option<Text<64>>,
        /// mobile / 手机
        mobile: Option<Text<40>>,
        /// telephone / 电话
        telno: Option<Text<40>>,
        /// street address / 地址
        address: Option<Text<128>>,
        /// least quantity of an order / 最小采购量
        min_purchase_num: Option<Quantity>,
        /// days between two orders / 采购周期
        purchase_cycle_days: Option<i64>,
        /// days from order to arrival / 到货周期
        arrive_cycle_days: Option<i64>,
        /// days between two settlements / 结算周期
        charge_cycle_days: Option<i64>,
        /// out of use / 是否停用
        is_disabled: Option<bool>,
        /// deleted; its documents stay / 是否删除
        is_deleted: Option<bool>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

arguments! {
    /// What a provider calls a spec.
    struct Named {
        /// number of the provider / 供应商编号
        provider_no: Text<20>,
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// the provider's number for it / 供应商货号
        provider_goods_no: Option<Text<40>>,
        /// the provider's price / 供应价
        price: Option<Money>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(PROVIDER));
    let rows = Shape::Rows("providers", || describe(PROVIDER));
    let goods = Shape::Row(|| describe(GOODS));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    let one = "/providers/{provider_no}";
    vec![
        reads(head("provider.list", Verb::Get, "/providers", ("list providers", "供应商列表"), rows), list),
        writes(head("provider.create", Verb::Post, "/providers", ("create a provider", "创建供应商"), row), create),
        writes(head("provider.change", Verb::Patch, one, ("change a provider", "修改供应商"), row), change),
        writes(
            head(
                "provider.goods",
                Verb::Post,
                "/providers/{provider_no}/goods",
                ("say what a provider calls a spec and asks for it", "设置供应商货品"),
                goods,
            ),
            name_goods,
        ),
    ]
}

fn list(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let filter = ProviderFilter {
        no: which.provider_no.as_deref(),
        name: which.provider_name.as_deref(),
        deleted: which.is_deleted.unwrap_or(false),
        disabled: which.is_disabled,
    };
    let found = catalog::providers(reader, &filter, page(which.page_no, which.page_size)?)?;
    Ok(Answer::rows(ask.style, "providers", PROVIDER, &found.rows, found.total))
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut provider = Provider {
        no: new.provider_no.to_string(),
        name: new.provider_name.to_string(),
        min_purchase_num: new.min_purchase_num.unwrap_or_default(),
        purchase_cycle_days: new.purchase_cycle_days.unwrap_or(0),
        arrive_cycle_days: new.arrive_cycle_days.unwrap_or(0),
        charge_cycle_days: new.charge_cycle_days.unwrap_or(0),
        ..Provider::default()
    };
    set(&mut provider.group, new.provider_group.clone());
    set(&mut provider.contact, new.contact.clone());
    set(&mut provider.mobile, new.mobile.clone());
    set(&mut provider.telno, new.telno.clone());
    set(&mut provider.address, new.address.clone());
    set(&mut provider.remark, new.remark.clone());
    let provider = catalog::create_provider(tx, provider)?;
    Ok(Answer::row(ask.style, PROVIDER, &provider).created().about(&provider.no))
}

fn change(ask: &Ask, change: &Change, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut provider = stored(tx, &change.provider_no)?;
    set(&mut provider.name, change.provider_name.clone());
    set(&mut provider.group, change.provider_group.clone());
    set(&mut provider.contact, change.contact.clone());
    set(&mut provider.mobile, change.mobile.clone());
    set(&mut provider.telno, change.telno.clone());
    set(&mut provider.address, change.address.clone());
    set(&mut provider.min_purchase_num, change.min_purchase_num);
    set(&mut provider.purchase_cycle_days, change.purchase_cycle_days);
    set(&mut provider.arrive_cycle_days, change.arrive_cycle_days);
    set(&mut provider.charge_cycle_days, change.charge_cycle_days);
    set(&mut provider.disabled, change.is_disabled);
    set(&mut provider.remark, change.remark.clone());
    if let Some(deleted) = change.is_deleted {
        provider.deleted = match (deleted, provider.deleted) {
            (false, _) => 0,
            (true, 0) => tx.now().unix(),
            (true, since) => since,
        };
    }
    let provider = catalog::update_provider(tx, provider)?;
    Ok(Answer::row(ask.style, PROVIDER, &provider).about(&provider.no))
}

fn name_goods(ask: &Ask, named: &Named, tx: &mut Tx) -> Result<Answer, Fault> {
    let provider = stored(tx, &named.provider_no)?;
    let spec =
        catalog::spec_by_no(tx, &named.spec_no)?.ok_or_else(|| erp::Refusal::SpecUnknown(named.spec_no.to_string()))?;
    let goods = ProviderGoods {
        spec: spec.id,
        goods_no: named.provider_goods_no.as_deref().unwrap_or_default().to_owned(),
        price: named.price.unwrap_or_default(),
    };
    catalog::set_provider_goods(tx, &provider, &goods)?;
    Ok(Answer::row(ask.style, GOODS, &goods).created().about(&provider.no))
}

fn stored(reader: &mut Reader, no: &str) -> Result<Provider, Fault> {
    catalog::any_provider_by_no(reader, no)?.ok_or_else(|| Fault::not_found(format!("no provider {no}")))
}
