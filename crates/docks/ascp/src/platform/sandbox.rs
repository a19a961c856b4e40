//! `/sandbox/v1/ascp`: be the consumer, Direct's service, the platform's operator, and bad luck. For people, cases and the command
//! line. Behind the admin token: whoever holds it could do worse.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::{Reader, Secret, Tx};
use subtle::ConstantTimeEq;
use units::{Day, Moment};

use super::error::{Error, Result, no};
use super::fault::{NewFault, add_fault, clear_faults, faults};
use super::goods::{SimGoods, put_goods};
use super::order::{SimCancel, SimOrder, SimOrderEvent, SimOrderState, any_order, order};
use super::place::{NewOrder, Rush, count, place, push_again, rush};
use super::reverse::{NewRefund, ask_refund, create_return, fill_waybill, judge_refund, reverse};
use super::stock::enter_stock;
use super::supplier::{SimSupplier, expire_session, put_supplier, renew_session, supplier};
use super::world::Platform;
use super::{push, table};
use crate::messages::{PushKind, TMGJZY};

/// Bytes of a request.
const BODY: usize = 1024 * 1024;

/// Where the sandbox of this dock stands.
pub const ROOT: &str = "/sandbox/v1/ascp";

/// The sandbox, for who shows the token.
pub fn router(platform: Arc<Platform>, token: Secret) -> Router {
    let routes = Router::new()
        .route("/suppliers", post(|s, b: Request| act(s, b, put_one)))
        .route("/suppliers/{id}", get(|s, p: Path<String>| look(s, p.0, show_supplier)))
        .route("/goods", post(|s, b: Request| act(s, b, enter_goods)))
        .route("/stock", post(|s, b: Request| act(s, b, set_stock)))
        .route("/stock/{id}", get(|s, p: Path<String>| look(s, p.0, show_stock)))
        .route("/orders", post(|s, b: Request| act(s, b, place_one)))
        .route("/orders/rush", post(|s, b: Request| act(s, b, place_many)))
        .route("/orders/{code}", get(|s, p: Path<String>| look(s, p.0, show_order)))
        .route("/orders/{code}/cancel", post(|s, p: Path<String>, b: Request| act_on(s, p.0, b, ask_cancel)))
        .route("/orders/{code}/sign", post(|s, p: Path<String>, b: Request| act_on(s, p.0, b, sign)))
        .route("/orders/{code}/push", post(|s, p: Path<String>, b: Request| act_on(s, p.0, b, again)))
        .route("/orders/{code}/refunds", post(|s, p: Path<String>, b: Request| act_on(s, p.0, b, refund)))
        .route("/orders/{code}/returns", post(|s, p: Path<String>, b: Request| act_on(s, p.0, b, return_by_hand)))
        .route("/refunds/{code}/approve", post(|s, p: Path<String>, b: Request| act_on(s, p.0, b, approve)))
        .route("/refunds/{code}/refuse", post(|s, p: Path<String>, b: Request| act_on(s, p.0, b, refuse)))
        .route("/refunds/{code}/waybill", post(|s, p: Path<String>, b: Request| act_on(s, p.0, b, waybill)))
        .route("/returns/{code}", get(|s, p: Path<String>| look(s, p.0, show_return)))
        .route("/session/expire", post(|s, b: Request| act(s, b, expire)))
        .route("/session/renew", post(|s, b: Request| act(s, b, renew)))
        .route("/faults", post(|s, b: Request| act(s, b, enter_fault)))
        .route("/faults", get(|s| look(s, String::new(), show_faults)))
        .route("/faults/clear", post(|s, b: Request| act(s, b, forget_faults)))
        .route("/pushes/hurry", post(|s, b: Request| act(s, b, hurry)))
        .route("/count", post(|s, b: Request| act(s, b, count_day)))
        .with_state(platform);
    guarded(Router::new().nest(ROOT, routes), token)
}

