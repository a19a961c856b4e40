//! Whether a part of a reply is as expected, and if not, how to say it.

use std::cmp::Ordering;

use serde_json::Value;

use crate::variables::{Datum, Filler};
use crate::{Check, Form, Operator};

/// What was expected and what was there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) expected: String,
    pub(crate) actual: String,
}

/// Checks `part`; the outer error is a variable that is not known.
pub(crate) fn judge(check: &Check, part: Option<&Value>, fill: &Filler<'_>) -> Result<Option<Mismatch>, String> {
    let actual = part.map_or("nothing there".to_owned(), Value::to_string);
    let (holds, expected, actual) = match check {
        Check::Exists => (part.is_some(), "to be there".to_owned(), actual),
        Check::Absent => (part.is_none(), "to be absent".to_owned(), actual),
        Check::Contains(term) => {
            let wanted = fill.term(term)?;
            let holds = part.is_some_and(|p| contains(p, &wanted));
            (holds, format!("to contain {}", shown(&wanted)), actual)
        }
        Check::Compare(operator, term) => {
            let wanted = fill.term(term)?;
            let holds = part.is_some_and(|p| compare(*operator, p, &wanted));
            (holds, format!("{}{}", word(*operator), shown(&wanted)), actual)
        }
        Check::Count(operator, term) => {
            let wanted = fill.term(term)?;
            let count = match part {
                Some(Value::Array(items)) => Some(items.len()),
                Some(Value::Object(fields)) => Some(fields.len()),
                _ => None,
            };
            let holds = count.is_some_and(|n| compare(*operator, &Value::from(n), &wanted));
            let actual = count.map_or(actual, |n| format!("{n} elements"));
            (holds, format!("a list of {}{} elements", word(*operator), wanted.text), actual)
        }
    };
    Ok((!holds).then_some(Mismatch { expected, actual }))
}

fn word(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "",
        Operator::NotEqual => "not ",
        Operator::AtLeast => "at least ",
        Operator::AtMost => "at most ",
        Operator::More => "more than ",
        Operator::Less => "less than ",
    }
}

fn shown(wanted: &Datum) -> String {
    match wanted.form {
        Form::Quoted => Value::from(wanted.text.as_str()).to_string(),
        _ => wanted.text.clone(),
    }
}

fn compare(operator: Operator, part: &Value, wanted: &Datum) -> bool {
    match operator {
        Operator::Equal => equals(part, wanted),
        Operator::NotEqual => !equals(part, wanted),
        Operator::AtLeast => order(part, wanted).is_some_and(Ordering::is_ge),
        Operator::AtMost => order(part, wanted).is_some_and(Ordering::is_le),
        Operator::More => order(part, wanted).is_some_and(Ordering::is_gt),
        Operator::Less => order(part, wanted).is_some_and(Ordering::is_lt),
    }
}

/// Quoted: this string. JSON: this value. Bare: see [`is_bare`].
fn equals(part: &Value, wanted: &Datum) -> bool {
    match (wanted.form, part) {
        (Form::Quoted, Value::String(text)) => *text == wanted.text,
        (Form::Quoted, _) => false,
        (Form::Json, _) => serde_json::from_str::<Value>(&wanted.text).is_ok_and(|value| same(part, &value)),
        (Form::Bare, _) => is_bare(part, &wanted.text),
    }
}

/// A bare `wanted`: this text or this number, whether the reply writes it as a string or not.
pub(crate) fn is_bare(part: &Value, wanted: &str) -> bool {
    match part {
        Value::Null => wanted == "null",
        Value::Array(_) | Value::Object(_) => false,
        Value::String(text) if text == wanted => true,
        _ => {
            let text = scalar(part);
            text == wanted || decimal_order(&text, wanted) == Some(Ordering::Equal)
        }
    }
}

/// By size when both are numbers, otherwise text by text (so that times come in their order).
fn order(part: &Value, wanted: &Datum) -> Option<Ordering> {
    let text = match part {
        Value::String(_) | Value::Number(_) => scalar(part),
        _ => return None,
    };
    match (Decimal::of(&text), Decimal::of(&wanted.text)) {
        (Some(a), Some(b)) => Some(a.order(&b)),
        (None, None) => Some(text.as_str().cmp(&wanted.text)),
        _ => None,
    }
}

