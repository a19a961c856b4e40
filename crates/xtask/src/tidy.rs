//! The invariants of `ARCHITECTURE.md` that a program can check. One file a rule; each returns a sentence a finding.

mod dependencies;
mod direction;
mod rooms;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::run::root;

/// Runs every rule and prints what it finds.
pub(crate) fn check() -> ExitCode {
    let root = root();
    let mut findings = Vec::new();
    findings.extend(direction::check(&root));
    findings.extend(dependencies::check(&root));
    findings.extend(rooms::check(&root));
    findings.extend(words::check(&root));
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: direction, dependencies, rooms and words are in order");
        ExitCode::SUCCESS
    } else {
        println!("tidy: {} findings", findings.len());
        ExitCode::FAILURE
    }
}

/// All files below `folder` with one of these endings, sorted; build output and hidden folders left out.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" {
                found.extend(files(&path, endings));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The path as people write it, from the top of the project.
fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}
