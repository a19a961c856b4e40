//! From texts to settings.

use std::path::Path;

use toml::{Table, Value};

use super::{Config, DEFAULT, environment};

/// Why settings cannot be used; says file, line and key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// A key or value in the file.
    #[error("{0}: {1}")]
    Text(String, String),
    /// A variable, or keys that contradict each other.
    #[error("{0}")]
    Value(String),
}

/// The file that is read when none is named and it is there.
const USUAL: &str = "matou.toml";

/// Defaults, then `file` (or `matou.toml` where it exists), then the environment.
pub(crate) fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let usual = Path::new(USUAL);
    let file = file.or_else(|| usual.exists().then_some(usual));
    let text = match file {
        None => None,
        Some(path) => {
            let name = path.display().to_string();
            Some((name.clone(), std::fs::read_to_string(path).map_err(|error| ConfigError::File(name, error))?))
        }
    };
    let text = text.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    let variables: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    merge(text, &variables)
}

/// The same from texts.
pub(super) fn merge(file: Option<(&str, &str)>, variables: &[(String, String)]) -> Result<Config, ConfigError> {
    let mut settings: Table =
        DEFAULT.parse().map_err(|error| ConfigError::Text("defaults".into(), format!("{error}")))?;
    if let Some((name, text)) = file {
        let given: Table =
            text.parse().map_err(|error: toml::de::Error| ConfigError::Text(name.to_owned(), error.to_string()))?;
        overlay(&mut settings, given).map_err(|key| {
            let place = line_of(text, &key).map_or_else(|| name.to_owned(), |line| format!("{name}:{line}"));
            ConfigError::Text(place, format!("{key} is not a setting; `matou config` prints all of them"))
        })?;
    }
    environment::apply(&mut settings, variables).map_err(ConfigError::Value)?;
    let config: Config = settings.try_into().map_err(|error: toml::de::Error| {
        let reason = error.message().to_owned();
        // The table has no lines any more; the file's own text has.
        match file.and_then(|(name, text)| wrong_value(text).map(|line| format!("{name}:{line}"))) {
            Some(place) => ConfigError::Text(place, reason),
            None => ConfigError::Value(error.to_string().trim().replace('\n', " ")),
        }
    })?;
    config.check().map_err(ConfigError::Value)?;
    Ok(config)
}

/// Puts `given` over `settings`; the error is the first key that is unknown.
fn overlay(settings: &mut Table, given: Table) -> Result<(), String> {
    for (section, keys) in given {
        let Some(Value::Table(known)) = settings.get_mut(&section) else { return Err(section) };
        let Value::Table(keys) = keys else { return Err(section) };
        for (key, value) in keys {
            match known.get_mut(&key) {
                Some(slot) => *slot = value,
                None => return Err(format!("{section}.{key}")),
            }
        }
    }
    Ok(())
}

/// The line (from 1) on which a key or section stands.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let (section, name) = key.split_once('.').map_or((key, None), |(section, name)| (section, Some(name)));
    let mut here = "";
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            here = header.trim();
            if name.is_none() && here == section {
                return Some(index + 1);
            }
        } else if let Some((left, _)) = line.split_once('=') {
            let left = left.trim();
            let full = if here.is_empty() { left.to_owned() } else { format!("{here}.{left}") };
            if full == key || name.is_none() && here.is_empty() && left == section {
                return Some(index + 1);
            }
        }
    }
    None
}

/// The line of the first value that its key cannot hold: the defaults with that one line are tried.
fn wrong_value(text: &str) -> Option<usize> {
    let given: Table = text.parse().ok()?;
    for (section, keys) in given {
        let Value::Table(keys) = keys else { continue };
        for (key, value) in keys {
            let mut settings: Table = DEFAULT.parse().ok()?;
            if let Some(Value::Table(known)) = settings.get_mut(&section) {
                known.insert(key.clone(), value);
            }
            if settings.try_into::<Config>().is_err() {
                return line_of(text, &format!("{section}.{key}"));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        merge(Some(("m.toml", text)), &variables).map_err(|error| error.to_string())
    }

    #[test]
    fn defaults_then_file_then_environment() {
        let config = with("[server]\nlisten = \"127.0.0.1:1\"\n", &[]).unwrap();
        assert_eq!((config.server.listen.port(), config.server.stop_seconds), (1, 10));
        let variables = [("MATOU_SERVER_LISTEN", "127.0.0.1:2"), ("MATOU_GATEWAY_CALLS_PER_MINUTE", "60")];
        let config = with("[server]\nlisten = \"127.0.0.1:1\"\n", &variables).unwrap();
        assert_eq!((config.server.listen.port(), config.gateway.calls_per_minute), (2, 60));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (text, variables, expected) in [
            ("[server]\n\nlisen = \"x\"\n", &[][..], "m.toml:3: server.lisen is not a setting"),
            ("[sever]\n", &[], "m.toml:1: sever is not a setting"),
            ("listen = \"x\"\n", &[], "m.toml:1: listen is not a setting"),
            ("[server]\nstop_seconds = 1\nlisten = 8080\n", &[], "m.toml:3: "),
            ("[server\n", &[], "m.toml: TOML parse error at line 1"),
            ("[log]\nformat = \"xml\"\n", &[], "m.toml:2: "),
            ("[gateway]\ntop_window_seconds = 0\n", &[], "gateway.top_window_seconds = 0: 1 to 86400 is allowed"),
            ("[database]\nurl = \"mysql://x\"\n", &[], "database.url: empty for SQLite"),
            ("", &[("MATOU_SERVER_STOP_SECONDS", "soon")], "MATOU_SERVER_STOP_SECONDS: not a whole number"),
            ("", &[("MATOU_SERVER_PORT", "1")], "MATOU_SERVER_PORT is not a setting"),
            ("", &[("MATOU_GATEWAY_GZIP", "yes")], "MATOU_GATEWAY_GZIP: neither true nor false"),
        ] {
            let error = with(text, variables).unwrap_err();
            assert!(error.starts_with(expected), "{text:?}: {error}");
        }
    }

    #[test]
    fn every_default_is_explained() {
        let mut explained = false;
        for line in DEFAULT.lines() {
            if line.starts_with('#') {
                explained = true;
            } else if line.contains(" = ") {
                assert!(explained, "{line}");
                explained = false;
            }
        }
        let shown = format!("{:?}", with("[security]\nadmin_token = \"geheim\"\n", &[]).unwrap());
        assert!(!shown.contains("geheim"), "{shown}");
    }
}
