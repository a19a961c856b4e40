//! The one error type of the store. Each kind says what to do about it.
//!
//! Raised where: `Full`, `Disk`, `Corrupt`, `Conflict`, `Statement` by a statement or a commit; `Lost`, `Unknown`, `Slow` by the
//! PostgreSQL engine; `Busy`, `Closed`, `Panicked` by the queues; `Locked`, `Migration` at opening; `Missing`, `Invalid` by the
//! reading and writing functions; `Sealed` by the vault.

/// What went wrong in the store. `Clone`, because every unit of a group that could not be committed gets it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No room for the write. Nothing of the unit was kept; later units work as soon as there is room.
    #[error("the disk is full ({0}): free some space; nothing was stored, and Matou goes on by itself")]
    Full(String),
    /// The disk refused a read or write for a reason other than room.
    #[error("the disk failed ({0}): nothing was stored; check the disk and the data folder's permissions")]
    Disk(String),
    /// The database cannot be reached. Nothing of the unit was kept; try again.
    #[error("the database cannot be reached ({0}): nothing was stored; Matou reconnects by itself, try again")]
    Lost(String),
    /// The connection broke while the commit was under way: the unit is kept or not. Sending the same message again is safe.
    #[error(
        "the connection broke during the commit ({0}): whether it was stored is unknown; send the same message again"
    )]
    Unknown(String),
    /// A constraint of the schema refused the row.
    #[error("a stored row contradicts this one ({0})")]
    Conflict(String),
    /// What is stored cannot be read as what it should be.
    #[error("stored data is damaged ({0}): stop, keep the files, run `matou doctor`, restore the last backup")]
    Corrupt(String),
    /// Too many units wait already.
    #[error("the store is busy: too many writes wait already; try again in a moment")]
    Busy,
    /// The unit collided with another one, several times.
    #[error("the unit collided with another one ({0}); nothing was stored, try again")]
    Contended(String),
    /// The unit or its group took too long and was given up.
    #[error("the unit took too long ({0}); nothing was stored, try again")]
    Slow(String),
    /// The store was closed.
    #[error("the store is closed: the program is stopping")]
    Closed,
    /// The unit panicked; nothing of it was kept.
    #[error("a unit of work failed inside ({0}); nothing of it was stored; this is a bug in Matou")]
    Panicked(String),
    /// The engine did not understand a statement: a bug of ours.
    #[error("a statement was refused ({0}); this is a bug in Matou")]
    Statement(String),
    /// Another process owns the data folder.
    #[error("another process uses this data folder ({0}): stop it first, or choose another folder")]
    Locked(String),
    /// The schema stored in the database does not fit this program.
    #[error("the database schema does not fit this program: {0}")]
    Migration(String),
    /// A row that must exist does not.
    #[error("a row that must exist is missing")]
    Missing,
    /// A value that cannot be stored.
    #[error("a value cannot be stored: {0}")]
    Invalid(String),
    /// Sealed bytes cannot be opened.
    #[error(transparent)]
    Sealed(#[from] crate::vault::VaultError),
    /// This engine does not do that.
    #[error("{0}")]
    Elsewhere(String),
}

/// The result of a store operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether the same unit may succeed later without anybody changing it.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Full(_)
                | Self::Disk(_)
                | Self::Lost(_)
                | Self::Unknown(_)
                | Self::Busy
                | Self::Slow(_)
                | Self::Contended(_)
                | Self::Closed
        )
    }
}
