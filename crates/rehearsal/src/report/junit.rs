//! The report for a build server: JUnit XML, one suite a file, one test case a case or row.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::terminal::told;
use super::{Outcome, Report};

/// The report as JUnit XML.
///
/// # Errors
/// None in practice: it writes into memory.
pub fn junit(report: &Report) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let (tests, failures) = (report.outcomes.len().to_string(), report.failed().to_string());
    writer
        .create_element("testsuites")
        .with_attributes([("tests", tests.as_str()), ("failures", failures.as_str())])
        .write_inner_content(|writer| {
        for suite in report.outcomes.chunk_by(|a, b| a.at.file == b.at.file) {
            write_suite(writer, suite)?;
        }
        Ok(())
    })?;
    let mut text = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn write_suite(writer: &mut Writer<Vec<u8>>, suite: &[Outcome]) -> io::Result<()> {
    let name = suite.first().map_or("", |o| &o.at.file);
    let failed = suite.iter().filter(|o| o.failure.is_some()).count().to_string();
    let seconds = suite.iter().map(|o| o.seconds).sum::<i64>().to_string();
    let tests = suite.len().to_string();
    let attributes =
        [("name", name), ("tests", tests.as_str()), ("failures", failed.as_str()), ("time", seconds.as_str())];
    writer.create_element("testsuite").with_attributes(attributes).write_inner_content(|writer| {
        for outcome in suite {
            write_case(writer, outcome)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn write_case(writer: &mut Writer<Vec<u8>>, outcome: &Outcome) -> io::Result<()> {
    let (name, seconds) = (clean(&outcome.name()), outcome.seconds.to_string());
    let element = writer.create_element("testcase").with_attributes([
        ("classname", &*outcome.at.file),
        ("name", name.as_str()),
        ("time", seconds.as_str()),
    ]);
    let Some(failure) = &outcome.failure else {
        element.write_empty()?;
        return Ok(());
    };
    let first = failure.problems.first().map(|p| match &p.expected {
        Some(expected) => format!("{} {}: expected {expected}, actual {}", p.at, p.text, p.actual),
        None => format!("{} {}: {}", p.at, p.text, p.actual),
    });
    let message = clean(&first.unwrap_or_default());
    let body = clean(&told(failure, &|_, text| text.to_owned()));
    element.write_inner_content(|writer| {
        let failure = writer.create_element("failure").with_attributes([("message", message.as_str())]);
        failure.write_text_content(BytesText::new(&body))?;
        Ok(())
    })?;
    Ok(())
}

/// Without the control characters that XML cannot hold.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c }).collect()
}
