//! Paths into a reply: `trades[0].goods_list[spec_no=G1001-RED].num`.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use crate::compare::is_bare;
use crate::read::scan::Scan;
use crate::{Trouble, variables};

/// A path into a reply. `$` is the whole reply. A step into a text that is itself JSON goes on inside that JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// As written.
    pub text: String,
    /// The steps from the outside in.
    pub steps: Vec<PathStep>,
}

/// One step of a path; texts may hold `${…}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// `.name` or `["any name"]`
    Key(String),
    /// `[0]`; from the end when negative
    Index(i64),
    /// `[${name}]`: an index when the variable is a whole number, otherwise a name
    Variable(String),
    /// `[spec_no=A, warehouse_no=WH01]`: the first element whose fields are these bare values
    Which(Vec<(String, String)>),
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Path {
    /// Reads a path that has the whole text for itself.
    ///
    /// # Errors
    /// The place in `text` that is no path.
    pub fn parse(text: &str) -> Result<Self, Trouble> {
        let mut scan = Scan::text(text);
        let path = Self::scan(&mut scan)?;
        if scan.is_done() { Ok(path) } else { Err(scan.fail("too much behind the path")) }
    }

    pub(crate) fn scan(scan: &mut Scan) -> Result<Self, Trouble> {
        let mut path = Self { text: String::new(), steps: Vec::new() };
        let start = scan.fail("expected a path into the reply, such as code or trades[0].trade_no; `$` is all of it");
        if scan.looking_at("$") && !scan.looking_at("${") {
            scan.bump();
            path.text.push('$');
        } else if scan.peek() != Some('[') {
            path.push_key(scan)?;
            if path.steps.is_empty() {
                return Err(start);
            }
        }
        loop {
            if scan.eat('.') {
                path.text.push('.');
                let before = path.steps.len();
                path.push_key(scan)?;
                if path.steps.len() == before {
                    return Err(scan.fail("expected a name behind the point"));
                }
            } else if scan.peek() == Some('[') {
                path.push_bracket(scan)?;
            } else {
                return Ok(path);
            }
        }
    }

    fn push_key(&mut self, scan: &mut Scan) -> Result<(), Trouble> {
        let key = piece(scan, |c| !c.is_whitespace() && !".[]=!<>\"".contains(c))?;
        if !key.is_empty() {
            self.text += &key;
            self.steps.push(PathStep::Key(key));
        }
        Ok(())
    }

    fn push_bracket(&mut self, scan: &mut Scan) -> Result<(), Trouble> {
        let wrong = scan.fail("expected [0], [-1], [\"name\"] or [field=value, field=value]");
        scan.bump();
        let step = if scan.peek() == Some('"') {
            PathStep::Key(scan.quoted()?)
        } else {
            let first = piece(scan, |c| !"=],".contains(c))?;
            match first.trim().parse() {
                Ok(index) => PathStep::Index(index),
                Err(_) if first.starts_with("${") && scan.peek() == Some(']') => PathStep::Variable(first),
                Err(_) => PathStep::Which(conditions(scan, first, &wrong)?),
            }
        };
        if !scan.eat(']') {
            return Err(wrong);
        }
        self.text += &match &step {
            PathStep::Key(key) => format!("[{key:?}]"),
            PathStep::Index(index) => format!("[{index}]"),
            PathStep::Variable(name) => format!("[{name}]"),
            PathStep::Which(which) => {
                let all: Vec<String> = which.iter().map(|(k, v)| format!("{k}={v}")).collect();
                format!("[{}]", all.join(", "))
            }
        };
        self.steps.push(step);
        Ok(())
    }

    /// The path with every variable filled in.
    pub(crate) fn filled(&self, fill: &dyn Fn(&str) -> Result<String, String>) -> Result<Self, String> {
        let step = |step: &PathStep| {
            Ok(match step {
                PathStep::Key(key) => PathStep::Key(fill(key)?),
                PathStep::Index(index) => PathStep::Index(*index),
                PathStep::Variable(name) => {
                    let text = fill(name)?;
                    text.parse().map_or_else(|_| PathStep::Key(text), PathStep::Index)
                }
                PathStep::Which(which) => {
                    let all = which.iter().map(|(k, v)| Ok((fill(k)?, fill(v)?)));
                    PathStep::Which(all.collect::<Result<_, String>>()?)
                }
            })
        };
        let steps = self.steps.iter().map(step).collect::<Result<_, String>>()?;
        Ok(Self { text: fill(&self.text)?, steps })
    }

    /// The part of `root` that the path leads to.
    pub fn find<'v>(&self, root: &'v Value) -> Option<Cow<'v, Value>> {
        let mut here = Cow::Borrowed(root);
        for step in &self.steps {
            if let Value::String(text) = here.as_ref() {
                here = Cow::Owned(serde_json::from_str(text).ok()?);
            }
            here = match here {
                Cow::Borrowed(value) => Cow::Borrowed(step.of(value)?),
                Cow::Owned(value) => Cow::Owned(step.of(&value)?.clone()),
            };
        }
        Some(here)
    }
}

