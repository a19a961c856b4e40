//! The built-in ERP as somebody's warehouse: what their ERP orders becomes documents here, what happens to those is confirmed to them.
//!
//! `take` makes the documents, `give_back` lets them have one back, `ask` answers their questions, `confirm` writes the
//! confirmations; when one is due is seen in the event log like everything else (`hub/project.rs`).

mod ask;
mod confirm;
mod give_back;
mod take;

use store::Tx;
use wire::xml::{Element, Writer};

pub(crate) use confirm::{compose, look};

use crate::binding::Binding;
use crate::hub::{Heard, HeardState};
use crate::message::{
    self, DeliveryCreate, EntryCreate, Flaw, ItemSynchronize, ItemsSynchronize, Message, OrderCancel, ReturnCreate,
    StockOutCreate,
};
use crate::{Error, Result, table};

/// What their ERP is answered.
pub(crate) enum Reply {
    /// It is done; what the reply adds to its three members.
    Done(Vec<(&'static str, String)>),
    /// A list that the reply adds.
    Rows(Box<dyn Fn(&mut Writer) + Send>),
    /// It is refused; the text is for people.
    Refused(String),
}

impl From<Flaw> for Reply {
    fn from(flaw: Flaw) -> Self {
        Self::Refused(flaw.to_string())
    }
}

/// The document that a message is about, which also tells whether it is one.
pub(crate) fn about(method: &str, root: &Element) -> std::result::Result<String, Flaw> {
    Ok(match method {
        DeliveryCreate::METHOD => message::read::<DeliveryCreate>(root)?.order.code,
        EntryCreate::METHOD => message::read::<EntryCreate>(root)?.order.code,
        ReturnCreate::METHOD => message::read::<ReturnCreate>(root)?.order.code,
        StockOutCreate::METHOD => message::read::<StockOutCreate>(root)?.order.code,
        OrderCancel::METHOD => message::read::<OrderCancel>(root)?.order_code,
        ItemSynchronize::METHOD => message::read::<ItemSynchronize>(root)?.item.code,
        ItemsSynchronize::METHOD => {
            let told: ItemsSynchronize = message::read(root)?;
            told.items.first().map(|item| item.code.clone()).unwrap_or_default()
        }
        _ => String::new(),
    })
}

/// A command of their ERP: carried out, and kept, in one unit. A creation that came before is answered as then.
pub(crate) fn serve(
    tx: &mut Tx,
    settings: &erp::Settings,
    binding: &Binding,
    method: &str,
    root: &Element,
    text: &str,
) -> Result<Reply> {
    let doc_no = match about(method, root) {
        Ok(doc_no) => doc_no,
        Err(flaw) => return Ok(flaw.into()),
    };
    let creates = [DeliveryCreate::METHOD, EntryCreate::METHOD, ReturnCreate::METHOD, StockOutCreate::METHOD];
    let once = creates.contains(&method);
    if once && let Some(mut known) = table::heard_before(tx, binding.id, method, &doc_no)? {
        known.repeats += 1;
        table::save_heard(tx, &known)?;
        return Ok(Reply::Done(take::numbers(method, &known.number)));
    }
    let done = tx.attempt(|tx| match method {
        DeliveryCreate::METHOD => take::delivery(tx, settings, binding, &message::read(root).map_err(flawed)?),
        EntryCreate::METHOD => take::entry(tx, settings, binding, &message::read(root).map_err(flawed)?),
        ReturnCreate::METHOD => take::returned(tx, settings, binding, &message::read(root).map_err(flawed)?),
        StockOutCreate::METHOD => take::stock_out(tx, settings, binding, &message::read(root).map_err(flawed)?),
        OrderCancel::METHOD => give_back::cancel(tx, settings, binding, &message::read(root).map_err(flawed)?),
        ItemSynchronize::METHOD => {
            let told: ItemSynchronize = message::read(root).map_err(flawed)?;
            take::goods(tx, std::slice::from_ref(&told.item))
        }
        ItemsSynchronize::METHOD => {
            let told: ItemsSynchronize = message::read(root).map_err(flawed)?;
            take::goods(tx, &told.items)
        }
        _ => Err(Error::Refused("该方法尚未开通".to_owned())),
    });
    let number = match done {
        Ok(number) => number,
        Err(Error::Refused(why) | Error::Unknown(why)) => return Ok(Reply::Refused(why)),
        Err(error) => return Err(error),
    };
    if once {
        let heard = Heard {
            id: tx.document_id("wms_heard")?,
            binding: binding.id,
            method: method.to_owned(),
            key: doc_no.clone(),
            doc_no,
            state: HeardState::Applied,
            due: tx.now(),
            attempts: 1,
            repeats: 0,
            problem: String::new(),
            number: number.clone(),
            created: tx.now(),
            modified: tx.now(),
            body: text.to_owned(),
        };
        table::save_heard(tx, &heard)?;
    }
    Ok(Reply::Done(take::numbers(method, &number)))
}

fn flawed(flaw: Flaw) -> Error {
    Error::Refused(flaw.to_string())
}

/// A question of their ERP.
pub(crate) fn answer(reader: &mut store::Reader, binding: &Binding, method: &str, root: &Element) -> Result<Reply> {
    ask::answer(reader, binding, method, root)
}