/// Routes behind the admin token.
pub(super) fn guarded(routes: Router, token: Secret) -> Router {
    routes.layer(axum::middleware::from_fn(move |request: Request, next: Next| {
        let token = token.clone();
        async move { if allowed(&request, &token) { next.run(request).await } else { denied() } }
    }))
}

/// Compares in constant time.
fn allowed(request: &Request, token: &Secret) -> bool {
    let shown =
        request.headers().get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let token = token.expose();
    !token.is_empty() && shown.is_some_and(|shown| bool::from(shown.ct_eq(token)))
}

fn denied() -> Response {
    say(
        StatusCode::UNAUTHORIZED,
        &json!({ "error": { "code": "unauthorised", "message": "send the admin token as a bearer token" } }),
    )
}

fn say(status: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    response.into_response()
}

pub(super) fn answer(outcome: Result<Value>) -> Response {
    match outcome {
        Ok(value) => say(StatusCode::OK, &value),
        Err(Error::No { code, message }) => {
            let status = match code {
                "SIM_ORDER_NOT_FOUND" | "SIM_REVERSE_NOT_FOUND" => StatusCode::NOT_FOUND,
                "SIM_INVALID" => StatusCode::BAD_REQUEST,
                _ => StatusCode::CONFLICT,
            };
            say(status, &json!({ "error": { "code": code, "message": message } }))
        }
        Err(error) => say(
            StatusCode::SERVICE_UNAVAILABLE,
            &json!({ "error": { "code": "unavailable", "message": error.to_string() } }),
        ),
    }
}

pub(super) async fn read<I: DeserializeOwned>(request: Request) -> Result<I> {
    let bytes = to_bytes(request.into_body(), BODY)
        .await
        .map_err(|_| no("SIM_INVALID", "the body is too large or broke off"))?;
    let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
    serde_json::from_slice(bytes).map_err(|error| no("SIM_INVALID", error.to_string()))
}

async fn act<I>(platform: State<Arc<Platform>>, request: Request, run: fn(&mut Tx, &I) -> Result<Value>) -> Response
where
    I: DeserializeOwned + Send + Sync + 'static,
{
    let input: I = match read(request).await {
        Ok(input) => input,
        Err(error) => return answer(Err(error)),
    };
    let outcome = platform.store().write(platform.tenant(), move |tx| run(tx, &input)).await;
    platform.wake();
    answer(outcome)
}

async fn act_on<I>(
    platform: State<Arc<Platform>>,
    code: String,
    request: Request,
    run: fn(&mut Tx, &str, &I) -> Result<Value>,
) -> Response
where
    I: DeserializeOwned + Send + Sync + 'static,
{
    let input: I = match read(request).await {
        Ok(input) => input,
        Err(error) => return answer(Err(error)),
    };
    let outcome = platform.store().write(platform.tenant(), move |tx| run(tx, &code, &input)).await;
    platform.wake();
    answer(outcome)
}

async fn look(platform: State<Arc<Platform>>, code: String, run: fn(&mut Reader, &str) -> Result<Value>) -> Response {
    answer(platform.store().read(platform.tenant(), move |reader| run(reader, &code)).await)
}

/// A body without fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Which supplier.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    supplier_id: String,
}

fn put_one(tx: &mut Tx, supplier: &SimSupplier) -> Result<Value> {
    put_supplier(tx, supplier)?;
    Ok(json!({ "supplier_id": supplier.supplier_id }))
}

