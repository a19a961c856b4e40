//! `matou calls --clocks`: how far the clocks of callers are off, drawn as bars.

use serde_json::Value;

/// Characters of the longest bar of an application.
const LONGEST: u64 = 40;

/// The lines of the chart: for each application a head, a line a bucket, and what is wrong.
pub(super) fn chart(answer: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for clock in answer["clocks"].as_array().into_iter().flatten() {
        let of = |name: &str| clock[name].as_str().unwrap_or_default();
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!(
            "{} {}  calls / 调用: {}, outside the window / 超出允许误差: {}, last / 最近: {:+} s ({})",
            of("app"),
            of("name"),
            clock["calls"],
            clock["outside_window"],
            clock["last_skew_seconds"].as_i64().unwrap_or_default(),
            of("last_at"),
        ));
        let buckets = clock["buckets"].as_array().map_or(&[][..], Vec::as_slice);
        let most = buckets.iter().map(calls).max().unwrap_or_default();
        lines.extend(buckets.iter().map(|bucket| line(bucket, most)));
        if !of("hint").is_empty() {
            lines.push(format!("  ! {}", of("hint")));
        }
    }
    if lines.is_empty() {
        lines.push("nobody has called since the start / 启动以来没有调用".to_owned());
    }
    lines
}

fn line(bucket: &Value, most: u64) -> String {
    let end = |name: &str| bucket[name].as_str().unwrap_or_default();
    // What was seen at all is seen in the picture.
    let length = usize::try_from((calls(bucket) * LONGEST).div_ceil(most.max(1))).unwrap_or_default();
    format!("  {:>5}..{:<5} {:>9} {}", end("from"), end("to"), calls(bucket), "█".repeat(length))
}

fn calls(bucket: &Value) -> u64 {
    bucket["calls"].as_u64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_and_never_missing() {
        let bucket = |from: &str, to: &str, calls: u64| json!({ "from": from, "to": to, "calls": calls });
        let clock = json!({
            "app": "21300001", "name": "demo", "calls": 1501, "outside_window": 1, "last_skew_seconds": -28801,
            "last_at": "2026-01-02 03:04:05", "hint": "looks like UTC",
            "buckets": [bucket("", "-601", 1), bucket("-10", "10", 1000), bucket("11", "60", 500), bucket("601", "", 0)],
        });
        let bar = |length: usize| "█".repeat(length);
        assert_eq!(
            chart(&json!({ "clocks": [clock] })),
            [
                "21300001 demo  calls / 调用: 1501, outside the window / 超出允许误差: 1, last / 最近: -28801 s (2026-01-02 03:04:05)".to_owned(),
                format!("       ..-601          1 {}", bar(1)),
                format!("    -10..10         1000 {}", bar(40)),
                format!("     11..60          500 {}", bar(20)),
                "    601..              0 ".to_owned(),
                "  ! looks like UTC".to_owned(),
            ]
        );
        assert_eq!(chart(&json!({ "clocks": [] })).len(), 1);
    }
}