fn contains(part: &Value, wanted: &Datum) -> bool {
    match part {
        Value::String(text) => text.contains(&wanted.text),
        Value::Array(items) if wanted.form == Form::Json => {
            let value = serde_json::from_str::<Value>(&wanted.text);
            value.is_ok_and(|value| match &value {
                Value::Array(all) => all.iter().all(|one| items.iter().any(|item| covers(item, one))),
                one => items.iter().any(|item| covers(item, one)),
            })
        }
        Value::Array(items) => items.iter().any(|item| equals(item, wanted)),
        Value::Object(_) if wanted.form == Form::Json => {
            serde_json::from_str::<Value>(&wanted.text).is_ok_and(|value| covers(part, &value))
        }
        Value::Object(fields) => fields.contains_key(&wanted.text),
        _ => false,
    }
}

/// True when `part` has at least the fields of `wanted`, with these values.
fn covers(part: &Value, wanted: &Value) -> bool {
    match (part, wanted) {
        (Value::Object(part), Value::Object(wanted)) => {
            wanted.iter().all(|(key, value)| part.get(key).is_some_and(|found| covers(found, value)))
        }
        (Value::Array(part), Value::Array(wanted)) => {
            part.len() == wanted.len() && part.iter().zip(wanted).all(|(a, b)| covers(a, b))
        }
        _ => same(part, wanted),
    }
}

/// Equal, with 1 and 1.0 the same number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || decimal_order(&a.to_string(), &b.to_string()) == Some(Ordering::Equal)
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        _ => a == b,
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        _ => value.to_string(),
    }
}

fn decimal_order(a: &str, b: &str) -> Option<Ordering> {
    Some(Decimal::of(a)?.order(&Decimal::of(b)?))
}

/// An exact decimal of any length. A text with needless zeros in front is a code and not a number.
struct Decimal<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
}

impl<'t> Decimal<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let zero = whole == "0" && fraction.is_empty();
        Some(Self { negative: negative && !zero, whole, fraction })
    }

    fn order(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| {
            let whole = a.whole.len().cmp(&b.whole.len()).then_with(|| a.whole.cmp(b.whole));
            whole.then_with(|| a.fraction.cmp(b.fraction))
        };
        match (self.negative, other.negative) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn datum(text: &str) -> Datum {
        match text.strip_prefix('\'') {
            Some(text) => Datum::quoted(text),
            None if text.starts_with(['[', '{']) => Datum { text: text.into(), form: Form::Json },
            None => Datum { text: text.into(), form: Form::Bare },
        }
    }

    #[test]
    fn equality() {
        for (part, wanted, holds) in [
            (json!(30), "30", true),
            (json!("30"), "30", true),
            (json!("30"), "'30", true),
            (json!(30), "'30", false),
            (json!("10.0000"), "10", true),
            (json!("10.0001"), "10", false),
            (json!(99.5), "99.50", true),
            (json!("0"), "-0.0", true),
            (json!("007"), "7", false),
            (json!("12345678901234567890"), "12345678901234567891", false),
            (json!(null), "null", true),
            (json!(""), "null", false),
            (json!(true), "true", true),
            (json!([1, 2.0]), "[1,2]", true),
            (json!({"a": 1}), r#"{"a":1.0}"#, true),
            (json!({"a": 1, "b": 2}), r#"{"a":1}"#, false),
            (json!([1]), "1", false),
        ] {
            assert_eq!(equals(&part, &datum(wanted)), holds, "{part} = {wanted}");
        }
    }

    #[test]
    fn sizes_and_times() {
        for (part, operator, wanted, holds) in [
            (json!("9.5"), Operator::Less, "10", true),
            (json!(-3), Operator::Less, "-2.5", true),
            (json!(-3), Operator::More, "2", false),
            (json!("2023-11-15 06:13:20"), Operator::AtLeast, "2023-11-15 06:13:19", true),
            (json!("abc"), Operator::More, "10", false),
            (json!([]), Operator::AtLeast, "0", false),
            (json!("100.00"), Operator::AtMost, "100", true),
        ] {
            assert_eq!(compare(operator, &part, &datum(wanted)), holds, "{part} {operator:?} {wanted}");
        }
    }

    #[test]
    fn containing() {
        for (part, wanted, holds) in [
            (json!("下单时间非法"), "时间", true),
            (json!(["a", "b"]), "b", true),
            (json!([1, 2]), "[2, 1]", true),
            (json!([{"tid": "T1", "n": 1}]), r#"{"tid":"T1"}"#, true),
            (json!([{"tid": "T1"}]), r#"{"tid":"T2"}"#, false),
            (json!({"a": {"b": 1, "c": 2}}), r#"{"a":{"c":2}}"#, true),
            (json!({"a": 1}), "a", true),
            (json!(5), "5", false),
        ] {
            assert_eq!(contains(&part, &datum(wanted)), holds, "{part} contains {wanted}");
        }
    }
}
