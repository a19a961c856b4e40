//! The error of the directory. Each kind says what to do about it.

/// Why the directory could not be read or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Raised by the create functions.
    #[error("{0} exists already; choose another one")]
    Taken(String),
    /// Raised by the update functions and by grants that name nobody.
    #[error("{0} does not exist")]
    Unknown(String),
    /// A value that cannot be accepted; says the field and the rule.
    #[error("{0}")]
    Invalid(String),
    /// A stored row is not in a form that this program knows.
    #[error("row {0} cannot be read: it was written by a newer Matou or is damaged")]
    Unreadable(String),
}

/// The result of a directory operation.
pub type Result<T> = std::result::Result<T, Error>;
