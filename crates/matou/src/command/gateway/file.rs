//! The file itself: TOML with references to secrets instead of secrets.
//!
//! `secret_env = "NAME"` reads an environment variable, `secret_file = "PATH"` a file (a path that is not absolute is looked for beside
//! the gateway file); `account_secret_env` and `account_secret_file` the same for an interface account.

use std::path::Path;

use serde_json::{Map, Value};

use crate::trouble::Trouble;

/// Bytes of a file.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Fields that a reference stands for.
const SECRETS: [&str; 2] = ["secret", "account_secret"];

/// Reads the file as the directory wants it, secrets looked up.
pub(super) fn read(path: &Path) -> Result<Value, Trouble> {
    let named = |error: &dyn std::fmt::Display| Trouble::new(format!("{}: {error}", path.display()));
    if std::fs::metadata(path).map_err(|error| named(&error))?.len() > LONGEST {
        return Err(named(&"larger than 4 MB"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| named(&error))?;
    let mut document: Value = toml::from_str(&text).map_err(|error| named(&error))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    resolve(&mut document, folder).map_err(|trouble| named(&trouble))?;
    Ok(document)
}

/// The document as TOML.
pub(super) fn write(document: &Value) -> Result<String, Trouble> {
    let text = toml::to_string_pretty(document).map_err(|error| Trouble::new(error.to_string()))?;
    Ok(format!("{PREFACE}{text}"))
}

const PREFACE: &str = "\
# The directory of the gateway; see docs/gateway.md. `matou gateway diff FILE` shows what this file would change, `matou gateway apply
# FILE` applies it. Secrets are never written here: add secret_env or secret_file where one is needed; without, the stored one stays.

";

fn resolve(value: &mut Value, folder: &Path) -> Result<(), Trouble> {
    match value {
        Value::Array(rows) => rows.iter_mut().try_for_each(|row| resolve(row, folder)),
        Value::Object(members) => {
            for name in SECRETS {
                if members.contains_key(name) {
                    return Err(Trouble::new(format!(
                        "{name}: write {name}_env or {name}_file; secrets do not belong in this file"
                    )));
                }
                if let Some(secret) = look_up(members, name, folder)? {
                    members.insert(name.to_owned(), secret.into());
                }
            }
            members.values_mut().try_for_each(|member| resolve(member, folder))
        }
        _ => Ok(()),
    }
}

fn look_up(members: &mut Map<String, Value>, name: &str, folder: &Path) -> Result<Option<String>, Trouble> {
    let (env, file) = (format!("{name}_env"), format!("{name}_file"));
    let text = |field: &str, value: Value| match value {
        Value::String(text) => Ok(text),
        _ => Err(Trouble::new(format!("{field} is a text"))),
    };
    let secret = match (members.remove(&env), members.remove(&file)) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(Trouble::new(format!("give {env} or {file}, not both"))),
        (Some(variable), None) => {
            let variable = text(&env, variable)?;
            let missing = |_| Trouble::new(format!("{env}: the variable {variable} is not set, or is no text"));
            std::env::var(&variable).map_err(missing)?
        }
        (None, Some(path)) => {
            let path = folder.join(text(&file, path)?);
            let unreadable = |error| Trouble::new(format!("{file}: {}: {error}", path.display()));
            std::fs::read_to_string(&path).map_err(unreadable)?.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    if secret.is_empty() { Err(Trouble::new(format!("{name}: what it refers to is empty"))) } else { Ok(Some(secret)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Value, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), "from-a-file\n").unwrap();
        std::fs::write(folder.path().join("empty"), "\n").unwrap();
        let path = folder.path().join("gateway.toml");
        std::fs::write(&path, text).unwrap();
        read(&path).map_err(|trouble| trouble.to_string())
    }

    #[test]
    fn references_become_secrets_and_secrets_are_refused() {
        let document = read_text("[[target]]\ntarget_app_key = \"t\"\n[target.test]\nsecret_file = \"key\"\n").unwrap();
        assert_eq!(document.pointer("/target/0/test/secret"), Some(&"from-a-file".into()));
        assert_eq!(document.pointer("/target/0/test/secret_file"), None);
        for (text, says) in [
            ("[[application]]\nsecret = \"x\"\n", "do not belong in this file"),
            ("[[application]]\nsecret_env = \"MATOU_NO_SUCH_VARIABLE\"\n", "MATOU_NO_SUCH_VARIABLE is not set"),
            ("[[application]]\nsecret_file = \"nowhere\"\n", "secret_file: "),
            ("[[application]]\nsecret_file = \"empty\"\n", "is empty"),
            ("[[application]]\nsecret_file = \"key\"\nsecret_env = \"A\"\n", "not both"),
            ("[[application]\n", "gateway.toml: "),
        ] {
            let refused = read_text(text);
            assert!(matches!(&refused, Err(error) if error.contains(says)), "{says}: {refused:?}");
        }
    }

    #[test]
    fn the_example_of_the_documents_can_be_applied() {
        let example =
            |page: &str| page.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap().to_owned();
        let english = example(include_str!("../../../../../docs/gateway.md"));
        assert_eq!(english, example(include_str!("../../../../../docs/gateway.zh.md")));
        let plain: Vec<&str> = english.lines().filter(|line| !line.contains("secret_")).collect();
        let document = read_text(&plain.join("\n")).unwrap();
        let document = gateway::directory::Document::read(&document).unwrap();
        assert_eq!((document.apis.map(|rows| rows.len()), document.targets.map(|rows| rows.len())), (Some(1), Some(2)));
    }

    #[test]
    fn what_is_written_reads_back() {
        let document = serde_json::json!({
            "scene": [{ "code": "a", "hosts": ["b"] }],
            "api": [{ "scene": "a", "name": "x.y", "parameters": [{ "name": "tid", "required": true }], "failure": { "field": "f", "is": ["1"] } }],
            "target": [{ "target_app_key": "t", "kind": "http", "test": { "url": "http://a/", "timeout_ms": 5 } }],
            "authorisation": [],
        });
        assert_eq!(read_text(&write(&document).unwrap()), Ok(document));
    }
}
