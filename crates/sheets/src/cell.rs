//! One cell: from the file's content to the field's type, and from the field to what is written.

use units::{Day, Decimal, Moment};

use crate::column::{Column, Kind};
use crate::limits;
use crate::raw::Raw;

/// What is written into a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Blank,
    /// Text, whatever it begins with.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A decimal, counted in ten-thousandths.
    Decimal(i64),
    /// A point in time.
    Time(Moment),
}

/// A type of a field.
pub trait Cell: Sized + Clone + PartialEq {
    /// Reads a cell that is not blank.
    ///
    /// # Errors
    /// What is wrong, in Chinese, without the name of the column.
    fn read(raw: &Raw, column: &Column) -> Result<Self, String>;

    /// What is written.
    fn show(&self, column: &Column) -> Value;

    /// Whether a column of this kind may have a field of this type; a test asks for every declared column.
    fn fits(kind: Kind) -> bool;
}

impl Cell for String {
    fn read(raw: &Raw, column: &Column) -> Result<Self, String> {
        let text = words(raw)?;
        if column.personal && text.contains('*') {
            return Err("含有*,是隐藏过的个人信息,不能导入".into());
        }
        if let Kind::Text(max) = column.kind
            && text.chars().count() > max
        {
            return Err(format!("超过{max}个字符"));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err("包含控制字符".into());
        }
        Ok(text)
    }

    fn show(&self, _: &Column) -> Value {
        if self.is_empty() { Value::Blank } else { Value::Text(self.clone()) }
    }

    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Text(_))
    }
}

impl Cell for i64 {
    fn read(raw: &Raw, column: &Column) -> Result<Self, String> {
        let text = words(raw)?;
        if let Kind::Code(codes) = column.kind {
            let number = text.parse::<i64>().ok();
            let found = codes.iter().find(|(code, word)| Some(*code) == number || *word == text);
            return found.map(|(code, _)| *code).ok_or_else(|| {
                let words: Vec<&str> = codes.iter().map(|(_, word)| *word).collect();
                format!("只能是:{}", words.join("、"))
            });
        }
        text.parse().map_err(|_| "应为整数".to_owned())
    }

    fn show(&self, column: &Column) -> Value {
        match column.kind {
            Kind::Code(codes) => codes
                .iter()
                .find(|(code, _)| code == self)
                .map_or(Value::Whole(*self), |(_, word)| Value::Text((*word).to_owned())),
            _ => Value::Whole(*self),
        }
    }

    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Whole | Kind::Code(_))
    }
}

impl Cell for bool {
    fn read(raw: &Raw, _: &Column) -> Result<Self, String> {
        if let Raw::Flag(flag) = raw {
            return Ok(*flag);
        }
        match words(raw)?.as_str() {
            "是" | "1" | "true" | "TRUE" | "Y" | "y" => Ok(true),
            "否" | "0" | "false" | "FALSE" | "N" | "n" => Ok(false),
            _ => Err("只能是:是、否".into()),
        }
    }

    fn show(&self, _: &Column) -> Value {
        Value::Text(if *self { "是" } else { "否" }.to_owned())
    }

    fn fits(kind: Kind) -> bool {
        kind == Kind::Flag
    }
}

impl<U> Cell for Decimal<U> {
    fn read(raw: &Raw, _: &Column) -> Result<Self, String> {
        match raw {
            // Excel calculates in binary: 0.1 + 0.2 is 0.3 here, as it is on its screen.
            Raw::Number(number) if number.abs() < 1e14 => {
                format!("{number:.6}").parse().map_err(|_| "应为数字".to_owned())
            }
            Raw::Number(_) => Err("数字过大".into()),
            Raw::Text(text) => {
                let text = text.trim().trim_start_matches(['¥', '￥']).replace([',', '，'], "");
                text.parse().map_err(|error| match error {
                    units::DecimalError::Malformed => "应为数字".to_owned(),
                    units::DecimalError::TooLarge => "数字过大".to_owned(),
                })
            }
            other => other_than(other, "数字"),
        }
    }

    fn show(&self, _: &Column) -> Value {
        Value::Decimal(self.raw())
    }

    fn fits(kind: Kind) -> bool {
        kind == Kind::Decimal
    }
}

impl Cell for Moment {
    fn read(raw: &Raw, _: &Column) -> Result<Self, String> {
        match raw {
            Raw::Time(moment) => Ok(*moment),
            Raw::Text(text) => moment(text.trim()).ok_or_else(|| "应为时间,如 2026-01-02 03:04:05".to_owned()),
            other => other_than(other, "时间"),
        }
    }

    fn show(&self, _: &Column) -> Value {
        Value::Time(*self)
    }

    fn fits(kind: Kind) -> bool {
        kind == Kind::Time
    }
}

fn other_than<T>(raw: &Raw, what: &str) -> Result<T, String> {
    match raw {
        Raw::Error(code) => Err(format!("单元格的值是错误{code}")),
        _ => Err(format!("应为{what}")),
    }
}

