//! Calls whose answer somebody waits for: goods list, stock accounts, waybills of platform-run delivery, serial numbers, carriers
//! (fact sheet ascp-direct, 2.13 to 2.16). They are not queued: asking again is free.

use serde_json::{Value, json};
use store::Tenant;

use super::channel::Channel;
use super::error::{Error, Refusal, Result};
use super::goods::{Named, resolve};
use super::hub::Hub;
use super::order::{DrawnWaybill, SupplyOrder, save};
use super::send::{call_top, pairs};
use super::{call, channel, ops, table};
use crate::limits::{GOODS_PAGE, PARCELS};
use crate::messages::{CallKind, Verdict};

/// Pages of the goods list that are read at most.
const PAGES: i64 = 500;

/// What the platform says of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Goods.
    pub sc_item_id: String,
    /// In all.
    pub quantity: i64,
    /// Occupied.
    pub locked: i64,
}

impl Hub {
    /// Asks the platform; its refusal in words.
    pub(super) async fn ask(&self, channel: &Channel, kind: CallKind, body: &Value) -> Result<Value> {
        if !channel.facts.held.is_empty() {
            return Err(Refusal::State(format!("回传已暂停: {}", channel.facts.held)).into());
        }
        match call_top(self, channel, kind, pairs(kind, &body.to_string())).await {
            Verdict::Done(answer) => Ok(answer),
            Verdict::Again(problem) => Err(Refusal::State(format!("平台暂不可用: {problem}")).into()),
            Verdict::Refused { code, message } => Err(Refusal::State(format!("平台拒绝: {code} {message}")).into()),
            Verdict::Hold(problem) => {
                let (tenant, id, text) = (channel.tenant, channel.id, problem.clone());
                self.store().write(tenant, move |tx| call::hold(tx, id, &text)).await?;
                self.refresh().await?;
                Err(Refusal::State(format!("平台拒绝了授权: {problem}")).into())
            }
        }
    }

    /// The channel, as it is stored now.
    pub(super) async fn fresh_channel(&self, tenant: Tenant, supplier_id: &str) -> Result<Channel> {
        let supplier_id = supplier_id.to_owned();
        self.store().read(tenant, move |reader| channel::channel_by_supplier(reader, &supplier_id)).await
    }

    /// Reads the whole goods list: goods that are new here are entered, and named where their merchant code is one of ours. How many
    /// were read, and how many wait for a person.
    pub async fn sync_goods(&self, tenant: Tenant, supplier_id: &str) -> Result<(usize, usize)> {
        let channel = self.fresh_channel(tenant, supplier_id).await?;
        let (mut read, mut open) = (0, 0);
        for page in 1..=PAGES {
            let body = json!({ "supplier_id": channel.supplier_id, "page_size": GOODS_PAGE, "current_page": page });
            let answer = self.ask(&channel, CallKind::Goods, &body).await?;
            let rows: Vec<[String; 4]> = list(answer.pointer("/data/page_data"))
                .into_iter()
                .map(|row| ["sc_item_id", "outer_id", "barcode", "sc_item_name"].map(|name| word(row, name)))
                .filter(|row| !row[0].is_empty())
                .collect();
            let count = rows.len();
            let of = channel.clone();
            let unit = move |tx: &mut store::Tx| {
                let mut open = 0;
                for [sc_item_id, outer_id, barcode, name] in &rows {
                    let named = Named { sc_item_id, outer_id, barcode, name };
                    open += usize::from(resolve(tx, &of, &named)?.is_none());
                }
                Ok::<_, Error>(open)
            };
            open += self.store().write(tenant, unit).await?;
            read += count;
            if i64::try_from(count).unwrap_or(0) < GOODS_PAGE {
                break;
            }
        }
        Ok((read, open))
    }

    /// The platform's figures of good stock; at most twenty goods.
    pub async fn accounts(&self, channel: &Channel, store_code: &str, items: &[String]) -> Result<Vec<Account>> {
        let ids: Vec<i64> = items.iter().filter_map(|item| item.parse().ok()).collect();
        let supplier: Value =
            channel.supplier_id.parse::<i64>().map_or_else(|_| channel.supplier_id.clone().into(), Into::into);
        let body = json!({
            "supplier_id": supplier, "store_code": store_code, "user_id": channel.facts.owner_user_id, "sc_item_ids": ids,
        });
        let answer = self.ask(channel, CallKind::StockQuery, &body).await?;
        let good = |row: &&Value| word(row, "inventory_type") == "1";
        let account = |row: &Value| Account {
            sc_item_id: word(row, "sc_item_id"),
            quantity: word(row, "quantity").parse().unwrap_or(0),
            locked: word(row, "lock_quantity").parse().unwrap_or(0),
        };
        Ok(list(answer.get("datas")).into_iter().filter(good).map(account).collect())
    }

