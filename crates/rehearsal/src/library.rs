//! The loaded files: which cases are to be played, and which case uses which.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::{Case, File, Kind, Place, Trouble, Use, limits, read};

/// Case files, some to be played and some only used by those.
#[derive(Debug, Default)]
pub struct Library {
    files: Vec<(File, bool)>,
}

/// Why a library could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file cannot be read, or is not UTF-8.
    #[error("cannot read {file}: {cause}")]
    Unreadable {
        /// Which.
        file: String,
        /// The system's reason.
        cause: std::io::Error,
    },
    /// A folder without a single case.
    #[error("no .case file in {0}")]
    NoCases(String),
    /// A mistake in a file.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl Library {
    /// Nothing loaded.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the text of a file whose cases are to be played. Call [`Library::check`] after the last one.
    ///
    /// # Errors
    /// The first mistake in the text.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), Trouble> {
        self.insert(name, text, true)
    }

    /// Loads files from the disk, every `.case` file of a folder (in the order of their names), and the files that these
    /// use; then checks the whole.
    ///
    /// # Errors
    /// An unreadable file, or a mistake in one.
    pub fn load<P: AsRef<Path>>(paths: &[P]) -> Result<Self, LoadError> {
        let mut library = Self::new();
        for path in paths {
            for file in case_files(path.as_ref())? {
                library.load_file(&file, true)?;
            }
        }
        let mut next = 0;
        while next < library.files.len() {
            for name in library.wanted_by(next) {
                library.load_file(Path::new(&name), false)?;
            }
            next += 1;
        }
        library.check()?;
        Ok(library)
    }

    fn load_file(&mut self, path: &Path, play: bool) -> Result<(), LoadError> {
        let name = tidy(path);
        let text = fs::read_to_string(path).map_err(|cause| LoadError::Unreadable { file: name.clone(), cause })?;
        Ok(self.insert(&name, &text, play)?)
    }

    fn insert(&mut self, name: &str, text: &str, play: bool) -> Result<(), Trouble> {
        match self.files.iter_mut().find(|(f, _)| *f.name == *name) {
            Some((_, played)) => *played |= play,
            None => self.files.push((read(name, text)?, play)),
        }
        Ok(())
    }

    /// Files that cases of the file at `index` use and that are not loaded yet.
    fn wanted_by(&self, index: usize) -> Vec<String> {
        let Some((file, _)) = self.files.get(index) else { return Vec::new() };
        let steps = file.cases.iter().flat_map(|c| &c.steps);
        let used = steps.filter_map(|step| match &step.kind {
            Kind::Use(Use { file: Some(other), .. }) => Some(beside(&file.name, other)),
            _ => None,
        });
        let mut wanted: Vec<String> = used.filter(|name| !self.files.iter().any(|(f, _)| *f.name == **name)).collect();
        wanted.sort();
        wanted.dedup();
        wanted
    }

    /// The cases to be played, in order.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.files.iter().filter(|(_, play)| *play).flat_map(|(file, _)| &file.cases)
    }

    /// The case that a `use` in the file `from` means.
    pub fn find(&self, from: &str, wanted: &Use) -> Option<&Case> {
        let titled = |file: &'_ File| file.cases.iter().position(|c| c.answers_to(&wanted.title));
        if let Some(other) = &wanted.file {
            let name = beside(from, other);
            let (file, _) = self.files.iter().find(|(f, _)| *f.name == *name)?;
            return match (wanted.title.is_empty(), file.cases.as_slice()) {
                (true, [only]) => Some(only),
                (true, _) => None,
                (false, cases) => cases.get(titled(file)?),
            };
        }
        let own = self.files.iter().filter(|(f, _)| *f.name == *from);
        let others = self.files.iter().filter(|(f, _)| *f.name != *from);
        own.chain(others).find_map(|(file, _)| file.cases.get(titled(file)?))
    }

    /// Checks that every `use` leads to a case, without a circle, and that used cases have no examples.
    ///
    /// # Errors
    /// The first `use` that does not.
    pub fn check(&self) -> Result<(), Trouble> {
        for case in self.files.iter().flat_map(|(file, _)| &file.cases) {
            self.check_uses(case, &mut Vec::new())?;
        }
        Ok(())
    }

    fn check_uses(&self, case: &Case, above: &mut Vec<Place>) -> Result<(), Trouble> {
        above.push(case.at.clone());
        for step in &case.steps {
            let Kind::Use(wanted) = &step.kind else { continue };
            let fail =
                |message: String| Err(Trouble { at: step.at.clone(), message, source: format!("… {}", step.text) });
            let Some(used) = self.find(&step.at.file, wanted) else {
                return fail(match &wanted.file {
                    Some(file) if wanted.title.is_empty() => {
                        format!("{file} is not loaded or has not exactly one case")
                    }
                    Some(file) => format!("no case `{}` in {file}", wanted.title),
                    None => format!("no case `{}` in the loaded files", wanted.title),
                });
            };
            if above.contains(&used.at) {
                return fail("this goes round in a circle".into());
            }
            if above.len() >= limits::USES {
                return fail(format!("cases are used more than {} deep", limits::USES));
            }
            if used.steps.iter().any(|s| matches!(s.kind, Kind::Examples(_))) {
                return fail("the used case has `examples:`; only a case without can be used".into());
            }
            self.check_uses(used, above)?;
        }
        above.pop();
        Ok(())
    }
}

/// The name of `other` as seen from the file `from`.
fn beside(from: &str, other: &str) -> String {
    tidy(&Path::new(from).parent().unwrap_or(Path::new("")).join(other))
}

/// The path without `.` and with `..` folded, `/` between its parts.
fn tidy(path: &Path) -> String {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if tidy.file_name().is_some() => _ = tidy.pop(),
            part => tidy.push(part),
        }
    }
    tidy.to_string_lossy().replace('\\', "/")
}

/// The file itself, or the `.case` files of a folder and its folders by name.
fn case_files(path: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let unreadable = |cause| LoadError::Unreadable { file: tidy(path), cause };
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            // A link may lead round in a circle, so only real folders are entered.
            match entry.file_type().map_err(unreadable)? {
                kind if kind.is_dir() => folders.push(entry.path()),
                _ if entry.path().extension().is_some_and(|e| e == "case") => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    if found.is_empty() { Err(LoadError::NoCases(tidy(path))) } else { Ok(found) }
}
