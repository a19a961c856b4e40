//! Tables: `| name | name |`, then a row of cells a line.

use super::lines::{Line, Lines};
use super::scan::Scan;
use super::value::read_alone;
use crate::{Table, Trouble, limits};

/// Reads the table whose first line is the next one; all its lines are indented deeper than `indent`.
pub(super) fn read_table(lines: &mut Lines<'_>, indent: usize) -> Result<Table, Trouble> {
    let mut table = Table::default();
    while let Some(line) = lines.peek().filter(|l| l.indent > indent && l.text.starts_with('|')) {
        lines.next();
        let cells = cut(lines, &line)?;
        let at = line.place(&lines.file);
        if table.columns.is_empty() {
            table.columns = names(lines, &cells)?;
            continue;
        }
        if cells.len() != table.columns.len() {
            let message = format!("this row has {} cells, the table {} columns", cells.len(), table.columns.len());
            return Err(Trouble::new(at, message));
        }
        if table.rows.len() >= limits::ROWS {
            return Err(Trouble::new(at, format!("a table has at most {} rows", limits::ROWS)));
        }
        let mut row = Vec::with_capacity(cells.len());
        for cell in &cells {
            row.push(read_alone(&mut Scan::line(&lines.file, cell))?);
        }
        table.rows.push((at, row));
    }
    Ok(table)
}

fn names(lines: &Lines<'_>, cells: &[Line<'_>]) -> Result<Vec<String>, Trouble> {
    let mut names: Vec<String> = Vec::with_capacity(cells.len());
    for cell in cells {
        let fail = |message: String| Err(Trouble::new(cell.place(&lines.file), message));
        if !crate::variables::is_name(cell.text) {
            return fail(format!("`{}` is not a column name (letters, digits, `_`, `.`)", cell.text));
        }
        if names.iter().any(|n| n == cell.text) {
            return fail(format!("column `{}` is here twice", cell.text));
        }
        names.push(cell.text.to_owned());
    }
    Ok(names)
}

/// The cells of a line as lines of their own, so that they keep their places.
fn cut<'t>(lines: &Lines<'_>, line: &Line<'t>) -> Result<Vec<Line<'t>>, Trouble> {
    let body = &line.text[1..];
    let Some(body) = body.strip_suffix('|') else {
        return Err(Trouble::new(line.place(&lines.file), "a table row begins and ends with `|`"));
    };
    let (mut cells, mut from, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    let mut push = |from: usize, to: usize| {
        let cell = &body[from..to];
        let inner = cell.trim_start();
        let before = &body[..to - inner.len()];
        let indent = line.indent + 1 + before.chars().count();
        cells.push(Line { number: line.number, indent, text: inner.trim_end() });
    };
    for (at, c) in body.char_indices() {
        match c {
            '"' if !escaped => quoted = !quoted,
            '|' if !quoted => {
                push(from, at);
                from = at + 1;
            }
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    push(from, body.len());
    Ok(cells)
}