    /// Draws waybills for platform-run delivery, one for each parcel code; asked again, the same numbers come back.
    pub async fn draw_waybills(
        &self,
        tenant: Tenant,
        supplier_id: &str,
        code: &str,
        packages: &[String],
    ) -> Result<SupplyOrder> {
        let channel = self.fresh_channel(tenant, supplier_id).await?;
        let (of, number) = (channel.clone(), code.to_owned());
        let order = self.store().read(tenant, move |reader| ops::order_by_code(reader, &of, &number)).await?;
        if super::ship::model(&order) != "1" {
            return Err(Refusal::State("只有平台配送(businessModel 1)的订单需要取号".to_owned()).into());
        }
        if packages.is_empty() || packages.len() > PARCELS {
            return Err(Refusal::Invalid("packages", format!("1到{PARCELS}个包裹")).into());
        }
        let rows: Vec<Value> = packages
            .iter()
            .map(|package| {
                let items: Vec<Value> = order
                    .facts
                    .lines
                    .iter()
                    .map(|line| json!({ "item_code": line.sc_item_id, "item_count": line.quantity.to_string() }))
                    .collect();
                json!({ "code": package, "items": items })
            })
            .collect();
        let body = json!({
            "supplier_id": channel.supplier_id, "consign_lp_order_code": code, "business_model": "1", "packages": rows,
        });
        let answer = self.ask(&channel, CallKind::Waybill, &body).await?;
        let carrier = answer.pointer("/data/cp_res_code").map(as_text).unwrap_or_default();
        let drawn: Vec<DrawnWaybill> = list(answer.pointer("/data/waybill_cloud_print_dto_list"))
            .into_iter()
            .map(|row| DrawnWaybill {
                package: word(row, "package_code"),
                waybill: word(row, "waybill_code"),
                carrier: carrier.clone(),
            })
            .collect();
        let number = code.to_owned();
        let unit = move |tx: &mut store::Tx| {
            let mut order = ops::order_by_code(tx, &channel, &number)?;
            for one in &drawn {
                if !order.facts.drawn.contains(one) {
                    order.facts.drawn.push(one.clone());
                }
            }
            save(tx, &mut order)?;
            Ok::<_, Error>(order)
        };
        self.store().write(tenant, unit).await
    }

    /// Checks serial numbers of a line before shipment: the numbers that the platform refuses, with its words.
    pub async fn check_serials(
        &self,
        tenant: Tenant,
        supplier_id: &str,
        code: &str,
        line: &str,
        serials: &[String],
    ) -> Result<Vec<(String, String)>> {
        let channel = self.fresh_channel(tenant, supplier_id).await?;
        let (of, number) = (channel.clone(), code.to_owned());
        let order = self.store().read(tenant, move |reader| ops::order_by_code(reader, &of, &number)).await?;
        let body = json!({
            "lg_order_code": code, "ext_order_item_id": line, "action": "query", "supplier_id": channel.supplier_id,
            "sn": serials, "business_model": super::ship::model(&order),
        });
        let answer = self.ask(&channel, CallKind::Precheck, &body).await?;
        let refused = |row: &&Value| word(row, "result") == "FAILED";
        let rows = list(answer.pointer("/data/item_response_dto_list"));
        Ok(rows.into_iter().filter(refused).map(|row| (word(row, "sn_code"), word(row, "msg_desc"))).collect())
    }

    /// The carriers that the platform knows: code, name, and the form of their waybills.
    pub async fn carriers(&self, tenant: Tenant, supplier_id: &str) -> Result<Vec<(String, String, String)>> {
        let channel = self.fresh_channel(tenant, supplier_id).await?;
        let answer = self.ask(&channel, CallKind::Companies, &json!({ "fields": "id,code,name,reg_mail_no" })).await?;
        let rows = list(Some(&answer));
        Ok(rows.into_iter().map(|row| (word(row, "code"), word(row, "name"), word(row, "reg_mail_no"))).collect())
    }

    /// Refreshes an order's picture for whoever shows it.
    pub async fn order(&self, tenant: Tenant, supplier_id: &str, code: &str) -> Result<SupplyOrder> {
        let (supplier_id, code) = (supplier_id.to_owned(), code.to_owned());
        self.store()
            .read(tenant, move |reader| {
                let channel = channel::channel_by_supplier(reader, &supplier_id)?;
                table::order_by_code(reader, channel.id, &code)?
                    .ok_or_else(|| Error::from(Refusal::Unknown("履约单", code.clone())))
            })
            .await
    }
}

/// The rows of a list, which full JSON wraps once more.
fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(rows)) => rows.iter().collect(),
        Some(Value::Object(wrapped)) => wrapped.values().filter_map(Value::as_array).flatten().collect(),
        _ => Vec::new(),
    }
}

fn word(row: &Value, name: &str) -> String {
    row.get(name).map(as_text).unwrap_or_default()
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}
