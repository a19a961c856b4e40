//! The business stories in `cases/`, played by the real program on the real program: `matou demo` in a folder of its own,
//! `matou rehearse` against it. Twice, because a case must be playable again on a server that keeps its state.
//! On SQLite, or on the PostgreSQL of `MATOU_TEST_POSTGRES`.

mod schema;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use schema::Schema;

/// Fewer steps than this, and somebody has emptied a file without anybody seeing it.
const STEPS: usize = 2_000;

fn matou() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_matou"));
    // Settings of the person who runs the tests must not matter.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MATOU_")) {
        command.env_remove(name);
    }
    command
}

/// A demo that is running; killed when dropped.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Demo {
    fn start(folder: &Path, schema: Option<&Schema>) -> Self {
        let mut command = matou();
        command.args(["demo", "--listen", "127.0.0.1:0", "--shop-rate", "0", "--data"]).arg(folder);
        if let Some(schema) = schema {
            command.env("MATOU_DATABASE_URL", schema.url(None));
        }
        let log = std::fs::File::create(folder.join("test.log")).expect("the log can be made");
        command.stdout(log.try_clone().expect("a second handle")).stderr(log);
        let mut demo = Self(command.spawn().expect("the program starts"));
        let begun = Instant::now();
        while !folder.join("demo.json").exists() {
            let ended = demo.0.try_wait().expect("the program can be asked");
            let said = std::fs::read_to_string(folder.join("test.log")).unwrap_or_default();
            assert!(ended.is_none() && begun.elapsed() < Duration::from_secs(180), "the demo did not start: {said}");
            std::thread::sleep(Duration::from_millis(20));
        }
        demo
    }
}

fn stories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    let entries = std::fs::read_dir(folder).expect("the folder cases");
    let files = entries.map(|entry| entry.expect("a file in cases").path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension() == Some(OsStr::new("case"))).collect();
    files.sort();
    files
}

fn rehearse(files: &[PathBuf], card: &Path) -> Output {
    let mut command = matou();
    command.arg("rehearse").args(files).arg("--demo").arg(card).stdin(Stdio::null());
    command.output().expect("the program starts")
}

/// The steps that a report counts: `ok    title  (12 steps)`.
fn steps(report: &str) -> usize {
    let counts =
        report.lines().filter_map(|line| line.rsplit_once('(')?.1.strip_suffix(" steps)")?.parse::<usize>().ok());
    counts.sum()
}

#[test]
fn every_story_holds_and_can_be_played_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let schema = Schema::new("cases");
    let _demo = Demo::start(folder.path(), schema.as_ref());
    let files = stories();
    assert!(files.len() >= 6, "{files:?}");
    for _ in 0..2 {
        let played = rehearse(&files, &folder.path().join("demo.json"));
        let (report, complaint) = (String::from_utf8_lossy(&played.stdout), String::from_utf8_lossy(&played.stderr));
        assert!(played.status.success(), "{report}{complaint}");
        assert!(steps(&report) >= STEPS, "only {} steps were played", steps(&report));
    }
}
