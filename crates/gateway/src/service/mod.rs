//! The standard scene of warehouses (奇门仓储): `/router/qimen/service`, XML bodies, routed by `customerId` and direction (fact sheet
//! qimen, A5, C2 no. 5, C6).
//!
//! Lives here: the door, its steps, the names of the scene, the XML envelope. The steps are those of every other call; only how a
//! call finds its place differs. Never here: what a message means. Whoever serves the scene inside this program is a [`Scene`].

mod admit;
mod away;
mod door;
mod envelope;
mod methods;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use store::receipt::{self, NewReceipt};
use store::{Tenant, Tx};
use wire::xml::Element;

pub(crate) use admit::{decoded, stated};
pub(crate) use door::is_path;
pub use door::{Hosts, router};
pub use envelope::{answer, refusal};
pub use methods::{METHODS, SceneMethod, find, name_in};

pub use crate::directory::Direction;
use crate::directory::{App, Environment, TenantInfo};
use crate::fault::Fault;
use crate::once;
use crate::request_id::RequestId;
use crate::run::Draft;

/// A future of a scene.
pub type Serving<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Whoever serves the scene inside this program.
pub trait Scene: Send + Sync {
    /// Number of the tenant that answers the calls of this customer in this direction; `None` when nobody does.
    fn place(
        &self,
        environment: Environment,
        customer_id: &str,
        direction: Direction,
    ) -> Serving<store::Result<Option<i64>>>;

    /// Carries a call out and writes the reply. A write must be on the disk before its reply is given.
    fn serve(&self, call: SceneCall) -> Serving<store::Result<Served>>;
}

/// A call of the scene that passed every check of the gateway.
pub struct SceneCall {
    /// Which method.
    pub method: &'static SceneMethod,
    /// Whose data it is about.
    pub tenant: Arc<TenantInfo>,
    /// Who signed.
    pub app: Arc<App>,
    /// The routing key.
    pub customer_id: String,
    /// The root of the body.
    pub body: Element,
    /// The body as it was signed.
    pub text: String,
    /// Id of the call.
    pub request_id: RequestId,
    /// For calls that change something: their receipt.
    pub receipt: Option<Receipt>,
}

/// What a scene answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The reply, a whole XML document.
    pub xml: String,
    /// 0, or a number for a refusal: for statistics, the caller reads the reply.
    pub code: i64,
    /// The stored first answer.
    pub replayed: bool,
}

/// The receipt of a call before its answer is known.
pub struct Receipt {
    draft: Draft,
    app: String,
}

impl Receipt {
    /// The identical signed call, and one with the same business key and content, gets its stored first answer; one with the same key
    /// and other content is refused. Otherwise `work` runs, and its answer is kept in the same unit. An answer with another code than
    /// 0 is not kept: the call may be repeated.
    pub fn once<E: From<store::Error>>(
        &self,
        tx: &mut Tx,
        work: impl FnOnce(&mut Tx) -> Result<Served, E>,
    ) -> Result<Served, E> {
        if let Some(kept) = receipt::find(tx, &self.draft.fingerprint)? {
            return Ok(stored(&kept, tx)?);
        }
        if let Some(key) = &self.draft.once
            && let Some((first, kept)) = once::first(tx, key)?
        {
            if first.same {
                return Ok(stored(&kept, tx)?);
            }
            let refused = key.clash(&first);
            let code = refused.code;
            let xml = envelope::fault(&Fault::Business(refused), &key.request_id);
            return Ok(Served { xml, code, replayed: false });
        }
        let id = receipt::begin(tx)?;
        let served = work(tx)?;
        if served.code == 0 {
            let new = NewReceipt {
                fingerprint: &self.draft.fingerprint,
                app: &self.app,
                method: self.draft.method,
                message_sealed: &self.draft.message_sealed,
                answer: served.xml.as_bytes(),
            };
            receipt::keep(tx, id, &new)?;
            if let Some(key) = &self.draft.once {
                once::keep(tx, key, &self.draft.fingerprint)?;
            }
        }
        Ok(served)
    }
}

/// The answer that a receipt keeps.
fn stored(kept: &receipt::Receipt, tx: &Tx) -> store::Result<Served> {
    let xml = String::from_utf8(kept.answer(tx.vault())?)
        .map_err(|_| store::Error::Corrupt(format!("the answer of receipt {} is damaged", kept.id)))?;
    Ok(Served { xml, code: 0, replayed: true })
}

/// Whose data a tenant's number is.
pub fn tenant(number: i64) -> Tenant {
    Tenant(number)
}
