//! Words that must not stand where they stand.

use std::path::Path;

use super::{files, shown};

/// Unfinished work, panics that something from outside could reach, and the platform's words inside the core.
pub(super) fn check(root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for path in files(&root.join("crates"), &[".rs"]) {
        let shown = shown(root, &path);
        if shown.starts_with("crates/xtask/") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let in_core = shown.starts_with("crates/erp/src/");
        let test_file = shown.contains("/tests/") || shown.contains("/examples/") || shown.ends_with("tests.rs");
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            if code.starts_with("#[cfg(test)]") {
                break;
            }
            if code.starts_with("//") {
                continue;
            }
            let mut found = |what: &str| findings.push(format!("{shown}:{}: {what}", number + 1));
            if code.contains("TODO") || code.contains("FIXME") {
                found("unfinished");
            }
            if !test_file && (code.contains(".unwrap()") || code.contains("panic!(")) {
                found("may panic; return an error, or say why it cannot happen with expect");
            }
            if in_core && ["errorcode", "app_key", "wire::", "sign_method"].iter().any(|word| code.contains(word)) {
                found("the core knows no protocol");
            }
        }
    }
    findings
}
