//! Reading that refuses what it does not know, and writing that leaves out what goes without saying.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::directory::model::Parameter;
use crate::directory::{Error, Result};
use crate::stub::{Condition, MockRule};

/// Reads a row; a member that is not read back is no setting.
pub(super) fn read<T: Serialize + for<'d> Deserialize<'d>>(row: &Value, at: &str) -> Result<T> {
    let entry: T = T::deserialize(row).map_err(|error| Error::Invalid(format!("{at}: {error}")))?;
    let back = serde_json::to_value(&entry).map_err(|error| Error::Invalid(format!("{at}: {error}")))?;
    match unknown(row, &back, at) {
        Some(path) => Err(Error::Invalid(format!("{path}: no such setting"))),
        None => Ok(entry),
    }
}

fn unknown(given: &Value, back: &Value, at: &str) -> Option<String> {
    match given {
        Value::Object(members) => members.iter().filter(|(_, member)| !member.is_null()).find_map(|(name, member)| {
            let path = format!("{at}.{name}");
            match back.get(name) {
                None => Some(path),
                Some(back) => unknown(member, back, &path),
            }
        }),
        Value::Array(rows) => rows.iter().enumerate().find_map(|(index, row)| {
            let path = format!("{at}[{}]", index + 1);
            back.get(index).and_then(|back| unknown(row, back, &path))
        }),
        _ => None,
    }
}

/// Takes out what is `null`, empty or as `usual`, also inside; rows of parameters, mock rules and their conditions are compared with the
/// usual row.
pub(super) fn lean(value: Value, usual: &Value) -> Value {
    let Value::Object(members) = value else { return value };
    let kept = members.into_iter().filter_map(|(name, member)| {
        let usual = usual.get(&name);
        if member.is_null() || usual == Some(&member) {
            return None;
        }
        let member = match (name.as_str(), member) {
            ("parameters", Value::Array(rows)) => lean_rows(rows, &Parameter::default()),
            ("rules", Value::Array(rows)) => lean_rows(rows, &MockRule::default()),
            ("when", Value::Array(rows)) => lean_rows(rows, &Condition::default()),
            (_, member) => lean(member, usual.unwrap_or(&Value::Null)),
        };
        let empty = member.as_object().is_some_and(serde_json::Map::is_empty);
        (!empty).then_some((name, member))
    });
    Value::Object(kept.collect())
}

fn lean_rows(rows: Vec<Value>, usual: &impl Serialize) -> Value {
    let usual = serde_json::to_value(usual).unwrap_or_default();
    Value::Array(rows.into_iter().map(|row| lean(row, &usual)).collect())
}
