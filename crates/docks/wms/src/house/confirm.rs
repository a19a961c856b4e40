//! What happened to their documents here, as their ERP is told.

use erp::order::Order;
use erp::{catalog, stock};
use store::Tx;

use super::ordered;
use crate::Result;
use crate::binding::Binding;
use crate::hub::shipment_by_no;
use crate::message::{
    self, ConfirmHead, ConfirmLine, DeliveryConfirm, DeliveryCreate, EntryConfirm, EntryConfirmHead, EntryCreate,
    IssuedLine, Package, PackageItem, ReceivedLine, ReturnConfirm, ReturnConfirmHead, ReturnCreate, Some1,
    StockOutConfirm, StockOutConfirmHead, StockOutCreate,
};

/// `ZP` good, `CC` defective.
pub(super) fn inventory_type(defect: i64) -> &'static str {
    if defect == 0 { "ZP" } else { "CC" }
}

/// What an order of ours carries of a raw order of theirs, as one parcel.
pub(super) fn parcel(order: &Order, tid: &str) -> Package {
    let mut items: Vec<PackageItem> = Vec::new();
    for line in order.lines.iter().filter(|line| line.tid == tid && line.actual_num.is_positive()) {
        match items.iter_mut().find(|item| item.item_code == line.spec_no) {
            Some(item) => item.quantity += line.actual_num,
            None => {
                items.push(PackageItem { item_code: line.spec_no.clone(), quantity: line.actual_num, more: Vec::new() })
            }
        }
    }
    Package {
        logistics_code: order.carriage.no.clone(),
        logistics_name: Some(order.carriage.name.clone()),
        express_code: order.carriage.waybill.clone(),
        items: Some1(items),
        ..Package::default()
    }
}

/// The lines of what such parcels hold.
pub(super) fn lines<'p>(parcels: impl Iterator<Item = &'p Package>) -> Vec<ConfirmLine> {
    let items = parcels.flat_map(|parcel| parcel.items.iter());
    let line = |item: &PackageItem| ConfirmLine {
        item_code: item.item_code.clone(),
        inventory_type: Some("ZP".to_owned()),
        actual_qty: Some(item.quantity),
        ..ConfirmLine::default()
    };
    items.map(line).collect()
}

/// `about` is the stock-out and the raw order of theirs in it.
pub(super) fn delivery(tx: &mut Tx, binding: &Binding, about: &str) -> Result<Option<String>> {
    let (stock_out_no, tid) = about.split_once('@').unwrap_or((about, ""));
    let Some(found) = shipment_by_no(tx, stock_out_no)? else { return Ok(None) };
    let Some((told, _)) = ordered::<DeliveryCreate>(tx, binding, tid)? else { return Ok(None) };
    let order = &found.order;
    let parcel = parcel(order, tid);
    let raw = erp::order::raw_by_tid(tx, tid)?;
    let whole = raw.is_some_and(|raw| raw.process.code() >= erp::order::ProcessStatus::Shipped.code());
    let message = DeliveryConfirm {
        order: ConfirmHead {
            code: tid.to_owned(),
            id: Some(order.no.clone()),
            warehouse_code: told.order.warehouse_code,
            order_type: told.order.order_type,
            status: Some(if whole { "DELIVERED" } else { "PARTDELIVERED" }.to_owned()),
            out_biz_code: Some(about.to_owned()),
            confirm_type: Some(i64::from(!whole)),
            order_confirm_time: found.stock_out.consigned,
            more: Vec::new(),
        },
        lines: lines(std::iter::once(&parcel)),
        packages: Some1(vec![parcel]),
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}

pub(super) fn received(come: &stock::StockIn, owner_code: &str) -> Vec<ReceivedLine> {
    let line = |line: &stock::StockInLine| ReceivedLine {
        owner_code: owner_code.to_owned(),
        item_code: line.spec_no.clone(),
        inventory_type: Some(inventory_type(line.defect).to_owned()),
        plan_qty: line.expect,
        actual_qty: line.num,
        batch_code: Some(line.batch_no.clone()).filter(|batch| !batch.is_empty()),
        ..ReceivedLine::default()
    };
    come.lines.iter().map(line).collect()
}

pub(super) fn entry(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let come = stock::stock_in_by_no(tx, no)?;
    let Some((told, _)) = ordered::<EntryCreate>(tx, binding, &come.outer_no)? else { return Ok(None) };
    let message = EntryConfirm {
        order: EntryConfirmHead {
            code: come.outer_no.clone(),
            owner_code: told.order.owner_code.clone(),
            warehouse_code: told.order.warehouse_code,
            id: Some(come.no.clone()),
            order_type: told.order.order_type,
            out_biz_code: come.no.clone(),
            confirm_type: Some(0),
            status: "FULFILLED".to_owned(),
            shop_nick: "无".to_owned(),
            shop_code: "无".to_owned(),
            operate_time: come.checked,
            more: Vec::new(),
        },
        lines: Some1(received(&come, &told.order.owner_code)),
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}

pub(super) fn returned(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let come = stock::stock_in_by_no(tx, no)?;
    let Some((told, _)) = ordered::<ReturnCreate>(tx, binding, &come.outer_no)? else { return Ok(None) };
    let owner = told.lines.first().map(|line| line.owner_code.clone()).unwrap_or_default();
    let message = ReturnConfirm {
        order: ReturnConfirmHead {
            code: come.outer_no.clone(),
            id: Some(come.no.clone()),
            warehouse_code: told.order.warehouse_code,
            out_biz_code: Some(come.no.clone()),
            order_type: told.order.order_type,
            order_confirm_time: come.checked,
            logistics_code: told.order.logistics_code,
            express_code: told.order.express_code,
            sender: told.order.sender,
            more: Vec::new(),
        },
        lines: Some1(received(&come, &owner)),
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}

pub(super) fn stock_out(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let out = stock::warehouse_out_by_no(tx, no)?;
    let Some((told, _)) = ordered::<StockOutCreate>(tx, binding, &out.outer_no)? else { return Ok(None) };
    let carrier = catalog::carrier_by_no(tx, &out.logistics_code).ok().map(|carrier| carrier.no);
    let lines = out.lines.iter().map(|line| IssuedLine {
        item_code: line.spec_no.clone(),
        inventory_type: Some(inventory_type(line.defect).to_owned()),
        actual_qty: line.num,
        ..IssuedLine::default()
    });
    let message = StockOutConfirm {
        order: StockOutConfirmHead {
            code: out.outer_no.clone(),
            id: Some(out.no.clone()),
            warehouse_code: told.order.warehouse_code,
            order_type: told.order.order_type,
            status: Some("DELIVERED".to_owned()),
            out_biz_code: Some(out.no.clone()),
            confirm_type: Some(0),
            logistics_code: carrier,
            express_code: Some(out.logistics_no.clone()).filter(|no| !no.is_empty()),
            order_confirm_time: out.consigned,
            more: Vec::new(),
        },
        packages: Vec::new(),
        lines: Some1(lines.collect()),
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}
