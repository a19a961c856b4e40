//! Questions of a warehouse's system: who an order goes to (`receiverinfo.query`; fact sheet qimen, D3).

use store::Tx;
use wire::xml::Element;

use super::{WHO, compose, in_force, shipment_by_no};
use crate::binding::Binding;
use crate::house::Reply;
use crate::message::{self, ReceiverAnswer, ReceiverQuery};
use crate::{Result, coverage};

pub(super) fn answer(tx: &mut Tx, binding: &Binding, method: &str, root: &Element) -> Result<Reply> {
    if let Some(why) = coverage::why_not(method) {
        return Ok(Reply::NotServed(why));
    }
    match message::read::<ReceiverQuery>(root) {
        Ok(asked) => receiver(tx, binding, &asked),
        Err(flaw) => Ok(flaw.into()),
    }
}

/// Only of an order that this warehouse is to ship or has shipped.
fn receiver(tx: &mut Tx, binding: &Binding, asked: &ReceiverQuery) -> Result<Reply> {
    let found = shipment_by_no(tx, &asked.code)?.filter(in_force);
    let Some(found) = found.filter(|found| binding.place_of(found.stock_out.warehouse).is_some()) else {
        return Ok(Reply::Refused(format!("没有出库单{}", asked.code)));
    };
    let body = serde_json::json!({
        "stockout_no": asked.code, "customer_id": binding.customer_id, "scene": asked.scene, "by": WHO,
    });
    tx.event("order.receiver_shown", &found.order.no, &body)?;
    let mut receiver = compose::receiver(&found);
    receiver.oaid.clone_from(&asked.oaid);
    let answer = ReceiverAnswer { receiver, more: Vec::new() };
    Ok(Reply::Rows(Box::new(move |out| message::put(&answer, out))))
}
