//! The TOP that the supplier reports to: it takes every call, and remembers when an order was first reported.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::sync::watch;
use wire::params::{Clash, Params};

use super::pushes::number;
use crate::trouble::Trouble;

/// A running TOP.
pub(super) struct Top {
    pub(super) url: String,
    shared: Arc<Shared>,
}

struct Shared {
    arrivals: Mutex<HashMap<usize, Instant>>,
    /// How many orders were reported.
    count: watch::Sender<usize>,
    hanging: watch::Sender<bool>,
}

impl Top {
    pub(super) async fn serve() -> Result<Self, Trouble> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/router/rest", listener.local_addr()?);
        let shared = Arc::new(Shared {
            arrivals: Mutex::default(),
            count: watch::Sender::new(0),
            hanging: watch::Sender::new(false),
        });
        let router = Router::new().fallback(post(take)).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, shared })
    }

    /// From now on nobody gets an answer, until it is said that they do again.
    pub(super) fn hang(&self, hanging: bool) {
        self.shared.hanging.send_replace(hanging);
    }

    /// When the order was first reported.
    pub(super) fn arrival(&self, n: usize) -> Option<Instant> {
        self.shared.arrivals.lock().unwrap_or_else(PoisonError::into_inner).get(&n).copied()
    }

    /// How many orders were reported.
    pub(super) fn reported(&self) -> usize {
        *self.shared.count.borrow()
    }

    /// Waits until so many orders were reported.
    pub(super) async fn all(&self, orders: usize, patience: Duration) -> Result<(), Trouble> {
        let mut count = self.shared.count.subscribe();
        let reported = count.wait_for(|count| *count >= orders);
        if tokio::time::timeout(patience, reported).await.is_err() {
            let reported = self.reported();
            return Err(Trouble::new(format!("only {reported} of {orders} orders were reported within {patience:?}")));
        }
        Ok(())
    }
}

async fn take(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    // The sender lives as long as the state.
    drop(shared.hanging.subscribe().wait_for(|hanging| !hanging).await);
    let now = Instant::now();
    let Ok(call) = Params::of_form(b"", &body, Clash::BodyWins) else { return StatusCode::BAD_REQUEST.into_response() };
    let answer = match call.get("method").unwrap_or_default().rsplit_once("alibaba.ascp.").map_or("", |(_, name)| name)
    {
        "uop.supplier.consignorder.notify.received" => {
            if let Some(n) = call.get("biz_order_code").and_then(number) {
                let mut arrivals = shared.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
                arrivals.entry(n).or_insert(now);
                shared.count.send_replace(arrivals.len());
            }
            r#"{"consignorder_notify_received_response":{"success":true,"retry":false},"request_id":"b"}"#
        }
        "uop.supplier.consignorder.cancel.feedback" => {
            r#"{"consignorder_cancel_feedback_response":{"success":true,"retry":false},"request_id":"b"}"#
        }
        "aic.supplier.aicinventory.publish" => {
            r#"{"aic_inventory_publish_response":{"success":true},"request_id":"b"}"#
        }
        "aic.supplier.aicinventory.channel.inventory.query" => {
            r#"{"merchant_inventory_query_response":{"success":true,"datas":[]},"request_id":"b"}"#
        }
        _ => {
            r#"{"error_response":{"code":22,"msg":"Invalid Method","sub_code":"isv.invalid-method","request_id":"b"}}"#
        }
    };
    ([(header::CONTENT_TYPE, "application/json;charset=UTF-8")], answer).into_response()
}
