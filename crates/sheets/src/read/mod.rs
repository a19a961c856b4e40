//! Reading: a file is looked through under the limits, then its rows are handed over one by one.

mod csv;
mod xlsx;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::check;
use crate::error::SheetError;
use crate::limits;
use crate::raw::Row;

/// A file that has passed the checks.
#[derive(Debug)]
pub struct Opened {
    path: PathBuf,
    form: Form,
    /// About how many rows it has, for progress.
    pub rows: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Xlsx,
    Csv(&'static encoding_rs::Encoding),
}

/// Looks through a file from outside.
///
/// # Errors
/// It is no workbook and no text, or exceeds a limit.
pub fn open(path: &Path) -> Result<Opened, SheetError> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() > limits::FILE_BYTES {
        return Err(SheetError::TooLarge("文件大小", format!("over {} MiB", limits::FILE_BYTES >> 20)));
    }
    let mut magic = Vec::new();
    Read::by_ref(&mut file).take(8).read_to_end(&mut magic)?;
    let path = path.to_owned();
    match magic.as_slice() {
        [] => Err(SheetError::Empty),
        [b'P', b'K', 3, 4, ..] => {
            let found = check::workbook(File::open(&path)?)?;
            Ok(Opened { path, form: Form::Xlsx, rows: found.rows })
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(SheetError::OldFormat),
        _ => {
            let (encoding, rows) = csv::look(&path)?;
            Ok(Opened { path, form: Form::Csv(encoding), rows })
        }
    }
}

impl Opened {
    /// Hands over every row that is not blank, the header first. In a workbook, the sheet with this title and those that continue it
    /// (`title 2` …), else the first sheet.
    ///
    /// # Errors
    /// The file is damaged, or `take` failed.
    pub fn each<E: From<SheetError>>(&self, title: &str, take: &mut dyn FnMut(Row) -> Result<(), E>) -> Result<(), E> {
        match self.form {
            Form::Xlsx => xlsx::each(&self.path, title, take),
            Form::Csv(encoding) => csv::each(&self.path, encoding, take),
        }
    }
}
