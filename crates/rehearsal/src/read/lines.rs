//! The text cut into lines without comments.

use std::sync::Arc;

use crate::{Place, Trouble};

/// A line with something on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// From 1.
    pub(super) number: u32,
    /// Spaces in front.
    pub(super) indent: usize,
    /// The rest, without the comment and without spaces at the end.
    pub(super) text: &'t str,
}

impl<'t> Line<'t> {
    pub(super) fn place(&self, file: &Arc<str>) -> Place {
        Place { file: file.clone(), line: self.number, column: self.indent as u32 + 1 }
    }

    /// The title when this is the first line of a case.
    pub(super) fn title(&self) -> Option<&'t str> {
        let rest = self.text.strip_prefix("case")?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
    }
}

/// The lines that are left to read.
pub(super) struct Lines<'t> {
    pub(super) file: Arc<str>,
    lines: Vec<Line<'t>>,
    next: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn cut(file: &Arc<str>, text: &'t str) -> Result<Self, Trouble> {
        let mut lines = Vec::new();
        for (number, raw) in (1u32..).zip(text.lines()) {
            let body = raw.trim_start_matches(' ');
            let indent = raw.len() - body.len();
            let text = without_comment(body).trim_end();
            if text.trim_start().is_empty() {
                continue;
            }
            if let Some(odd) = body.chars().next().filter(|c| c.is_whitespace()) {
                let at = Place { file: file.clone(), line: number, column: indent as u32 + 1 };
                let name = if odd == '\t' { "a tab" } else { "an unusual space" };
                return Err(Trouble::new(at, format!("{name} in the indentation; indent with ordinary spaces")));
            }
            lines.push(Line { number, indent, text });
        }
        Ok(Self { file: file.clone(), lines, next: 0 })
    }

    pub(super) fn peek(&self) -> Option<Line<'t>> {
        self.lines.get(self.next).copied()
    }

    pub(super) fn next(&mut self) -> Option<Line<'t>> {
        let line = self.peek()?;
        self.next += 1;
        Some(line)
    }

    /// The next line if it is indented deeper than `indent`.
    pub(super) fn next_deeper(&mut self, indent: usize) -> Option<Line<'t>> {
        self.peek().filter(|l| l.indent > indent)?;
        self.next()
    }
}

/// Cuts a comment off: `#` at the start of the line or behind a space, outside of double quotes.
fn without_comment(text: &str) -> &str {
    let (mut quoted, mut escaped, mut space) = (false, false, true);
    for (at, c) in text.char_indices() {
        match c {
            '#' if !quoted && space => return &text[..at],
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
        space = c.is_whitespace();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::without_comment;

    #[test]
    fn a_comment_needs_a_space_and_no_quotes() {
        for (text, kept) in [
            ("# all", ""),
            ("given shop # here", "given shop "),
            ("address = 3号楼#201", "address = 3号楼#201"),
            (r#"a = "x # y" # z"#, r#"a = "x # y" "#),
            (r#"a = "\" # y""#, r#"a = "\" # y""#),
        ] {
            assert_eq!(without_comment(text), kept);
        }
    }
}
