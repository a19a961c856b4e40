//! Answers: rows of declared columns, and what OpenAPI says about them.

use std::path::PathBuf;

use sheets::Format;
use wire::rows::{Column, Description, Style, Writer};

/// What an operation answers.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// What it was about; key of the event that a write leaves.
    pub(crate) subject: String,
    /// A file instead of the body.
    pub(crate) file: Option<FileAnswer>,
    /// What the body is, when it is no JSON: media type and file name.
    pub(crate) attachment: Option<(&'static str, String)>,
}

/// A file that is sent piece by piece.
pub(crate) struct FileAnswer {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) media: &'static str,
}

/// What the answer of an operation looks like.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// One object.
    Row(fn() -> Vec<Description>),
    /// `{"NAME": [rows], "total_count": n}`.
    Rows(&'static str, fn() -> Vec<Description>),
    /// An object that is described in words.
    Free(&'static str),
    /// A file.
    File(&'static str),
}

impl Answer {
    /// One object.
    pub(crate) fn row<T: 'static>(style: Style, columns: &[Column<T>], row: &T) -> Self {
        let mut out = Writer::new(style);
        out.row(columns, row);
        Self::of(out)
    }

    /// A page of rows; `total` stands in it when it was counted.
    pub(crate) fn rows<T: 'static>(
        style: Style,
        name: &str,
        columns: &[Column<T>],
        rows: &[T],
        total: Option<i64>,
    ) -> Self {
        let mut out = Writer::new(style);
        out.open();
        if let Some(total) = total {
            out.member_int("total_count", total);
        }
        out.member_rows(name, columns, rows);
        out.close();
        Self::of(out)
    }

    /// What a writer holds.
    pub(crate) fn of(out: Writer) -> Self {
        Self::of_body(out.finish())
    }

    /// Any JSON.
    pub(crate) fn json(value: &serde_json::Value) -> Self {
        Self::of_body(value.to_string().into_bytes())
    }

    /// JSON that is written already.
    pub(crate) fn raw(body: String) -> Self {
        Self::of_body(body.into_bytes())
    }

    fn of_body(body: Vec<u8>) -> Self {
        Self { status: 200, body, subject: String::new(), file: None, attachment: None }
    }

    /// A file from the disk.
    pub(crate) fn file(file: FileAnswer) -> Self {
        Self { file: Some(file), ..Self::of_body(Vec::new()) }
    }

    /// A small file from memory.
    pub(crate) fn bytes(bytes: Vec<u8>, name: String, format: Format) -> Self {
        Self { attachment: Some((format.media(), name)), ..Self::of_body(bytes) }
    }

    /// It is not done yet.
    pub(crate) fn accepted(mut self) -> Self {
        self.status = 202;
        self
    }

    /// Something new was made.
    pub(crate) fn created(mut self) -> Self {
        self.status = 201;
        self
    }

    /// Names what it was about.
    pub(crate) fn about(mut self, subject: &str) -> Self {
        subject.clone_into(&mut self.subject);
        self
    }
}
