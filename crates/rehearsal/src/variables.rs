//! `${name}`: what may stand in the braces, and how values are filled in.
//!
//! Built in are `now` (the moment at GMT+8; also `now-5m`, `now+1h30m`), `today` (its day), `unix` (its Unix seconds),
//! `run` (another text each time a case is played) and, below `examples:`, `row` (the number of the row, from 1).

use std::collections::HashMap;

use serde_json::Value;
use units::Moment;

use crate::{Act, Argument, Command, Form, Place, Shape, Table, Term};

/// Names that no `save`, `let` or column may take.
pub(crate) const BUILT_IN: [&str; 5] = ["now", "today", "unix", "run", "row"];

/// True for a name of a variable: letters of any script, digits, `_` and `.`, not beginning with a digit or a point.
pub(crate) fn is_name(text: &str) -> bool {
    let first = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    first && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

/// True for a number as JSON writes it.
pub(crate) fn is_number(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit()) && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// What a bare word means in JSON.
pub(crate) fn bare_value(text: &str) -> Value {
    let exact = text.bytes().filter(u8::is_ascii_digit).count() <= 15;
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        _ if exact && is_number(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.into())),
        _ => Value::String(text.into()),
    }
}

/// Seconds of `90s`, `5m`, `47h`, `3d` or several of them in a row.
pub(crate) fn duration(text: &str) -> Option<i64> {
    let (mut total, mut rest) = (0i64, text);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let unit = match rest.as_bytes().get(digits)? {
            b's' => 1,
            b'm' => 60,
            b'h' => 3_600,
            b'd' => 86_400,
            _ => return None,
        };
        let count: i64 = rest[..digits].parse().ok()?;
        total = total.checked_add(count.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    (!text.is_empty()).then_some(total)
}

/// Checks the form of every `${…}` in a text.
pub(crate) fn check(text: &str) -> Result<(), String> {
    pieces(text, &mut |piece| match piece {
        Piece::Text(_) => Ok(()),
        Piece::Name(inner) => parse_name(inner).map(|_| ()),
    })
}

enum Piece<'t> {
    Text(&'t str),
    Name(&'t str),
}

fn pieces<'t>(text: &'t str, each: &mut dyn FnMut(Piece<'t>) -> Result<(), String>) -> Result<(), String> {
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if rest[..at].ends_with('$') {
            each(Piece::Text(&rest[..at - 1]))?;
            each(Piece::Text("${"))?;
            rest = &rest[at + 2..];
            continue;
        }
        each(Piece::Text(&rest[..at]))?;
        let Some(close) = rest[at..].find('}') else {
            return Err("`${` without a `}`; for the characters themselves write `$${`".into());
        };
        each(Piece::Name(&rest[at + 2..at + close]))?;
        rest = &rest[at + close + 1..];
    }
    each(Piece::Text(rest))
}

/// The name in the braces and the seconds behind it, which only `now`, `today` and `unix` take.
fn parse_name(inner: &str) -> Result<(&str, i64), String> {
    let cut = inner.find(['+', '-']);
    let (name, offset) = cut.map_or((inner, ""), |at| inner.split_at(at));
    let name = name.trim();
    if !is_name(name) {
        return Err(format!("`${{{inner}}}` is no variable; a name is letters, digits and `_`"));
    }
    if offset.is_empty() {
        return Ok((name, 0));
    }
    if !matches!(name, "now" | "today" | "unix") {
        return Err(format!("`${{{inner}}}`: only now, today and unix can be moved"));
    }
    let seconds = duration(offset[1..].trim()).ok_or(format!("`${{{inner}}}`: expected a time such as 5m or 47h"))?;
    Ok((name, if offset.starts_with('-') { -seconds } else { seconds }))
}

/// A value of a variable: its text and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Datum {
    pub(crate) text: String,
    pub(crate) form: Form,
}

impl Datum {
    pub(crate) fn quoted(text: impl Into<String>) -> Self {
        Self { text: text.into(), form: Form::Quoted }
    }

    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::quoted(text),
            Value::Array(_) | Value::Object(_) => Self { text: value.to_string(), form: Form::Json },
            _ => Self { text: value.to_string(), form: Form::Bare },
        }
    }

    fn json(&self) -> String {
        let literal = matches!(self.text.as_str(), "true" | "false" | "null") || is_number(&self.text);
        match self.form {
            Form::Json => self.text.clone(),
            Form::Bare if literal => self.text.clone(),
            _ => Value::from(self.text.as_str()).to_string(),
        }
    }
}

/// The variables of a case while it is played.
#[derive(Clone, Default)]
pub(crate) struct Scope {
    pub(crate) known: HashMap<String, Datum>,
}