impl PathStep {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Self::Key(key) | Self::Variable(key) => value.as_object()?.get(key),
            Self::Index(index) => {
                let items = value.as_array()?;
                let distance = usize::try_from(index.unsigned_abs()).ok()?;
                items.get(if *index < 0 { items.len().checked_sub(distance)? } else { distance })
            }
            Self::Which(which) => value
                .as_array()?
                .iter()
                .find(|item| which.iter().all(|(key, text)| item.get(key).is_some_and(|found| is_bare(found, text)))),
        }
    }
}

/// Characters that are `wanted`, and variables whatever they hold.
fn piece(scan: &mut Scan, wanted: impl Fn(char) -> bool) -> Result<String, Trouble> {
    let mut text = String::new();
    loop {
        text += &scan.take_while(|c| wanted(c) && c != '$');
        if scan.looking_at("${") {
            text += &scan.variable()?;
        } else if scan.eat('$') {
            text.push('$');
        } else {
            return Ok(text);
        }
    }
}

fn conditions(scan: &mut Scan, first: String, wrong: &Trouble) -> Result<Vec<(String, String)>, Trouble> {
    let mut conditions = Vec::new();
    let mut key = first;
    loop {
        if !variables::is_name(key.trim()) || !scan.eat('=') {
            return Err(wrong.clone());
        }
        scan.skip_space();
        let value = if scan.peek() == Some('"') { scan.quoted()? } else { piece(scan, |c| !",]".contains(c))? };
        conditions.push((key.trim().to_owned(), value.trim().to_owned()));
        scan.skip_space();
        if !scan.eat(',') {
            return Ok(conditions);
        }
        key = piece(scan, |c| !"=],".contains(c))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn leads_to_the_part() {
        let reply = json!({
            "code": 0,
            "trades": [{"trade_no": "JY1", "中文": 1}, {"trade_no": "JY2", "n": 7}],
            "message": "[{\"tid\":\"T1\",\"error\":\"错\"}]",
            "a.b": true,
        });
        for (path, part) in [
            ("code", Some(json!(0))),
            ("$.code", Some(json!(0))),
            ("trades[0].中文", Some(json!(1))),
            ("trades[-1].n", Some(json!(7))),
            ("trades[-3]", None),
            ("trades[trade_no=JY2].n", Some(json!(7))),
            ("trades[trade_no = JY2, n = 7].trade_no", Some(json!("JY2"))),
            ("trades[trade_no=JY2, n=8]", None),
            ("message[0].error", Some(json!("错"))),
            ("[\"a.b\"]", Some(json!(true))),
            ("code.x", None),
        ] {
            let found = Path::parse(path).map(|p| p.find(&reply).map(Cow::into_owned));
            assert_eq!(found, Ok(part), "{path}");
        }
    }

    #[test]
    fn says_where_it_is_no_path() {
        for (path, column) in [("", 1), ("a..b", 3), ("a[", 2), ("a[x]", 2), ("a[0", 2), ("a b", 2), ("a[1]]", 5)] {
            assert_eq!(Path::parse(path).map_err(|t| t.at.column), Err(column), "{path}");
        }
    }
}
