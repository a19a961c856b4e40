//! Small rooms: no source file over 500 lines, and SQL only where it lives.

use std::path::Path;

use super::{files, shown};

const LONGEST: usize = 500;
/// Words that begin a statement. Upper case, as our SQL is written.
const STATEMENTS: &[&str] = &["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE ", "CREATE TABLE ", "ALTER TABLE "];

pub(super) fn check(root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for path in files(&root.join("crates"), &[".rs"]) {
        let shown = shown(root, &path);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let lines = text.lines().count();
        if lines > LONGEST {
            findings.push(format!("{shown}: {lines} lines; over {LONGEST} a file wants a wall inside"));
        }
        if !may_hold_sql(&shown) {
            for (number, line) in text.lines().enumerate() {
                let code = line.trim_start();
                let quoted = code.split('"').skip(1).step_by(2);
                if !code.starts_with("//") && quoted.into_iter().any(|q| STATEMENTS.iter().any(|s| q.starts_with(s))) {
                    findings.push(format!("{shown}:{}: SQL outside of a table.rs", number + 1));
                }
            }
        }
    }
    findings
}

/// The store, the files and folders named `table`, the measuring floor, tests, and this rule.
fn may_hold_sql(path: &str) -> bool {
    path.starts_with("crates/store/")
        || path.contains("/table.rs")
        || path.contains("/table/")
        || path.contains("/bench/floor")
        || path.contains("/tests/")
        || path.starts_with("crates/xtask/")
}
