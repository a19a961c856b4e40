//! `docs/settings.md` says what holds when nobody decided: every default on the page is the default of its type, every setting has a
//! row, and no row stands for a setting that does not exist.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// The defaults under the headings of the page.
fn defaults() -> Value {
    let mut all = json!({});
    let whole = serde_json::to_value(gateway::directory::Settings::default()).unwrap();
    for (name, value) in whole.as_object().unwrap() {
        if !value.is_object() && !value.is_null() {
            all["gateway"][name] = value.clone();
        }
    }
    let mut dock = serde_json::to_value(dock_wdt::Settings::default()).unwrap();
    all["erp"] = dock.as_object_mut().unwrap().remove("erp").unwrap();
    all["dock"] = dock;
    all["limits"] = serde_json::to_value(gateway::directory::Limits::default()).unwrap();
    all["limits"]["methods"] =
        json!({ "<method>": serde_json::to_value(gateway::directory::Quota::default()).unwrap() });
    all
}

/// How the page writes a default.
fn written(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Object(members) if members.contains_key("prefix") => {
            let date = if members["date"] == "short" { "yymmdd" } else { "yyyymmdd" };
            format!("`{}` + {date} + 4", members["prefix"].as_str().unwrap())
        }
        Value::Object(_) => "–".to_owned(),
        Value::String(text) if text.is_empty() => "empty / 空".to_owned(),
        // Amounts are stored as texts.
        Value::String(text) => format!("`{}`", text.strip_suffix(".0000").unwrap_or(text)),
        Value::Array(items) if items.iter().all(Value::is_string) => "empty / 空".to_owned(),
        other => format!("`{}`", other.to_string().replace(',', ", ")),
    }
}

/// Setting, with the path of its heading, and the default that the page gives.
fn rows(page: &str) -> Vec<(String, String)> {
    let (mut heading, mut rows) = (String::new(), Vec::new());
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title.split('：').next().unwrap().trim_matches('`').to_owned();
        }
        let cells: Vec<&str> = line.split(" | ").collect();
        if let [names, default, ..] = cells.as_slice()
            && names.starts_with("| `")
        {
            for name in names.trim_start_matches("| ").split(", ") {
                rows.push((format!("{heading}.{}", name.trim_matches('`')), (*default).to_owned()));
            }
        }
    }
    rows
}

fn all_paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    for (name, inner) in value.as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if path.contains('.') && !path.ends_with("<method>") {
            found.insert(path.clone());
        }
        if inner.as_object().is_some_and(|members| !members.contains_key("prefix")) {
            all_paths(inner, &path, found);
        }
    }
}

#[test]
fn the_page_of_settings_says_the_defaults() {
    let page = std::fs::read_to_string(super::docs("settings.md")).unwrap();
    let defaults = defaults();
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for (path, default) in rows(&page) {
        let value = path.split('.').try_fold(&defaults, |value, name| value.get(name));
        let value = value.unwrap_or_else(|| panic!("{path} is no setting"));
        if default != written(value) {
            wrong.push(format!("{path}: {default}, and it is {}", written(value)));
        }
        assert!(seen.insert(path.clone()), "{path} twice");
    }
    assert_eq!(wrong, Vec::<String>::new());
    let mut all = BTreeSet::new();
    all_paths(&defaults, "", &mut all);
    let missing: Vec<_> = all.difference(&seen).collect();
    assert!(missing.is_empty(), "docs/settings.md lacks {missing:?}");
    assert!(seen.len() > 80, "{} settings", seen.len());
}
