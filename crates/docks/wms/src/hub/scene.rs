//! The hub as whoever serves the scene inside this program: calls that come in find their agreement, are kept, applied, answered.

use std::sync::Arc;

use gateway::directory::Environment;
use gateway::service::{self, Direction, Scene, SceneCall, Served, Serving};
use store::{Tenant, Tx};
use wire::xml::{Element, Writer};

use super::{Hub, hear, told};
use crate::house::{self, Reply};
use crate::message::{BatchConfirm, DeliveryConfirm, Flaw, Message};
use crate::{Binding, Error, Result, limits, table};

/// Codes of our refusals: of the business, of a message that cannot be read, of a method that is not served, of a batch of which some
/// were not taken.
const REFUSED: &str = "S001";
const UNREADABLE: &str = "S002";
const NOT_SERVED: &str = "S003";
const PARTLY: &str = "S004";

impl Scene for Hub {
    fn place(
        &self,
        environment: Environment,
        customer_id: &str,
        direction: Direction,
    ) -> Serving<store::Result<Option<i64>>> {
        let (store, customer_id) = (self.0.store.clone(), customer_id.to_owned());
        Box::pin(async move {
            let found = store.read(Tenant::HOUSE, move |reader| {
                crate::binding_by_customer(reader, environment, &customer_id, direction)
            });
            match found.await {
                Ok(found) => Ok(found.map(|(tenant, _)| tenant.0)),
                Err(Error::Store(error)) => Err(error),
                Err(error) => Err(store::Error::Corrupt(error.to_string())),
            }
        })
    }

    fn serve(&self, call: SceneCall) -> Serving<store::Result<Served>> {
        let hub = self.clone();
        Box::pin(async move {
            let served = match call.method.direction {
                Direction::ToErp if call.method.query => hub.asked_back(call).await,
                Direction::ToErp => hub.heard(call).await,
                Direction::ToWms if call.method.query => hub.asked(call).await,
                Direction::ToWms => hub.ordered(call).await,
            };
            match served {
                Ok(served) => Ok(served),
                Err(Error::Store(error)) => Err(error),
                Err(Error::Refused(why) | Error::Unknown(why)) => Ok(refused(REFUSED, &why)),
                Err(error) => Err(store::Error::Corrupt(error.to_string())),
            }
        })
    }
}

fn refused(code: &str, message: &str) -> Served {
    Served { xml: service::refusal(code, message), code: 15, replayed: false }
}

fn done(message: &str, more: impl FnOnce(&mut Writer)) -> Served {
    Served { xml: service::answer(true, "0", message, more), code: 0, replayed: false }
}

fn written(reply: Reply) -> Served {
    match reply {
        Reply::Done(numbers) => done("ok", |out| numbers.iter().for_each(|(name, number)| out.element(name, number))),
        Reply::Rows(rows) => done("ok", |out| rows(out)),
        Reply::Partly(why, rows) => {
            Served { xml: service::answer(false, PARTLY, &why, |out| rows(out)), code: 15, replayed: false }
        }
        Reply::Refused(why) => {
            let code = if why.starts_with("isv.") { UNREADABLE } else { REFUSED };
            refused(code, &why)
        }
        Reply::NotServed(why) => refused(NOT_SERVED, why),
    }
}

/// One message of those that a call holds.
struct One {
    method: &'static str,
    root: Element,
    text: String,
}

/// The messages of a call: one, or those of a batch, each of which is then kept by itself.
fn messages(call: &SceneCall) -> std::result::Result<Vec<One>, Flaw> {
    if call.method.name != BatchConfirm::METHOD {
        hear::about(call.method.name, &call.body, &call.text)?;
        return Ok(vec![One { method: call.method.name, root: call.body.clone(), text: call.text.clone() }]);
    }
    crate::message::read::<BatchConfirm>(&call.body)?;
    let orders = call.body.child("orders").map(|orders| orders.all("order").collect::<Vec<_>>()).unwrap_or_default();
    let one = |order: &Element| {
        let (root, text) = crate::message::alone(order);
        One { method: DeliveryConfirm::METHOD, root, text }
    };
    Ok(orders.into_iter().map(one).collect())
}

fn binding_of(tx: &mut store::Reader, call: &SceneCall) -> Result<Binding> {
    let found = table::binding_of(tx, call.tenant.environment, &call.customer_id, call.method.direction)?;
    let (_, binding) = found.ok_or_else(|| Error::Unknown(format!("没有customerId {}", call.customer_id)))?;
    Ok(binding)
}

impl Hub {
    /// A warehouse's system tells something.
    async fn heard(&self, call: SceneCall) -> Result<Served> {
        let messages = match messages(&call) {
            Ok(messages) => messages,
            Err(flaw) => return Ok(refused(UNREADABLE, &flaw.to_string())),
        };
        self.once(call, move |tx, settings, binding| {
            let mut answers: Vec<String> = Vec::new();
            for one in &messages {
                let Ok(about) = hear::about(one.method, &one.root, &one.text) else {
                    return Err(Error::Refused("消息无法读取".to_owned()));
                };
                let answer = hear::take(tx, settings, binding, one.method, about, &one.text)?.answer();
                if !answers.contains(&answer) {
                    answers.push(answer);
                }
            }
            let message: String = answers.join(";").chars().take(limits::REASON).collect();
            Ok(done(&message, |_| {}))
        })
        .await
    }

    /// A warehouse's system asks something. It is an act: whoever saw whose address stands in the event log.
    async fn asked_back(&self, call: SceneCall) -> Result<Served> {
        let (method, root) = (call.method.name, call.body.clone());
        self.once(call, move |tx, _, binding| told::answer(tx, binding, method, &root).map(written)).await
    }

    /// Somebody's ERP orders something of us.
    async fn ordered(&self, call: SceneCall) -> Result<Served> {
        let (method, root, text) = (call.method.name, call.body.clone(), call.text.clone());
        self.once(call, move |tx, settings, binding| {
            house::serve(tx, settings, binding, method, &root, &text).map(written)
        })
        .await
    }

    /// Somebody's ERP asks something.
    async fn asked(&self, call: SceneCall) -> Result<Served> {
        let tenant = call.tenant.tenant();
        let read = self.0.store.read(tenant, move |reader| {
            let binding = binding_of(reader, &call)?;
            house::answer(reader, &binding, call.method.name, &call.body)
        });
        read.await.map(written)
    }

    /// One unit of work; the identical signed call gets the stored first answer.
    async fn once(
        &self,
        call: SceneCall,
        work: impl Fn(&mut Tx, &erp::Settings, &Binding) -> Result<Served> + Send + 'static,
    ) -> Result<Served> {
        let settings = crate::business(&call.tenant.settings)?;
        let (tenant, call) = (call.tenant.tenant(), Arc::new(call));
        self.0
            .store
            .write(tenant, move |tx| {
                let work = |tx: &mut Tx| {
                    let binding = binding_of(tx, &call)?;
                    work(tx, &settings, &binding)
                };
                match &call.receipt {
                    Some(receipt) => receipt.once(tx, work),
                    None => work(tx),
                }
            })
            .await
    }
}
