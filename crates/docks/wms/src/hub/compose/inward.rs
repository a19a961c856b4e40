//! Goods that will come in: purchases, transfers, outsourced orders, returns.

use erp::aftersale::{self, RefundKind, RefundStatus};
use erp::purchase::{self, PurchaseStatus};
use erp::stock::{self, Direction, OutsourcedStatus, TransferStatus};
use erp::{catalog, order};
use store::Tx;
use units::{Moment, Quantity};

use super::{given, of_place, of_stranger, some};
use crate::Result;
use crate::binding::Binding;
use crate::message::{self, EntryCreate, EntryHead, EntryLine, Party, ReturnCreate, ReturnHead, ReturnLine, Some1};

/// What an entry order says, whatever it is for.
struct Entry<'e> {
    no: &'e str,
    warehouse: i64,
    order_type: &'e str,
    created: Moment,
    expected: Option<Moment>,
    sender: Party,
    supplier: Option<(String, String)>,
    lines: Vec<EntryLine>,
}

fn entry(tx: &mut Tx, binding: &Binding, entry: Entry<'_>) -> Result<Option<String>> {
    let Some(place) = binding.place_of(entry.warehouse) else { return Ok(None) };
    let receiver = of_place(tx, entry.warehouse)?;
    let (supplier_code, supplier_name) = entry.supplier.map_or((None, None), |(no, name)| (given(&no), given(&name)));
    let message = EntryCreate {
        order: EntryHead {
            code: entry.no.to_owned(),
            owner_code: binding.owner_code.clone(),
            warehouse_code: place.code.clone(),
            order_create_time: Some(entry.created),
            order_type: Some(entry.order_type.to_owned()),
            expect_start_time: entry.expected,
            supplier_code,
            supplier_name,
            sender: entry.sender,
            receiver,
            ..EntryHead::default()
        },
        lines: Some1(entry.lines),
        more: Vec::new(),
    };
    Ok((!message.lines.is_empty()).then(|| message::write(&message)))
}

fn line(binding: &Binding, no: i64, spec_no: &str, num: Quantity, defect: i64) -> EntryLine {
    EntryLine {
        line_no: Some(store::wire_id(no).to_string()),
        owner_code: binding.owner_code.clone(),
        item_code: spec_no.to_owned(),
        plan_qty: num,
        inventory_type: Some(inventory_type(defect).to_owned()),
        ..EntryLine::default()
    }
}

/// `ZP` good, `CC` defective.
pub(super) fn inventory_type(defect: i64) -> &'static str {
    if defect == 0 { "ZP" } else { "CC" }
}

pub(super) fn purchase(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let order = purchase::order_by_no(tx, no)?;
    if !matches!(order.status, PurchaseStatus::AwaitingPush | PurchaseStatus::PushFailed) {
        return Ok(None);
    }
    let provider = catalog::providers_by_id(tx, &[order.provider])?.pop();
    let (sender, supplier) = match provider {
        Some(provider) => {
            let mobile = if provider.mobile.is_empty() { &provider.telno } else { &provider.mobile };
            let name = if provider.contact.is_empty() { &provider.name } else { &provider.contact };
            (of_stranger(name, mobile, ""), Some((provider.no, provider.name)))
        }
        None => (of_stranger("", "", ""), None),
    };
    let lines = order.lines.iter().map(|of_order| EntryLine {
        item_name: given(&of_order.item.goods_name),
        purchase_price: Some(of_order.terms.net()),
        ..line(binding, of_order.id, &of_order.item.spec_no, of_order.num - of_order.stopwait_num, 0)
    });
    let lines = lines.filter(|line| line.plan_qty.is_positive()).collect();
    let expected = order.facts.expect_arrive;
    let (warehouse, created) = (order.warehouse, order.created);
    entry(tx, binding, Entry { no, warehouse, order_type: "CGRK", created, expected, sender, supplier, lines })
}

pub(super) fn transfer(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let order = stock::transfer_by_no(tx, no)?;
    if !matches!(order.status, TransferStatus::InAwaitingPush | TransferStatus::InPushFailed) {
        return Ok(None);
    }
    let sender = of_place(tx, order.from)?;
    let lines = order.lines.iter().map(|of_order| line(binding, of_order.id, &of_order.spec_no, of_order.out_num, 0));
    let lines = lines.filter(|line| line.plan_qty.is_positive()).collect();
    let (warehouse, created) = (order.to, order.created);
    entry(
        tx,
        binding,
        Entry { no, warehouse, order_type: "DBRK", created, expected: None, sender, supplier: None, lines },
    )
}

pub(super) fn outsourced(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let (order, receiver) = stock::outsourced_by_no(tx, no)?;
    let waits = matches!(order.status, OutsourcedStatus::AwaitingPush | OutsourcedStatus::PushFailed);
    if order.direction != Direction::In || !waits {
        return Ok(None);
    }
    let sender = of_stranger(&receiver.name, &receiver.mobile, &receiver.address);
    let lines = order.lines.iter().map(|of_order| EntryLine {
        batch_code: given(&of_order.batch_no),
        ..line(binding, of_order.id, &of_order.spec_no, of_order.num, of_order.defect)
    });
    let lines = lines.collect();
    let (warehouse, created) = (order.warehouse, order.created);
    entry(
        tx,
        binding,
        Entry { no, warehouse, order_type: "QTRK", created, expected: None, sender, supplier: None, lines },
    )
}

pub(super) fn refund(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let refund = aftersale::refund_by_no(tx, no)?;
    let waits = matches!(refund.status, RefundStatus::AwaitingPush | RefundStatus::PushFailed);
    let (Some(place), true) = (binding.place_of(refund.warehouse), waits) else { return Ok(None) };
    // The warehouse knows the order by its stock-out.
    let left = order::stock_outs_of(tx, refund.order)?.pop().map(|out| out.no);
    let people = &refund.people;
    let name = if people.return_name.is_empty() { &people.receiver_name } else { &people.return_name };
    let mobile = if people.return_mobile.is_empty() { &people.return_telno } else { &people.return_mobile };
    let mobile = if mobile.is_empty() { &people.receiver_telno } else { mobile };
    let reason = some(&refund.reason);
    let lines = refund.lines.iter().map(|of_refund| ReturnLine {
        line_no: Some(store::wire_id(of_refund.id).to_string()),
        source_order_code: given(&of_refund.tid),
        sub_source_order_code: given(&of_refund.oid),
        owner_code: binding.owner_code.clone(),
        item_code: of_refund.spec_no.clone(),
        inventory_type: Some("ZP".to_owned()),
        plan_qty: of_refund.num,
        order_flag: "0".to_owned(),
        return_reason: reason.clone(),
        ..ReturnLine::default()
    });
    let message = ReturnCreate {
        order: ReturnHead {
            code: no.to_owned(),
            warehouse_code: place.code.clone(),
            order_type: Some(if refund.kind == RefundKind::Exchange { "HHRK" } else { "XTRK" }.to_owned()),
            pre_delivery_order_code: left.unwrap_or_else(|| some(&refund.order_no)),
            logistics_code: "OTHER".to_owned(),
            logistics_name: given(&refund.parcel.name),
            express_code: given(&refund.parcel.no),
            return_reason: given(&refund.reason),
            buyer_nick: given(&people.nick),
            sender: of_stranger(name, mobile, &people.receiver_address),
            ..ReturnHead::default()
        },
        lines: Some1(lines.collect()),
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}
