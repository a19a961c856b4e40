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
use super::stock::{self, Moved, Somewhere};
use super::{Held, HeldLine, Simulator, report, tell};

const BODY: usize = 1024 * 1024;

/// The API.
pub(super) fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/sandbox/v1/wms/orders", get(orders))
        .route("/sandbox/v1/wms/orders/{code}", get(order))
        .route("/sandbox/v1/wms/orders/{code}/pick", post(pick))
        .route("/sandbox/v1/wms/orders/{code}/ship", post(ship))
        .route("/sandbox/v1/wms/orders/{code}/receive", post(receive))
        .route("/sandbox/v1/wms/orders/{code}/issue", post(issue))
        .route("/sandbox/v1/wms/orders/{code}/lack", post(lack))
        .route("/sandbox/v1/wms/orders/{code}/progress", post(progress))
        .route("/sandbox/v1/wms/orders/{code}/serials", post(serials))
        .route("/sandbox/v1/wms/waves", post(wave))
        .route("/sandbox/v1/wms/tell", post(tell))
        .route("/sandbox/v1/wms/stock", get(stock).post(change))
        .route("/sandbox/v1/wms/stock/count", post(count))
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
    let line = |line: &HeldLine| {
        json!({
            "item_code": line.item_code, "inventory_type": line.inventory_type, "plan_qty": line.plan.to_string(),
            "moved_qty": line.moved.to_string(),
        })
    };
    json!({
        "code": held.code, "id": held.id, "kind": held.kind, "order_type": held.order_type, "state": held.state,
        "warehouse_code": held.warehouse_code, "owner_code": held.owner_code, "logistics_code": held.logistics_code,
        "received": held.received.to_string(), "times": held.times, "waits": held.waits,
        "lines": held.lines.iter().map(line).collect::<Vec<_>>(),
    })
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
struct Item {
    item_code: String,
    /// As text or number; with a sign where stock changes.
    quantity: Number,
    #[serde(default = "good")]
    inventory_type: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Text(String),
    Whole(i64),
}

fn good() -> String {
    "ZP".to_owned()
}

impl Item {
    fn num(&self) -> Result<Quantity, String> {
        match &self.quantity {
            Number::Text(text) => text.parse().map_err(|_| format!("{text} is not a quantity")),
            Number::Whole(num) => Ok(Quantity::whole(*num)),
        }
    }
}

