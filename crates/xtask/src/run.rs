//! Running the scripts and programs behind the tasks.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The top folder of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs a script of the project from its top folder.
pub(crate) fn script(path: &str, arguments: &[String]) -> ExitCode {
    finish(path, Command::new("bash").arg(path).args(arguments).current_dir(root()))
}

/// Builds the program with optimisation and lets it measure itself.
pub(crate) fn bench(arguments: &[String]) -> ExitCode {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--release", "--package", "matou", "--", "bench"]).args(arguments).current_dir(root());
    finish("matou bench", &mut command)
}

fn finish(what: &str, command: &mut Command) -> ExitCode {
    match command.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => {
            eprintln!("{what}: {status}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{what} cannot be started: {error}");
            ExitCode::FAILURE
        }
    }
}
