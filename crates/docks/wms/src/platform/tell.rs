//! Its outbox: told again and again until the ERP has it.

use bytes::Bytes;

use super::Simulator;
use crate::limits;
use crate::message::Answer;
use crate::outgoing::Outbound;

/// Tells the ERP something, signed; its reply.
pub(super) async fn one(simulator: &Simulator, method: &str, body: String) -> Result<Bytes, String> {
    let query = simulator.0.setup.signer.query(method, simulator.now(), body.as_bytes());
    let url = simulator.0.setup.erp_url.clone();
    let line = "simulated warehouse".to_owned();
    let call = Outbound { url, query, body: body.into(), patience: limits::PATIENCE, line, private_allowed: true };
    simulator.0.outgoing.post(call).await
}

/// Tells what is due; how much was told.
pub(super) async fn all(simulator: &Simulator) -> usize {
    let now = simulator.now();
    let due: Vec<(usize, String, String)> = simulator.look(|state| {
        let due = state.outbox.iter().enumerate().filter(|(_, parcel)| !parcel.done && parcel.due <= now);
        due.map(|(at, parcel)| (at, parcel.method.clone(), parcel.body.clone())).collect()
    });
    let many = due.len();
    for (at, method, body) in due {
        let (done, said) = match one(simulator, &method, body).await {
            Err(why) => (false, why),
            Ok(reply) => match Answer::read(&reply) {
                Answer::Success(root) => (true, root.text_of("message").unwrap_or("success").to_owned()),
                Answer::Failure { code, message } => (false, format!("{code} {message}")),
                Answer::Unclear(why) => (false, why),
            },
        };
        simulator.change(|state| {
            let Some(parcel) = state.outbox.get_mut(at) else { return };
            parcel.attempts += 1;
            parcel.said = said;
            parcel.done = done && !std::mem::take(&mut parcel.twice);
            if !parcel.done {
                parcel.due = now.plus(i64::from(parcel.attempts.min(60)));
            }
        });
    }
    many
}
