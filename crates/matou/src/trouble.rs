//! The error of the program: a sentence for the person at the terminal. Used by every command.

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Trouble(String);

impl Trouble {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

macro_rules! from {
    ($($error:ty),* $(,)?) => { $(impl From<$error> for Trouble {
        fn from(error: $error) -> Self {
            Self(error.to_string())
        }
    })* };
}
from!(
    store::Error,
    store::VaultError,
    gateway::directory::Error,
    erp::Error,
    crate::config::ConfigError,
    std::io::Error,
    serde_json::Error,
    rehearsal::LoadError,
    console::sheet::Failed,
    dock_wms::Error,
    sheets::SheetError,
);