/// A cell as text. Numbers beyond what Excel keeps exactly are refused instead of being changed without a word.
pub(crate) fn words(raw: &Raw) -> Result<String, String> {
    match raw {
        Raw::Empty => Ok(String::new()),
        Raw::Text(text) => {
            let text = text.trim();
            if text.contains('\u{fffd}') {
                return Err("包含无法识别的字符,请用UTF-8或GBK编码保存".into());
            }
            if is_scientific(text) {
                return Err("已被Excel写成科学计数法,请把该列设为文本后重新填写".into());
            }
            Ok(text.to_owned())
        }
        Raw::Number(number) if number.abs() >= 1e15 => {
            Err("超过15位的数字会被Excel改写,请把该列设为文本后重新填写".into())
        }
        Raw::Number(number) => Ok(format!("{number}")),
        Raw::Time(moment) => Ok(moment.to_string()),
        Raw::Flag(flag) => Ok(if *flag { "1" } else { "0" }.to_owned()),
        Raw::Error(code) => Err(format!("单元格的值是错误{code}")),
    }
}

/// `1.36E+10`: what Excel makes of a long number in a CSV file.
fn is_scientific(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once("E+") else { return false };
    let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    plain(exponent) && plain(fraction) && plain(whole.trim_start_matches('-'))
}

/// `2026-01-02 03:04:05`, and what Excel makes of it in a CSV file: `2026/1/2 3:04`.
fn moment(text: &str) -> Option<Moment> {
    let (date, clock) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let numbers = |text: &str, by: [char; 2]| -> Option<Vec<u32>> {
        text.split(by).map(|part| if part.len() > 4 { None } else { part.parse().ok() }).collect()
    };
    let date = numbers(date, ['-', '/'])?;
    let [year, month, day] = date.as_slice() else { return None };
    let clock = if clock.is_empty() { vec![] } else { numbers(clock.trim(), [':', ':'])? };
    let (hour, minute, second) = match clock.as_slice() {
        [] => (0, 0, 0),
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let day = Day::parse(&format!("{year:04}-{month:02}-{day:02}")).ok()?;
    Some(day.start().plus(i64::from(hour * 3600 + minute * 60 + second)))
}

/// Cuts what Excel would refuse to keep.
pub(crate) fn clip(text: &str) -> &str {
    match text.char_indices().nth(limits::CELL_CHARS) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use units::Money;

    use super::*;
    use crate::column::{code, text};

    #[test]
    fn reads_what_people_and_excel_write() {
        let check = |raw: Raw, expected: Result<&str, &str>| {
            let got = Money::read(&raw, &crate::column::decimal()).map(|m| m.to_string());
            match expected {
                Ok(expected) => assert_eq!(got.as_deref(), Ok(expected), "{raw:?}"),
                Err(part) => assert!(got.as_ref().is_err_and(|e| e.contains(part)), "{raw:?}: {got:?}"),
            }
        };
        check(Raw::Number(0.1 + 0.2), Ok("0.3000"));
        check(Raw::Number(-12.34565), Ok("-12.3457"));
        check(Raw::Text(" ¥1,234.50 ".into()), Ok("1234.5000"));
        check(Raw::Number(1e14), Err("过大"));
        check(Raw::Number(f64::NAN), Err("过大"));
        check(Raw::Text("abc".into()), Err("应为数字"));
        check(Raw::Error("#N/A".into()), Err("#N/A"));
        check(Raw::Flag(true), Err("应为数字"));
    }

    #[test]
    fn refuses_numbers_that_excel_has_changed() {
        let check = |raw: Raw, expected: Result<&str, &str>| match expected {
            Ok(expected) => assert_eq!(String::read(&raw, &text(20)).as_deref(), Ok(expected), "{raw:?}"),
            Err(part) => {
                let got = String::read(&raw, &text(20));
                assert!(got.as_ref().is_err_and(|e| e.contains(part)), "{raw:?}: {got:?}");
            }
        };
        check(Raw::Number(13_600_000_000.0), Ok("13600000000"));
        check(Raw::Number(12345678901234567890.0), Err("15位"));
        check(Raw::Text("1.36E+10".into()), Err("科学计数法"));
        check(Raw::Text("1E5".into()), Ok("1E5"));
        check(Raw::Text("E+1".into()), Ok("E+1"));
        check(Raw::Text("一".repeat(21)), Err("20个字符"));
        check(Raw::Text("a\u{fffd}".into()), Err("UTF-8"));
        check(Raw::Text("a\u{0}".into()), Err("控制字符"));
    }

    #[test]
    fn reads_times_in_every_usual_form() {
        for (form, expected) in [
            ("2026-01-02 03:04:05", Some("2026-01-02 03:04:05")),
            ("2026/1/2 3:04", Some("2026-01-02 03:04:00")),
            ("2026-1-2", Some("2026-01-02 00:00:00")),
            ("2026-01-02T03:04:05", Some("2026-01-02 03:04:05")),
            ("2026-02-30", None),
            ("2026-01-02 24:00:00", None),
            ("99999-01-02", None),
            ("昨天", None),
            ("", None),
        ] {
            assert_eq!(moment(form).map(|m| m.to_string()).as_deref(), expected, "{form}");
        }
    }

    #[test]
    fn codes_are_words_or_numbers() {
        let column = code(&[(10, "待付款"), (30, "待发货")]);
        assert_eq!(i64::read(&Raw::Text("待发货".into()), &column), Ok(30));
        assert_eq!(i64::read(&Raw::Number(10.0), &column), Ok(10));
        assert!(i64::read(&Raw::Text("40".into()), &column).is_err_and(|e| e.contains("待付款、待发货")));
        assert_eq!(30.show(&column), Value::Text("待发货".into()));
    }
}
