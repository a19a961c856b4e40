//! Calls whose answer somebody waits for: goods list, stock accounts, carriers (fact sheet ascp-direct, 2.13, 2.14, 2.5). They are not
//! queued: asking again is free.

use serde_json::{Value, json};
use store::Tenant;

use super::channel::Channel;
use super::error::{Error, Refusal, Result};
use super::goods::{Named, resolve};
use super::hub::Hub;
use super::order::SupplyOrder;
use super::send::{call_top, pairs};
use super::{call, channel, table};
use crate::limits::GOODS_PAGE;
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
pub(super) fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(rows)) => rows.iter().collect(),
        Some(Value::Object(wrapped)) => wrapped.values().filter_map(Value::as_array).flatten().collect(),
        _ => Vec::new(),
    }
}

pub(super) fn word(row: &Value, name: &str) -> String {
    row.get(name).map(as_text).unwrap_or_default()
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}
