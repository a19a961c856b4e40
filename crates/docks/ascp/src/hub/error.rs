//! Why the supplier side says no, in the words that its operators read.

/// Result of a function of the supplier side.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A unit of work did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store could not do it; repeating is safe.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The business refuses, or could not be read.
    #[error(transparent)]
    Business(#[from] erp::Error),
    /// The dock refuses; nothing was stored.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A stored document cannot be read.
    #[error("stored document {0} cannot be read: {1}; run `matou doctor`")]
    Document(&'static str, serde_json::Error),
}

impl From<erp::Illegal> for Error {
    fn from(illegal: erp::Illegal) -> Self {
        Self::Refused(Refusal::State(illegal.to_string()))
    }
}

/// A refusal of the dock itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing by this number.
    #[error("{0}不存在:{1}")]
    Unknown(&'static str, String),
    /// The supplier id is in use.
    #[error("供应商编码已被使用:{0}")]
    Exists(String),
    /// A value that is not acceptable: the field, and why.
    #[error("参数值无效:{0}({1})")]
    Invalid(&'static str, String),
    /// The state does not allow it.
    #[error("{0}")]
    State(String),
}
