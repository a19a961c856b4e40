//! Refunds and returns on the platform's side: asked for, agreed, waybill known, pushed, stocked in, refunded once (fact sheet
//! ascp-direct, 1.5, 3.3, 3.5).

use erp::{Machine, Step};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Reader, Tx};
use units::Moment;

use super::error::{Result, no};
use super::order::{SimOrder, SimOrderState, any_order};
use super::supplier::supplier;
use super::{push, table};
use crate::messages::{PushKind, TMGJZY};
use crate::states::{events, states};

/// About one working day.
const REFUND_AFTER: i64 = 24 * 3_600;

states! {
    /// State of a return on the platform.
    SimReverseState {
        /// The consumer asked.
        Requested = 10 "买家已申请",
        /// Direct's service said no.
        Refused = 15 "客服已拒绝",
        /// Direct's service agreed; the waybill is missing, so no return order exists yet.
        Approved = 20 "客服已同意",
        /// The return order exists and is on its way to the supplier.
        Pushing = 30 "推送中",
        /// The supplier has it.
        Pushed = 40 "已推送",
        /// The parcel is at the supplier's dock.
        Arrived = 50 "已到货",
        /// The supplier reported the stock-in.
        StockedIn = 60 "入库",
        /// The consumer has the money.
        Refunded = 70 "已退款",
        /// The supplier refused it, or never answered.
        PushFailed = 80 "推送失败",
    }
}

events! {
    /// What happens to a return on the platform.
    SimReverseEvent {
        /// Service agrees.
        Approve "同意",
        /// Service says no.
        Refuse "拒绝",
        /// The consumer typed the waybill, or a carrier did.
        FillWaybill "填写运单",
        /// The supplier answered success.
        Deliver "推送成功",
        /// The supplier refused it, or never answered.
        GiveUp "推送放弃",
        /// Arrival report.
        Arrive "到货",
        /// Stock-in report.
        StockIn "入库",
        /// The money went out.
        Refund "退款",
    }
}

use SimReverseState as R;

/// The table: one stock-in report, one refund.
pub const SIM_REVERSE: Machine<SimReverseState, SimReverseEvent> = Machine {
    document: "平台销退单",
    steps: &[
        Step { from: &[R::Requested], on: SimReverseEvent::Approve, to: R::Approved, effect: "" },
        Step { from: &[R::Requested], on: SimReverseEvent::Refuse, to: R::Refused, effect: "" },
        Step {
            from: &[R::Approved], on: SimReverseEvent::FillWaybill, to: R::Pushing, effect: "生成销退单并推送"
        },
        Step { from: &[R::Pushing, R::PushFailed], on: SimReverseEvent::Deliver, to: R::Pushed, effect: "" },
        Step { from: &[R::Pushing], on: SimReverseEvent::GiveUp, to: R::PushFailed, effect: "" },
        Step { from: &[R::Pushing, R::Pushed, R::PushFailed], on: SimReverseEvent::Arrive, to: R::Arrived, effect: "" },
        Step {
            from: &[R::Pushing, R::Pushed, R::PushFailed, R::Arrived],
            on: SimReverseEvent::StockIn,
            to: R::StockedIn,
            effect: "一个工作日后退款",
        },
        Step { from: &[R::StockedIn], on: SimReverseEvent::Refund, to: R::Refunded, effect: "" },
    ],
};

/// A return.
#[derive(Debug, Clone, PartialEq)]
pub struct SimReverse {
    /// Key.
    pub id: i64,
    /// Number.
    pub code: String,
    /// The order.
    pub forward: String,
    /// State.
    pub state: SimReverseState,
    /// When the consumer gets the money; 0 = not yet known.
    pub refund_due: Moment,
    /// The rest.
    pub facts: SimReverseFacts,
    /// First asked for.
    pub created: Moment,
}

/// What is stored of a return beside its keys.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimReverseFacts {
    /// Supplier.
    pub supplier_id: String,
    /// Warehouse.
    pub store_code: String,
    /// Who delivers.
    pub business_model: String,
    /// Lines.
    pub lines: Vec<SimReverseLine>,
    /// Carrier.
    pub carrier: String,
    /// Waybill.
    pub waybill: String,
    /// 1 to 5, when the supplier asked for it.
    pub reverse_type: String,
    /// Times that the consumer was refunded. More than one is a fault of somebody.
    pub refunds: i64,
    /// Why the push was given up.
    pub reason: String,
}

/// A line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimReverseLine {
    /// Reverse line number.
    pub sub_order_code: String,
    /// Goods.
    pub sc_item_id: i64,
    /// Merchant code.
    pub outer_id: String,
    /// Pieces expected.
    pub planned: i64,
    /// Good pieces that came.
    pub good: i64,
    /// Defective pieces that came.
    pub defective: i64,
    /// Pieces that did not come.
    pub lacking: i64,
    /// Refund number.
    pub refund_id: String,
    /// The supplier's line, when it asked for the return.
    pub erp_line: String,
}

