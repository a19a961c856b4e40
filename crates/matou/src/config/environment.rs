//! The environment over the file: `[server] listen` is `MATOU_SERVER_LISTEN`.

use toml::{Table, Value};

/// The variable of a key.
pub(super) fn variable(section: &str, key: &str) -> String {
    format!("MATOU_{}_{}", section.to_ascii_uppercase(), key.to_ascii_uppercase())
}

/// Puts the variables over `settings`, which holds every key there is; a value is read as the kind that the key has.
pub(super) fn apply(settings: &mut Table, look: &dyn Fn(&str) -> Option<String>) -> Result<(), String> {
    for (section, keys) in settings.iter_mut() {
        let Value::Table(keys) = keys else { continue };
        for (key, value) in keys.iter_mut() {
            let name = variable(section, key);
            let Some(given) = look(&name) else { continue };
            *value = match value {
                Value::Integer(_) => Value::Integer(given.parse().map_err(|_| format!("{name}: not a whole number"))?),
                Value::Boolean(_) => {
                    Value::Boolean(given.parse().map_err(|_| format!("{name}: neither true nor false"))?)
                }
                _ => Value::String(given),
            };
        }
    }
    Ok(())
}
