//! The store's error for one of PostgreSQL's.

use std::error::Error as _;

use crate::Error;

/// Translates by SQLSTATE class (PostgreSQL manual, appendix A).
pub(crate) fn fault(error: &tokio_postgres::Error) -> Error {
    let Some(state) = error.code() else {
        // Without a state it is the connection, or a value that did not fit a parameter.
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        let text = format!("{error}{cause}");
        return if text.contains("serializing parameter") || text.contains("parameters but") {
            Error::Statement(text)
        } else {
            Error::Lost(text)
        };
    };
    let text = error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned());
    match state.code() {
        "40001" | "40P01" => Error::Contended(text),
        "53100" => Error::Full(text),
        "55P03" | "57014" => Error::Slow(text),
        "22021" | "22P05" => Error::Invalid(text),
        "XX001" | "XX002" => Error::Corrupt(text),
        "58030" => Error::Disk(text),
        code => match code.get(..2) {
            Some("23") => Error::Conflict(text),
            Some("08" | "53" | "57" | "28" | "3D") => Error::Lost(text),
            // A server that is shut down ends idle transactions with this.
            Some("25") if code == "25P03" => Error::Lost(text),
            _ => Error::Statement(format!("{code} {text}")),
        },
    }
}
