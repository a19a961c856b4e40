//! The archive (归档): how much it holds, when it goes on, and an order brought back.

use erp::archive::{self, Holding, Stage};
use erp::order;
use serde_json::{Map, Value, json};
use store::{Reader, Tx};
use wire::args::{Text, arguments};

use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// Which order.
    struct One {
        /// number / 订单号
        trade_no: Text<40>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(
            head(
                "archive.get",
                Verb::Get,
                "/archive",
                ("what is archived", "归档情况"),
                Shape::Free(
                    "documents: live and archived of each kind; stages: days of the settings and when the next piece is due",
                ),
            ),
            get,
        ),
        writes(
            head(
                "archive.recall",
                Verb::Post,
                "/orders/{trade_no}/recall",
                ("bring an order back from the archive", "取消归档"),
                Shape::Free("trade_no, recalled: whether it was archived"),
            ),
            recall,
        ),
    ]
}

fn get(ask: &Ask, _: &All, reader: &mut Reader) -> Result<Answer, Fault> {
    let documents: Map<String, Value> = archive::holdings(reader)?
        .into_iter()
        .map(|Holding { kind, live, archived }| (kind.to_owned(), json!({ "live": live, "archived": archived })))
        .collect();
    let mut stages = Map::new();
    for stage in Stage::ALL {
        let due = archive::due(reader, *stage)?.map(|due| due.to_string());
        stages.insert(stage.name().to_owned(), json!({ "days": stage.days(&ask.settings.archive), "due": due }));
    }
    Ok(Answer::json(&json!({ "documents": documents, "stages": stages })))
}

fn recall(_: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let recalled = order::recall_order(tx, &one.trade_no)?;
    Ok(Answer::json(&json!({ "trade_no": &*one.trade_no, "recalled": recalled })).about(&one.trade_no))
}
