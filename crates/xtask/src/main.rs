//! What one does twice: `cargo xtask tidy | ci | bench | interop`.

mod run;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask tidy      check the invariants of ARCHITECTURE.md that a program can check
cargo xtask ci        everything that must pass before a change lands (.ci/run)
cargo xtask interop   other people's clients against a live Matou (interop/run)
cargo xtask bench     measure against the floor and print the tables of docs/benchmarks.md";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = arguments.split_first() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match command.as_str() {
        "tidy" => tidy::check(),
        "ci" => run::script(".ci/run", rest),
        "interop" => run::script("interop/run", rest),
        "bench" => run::bench(rest),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
