//! How the program is: version, time, store.

use std::sync::Arc;

use serde_json::json;
use wire::args::arguments;

use crate::answer::{Answer, Shape};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

arguments! {
    /// Nothing is asked.
    struct Nothing {}
}

pub(super) fn operations() -> Vec<Operation> {
    vec![house(
        Head {
            id: "house.health",
            verb: Verb::Get,
            path: "/health",
            summary: ("version, clock and store", "版本、时钟与存储状态"),
            shape: Shape::Free(
                "version; now (GMT+8) and unix; store: ok, problem, waiting writes and counters since the start",
            ),
        },
        health,
    )]
}

async fn health(desk: Arc<Desk>, _: Nothing) -> Result<Answer, Fault> {
    let now = desk.store().clock().now();
    let problem = desk.store().health().await.err().map(|error| error.to_string());
    let figures = desk.store().statistics().figures();
    Ok(Answer::json(&json!({
        "version": desk.0.version,
        "now": now.to_string(),
        "unix": now.unix(),
        "tenants": desk.0.directory.snapshot().tenants().len(),
        "store": {
            "ok": problem.is_none(),
            "problem": problem.unwrap_or_default(),
            "waiting": desk.store().waiting(),
            "commits": figures.groups,
            "writes_kept": figures.kept,
            "writes_refused": figures.failed,
            "reads": figures.reads,
        },
    })))
}
