//! Who does in the ERP what only people can do: whoever sits at the terminal, or a program.

use std::io::BufRead;
use std::path::PathBuf;
use std::process::Command;

use dock_ascp::cases::{Hands, Task};

/// Somebody who reads what is to be done and presses Enter when it is.
pub(super) struct Terminal;

impl Hands for Terminal {
    fn ask(&mut self, task: &Task) -> Result<(), String> {
        println!(">> {}\n   {} (完成后按回车 / press Enter when done)", words(task).join(" "), task.text);
        let mut line = String::new();
        match std::io::stdin().lock().read_line(&mut line) {
            Ok(0) => Err("nobody is at the terminal; name a program with --hands".to_owned()),
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// A program that is called with the task as its arguments and ends with 0 when it is done.
pub(super) struct Program(pub(super) PathBuf);

impl Hands for Program {
    fn ask(&mut self, task: &Task) -> Result<(), String> {
        let ended = Command::new(&self.0).args(words(task)).status();
        let ended = ended.map_err(|error| format!("{}: {error}", self.0.display()))?;
        if ended.success() { Ok(()) } else { Err(format!("{} ended with {ended}", self.0.display())) }
    }
}

/// `ship LP00900000000001 parcels=2`
fn words(task: &Task) -> Vec<String> {
    let head = [task.action.clone(), task.about.clone()].into_iter().filter(|word| !word.is_empty());
    head.chain(task.details.iter().map(|(name, value)| format!("{name}={value}"))).collect()
}