fn show_supplier(reader: &mut Reader, id: &str) -> Result<Value> {
    let found = supplier(reader, id)?;
    Ok(json!({
        "supplier_id": found.supplier_id, "name": found.name, "app_key": found.app_key, "push_url": found.push_url,
        "customer_id": found.customer_id, "user_id": found.user_id,
        "session_ends": found.session_ends.map(|ends| ends.to_string()),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Goods {
    supplier_id: String,
    goods: Vec<SimGoods>,
}

fn enter_goods(tx: &mut Tx, input: &Goods) -> Result<Value> {
    supplier(tx, &input.supplier_id)?;
    put_goods(tx, &input.supplier_id, &input.goods)?;
    Ok(json!({ "goods": input.goods.len() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stock {
    supplier_id: String,
    store_code: String,
    sc_item_id: i64,
    quantity: i64,
}

/// The total of an account, as the platform's operator may set it; what is occupied stays.
fn set_stock(tx: &mut Tx, input: &Stock) -> Result<Value> {
    supplier(tx, &input.supplier_id)?;
    Ok(json!(enter_stock(tx, &input.supplier_id, &input.store_code, input.sc_item_id, input.quantity)?))
}

fn show_stock(reader: &mut Reader, id: &str) -> Result<Value> {
    Ok(json!({ "stock": table::stocks(reader, id)? }))
}

fn place_one(tx: &mut Tx, input: &NewOrder) -> Result<Value> {
    Ok(json!({ "code": place(tx, input)? }))
}

fn place_many(tx: &mut Tx, input: &Rush) -> Result<Value> {
    let codes = rush(tx, input)?;
    Ok(json!({ "placed": codes.len(), "codes": codes }))
}

fn shown(reader: &mut Reader, order: &SimOrder) -> Result<Value> {
    let pushes: Vec<Value> = table::pushes_of(reader, &order.code)?
        .into_iter()
        .map(|(kind, state, attempts, answer)| json!({ "kind": kind, "state": state, "attempts": attempts, "answer": answer }))
        .collect();
    let returns: Vec<String> = table::reverses_of(reader, &order.code)?.into_iter().map(|found| found.code).collect();
    let mut value = json!(order.facts);
    value["code"] = order.code.clone().into();
    value["state"] = order.state.code().into();
    value["state_name"] = order.state.chinese().into();
    value["created"] = order.created.to_string().into();
    value["pushes"] = pushes.into();
    value["returns"] = returns.into();
    Ok(value)
}

fn show_order(reader: &mut Reader, code: &str) -> Result<Value> {
    let found = any_order(reader, code)?;
    shown(reader, &found)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancel {
    /// 1 asked (default), 9 refund agreed.
    #[serde(default)]
    refund_status: Option<String>,
}

fn ask_cancel(tx: &mut Tx, code: &str, input: &Cancel) -> Result<Value> {
    let status = input.refund_status.as_deref().unwrap_or("1");
    cancel_order(tx, code, status)?;
    show_order(tx, code)
}

/// The consumer wants the order no more: the supplier is told to stop.
pub fn cancel_order(tx: &mut Tx, code: &str, refund_status: &str) -> Result<()> {
    if !matches!(refund_status, "1" | "9") {
        return Err(no("SIM_INVALID", "refund_status is 1 or 9"));
    }
    let mut found = any_order(tx, code)?;
    if found.state == SimOrderState::PushFailed {
        super::order::intercepted(tx, &mut found, "供应商未收到订单,平台直接取消")?;
        return table::update_order(tx, &found);
    }
    found.fire(SimOrderEvent::AskCancel)?;
    let again = found.facts.cancels.iter().any(|cancel| cancel.refund_status == refund_status);
    if again {
        return Err(no("SIM_STATE", format!("a cancel with refund_status {refund_status} was asked for before")));
    }
    found.facts.cancels.push(SimCancel { refund_status: refund_status.to_owned(), ..SimCancel::default() });
    table::update_order(tx, &found)?;
    let now = tx.now();
    let owner = supplier(tx, &found.facts.supplier_id)?;
    let request = json!({
        "supplierId": owner.supplier_id, "supplierName": owner.name, "bizOrderCode": code, "bizTime": now.to_string(),
        "refundStatus": refund_status, "businessModel": found.facts.business_model, "sourcePlatformCode": TMGJZY,
    });
    push::send(tx, &owner.supplier_id, PushKind::Cancel, code, &request.to_string(), now)
}

fn sign(tx: &mut Tx, code: &str, _: &Nothing) -> Result<Value> {
    let mut found = any_order(tx, code)?;
    found.fire(SimOrderEvent::Sign)?;
    table::update_order(tx, &found)?;
    show_order(tx, code)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    /// Members that differ from the first push; `null` takes them out.
    #[serde(default)]
    change: Option<Value>,
}

fn again(tx: &mut Tx, code: &str, input: &Again) -> Result<Value> {
    push_again(tx, code, input.change.as_ref())?;
    show_order(tx, code)
}

fn refund(tx: &mut Tx, code: &str, input: &NewRefund) -> Result<Value> {
    Ok(json!({ "code": ask_refund(tx, code, input)? }))
}

fn approve(tx: &mut Tx, code: &str, _: &Nothing) -> Result<Value> {
    judge_refund(tx, code, true)?;
    show_return(tx, code)
}

fn refuse(tx: &mut Tx, code: &str, _: &Nothing) -> Result<Value> {
    judge_refund(tx, code, false)?;
    show_return(tx, code)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Waybill {
    carrier: String,
    waybill: String,
}

fn waybill(tx: &mut Tx, code: &str, input: &Waybill) -> Result<Value> {
    fill_waybill(tx, code, &input.carrier, &input.waybill)?;
    show_return(tx, code)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByHand {
    carrier: String,
    waybill: String,
    #[serde(default)]
    lines: Vec<super::place::NewLine>,
}

fn return_by_hand(tx: &mut Tx, code: &str, input: &ByHand) -> Result<Value> {
    let new = NewRefund { lines: input.lines.clone(), reason: None };
    Ok(json!({ "code": create_return(tx, code, &new, &input.carrier, &input.waybill)? }))
}

fn show_return(reader: &mut Reader, code: &str) -> Result<Value> {
    let found = reverse(reader, code)?;
    let mut value = json!(found.facts);
    value["code"] = found.code.clone().into();
    value["forward"] = found.forward.clone().into();
    value["state"] = found.state.code().into();
    value["state_name"] = found.state.chinese().into();
    Ok(value)
}

fn expire(tx: &mut Tx, input: &Which) -> Result<Value> {
    expire_session(tx, &input.supplier_id)?;
    show_supplier(tx, &input.supplier_id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renew {
    supplier_id: String,
    session: String,
    days: i64,
}

fn renew(tx: &mut Tx, input: &Renew) -> Result<Value> {
    let ends = tx.now().plus(input.days.clamp(0, 3_650) * 86_400);
    renew_session(tx, &input.supplier_id, &input.session, Some(ends))?;
    show_supplier(tx, &input.supplier_id)
}

fn enter_fault(tx: &mut Tx, input: &NewFault) -> Result<Value> {
    add_fault(tx, input)?;
    show_faults(tx, "")
}

fn show_faults(reader: &mut Reader, _: &str) -> Result<Value> {
    Ok(json!({ "faults": faults(reader)? }))
}

fn forget_faults(tx: &mut Tx, _: &Nothing) -> Result<Value> {
    clear_faults(tx)?;
    show_faults(tx, "")
}

fn hurry(tx: &mut Tx, _: &Nothing) -> Result<Value> {
    table::hurry_pushes(tx)?;
    Ok(json!({ "hurried": true }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountDay {
    supplier_id: String,
    /// `yyyy-MM-dd`
    day: String,
}

fn count_day(tx: &mut Tx, input: &CountDay) -> Result<Value> {
    let day = Day::parse(&input.day).map_err(|_| no("SIM_INVALID", "day is yyyy-MM-dd"))?;
    let start: Moment = day.start();
    Ok(json!({ "day": input.day, "orders": count(tx, &input.supplier_id, start, start.plus(86_400))? }))
}

/// An order or a return, as the sandbox shows it.
pub fn look_up(reader: &mut Reader, code: &str) -> Result<Value> {
    match table::order(reader, code)? {
        Some(found) => shown(reader, &found),
        None => show_return(reader, code),
    }
}

/// The order as its supplier may see it.
pub fn order_of(reader: &mut Reader, supplier_id: &str, code: &str) -> Result<SimOrder> {
    order(reader, supplier_id, code)
}
