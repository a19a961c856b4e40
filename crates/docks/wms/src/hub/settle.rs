//! What an answer means for the document that was told of.

use erp::order::{self, Handed};
use erp::purchase::{self, PushOutcome};
use erp::stock::WmsFigure;
use erp::{aftersale, stock};
use store::Tx;

use super::task::{Kind, Task, TaskState};
use super::{WHO, in_force, project, shipment_by_no};
use wire::xml::Element;

use crate::message::{Answer, At, OrderPending, Part, StockAnswer};
use crate::{Result, limits, table};

/// Lets the business know, and ends the task or leaves it to a person.
pub(super) fn settle(tx: &mut Tx, settings: &erp::Settings, task: &mut Task, answer: &Answer) -> Result<()> {
    let said = match answer {
        Answer::Success(root) => Ok(root),
        Answer::Failure { code, message } => {
            let why = format!("{code} {message}");
            Err(why.trim().chars().take(limits::REASON).collect::<String>())
        }
        Answer::Unclear(why) => Err(why.clone()),
    };
    task.problem = said.as_ref().err().cloned().unwrap_or_default();
    let number = |name: &str| said.as_ref().ok().and_then(|root| root.text_of(name)).unwrap_or_default().trim();
    let settled = match (&*task.method, task.kind) {
        ("deliveryorder.create", Kind::Sale) => {
            // A refusal after an attempt of which nothing is known may mean that the order is there already.
            let handed = match &said {
                Ok(_) => Handed::Accepted(number("deliveryOrderId").to_owned()),
                Err(why) if task.unclear > 0 => Handed::Unanswered(why.clone()),
                Err(why) => Handed::Refused(why.clone()),
            };
            of_sale(tx, &task.doc_no, |tx, no| order::handed_over(tx, no, &handed))?;
            said.is_ok()
        }
        ("order.cancel", Kind::Sale) => {
            let given = said.as_ref().map(|_| ()).map_err(String::as_str);
            of_sale(tx, &task.doc_no, |tx, no| order::gave_back(tx, no, given, WHO))?;
            // A refusal is an answer: the order stays where it is.
            true
        }
        ("order.pending", Kind::Sale) => {
            let hold = task.exchange.sent.contains(OrderPending::HOLD);
            let done = said.as_ref().map(|_| hold).map_err(String::as_str);
            late(order::note_held(tx, &task.doc_no, done, WHO))?;
            // A warehouse that does not do this says so; the order's own interception stays.
            true
        }
        ("entryorder.create", Kind::Purchase) => {
            let outcome = outcome(&said, number("entryOrderId"));
            late(purchase::order_pushed(tx, settings, &task.doc_no, &outcome))?;
            said.is_ok()
        }
        ("stockout.create", Kind::PurchaseReturn) => {
            let outcome = outcome(&said, number("deliveryOrderId"));
            late(purchase::return_pushed(tx, settings, &task.doc_no, &outcome))?;
            said.is_ok()
        }
        ("stockout.create" | "entryorder.create", Kind::TransferOut | Kind::TransferIn) => {
            let id = if task.kind == Kind::TransferOut { "deliveryOrderId" } else { "entryOrderId" };
            let said = said.as_ref().map(|_| number(id)).map_err(String::as_str);
            late(stock::transfer_pushed(tx, &task.doc_no, said))?;
            said.is_ok()
        }
        (method @ ("stockout.create" | "entryorder.create"), Kind::Outsourced) => {
            let id = if method == "stockout.create" { "deliveryOrderId" } else { "entryOrderId" };
            let id = Some(number(id)).filter(|id| !id.is_empty()).unwrap_or(&task.doc_no);
            let said = said.as_ref().map(|_| id).map_err(String::as_str);
            late(stock::outsourced_pushed(tx, &task.doc_no, said))?;
            said.is_ok()
        }
        ("returnorder.create", Kind::Refund) => {
            let said = said.as_ref().map(|_| number("returnOrderId")).map_err(String::as_str);
            late(aftersale::announce_result(tx, &task.doc_no, said, WHO))?;
            said.is_ok()
        }
        ("inventory.query", Kind::Item) => {
            if let Ok(root) = &said {
                stock_answer(tx, settings, task, root)?;
            }
            said.is_ok()
        }
        _ => said.is_ok(),
    };
    task.state = if settled { TaskState::Done } else { TaskState::Dead };
    Ok(())
}

/// Nobody knows whether the message arrived.
pub(super) fn unknown(tx: &mut Tx, task: &Task, why: &str) -> Result<()> {
    if (&*task.method, task.kind) == ("deliveryorder.create", Kind::Sale) {
        let handed = Handed::Unanswered(why.chars().take(limits::REASON).collect());
        of_sale(tx, &task.doc_no, |tx, no| order::handed_over(tx, no, &handed))?;
    }
    Ok(())
}

/// Does something to the order of a stock-out. An answer that comes after something else has happened to it (it was shipped, or
/// given back) changes nothing.
fn of_sale<T>(tx: &mut Tx, stock_out_no: &str, act: impl FnOnce(&mut Tx, &str) -> erp::Result<T>) -> Result<()> {
    let Some(found) = shipment_by_no(tx, stock_out_no)?.filter(in_force) else { return Ok(()) };
    match act(tx, &found.order.no) {
        Ok(_) | Err(erp::Error::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn outcome(said: &std::result::Result<&Element, String>, number: &str) -> PushOutcome {
    match said {
        Ok(_) => PushOutcome::Accepted(number.to_owned()),
        Err(why) => PushOutcome::Failed(why.clone()),
    }
}

/// An answer that comes after something else has happened to the document changes nothing.
fn late<T>(done: erp::Result<T>) -> Result<()> {
    match done {
        Ok(_) | Err(erp::Error::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// What lies there, noted beside what we have.
fn stock_answer(tx: &mut Tx, settings: &erp::Settings, task: &mut Task, root: &Element) -> Result<()> {
    let (warehouse_no, page) = task.doc_no.split_once('#').unwrap_or((&task.doc_no, "0"));
    let answer = match StockAnswer::read(root, &At::root("response")) {
        Ok(answer) => answer,
        Err(flaw) => {
            task.problem = flaw.to_string();
            return Ok(());
        }
    };
    let mut figures: Vec<WmsFigure> = Vec::new();
    for row in &answer.items {
        let defect = i64::from(row.inventory_type != "ZP");
        match figures.iter_mut().find(|known| known.spec_no == row.item_code && known.defect == defect) {
            Some(known) => {
                known.stock += row.quantity;
                known.preempty += row.lock_quantity;
            }
            None => figures.push(WmsFigure {
                spec_no: row.item_code.clone(),
                defect,
                stock: row.quantity,
                preempty: row.lock_quantity,
            }),
        }
    }
    if let Err(erp::Error::Refused(refusal)) = stock::report_wms_stock(tx, settings, warehouse_no, &figures) {
        task.problem = refusal.to_string();
    }
    if let (Ok(page), Some(binding), false) =
        (page.parse::<i64>(), table::binding(tx, task.binding)?, figures.is_empty())
    {
        // The next page; the last one asks about nothing and is dropped.
        let next = format!("{warehouse_no}#{}", page + 1);
        project::note(tx, &binding, 0, ("inventory.query", Kind::Item, &next))?;
    }
    Ok(())
}
