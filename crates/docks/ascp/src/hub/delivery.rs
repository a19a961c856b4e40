//! Platform-run delivery (business model 1): waybills are drawn from the platform, serial numbers are checked before shipment (fact
//! sheet ascp-direct, 1.8, 2.15, 2.16). Both are calls of the queue like every other: an order that is released to the warehouse draws
//! its first waybill by itself, and what the platform cannot answer now it answers later.

use serde_json::{Value, json};
use store::{Tenant, Tx};

use super::ask::{list, word};
use super::call::{Call, enqueue};
use super::channel::Channel;
use super::error::{Error, Refusal, Result};
use super::hub::Hub;
use super::order::{DrawnWaybill, OrderState, SerialCheck, SupplyOrder, save};
use super::send::send_now;
use super::{ops, ship, table};
use crate::limits::PARCELS;
use crate::messages::{CallKind, Verdict};

/// Code of the parcel that every order has.
const FIRST: &str = "P1";

/// The warehouse has the order: its label wants a waybill.
pub(super) fn released(tx: &mut Tx, channel: &Channel, order: &SupplyOrder) -> Result<()> {
    if ship::model(order) == "1" && order.facts.drawn.is_empty() {
        ask_waybills(tx, channel, order, &[FIRST.to_owned()])?;
    }
    Ok(())
}

/// Puts a request for waybills into the queue; its key.
fn ask_waybills(tx: &mut Tx, channel: &Channel, order: &SupplyOrder, packages: &[String]) -> Result<String> {
    let items: Vec<Value> = order
        .facts
        .lines
        .iter()
        .map(|line| json!({ "item_code": line.sc_item_id, "item_count": line.quantity.to_string() }))
        .collect();
    let rows: Vec<Value> = packages.iter().map(|package| json!({ "code": package, "items": items })).collect();
    let body = json!({
        "supplier_id": channel.supplier_id, "consign_lp_order_code": order.code, "business_model": "1", "packages": rows,
    });
    let key = format!("{}:{}", order.code, packages.join(","));
    enqueue(tx, channel, CallKind::Waybill, &key, &order.code, &body)?;
    Ok(format!("{}:{key}", CallKind::Waybill.name()))
}

/// The platform gave waybills; the same parcel gets the same number.
pub(super) fn drawn(tx: &mut Tx, channel: &Channel, call: &Call, answer: &Value) -> Result<()> {
    let Some(mut order) = table::order_by_code(tx, channel.id, &call.code)? else { return Ok(()) };
    let carrier = answer.get("data").map(|data| word(data, "cp_res_code")).unwrap_or_default();
    for row in list(answer.pointer("/data/waybill_cloud_print_dto_list")) {
        let one = DrawnWaybill {
            package: word(row, "package_code"),
            waybill: word(row, "waybill_code"),
            carrier: carrier.clone(),
        };
        if !order.facts.drawn.contains(&one) {
            order.facts.drawn.push(one);
        }
    }
    save(tx, &mut order)
}

/// The platform has looked at serial numbers; the last word on each counts.
pub(super) fn checked(tx: &mut Tx, channel: &Channel, call: &Call, answer: &Value) -> Result<()> {
    let Some(mut order) = table::order_by_code(tx, channel.id, &call.code)? else { return Ok(()) };
    for row in list(answer.pointer("/data/item_response_dto_list")) {
        let one = SerialCheck {
            serial: word(row, "sn_code"),
            is_refused: word(row, "result") == "FAILED",
            reason: word(row, "msg_desc"),
        };
        order.facts.serials.retain(|known| known.serial != one.serial);
        order.facts.serials.push(one);
    }
    save(tx, &mut order)
}

impl Hub {
    /// Draws waybills for platform-run delivery, one for each parcel code; asked again, the same numbers come back. What the platform
    /// cannot answer now waits in the queue.
    pub async fn draw_waybills(
        &self,
        tenant: Tenant,
        supplier_id: &str,
        code: &str,
        packages: &[String],
    ) -> Result<SupplyOrder> {
        if packages.is_empty() || packages.len() > PARCELS {
            return Err(Refusal::Invalid("packages", format!("1到{PARCELS}个包裹")).into());
        }
        let channel = self.fresh_channel(tenant, supplier_id).await?;
        let (of, number, packages) = (channel.clone(), code.to_owned(), packages.to_vec());
        let unit = move |tx: &mut Tx| {
            let order = ops::order_by_code(tx, &of, &number)?;
            if ship::model(&order) != "1" {
                return Err(Refusal::State("只有平台配送(businessModel 1)的订单需要取号".to_owned()).into());
            }
            if matches!(order.state, OrderState::Cancelled | OrderState::Exception | OrderState::Received) {
                return Err(Refusal::State(format!("{}不能取号(当前{})", order.code, order.state.chinese())).into());
            }
            ask_waybills(tx, &of, &order, &packages)
        };
        let key = self.store().write(tenant, unit).await?;
        self.answered(tenant, &channel, code, &key).await
    }

    /// Checks serial numbers of a line before shipment; the order remembers which the platform refuses, with its words.
    pub async fn check_serials(
        &self,
        tenant: Tenant,
        supplier_id: &str,
        code: &str,
        line: &str,
        serials: &[String],
    ) -> Result<SupplyOrder> {
        let channel = self.fresh_channel(tenant, supplier_id).await?;
        let (of, number, line, serials) = (channel.clone(), code.to_owned(), line.to_owned(), serials.to_vec());
        let unit = move |tx: &mut Tx| {
            let order = ops::order_by_code(tx, &of, &number)?;
            if !order.facts.lines.iter().any(|one| one.sub_order_code == line) {
                return Err(Error::from(Refusal::Unknown("履约单明细", line.clone())));
            }
            let body = json!({
                "lg_order_code": order.code, "ext_order_item_id": line, "action": "query", "supplier_id": of.supplier_id,
                "sn": serials, "business_model": ship::model(&order),
            });
            let mark: String =
                tx.vault().fingerprint(&body.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
            let key = format!("{line}:{mark}");
            enqueue(tx, &of, CallKind::Precheck, &key, &order.code, &body)?;
            Ok(format!("{}:{key}", CallKind::Precheck.name()))
        };
        let key = self.store().write(tenant, unit).await?;
        self.answered(tenant, &channel, code, &key).await
    }

    /// Sends a queued call at once and gives the order as it is then.
    async fn answered(&self, tenant: Tenant, channel: &Channel, code: &str, key: &str) -> Result<SupplyOrder> {
        if channel.facts.held.is_empty()
            && let Some(Verdict::Refused { code, message }) = send_now(self, tenant, channel.id, key).await?
        {
            return Err(Refusal::State(format!("平台拒绝: {code} {message}")).into());
        }
        self.order(tenant, &channel.supplier_id, code).await
    }
}
