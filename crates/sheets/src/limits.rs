//! Every bound on files from outside in one place. They hold for what is really inflated, not for what the file claims.

/// Bytes of a file.
pub const FILE_BYTES: u64 = 512 << 20;
/// Parts (zip entries) of a workbook.
pub const PARTS: usize = 2_000;
/// Inflated bytes of one worksheet.
pub const SHEET_BYTES: u64 = 4 << 30;
/// Inflated bytes of the table of shared texts, which the reading library holds in memory. A workbook with more of them is
/// saved as CSV or split; what Matou writes itself has no such table.
pub const SHARED_BYTES: u64 = 256 << 20;
/// Texts in that table.
pub const SHARED_TEXTS: u64 = 4_000_000;
/// Inflated bytes of any other XML part.
pub const PART_BYTES: u64 = 16 << 20;
/// Inflated bytes of a part that is not XML, such as a picture.
pub const BLOB_BYTES: u64 = 64 << 20;
/// Inflated bytes of all parts together.
pub const TOTAL_BYTES: u64 = 6 << 30;
/// Nesting of XML elements.
pub const XML_DEPTH: usize = 64;
/// Bytes of one XML tag or text, and of one CSV record.
pub const TOKEN_BYTES: usize = 1 << 20;
/// Columns of a sheet.
pub const COLUMNS: usize = 256;
/// Characters of a cell: what Excel itself allows.
pub const CELL_CHARS: usize = 32_767;
/// Rows of a sheet, the header included: what Excel itself allows.
pub const SHEET_ROWS: u32 = 1_048_576;
/// Rows of a CSV file, the header included.
pub const CSV_ROWS: u32 = 10_000_000;
/// Sheets that a writer begins when the rows do not fit into one.
pub const SHEETS: u32 = 64;
/// Errors told about one row.
pub const ERRORS: usize = 5;
