//! `matou rehearse`: plays case files against a running server, or against a demo that it starts for the purpose; `matou rehearse ascp`
//! plays a platform's joint test with somebody else's ERP.

mod joint;
mod people;
mod terms;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use rehearsal::{Library, Report, Runner, report};

use crate::demo::Card;
use crate::outside::{self, SystemClock};
use crate::rehearse::{House, ServerStage};
use crate::trouble::Trouble;

/// Plays case files (docs/cases.md). / 按用例文件预演。
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Rehearse {
    #[command(subcommand)]
    channel: Option<Channel>,
    /// Case files or folders. / 用例文件
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A running server; without it a demo is started in a folder of its own. Its keys come from --demo. / 目标地址
    #[arg(long, requires = "demo")]
    target: Option<String>,
    /// The demo.json of that server; its own address when --target is absent. / 目标的 demo.json
    #[arg(long)]
    demo: Option<PathBuf>,
    /// Writes the report as JUnit XML to this file. / JUnit 报告
    #[arg(long)]
    junit: Option<PathBuf>,
}

/// Joint tests, by channel.
#[derive(Subcommand)]
enum Channel {
    Ascp(joint::Joint),
}

/// How many cases failed.
pub(crate) fn run(rehearse: Rehearse) -> Result<usize, Trouble> {
    if let Some(Channel::Ascp(joint)) = rehearse.channel {
        return joint::run(&joint);
    }
    let library = Library::load(&rehearse.files)?;
    let house = match &rehearse.demo {
        Some(_) => None,
        None => Some(House::start()?),
    };
    let mut card = match (&house, &rehearse.demo) {
        (Some(house), _) => house.card().clone(),
        (None, Some(file)) => Card::read(file)?,
        (None, None) => return Err(Trouble::new("no server to rehearse on")),
    };
    if let Some(target) = rehearse.target {
        card.base_url = target;
    }
    let run = format!("{:x}", outside::seed() & 0xff_ffff);
    let mut stage = ServerStage::new(card)?;
    let report = Runner::new(&library, &SystemClock, run).play(&mut stage);
    tell(&report, rehearse.junit.as_deref())?;
    if let Some(house) = house {
        house.end();
    }
    Ok(report.failed())
}

/// The report on the terminal, and for a build server where it is wanted.
fn tell(report: &Report, junit: Option<&Path>) -> Result<(), Trouble> {
    print!("{}", report::terminal(report, std::io::stdout().is_terminal()));
    if let Some(file) = junit {
        std::fs::write(file, report::junit(report)?)?;
    }
    Ok(())
}
