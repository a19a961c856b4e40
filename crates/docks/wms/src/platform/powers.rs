//! Its powers, under `/sandbox/v1/wms`: what its people do, and how it behaves. JSON in, JSON out.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State as With};
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use units::Quantity;

use super::act::{self, Shipment};
use super::state::Mood;
use super::{Held, Simulator};

const BODY: usize = 1024 * 1024;

/// The API.
pub(super) fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/sandbox/v1/wms/orders", get(orders))
        .route("/sandbox/v1/wms/orders/{code}", get(order))
        .route("/sandbox/v1/wms/orders/{code}/pick", post(pick))
        .route("/sandbox/v1/wms/orders/{code}/ship", post(ship))
        .route("/sandbox/v1/wms/mood", get(mood).post(set_mood))
        .route("/sandbox/v1/wms/outbox", get(outbox))
        .with_state(simulator)
}

/// What an act answered.
pub(super) type Done = Result<Value, String>;

pub(super) fn answer(done: Done) -> Response {
    let (status, value) = match done {
        Ok(value) => (StatusCode::OK, value),
        Err(why) => (StatusCode::CONFLICT, json!({ "error": why })),
    };
    let mut response = Response::new(value.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    response
}

/// The body as JSON; an empty one as the default.
pub(super) async fn body<T: for<'d> Deserialize<'d> + Default>(request: Request) -> Result<T, String> {
    let bytes = to_bytes(request.into_body(), BODY).await.map_err(|error| error.to_string())?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(T::default());
    }
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

pub(super) fn show(held: &Held) -> Value {
    serde_json::to_value(held).unwrap_or_default()
}

async fn orders(With(simulator): With<Simulator>) -> Response {
    answer(Ok(simulator.look(|state| json!({ "orders": state.orders.values().map(show).collect::<Vec<_>>() }))))
}

async fn order(With(simulator): With<Simulator>, Path(code): Path<String>) -> Response {
    answer(simulator.look(|state| state.orders.get(&code).map(show).ok_or_else(|| format!("no order {code}"))))
}

async fn pick(With(simulator): With<Simulator>, Path(code): Path<String>) -> Response {
    answer(simulator.change(|state| act::pick(state, &code).map(|()| json!({ "picking": code }))))
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Ship {
    items: Vec<Item>,
    more_follows: bool,
    parcels: usize,
    twice: bool,
    later: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    pub(super) item_code: String,
    pub(super) quantity: Quantity,
}

async fn ship(With(simulator): With<Simulator>, Path(code): Path<String>, request: Request) -> Response {
    let now = simulator.now();
    let done = body::<Ship>(request).await.and_then(|ship| {
        let how = Shipment {
            items: ship.items.into_iter().map(|item| (item.item_code, item.quantity)).collect(),
            more_follows: ship.more_follows,
            parcels: ship.parcels,
            twice: ship.twice,
            later: ship.later,
        };
        simulator.change(|state| act::ship(state, &code, &how, now))
    });
    answer(done.map(|()| json!({ "shipped": code })))
}

async fn mood(With(simulator): With<Simulator>) -> Response {
    answer(Ok(simulator.look(|state| json!(state.mood))))
}

async fn set_mood(With(simulator): With<Simulator>, request: Request) -> Response {
    let done = body::<Mood>(request).await.map(|mood| {
        simulator.change(|state| state.mood = mood.clone());
        json!(mood)
    });
    answer(done)
}

async fn outbox(With(simulator): With<Simulator>) -> Response {
    answer(Ok(simulator.look(|state| json!({ "outbox": state.outbox }))))
}
