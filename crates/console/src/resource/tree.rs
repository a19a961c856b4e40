//! A part of the settings as it is sent: any JSON object, laid over what is stored, member by member. A member that does not
//! exist or does not fit is named by its path.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wire::args::{Arg, Input, Kind, Path, Problem, Refusal};

use crate::fault::Fault;

/// The object that was sent.
#[derive(Clone)]
pub(super) struct Tree(Value);

impl Arg for Tree {
    // Not an object with declared fields: which members there are, the settings themselves say.
    const KIND: Kind = Kind::JsonText(&Kind::Object(&[]));

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        let text = match input {
            Input::Json(raw) => raw.get(),
            Input::Text(text) => text,
        };
        match serde_json::from_str(text) {
            Ok(value @ Value::Object(_)) => Ok(Self(value)),
            Ok(_) => Err(at.refuse(Problem::WrongShape)),
            Err(_) => Err(at.refuse(Problem::NotJson)),
        }
    }
}

impl Tree {
    /// All of it.
    pub(super) fn value(&self) -> &Value {
        &self.0
    }

    /// Whether this member was sent.
    pub(super) fn names(&self, member: &str) -> bool {
        self.0.get(member).is_some()
    }

    /// What `stored` becomes when the members that were sent are laid over it. `field` is what the settings are called in the
    /// request. `null` takes a member out, or sets an optional one to nothing.
    pub(super) fn over<T: Serialize + DeserializeOwned>(&self, field: &str, stored: &T) -> Result<T, Fault> {
        let mut current = to_value(stored)?;
        let mut leaves = Vec::new();
        collect(&self.0, &mut Vec::new(), &mut leaves);
        for (path, leaf) in leaves {
            let name = format!("{field}.{}", path.join("."));
            put(&mut current, &path, leaf.clone());
            let read: T = serde_json::from_value(current.clone())
                .map_err(|error| Fault::invalid(&name, format!("{name}: {error}")))?;
            current = to_value(&read)?;
            // What is not read back is no setting.
            if !leaf.is_null()
                && let Some(name) = find(&current, &path).map_or(Some(name.clone()), |read| unread(leaf, read, &name))
            {
                return Err(Fault::invalid(&name, format!("{name} is no setting")));
            }
            if path.last().is_some_and(|last| *last == "prefix") && !is_prefix(leaf) {
                return Err(Fault::invalid(&name, format!("{name} has 1 to 10 letters or digits")));
            }
        }
        serde_json::from_value(current).map_err(|error| Fault::invalid(field, error.to_string()))
    }
}

fn to_value<T: Serialize>(settings: &T) -> Result<Value, Fault> {
    serde_json::to_value(settings).map_err(|error| Fault::internal(error.to_string()))
}

/// Everything that is no object, and empty objects, with the way to it.
fn collect<'v>(value: &'v Value, path: &mut Vec<&'v str>, leaves: &mut Vec<(Vec<&'v str>, &'v Value)>) {
    match value {
        Value::Object(members) if !members.is_empty() || path.is_empty() => {
            for (name, member) in members {
                path.push(name);
                collect(member, path, leaves);
                path.pop();
            }
        }
        leaf => leaves.push((path.clone(), leaf)),
    }
}

fn put(at: &mut Value, path: &[&str], leaf: Value) {
    let Some((name, rest)) = path.split_first() else { return };
    if !at.is_object() {
        *at = Value::Object(serde_json::Map::new());
    }
    let Value::Object(members) = at else { return };
    match rest {
        [] if leaf.is_null() => {
            members.remove(*name);
        }
        [] => {
            members.insert((*name).to_owned(), leaf);
        }
        _ => put(members.entry(*name).or_insert(Value::Null), rest, leaf),
    }
}

fn find<'v>(at: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(at, |at, name| at.get(name))
}

/// The way to a member of a row of a list that was not read back.
fn unread(given: &Value, read: &Value, at: &str) -> Option<String> {
    match given {
        Value::Object(members) => members.iter().filter(|(_, member)| !member.is_null()).find_map(|(name, member)| {
            let at = format!("{at}.{name}");
            read.get(name).map_or(Some(at.clone()), |read| unread(member, read, &at))
        }),
        Value::Array(rows) => {
            let mut rows = rows.iter().zip(read.as_array().map_or(&[][..], Vec::as_slice)).enumerate();
            rows.find_map(|(index, (row, read))| unread(row, read, &format!("{at}[{index}]")))
        }
        _ => None,
    }
}

