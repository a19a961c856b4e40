//! The built-in ERP as somebody's warehouse: what their ERP orders becomes documents here, what happens to those is confirmed to them.
//!
//! `take` and `process` make the documents, `batch` takes many at once, `hold` and `give_back` let them have one wait or come back, `ask`
//! and `course` answer their questions; `notice` sees in the event log what they must hear of (like everything else that is told,
//! `hub/project.rs`), `confirm`, `process` and `change` write it.

mod again;
mod ask;
mod batch;
mod change;
mod confirm;
mod course;
mod give_back;
mod hold;
mod notice;
mod process;
mod take;

use store::{Reader, Tx};
use wire::xml::{Element, Writer};

pub(crate) use notice::look;

use crate::binding::Binding;
use crate::hub::{Heard, HeardState, Task};
use crate::message::{
    self, BatchCreate, ChangeReport, CombineSynchronize, DeliveryConfirm, DeliveryCreate, EntryConfirm, EntryCreate,
    Flaw, InventoryReport, ItemSynchronize, ItemsSynchronize, Message, OrderCancel, OrderPending, ReturnConfirm,
    ReturnCreate, StockOutConfirm, StockOutCreate, StoreProcessConfirm, StoreProcessCreate,
};
use crate::{Error, Result, coverage, table};

/// What their ERP is answered.
pub(crate) enum Reply {
    /// It is done; what the reply adds to its three members.
    Done(Vec<(&'static str, String)>),
    /// A list that the reply adds.
    Rows(Rows),
    /// Some of it is not done; why in short, and the list of what is not.
    Partly(String, Rows),
    /// It is refused; the text is for people.
    Refused(String),
    /// The method is not served, and why.
    NotServed(&'static str),
}

/// Writes the list of a reply.
pub(crate) type Rows = Box<dyn Fn(&mut Writer) + Send>;

impl From<Flaw> for Reply {
    fn from(flaw: Flaw) -> Self {
        Self::Refused(flaw.to_string())
    }
}

/// What makes a document, once for each of their numbers.
const CREATES: [&str; 5] = [
    DeliveryCreate::METHOD,
    EntryCreate::METHOD,
    ReturnCreate::METHOD,
    StockOutCreate::METHOD,
    StoreProcessCreate::METHOD,
];

/// The document that a message is about, which also tells whether it is one.
fn about(method: &str, root: &Element) -> std::result::Result<String, Flaw> {
    Ok(match method {
        DeliveryCreate::METHOD => message::read::<DeliveryCreate>(root)?.order.code,
        EntryCreate::METHOD => message::read::<EntryCreate>(root)?.order.code,
        ReturnCreate::METHOD => message::read::<ReturnCreate>(root)?.order.code,
        StockOutCreate::METHOD => message::read::<StockOutCreate>(root)?.order.code,
        StoreProcessCreate::METHOD => message::read::<StoreProcessCreate>(root)?.code,
        OrderCancel::METHOD => message::read::<OrderCancel>(root)?.order_code,
        OrderPending::METHOD => message::read::<OrderPending>(root)?.code,
        CombineSynchronize::METHOD => message::read::<CombineSynchronize>(root)?.item_code,
        ItemSynchronize::METHOD => message::read::<ItemSynchronize>(root)?.item.code,
        ItemsSynchronize::METHOD => {
            let told: ItemsSynchronize = message::read(root)?;
            told.items.first().map(|item| item.code.clone()).unwrap_or_default()
        }
        _ => String::new(),
    })
}

/// A command of their ERP.
pub(crate) fn serve(
    tx: &mut Tx,
    settings: &erp::Settings,
    binding: &Binding,
    method: &str,
    root: &Element,
    text: &str,
) -> Result<Reply> {
    if let Some(why) = coverage::why_not(method) {
        return Ok(Reply::NotServed(why));
    }
    match method {
        BatchCreate::METHOD => batch::create(tx, settings, binding, root),
        method => one(tx, settings, binding, method, root, text),
    }
}

/// One command: carried out, and kept, in one unit. A creation that came before is answered as then.
fn one(
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
    let once = CREATES.contains(&method);
    if once && let Some(mut known) = table::heard_before(tx, binding.id, method, &doc_no)? {
        if let Some(why) = again::refusal(&known, root)? {
            return Ok(Reply::Refused(why));
        }
        known.repeats += 1;
        table::save_heard(tx, &known)?;
        return Ok(Reply::Done(take::numbers(method, &known.number)));
    }
    let done = tx.attempt(|tx| match method {
        DeliveryCreate::METHOD => take::delivery(tx, settings, binding, &told(root)?),
        EntryCreate::METHOD => take::entry(tx, settings, binding, &told(root)?),
        ReturnCreate::METHOD => take::returned(tx, settings, binding, &told(root)?),
        StockOutCreate::METHOD => take::stock_out(tx, settings, binding, &told(root)?),
        StoreProcessCreate::METHOD => process::take(tx, settings, binding, &told(root)?),
        OrderCancel::METHOD => give_back::cancel(tx, settings, binding, &told(root)?),
        OrderPending::METHOD => hold::pending(tx, settings, binding, &told(root)?),
        CombineSynchronize::METHOD => take::suite(tx, &told(root)?),
        ItemSynchronize::METHOD => take::goods(tx, std::slice::from_ref(&told::<ItemSynchronize>(root)?.item)),
        ItemsSynchronize::METHOD => take::goods(tx, &told::<ItemsSynchronize>(root)?.items),
        method => Err(Error::Refused(format!("没有该方法的处理规则:{method}"))),
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

fn told<M: Message>(root: &Element) -> Result<M> {
    message::read(root).map_err(|flaw| Error::Refused(flaw.to_string()))
}

/// What their ERP ordered, as it was heard, and what became of it.
fn ordered<M: Message>(reader: &mut Reader, binding: &Binding, code: &str) -> Result<Option<(M, Heard)>> {
    let Some(heard) = table::heard_before(reader, binding.id, M::METHOD, code)? else { return Ok(None) };
    let root = wire::xml::read(&heard.body).map_err(|error| Error::Document("message", error.to_string()))?;
    let told = message::read(&root).map_err(|flaw| Error::Document("message", flaw.to_string()))?;
    Ok(Some((told, heard)))
}

/// A question of their ERP.
pub(crate) fn answer(reader: &mut Reader, binding: &Binding, method: &str, root: &Element) -> Result<Reply> {
    match coverage::why_not(method) {
        Some(why) => Ok(Reply::NotServed(why)),
        None => ask::answer(reader, binding, method, root),
    }
}

/// The message of something that their ERP must hear.
pub(crate) fn compose(tx: &mut Tx, binding: &Binding, task: &Task) -> Result<Option<String>> {
    match &*task.method {
        DeliveryConfirm::METHOD => confirm::delivery(tx, binding, &task.doc_no),
        EntryConfirm::METHOD => confirm::entry(tx, binding, &task.doc_no),
        ReturnConfirm::METHOD => confirm::returned(tx, binding, &task.doc_no),
        StockOutConfirm::METHOD => confirm::stock_out(tx, binding, &task.doc_no),
        StoreProcessConfirm::METHOD => process::confirm(tx, binding, &task.doc_no),
        ChangeReport::METHOD => change::changed(tx, binding, &task.doc_no),
        InventoryReport::METHOD => change::counted(tx, binding, &task.doc_no),
        _ => Ok(None),
    }
}
