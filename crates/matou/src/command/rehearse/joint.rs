//! `matou rehearse ascp --target URL`: this program plays the platform, somebody else's ERP is the one under test.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use dock_ascp::cases::{CASES, Hands, JointStage, Opening, Partner};
use rehearsal::{Case, Library, Report, Runner};
use store::Engine;

use super::people::{Program, Terminal};
use super::terms::File;
use crate::config;
use crate::outside::{self, SystemClock};
use crate::server;
use crate::trouble::Trouble;

/// Plays 天猫国际直营 with somebody else's ERP: the joint test (docs/ascp.md). / 与他人的ERP联调天猫国际直营。
#[derive(Args)]
pub(super) struct Joint {
    /// Where the ERP takes pushes. / ERP接收推送的地址
    #[arg(long)]
    target: String,
    /// What both sides agree on: keys, goods; a missing file is written with fresh keys. / 联调约定(密钥、货品)
    #[arg(long, default_value = "joint-test.json")]
    terms: PathBuf,
    /// Where TOP listens for the ERP's calls. / TOP监听地址
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The address under which the ERP reaches it, when that is another one. / ERP访问TOP的地址
    #[arg(long)]
    public_url: Option<String>,
    /// A program that does what people would do in the ERP: PROGRAM ACTION ABOUT NAME=VALUE… / 代替人工操作ERP的程序
    #[arg(long)]
    hands: Option<PathBuf>,
    /// Seconds that are waited for whatever the ERP must do by itself. / 等待ERP的秒数
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    patience: u64,
    /// Only these scenarios, by number: 1,2,7. / 只演练这些编号
    #[arg(long, value_delimiter = ',')]
    only: Vec<u32>,
    /// Writes the report as JUnit XML to this file. / JUnit 报告
    #[arg(long)]
    junit: Option<PathBuf>,
}

/// How many cases failed.
pub(super) fn run(joint: &Joint) -> Result<usize, Trouble> {
    if !joint.target.starts_with("http://") && !joint.target.starts_with("https://") {
        return Err(Trouble::new("--target: an address like http://erp.example.com/ascp"));
    }
    let Some(file) = File::read(&joint.terms)? else {
        File::fresh()?.write(&joint.terms)?;
        return Err(Trouble::new(format!(
            "{}: written with fresh keys; put two goods of the ERP into it, enter its keys in the ERP, and run this again / \
             已生成联调约定,请填入ERP的两个货品,并把密钥录入ERP后重新运行",
            joint.terms.display()
        )));
    };
    let library = library()?;
    let wanted: Vec<&Case> = library.cases().filter(|case| is_wanted(&case.title, &joint.only)).collect();
    if wanted.is_empty() {
        return Err(Trouble::new("--only: no scenario has these numbers (1 to 16)"));
    }
    let folder = std::env::temp_dir().join(format!("matou-joint-{:016x}", outside::seed()));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let partner = runtime.block_on(open(joint, &file, &folder))?;
    let working = runtime.spawn(Arc::clone(&partner).work());
    let mut terminal = Terminal;
    let mut program = joint.hands.as_ref().map(|path| Program(path.clone()));
    let hands: &mut dyn Hands = program.as_mut().map_or(&mut terminal as &mut dyn Hands, |program| program);
    let run = format!("{:x}", outside::seed() & 0xff_ffff);
    let runner = Runner::new(&library, &SystemClock, run);
    let mut stage = JointStage::new(Arc::clone(&partner), runtime.handle().clone(), hands, joint.patience);
    let mut report = Report::default();
    for (number, case) in (1..).zip(wanted) {
        println!("== {}", case.title);
        report.outcomes.extend(runner.play_case(&mut stage, case, number));
    }
    super::tell(&report, joint.junit.as_deref())?;
    working.abort();
    partner.close();
    runtime.shutdown_background();
    drop(std::fs::remove_dir_all(&folder));
    Ok(report.failed())
}

/// Opens the platform and lets it be called.
async fn open(joint: &Joint, file: &File, folder: &std::path::Path) -> Result<Arc<Partner>, Trouble> {
    let mut config = config::load(None)?;
    config.server.listen = joint.listen;
    "warn".clone_into(&mut config.log.level);
    server::start_logging(&config.log).map_err(Trouble::new)?;
    let bound = server::bind(&config.server).await?;
    let base = joint.public_url.clone().unwrap_or_else(|| bound.url());
    let terms = file.terms(&joint.target, &format!("{}/router/rest", base.trim_end_matches('/')))?;
    println!("{}", file.welcome(&terms));
    std::fs::create_dir_all(folder)?;
    let opening = Opening {
        engine: Engine::Sqlite { folder: folder.to_owned() },
        clock: Arc::new(SystemClock),
        key: outside::random()?,
        seed: outside::seed(),
    };
    let partner = Partner::open(opening, terms).await.map_err(Trouble::new)?;
    tokio::spawn(bound.serve(partner.door(), std::future::pending()));
    Ok(partner)
}

fn library() -> Result<Library, Trouble> {
    let mut library = Library::new();
    for (name, text) in CASES {
        library.add(name, text).map_err(|trouble| Trouble::new(trouble.to_string()))?;
    }
    library.check().map_err(|trouble| Trouble::new(trouble.to_string()))?;
    Ok(library)
}

/// The numbers of a case stand in the last brackets of its title.
fn is_wanted(title: &str, only: &[u32]) -> bool {
    let numbers = title.rsplit_once('(').map_or("", |(_, numbers)| numbers.trim_end_matches(')'));
    let mut numbers = numbers.split(',').filter_map(|number| number.trim().parse::<u32>().ok());
    only.is_empty() || numbers.any(|number| only.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_of_the_appendix_is_there_and_found_by_its_number() {
        let library = library().unwrap();
        for number in 1..=16 {
            let found = library.cases().filter(|case| is_wanted(&case.title, &[number])).count();
            assert!(found > 0, "scenario {number}");
        }
        assert!(!is_wanted("a story (12)", &[1, 2]));
    }
}
