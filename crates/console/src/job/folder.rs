//! The files of jobs: `NUMBER/job.json`, `NUMBER/input`, `NUMBER/result`. Only their owner can read them; they may hold personal data.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::Job;

pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    fn of(&self, number: u64) -> PathBuf {
        self.0.join(number.to_string())
    }

    /// The caller's file.
    pub(super) fn input(&self, number: u64) -> PathBuf {
        self.of(number).join("input")
    }

    /// The file that can be fetched.
    pub(super) fn result(&self, number: u64) -> PathBuf {
        self.of(number).join("result")
    }

    /// Every job that is kept. What cannot be read is left where it is.
    pub(super) fn read(&self) -> Vec<Job> {
        let Ok(entries) = fs::read_dir(&self.0) else { return Vec::new() };
        let mut jobs = Vec::new();
        for entry in entries.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "part") {
                // An upload that was under way when the program ended.
                drop(fs::remove_file(&path));
                continue;
            }
            let Ok(text) = fs::read(path.join("job.json")) else { continue };
            match serde_json::from_slice(&text) {
                Ok(job) => jobs.push(job),
                Err(error) => tracing::warn!(folder = %path.display(), %error, "a job cannot be read"),
            }
        }
        jobs
    }

    pub(super) fn upload(&self) -> io::Result<PathBuf> {
        static UPLOADS: AtomicU64 = AtomicU64::new(0);
        private(&self.0)?;
        Ok(self.0.join(format!("upload-{}.part", UPLOADS.fetch_add(1, Ordering::Relaxed))))
    }

    /// A number that no job had before.
    pub(super) fn next_number(&self, last: Option<u64>) -> io::Result<u64> {
        private(&self.0)?;
        let path = self.0.join("last");
        let noted = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        let number = last.unwrap_or(0).max(noted) + 1;
        fs::write(path, number.to_string())?;
        Ok(number)
    }

    pub(super) fn make(&self, job: &Job, upload: Option<&Path>) -> io::Result<()> {
        private(&self.of(job.number))?;
        if let Some(upload) = upload {
            fs::rename(upload, self.input(job.number))?;
        }
        self.save(job)
    }

    pub(super) fn save(&self, job: &Job) -> io::Result<()> {
        let path = self.of(job.number).join("job.json");
        let part = path.with_extension("part");
        fs::write(&part, serde_json::to_vec(job)?)?;
        fs::rename(part, path)
    }

    pub(super) fn remove(&self, number: u64) {
        if let Err(error) = fs::remove_dir_all(self.of(number)) {
            tracing::warn!(job = number, %error, "the files of a job cannot be removed");
        }
    }
}

/// Makes a folder that only its owner can read.
fn private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