/// A refund with return, as a consumer asks for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRefund {
    /// Goods and pieces; everything when absent.
    #[serde(default)]
    pub lines: Vec<super::place::NewLine>,
    /// In words.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The consumer asks for a refund with return. Only for what has left the warehouse (fact sheet ascp-direct, 3.5).
pub fn ask_refund(tx: &mut Tx, order_code: &str, new: &NewRefund) -> Result<String> {
    let order = any_order(tx, order_code)?;
    if !matches!(order.state, SimOrderState::Shipped | SimOrderState::Signed) {
        return Err(no("SIM_STATE", format!("{order_code} is not shipped: ask for a cancel instead")));
    }
    let reason = new.reason.clone().unwrap_or_else(|| "七天无理由".to_owned());
    let wanted: Vec<(i64, i64)> = match new.lines.is_empty() {
        true => order.facts.lines.iter().map(|line| (line.sc_item_id, line.quantity)).collect(),
        false => new.lines.iter().map(|line| (line.sc_item_id, line.quantity)).collect(),
    };
    create(tx, &order, &wanted, R::Requested, &reason)
}

fn create(tx: &mut Tx, order: &SimOrder, wanted: &[(i64, i64)], state: R, reason: &str) -> Result<String> {
    let mut taken: Vec<(i64, i64)> = Vec::new();
    for other in table::reverses_of(tx, &order.code)?.into_iter().filter(|other| other.state != R::Refused) {
        taken.extend(other.facts.lines.iter().map(|line| (line.sc_item_id, line.planned)));
    }
    let number = tx.next("ascp_sim_reverse_code")?;
    let code = format!("LP008{number:011}");
    let mut lines = Vec::new();
    for (place, (item, pieces)) in (1..).zip(wanted) {
        let bought: i64 =
            order.facts.lines.iter().filter(|line| line.sc_item_id == *item).map(|line| line.quantity).sum();
        let gone: i64 = taken.iter().filter(|(taken, _)| taken == item).map(|(_, pieces)| pieces).sum();
        if *pieces < 1 || *pieces > bought - gone {
            return Err(no("SIM_LINE_MISMATCH", format!("{item}: {} pieces can come back", bought - gone)));
        }
        taken.push((*item, *pieces));
        let outer_id = order.facts.lines.iter().find(|line| line.sc_item_id == *item).map(|line| line.outer_id.clone());
        lines.push(SimReverseLine {
            sub_order_code: format!("8{number:011}{place:03}"),
            sc_item_id: *item,
            outer_id: outer_id.unwrap_or_default(),
            planned: *pieces,
            refund_id: format!("4{number:014}{place:03}"),
            ..SimReverseLine::default()
        });
    }
    let reverse = SimReverse {
        id: tx.document_id("ascp_sim_reverse")?,
        code: code.clone(),
        forward: order.code.clone(),
        state,
        refund_due: Moment::from_unix(0),
        facts: SimReverseFacts {
            supplier_id: order.facts.supplier_id.clone(),
            store_code: order.facts.store_code.clone(),
            business_model: order.facts.business_model.clone(),
            lines,
            reason: reason.to_owned(),
            ..SimReverseFacts::default()
        },
        created: tx.now(),
    };
    table::insert_reverse(tx, &reverse)?;
    Ok(code)
}

/// The return with this number.
pub fn reverse(reader: &mut Reader, code: &str) -> Result<SimReverse> {
    table::reverse(reader, code)?.ok_or_else(|| no("SIM_REVERSE_NOT_FOUND", format!("no return {code}")))
}

/// Returns behind `after`, oldest first.
pub fn reverses(reader: &mut Reader, after: i64, limit: i64) -> Result<Vec<SimReverse>> {
    table::reverses(reader, after, limit)
}

/// Direct's service decides.
pub fn judge_refund(tx: &mut Tx, code: &str, agreed: bool) -> Result<()> {
    let mut found = reverse(tx, code)?;
    let event = if agreed { SimReverseEvent::Approve } else { SimReverseEvent::Refuse };
    found.state = SIM_REVERSE.fire(found.state, event)?;
    table::update_reverse(tx, &found)
}

/// The waybill of the parcel becomes known: only now does the return order exist, and it is pushed.
pub fn fill_waybill(tx: &mut Tx, code: &str, carrier: &str, waybill: &str) -> Result<()> {
    let mut found = reverse(tx, code)?;
    found.state = SIM_REVERSE.fire(found.state, SimReverseEvent::FillWaybill)?;
    (found.facts.carrier, found.facts.waybill) = (carrier.to_owned(), waybill.to_owned());
    table::update_reverse(tx, &found)?;
    send(tx, &found)
}

