//! Text to plain data. Never here: files, variables' values, the stage.
//!
//! `lines` cuts the text and drops comments, `scan` walks characters with their places, `value` reads values and JSON,
//! `steps` knows the keywords.

mod lines;
pub(crate) mod scan;
mod steps;
mod table;
mod value;

use std::sync::Arc;

use crate::{Case, File, Place, Trouble, limits};
use lines::Lines;

/// Reads the text of one file; `name` is what error messages call it.
///
/// # Errors
/// The first mistake, with its place.
pub fn read(name: &str, text: &str) -> Result<File, Trouble> {
    let file: Arc<str> = Arc::from(name);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    read_cases(&file, text).map(|cases| File { name: file, cases }).map_err(|t| t.with_source(text))
}

fn read_cases(file: &Arc<str>, text: &str) -> Result<Vec<Case>, Trouble> {
    if text.len() > limits::FILE_BYTES {
        let at = Place { file: file.clone(), line: 1, column: 1 };
        return Err(Trouble::new(at, format!("a case file has at most {} bytes", limits::FILE_BYTES)));
    }
    let mut lines = Lines::cut(file, text)?;
    let mut cases: Vec<Case> = Vec::new();
    while let Some(line) = lines.next() {
        let Some(title) = line.title() else {
            return Err(Trouble::new(line.place(file), "expected `case TITLE`; every case begins with its title"));
        };
        if title.is_empty() {
            return Err(Trouble::new(
                line.place(file),
                "this case has no title; write `case 中文标题 / English title`",
            ));
        }
        if let Some(twin) = cases.iter().find(|c| c.title == title) {
            return Err(Trouble::new(line.place(file), format!("line {} already has this title", twin.at.line)));
        }
        let steps = steps::read_steps(&mut lines)?;
        cases.push(Case { at: line.place(file), title: title.to_owned(), steps });
    }
    Ok(cases)
}
