//! The documentation of the Wangdian API is what is registered, and nothing else: `docs/wangdian-api.md` (all methods), one
//! page a family under `docs/wangdian/`, the OpenAPI document and the collection for API clients.
//!
//! `MATOU_BLESS=1 cargo test -p dock-wdt --test coverage` writes all of them anew.

mod family;
mod list;
mod overview;
mod settings;
mod states;

use std::path::{Path, PathBuf};

use gateway::describe;
use list::{BEYOND, METHODS};
use serde_json::Value;

/// A file below `docs/`.
fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs").join(name)
}

/// Compares a page with what it should say, or writes it.
fn settle(name: &str, expected: &str) {
    let path = docs(name);
    if std::env::var_os("MATOU_BLESS").is_some() {
        std::fs::write(&path, expected).expect("the page can be written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/{name} is stale: MATOU_BLESS=1 cargo test -p dock-wdt --test coverage");
}

#[test]
fn the_overview_lists_what_is_registered() {
    let page = std::fs::read_to_string(docs("wangdian-api.md")).expect("docs/wangdian-api.md");
    settle("wangdian-api.md", &overview::page(&page));
}

#[test]
fn each_family_has_its_page() {
    for category in family::FAMILIES {
        settle(&format!("wangdian/{}.md", family::slug(category)), &family::page(category));
    }
}

#[test]
fn the_openapi_document_and_the_collection_are_what_the_program_says() {
    let (registry, examples) = (dock_wdt::registry(), dock_wdt::examples());
    let openapi = describe::openapi(&registry, &examples, env!("CARGO_PKG_VERSION"));
    settle("wangdian-openapi.json", &lines(&openapi, 2));
    settle("wangdian-collection.json", &lines(&describe::collection(&registry, &examples), 9));
}

/// JSON with a line for each member down to this depth, so that a change shows where it is and the file stays small.
fn lines(value: &Value, depth: usize) -> String {
    let mut text = String::new();
    spread(&mut text, value, 0, depth);
    text.push('\n');
    text
}

fn spread(text: &mut String, value: &Value, level: usize, depth: usize) {
    let items: Vec<(String, &Value)> = match value {
        Value::Object(members) if level < depth => {
            members.iter().map(|(name, value)| (format!("{}: ", Value::from(name.as_str())), value)).collect()
        }
        Value::Array(items) if level < depth => items.iter().map(|item| (String::new(), item)).collect(),
        _ => Vec::new(),
    };
    if items.is_empty() {
        text.push_str(&value.to_string());
        return;
    }
    let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    text.push(open);
    for (index, (name, item)) in items.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        text.push_str(&format!("{comma}\n{}{name}", " ".repeat(level + 1)));
        spread(text, item, level + 1, depth);
    }
    text.push_str(&format!("\n{}{close}", " ".repeat(level)));
}

/// Every method of the platform's page, under its name and its file, in its chapter; and no other.
#[test]
fn nothing_of_the_platform_s_page_is_missing() {
    let registry = dock_wdt::registry();
    let missing: Vec<&str> = METHODS
        .iter()
        .filter(|(category, name, php)| {
            registry.find(name).is_none_or(|entry| entry.php != *php || entry.category != *category)
        })
        .map(|(_, name, _)| *name)
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    let is_known = |name: &&str| METHODS.iter().any(|(_, known, _)| known == name) || BEYOND.contains(name);
    let strange: Vec<&str> = registry.iter().map(|entry| entry.name).filter(|name| !is_known(name)).collect();
    assert_eq!(strange, Vec::<&str>::new(), "not on the platform's page");
}

/// The examples call every method, and each of them spoils a field that its method has.
#[test]
fn every_method_has_an_example() {
    let (registry, examples) = (dock_wdt::registry(), dock_wdt::examples());
    for entry in registry.iter().filter(|entry| !BEYOND.contains(&entry.name)) {
        let example = examples.iter().find(|example| example.method == entry.name);
        let example = example.unwrap_or_else(|| panic!("{} has no example", entry.name));
        for name in example.params.keys() {
            assert!(entry.fields.iter().any(|field| field.name == name), "{}: {name} is no field", entry.name);
        }
        let wrong = example.wrong.as_ref().unwrap_or_else(|| panic!("{} has no wrong example", entry.name));
        let first = wrong.at.split(['.', '[']).next().unwrap_or_default();
        assert!(entry.fields.iter().any(|field| field.name == first), "{}: {first} is no field", entry.name);
    }
    for example in &examples {
        assert!(
            example.method.is_empty() != example.admin.is_empty()
                && (example.method.is_empty() || registry.find(&example.method).is_some()),
            "{example:?} is neither a call nor an admin call"
        );
    }
}
