//! What callers read and push, and what is missing: gaps between windows, pages that were not read, callers who fell behind, shops that
//! fell silent.

use std::sync::Arc;

use gateway::{Stretch, Unfinished, Watched};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, int, list, owned, text, time};

use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const STRETCH: &[Column<Stretch>] =
    &[time("from", "beginning / 起", |s| Some(s.from)), time("to", "end / 止", |s| Some(s.to))];

const UNFINISHED: &[Column<Unfinished>] = &[
    time("from", "start of the window / 窗口起", |u| Some(u.from)),
    time("to", "end of the window / 窗口止", |u| Some(u.to)),
    int("pages", "pages that it has; 0 = not known, the first was not read / 总页数", |u| u.pages.unwrap_or(0)),
    int("page_size", "rows of a page; 0 = not said / 每页条数", |u| u.page_size),
    text("missing", "missing pages, counted from 0 / 缺失页码", |u| &u.missing),
    time("at", "when a page was read last / 最近读取", |u| Some(u.at)),
];

const WATCHED: &[Column<Watched>] = &[
    text("app", "key of the application / 调用方", |w| &w.app.key),
    text("name", "its name / 名称", |w| &w.app.name),
    text("environment", "production or test / 环境", |w| w.environment.name()),
    text("sid", "the merchant / 卖家账号", |w| &w.sid),
    text("target_app_key", "target outside; empty = built-in methods / 目标", |w| &w.target),
    text("method", "name without scene / 接口名", |w| &w.method),
    text("kind", "read or push / 读取或推送", |w| if w.push { "push" } else { "read" }),
    text("shop_no", "the shop; empty = all / 店铺", |w| &w.shop),
    text("filter", "the other conditions of the reads / 其他查询条件", |w| &w.filter),
    int("calls", "calls since the first / 调用次数", |w| w.calls),
    time("first_at", "when the first came / 首次调用", |w| Some(w.first)),
    time("last_at", "when the last came / 最近调用", |w| Some(w.last)),
    int("usual_pause_seconds", "longest pause that is usual; -1 = no pace is known / 通常最长间隔(秒)", |w| {
        w.usual_pause.unwrap_or(-1)
    }),
    list!(
        "spans",
        "what was read; of pushes when they came, to five minutes / 已读取(或有推送)的时间段",
        STRETCH,
        |w| w.spans.iter()
    ),
    list!("gaps", "between what was read: read by nobody / 未读取的时间段", STRETCH, |w| w.gaps.iter()),
    list!("unfinished", "windows of which pages are missing / 缺页的窗口", UNFINISHED, |w| w.unfinished.iter()),
    int(
        "behind_seconds",
        "since the last moment that was read, when unusually long ago; 0 = not / 读取落后(秒)",
        |w| w.behind.unwrap_or(0),
    ),
    int("silent_seconds", "since the last push, when unusually long ago; 0 = not / 停止推送(秒)", |w| {
        w.silent.unwrap_or(0)
    }),
    owned("hint", "what to do; empty = nothing / 建议", hint),
];

arguments! {
    /// Whose calls; what is absent does not matter.
    struct Whose {
        /// this application / 调用方
        app: Option<Text<128>>,
        /// this merchant / 卖家账号
        sid: Option<Text<128>>,
        /// this method, without scene / 接口名
        method: Option<Text<128>>,
        /// this shop / 店铺
        shop: Option<Text<100>>,
        /// 1 = also where nothing is wrong / 含无异常的
        all: Option<bool>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = Head {
        id: "call.gaps",
        verb: Verb::Get,
        path: "/gaps",
        summary: (
            "what callers skipped: gaps, missing pages, callers behind, silent shops",
            "漏单检测:未读取的时间段、缺页、读取落后、停止推送",
        ),
        shape: Shape::Rows("watched", || describe(WATCHED)),
    };
    vec![house(head, all)]
}

async fn all(desk: Arc<Desk>, whose: Whose) -> Result<Answer, Fault> {
    fn given<const MAX: usize>(text: &Option<Text<MAX>>) -> Option<&str> {
        text.as_deref().filter(|text| !text.is_empty())
    }
    if let Some(key) = given(&whose.app)
        && !desk.0.directory.snapshot().apps().iter().any(|app| app.key == key)
    {
        return Err(Fault::not_found(format!("no application {key}")));
    }
    let fits = |asked: Option<&str>, own: &str| asked.is_none_or(|asked| asked == own);
    let mut watched = desk.0.gateway.watched().await.map_err(Fault::from)?;
    watched.retain(|watched| {
        (whose.all.unwrap_or(false) || watched.is_wrong())
            && fits(given(&whose.app), &watched.app.key)
            && fits(given(&whose.sid), &watched.sid)
            && fits(given(&whose.method), &watched.method)
            && fits(given(&whose.shop), &watched.shop)
    });
    Ok(Answer::rows(style(false), "watched", WATCHED, &watched, Some(watched.len() as i64)))
}

fn hint(watched: &Watched) -> String {
    let mut hints = Vec::new();
    if !watched.gaps.is_empty() {
        hints.push(
            "read each gap again from its beginning to its end, all pages, in windows as wide as the method allows / 请按起止时间补拉每个缺口的全部页,跨度不超过接口限制",
        );
    }
    if !watched.unfinished.is_empty() {
        hints.push(
            "ask for the missing pages with the same window and page size, or read the window again / 请用相同窗口和每页条数补拉缺失页,或重新读取该窗口",
        );
    }
    if watched.behind.is_some() {
        hints.push(
            "is the caller's job still running, and do its windows move on? / 拉取任务是否仍在运行,窗口是否在推进?",
        );
    }
    if watched.silent.is_some() {
        hints.push(
            "does the platform still push: is fetching of orders switched on, is the shop's authorisation in force? / 平台是否仍在推送:抓单是否开启,店铺授权是否有效?",
        );
    }
    hints.join("; ")
}
