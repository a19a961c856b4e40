//! Which calls are watched, and what is noted of one once it was answered.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use store::Vault;
use units::Moment;
use wire::args::{Field, Kind as FieldKind};
use wire::call::Call as Content;
use wire::params::Params;

use super::open::PageRead;
use super::{Coverage, Key};
use crate::directory::{Api, Effect, Environment, PUBLIC_PARAMETERS, WindowRule};
use crate::forward::Brought;
use crate::limits;
use crate::log;
use crate::method::Kind;
use crate::pick::Source;
use crate::registry::Entry;
use crate::reply::ReplyShape;
use crate::window::of_top;

/// Bytes of the name of a shop, a merchant or a target.
const LONGEST: usize = 100;
/// Parameters of a built-in read that do not choose its rows.
const NO_FILTER: [&str; 5] = ["start_time", "end_time", "page_no", "page_size", "shop_no"];
/// Where the total of a built-in read stands in its members (fact sheet wdt-1, 1.6).
const TOTAL: &[u8] = br#","total_count":"#;

/// What of a built-in method is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watch {
    /// The windows that it reads.
    Window,
    /// That it is called for a shop at all.
    Push,
}

impl Watch {
    /// `window` or `push`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Push => "push",
        }
    }

    /// What is watched of a method that takes and answers this: reads with a window and a total, writes that name their shop.
    pub(crate) fn of(kind: Kind, fields: &[Field], reply: &ReplyShape) -> Option<Self> {
        let has = |name: &str| fields.iter().find(|field| field.name == name);
        let time = |name: &str| has(name).is_some_and(|field| matches!(field.kind, FieldKind::Time));
        let totals = reply.members.first().is_some_and(|member| member.name == "total_count");
        match kind {
            Kind::Query if time("start_time") && time("end_time") && totals => Some(Self::Window),
            Kind::Write if has("shop_no").is_some() => Some(Self::Push),
            _ => None,
        }
    }
}

/// A watched call that is not answered yet.
pub(crate) struct Sighting {
    coverage: Arc<Coverage>,
    key: Key,
    at: i64,
    asked: Option<Asked>,
}

/// The window and page that a read asks for.
struct Asked {
    start: i64,
    end: i64,
    size: i64,
    page: i64,
    /// Where a reply from outside has its total.
    total: String,
}

impl Sighting {
    /// Of a built-in method, if it is watched and the call names a window or a shop.
    pub(crate) fn of(
        coverage: &Arc<Coverage>,
        entry: &Entry,
        params: &Params<'_>,
        (app, tenant): (i64, i64),
        now: Moment,
        vault: &Vault,
    ) -> Option<Box<Self>> {
        let watch = entry.watch?;
        let shop = short(params.get("shop_no").unwrap_or_default())?;
        let (asked, filter) = match watch {
            Watch::Push if shop.is_empty() => return None,
            Watch::Push => (None, String::new()),
            Watch::Window => (Some(Asked::of(params)?), filter(own_filter(entry, params), vault)),
        };
        let key = Key {
            tenant,
            app,
            method: Cow::Borrowed(entry.name),
            push: asked.is_none(),
            shop,
            filter,
            target: String::new(),
            sid: String::new(),
            test: false,
        };
        Some(Box::new(Self { coverage: Arc::clone(coverage), key, at: now.unix(), asked }))
    }

