//! Why the simulator says no. Codes that begin with `SIM_` are ours, not the platform's (fact sheet ascp-direct, 2.18).

use gateway::TopRefusal;

/// Result of a function of the simulator.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A unit of work of the simulator did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The platform's business says no.
    #[error("{code}: {message}")]
    No {
        /// One of the `SIM_` codes.
        code: &'static str,
        /// In words.
        message: String,
    },
    /// TOP itself says no.
    #[error("TOP {} {}", .0.code, .0.message)]
    Top(TopRefusal),
}

/// A refusal of the business.
pub(super) fn no(code: &'static str, message: impl Into<String>) -> Error {
    Error::No { code, message: message.into() }
}

impl From<erp::Illegal> for Error {
    fn from(illegal: erp::Illegal) -> Self {
        no("SIM_STATE", illegal.to_string())
    }
}

/// A refusal of TOP.
pub(super) fn top(code: i64, message: &'static str, sub_code: &str, sub_message: &str) -> Error {
    Error::Top(TopRefusal { code, message, sub_code: sub_code.to_owned(), sub_message: sub_message.to_owned() })
}
