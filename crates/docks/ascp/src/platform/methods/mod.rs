//! The methods of TOP that the simulator plays, one file a family. Each decodes, checks, changes its own state, answers in the
//! reduced form. What clients leave out when it is zero or false counts as zero or false (fact sheet ascp-direct, section 6).

mod consign;
mod goods;
mod reverse;
mod stock;
mod waybill;

use gateway::PlayedCall;
use serde_json::{Value, json};
use store::Tx;
use wire::args::{Arguments, Problem};
use wire::params::Params;

use super::error::{Error, Result, top};
use super::supplier::{SimSupplier, of_session};
use super::table;
use crate::messages::CallKind;

/// Carries a call out. A refusal of the business changes nothing.
pub(super) fn run(tx: &mut Tx, kind: CallKind, call: &PlayedCall) -> Result<Value> {
    if kind == CallKind::Companies {
        return Ok(goods::companies());
    }
    let supplier = of_session(tx, &call.app_key, call.param("session"))?;
    match kind {
        CallKind::Received => consign::received(tx, &supplier, &decode(call)?),
        CallKind::Ship => consign::ship(tx, &supplier, &decode(call)?),
        CallKind::OutOfStock => consign::out_of_stock(tx, &supplier, &decode(call)?),
        CallKind::CancelFeedback => consign::cancel_feedback(tx, &supplier, &decode(call)?),
        CallKind::TmsChange => consign::tms_change(tx, &supplier, &decode(call)?),
        CallKind::ReturnFeedback => reverse::feedback(tx, &supplier, &decode(call)?),
        CallKind::ReturnArrived => reverse::arrived(tx, &supplier, &decode(call)?),
        CallKind::ReturnCreate => reverse::create(tx, &supplier, &decode(call)?),
        CallKind::StockPublish => stock::publish(tx, &supplier, &decode(call)?),
        CallKind::StockQuery => stock::query(tx, &supplier, &decode(call)?),
        CallKind::Goods => goods::list(tx, &supplier, &decode(call)?),
        CallKind::Waybill => waybill::draw(tx, &supplier, &decode(call)?),
        CallKind::Precheck => waybill::precheck(tx, &supplier, &decode(call)?),
        CallKind::Companies => Ok(goods::companies()),
    }
}

/// The answer of a call that was not refused by TOP: success or failure of the business, under its member.
pub(super) fn answer(kind: CallKind, outcome: Result<Value>) -> Result<String> {
    let value = match outcome {
        Ok(value) => value,
        Err(Error::No { code, message }) => {
            json!({ "success": false, "error_code": code, "error_message": message, "retry": code == "SIM_TEMPORARY" })
        }
        Err(other) => return Err(other),
    };
    Ok(json!({ kind.answer(): value }).to_string())
}

/// The plain answer.
fn done() -> Value {
    json!({ "success": true, "retry": false })
}

/// The arguments, or TOP's 40 and 41.
fn decode<A: Arguments>(call: &PlayedCall) -> Result<A> {
    let pairs = call.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let params = Params::of_pairs(pairs)
        .map_err(|error| top(41, "Invalid arguments", "isv.invalid-parameter:parameters", &error.to_string()))?;
    A::decode_root(&params).map_err(|refusal| match refusal.problem {
        Problem::Missing | Problem::Empty => top(
            40,
            "Missing required arguments",
            &format!("isv.missing-parameter:{}", refusal.path),
            &refusal.to_string(),
        ),
        _ => top(41, "Invalid arguments", &format!("isv.invalid-parameter:{}", refusal.path), &refusal.to_string()),
    })
}

/// Answers once: the same key again gets the first answer, without effect.
fn once(tx: &mut Tx, supplier: &SimSupplier, key: &str, run: impl FnOnce(&mut Tx) -> Result<Value>) -> Result<Value> {
    let key = format!("{}:{key}", supplier.supplier_id);
    if let Some(kept) = table::answered(tx, &key)? {
        return Ok(serde_json::from_str(&kept).unwrap_or_else(|_| done()));
    }
    let value = run(tx)?;
    table::remember(tx, &key, &value.to_string())?;
    Ok(value)
}