    /// Of a method of a target outside, if its definition says how, or if it is built in as well.
    #[expect(clippy::too_many_arguments, reason = "what is known about a call at this point")]
    pub(crate) fn outside(
        coverage: &Arc<Coverage>,
        (api, name, entry): (&Api, &str, Option<&Entry>),
        target: &str,
        environment: Environment,
        content: &Content<'_>,
        app: i64,
        now: Moment,
        vault: &Vault,
    ) -> Option<Box<Self>> {
        let params = &content.params;
        let sid = short(params.get("sid").unwrap_or_default())?;
        let place = |key: Key| Key {
            target: target.to_owned(),
            sid: sid.clone(),
            test: environment == Environment::Test,
            ..key
        };
        let Some(rule) = &api.window else {
            let own = Self::of(coverage, entry?, params, (app, 0), now, vault)?;
            return Some(Box::new(Self { key: place(own.key), ..*own }));
        };
        let source = Source { params, raw: content.raw };
        let value = |path: &str| if path.is_empty() { None } else { source.pick(path) };
        let shop = short(&value(&rule.shop).unwrap_or_default())?;
        let push = api.effect == Effect::Command;
        let (asked, filter) = match push {
            true if shop.is_empty() => return None,
            true => (None, String::new()),
            false => (Some(Asked::by(rule, value)?), filter(other_filter(api, rule, params), vault)),
        };
        let method = Cow::Owned(name.to_owned());
        let key =
            Key { tenant: 0, app, method, push, shop, filter, target: String::new(), sid: String::new(), test: false };
        Some(Box::new(Self { coverage: Arc::clone(coverage), key: place(key), at: now.unix(), asked }))
    }

    /// A write was carried out, or had been before.
    pub(crate) fn pushed(self) {
        if self.asked.is_none() {
            self.coverage.note(self.key, |track| track.call(self.at));
        }
    }

    /// A built-in read was answered with these members, `rows` rows among them. The snapshot was complete up to the end of the window,
    /// as far as that is not in the future (`Store::read_until`).
    pub(crate) fn read(self, members: &[u8], rows: usize) {
        let reach = |end: i64, at: i64| if end <= at { end } else { at - 1 };
        self.page(total(members), i64::try_from(rows).unwrap_or(0), reach);
    }

    /// A target outside answered this. What its rows do within a second is not known: the second of the call is not read.
    pub(crate) fn brought(self, brought: &Brought) {
        let Some(asked) = &self.asked else { return self.pushed() };
        let total = match brought {
            Brought::Passed { body, .. } => total_at(body, &asked.total),
            Brought::Answer(answer) => {
                let inside = answer.members.get(1..).unwrap_or_default();
                total_at(&[b"{", inside, b"}"].concat().into(), &asked.total)
            }
        };
        self.page(total, 0, |end, at| end.min(at - 1));
    }

    fn page(self, total: Option<i64>, rows: i64, reach: impl Fn(i64, i64) -> i64) {
        let (Some(asked), at) = (self.asked, self.at) else { return };
        // A page that does not hold them all is full: the size that was served, whatever was asked for.
        let size = if asked.page == 0 && total.is_some_and(|total| total > rows) { rows } else { 0 };
        let read = PageRead {
            start: asked.start,
            end: asked.end,
            asked: asked.size,
            page: asked.page,
            total,
            size,
            at,
            reach: reach(asked.end, at),
        };
        self.coverage.note(self.key, |track| track.page(&read));
    }
}

impl Asked {
    fn of(params: &Params<'_>) -> Option<Self> {
        let time = |name| Moment::parse(params.get(name)?).ok().map(Moment::unix);
        let number = |name| params.get(name).and_then(|text| text.parse().ok()).unwrap_or(0);
        let (start, end) = (time("start_time")?, time("end_time")?);
        let total = "total_count".to_owned();
        Some(Self { start, end, size: number("page_size"), page: number("page_no"), total })
    }

    fn by<'v>(rule: &WindowRule, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> Option<Self> {
        let time = |path: &str| Some(of_top(&value(path)?)?.unix());
        let number = |path: &str| value(path).and_then(|text| text.parse::<i64>().ok());
        let first = i64::from(rule.first_page);
        Some(Self {
            start: time(&rule.start)?,
            end: time(&rule.end)?,
            size: number(&rule.size).filter(|size| *size > 0).unwrap_or(rule.usual_size.into()),
            page: number(&rule.page).map_or(0, |page| page.saturating_sub(first)).max(0),
            total: rule.total.clone(),
        })
    }
}

/// The total with which the members of a built-in read begin, as a number or as a text of digits. It stands nowhere else, so the rows are
/// not looked at.
fn total(members: &[u8]) -> Option<i64> {
    let rest = members.strip_prefix(TOTAL)?;
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok()
}

