//! The documentation of sheet kinds, made from their declarations.

use std::fmt::Write;

use crate::column::{Column, Kind, Sheet, Way};

/// What a column takes, in Chinese.
pub(crate) fn describe_kind(kind: Kind) -> String {
    match kind {
        Kind::Text(max) => format!("文本,最多{max}字"),
        Kind::Whole => "整数".into(),
        Kind::Decimal => "数字,最多四位小数".into(),
        Kind::Time => "时间,yyyy-MM-dd HH:mm:ss".into(),
        Kind::Flag => "是 / 否".into(),
        Kind::Code(codes) => codes.iter().map(|(code, word)| format!("{word}({code})")).collect::<Vec<_>>().join("、"),
    }
}

/// A column in words: name and value pairs for a machine-readable list.
pub fn describe_column(column: &Column) -> [(&'static str, String); 9] {
    [
        ("header", column.header.to_owned()),
        ("field", column.field.to_owned()),
        ("kind", describe_kind(column.kind)),
        ("way", way(column.way).to_owned()),
        ("required", column.required.to_string()),
        ("personal", column.personal.to_string()),
        ("example", column.example.to_owned()),
        ("chinese", column.chinese.to_owned()),
        ("english", column.english.to_owned()),
    ]
}

fn way(way: Way) -> &'static str {
    match way {
        Way::Both => "in/out",
        Way::In => "in",
        Way::Out => "out",
    }
}

/// The table of a sheet kind.
pub fn markdown(sheet: &Sheet) -> String {
    let mut text = format!("## {} `{}`\n\n{}\n\n", sheet.title, sheet.name, sheet.about.trim());
    text.push_str("| 列名 | field | 方向 | 必填 | 类型 | 示例 | 说明 | meaning |\n|---|---|---|---|---|---|---|---|\n");
    for column in sheet.columns {
        let arrow = match column.way {
            Way::Both => "导入 导出",
            Way::In => "导入",
            Way::Out => "导出",
        };
        let mut marks = Vec::new();
        if column.key {
            marks.push("**单据号**");
        } else if column.required {
            marks.push("是");
        }
        if column.personal {
            marks.push("个人信息");
        }
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | `{}` | {arrow} | {} | {} | {} | {} | {} |",
            column.header,
            column.field,
            marks.join(" "),
            describe_kind(column.kind),
            column.example.replace('|', "\\|"),
            column.chinese.replace('|', "\\|"),
            column.english.replace('|', "\\|"),
        );
    }
    text
}
