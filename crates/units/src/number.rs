//! Document numbers: a prefix, the day, a counter that starts again each day.

use serde::{Deserialize, Serialize};

use crate::Moment;

/// How the day is written inside a document number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateForm {
    /// `yyyyMMdd`
    Long,
    /// `yyMMdd`
    Short,
}

/// The template of one kind of document number, such as `JY` + `yyyyMMdd` + four or more digits.
///
/// Prefix and date form are settings of the reference product (编码设置; fact sheets wdt-1 2.0.1, wdt-2 0.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberForm {
    /// Letters in front: `JY`, `CK`, `RK`.
    pub prefix: String,
    /// How the day is written.
    pub date: DateForm,
}

impl NumberForm {
    /// A form with a long date.
    pub fn long(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), date: DateForm::Long }
    }

    /// The part before the counter; also the name of the counter that belongs to it.
    pub fn stem(&self, at: Moment) -> String {
        let day = at.day().compact();
        let day = match self.date {
            DateForm::Long => &day[..],
            DateForm::Short => &day[2..],
        };
        format!("{}{day}", self.prefix)
    }

    /// The whole number for the `counter`-th document of that day: at least four digits.
    pub fn write(&self, at: Moment, counter: i64) -> String {
        format!("{}{counter:04}", self.stem(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_past_four_digits() {
        let at = Moment::parse("2023-11-15 23:59:59").unwrap();
        assert_eq!(NumberForm::long("JY").write(at, 1), "JY202311150001");
        let short = NumberForm { prefix: "TK".into(), date: DateForm::Short };
        assert_eq!(short.write(at, 12345), "TK23111512345");
    }
}
