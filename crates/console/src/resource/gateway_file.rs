//! The directory as a document that can live in git: `matou gateway export|diff|apply` speak to these.

use std::sync::Arc;

use gateway::directory::Document;
use serde_json::json;
use wire::args::arguments;

use super::tenant::note;
use super::tree::Tree;
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const DOCUMENT: &str = "sections scene, application, target, api, customer_route, authorisation, limit, stub, each a list; without secrets; \
                        see docs/gateway.md";
const CHANGES: &str = "{\"changes\": [{action: add, change or remove, what, members: [{path, before, after}]}]}";

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// A document. A section that is there is complete; one that is absent is left alone.
    struct Given {
        /// sections scene, application, target, api, customer_route, authorisation, limit, stub / 配置文件内容
        document: Tree,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(
            head(
                "gateway_file.export",
                Verb::Get,
                "/gateway-file",
                ("the gateway's directory as a document", "导出网关配置"),
                Shape::Free(DOCUMENT),
            ),
            export,
        ),
        house(
            head(
                "gateway_file.compare",
                Verb::Post,
                "/gateway-file/compare",
                ("what a document would change", "比较网关配置"),
                Shape::Free(CHANGES),
            ),
            compare,
        ),
        house(
            head(
                "gateway_file.apply",
                Verb::Post,
                "/gateway-file/apply",
                ("apply a document, whole or not at all", "应用网关配置"),
                Shape::Free(CHANGES),
            ),
            apply,
        ),
    ]
}

async fn export(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    Ok(Answer::json(&desk.0.directory.document().await?.to_value()))
}

async fn compare(desk: Arc<Desk>, given: Given) -> Result<Answer, Fault> {
    let document = Document::read(given.document.value())?;
    Ok(Answer::json(&json!({ "changes": desk.0.directory.compare(document).await? })))
}

async fn apply(desk: Arc<Desk>, given: Given) -> Result<Answer, Fault> {
    let document = Document::read(given.document.value())?;
    let changes = desk.0.directory.apply(document, WHO.to_owned()).await?;
    if !changes.is_empty() {
        note(&desk, "gateway_file.apply", &changes.len().to_string()).await?;
    }
    Ok(Answer::json(&json!({ "changes": changes })))
}
