//! Why a whole file is refused. What is wrong with one row is told in that row instead (`layout.rs`).

use crate::limits;

/// A file cannot be read or written. Raised by: `open` and `each` (reading), `Writer`, `Marked`, `template` (writing), `Layout`.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The operating system failed.
    #[error("读写文件失败 / the file cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// An old `.xls`, or an encrypted workbook, which is wrapped in the same way.
    #[error("不支持 .xls 或加密的工作簿,请另存为未加密的 .xlsx / save it as an .xlsx without password")]
    OldFormat,
    /// Larger than a limit.
    #[error("文件超出限制:{0} / the file exceeds a limit: {1}")]
    TooLarge(&'static str, String),
    /// Not a workbook, or damaged.
    #[error("文件已损坏或不是表格 / damaged, or no workbook: {0}")]
    Damaged(String),
    /// The header row lacks columns.
    #[error("缺少列:{0} / columns are missing; start from the template")]
    MissingColumns(String),
    /// A header occurs twice.
    #[error("列名重复:{0} / a header occurs twice")]
    RepeatedColumn(String),
    /// No row at all.
    #[error("表格为空 / the sheet is empty")]
    Empty,
    /// The reader was stopped by whoever takes the rows.
    #[error("已停止 / stopped")]
    Stopped,
}

impl SheetError {
    pub(crate) fn columns() -> Self {
        Self::TooLarge("列数", format!("more than {} columns", limits::COLUMNS))
    }
}

impl From<rust_xlsxwriter::XlsxError> for SheetError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        match error {
            rust_xlsxwriter::XlsxError::IoError(error) => Self::Io(error),
            other => Self::Io(std::io::Error::other(other.to_string())),
        }
    }
}

impl From<csv::Error> for SheetError {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            other => Self::Damaged(format!("{other:?}")),
        }
    }
}

impl From<calamine::XlsxError> for SheetError {
    fn from(error: calamine::XlsxError) -> Self {
        match error {
            calamine::XlsxError::Io(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}
