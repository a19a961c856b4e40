//! Its door: verifies, keeps what it is told, answers.

use axum::Router;
use axum::extract::{Request, State as With};
use axum::response::Response;
use axum::routing::any;
use gateway::service::{self, find};
use http::{StatusCode, header};
use http_body_util::{BodyExt, Limited};
use units::{Moment, Quantity};
use wire::params::Params;
use wire::top::{self, Digest};
use wire::xml::Element;

use super::state::{Held, HeldKind, HeldLine, HeldState, Manner, State};
use super::{DOOR, Simulator};
use crate::limits;
use crate::message::{self, DeliveryCreate, Flaw, OrderCancel};

/// The door.
pub(super) fn router(simulator: Simulator) -> Router {
    Router::new().route(DOOR, any(serve)).with_state(simulator)
}

async fn serve(With(simulator): With<Simulator>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = match Limited::new(request.into_body(), limits::REPLY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return reply(StatusCode::BAD_REQUEST, String::new()),
    };
    let mood = simulator.change(|state| {
        let mood = state.mood.clone();
        if state.mood.times == 1 {
            state.mood.manner = Manner::Well;
        }
        state.mood.times = state.mood.times.saturating_sub(1);
        mood
    });
    if mood.late > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(mood.late)).await;
    }
    match mood.manner {
        Manner::Error => return reply(StatusCode::INTERNAL_SERVER_ERROR, "busy".to_owned()),
        Manner::Silent => {
            tokio::time::sleep(std::time::Duration::from_secs(60)).await;
            return reply(StatusCode::GATEWAY_TIMEOUT, String::new());
        }
        Manner::Well | Manner::DoneButError | Manner::Garbage => {}
    }
    let answer = answer(&simulator, &query, &body);
    match mood.manner {
        Manner::DoneButError => reply(StatusCode::BAD_GATEWAY, "upstream reset".to_owned()),
        Manner::Garbage => reply(StatusCode::OK, "<html><body>Nice day!</body></html>".to_owned()),
        _ => reply(StatusCode::OK, answer),
    }
}

fn reply(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let xml = http::HeaderValue::from_static("text/xml;charset=UTF-8");
    response.headers_mut().insert(header::CONTENT_TYPE, xml);
    response
}

/// Its codes: those of a public receiver (fact sheet qimen, C6).
fn refuse(code: &str, message: &str) -> String {
    service::refusal(code, message)
}

fn answer(simulator: &Simulator, query: &str, body: &[u8]) -> String {
    let Ok(params) = Params::of_query(query.as_bytes()) else { return refuse("30001", "bad parameters") };
    let secret = simulator.0.setup.secret.expose_text();
    let sign = params.get("sign").unwrap_or_default();
    if top::verify(Digest::Md5, secret, &params, Some(body), sign, top::Options::default()).is_none() {
        return refuse("10004", "sign-check-failure");
    }
    let Some(method) = find(params.get("method").unwrap_or_default()) else { return refuse("30002", "unknown method") };
    let Ok(text) = std::str::from_utf8(body) else { return refuse("30033", "not UTF-8") };
    let Ok(root) = wire::xml::read(text) else { return refuse("30033", "not XML") };
    let now = simulator.now();
    let done = simulator.change(|state| {
        *state.calls.entry(method.name.to_owned()).or_default() += 1;
        take(state, method.name, &root, now)
    });
    done.unwrap_or_else(|flaw| refuse("30034", &flaw.to_string()))
}

/// Does what it is told; the reply.
fn take(state: &mut State, method: &str, root: &Element, now: Moment) -> Result<String, Flaw> {
    Ok(match method {
        "deliveryorder.create" => {
            let told: DeliveryCreate = message::read(root)?;
            let lines = told.lines.iter().map(|line| HeldLine {
                line_no: line.line_no.clone().unwrap_or_default(),
                item_code: line.item_code.clone(),
                inventory_type: line.inventory_type.clone().unwrap_or_else(|| "ZP".to_owned()),
                plan: line.plan_qty,
                moved: Quantity::ZERO,
            });
            let held = Held {
                code: told.order.code.clone(),
                id: String::new(),
                kind: HeldKind::Delivery,
                order_type: told.order.order_type.clone(),
                warehouse_code: told.order.warehouse_code.clone(),
                owner_code: told.lines.first().map(|line| line.owner_code.clone()).unwrap_or_default(),
                logistics_code: told.order.logistics_code.clone(),
                state: HeldState::Accepted,
                lines: lines.collect(),
                received: now,
                times: 0,
            };
            accept(state, held, "deliveryOrderId")
        }
        "order.cancel" => cancel(state, &message::read(root)?),
        _ => refuse("30002", "not served by this warehouse"),
    })
}

/// Keeps a new order; one that is known already is answered as before.
pub(super) fn accept(state: &mut State, mut held: Held, id_name: &str) -> String {
    if let Some(known) = state.orders.get_mut(&held.code) {
        known.times += 1;
        let id = known.id.clone();
        return service::answer(true, "0", "ok", |out| out.element(id_name, &id));
    }
    if !state.mood.refuse_orders.is_empty() {
        return refuse("S100", &state.mood.refuse_orders);
    }
    held.id = state.next("WMS");
    held.times = 1;
    let id = held.id.clone();
    state.orders.insert(held.code.clone(), held);
    service::answer(true, "0", "ok", |out| out.element(id_name, &id))
}

fn cancel(state: &mut State, told: &OrderCancel) -> String {
    let refusal = state.mood.refuse_cancel.clone();
    let Some(held) = state.orders.get_mut(&told.order_code) else { return refuse("S101", "单据不存在") };
    match held.state {
        HeldState::Cancelled => service::answer(true, "0", "ok", |_| {}),
        _ if !refusal.is_empty() => refuse("S102", &refusal),
        HeldState::Accepted => {
            held.state = HeldState::Cancelled;
            service::answer(true, "0", "ok", |_| {})
        }
        HeldState::Picking => refuse("S103", "已开始拣货,不能取消"),
        HeldState::Partly | HeldState::Done => refuse("S104", "已出库,不能取消"),
    }
}
