//! Declarations: a column, a sheet kind.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text of so many characters at most.
    Text(usize),
    /// A whole number.
    Whole,
    /// A decimal with four places: money, quantities.
    Decimal,
    /// A point in time, to the second.
    Time,
    /// 是 or 否.
    Flag,
    /// One of these, as number or word.
    Code(&'static [(i64, &'static str)]),
}

/// Which way a column goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Imported and exported.
    Both,
    /// Imported only; blank in an export.
    In,
    /// Exported only; passed over by an import.
    Out,
}

/// A column of a sheet kind.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Name of the field.
    pub field: &'static str,
    /// Header in the sheet.
    pub header: &'static str,
    /// Other headers under which it is found.
    pub aliases: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// Which way it goes.
    pub way: Way,
    /// Must not be blank in an import.
    pub required: bool,
    /// Rows with the same value belong to one document.
    pub key: bool,
    /// Is about the document, not about the row: later rows of the document leave it blank or repeat it.
    pub head: bool,
    /// Is personal: masked in exports unless asked for.
    pub personal: bool,
    /// What it looks like.
    pub example: &'static str,
    /// What it means, in English.
    pub english: &'static str,
    /// What it means, in Chinese, beyond the header.
    pub chinese: &'static str,
}

impl Column {
    const fn of(kind: Kind) -> Self {
        Self {
            field: "",
            header: "",
            aliases: &[],
            kind,
            way: Way::Both,
            required: false,
            key: false,
            head: false,
            personal: false,
            example: "",
            english: "",
            chinese: "",
        }
    }

    /// Gives it its names; the declaration of a sheet kind does this.
    #[must_use]
    pub const fn named(mut self, field: &'static str, header: &'static str) -> Self {
        self.field = field;
        self.header = header;
        self
    }

    /// Other headers under which it is found.
    #[must_use]
    pub const fn or(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Must not be blank.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Rows with the same value belong to one document.
    #[must_use]
    pub const fn key(mut self) -> Self {
        self.key = true;
        self.head = true;
        self.required = true;
        self
    }

    /// Is about the document.
    #[must_use]
    pub const fn head(mut self) -> Self {
        self.head = true;
        self
    }

    /// Imported only.
    #[must_use]
    pub const fn only_in(mut self) -> Self {
        self.way = Way::In;
        self
    }

    /// Exported only.
    #[must_use]
    pub const fn only_out(mut self) -> Self {
        self.way = Way::Out;
        self
    }

    /// Is personal.
    #[must_use]
    pub const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }

    /// What it looks like.
    #[must_use]
    pub const fn like(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    /// What it means: English, Chinese.
    #[must_use]
    pub const fn says(mut self, english: &'static str, chinese: &'static str) -> Self {
        self.english = english;
        self.chinese = chinese;
        self
    }

    /// Whether an import reads it.
    pub const fn comes_in(&self) -> bool {
        matches!(self.way, Way::Both | Way::In)
    }

    /// Whether it bears this header.
    pub(crate) fn is_called(&self, header: &str) -> bool {
        self.header == header || self.field == header || self.aliases.contains(&header)
    }
}

/// Text of so many characters at most.
pub const fn text(max: usize) -> Column {
    Column::of(Kind::Text(max))
}

/// A whole number.
pub const fn whole() -> Column {
    Column::of(Kind::Whole)
}

/// A decimal with four places.
pub const fn decimal() -> Column {
    Column::of(Kind::Decimal)
}

/// A point in time.
pub const fn time() -> Column {
    Column::of(Kind::Time)
}

/// 是 or 否.
pub const fn flag() -> Column {
    Column::of(Kind::Flag)
}

/// One of these, as number or word.
pub const fn code(codes: &'static [(i64, &'static str)]) -> Column {
    Column::of(Kind::Code(codes))
}

/// A sheet kind.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// Its name for programs and on the command line.
    pub name: &'static str,
    /// Its title, which is the name of the worksheet.
    pub title: &'static str,
    /// What it is: English / Chinese.
    pub about: &'static str,
    /// Its columns from A on.
    pub columns: &'static [Column],
}

impl Sheet {
    /// The column whose equal values make one document.
    pub fn key(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.key)
    }
}
