//! What an outsourced order is; making, auditing, pushing and cancelling it.

use serde::{Deserialize, Serialize};
use store::Tx;
use units::{Moment, Money, Quantity};

use super::outsourced_by_no;
use super::status::{Direction, OUTSOURCED, OutsourcedEvent, OutsourcedStatus};
use crate::document::is_default;
use crate::stock::table;
use crate::{Refusal, Result, Settings, catalog};

/// An outsourced order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutsourcedOrder {
    /// Key.
    pub id: i64,
    /// Number (WK…).
    pub no: String,
    /// The caller's number, unique over these orders of the merchant.
    pub outer_no: String,
    /// Which way the goods go.
    pub direction: Direction,
    /// Warehouse key.
    pub warehouse: i64,
    /// State.
    pub status: OutsourcedStatus,
    /// Carrier key; 0 = none.
    pub carrier: i64,
    /// Its name.
    pub logistics_name: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight.
    pub logistics_fee: Money,
    /// Other cost.
    pub other_fee: Money,
    /// Names of province, city and district, as they came.
    pub region: [String; 3],
    /// Number under which the warehouse has it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub wms_no: String,
    /// Why the last push failed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub error: String,
    /// Remark.
    pub remark: String,
    /// The lines.
    pub lines: Vec<OutsourcedLine>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A line of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutsourcedLine {
    /// Key.
    pub id: i64,
    /// Spec key.
    pub spec: i64,
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Pieces ordered.
    pub num: Quantity,
    /// Pieces moved.
    pub moved: Quantity,
    /// Price of a piece.
    pub price: Money,
    /// Batch.
    #[serde(skip_serializing_if = "is_default")]
    pub batch_no: String,
    /// Expires when.
    #[serde(skip_serializing_if = "is_default")]
    pub expire_date: Option<Moment>,
    /// Shelf life, days.
    #[serde(skip_serializing_if = "is_default")]
    pub validity_days: i64,
    /// Remark.
    #[serde(skip_serializing_if = "is_default")]
    pub remark: String,
}

/// Who receives the goods; kept sealed.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receiver {
    /// Name.
    pub name: String,
    /// Street address.
    pub address: String,
    /// Mobile.
    pub mobile: String,
    /// Telephone.
    pub telno: String,
}

