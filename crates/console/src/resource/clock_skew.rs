//! How far the clocks of callers are off, as this node saw it since its start.

use std::sync::Arc;

use gateway::{ClockSkew, SkewBucket};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, int, list, owned, text, time};

use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const BUCKET: &[Column<SkewBucket>] = &[
    owned("from", "first second of the span; empty = no bound / 起(秒)", |b| bound(b.from)),
    owned("to", "last second of the span; empty = no bound / 止(秒)", |b| bound(b.to)),
    int("calls", "calls whose skew lies in it / 调用次数", |b| total(b.calls)),
];

const CLOCK: &[Column<ClockSkew>] = &[
    text("app", "key of the application / 调用方", |c| &c.app.key),
    text("protocol", "openapi2 or top / 协议", |c| c.app.protocol.name()),
    text("name", "its name / 名称", |c| &c.app.name),
    int("calls", "calls since the start: signed rightly, or outside the window / 启动以来调用次数", |c| {
        total(c.calls)
    }),
    int(
        "outside_window",
        "of these outside the allowed window: refused, unless a repeated write was answered from its receipt / 超出允许误差",
        |c| total(c.outside),
    ),
    list!("buckets", "calls by skew in seconds / 误差分布(秒)", BUCKET, |c| c.buckets.iter()),
    int(
        "last_skew_seconds",
        "time claimed by the last call less ours; negative = behind / 最近误差(秒),负数为偏慢",
        |c| c.last,
    ),
    time("last_at", "when that was / 最近时间", |c| Some(c.last_at)),
    text("hint", "what is wrong in most calls; empty = nothing / 提示", |c| &c.hint),
];

arguments! {
    /// Whose clock; what is absent does not matter.
    struct Whose {
        /// this application / 调用方
        app: Option<Text<128>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = Head {
        id: "call.clock_skews",
        verb: Verb::Get,
        path: "/clock-skews",
        summary: ("how far the clocks of callers are off, since this node started", "调用方时钟误差(本节点启动以来)"),
        shape: Shape::Rows("clocks", || describe(CLOCK)),
    };
    vec![house(head, all)]
}

async fn all(desk: Arc<Desk>, whose: Whose) -> Result<Answer, Fault> {
    let mut clocks = desk.0.gateway.clock_skews();
    if let Some(key) = whose.app.as_deref().filter(|key| !key.is_empty()) {
        if !desk.0.directory.snapshot().apps().iter().any(|app| app.key == key) {
            return Err(Fault::not_found(format!("no application {key}")));
        }
        clocks.retain(|clock| clock.app.key == key);
    }
    Ok(Answer::rows(style(false), "clocks", CLOCK, &clocks, Some(clocks.len() as i64)))
}

fn bound(second: Option<i64>) -> String {
    second.map(|second| second.to_string()).unwrap_or_default()
}

fn total(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
