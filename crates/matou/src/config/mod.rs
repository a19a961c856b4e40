//! Settings: the default text, a file over it, the environment over both.
//!
//! Lives here: reading and checking settings. Never here: a default value outside `default.toml`.

mod environment;
mod load;
mod model;

pub(crate) use load::{ConfigError, load};
pub(crate) use model::{Config, Log, LogFormat, Server};

/// The commented defaults, which are the documentation.
pub(crate) const DEFAULT: &str = include_str!("default.toml");
