//! `matou gateway`: the gateway's directory as a file that can live in git, and the probe of a target.
//!
//! Exit codes: 0 = done, or nothing would change; 1 = `diff` found differences, or a check of `probe` failed; 2 = trouble.

mod desk;
mod file;
mod probe;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::trouble::Trouble;
use desk::Place;

/// Scenes, APIs, targets, authorisations and applications as a file. / 网关配置文件。
#[derive(Args)]
pub(crate) struct Gateway {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Prints what is stored, without secrets. / 导出。
    Export {
        #[command(flatten)]
        place: Place,
    },
    /// Prints what the file would change; exit code 1 when something would. / 比较。
    Diff {
        /// The file. / 文件
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Calls a target: is it reachable, does it read Chinese, does it refuse a bad signature. / 探测目标系统。
    Probe {
        #[command(flatten)]
        what: probe::Wanted,
        #[command(flatten)]
        place: Place,
    },
    /// Applies the file, whole or not at all; again changes nothing. / 应用。
    Apply {
        /// The file. / 文件
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
}

/// 1 when `diff` found something or a check of `probe` failed.
pub(crate) fn run(gateway: Gateway) -> Result<usize, Trouble> {
    match gateway.action {
        Action::Export { place } => {
            print!("{}", file::write(&place.open()?.export()?)?);
            Ok(0)
        }
        Action::Diff { file, place } => {
            let changes = place.open()?.compare(file::read(&file)?)?;
            tell(&changes);
            Ok(usize::from(!changes.is_empty()))
        }
        Action::Probe { what, place } => probe::run(&what, &place.open()?),
        Action::Apply { file, place } => {
            tell(&place.open()?.apply(file::read(&file)?)?);
            Ok(0)
        }
    }
}

fn tell(changes: &[Value]) {
    for change in changes {
        let sign = match change["action"].as_str() {
            Some("add") => '+',
            Some("remove") => '-',
            _ => '~',
        };
        println!("{sign} {}", change["what"].as_str().unwrap_or_default());
        for member in change["members"].as_array().into_iter().flatten() {
            println!(
                "    {}: {} -> {}",
                member["path"].as_str().unwrap_or_default(),
                member["before"],
                member["after"]
            );
        }
    }
    match changes.len() {
        0 => println!("nothing differs / 无差异"),
        n => println!("{n} differences / {n} 处差异"),
    }
}