fn moved(items: &[Item]) -> Result<Vec<Moved>, String> {
    items.iter().map(|item| Ok((item.item_code.clone(), item.inventory_type.clone(), item.num()?))).collect()
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Goods {
    items: Vec<Item>,
    warehouse_code: String,
    owner_code: String,
}

type Act = fn(&mut super::State, &str, &[Moved], units::Moment) -> Result<(), String>;

async fn with_goods(simulator: Simulator, code: String, request: Request, act: Act) -> Response {
    let now = simulator.now();
    let done = body::<Goods>(request).await.and_then(|goods| {
        let moved = moved(&goods.items)?;
        simulator.change(|state| act(state, &code, &moved, now))
    });
    answer(done.map(|()| json!({ "done": code })))
}

async fn receive(With(simulator): With<Simulator>, Path(code): Path<String>, request: Request) -> Response {
    with_goods(simulator, code, request, stock::receive).await
}

async fn issue(With(simulator): With<Simulator>, Path(code): Path<String>, request: Request) -> Response {
    with_goods(simulator, code, request, stock::issue).await
}

async fn lack(With(simulator): With<Simulator>, Path(code): Path<String>, request: Request) -> Response {
    with_goods(simulator, code, request, report::lack).await
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Progress {
    status: String,
}

async fn progress(With(simulator): With<Simulator>, Path(code): Path<String>, request: Request) -> Response {
    let now = simulator.now();
    let done = body::<Progress>(request).await.and_then(|said| {
        let status = if said.status.is_empty() { "ACCEPT" } else { &said.status };
        simulator.change(|state| report::progress(state, &code, status, now))
    });
    answer(done.map(|()| json!({ "done": code })))
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Serials {
    items: Vec<Piece>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    item_code: String,
    sn: String,
}

async fn serials(With(simulator): With<Simulator>, Path(code): Path<String>, request: Request) -> Response {
    let now = simulator.now();
    let done = body::<Serials>(request).await.and_then(|said| {
        let pieces: Vec<(String, String)> = said.items.into_iter().map(|piece| (piece.item_code, piece.sn)).collect();
        simulator.change(|state| report::serials(state, &code, &pieces, now))
    });
    answer(done.map(|()| json!({ "done": code })))
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Wave {
    wave_no: String,
    orders: Vec<String>,
}

async fn wave(With(simulator): With<Simulator>, request: Request) -> Response {
    let now = simulator.now();
    let done = body::<Wave>(request).await.and_then(|said| {
        simulator.change(|state| report::wave(state, &said.wave_no, &said.orders, now))?;
        Ok(json!({ "done": said.wave_no }))
    });
    answer(done)
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Tell {
    method: String,
    body: String,
}

/// Tells the ERP whatever is given, signed, at once; what the ERP answered.
async fn tell(With(simulator): With<Simulator>, request: Request) -> Response {
    let said = match body::<Tell>(request).await {
        Ok(said) => said,
        Err(why) => return answer(Err(why)),
    };
    let reply = tell::one(&simulator, &said.method, said.body).await.and_then(|reply| {
        let text = String::from_utf8(reply.to_vec()).map_err(|error| error.to_string())?;
        let root = wire::xml::read(&text).map_err(|error| error.to_string())?;
        Ok(Value::Object(root.pairs().map(|(name, text)| (name.to_owned(), text.into())).collect()))
    });
    answer(reply)
}

async fn show_stock(simulator: &Simulator) -> Value {
    simulator.look(|state| {
        let kinds = |kinds: &std::collections::BTreeMap<String, Quantity>| {
            kinds.iter().map(|(kind, num)| (kind.clone(), json!(num.to_string()))).collect::<serde_json::Map<_, _>>()
        };
        let stock: serde_json::Map<_, _> =
            state.stock.iter().map(|(item, of)| (item.clone(), Value::Object(kinds(of)))).collect();
        json!({ "stock": stock })
    })
}

async fn stock(With(simulator): With<Simulator>) -> Response {
    answer(Ok(show_stock(&simulator).await))
}

type Stocktake = fn(&mut super::State, &Somewhere, &[Moved], units::Moment);

async fn with_stock(simulator: Simulator, request: Request, act: Stocktake) -> Response {
    let now = simulator.now();
    let done = body::<Goods>(request).await.and_then(|goods| {
        let moved = moved(&goods.items)?;
        if moved.is_empty() || goods.warehouse_code.is_empty() || goods.owner_code.is_empty() {
            return Err("items, warehouse_code and owner_code are wanted".to_owned());
        }
        let at = Somewhere { warehouse_code: goods.warehouse_code, owner_code: goods.owner_code };
        simulator.change(|state| act(state, &at, &moved, now));
        Ok(())
    });
    match done {
        Ok(()) => answer(Ok(show_stock(&simulator).await)),
        Err(why) => answer(Err(why)),
    }
}

async fn change(With(simulator): With<Simulator>, request: Request) -> Response {
    with_stock(simulator, request, stock::change).await
}

async fn count(With(simulator): With<Simulator>, request: Request) -> Response {
    with_stock(simulator, request, stock::count).await
}

async fn ship(With(simulator): With<Simulator>, Path(code): Path<String>, request: Request) -> Response {
    let now = simulator.now();
    let done = body::<Ship>(request).await.and_then(|ship| {
        let how = Shipment {
            items: moved(&ship.items)?.into_iter().map(|(item, _, num)| (item, num)).collect(),
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
