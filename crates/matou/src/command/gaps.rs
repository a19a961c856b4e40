//! `matou calls --gaps`: what callers skipped, drawn as bars of the time, with what to read again.

use std::collections::BTreeSet;

use serde_json::Value;
use units::Moment;

/// Characters of a bar.
const WIDTH: i64 = 60;
/// What a bar shows at most, seconds: the days that the server looks back.
const WIDEST: i64 = gateway::limits::COVERAGE_DAYS * 86_400;
/// Findings of a kind that are listed.
const LISTED: usize = 20;

/// The lines of the chart: for each caller, method and shop a head, a bar, and what is wrong.
pub(super) fn chart(answer: &Value, now: Moment) -> Vec<String> {
    let mut lines = Vec::new();
    for watched in rows(answer, "watched") {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(one(watched, now));
    }
    if lines.is_empty() {
        lines.push("nothing is missing, as far as calls tell / 未发现漏单迹象".to_owned());
    }
    lines
}

fn one(watched: &Value, now: Moment) -> Vec<String> {
    let of = |name: &str| text(watched, name);
    let push = of("kind") == "push";
    let shop = if of("shop_no").is_empty() { "all shops / 全部店铺" } else { of("shop_no") };
    let mut head = format!("{} {}  {}  {}  {shop}", of("app"), of("name"), of("sid"), of("method"));
    for (name, value) in [("", of("filter")), ("-> ", of("target_app_key"))] {
        if !value.is_empty() {
            head.push_str(&format!("  {name}{value}"));
        }
    }
    if of("environment") == "test" {
        head.push_str("  (test)");
    }
    let mut lines = vec![head];
    lines.extend(bar(watched, push, now));
    let mut said = |findings: Vec<String>| {
        let more = findings.len().saturating_sub(LISTED);
        lines.extend(findings.into_iter().take(LISTED));
        if more > 0 {
            lines.push(format!("    ... {more} more / 另有 {more} 项"));
        }
    };
    let gap = |gap: &Value| {
        let (from, to) = (text(gap, "from"), text(gap, "to"));
        format!("  · not read / 未读取: start_time={from} end_time={to} ({})", lasting(length(gap)))
    };
    said(rows(watched, "gaps").map(gap).collect());
    let window = |window: &Value| {
        let (from, to, missing) = (text(window, "from"), text(window, "to"), text(window, "missing"));
        let pages =
            window["pages"].as_i64().filter(|pages| *pages > 0).map_or("?".to_owned(), |pages| pages.to_string());
        format!(
            "  ▒ pages missing / 缺页: {missing} of / 共 {pages}, start_time={from} end_time={to} page_size={}",
            window["page_size"]
        )
    };
    said(rows(watched, "unfinished").map(window).collect());
    for (name, words) in [("behind_seconds", "behind / 读取落后"), ("silent_seconds", "silent / 停止推送")] {
        let seconds = watched[name].as_i64().unwrap_or(0);
        if seconds > 0 {
            let usual = lasting(watched["usual_pause_seconds"].as_i64().unwrap_or(0));
            lines.push(format!("  > {words}: {} (usual pause / 通常间隔 {usual})", lasting(seconds)));
        }
    }
    if !of("hint").is_empty() {
        lines.push(format!("  ! {}", of("hint")));
    }
    lines
}

