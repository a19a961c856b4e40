//! The keywords of a case and what may stand behind each of them.

use super::lines::{Line, Lines};
use super::scan::Scan;
use super::table::read_table;
use super::value::{end, read_term};
use crate::{Check, Command, Expectation, Kind, Operator, Path, Step, Trouble, Use, limits, variables};

const KEYWORDS: &str = "given, when, then, and, eventually, save, let, use, clock or examples";

/// Reads steps up to the next case or the end.
pub(super) fn read_steps(lines: &mut Lines<'_>) -> Result<Vec<Step>, Trouble> {
    let mut steps: Vec<Step> = Vec::new();
    let mut indent = None;
    let mut before = "";
    let file = lines.file.clone();
    while let Some(line) = lines.peek().filter(|l| l.title().is_none()) {
        lines.next();
        let expected = *indent.get_or_insert(line.indent);
        let fail = |message: String| Err(Trouble::new(line.place(&file), message));
        if line.indent != expected {
            return fail(format!("this step is indented by {}, the first one of its case by {expected}", line.indent));
        }
        let written = line.text.split([' ', ':', '|']).next().unwrap_or_default();
        let keyword = if written == "and" { before } else { written };
        if keyword.is_empty() {
            return fail("`and` repeats the keyword above it, and there is none".into());
        }
        let mut scan = Scan::line(&lines.file, &line);
        for _ in written.chars() {
            scan.bump();
        }
        scan.skip_space();
        let at = line.place(&lines.file);
        let first = steps.len();
        let mut push = |kind| steps.push(Step { at: at.clone(), text: line.text.to_owned(), kind });
        match keyword {
            "given" => push(Kind::Given(command(lines, &line, &mut scan)?)),
            "when" => push(Kind::When(command(lines, &line, &mut scan)?)),
            "then" if scan.is_done() => {
                for held in block(lines, &line)? {
                    steps.push(Step { at: held.at.clone(), text: held.text.clone(), kind: Kind::Then(held) });
                }
            }
            "then" => push(Kind::Then(expectation(lines, &line, &mut scan)?)),
            "eventually" => push(eventually(lines, &line, &mut scan)?),
            "save" => {
                let (name, path) = (assigned(&mut scan)?, Path::scan(&mut scan)?);
                end(&mut scan, "behind the path")?;
                push(Kind::Save { name, path });
            }
            "let" => {
                let name = assigned(&mut scan)?;
                push(Kind::Let { name, term: read_term(lines, &line, &mut scan)? });
            }
            "use" => push(Kind::Use(used(&mut scan)?)),
            "clock" => push(Kind::Clock(moved(&mut scan)?)),
            "examples" => {
                scan.eat(':');
                end(&mut scan, "behind `examples:`")?;
                let table = read_table(lines, line.indent)?;
                if table.rows.is_empty() {
                    return fail("`examples:` wants a table below it: a line `| name | name |`, then rows".into());
                }
                push(Kind::Examples(table));
            }
            _ => return fail(format!("`{written}` is no keyword; a step begins with {KEYWORDS}")),
        }
        if let Some(odd) = lines.peek().filter(|l| l.indent > expected && l.title().is_none()) {
            let message = format!("`{written}` takes no line like this below it");
            return Err(Trouble::new(odd.place(&lines.file), message));
        }
        let needs_reply = matches!(steps.get(first).map(|s| &s.kind), Some(Kind::Eventually { .. }));
        if needs_reply && !steps.iter().any(|s| matches!(s.kind, Kind::When(_) | Kind::Use(_))) {
            return fail("`eventually` repeats the `when` above it, and there is none".into());
        }
        before = match keyword {
            "given" => "given",
            "when" => "when",
            "then" | "eventually" => "then",
            _ => "",
        };
    }
    Ok(steps)
}

