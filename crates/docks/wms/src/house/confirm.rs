//! What happened to their documents here, told to their ERP.

use erp::{catalog, stock};
use store::{Event, Tx};

use crate::binding::{Binding, Role};
use crate::hub::{Kind, Task, note, shipment_by_no};
use crate::message::{
    self, ConfirmHead, ConfirmLine, DeliveryConfirm, DeliveryCreate, EntryConfirm, EntryConfirmHead, EntryCreate,
    IssuedLine, Message, Package, PackageItem, ReceivedLine, ReturnConfirm, ReturnConfirmHead, ReturnCreate, Some1,
    StockOutConfirm, StockOutConfirmHead, StockOutCreate,
};
use crate::{Error, Result, table};

/// Notes what their ERP must hear of an event.
pub(crate) fn look(tx: &mut Tx, bindings: &[Binding], event: &Event) -> Result<()> {
    let ours = || bindings.iter().filter(|binding| binding.role == Role::Wms && !binding.disabled);
    if ours().next().is_none() {
        return Ok(());
    }
    match event.topic.as_str() {
        "stock_out.shipped" => {
            let Some(found) = shipment_by_no(tx, &event.key)? else { return Ok(()) };
            for (_, tid) in &found.order.raw {
                for binding in ours() {
                    if table::heard_before(tx, binding.id, DeliveryCreate::METHOD, tid)?.is_some() {
                        let about = format!("{}@{tid}", event.key);
                        note(tx, binding, event.seq, (DeliveryConfirm::METHOD, Kind::Confirm, &about))?;
                    }
                }
            }
            Ok(())
        }
        "stock_in.audited" => {
            let code = stock::stock_in_by_no(tx, &event.key)?.outer_no;
            for binding in ours() {
                for (told, answer) in
                    [(EntryCreate::METHOD, EntryConfirm::METHOD), (ReturnCreate::METHOD, ReturnConfirm::METHOD)]
                {
                    if table::heard_before(tx, binding.id, told, &code)?.is_some() {
                        note(tx, binding, event.seq, (answer, Kind::Confirm, &event.key))?;
                    }
                }
            }
            Ok(())
        }
        "warehouse_out.audited" => {
            let code = stock::warehouse_out_by_no(tx, &event.key)?.outer_no;
            for binding in ours() {
                if table::heard_before(tx, binding.id, StockOutCreate::METHOD, &code)?.is_some() {
                    note(tx, binding, event.seq, (StockOutConfirm::METHOD, Kind::Confirm, &event.key))?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The message of a confirmation.
pub(crate) fn compose(tx: &mut Tx, binding: &Binding, task: &Task) -> Result<Option<String>> {
    match &*task.method {
        DeliveryConfirm::METHOD => delivery(tx, binding, &task.doc_no),
        EntryConfirm::METHOD => entry(tx, binding, &task.doc_no),
        ReturnConfirm::METHOD => returned(tx, binding, &task.doc_no),
        StockOutConfirm::METHOD => stock_out(tx, binding, &task.doc_no),
        _ => Ok(None),
    }
}

/// What their ERP ordered, as it was heard.
fn ordered<M: Message>(tx: &mut Tx, binding: &Binding, code: &str) -> Result<Option<M>> {
    let Some(heard) = table::heard_before(tx, binding.id, M::METHOD, code)? else { return Ok(None) };
    let root = wire::xml::read(&heard.body).map_err(|error| Error::Document("message", error.to_string()))?;
    message::read(&root).map(Some).map_err(|flaw| Error::Document("message", flaw.to_string()))
}

/// `about` is the stock-out and the raw order of theirs in it.
fn delivery(tx: &mut Tx, binding: &Binding, about: &str) -> Result<Option<String>> {
    let (stock_out_no, tid) = about.split_once('@').unwrap_or((about, ""));
    let Some(found) = shipment_by_no(tx, stock_out_no)? else { return Ok(None) };
    let Some(told) = ordered::<DeliveryCreate>(tx, binding, tid)? else { return Ok(None) };
    let order = &found.order;
    let mut items: Vec<PackageItem> = Vec::new();
    for line in order.lines.iter().filter(|line| line.tid == tid && line.actual_num.is_positive()) {
        match items.iter_mut().find(|item| item.item_code == line.spec_no) {
            Some(item) => item.quantity += line.actual_num,
            None => {
                items.push(PackageItem { item_code: line.spec_no.clone(), quantity: line.actual_num, more: Vec::new() })
            }
        }
    }
    let raw = erp::order::raw_by_tid(tx, tid)?;
    let whole = raw.is_some_and(|raw| raw.process.code() >= erp::order::ProcessStatus::Shipped.code());
    let lines = items.iter().map(|item| ConfirmLine {
        item_code: item.item_code.clone(),
        inventory_type: Some("ZP".to_owned()),
        actual_qty: Some(item.quantity),
        ..ConfirmLine::default()
    });
    let lines = lines.collect();
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
        packages: Some1(vec![Package {
            logistics_code: order.carriage.no.clone(),
            logistics_name: Some(order.carriage.name.clone()),
            express_code: order.carriage.waybill.clone(),
            items: Some1(items),
            ..Package::default()
        }]),
        lines,
        more: Vec::new(),
    };
    Ok(Some(message::write(&message)))
}

fn received(come: &stock::StockIn, owner_code: &str) -> Vec<ReceivedLine> {
    let line = |line: &stock::StockInLine| ReceivedLine {
        owner_code: owner_code.to_owned(),
        item_code: line.spec_no.clone(),
        inventory_type: Some(if line.defect == 0 { "ZP" } else { "CC" }.to_owned()),
        plan_qty: line.expect,
        actual_qty: line.num,
        batch_code: Some(line.batch_no.clone()).filter(|batch| !batch.is_empty()),
        ..ReceivedLine::default()
    };
    come.lines.iter().map(line).collect()
}

fn entry(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let come = stock::stock_in_by_no(tx, no)?;
    let Some(told) = ordered::<EntryCreate>(tx, binding, &come.outer_no)? else { return Ok(None) };
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

fn returned(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let come = stock::stock_in_by_no(tx, no)?;
    let Some(told) = ordered::<ReturnCreate>(tx, binding, &come.outer_no)? else { return Ok(None) };
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

fn stock_out(tx: &mut Tx, binding: &Binding, no: &str) -> Result<Option<String>> {
    let out = stock::warehouse_out_by_no(tx, no)?;
    let Some(told) = ordered::<StockOutCreate>(tx, binding, &out.outer_no)? else { return Ok(None) };
    let carrier = catalog::carrier_by_no(tx, &out.logistics_code).ok().map(|carrier| carrier.no);
    let lines = out.lines.iter().map(|line| IssuedLine {
        item_code: line.spec_no.clone(),
        inventory_type: Some(if line.defect == 0 { "ZP" } else { "CC" }.to_owned()),
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
