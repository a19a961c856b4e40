//! Values: bare text, quoted text, JSON with bare keys, comments, trailing commas and `${variables}`.

use super::lines::{Line, Lines};
use super::scan::Scan;
use crate::{Shape, Term, Trouble, limits};

/// Reads the value that starts where `scan` stands in `line`, and the lines that belong to it: up to the closing
/// bracket for JSON, otherwise those that are indented deeper than `line`.
pub(super) fn read_term(lines: &mut Lines<'_>, line: &Line<'_>, scan: &mut Scan) -> Result<Term, Trouble> {
    scan.skip_space();
    match scan.peek() {
        Some('[' | '{') => {
            take_until_closed(lines, line, scan)?;
            let shape = read_shape(scan, 0)?;
            end(scan, "behind the closing bracket; a text that begins with [ or { must stand in quotes")?;
            Ok(Term::Json(shape))
        }
        Some('"') => {
            let text = scan.quoted()?;
            end(scan, "behind the closing quote")?;
            Ok(Term::Quoted(text))
        }
        _ => {
            let start = scan.place();
            let mut text = scan.rest();
            while let Some(more) = lines.next_deeper(line.indent) {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(more.text);
            }
            crate::variables::check(&text).map_err(|message| Trouble::new(start, message))?;
            Ok(Term::Bare(text))
        }
    }
}

/// Reads one cell of a table or another value that has the whole text for itself.
pub(super) fn read_alone(scan: &mut Scan) -> Result<Term, Trouble> {
    scan.skip_space();
    let term = match scan.peek() {
        Some('[' | '{') => Term::Json(read_shape(scan, 0)?),
        Some('"') => Term::Quoted(scan.quoted()?),
        _ => {
            let start = scan.place();
            let text = scan.rest();
            crate::variables::check(&text).map_err(|message| Trouble::new(start, message))?;
            Term::Bare(text.trim_end().to_owned())
        }
    };
    end(scan, "behind the value")?;
    Ok(term)
}

pub(super) fn end(scan: &mut Scan, place: &str) -> Result<(), Trouble> {
    scan.skip_space();
    if scan.is_done() {
        return Ok(());
    }
    let trouble = scan.fail("");
    Err(Trouble { message: format!("`{}` is too much {place}", scan.rest()), ..trouble })
}

/// Adds lines until every bracket of the value is closed.
fn take_until_closed(lines: &mut Lines<'_>, line: &Line<'_>, scan: &mut Scan) -> Result<(), Trouble> {
    let opened = scan.place();
    let from = line.text.char_indices().nth((opened.column as usize - 1).saturating_sub(line.indent));
    let mut depth = depth_change(from.map_or("", |(at, _)| &line.text[at..]));
    while depth > 0 {
        let next = lines.peek().filter(|l| l.indent >= line.indent && l.title().is_none());
        let Some(next) = next else {
            return Err(Trouble::new(opened, "this bracket is never closed"));
        };
        lines.next();
        depth += depth_change(next.text);
        scan.add(&next);
    }
    Ok(())
}

/// Opening minus closing brackets outside of quotes; the braces of `${…}` even out.
fn depth_change(text: &str) -> i32 {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for c in text.chars() {
        match c {
            '"' if !escaped => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    depth
}

fn read_shape(scan: &mut Scan, depth: usize) -> Result<Shape, Trouble> {
    if depth > limits::DEPTH {
        return Err(scan.fail(format!("deeper than {} levels", limits::DEPTH)));
    }
    scan.skip_space();
    match scan.peek() {
        Some('[') => {
            let mut items = Vec::new();
            sequence(scan, ']', |scan| {
                items.push(read_shape(scan, depth + 1)?);
                Ok(())
            })?;
            Ok(Shape::List(items))
        }
        Some('{') => {
            let mut fields: Vec<(String, Shape)> = Vec::new();
            sequence(scan, '}', |scan| {
                let key = key(scan)?;
                if fields.iter().any(|(k, _)| *k == key) {
                    return Err(scan.fail(format!("`{key}` is here twice")));
                }
                scan.skip_space();
                if !scan.eat(':') {
                    return Err(scan.fail(format!("expected `:` behind `{key}`")));
                }
                fields.push((key, read_shape(scan, depth + 1)?));
                Ok(())
            })?;
            Ok(Shape::Object(fields))
        }
        Some('"') => scan.quoted().map(Shape::Text),
        Some('$') if scan.looking_at("${") => scan.variable().map(Shape::Variable),
        _ => word(scan),
    }
}

/// Items between brackets, separated by commas; a comma behind the last one is allowed.
fn sequence(
    scan: &mut Scan,
    close: char,
    mut item: impl FnMut(&mut Scan) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    scan.bump();
    loop {
        scan.skip_space();
        if scan.eat(close) {
            return Ok(());
        }
        item(scan)?;
        scan.skip_space();
        if !scan.eat(',') && scan.peek() != Some(close) {
            return Err(scan.fail(format!("expected `,` or `{close}`")));
        }
    }
}

fn key(scan: &mut Scan) -> Result<String, Trouble> {
    if scan.peek() == Some('"') {
        return scan.quoted();
    }
    let key = scan.take_while(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if key.is_empty() { Err(scan.fail("expected the name of a field")) } else { Ok(key) }
}

fn word(scan: &mut Scan) -> Result<Shape, Trouble> {
    let trouble = scan.fail("");
    let word = scan.take_while(|c| !c.is_whitespace() && !",]}[{\"".contains(c));
    if matches!(word.as_str(), "true" | "false" | "null") || crate::variables::is_number(&word) {
        return Ok(Shape::Word(word));
    }
    let message = if word.is_empty() { "expected a value".into() } else { format!("`{word}` needs quotes in JSON") };
    Err(Trouble { message, ..trouble })
}