/// An outsourced order to make.
#[derive(Clone)]
pub struct NewOutsourced {
    /// The caller's number.
    pub outer_no: String,
    /// Number of an outsourced warehouse.
    pub warehouse_no: String,
    /// Which way the goods go.
    pub direction: Direction,
    /// Audit at once.
    pub audit: bool,
    /// Carrier number; empty = none.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight.
    pub logistics_fee: Money,
    /// Other cost.
    pub other_fee: Money,
    /// Names of province, city and district.
    pub region: [String; 3],
    /// Who receives the goods.
    pub receiver: Receiver,
    /// Remark.
    pub remark: String,
    /// The lines.
    pub lines: Vec<NewOutsourcedLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewOutsourcedLine {
    /// Merchant code.
    pub spec_no: String,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// Pieces, more than zero.
    pub num: Quantity,
    /// Price of a piece.
    pub price: Money,
    /// Batch.
    pub batch_no: String,
    /// Expires when.
    pub expire_date: Option<Moment>,
    /// Shelf life, days.
    pub validity_days: i64,
    /// Remark.
    pub remark: String,
}

/// Makes an outsourced order; audited, it waits for its push to the warehouse.
pub fn push_outsourced(tx: &mut Tx, settings: &Settings, new: &NewOutsourced) -> Result<OutsourcedOrder> {
    if table::outsourced_by_outer_no(tx, &new.outer_no)?.is_some() {
        return Err(Refusal::OuterNoUsed { field: "api_outer_no", no: new.outer_no.clone() }.into());
    }
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    if !warehouse.outsourced() {
        return Err(Refusal::WarehouseOwn(warehouse.no).into());
    }
    let (carrier, logistics_name) = if new.logistics_code.is_empty() {
        (0, String::new())
    } else {
        let carrier = catalog::carrier_by_no(tx, &new.logistics_code)?;
        (carrier.id, carrier.name)
    };
    let specs = catalog::specs_by_no(tx, new.lines.iter().map(|line| &*line.spec_no))?;
    let mut lines = Vec::with_capacity(new.lines.len());
    for line in &new.lines {
        let spec = specs.get(&line.spec_no).ok_or_else(|| Refusal::SpecUnknown(line.spec_no.clone()))?;
        if !line.num.is_positive() {
            return Err(Refusal::BadNumber { field: "num", why: "应大于0" }.into());
        }
        if line.price.is_negative() {
            return Err(Refusal::BadNumber { field: "price", why: "不能小于0" }.into());
        }
        lines.push(OutsourcedLine {
            spec: spec.id,
            spec_no: spec.no.clone(),
            defect: line.defect,
            num: line.num,
            price: line.price,
            batch_no: line.batch_no.clone(),
            expire_date: line.expire_date,
            validity_days: line.validity_days,
            remark: line.remark.clone(),
            ..OutsourcedLine::default()
        });
    }
    let counter = tx.next(&settings.stock.outsourced_number.stem(tx.now()))?;
    let mut order = OutsourcedOrder {
        id: tx.document_id("outsourced_order")?,
        no: settings.stock.outsourced_number.write(tx.now(), counter),
        outer_no: new.outer_no.clone(),
        direction: new.direction,
        warehouse: warehouse.id,
        status: OutsourcedStatus::AwaitingAudit,
        carrier,
        logistics_name,
        logistics_no: new.logistics_no.clone(),
        logistics_fee: new.logistics_fee,
        other_fee: new.other_fee,
        region: new.region.clone(),
        wms_no: String::new(),
        error: String::new(),
        remark: new.remark.clone(),
        lines,
        created: tx.now(),
        modified: tx.now(),
    };
    for line in &mut order.lines {
        line.id = tx.document_id("outsourced_line")?;
    }
    tx.event("outsourced.created", &order.no, &serde_json::json!({ "outer_no": order.outer_no }))?;
    if new.audit {
        turn(tx, &mut order, OutsourcedEvent::Audit)?;
    }
    table::save_outsourced(tx, &order, &new.receiver)?;
    Ok(order)
}

fn turn(tx: &mut Tx, order: &mut OutsourcedOrder, event: OutsourcedEvent) -> Result<()> {
    order.status = OUTSOURCED.fire(order.status, event)?;
    order.modified = tx.now();
    tx.event("outsourced.changed", &order.no, &serde_json::json!({ "status": order.status, "error": order.error }))?;
    Ok(())
}

/// Audits an outsourced order.
pub fn audit_outsourced(tx: &mut Tx, no: &str) -> Result<OutsourcedOrder> {
    let (mut order, receiver) = outsourced_by_no(tx, no)?;
    turn(tx, &mut order, OutsourcedEvent::Audit)?;
    table::save_outsourced(tx, &order, &receiver)?;
    Ok(order)
}

/// Cancels an outsourced order of which nothing has moved.
pub fn cancel_outsourced(tx: &mut Tx, no: &str) -> Result<OutsourcedOrder> {
    let (mut order, receiver) = outsourced_by_no(tx, no)?;
    turn(tx, &mut order, OutsourcedEvent::Cancel)?;
    table::save_outsourced(tx, &order, &receiver)?;
    Ok(order)
}

/// What the warehouse said to the order: its number there, or why it will not have it.
pub fn outsourced_pushed(tx: &mut Tx, no: &str, answer: std::result::Result<&str, &str>) -> Result<OutsourcedOrder> {
    let (mut order, receiver) = outsourced_by_no(tx, no)?;
    let event = match (answer, order.direction) {
        (Ok(_), Direction::Out) => OutsourcedEvent::PushedOut,
        (Ok(_), Direction::In) => OutsourcedEvent::PushedIn,
        (Err(_), _) => OutsourcedEvent::PushFailed,
    };
    if let Ok(number) = answer {
        order.wms_no = number.to_owned();
    }
    order.error = answer.err().unwrap_or_default().to_owned();
    turn(tx, &mut order, event)?;
    table::save_outsourced(tx, &order, &receiver)?;
    Ok(order)
}
