//! Which rule fits a call, and what it answers.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use foldhash::HashMap;
use units::Moment;
use wire::json::write_text_contents;

use super::set::{MockFormat, MockRule, Otherwise, StubSet};
use crate::directory::Environment;
use crate::exchange::Sent;
use crate::pick::Source;

/// Rules whose hits are counted.
const COUNTED: usize = 10_000;

/// How often each rule was hit on this node, by environment, method, version and place in its set.
#[derive(Default)]
pub(crate) struct Stubs(Mutex<HashMap<(Environment, String, i64, usize), Hit>>);

/// Hits of a rule.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hit {
    pub(super) count: u64,
    /// Of the last one, Unix seconds.
    pub(super) last: i64,
}

/// What a stub says to a call.
pub(crate) enum Mocked {
    /// This, after a while.
    Answer { sent: Sent, delay: Duration, rule: String },
    /// No rule fits, and nothing may pass.
    Nothing,
}

impl Stubs {
    /// The answer of the set; `None` when the target is to answer. `always`: the definition of the API says so, too.
    pub(crate) fn answer(
        &self,
        set: &StubSet,
        always: bool,
        source: Source<'_>,
        request_id: &str,
        now: Moment,
    ) -> Option<Mocked> {
        if !(set.on || always) || set.environment == Environment::Production && !set.production_allowed {
            return None;
        }
        let fits = |rule: &MockRule| rule.when.iter().all(|part| part.holds(source.pick(&part.at).as_deref()));
        let rule = set.rules.iter().enumerate().find(|(at, rule)| fits(rule) && self.hit(set, *at, rule.times, now));
        let Some((at, rule)) = rule else {
            return (set.otherwise == Otherwise::Refuse).then_some(Mocked::Nothing);
        };
        let value = |name: &str, out: &mut Vec<u8>| match name {
            "request_id" => out.extend_from_slice(request_id.as_bytes()),
            "now" => out.extend_from_slice(now.to_string().as_bytes()),
            path => escape(rule.format, source.pick(path).as_deref().unwrap_or_default(), out),
        };
        let body = fill(&rule.body, value).unwrap_or_default();
        let content_type = match rule.format {
            MockFormat::Json => "application/json;charset=UTF-8",
            MockFormat::Xml => "text/xml;charset=UTF-8",
        };
        let name = if rule.name.is_empty() { format!("rule {at}") } else { rule.name.clone() };
        Some(Mocked::Answer {
            sent: Sent::new(200, content_type, body),
            delay: Duration::from_millis(rule.delay_ms.into()),
            rule: format!("stub v{} {name}", set.version),
        })
    }

    /// Counts a hit, unless the rule has answered as often as it may.
    fn hit(&self, set: &StubSet, at: usize, times: u32, now: Moment) -> bool {
        let mut hits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hits.len() >= COUNTED {
            // What older versions counted matters no more.
            hits.retain(|(environment, method, version, _), _| {
                *environment == set.environment && *method == set.method && *version == set.version
            });
        }
        let hit = hits.entry((set.environment, set.method.clone(), set.version, at)).or_default();
        if times > 0 && hit.count >= u64::from(times) {
            return false;
        }
        (hit.count, hit.last) = (hit.count + 1, now.unix());
        true
    }

    pub(super) fn hits(&self, set: &StubSet, at: usize) -> Hit {
        let hits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hits.get(&(set.environment, set.method.clone(), set.version, at)).copied().unwrap_or_default()
    }
}

/// A template with its places filled; `None` when a place is not closed.
pub(super) fn fill(template: &str, value: impl Fn(&str, &mut Vec<u8>)) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        out.extend_from_slice(before.as_bytes());
        let (name, more) = after.split_once('}')?;
        value(name.trim(), &mut out);
        rest = more;
    }
    out.extend_from_slice(rest.as_bytes());
    Some(out)
}

