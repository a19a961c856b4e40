//! The hub as whoever serves the scene inside this program: calls that come in find their agreement, are kept, applied, answered.

use std::sync::Arc;

use gateway::directory::Environment;
use gateway::service::{self, Direction, Scene, SceneCall, Served, Serving};
use store::Tenant;

use super::{Hub, hear};
use crate::{Error, table};

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
            match hub.heard(call).await {
                Ok(served) => Ok(served),
                Err(Error::Store(error)) => Err(error),
                Err(Error::Refused(why) | Error::Unknown(why)) => Ok(refused("S001", &why)),
                Err(error) => Err(store::Error::Corrupt(error.to_string())),
            }
        })
    }
}

fn refused(code: &str, message: &str) -> Served {
    Served { xml: service::refusal(code, message), code: 15, replayed: false }
}

impl Hub {
    async fn heard(&self, call: SceneCall) -> crate::Result<Served> {
        if call.method.query || call.method.direction != Direction::ToErp {
            return Ok(refused("S003", "该方法尚未开通"));
        }
        let about = match hear::about(call.method.name, &call.body, &call.text) {
            Ok(_) => (),
            Err(flaw) => return Ok(refused("S002", &flaw.to_string())),
        };
        let () = about;
        let settings = crate::business(&call.tenant.settings)?;
        let (tenant, call) = (call.tenant.tenant(), Arc::new(call));
        self.0
            .store
            .write(tenant, move |tx| {
                let work = |tx: &mut store::Tx| {
                    let binding =
                        table::binding_of(tx, call.tenant.environment, &call.customer_id, call.method.direction)?;
                    let (_, binding) =
                        binding.ok_or_else(|| Error::Unknown(format!("没有customerId {}", call.customer_id)))?;
                    let Ok(about) = hear::about(call.method.name, &call.body, &call.text) else {
                        return Err(Error::Refused("消息无法读取".to_owned()));
                    };
                    hear::take(tx, &settings, &binding, call.method.name, about, &call.text)?;
                    Ok(Served { xml: service::answer(true, "0", "ok", |_| {}), code: 0, replayed: false })
                };
                match &call.receipt {
                    Some(receipt) => receipt.once(tx, work),
                    None => work(tx),
                }
            })
            .await
    }
}
