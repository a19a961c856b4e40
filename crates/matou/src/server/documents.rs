//! What the Wangdian API says about itself, beside the admin API's own document; open to everybody like that one.

use std::sync::OnceLock;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gateway::describe;
use http::header;

/// Both documents, each made when it is first asked for.
pub(super) fn router() -> Router {
    Router::new()
        .route("/admin/v1/wangdian-openapi.json", get(|| async { answer(openapi()) }))
        .route("/admin/v1/wangdian-collection.json", get(|| async { answer(collection()) }))
}

fn openapi() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        describe::openapi(&dock_wdt::registry(), &dock_wdt::examples(), env!("CARGO_PKG_VERSION")).to_string()
    })
}

fn collection() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| describe::collection(&dock_wdt::registry(), &dock_wdt::examples()).to_string())
}

fn answer(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "application/json;charset=UTF-8")], text).into_response()
}