fn escape(format: MockFormat, text: &str, out: &mut Vec<u8>) {
    match format {
        MockFormat::Json => write_text_contents(out, text),
        MockFormat::Xml => {
            for character in text.chars() {
                match character {
                    '&' => out.extend_from_slice(b"&amp;"),
                    '<' => out.extend_from_slice(b"&lt;"),
                    '>' => out.extend_from_slice(b"&gt;"),
                    '"' => out.extend_from_slice(b"&quot;"),
                    _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::Condition;
    use wire::params::Params;

    fn told(set: &StubSet, stubs: &Stubs, pairs: &[(&str, &str)]) -> String {
        let params = Params::of_pairs(pairs.iter().copied()).unwrap();
        let source = Source { params: &params, raw: None };
        match stubs.answer(set, false, source, "id1", Moment::from_unix(1_700_000_000)) {
            None => "target".to_owned(),
            Some(Mocked::Nothing) => "nothing".to_owned(),
            Some(Mocked::Answer { sent, rule, .. }) => format!("{rule}: {}", String::from_utf8(sent.body).unwrap()),
        }
    }

    fn condition(at: &str) -> Condition {
        Condition { at: at.to_owned(), ..Condition::default() }
    }

    #[test]
    fn the_first_rule_that_fits_answers() {
        let rule = |name: &str, when: Vec<Condition>, body: &str| MockRule {
            name: name.to_owned(),
            when,
            body: body.to_owned(),
            ..MockRule::default()
        };
        let text = |text: &str| Some(text.to_owned());
        let set = StubSet {
            version: 3,
            method: "demo.order.push".to_owned(),
            rules: vec![
                rule(
                    "first",
                    vec![Condition { equals: text("T1"), ..condition("list[0].tid") }],
                    r#"{"no":"${list[0].tid}"}"#,
                ),
                rule(
                    "part",
                    vec![Condition { contains: text("旗舰"), ..condition("shop") }],
                    r#"{"at":"${now}","id":"${request_id}"}"#,
                ),
                MockRule {
                    times: 1,
                    ..rule("absent", vec![Condition { exists: Some(false), ..condition("shop") }], r#"{"x":"${mark}"}"#)
                },
            ],
            ..StubSet::default()
        };
        assert_eq!(set.problem(), None);
        let stubs = Stubs::default();
        for (pairs, expected) in [
            (&[("list", r#"[{"tid":"T1"}]"#)][..], r#"stub v3 first: {"no":"T1"}"#),
            (&[("shop", "旗舰店")], r#"stub v3 part: {"at":"2023-11-15 06:13:20","id":"id1"}"#),
            (&[("mark", "a\"b\n")], r#"stub v3 absent: {"x":"a\"b\n"}"#),
            (&[("mark", "again")], "nothing"),
            (&[("shop", "其他")], "nothing"),
        ] {
            assert_eq!(told(&set, &stubs, pairs), expected);
        }
        assert_eq!(stubs.hits(&set, 2).count, 1);
        let pass = StubSet { otherwise: Otherwise::Pass, version: 4, ..set.clone() };
        assert_eq!(told(&pass, &stubs, &[("shop", "其他")]), "target");
        assert_eq!(told(&pass, &stubs, &[("mark", "")]), r#"stub v4 absent: {"x":""}"#, "a new version counts anew");
        assert_eq!(told(&StubSet { on: false, ..set.clone() }, &stubs, &[]), "target");
        let production = StubSet { environment: Environment::Production, version: 5, ..set };
        assert_eq!(told(&production, &stubs, &[("shop", "旗舰")]), "target", "never in production by itself");
        let allowed = StubSet { production_allowed: true, ..production };
        assert!(told(&allowed, &stubs, &[("shop", "旗舰")]).starts_with("stub v5 part"));
    }

    #[test]
    fn xml_values_are_escaped_and_wrong_sets_are_refused() {
        let set = |rule: MockRule| StubSet { method: "a.b.c".to_owned(), rules: vec![rule], ..StubSet::default() };
        let body = "<response><flag>success</flag><no>${no}</no></response>".to_owned();
        let xml = set(MockRule { format: MockFormat::Xml, body, ..MockRule::default() });
        assert_eq!(xml.problem(), None);
        let told = told(&xml, &Stubs::default(), &[("no", "<&>")]);
        assert_eq!(told, "stub v0 rule 0: <response><flag>success</flag><no>&lt;&amp;&gt;</no></response>");
        let json = |body: &str| MockRule { body: body.to_owned(), ..MockRule::default() };
        for (rule, part) in [
            (json("{\"a\":${n}"), "not JSON"),
            (MockRule { delay_ms: 30_000, ..json("{}") }, "delay_ms"),
            (MockRule { when: vec![condition("a")], ..json("{}") }, "one of equals"),
            (MockRule { when: vec![Condition { exists: Some(true), ..condition("a..b") }], ..json("{}") }, "no path"),
            (MockRule { format: MockFormat::Xml, ..json("<a>") }, "not well-formed"),
        ] {
            let problem = set(rule).problem().unwrap_or_default();
            assert!(problem.contains(part), "{problem}");
        }
    }
}
