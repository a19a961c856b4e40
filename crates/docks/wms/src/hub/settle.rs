//! What an answer means for the document that was told of.

use erp::order::{self, Handed};
use store::Tx;

use super::task::{Kind, Task, TaskState};
use super::{WHO, in_force, shipment_by_no};
use crate::message::Answer;
use crate::{Result, limits};

/// Lets the business know, and ends the task or leaves it to a person.
pub(super) fn settle(tx: &mut Tx, task: &mut Task, answer: &Answer) -> Result<()> {
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