/// A scope together with the moment and the stage's own variables.
pub(crate) struct Filler<'s> {
    pub(crate) scope: &'s Scope,
    pub(crate) now: Moment,
    pub(crate) stage: &'s dyn Fn(&str) -> Option<Value>,
}

impl Filler<'_> {
    fn look_up(&self, inner: &str) -> Result<Datum, String> {
        let (name, offset) = parse_name(inner)?;
        let now = self.now.plus(offset);
        let datum = match name {
            "now" => Some(Datum::quoted(now.to_string())),
            "today" => Some(Datum::quoted(now.day().to_string())),
            "unix" => Some(Datum { text: now.unix().to_string(), form: Form::Bare }),
            _ => self.scope.known.get(name).cloned().or_else(|| (self.stage)(name).map(|v| Datum::of(&v))),
        };
        datum.ok_or_else(|| {
            let mut known: Vec<&str> = self.scope.known.keys().map(String::as_str).chain(["now", "today"]).collect();
            known.sort_unstable();
            format!("no variable `{name}` here; there are: {}", known.join(", "))
        })
    }

    /// Fills a text.
    pub(crate) fn text(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len());
        pieces(text, &mut |piece| {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Name(inner) => filled.push_str(&self.look_up(inner)?.text),
            }
            Ok(())
        })?;
        Ok(filled)
    }

    /// Fills a value; a bare value that is nothing but one variable is that variable's value, form and all.
    pub(crate) fn term(&self, term: &Term) -> Result<Datum, String> {
        match term {
            Term::Quoted(text) => self.text(text).map(Datum::quoted),
            Term::Json(shape) => {
                let mut text = String::new();
                self.shape(shape, &mut text)?;
                Ok(Datum { text, form: Form::Json })
            }
            Term::Bare(text) => match only_variable(text) {
                Some(inner) => self.look_up(inner),
                None => Ok(Datum { text: self.text(text)?, form: Form::Bare }),
            },
        }
    }

    fn shape(&self, shape: &Shape, out: &mut String) -> Result<(), String> {
        match shape {
            Shape::Text(text) => *out += &Value::from(self.text(text)?).to_string(),
            Shape::Word(word) => *out += word,
            Shape::Variable(text) => {
                *out += &self.look_up(only_variable(text).unwrap_or_default())?.json();
            }
            Shape::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    out.push(if i == 0 { '[' } else { ',' });
                    self.shape(item, out)?;
                }
                *out += if items.is_empty() { "[]" } else { "]" };
            }
            Shape::Object(fields) => {
                for (i, (key, value)) in fields.iter().enumerate() {
                    out.push(if i == 0 { '{' } else { ',' });
                    *out += &Value::from(self.text(key)?).to_string();
                    out.push(':');
                    self.shape(value, out)?;
                }
                *out += if fields.is_empty() { "{}" } else { "}" };
            }
        }
        Ok(())
    }

    fn argument(&self, name: &str, term: &Term) -> Result<Argument, String> {
        let datum = self.term(term)?;
        Ok(Argument { name: self.text(name)?, text: datum.text, form: datum.form })
    }

    /// Fills a `given` or a `when`.
    pub(crate) fn act(&self, at: &Place, command: &Command) -> Result<Act, String> {
        let words = command.words.iter().map(|w| self.text(w)).collect::<Result<_, _>>()?;
        let arguments = command.arguments.iter().map(|(n, t)| self.argument(n, t)).collect::<Result<_, _>>()?;
        let rows = command.table.as_ref().map_or(Ok(Vec::new()), |table| self.rows(table))?;
        Ok(Act { at: at.clone(), words, arguments, rows })
    }

    fn rows(&self, table: &Table) -> Result<Vec<Vec<Argument>>, String> {
        let row = |cells: &[Term]| table.columns.iter().zip(cells).map(|(n, t)| self.argument(n, t)).collect();
        table.rows.iter().map(|(_, cells)| row(cells)).collect()
    }
}

/// The inside of the braces when the text is one variable and nothing else.
fn only_variable(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?;
    (!inner.contains('}')).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, seconds) in
            [("47h", Some(169_200)), ("1h30m", Some(5_400)), ("0s", Some(0)), ("", None), ("5", None), ("h", None)]
        {
            assert_eq!(duration(text), seconds, "{text}");
        }
        assert_eq!(duration("99999999999999999999d"), None);
    }

    #[test]
    fn bare_words_in_json() {
        for (text, value) in [
            ("1.50", serde_json::json!(1.5)),
            ("007", serde_json::json!("007")),
            ("12345678901234567890", serde_json::json!("12345678901234567890")),
            ("true", serde_json::json!(true)),
            ("红色", serde_json::json!("红色")),
        ] {
            assert_eq!(bare_value(text), value);
        }
    }
}
