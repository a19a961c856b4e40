//! Goods that will leave for others than buyers: purchase returns, transfers, outsourced orders.

use erp::catalog;
use erp::purchase::{self, ReturnStatus};
use erp::stock::{self, Direction, OutsourcedStatus, TransferStatus};
use store::Tx;
use units::{Moment, Quantity};

use super::inward::inventory_type;
use super::{given, of_place, of_stranger};
use crate::Result;
use crate::binding::Binding;
use crate::message::{self, Party, Some1, StockOutCreate, StockOutHead, StockOutLine};

struct Issue<'i> {
    no: &'i str,
    warehouse: i64,
    order_type: &'i str,
    created: Moment,
    receiver: Party,
    supplier: Option<(String, String)>,
    lines: Vec<StockOutLine>,
}

fn issue(tx: &mut Tx, binding: &Binding, issue: Issue<'_>) -> Result<Option<String>> {
    let Some(place) = binding.place_of(issue.warehouse) else { return Ok(None) };
    let sender = of_place(tx, issue.warehouse)?;
    let (supplier_code, supplier_name) = issue.supplier.map_or((None, None), |(no, name)| (given(&no), given(&name)));
    let message = StockOutCreate {
        order: StockOutHead {
            code: issue.no.to_owned(),
            order_type: issue.order_type.to_owned(),
            warehouse_code: place.code.clone(),
            create_time: issue.created,
            supplier_code,
            supplier_name,
            sender,
            receiver: issue.receiver,
            ..StockOutHead::default()
        },
        lines: Some1(issue.lines),
        more: Vec::new(),
    };
    Ok((!message.lines.is_empty()).then(|| message::write(&message)))
}

fn line(binding: &Binding, no: i64, spec_no: &str, num: Quantity, defect: i64) -> StockOutLine {
    StockOutLine {
        line_no: Some(store::wire_id(no).to_string()),
        owner_code: binding.owner_code.clone(),
        item_code: spec_no.to_owned(),
        plan_qty: num,
        inventory_type: Some(inventory_type(defect).to_owned()),
        ..StockOutLine::default()
    }
}

pub(super) fn purchase_return(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let order = purchase::return_by_no(tx, no)?;
    if !matches!(order.status, ReturnStatus::AwaitingPush | ReturnStatus::PushFailed) {
        return Ok(None);
    }
    let provider = catalog::providers_by_id(tx, &[order.provider])?.pop();
    let (receiver, supplier) = match provider {
        Some(provider) => {
            let mobile = if provider.mobile.is_empty() { &provider.telno } else { &provider.mobile };
            let name = if provider.contact.is_empty() { &provider.name } else { &provider.contact };
            (of_stranger(name, mobile, ""), Some((provider.no, provider.name)))
        }
        None => (of_stranger("", "", ""), None),
    };
    let lines = order.lines.iter().map(|of_order| {
        let num = of_order.num - of_order.stop_num - of_order.out_num;
        line(binding, of_order.id, &of_order.item.spec_no, num, 0)
    });
    let lines = lines.filter(|line| line.plan_qty.is_positive()).collect();
    let (warehouse, created) = (order.warehouse, order.created);
    issue(tx, binding, Issue { no, warehouse, order_type: "PTCK", created, receiver, supplier, lines })
}

pub(super) fn transfer(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let order = stock::transfer_by_no(tx, no)?;
    if !matches!(order.status, TransferStatus::OutAwaitingPush | TransferStatus::OutPushFailed) {
        return Ok(None);
    }
    let mut receiver = of_place(tx, order.to)?;
    for (to, from) in [
        (&mut receiver.name, &order.contact),
        (&mut receiver.mobile, &order.telno),
        (&mut receiver.detail_address, &order.address),
    ] {
        if !from.is_empty() {
            to.clone_from(from);
        }
    }
    let lines = order.lines.iter().map(|of_order| line(binding, of_order.id, &of_order.spec_no, of_order.num, 0));
    let lines = lines.collect();
    let (warehouse, created) = (order.from, order.created);
    issue(tx, binding, Issue { no, warehouse, order_type: "DBCK", created, receiver, supplier: None, lines })
}

pub(super) fn outsourced(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let (order, receiver) = stock::outsourced_by_no(tx, no)?;
    let waits = matches!(order.status, OutsourcedStatus::AwaitingPush | OutsourcedStatus::PushFailed);
    if order.direction != Direction::Out || !waits {
        return Ok(None);
    }
    let [province, city, district] = &order.region;
    let receiver = Party {
        province: super::some(province),
        city: super::some(city),
        area: given(district),
        ..of_stranger(&receiver.name, &receiver.mobile, &receiver.address)
    };
    let lines = order.lines.iter().map(|of_order| StockOutLine {
        batch_code: given(&of_order.batch_no),
        ..line(binding, of_order.id, &of_order.spec_no, of_order.num, of_order.defect)
    });
    let lines = lines.collect();
    let (warehouse, created) = (order.warehouse, order.created);
    issue(tx, binding, Issue { no, warehouse, order_type: "QTCK", created, receiver, supplier: None, lines })
}
