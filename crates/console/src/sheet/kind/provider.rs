//! 供应商: one row a provider.

use erp::catalog::{self, Page, Provider, ProviderFilter, Rows, Window};
use sheets::{decimal, flag, text, time, whole};
use store::{Reader, Tx};
use units::{Moment, Quantity};

use super::{filled, given};
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::import::{Import, Stop, Stored};
use crate::sheet::{Failed, Work};

sheets::sheet! {
    /// 一行一个供应商;空白单元格不改变已有的值。 / One row a provider. A blank cell keeps what is stored.
    pub(super) struct ProviderRow("provider", "供应商") {
        provider_no: String = "供应商编号", text(40).key().like("P001").says("number", "供应商的唯一编号"),
        provider_name: String = "供应商名称", text(128).like("示例纺织厂").says("name, unique; a new provider needs one", "新建时必填,不可重复"),
        provider_group: String = "供应商分组", text(40).says("group", ""),
        contact: String = "联系人", text(40).personal().says("contact person", ""),
        mobile: String = "手机", text(40).personal().says("mobile", ""),
        telno: String = "电话", text(40).personal().or(&["固话"]).says("telephone", ""),
        email: String = "邮箱", text(60).personal().says("mail address", ""),
        zip: String = "邮编", text(20).says("post code", ""),
        address: String = "地址", text(255).says("street address", ""),
        website: String = "网址", text(255).says("web site", ""),
        min_purchase_num: Quantity = "最小采购量", decimal().says("least quantity of an order", ""),
        purchase_cycle_days: i64 = "采购周期", whole().says("days between two orders", "单位:天"),
        arrive_cycle_days: i64 = "到货周期", whole().says("days from order to arrival", "单位:天"),
        charge_cycle_days: i64 = "结算周期", whole().says("days between two settlements", "单位:天"),
        is_disabled: bool = "停用", flag().like("否").says("not to be used any more", ""),
        remark: String = "备注", text(255).says("remark", ""),
        last_purchase_time: Moment = "最后采购时间", time().only_out().says("when something was last bought", ""),
        modified: Moment = "修改时间", time().only_out().says("last changed", ""),
    }
}

impl ProviderRow {
    fn change(&self, provider: &mut Provider) {
        for (field, given) in [
            (&mut provider.name, &self.provider_name),
            (&mut provider.group, &self.provider_group),
            (&mut provider.contact, &self.contact),
            (&mut provider.mobile, &self.mobile),
            (&mut provider.telno, &self.telno),
            (&mut provider.email, &self.email),
            (&mut provider.zip, &self.zip),
            (&mut provider.address, &self.address),
            (&mut provider.website, &self.website),
            (&mut provider.remark, &self.remark),
        ] {
            if let Some(text) = given {
                field.clone_from(text);
            }
        }
        for (field, given) in [
            (&mut provider.purchase_cycle_days, self.purchase_cycle_days),
            (&mut provider.arrive_cycle_days, self.arrive_cycle_days),
            (&mut provider.charge_cycle_days, self.charge_cycle_days),
        ] {
            *field = given.unwrap_or(*field);
        }
        provider.min_purchase_num = self.min_purchase_num.unwrap_or(provider.min_purchase_num);
        provider.disabled = self.is_disabled.unwrap_or(provider.disabled);
    }
}

impl Import for ProviderRow {
    const ROWS: usize = 1;

    fn store(tx: &mut Tx, _: &erp::Settings, rows: &[Self]) -> Result<Stored, Stop> {
        let Some(row) = rows.first() else { return Ok(Stored::Same) };
        let no = given(&row.provider_no);
        let Some(stored) = catalog::any_provider_by_no(tx, no)? else {
            let mut provider = Provider { no: no.to_owned(), ..Provider::default() };
            row.change(&mut provider);
            if provider.name.is_empty() {
                return Err(Stop::Refused("新建供应商时【供应商名称】不能为空".into()));
            }
            catalog::create_provider(tx, provider)?;
            return Ok(Stored::Done);
        };
        if stored.deleted != 0 {
            return Err(Stop::Refused("供应商已删除".into()));
        }
        let mut provider = stored.clone();
        row.change(&mut provider);
        if provider == stored {
            return Ok(Stored::Same);
        }
        catalog::update_provider(tx, provider)?;
        Ok(Stored::Done)
    }
}

impl Export for ProviderRow {
    type Item = Provider;
    const FILTERS: &'static [&'static str] = &[];
    const BY_TIME: bool = false;

    fn page(reader: &mut Reader, _: &Filter, _: Window, page: Page) -> Result<Rows<Provider>, Failed> {
        Ok(catalog::providers(reader, &ProviderFilter::default(), page)?)
    }

    fn rows(_: &mut Reader, _: &Work, _: &mut Names, item: &Provider) -> Result<Vec<Self>, Failed> {
        Ok(vec![Self {
            provider_no: filled(&item.no),
            provider_name: filled(&item.name),
            provider_group: filled(&item.group),
            contact: filled(&item.contact),
            mobile: filled(&item.mobile),
            telno: filled(&item.telno),
            email: filled(&item.email),
            zip: filled(&item.zip),
            address: filled(&item.address),
            website: filled(&item.website),
            min_purchase_num: Some(item.min_purchase_num),
            purchase_cycle_days: Some(item.purchase_cycle_days),
            arrive_cycle_days: Some(item.arrive_cycle_days),
            charge_cycle_days: Some(item.charge_cycle_days),
            is_disabled: Some(item.disabled),
            remark: filled(&item.remark),
            last_purchase_time: item.last_purchase,
            modified: Some(item.modified),
        }])
    }
}