fn is_prefix(leaf: &Value) -> bool {
    leaf.as_str().is_some_and(|text| (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use gateway::directory::Limits;

    use super::*;

    fn over<T: Serialize + DeserializeOwned>(stored: &T, patch: &str) -> Result<T, String> {
        let tree = Tree(serde_json::from_str(patch).unwrap());
        tree.over("at", stored).map_err(|fault| fault.field)
    }

    #[test]
    fn what_was_sent_changes_and_the_rest_stays() {
        let stored = dock_wdt::Settings::default();
        let changed =
            over(&stored, r#"{"strict_emoji":true,"taobao_platforms":[1],"erp":{"order_number":{"prefix":"XS"}}}"#);
        let changed = changed.unwrap();
        assert!(changed.strict_emoji && !changed.total_count_always);
        assert_eq!((changed.taobao_platforms, changed.erp.order_number.prefix.as_str()), (vec![1], "XS"));
        assert_eq!(changed.erp.stockout_number, stored.erp.stockout_number);
        let archive = over(&stored, r#"{"erp":{"archive":{"orders_after_days":90}}}"#).unwrap().erp.archive;
        assert_eq!((archive.orders_after_days, archive.ledger_after_days), (90, 0));
    }

    #[test]
    fn the_bad_member_is_named() {
        let stored = dock_wdt::Settings::default();
        for (patch, field) in [
            (r#"{"strict":true}"#, "at.strict"),
            (r#"{"strict_emoji":"perhaps"}"#, "at.strict_emoji"),
            (r#"{"erp":{"unheard_of":1}}"#, "at.erp.unheard_of"),
            (r#"{"erp":{"archive":{"orders_after_days":-1}}}"#, "at.erp.archive.orders_after_days"),
            (r#"{"erp":{"archive":{"days":1}}}"#, "at.erp.archive.days"),
            (r#"{"erp":{"archive":5}}"#, "at.erp.archive"),
            (r#"{"erp":{"order_number":{"prefix":""}}}"#, "at.erp.order_number.prefix"),
            (r#"{"erp":{"order_number":{"date":"daily"}}}"#, "at.erp.order_number.date"),
            (r#"{"erp":{"order_number":{"digits":4}}}"#, "at.erp.order_number.digits"),
            (r#"{"taobao_platforms":["x"]}"#, "at.taobao_platforms"),
        ] {
            assert_eq!(over(&stored, patch).err().as_deref(), Some(field), "{patch}");
        }
    }

    #[test]
    fn the_bad_member_of_a_row_is_named() {
        let stored = gateway::stub::StubSet::default();
        for (patch, field) in [
            (r#"{"rules":[{"body":"{}"},{"bodyy":"{}"}]}"#, Some("at.rules[1].bodyy")),
            (r#"{"rules":[{"when":[{"at":"tid","equals":"1","contains":null}],"body":"{}"}]}"#, None),
        ] {
            assert_eq!(over(&stored, patch).err().as_deref(), field, "{patch}");
        }
        let api = over(&gateway::directory::Api::default(), r#"{"parameters":[{"name":"tid","requird":true}]}"#);
        assert_eq!(api.err().as_deref(), Some("at.parameters[0].requird"));
    }

    #[test]
    fn limits_of_methods_come_and_go() {
        let set = r#"{"calls_per_minute":60,"methods":{"wdt.stock.query":{"per_day":3}}}"#;
        let limits = over(&Limits::default(), set).unwrap();
        assert_eq!((limits.calls_per_minute, limits.methods["wdt.stock.query"].per_day), (60, 3));
        let more = over(&limits, r#"{"methods":{"wdt.stock.query":{"hours":"00:00-02:00"}}}"#).unwrap();
        assert_eq!(more.methods["wdt.stock.query"].per_day, 3);
        assert!(more.methods["wdt.stock.query"].hours.is_some());
        let none = over(&more, r#"{"methods":{"wdt.stock.query":null},"calls_per_minute":null}"#).unwrap();
        assert_eq!(none, Limits::default());
        let bad = over(&limits, r#"{"methods":{"wdt.stock.query":{"hours":"noon"}}}"#);
        assert_eq!(bad.err().as_deref(), Some("at.methods.wdt.stock.query.hours"));
    }
}
