//! Each dependency on other people's code has its reason in `docs/dependencies.md`.

use std::path::Path;

pub(super) fn check(root: &Path) -> Vec<String> {
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap_or_default();
    let reasons = read("docs/dependencies.md");
    let Ok(manifest) = read("Cargo.toml").parse::<toml::Table>() else {
        return vec!["Cargo.toml cannot be read".into()];
    };
    let dependencies = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(|dependencies| dependencies.as_table());
    dependencies
        .into_iter()
        .flatten()
        .filter(|(_, value)| value.get("path").is_none())
        .filter(|(name, _)| !reasons.contains(&format!("`{name}`")))
        .map(|(name, _)| format!("docs/dependencies.md gives no reason for `{name}`"))
        .collect()
}
