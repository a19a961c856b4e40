//! Where in which file something is written, and what is wrong there.

use std::fmt;
use std::sync::Arc;

/// A place in a case file; line and column count from 1, the column in characters (a Chinese character is one).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name under which the file was read.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A mistake in a case file: where, what, and the line with a mark under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Where.
    pub at: Place,
    /// What is wrong and what would be right.
    pub message: String,
    /// The source line; empty when it is not at hand.
    pub source: String,
}

impl Trouble {
    pub(crate) fn new(at: Place, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), source: String::new() }
    }

    /// Adds the source line out of the whole text of the file.
    pub(crate) fn with_source(mut self, text: &str) -> Self {
        if self.source.is_empty() {
            let line = text.lines().nth(self.at.line.saturating_sub(1) as usize).unwrap_or_default();
            self.source = line.trim_end().to_owned();
        }
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.message)?;
        if !self.source.is_empty() {
            let before: usize =
                self.source.chars().take(self.at.column.saturating_sub(1) as usize).map(columns_on_screen).sum();
            write!(f, "\n  | {}\n  | {}^", self.source, " ".repeat(before))?;
        }
        Ok(())
    }
}

impl std::error::Error for Trouble {}

/// Screen columns of a character: two for East Asian wide ones, so that the mark stands under the right character.
fn columns_on_screen(c: char) -> usize {
    match u32::from(c) {
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 => 2,
        0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}
