//! Answers: rows of declared columns, and what OpenAPI says about them.

use wire::rows::{Column, Description, Style, Writer};

/// What an operation answers.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// What it was about; key of the event that a write leaves.
    pub(crate) subject: String,
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
        Self { status: 200, body: out.finish(), subject: String::new() }
    }

    /// Any JSON.
    pub(crate) fn json(value: &serde_json::Value) -> Self {
        Self { status: 200, body: value.to_string().into_bytes(), subject: String::new() }
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
