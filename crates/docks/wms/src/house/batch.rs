//! Many deliveries in one call: `deliveryorder.batchcreate`. Each is taken or refused by itself; who is not taken stands in the reply, which is
//! no success then, so that nobody takes it for one. What was taken stays, and is answered as then when the batch comes again.

use store::Tx;
use wire::xml::Element;

use super::{Reply, one};
use crate::Result;
use crate::binding::Binding;
use crate::message::{self, BatchCreate, DeliveryCreate, Message};

pub(super) fn create(tx: &mut Tx, settings: &erp::Settings, binding: &Binding, root: &Element) -> Result<Reply> {
    let told: BatchCreate = match message::read(root) {
        Ok(told) => told,
        Err(flaw) => return Ok(flaw.into()),
    };
    let rows: Vec<&Element> = root.child("orders").map(|orders| orders.all("order").collect()).unwrap_or_default();
    let mut refused: Vec<(String, String)> = Vec::new();
    for (order, row) in told.orders.iter().zip(rows) {
        let (root, text) = message::alone(row);
        match one(tx, settings, binding, DeliveryCreate::METHOD, &root, &text)? {
            Reply::Refused(why) => refused.push((order.order.code.clone(), why)),
            Reply::Done(_) | Reply::Rows(_) | Reply::Partly(..) | Reply::NotServed(_) => {}
        }
    }
    if refused.is_empty() {
        return Ok(Reply::Done(Vec::new()));
    }
    let why = format!("{}单中{}单未接收", told.orders.len(), refused.len());
    let rows = move |out: &mut wire::xml::Writer| {
        out.open("orders");
        for (code, why) in &refused {
            out.open("order");
            out.element("deliveryOrderCode", code);
            out.element("message", why);
            out.close("order");
        }
        out.close("orders");
    };
    Ok(Reply::Partly(why, Box::new(rows)))
}
