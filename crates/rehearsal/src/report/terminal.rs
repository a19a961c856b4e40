//! The report for a person: a line for each case; for a failed one what was expected, what was there, and the messages.

use std::fmt::Write;

use super::{Failure, Report, shortened};
use crate::limits;

const RED: &str = "31";
const GREEN: &str = "32";
const GREY: &str = "90";

/// The report as text, with ANSI colours when `coloured`.
pub fn terminal(report: &Report, coloured: bool) -> String {
    let paint = |colour: &str, text: &str| match coloured {
        true => format!("\x1b[{colour}m{text}\x1b[0m"),
        false => text.to_owned(),
    };
    let mut out = String::new();
    for outcome in &report.outcomes {
        let steps = paint(GREY, &format!("({})", counted(outcome.steps, "step")));
        match &outcome.failure {
            None => _ = writeln!(out, "{}    {}  {steps}", paint(GREEN, "ok"), outcome.name()),
            Some(failure) => {
                _ = writeln!(out, "{}  {}", paint(RED, "FAIL"), outcome.name());
                out.push_str(&told(failure, &paint));
            }
        }
    }
    let failed = report.failed();
    let passed = report.outcomes.len() - failed;
    let sum = match failed {
        0 => paint(GREEN, &format!("{passed} passed")),
        _ => format!("{passed} passed, {}", paint(RED, &format!("{failed} failed"))),
    };
    _ = writeln!(out, "{}: {sum}", counted(report.outcomes.len(), "case"));
    out
}

fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// One failure, indented by six.
pub(super) fn told(failure: &Failure, paint: &dyn Fn(&str, &str) -> String) -> String {
    let mut out = String::new();
    for (at, text) in &failure.trail {
        _ = writeln!(out, "      {}\n        {text}", paint(GREY, &at.to_string()));
    }
    for problem in &failure.problems {
        _ = writeln!(out, "      {}\n        {}", paint(GREY, &problem.at.to_string()), problem.text);
        let actual = shortened(&problem.actual, limits::SHOWN_VALUE);
        match &problem.expected {
            Some(expected) => {
                let expected = shortened(expected, limits::SHOWN_VALUE);
                _ = writeln!(out, "          expected  {}", paint(GREEN, &expected));
                _ = writeln!(out, "          actual    {}", paint(RED, &actual));
            }
            None => _ = writeln!(out, "          {}", paint(RED, &actual)),
        }
    }
    for exchange in &failure.exchanges {
        for (sign, message) in [("-->", &exchange.sent), ("<--", &exchange.received)] {
            let message = shortened(message.trim_end(), limits::SHOWN_MESSAGE);
            let mut sign = sign;
            for line in message.lines() {
                _ = writeln!(out, "      {} {line}", paint(GREY, sign));
                sign = "   ";
            }
        }
    }
    out
}
