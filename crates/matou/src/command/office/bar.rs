//! Progress on the terminal: one line that changes; where nobody looks, a line now and then.

use std::io::{IsTerminal, Write};

use console::sheet::Counts;

/// The line.
pub(super) struct Bar {
    alive: bool,
    told: u64,
}

impl Bar {
    pub(super) fn new() -> Self {
        Self { alive: std::io::stderr().is_terminal(), told: 0 }
    }

    /// Shows how far it is.
    pub(super) fn show(&mut self, counts: &Counts) {
        if counts.total == 0 {
            return;
        }
        let percent = counts.done * 100 / counts.total;
        let line = format!("{} / {} ({percent} %)", counts.done, counts.total);
        let refused = if counts.bad > 0 { format!(", {} refused / 失败", counts.bad) } else { String::new() };
        let mut out = std::io::stderr();
        // A terminal that has gone away is no reason to stop.
        if self.alive {
            drop(write!(out, "\r\x1b[K{line}{refused}"));
            drop(out.flush());
        } else if percent >= self.told + 10 {
            self.told = percent;
            drop(writeln!(out, "{line}{refused}"));
        }
    }

    /// Ends the line.
    pub(super) fn end(&self) {
        if self.alive {
            drop(writeln!(std::io::stderr()));
        }
    }
}