/// The total at this path of a reply, below `response` where there is one.
fn total_at(body: &Bytes, path: &str) -> Option<i64> {
    let none = Params::default();
    let source = Source { params: &none, raw: Some(body) };
    let found = source.pick(&format!("response.{path}")).or_else(|| source.pick(path))?;
    found.trim().parse().ok()
}

fn short(text: &str) -> Option<String> {
    (text.len() <= LONGEST).then(|| text.to_owned())
}

fn own_filter<'p>(entry: &Entry, params: &'p Params<'_>) -> Vec<(&'static str, &'p str)> {
    let given = |field: &Field| {
        let mut names = std::iter::once(&field.name).chain(field.aliases);
        let value = names.find_map(|name| params.get(name)).filter(|value| !value.is_empty())?;
        Some((field.name, value))
    };
    entry.fields.iter().filter(|field| !NO_FILTER.contains(&field.name)).filter_map(given).collect()
}

/// What the definition declares, or everything that is not public, when it declares nothing.
fn other_filter<'p>(api: &Api, rule: &WindowRule, params: &'p Params<'_>) -> Vec<(&'p str, &'p str)> {
    let own = [&rule.start, &rule.end, &rule.page, &rule.size, &rule.shop];
    let counts = |name: &str| match api.parameters.is_empty() {
        true => !PUBLIC_PARAMETERS.contains(&name) && name != "sid",
        false => api.parameter(name).is_some(),
    };
    let mut pairs: Vec<_> = params
        .iter()
        .filter(|(name, value)| !value.is_empty() && counts(name) && !own.iter().any(|own| own == name))
        .collect();
    pairs.sort_unstable();
    pairs
}

/// Conditions as one text. What is about a person is named by its digest, and so is what is too long.
fn filter(pairs: Vec<(&str, &str)>, vault: &Vault) -> String {
    let digest =
        |text: &str| vault.fingerprint(text).iter().take(6).map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut text = String::new();
    for (name, value) in pairs {
        let hidden = log::is_personal(name) || value.len() > limits::COVERAGE_FILTER;
        let value = if hidden { Cow::Owned(format!("#{}", digest(value))) } else { Cow::Borrowed(value) };
        text.push_str(if text.is_empty() { "" } else { "&" });
        text.extend([name, "=", &value]);
    }
    if text.len() > limits::COVERAGE_FILTER { format!("#{}", digest(&text)) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_looked_for_where_it_stands() {
        for (members, found) in [
            (r#","total_count":12,"trades":[]"#, Some(12)),
            (r#","total_count":"12","trades":[]"#, Some(12)),
            (r#","total_count":0"#, Some(0)),
            (r#","total_count":,"#, None),
            (r#","trades":[{"remark":",\"total_count\":9"}]"#, None),
            ("", None),
        ] {
            assert_eq!(total(members.as_bytes()), found, "{members}");
        }
        for (body, path, found) in [
            (r#"{"response":{"flag":"success","total":3}}"#, "total", Some(3)),
            (r#"{"total":"3","rows":[{"total":9}]}"#, "total", Some(3)),
            (r#"{"rows":[{"total":9}]}"#, "total", None),
            (r#"{"response":{"page":{"total":7}}}"#, "page.total", Some(7)),
            ("<response><total>5</total><r><total>9</total></r></response>", "total", Some(5)),
            (r#"{"response":{"total":"many"}}"#, "total", None),
        ] {
            assert_eq!(total_at(&Bytes::from(body.to_owned()), path), found, "{body}");
        }
    }

    #[test]
    fn conditions_tell_reads_apart_and_hide_people() {
        let vault = Vault::new([3; 32]);
        assert_eq!(filter(vec![("status", "30"), ("warehouse_no", "w1")], &vault), "status=30&warehouse_no=w1");
        let buyer = filter(vec![("buyer_nick", "小明")], &vault);
        assert!(buyer.starts_with("buyer_nick=#") && !buyer.contains("小明"), "{buyer}");
        let long = "7".repeat(400);
        let (one, other) = (filter(vec![("a", &long)], &vault), filter(vec![("a", &long[1..])], &vault));
        assert!(one != other && one.len() < 40, "{one} {other}");
    }
}