/// Direct's service makes a return order by hand, such as for a refused parcel; so does the supplier's own request.
pub(super) fn by_hand(
    tx: &mut Tx,
    order: &SimOrder,
    wanted: &[(i64, i64)],
    carrier: &str,
    waybill: &str,
    reverse_type: &str,
    erp_lines: &[String],
) -> Result<String> {
    let code = create(tx, order, wanted, R::Approved, "拒收或人工创建")?;
    let mut found = reverse(tx, &code)?;
    reverse_type.clone_into(&mut found.facts.reverse_type);
    for (line, erp_line) in found.facts.lines.iter_mut().zip(erp_lines) {
        line.erp_line.clone_from(erp_line);
    }
    table::update_reverse(tx, &found)?;
    fill_waybill(tx, &code, carrier, waybill)?;
    Ok(code)
}

/// A return order by hand for everything that was shipped, or for the given goods.
pub fn create_return(tx: &mut Tx, order_code: &str, new: &NewRefund, carrier: &str, waybill: &str) -> Result<String> {
    let order = any_order(tx, order_code)?;
    let wanted: Vec<(i64, i64)> = match new.lines.is_empty() {
        true => order.facts.lines.iter().map(|line| (line.sc_item_id, line.quantity)).collect(),
        false => new.lines.iter().map(|line| (line.sc_item_id, line.quantity)).collect(),
    };
    by_hand(tx, &order, &wanted, carrier, waybill, "", &[])
}

fn send(tx: &mut Tx, found: &SimReverse) -> Result<()> {
    let supplier = supplier(tx, &found.facts.supplier_id)?;
    let items: Vec<Value> = found
        .facts
        .lines
        .iter()
        .map(|line| {
            let mut item = json!({
                "subOrderCode": line.sub_order_code, "scItemId": line.sc_item_id.to_string(), "outerId": line.outer_id,
                "planReturnQuantity": line.planned, "refundId": line.refund_id, "refundReason": found.facts.reason,
            });
            if !line.erp_line.is_empty() {
                item["erpOrderLine"] = Value::String(line.erp_line.clone());
            }
            item
        })
        .collect();
    let request = json!({
        "supplierId": supplier.supplier_id, "supplierName": supplier.name, "bizOrderCode": found.code,
        "forwardOrderCode": found.forward, "outBizId": format!("RB{}", found.code.trim_start_matches("LP")),
        "receiverInfo": {
            "receiverCountry": "中国", "receiverProvince": "浙江省", "receiverCity": "宁波市", "receiverArea": "示例区",
            "receiverAddress": "示例仓1号", "receiverName": "示例退货组", "receiverMobile": "13800000000",
            "receiverZipCode": "315000",
        },
        "senderInfo": {
            "senderName": "张*", "senderCountry": "中国", "senderProvince": "浙江省", "senderCity": "杭州市",
            "senderArea": "余杭区",
        },
        "orderItems": items, "tmsServiceCode": found.facts.carrier, "tmsOrderCode": found.facts.waybill,
        "storeCode": found.facts.store_code, "businessModel": found.facts.business_model, "sourcePlatformCode": TMGJZY,
    });
    let now = tx.now();
    push::send(tx, &supplier.supplier_id, PushKind::Reverse, &found.code, &request.to_string(), now)
}

pub(super) fn delivered(tx: &mut Tx, code: &str) -> Result<()> {
    let mut found = reverse(tx, code)?;
    if matches!(found.state, R::Pushing | R::PushFailed) {
        found.state = SIM_REVERSE.fire(found.state, SimReverseEvent::Deliver)?;
        table::update_reverse(tx, &found)?;
    }
    Ok(())
}

pub(super) fn failed(tx: &mut Tx, code: &str, reason: &str) -> Result<()> {
    let mut found = reverse(tx, code)?;
    if found.state == R::Pushing {
        found.state = SIM_REVERSE.fire(found.state, SimReverseEvent::GiveUp)?;
        reason.clone_into(&mut found.facts.reason);
        table::update_reverse(tx, &found)?;
    }
    Ok(())
}

/// The supplier reported the stock-in: the refund is due about a working day later.
pub(super) fn stocked_in(tx: &mut Tx, found: &mut SimReverse) -> Result<()> {
    found.state = SIM_REVERSE.fire(found.state, SimReverseEvent::StockIn)?;
    let pause = supplier(tx, &found.facts.supplier_id)?.refund_seconds;
    found.refund_due = tx.now().plus(if pause > 0 { pause } else { REFUND_AFTER });
    table::update_reverse(tx, found)
}

/// Whether a consumer waits for money that is due.
pub(super) fn is_refund_due(reader: &mut Reader, now: Moment) -> Result<bool> {
    Ok(!table::due_refunds(reader, now, 1)?.is_empty())
}

/// Refunds what is due. How many.
pub fn refund_due(tx: &mut Tx, limit: i64) -> Result<usize> {
    let now = tx.now();
    let due = table::due_refunds(tx, now, limit)?;
    let count = due.len();
    for mut found in due {
        found.state = SIM_REVERSE.fire(found.state, SimReverseEvent::Refund)?;
        found.refund_due = Moment::from_unix(0);
        found.facts.refunds += 1;
        table::update_reverse(tx, &found)?;
    }
    Ok(count)
}
