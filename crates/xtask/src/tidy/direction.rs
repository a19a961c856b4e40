//! An arrow points only downwards, and docks never know each other.

use std::path::Path;

use super::{files, shown};

/// Floor by floor, from the ground up: a crate may use crates of lower floors only.
const FLOORS: &[&[&str]] = &[
    &["units"],
    &["wire", "store", "rehearsal", "sheets"],
    &["erp", "gateway"],
    &["dock-wdt", "dock-wms", "dock-ascp"],
    &["console"],
    &["matou"],
];

pub(super) fn check(root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for manifest in files(&root.join("crates"), &["Cargo.toml"]) {
        let shown = shown(root, &manifest);
        let parsed = std::fs::read_to_string(&manifest).ok().and_then(|text| text.parse::<toml::Table>().ok());
        let Some(parsed) = parsed else {
            findings.push(format!("{shown}: cannot be read"));
            continue;
        };
        let name = parsed.get("package").and_then(|p| p.get("name")).and_then(|n| n.as_str()).unwrap_or_default();
        if name == "xtask" {
            continue;
        }
        let Some(floor) = floor(name) else {
            findings.push(format!("{shown}: crate {name} has no floor; add it to crates/xtask/src/tidy/direction.rs"));
            continue;
        };
        let used = parsed.get("dependencies").and_then(|d| d.as_table()).into_iter().flat_map(|d| d.keys());
        for used in used {
            if self::floor(used).is_some_and(|of| of >= floor) {
                findings.push(format!("{shown}: {name} uses {used}, which is not below it"));
            }
        }
    }
    findings
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}
