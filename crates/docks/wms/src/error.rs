//! What can go wrong in this dock.

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The business refuses; its words are for people.
    #[error("{0}")]
    Refused(String),
    /// The same customerId is taken in this environment and direction.
    #[error(
        "customerId {0} is bound already in this environment and direction; choose another, or change that binding"
    )]
    Taken(String),
    /// What was named does not exist.
    #[error("{0}")]
    Unknown(String),
    /// A stored document cannot be read.
    #[error("a stored {0} cannot be read: {1}")]
    Document(&'static str, String),
    /// The tenant's settings cannot be read.
    #[error("the stored settings of the tenant cannot be read")]
    Settings,
}

impl From<erp::Error> for Error {
    fn from(error: erp::Error) -> Self {
        match error {
            erp::Error::Store(error) => Self::Store(error),
            erp::Error::Refused(refusal) => Self::Refused(refusal.to_string()),
            erp::Error::Document(what, error) => Self::Document(what, error.to_string()),
        }
    }
}