/// The words of a `given` or `when`, and the arguments and the table below it.
fn command(lines: &mut Lines<'_>, line: &Line<'_>, scan: &mut Scan) -> Result<Command, Trouble> {
    let mut command = Command { words: words(scan)?, ..Command::default() };
    if command.words.is_empty() {
        return Err(scan.fail("say what, behind the keyword"));
    }
    let mut depth = None;
    let file = lines.file.clone();
    while let Some(below) = lines.peek().filter(|l| l.indent > line.indent && l.title().is_none()) {
        let expected = *depth.get_or_insert(below.indent);
        let fail = |message: String| Err(Trouble::new(below.place(&file), message));
        if below.indent != expected {
            return fail(format!("indented by {}, the line above by {expected}", below.indent));
        }
        if below.text.starts_with('|') {
            if command.table.is_some() {
                return fail("a step has one table".into());
            }
            command.table = Some(read_table(lines, line.indent)?);
            continue;
        }
        lines.next();
        let mut scan = Scan::line(&lines.file, &below);
        let name = scan.take_while(|c| !c.is_whitespace() && c != '=');
        scan.skip_space();
        if name.is_empty() || !scan.eat('=') {
            return fail("expected `name = value` or a table row `| … |`".into());
        }
        if command.arguments.iter().any(|(n, _)| *n == name) {
            return fail(format!("`{name}` is here twice"));
        }
        let term = read_term(lines, &below, &mut scan)?;
        command.arguments.push((name, term));
    }
    Ok(command)
}

fn words(scan: &mut Scan) -> Result<Vec<String>, Trouble> {
    let mut words = Vec::new();
    loop {
        scan.skip_space();
        match scan.peek() {
            None => return Ok(words),
            Some('"') => words.push(scan.quoted()?),
            Some(',' | '，') => {
                scan.bump();
                words.push(",".to_owned());
            }
            Some(_) => words.push(bare_word(scan)?),
        }
    }
}

fn bare_word(scan: &mut Scan) -> Result<String, Trouble> {
    let mut word = String::new();
    loop {
        word += &scan.take_while(|c| !c.is_whitespace() && c != ',' && c != '，' && c != '$');
        if scan.looking_at("$${") {
            scan.take_while(|c| c == '$');
            word.push_str("$$");
        } else if scan.looking_at("${") {
            word += &scan.variable()?;
        } else if scan.eat('$') {
            word.push('$');
        } else {
            return Ok(word);
        }
    }
}

/// `name =`
fn assigned(scan: &mut Scan) -> Result<String, Trouble> {
    let trouble = scan.fail("expected `NAME = …`; a name is letters, digits and `_`, and does not begin with a digit");
    let name = scan.take_while(|c| !c.is_whitespace() && c != '=');
    scan.skip_space();
    if !variables::is_name(&name) || !scan.eat('=') {
        return Err(trouble);
    }
    if variables::BUILT_IN.contains(&name.as_str()) {
        return Err(Trouble { message: format!("`{name}` is built in and cannot be given a value"), ..trouble });
    }
    scan.skip_space();
    Ok(name)
}

/// `TITLE`, `FILE.case` or `TITLE from FILE.case`
fn used(scan: &mut Scan) -> Result<Use, Trouble> {
    let trouble = scan.fail("expected `use TITLE`, `use FILE.case` or `use TITLE from FILE.case`");
    let text = if scan.peek() == Some('"') { scan.quoted()? } else { scan.take_while(|_| true) };
    let (title, file) = match text.rsplit_once(" from ") {
        Some((title, file)) => (title.trim(), Some(file.trim())),
        None if text.ends_with(".case") => ("", Some(text.as_str())),
        None => (text.trim(), None),
    };
    let wrong = title.is_empty() && file.is_none() || file.is_some_and(|f| !f.ends_with(".case"));
    if wrong || !scan.is_done() {
        return Err(trouble);
    }
    Ok(Use { title: title.to_owned(), file: file.map(str::to_owned) })
}

