//! Characters with their places.

use std::sync::Arc;

use super::lines::Line;
use crate::{Place, Trouble};

/// Walks over the characters of one or several lines.
pub(crate) struct Scan {
    file: Arc<str>,
    glyphs: Vec<(char, u32, u32)>,
    at: usize,
    end: (u32, u32),
}

impl Scan {
    pub(super) fn line(file: &Arc<str>, line: &Line<'_>) -> Self {
        let mut scan = Self { file: file.clone(), glyphs: Vec::new(), at: 0, end: (line.number, 1) };
        scan.add(line);
        scan
    }

    /// A text that stands alone, for tests and for paths from a program.
    pub(crate) fn text(text: &str) -> Self {
        Self::line(&Arc::from("text"), &Line { number: 1, indent: 0, text })
    }

    /// Adds a line below.
    pub(super) fn add(&mut self, line: &Line<'_>) {
        if !self.glyphs.is_empty() {
            self.glyphs.push(('\n', self.end.0, self.end.1));
        }
        let mut column = line.indent as u32 + 1;
        for c in line.text.chars() {
            self.glyphs.push((c, line.number, column));
            column += 1;
        }
        self.end = (line.number, column);
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.glyphs.get(self.at).map(|g| g.0)
    }

    pub(crate) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// Steps over `c` if it is next.
    pub(crate) fn eat(&mut self, c: char) -> bool {
        let here = self.peek() == Some(c);
        self.at += usize::from(here);
        here
    }

    pub(crate) fn looking_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.glyphs.get(self.at + i).is_some_and(|g| g.0 == c))
    }

    pub(crate) fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.at >= self.glyphs.len()
    }

    pub(crate) fn place(&self) -> Place {
        let (line, column) = self.glyphs.get(self.at).map_or(self.end, |g| (g.1, g.2));
        Place { file: self.file.clone(), line, column }
    }

    pub(crate) fn fail(&self, message: impl Into<String>) -> Trouble {
        Trouble::new(self.place(), message)
    }

    /// Everything up to the end.
    pub(super) fn rest(&mut self) -> String {
        let text = self.glyphs[self.at.min(self.glyphs.len())..].iter().map(|g| g.0).collect();
        self.at = self.glyphs.len();
        text
    }

    pub(crate) fn take_while(&mut self, mut wanted: impl FnMut(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| wanted(*c)) {
            text.push(c);
            self.at += 1;
        }
        text
    }

    /// `${…}` including the braces; the caller has seen `${`.
    pub(crate) fn variable(&mut self) -> Result<String, Trouble> {
        let start = self.place();
        let text = self.take_while(|c| c != '}' && c != '\n');
        if !self.eat('}') {
            return Err(Trouble::new(start, "`${` without a `}`; for the characters themselves write `$${`"));
        }
        let text = text + "}";
        crate::variables::check(&text).map_err(|message| Trouble::new(start, message))?;
        Ok(text)
    }

    /// A text in double quotes; the caller has seen the first quote. Escapes as in JSON.
    pub(crate) fn quoted(&mut self) -> Result<String, Trouble> {
        let start = self.place();
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.peek() {
                Some('"') => break self.at += 1,
                Some('\\') => text.push(self.escape()?),
                Some(c) if c != '\n' => {
                    text.push(c);
                    self.at += 1;
                }
                _ => return Err(Trouble::new(start, "this quote is not closed before the end of the line")),
            }
        }
        crate::variables::check(&text).map_err(|message| Trouble::new(start, message))?;
        Ok(text)
    }

    fn escape(&mut self) -> Result<char, Trouble> {
        let start = self.place();
        let bad = || Trouble::new(start.clone(), "unknown escape; known are \\\" \\\\ \\/ \\n \\r \\t \\uXXXX");
        self.at += 1;
        match self.bump().ok_or_else(bad)? {
            c @ ('"' | '\\' | '/') => Ok(c),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'u' => match self.hex().ok_or_else(bad)? {
                high @ 0xD800..=0xDBFF if self.eat('\\') && self.eat('u') => {
                    let low = self.hex().and_then(|low| low.checked_sub(0xDC00)).filter(|low| *low < 0x400);
                    low.and_then(|low| char::from_u32(0x10000 + ((high - 0xD800) << 10) + low)).ok_or_else(bad)
                }
                code => char::from_u32(code).ok_or_else(bad),
            },
            _ => Err(bad()),
        }
    }

    fn hex(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |code, _| Some(code * 16 + self.bump()?.to_digit(16)?))
    }
}
