//! `matou import`: a sheet comes in. Exit code 0 = every row was stored, 1 = some were not and stand marked in a copy of the sheet.

use std::path::PathBuf;

use clap::Args;

use super::office::{self, Office, Place};
use crate::trouble::Trouble;

/// Imports an Excel or CSV file. / 导入表格。
#[derive(Args)]
pub(crate) struct Import {
    /// Sheet kind: goods, stock, stock-in, raw-order …; see docs/excel.md. / 表格种类
    kind: String,
    /// The file. / 文件
    file: PathBuf,
    /// Where rows with errors go; FILE.错误.xlsx when absent. / 错误表格
    #[arg(long)]
    errors: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// How many rows were not stored.
pub(crate) fn run(import: Import) -> Result<usize, Trouble> {
    let kind = office::kind(&import.kind)?;
    if !kind.imports() {
        return Err(Trouble::new(format!("{}: sheets of this kind only go out / 该表格仅支持导出", import.kind)));
    }
    if !import.file.is_file() {
        return Err(Trouble::new(format!("{}: no such file / 文件不存在", import.file.display())));
    }
    let marked = import.errors.unwrap_or_else(|| import.file.with_extension("错误.xlsx"));
    if marked.exists() {
        return Err(Trouble::new(format!("{}: exists already / 文件已存在,请先移走", marked.display())));
    }
    let counts = match import.place.open()? {
        Office::Here(here) => here.import(kind, &import.file, &marked)?,
        Office::Served(served) => served.import(kind, &import.file, &marked)?,
    };
    println!(
        "{} rows stored, {} were there already, {} refused / 成功 {} 行,已存在 {} 行,失败 {} 行",
        counts.good, counts.same, counts.bad, counts.good, counts.same, counts.bad
    );
    if counts.bad > 0 {
        println!("what was refused, and why: {} / 失败原因见此文件", marked.display());
    }
    Ok(usize::try_from(counts.bad).unwrap_or(usize::MAX))
}