/// `+ 47h`
fn moved(scan: &mut Scan) -> Result<i64, Trouble> {
    let trouble = scan.fail("expected `clock + 47h`, with s, m, h or d; the clock moves forward only");
    if !scan.eat('+') {
        return Err(trouble);
    }
    let text = scan.take_while(|_| true);
    match variables::duration(text.trim()) {
        Some(seconds) if seconds <= limits::CLOCK_STEP => Ok(seconds),
        _ => Err(trouble),
    }
}

/// `[within 10s] [path check]`, or a block of expectations below.
fn eventually(lines: &mut Lines<'_>, line: &Line<'_>, scan: &mut Scan) -> Result<Kind, Trouble> {
    let mut seconds = 5;
    if scan.looking_at("within ") {
        scan.take_while(|c| !c.is_whitespace());
        scan.skip_space();
        let trouble = scan.fail(format!("expected a time such as 10s, at most {}s", limits::PATIENCE));
        let text = scan.take_while(|c| !c.is_whitespace());
        seconds = variables::duration(&text).filter(|s| *s <= limits::PATIENCE).ok_or(trouble)?;
        scan.skip_space();
    }
    let expectations = if scan.is_done() { block(lines, line)? } else { vec![expectation(lines, line, scan)?] };
    Ok(Kind::Eventually { seconds, expectations })
}

fn block(lines: &mut Lines<'_>, line: &Line<'_>) -> Result<Vec<Expectation>, Trouble> {
    let mut block = Vec::new();
    let mut depth = None;
    while let Some(below) = lines.peek().filter(|l| l.indent > line.indent && l.title().is_none()) {
        let expected = *depth.get_or_insert(below.indent);
        if below.indent != expected {
            let message = format!("indented by {}, the line above by {expected}", below.indent);
            return Err(Trouble::new(below.place(&lines.file), message));
        }
        lines.next();
        let mut scan = Scan::line(&lines.file, &below);
        block.push(expectation(lines, &below, &mut scan)?);
    }
    if block.is_empty() {
        let message = "say what must hold: `PATH = VALUE` behind the keyword or indented below it";
        return Err(Trouble::new(line.place(&lines.file), message));
    }
    Ok(block)
}

fn expectation(lines: &mut Lines<'_>, line: &Line<'_>, scan: &mut Scan) -> Result<Expectation, Trouble> {
    let at = scan.place();
    let from = line.text.char_indices().nth((at.column as usize - 1).saturating_sub(line.indent));
    let text = from.map_or("", |(byte, _)| &line.text[byte..]).to_owned();
    let path = Path::scan(scan)?;
    scan.skip_space();
    let check = match operator(scan) {
        Some(operator) => Check::Compare(operator, read_term(lines, line, scan)?),
        None => {
            let trouble = scan
                .fail("expected one of = != >= <= > <, contains VALUE, exists, absent, count = NUMBER behind the path");
            match scan.take_while(|c| c.is_alphabetic()).as_str() {
                "contains" => Check::Contains(read_term(lines, line, scan)?),
                "exists" => Check::Exists,
                "absent" => Check::Absent,
                "count" => {
                    scan.skip_space();
                    let Some(operator) = operator(scan) else {
                        return Err(scan.fail("expected `count = 3`, `count >= 1` or another comparison"));
                    };
                    Check::Count(operator, read_term(lines, line, scan)?)
                }
                _ => return Err(trouble),
            }
        }
    };
    end(scan, "behind this expectation")?;
    Ok(Expectation { at, text, path, check })
}

fn operator(scan: &mut Scan) -> Option<Operator> {
    let text = scan.take_while(|c| matches!(c, '=' | '!' | '<' | '>'));
    match text.as_str() {
        "=" => Some(Operator::Equal),
        "!=" => Some(Operator::NotEqual),
        ">=" => Some(Operator::AtLeast),
        "<=" => Some(Operator::AtMost),
        ">" => Some(Operator::More),
        "<" => Some(Operator::Less),
        _ => None,
    }
}
