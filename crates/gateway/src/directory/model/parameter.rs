//! The parameters of an API (fact sheet qimen, C3).

use serde::{Deserialize, Serialize};

/// A parameter that the definition of an API knows. All others are dropped before a call is signed again (fact sheet qimen, C4).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// Where the target expects it.
    pub place: Place,
    /// What its value is.
    pub kind: ParameterKind,
    /// An absent or empty one is refused with 40.
    pub required: bool,
    /// The target's own name for it; empty = the same name.
    pub target_name: String,
}

impl Parameter {
    /// What the target calls it.
    pub fn name_at_target(&self) -> &str {
        if self.target_name.is_empty() { &self.name } else { &self.target_name }
    }
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In the query string.
    Query,
    /// In the body.
    #[default]
    Body,
}

/// What the value of a parameter is. A value travels as the caller wrote it; the kind is only checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterKind {
    /// Any text.
    #[default]
    Text,
    /// A decimal number; twenty digits are as good as two.
    Number,
    /// `true`, `false`, `1` or `0`.
    Boolean,
    /// A JSON object.
    Struct,
    /// A JSON array.
    List,
}
