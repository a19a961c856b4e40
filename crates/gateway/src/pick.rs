//! Taking one value out of a call by its path: `tid`, `trade_list[0].tid`, `order.id` (fact sheet qimen, C3: 日志索引). The first name is a
//! parameter, or a member of a raw JSON or XML body; what follows looks into its JSON or XML.

use std::borrow::Cow;

use wire::json::{self, Array, Object, RawValue, Shape};
use wire::params::Params;
use wire::xml::{self, Element};

/// Steps of a path.
const MOST_STEPS: usize = 12;

/// What values are taken from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'c> {
    pub(crate) params: &'c Params<'c>,
    pub(crate) raw: Option<&'c [u8]>,
}

enum Step<'p> {
    Name(&'p str),
    At(usize),
}

/// Whether a text is a path.
pub(crate) fn is_path(text: &str) -> bool {
    steps(text).is_some()
}

fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    for piece in path.split('.') {
        let (name, mut rest) = piece.find('[').map_or((piece, ""), |at| piece.split_at(at));
        if name.is_empty() || name.contains(']') {
            return None;
        }
        steps.push(Step::Name(name));
        while !rest.is_empty() {
            let (number, more) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(Step::At(number.parse().ok()?));
            rest = more;
        }
    }
    (steps.len() <= MOST_STEPS).then_some(steps)
}

impl<'c> Source<'c> {
    /// The value at the path: a text as it is, anything else as its JSON; `None` when there is none.
    pub(crate) fn pick(&self, path: &str) -> Option<Cow<'c, str>> {
        let steps = steps(path)?;
        let (Step::Name(first), rest) = steps.split_first()? else { return None };
        match self.params.get(first) {
            Some(value) if rest.is_empty() => Some(Cow::Borrowed(value)),
            Some(value) => inside(value, rest),
            None => inside(std::str::from_utf8(self.raw?).ok()?, &steps),
        }
    }
}

fn inside<'v>(text: &'v str, steps: &[Step<'_>]) -> Option<Cow<'v, str>> {
    match text.trim_start().as_bytes().first()? {
        b'{' | b'[' => in_json(json::value(text).ok()?, steps),
        b'<' => in_xml(&xml::read(text).ok()?, steps).map(Cow::Owned),
        _ => None,
    }
}

fn in_json<'v>(raw: &'v RawValue, steps: &[Step<'_>]) -> Option<Cow<'v, str>> {
    let Some((step, rest)) = steps.split_first() else {
        return match json::shape(raw) {
            Shape::Text => json::text(raw).ok(),
            Shape::Null => None,
            _ => Some(Cow::Borrowed(raw.get())),
        };
    };
    match step {
        Step::Name(name) => in_json(Object::from_raw(raw).ok()?.get(name)?, rest),
        Step::At(index) => in_json(Array::from_raw(raw, usize::MAX).ok()?.iter().nth(*index)?, rest),
    }
}

/// Below the root, whose own name is not part of a path. `[n]` counts elements of one name.
fn in_xml(element: &Element, steps: &[Step<'_>]) -> Option<String> {
    match steps {
        [] => Some(element.text.clone()),
        [Step::Name(name), Step::At(index), rest @ ..] => in_xml(element.all(name).nth(*index)?, rest),
        [Step::Name(name), rest @ ..] => in_xml(element.child(name)?, rest),
        [Step::At(_), ..] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_paths_into_json_and_xml() {
        let list = r#"[{"tid":"T1","n":12345678901234567890},{"tid":"T2"}]"#;
        let params = Params::of_pairs([("shop_no", "s1"), ("trade_list", list)]).unwrap();
        let json = br#"{"order":{"id":7,"lines":[[1,2]]}}"#;
        let xml = b"<request><order><code>D1</code></order><line>a</line><line>b</line></request>";
        for (raw, path, expected) in [
            (None, "shop_no", Some("s1")),
            (None, "trade_list[0].tid", Some("T1")),
            (None, "trade_list[0].n", Some("12345678901234567890")),
            (None, "trade_list[1]", Some(r#"{"tid":"T2"}"#)),
            (None, "trade_list[2].tid", None),
            (None, "shop_no.tid", None),
            (None, "other", None),
            (Some(&json[..]), "order.id", Some("7")),
            (Some(json), "order.lines[0][1]", Some("2")),
            (Some(xml), "order.code", Some("D1")),
            (Some(xml), "line[1]", Some("b")),
        ] {
            assert_eq!(Source { params: &params, raw }.pick(path).as_deref(), expected, "{path}");
        }
        for bad in ["", "a..b", "a[", "a[x]", "[0]", "a[0]b", "a.b.c.d.e.f.g.h.i.j.k.l.m"] {
            assert!(!is_path(bad), "{bad}");
        }
    }
}
