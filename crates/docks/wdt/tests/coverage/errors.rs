//! The codes of a method: those that its fields bring with them, and those that it declares.

use std::collections::BTreeMap;

use gateway::Entry;
use wire::args::{Field, Kind, Problem, Refusal};

/// Code, and when it is answered.
pub(crate) fn of(entry: &Entry) -> BTreeMap<i64, Vec<String>> {
    let mut codes: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let mut add = |code: i64, when: &str| {
        let known = codes.entry(code).or_default();
        if !known.iter().any(|known| known == when) {
            known.push(when.to_owned());
        }
    };
    each(entry.fields, &mut |field, problem, when| {
        let refusal = Refusal { path: String::new(), name: field.name, problem, key: None };
        add(entry.refused(&refusal).code, &when.replace("{}", field.name));
    });
    let has = |name: &str| entry.fields.iter().any(|field| field.name == name);
    if has("start_time") && has("end_time") {
        add(2105, "起止时间相同 / start and end are the same");
        add(2160, "缺一、颠倒或不是时间 / one of them missing, reversed or no time");
        add(2180, "跨度过大 / the window is too wide");
    }
    for (code, when) in entry.errors {
        add(*code, when);
    }
    codes
}

fn each(fields: &[Field], tell: &mut impl FnMut(&Field, Problem, &str)) {
    for field in fields {
        if field.required {
            tell(field, Problem::Missing, "必填项缺失 / a required field is missing");
        }
        kind(field, &field.kind, tell);
    }
}

fn kind(field: &Field, of: &Kind, tell: &mut impl FnMut(&Field, Problem, &str)) {
    match of {
        _ if field.name == "page_size" => {
            tell(field, Problem::NotAnInteger, "`page_size` 不是正整数 / no positive number")
        }
        Kind::Text { max } => tell(field, Problem::TooLong { max: *max }, "文本过长 / a text is too long"),
        Kind::Int => tell(field, Problem::NotAnInteger, "不是整数 / not a whole number"),
        Kind::Flag | Kind::Code(_) => tell(field, Problem::NotAllowed, "不在取值范围内 / not one of the codes"),
        Kind::Decimal => tell(field, Problem::NotADecimal, "不是数字或超出范围 / no decimal, or out of range"),
        Kind::Time | Kind::Day if matches!(field.name, "start_time" | "end_time") => {}
        Kind::Time | Kind::Day => tell(field, Problem::NotATime, "不是时间 / not a time"),
        Kind::Object(of) => each(of, tell),
        Kind::List { of, max, .. } => {
            tell(field, Problem::TooMany { max: *max }, "`{}` 行数过多 / too many rows");
            each(of, tell);
        }
        Kind::Values { max, .. } => tell(field, Problem::TooMany { max: *max }, "`{}` 行数过多 / too many rows"),
        Kind::JsonText(of) => {
            tell(field, Problem::NotJson, "`{}` 不是 JSON 或结构不对 / not JSON, or of the wrong shape");
            kind(field, of, tell);
        }
    }
}
