//! Providers (供应商): whom the merchant buys from, what they call the goods and ask for them.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{Page, Rows, table};
use crate::{Refusal, Result};

/// A provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Provider {
    /// Key.
    pub id: i64,
    /// Business key, unique within the merchant.
    pub no: String,
    /// Name, unique within the merchant.
    pub name: String,
    /// Group.
    pub group: String,
    /// Contact person.
    pub contact: String,
    /// Telephone.
    pub telno: String,
    /// Mobile.
    pub mobile: String,
    /// Fax.
    pub fax: String,
    /// Post code.
    pub zip: String,
    /// Mail address.
    pub email: String,
    /// QQ number.
    pub qq: String,
    /// Wangwang nick.
    pub wangwang: String,
    /// Web site.
    pub website: String,
    /// Street address.
    pub address: String,
    /// Least quantity of an order.
    pub min_purchase_num: Quantity,
    /// Days between two orders.
    pub purchase_cycle_days: i64,
    /// Days from order to arrival.
    pub arrive_cycle_days: i64,
    /// Days between two settlements.
    pub charge_cycle_days: i64,
    /// When something was last bought; the moment of creation to begin with.
    pub last_purchase: Option<Moment>,
    /// Not to be used any more.
    pub disabled: bool,
    /// When deleted, Unix seconds; 0 = not deleted.
    pub deleted: i64,
    /// Remark.
    pub remark: String,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// What a provider calls a spec, and its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderGoods {
    /// Spec key.
    pub spec: i64,
    /// The provider's number for it.
    pub goods_no: String,
    /// The price agreed with the provider.
    pub price: Money,
}

/// What to look for in [`providers`].
#[derive(Debug, Default)]
pub struct ProviderFilter<'a> {
    /// Number.
    pub no: Option<&'a str>,
    /// Name.
    pub name: Option<&'a str>,
    /// Deleted ones too.
    pub deleted: bool,
    /// Only those that are out of use (true) or in use (false).
    pub disabled: Option<bool>,
}

/// Creates a provider. Number and name are used once.
pub fn create_provider(tx: &mut Tx, mut provider: Provider) -> Result<Provider> {
    check(&provider)?;
    if table::provider_with(tx, &provider.no, &provider.name)?.is_some() {
        return Err(Refusal::ProviderExists.into());
    }
    provider.id = tx.document_id("provider")?;
    provider.created = tx.now();
    provider.modified = tx.now();
    provider.last_purchase = provider.last_purchase.or_else(|| Some(tx.now()));
    table::save_provider(tx, &provider)?;
    tx.event("provider.created", &provider.no, &serde_json::json!({ "provider_name": provider.name }))?;
    Ok(provider)
}

/// Stores a changed provider. Its number stays; a new name must not be in use.
pub fn update_provider(tx: &mut Tx, mut provider: Provider) -> Result<Provider> {
    check(&provider)?;
    if table::provider_by_name(tx, &provider.name)?.is_some_and(|other| other.id != provider.id) {
        return Err(Refusal::ProviderExists.into());
    }
    provider.modified = tx.now();
    table::save_provider(tx, &provider)?;
    tx.event("provider.changed", &provider.no, &serde_json::json!({ "disabled": provider.disabled }))?;
    Ok(provider)
}

fn check(provider: &Provider) -> Result<()> {
    for (field, value) in [
        ("purchase_cycle_days", provider.purchase_cycle_days),
        ("arrive_cycle_days", provider.arrive_cycle_days),
        ("charge_cycle_days", provider.charge_cycle_days),
    ] {
        if value < 0 {
            return Err(Refusal::Invalid { field, why: "不能小于0" }.into());
        }
    }
    if provider.min_purchase_num.is_negative() {
        return Err(Refusal::Invalid { field: "min_purchase_num", why: "不能小于0" }.into());
    }
    Ok(())
}

/// The provider with this number, if it is in use.
pub fn provider_by_no(reader: &mut Reader, no: &str) -> Result<Provider> {
    match table::provider_by_no(reader, no)? {
        Some(provider) if !provider.disabled && provider.deleted == 0 => Ok(provider),
        _ => Err(Refusal::ProviderUnknown(no.to_owned()).into()),
    }
}

/// The provider with this number, whatever became of it.
pub fn any_provider_by_no(reader: &mut Reader, no: &str) -> Result<Option<Provider>> {
    table::provider_by_no(reader, no)
}

/// Providers by key, each at most once; those that are not there are left out.
pub fn providers_by_id(reader: &mut Reader, ids: &[i64]) -> Result<Vec<Provider>> {
    table::providers_by_id(reader, ids)
}

/// Providers in the order of their keys.
pub fn providers(reader: &mut Reader, filter: &ProviderFilter<'_>, page: Page) -> Result<Rows<Provider>> {
    table::providers(reader, filter, page)
}

/// Remembers when something was last bought from a provider: the first purchase of each day, because master data that change
/// are read anew by everybody.
pub(crate) fn bought_from(tx: &mut Tx, provider: &mut Provider) -> Result<()> {
    let now = tx.now();
    if provider.last_purchase.map(Moment::day) != Some(now.day()) {
        provider.last_purchase = Some(now);
        provider.modified = tx.now();
        table::save_provider(tx, provider)?;
    }
    Ok(())
}

/// Says what a provider calls a spec and asks for it (供应商货品).
pub fn set_provider_goods(tx: &mut Tx, provider: &Provider, goods: &ProviderGoods) -> Result<()> {
    if goods.price.is_negative() {
        return Err(Refusal::Invalid { field: "price", why: "不能小于0" }.into());
    }
    table::save_provider_goods(tx, provider.id, goods)
}

/// What a provider calls some specs; nothing of those that nobody named.
pub fn provider_goods(reader: &mut Reader, provider: i64, specs: &[i64]) -> Result<Vec<ProviderGoods>> {
    table::provider_goods(reader, provider, specs)
}
