//! `matou template`: an empty sheet to fill in.

use std::path::PathBuf;

use clap::Args;

use super::office;
use crate::trouble::Trouble;

/// Writes the empty sheet of a kind. / 生成导入模板。
#[derive(Args)]
pub(crate) struct Template {
    /// Sheet kind. / 表格种类
    kind: String,
    /// The new file. / 文件
    file: PathBuf,
}

pub(crate) fn run(template: &Template) -> Result<(), Trouble> {
    let kind = office::kind(&template.kind)?;
    if !kind.imports() {
        return Err(Trouble::new(format!("{}: sheets of this kind only go out / 该表格仅支持导出", template.kind)));
    }
    if template.file.exists() {
        return Err(Trouble::new(format!("{}: exists already / 文件已存在", template.file.display())));
    }
    sheets::template(&template.file, kind.sheet)?;
    println!("{}", template.file.display());
    Ok(())
}
