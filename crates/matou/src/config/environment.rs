//! The environment over the file: `[server] listen` is `MATOU_SERVER_LISTEN`.

use toml::{Table, Value};

/// The variable of a key.
pub(super) fn variable(section: &str, key: &str) -> String {
    format!("MATOU_{}_{}", section.to_ascii_uppercase(), key.to_ascii_uppercase())
}

/// Puts the variables over `settings`, which holds every key there is; a value is read as the kind that the key has, a list
/// with commas between. A variable
/// of a known section with an unknown key is refused: it would be a setting that nobody heeds.
pub(super) fn apply(settings: &mut Table, variables: &[(String, String)]) -> Result<(), String> {
    for (section, keys) in settings.iter_mut() {
        let Value::Table(keys) = keys else { continue };
        let prefix = variable(section, "");
        for (name, given) in variables.iter().filter(|(name, _)| name.starts_with(&prefix)) {
            let found = keys.iter_mut().find(|(key, _)| variable(section, key) == *name);
            let (_, value) =
                found.ok_or_else(|| format!("{name} is not a setting; `matou config` prints all of them"))?;
            *value = match value {
                Value::Integer(_) => Value::Integer(given.parse().map_err(|_| format!("{name}: not a whole number"))?),
                Value::Boolean(_) => {
                    Value::Boolean(given.parse().map_err(|_| format!("{name}: neither true nor false"))?)
                }
                Value::Array(_) => {
                    let parts = given.split(',').map(str::trim).filter(|part| !part.is_empty());
                    Value::Array(parts.map(|part| Value::String(part.to_owned())).collect())
                }
                _ => Value::String(given.clone()),
            };
        }
    }
    Ok(())
}
