//! Its door: verifies, keeps what it is told, answers.

use axum::Router;
use axum::extract::{Request, State as With};
use axum::response::Response;
use axum::routing::any;
use gateway::service::{self, find};
use http::{StatusCode, header};
use http_body_util::{BodyExt, Limited};
use wire::params::Params;
use wire::top::{self, Digest};

use super::state::Manner;
use super::{DOOR, Simulator, orders};
use crate::limits;

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
pub(super) fn refuse(code: &str, message: &str) -> String {
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
        orders::take(state, method.name, &root, now)
    });
    done.unwrap_or_else(|flaw| refuse("30034", &flaw.to_string()))
}
