//! HTTP around the operations: token, limits, routes. Nothing here knows what an operation does.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{RawPathParams, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use subtle::ConstantTimeEq;
use wire::params::Params;

use crate::answer::Answer;
use crate::desk::{Desk, Options};
use crate::fault::Fault;
use crate::input::Given;
use crate::operation::{Operation, Verb};
use crate::{limits, openapi, resource, transfer};

/// Where the admin API stands.
pub const ROOT: &str = "/admin/v1";

/// The routes of the admin API.
pub fn router(options: Options) -> Router {
    let desk = Arc::new(Desk::new(options));
    let operations = resource::operations();
    let mut router = Router::new();
    for operation in operations {
        let (operation, desk) = (Arc::new(operation), Arc::clone(&desk));
        let path = format!("{ROOT}{}", operation.head.path);
        let filter = match operation.head.verb {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
            Verb::Patch => MethodFilter::PATCH,
            Verb::Delete => MethodFilter::DELETE,
        };
        let handler = move |path: RawPathParams, request: Request| {
            let (operation, desk) = (Arc::clone(&operation), Arc::clone(&desk));
            async move { serve(desk, &operation, &path, request).await }
        };
        router = router.route(&path, on(filter, handler));
    }
    let openapi_path = format!("{ROOT}/openapi.json");
    // Made when it is asked for: it takes megabytes to put together, and hardly anybody asks.
    let version = desk.0.version;
    let document = move || async move { json(200, openapi::document(&resource::operations(), version).to_string()) };
    router = router.route(&openapi_path, on(MethodFilter::GET, document));
    let stranger = move |request: Request, fault: fn() -> Fault| {
        let allowed = authorised(request.headers(), &desk);
        async move { if allowed { fault() } else { Fault::unauthorised() } }
    };
    let lost = stranger.clone();
    let unknown = move |request: Request| lost(request, || Fault::not_found("no such path; see openapi.json"));
    let wrong_verb = move |request: Request| {
        stranger(request, || {
            Fault::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "not with this verb; see openapi.json")
        })
    };
    router.route(&format!("{ROOT}/{{*rest}}"), axum::routing::any(unknown)).method_not_allowed_fallback(wrong_verb)
}

async fn serve(desk: Arc<Desk>, operation: &Operation, path: &RawPathParams, request: Request) -> Response {
    if !authorised(request.headers(), &desk) {
        return Fault::unauthorised().into_response();
    }
    let answered = async {
        let given = given(&desk, operation, path, request).await?;
        match tokio::time::timeout(limits::WORK_TIME, (operation.run)(desk, given)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Fault::unavailable("the store took too long; look whether it was done before trying again")),
        }
    };
    match answered.await {
        Ok(Answer { file: Some(file), .. }) => transfer::send(file).await,
        Ok(Answer { attachment: Some((media, name)), body, .. }) => transfer::attachment(body, media, &name),
        Ok(answer) => json(answer.status, answer.body),
        Err(fault) => {
            tracing::debug!(
                operation = operation.head.id,
                code = fault.code,
                field = fault.field,
                "admin call refused"
            );
            fault.into_response()
        }
    }
}

async fn given(desk: &Desk, operation: &Operation, path: &RawPathParams, request: Request) -> Result<Given, Fault> {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let query = Params::of_query(query.as_bytes())
        .map_err(|error| Fault::invalid("", format!("the query cannot be read: {error}")))?
        .into_owned();
    let (body, upload) = if operation.takes_file {
        (String::new(), Some(transfer::take(desk, body).await?))
    } else {
        (read(body).await?, None)
    };
    Ok(Given {
        in_body: operation.in_body(),
        of_tenant: operation.of_tenant,
        path: path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        query,
        body,
        upload,
    })
}

async fn read(body: Body) -> Result<String, Fault> {
    let too_large = || {
        let text = format!("the body is over {} bytes", limits::BODY_BYTES);
        Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", text)
    };
    match tokio::time::timeout(limits::BODY_TIME, to_bytes(body, limits::BODY_BYTES)).await {
        Err(_) => Err(Fault::invalid("", "the body did not arrive in time")),
        Ok(Err(_)) => Err(too_large()),
        Ok(Ok(bytes)) => String::from_utf8(bytes.into()).map_err(|_| Fault::invalid("", "the body is not UTF-8")),
    }
}

/// Compares in constant time; only the length of the token can be learnt.
fn authorised(headers: &HeaderMap, desk: &Desk) -> bool {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let token = desk.0.token.expose();
    !token.is_empty() && shown.is_some_and(|shown| bool::from(shown.ct_eq(token)))
}

fn json(status: u16, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    response
}
