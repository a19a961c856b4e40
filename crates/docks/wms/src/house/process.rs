//! Work inside the warehouse (加工): materials leave the stock, products come into it. Two documents that wait for their audit; when both are
//! audited the work is confirmed.

use erp::stock::{
    self, NewStockIn, NewStockInLine, NewStockOut, NewStockOutLine, StockIn, StockInStatus, WarehouseOut,
};
use erp::{Settings, inout};
use store::{Event, Reader, Tx};

use super::ordered;
use super::take::{defect, known, place};
use crate::Result;
use crate::binding::Binding;
use crate::hub::{Heard, Kind, note};
use crate::message::{self, Message, ProcessItem, Some1, StoreProcessConfirm, StoreProcessCreate};

/// `storeprocess.create`: the numbers of the two documents, `CK…/RK…`.
pub(super) fn take(tx: &mut Tx, settings: &Settings, binding: &Binding, told: &StoreProcessCreate) -> Result<String> {
    let place = place(binding, &told.warehouse_code)?;
    known(tx, told.materials.iter().chain(told.products.iter()).map(|item| item.item_code.as_str()))?;
    let materials = told.materials.iter().map(|item| NewStockOutLine {
        spec_no: item.item_code.clone(),
        num: item.quantity,
        defect: defect(item.inventory_type.as_ref()),
        ..NewStockOutLine::default()
    });
    let out = NewStockOut {
        outer_no: told.code.clone(),
        warehouse_no: place.no.clone(),
        remark: format!("{} 加工领料", binding.owner_code),
        lines: materials.collect(),
        ..NewStockOut::default()
    };
    let products = told.products.iter().map(|item| NewStockInLine {
        spec_no: item.item_code.clone(),
        num: item.quantity,
        defect: defect(item.inventory_type.as_ref()),
        ..NewStockInLine::default()
    });
    let come = NewStockIn {
        outer_no: told.code.clone(),
        warehouse_no: place.no.clone(),
        create_batch: true,
        remark: format!("{} 加工成品", binding.owner_code),
        lines: products.collect(),
        ..NewStockIn::default()
    };
    let out = stock::push_other_stock_out(tx, settings, &out)?;
    let come = stock::push_other_stock_in(tx, settings, &come)?;
    Ok(format!("{}/{}", out.no, come.no))
}

fn documents(reader: &mut Reader, heard: &Heard) -> Result<(WarehouseOut, StockIn)> {
    let (out, come) = heard.number.split_once('/').unwrap_or_default();
    Ok((stock::warehouse_out_by_no(reader, out)?, stock::stock_in_by_no(reader, come)?))
}

/// Both documents, or none.
pub(super) fn cancel(tx: &mut Tx, settings: &Settings, heard: &Heard) -> erp::Result<()> {
    let (out, come) = heard.number.split_once('/').unwrap_or_default();
    inout::cancel_stock_out(tx, settings, out)?;
    inout::cancel_stock_in(tx, settings, come)?;
    Ok(())
}

/// Whether a document is one of a work order of theirs; if both are audited, the confirmation is noted.
pub(super) fn look(tx: &mut Tx, binding: &Binding, event: &Event, code: &str) -> Result<bool> {
    let Some((_, heard)) = ordered::<StoreProcessCreate>(tx, binding, code)? else { return Ok(false) };
    let (out, come) = documents(tx, &heard)?;
    if out.no != event.key && come.no != event.key {
        return Ok(false);
    }
    if out.consigned.is_some() && come.checked.is_some() {
        note(tx, binding, event.seq, (StoreProcessConfirm::METHOD, Kind::Confirm, code))?;
    }
    Ok(true)
}

pub(super) fn confirm(tx: &mut Tx, binding: &Binding, code: &str) -> Result<Option<String>> {
    let Some((told, heard)) = ordered::<StoreProcessCreate>(tx, binding, code)? else { return Ok(None) };
    let (out, come) = documents(tx, &heard)?;
    let (Some(left), Some(came)) = (out.consigned, come.checked) else { return Ok(None) };
    if come.status == StockInStatus::Cancelled {
        return Ok(None);
    }
    let item = |spec_no: &str, quantity, defect| ProcessItem {
        item_code: spec_no.to_owned(),
        quantity,
        inventory_type: Some(super::confirm::inventory_type(defect).to_owned()),
        ..ProcessItem::default()
    };
    let message = StoreProcessConfirm {
        code: code.to_owned(),
        id: Some(heard.number),
        out_biz_code: code.to_owned(),
        order_type: told.order_type,
        owner_code: told.owner_code,
        warehouse_code: Some(told.warehouse_code),
        complete_time: left.max(came),
        materials: Some1(out.lines.iter().map(|line| item(&line.spec_no, line.num, line.defect)).collect()),
        products: Some1(come.lines.iter().map(|line| item(&line.spec_no, line.num, line.defect)).collect()),
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}