/// A bar from the first that is known until now, under its two ends. What is missing at all is seen in the picture.
fn bar(watched: &Value, push: bool, now: Moment) -> Vec<String> {
    let spans = || ["spans", "gaps", "unfinished"].into_iter().flat_map(|name| rows(watched, name)).filter_map(ends);
    let first = spans().map(|(from, _)| from).min().unwrap_or(now.unix()).max(now.unix() - WIDEST);
    let wide = (now.unix() - first).max(1);
    let cell = |at: i64| ((at - first) * WIDTH / wide).clamp(0, WIDTH - 1);
    let cells = |name: &str| -> BTreeSet<i64> {
        let inside = rows(watched, name).filter_map(ends).filter(|(from, to)| *to >= first && *from <= now.unix());
        inside.flat_map(|(from, to)| cell(from)..=cell(to)).collect()
    };
    let (read, unfinished) = (cells("spans"), cells("unfinished"));
    // The two ends of a gap were read; it shows where it has a cell of its own, or in the cell in which it lies.
    let gap = |(from, to): (i64, i64)| cell(from + 1)..=cell((to - 1).max(from + 1));
    let gaps: BTreeSet<i64> = rows(watched, "gaps").filter_map(ends).flat_map(gap).collect();
    let drawn = (0..WIDTH).map(|at| match () {
        () if gaps.contains(&at) => '·',
        () if unfinished.contains(&at) => '▒',
        () if read.contains(&at) => '█',
        () => ' ',
    });
    let what = if push { "pushed / 有推送" } else { "read / 已读取" };
    vec![format!("  |{}|", drawn.collect::<String>()), format!("   {} .. {}  █ {what}", Moment::from_unix(first), now)]
}

fn rows<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value[name].as_array().into_iter().flatten()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn ends(stretch: &Value) -> Option<(i64, i64)> {
    let end = |name| Moment::parse(text(stretch, name)).ok().map(Moment::unix);
    Some((end("from")?, end("to")?))
}

fn length(stretch: &Value) -> i64 {
    ends(stretch).map_or(0, |(from, to)| to - from)
}

/// Seconds as people say them: 3 d 4 h, 5 h 30 min, 40 s.
fn lasting(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_gap_is_drawn_and_named() {
        let now = Moment::parse("2026-01-02 10:00:00").unwrap();
        let span =
            |from: &str, to: &str| json!({ "from": format!("2026-01-02 {from}"), "to": format!("2026-01-02 {to}") });
        let mut watched = json!({
            "app": "demo-ot", "name": "shop", "sid": "demo", "method": "wdt.trade.query", "kind": "read", "shop_no": "S01",
            "filter": "status=30", "environment": "production", "usual_pause_seconds": 300,
            "spans": [span("09:00:00", "09:20:00"), span("09:30:00", "09:58:00")],
            "gaps": [span("09:20:00", "09:30:00")],
            "unfinished": [], "behind_seconds": 0, "silent_seconds": 0, "hint": "read again",
        });
        let bar = format!("  |{}{}{}|", "█".repeat(20), "·".repeat(10), "█".repeat(29) + " ");
        assert_eq!(
            chart(&json!({ "watched": [watched] }), now),
            [
                "demo-ot shop  demo  wdt.trade.query  S01  status=30".to_owned(),
                bar,
                "   2026-01-02 09:00:00 .. 2026-01-02 10:00:00  █ read / 已读取".to_owned(),
                "  · not read / 未读取: start_time=2026-01-02 09:20:00 end_time=2026-01-02 09:30:00 (10 min)"
                    .to_owned(),
                "  ! read again".to_owned(),
            ]
        );
        watched["spans"] = json!([span("09:00:00", "09:20:00"), span("09:20:09", "09:58:00")]);
        watched["gaps"] = json!([span("09:20:00", "09:20:09")]);
        watched["shop_no"] = json!("");
        watched["behind_seconds"] = json!(90_061);
        watched["unfinished"] = json!([{ "from": "2026-01-02 09:58:01", "to": "2026-01-02 10:00:00", "pages": 7, "page_size": 40, "missing": "1-2, 5" }]);
        let lines = chart(&json!({ "watched": [watched] }), now);
        assert!(lines[0].contains("all shops / 全部店铺"), "{lines:?}");
        assert!(
            lines[1].starts_with(&format!("  |{}·{}", "█".repeat(20), "█".repeat(9))),
            "nine seconds are seen: {lines:?}"
        );
        assert!(lines[1].ends_with("▒▒|"), "{lines:?}");
        assert!(lines[4].contains("1-2, 5 of / 共 7, start_time=2026-01-02 09:58:01"), "{lines:?}");
        assert!(lines[5].contains("1 d 1 h") && lines[5].contains("5 min"), "{lines:?}");
        assert_eq!(chart(&json!({ "watched": [] }), now).len(), 1);
    }
}
