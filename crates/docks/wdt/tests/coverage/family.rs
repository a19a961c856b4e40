//! `docs/wangdian/<family>.md`: every field, column, state, code and decision of the family's methods.

use std::fmt::Write;

use gateway::{Category, Entry, describe};
use wire::args::{Field, Kind};
use wire::rows::{Class, ColumnKind, Description};

use crate::list::{BEYOND, METHODS};
use crate::{overview, states};

/// The families in the order of the platform's page.
pub(crate) const FAMILIES: [Category; 6] =
    [Category::Base, Category::Goods, Category::Order, Category::Aftersale, Category::Purchase, Category::Stock];

/// The name of the family's page.
pub(crate) fn slug(category: Category) -> &'static str {
    match category {
        Category::Base => "base",
        Category::Goods => "goods",
        Category::Order => "order",
        Category::Aftersale => "aftersale",
        Category::Purchase => "purchase",
        Category::Stock => "stock",
    }
}

/// The whole page.
pub(crate) fn page(category: Category) -> String {
    let (chinese, english) = describe::title(category);
    let registry = dock_wdt::registry();
    let mut page = format!(
        "# 旺店通接口：{chinese} / The Wangdian API: {english}\n\n[所有接口 / all methods](../wangdian-api.md)\n\nGenerated from the \
         declarations in `crates/docks/wdt/src`; a test fails when this page is stale. 由声明生成，过期时测试失败。\n"
    );
    let of_page = METHODS.iter().filter(|(of, ..)| *of == category).map(|(_, name, _)| *name);
    for entry in of_page.chain(BEYOND.iter().copied()).filter_map(|name| registry.find(name)) {
        if entry.category == category {
            method(&mut page, entry);
        }
    }
    let machines = states::of(category);
    if !machines.is_empty() {
        page.push_str("\n## 状态 / states\n\n转换见 / transitions in [state-machines.md](../state-machines.md)\n\n");
        for (document, states) in machines {
            let _ = writeln!(page, "* {document}: {}", states.join(", "));
        }
    }
    page
}

fn method(page: &mut String, entry: &Entry) {
    let (english, chinese) = entry.summary;
    let _ = write!(
        page,
        "\n## {}\n\n{chinese} / {english} · `/openapi2/{}` · {}\n\n{}\n\n### 参数 / request\n\n",
        entry.name,
        entry.php,
        overview::kind(entry.kind),
        entry.doc.trim()
    );
    if entry.fields.is_empty() {
        page.push_str("无 / none\n");
    } else {
        page.push_str("| 字段 field | 必填 required | 类型与限制 type, limits | 含义 meaning |\n|---|---|---|---|\n");
        fields(page, "", entry.fields);
    }
    page.push_str(
        "\n### 应答 / reply\n\n| 列 column | 类型 type | 含义 meaning |\n|---|---|---|\n| `code` | int | 0, or why it was refused |\n\
         | `message` | text | empty, or what to do about it |\n",
    );
    for member in entry.reply().members {
        let kind = if member.columns.is_some() { "list" } else { "number, text" };
        let _ = writeln!(page, "| `{}` | {kind} | {} |", member.name, plain(member.doc));
        columns(page, &format!("{}[].", member.name), member.columns.as_deref().unwrap_or_default());
    }
    page.push_str("\n### 错误码 / errors\n\n| code | 何时 when |\n|---|---|\n");
    for (code, when) in entry.codes() {
        let _ = writeln!(page, "| {code} | {} |", plain(&when.join("<br>")));
    }
    if !entry.decisions.is_empty() {
        page.push_str("\n### 我们的决定 / what we decided\n\n");
        for decision in entry.decisions {
            let _ = writeln!(page, "* {decision}");
        }
    }
}

fn fields(page: &mut String, at: &str, of: &[Field]) {
    for field in of {
        let others = match field.aliases {
            [] => String::new(),
            aliases => format!(" (或 or `{}`)", aliases.join("`, `")),
        };
        let required = if field.required { "是 yes" } else { "" };
        let doc = plain(field.doc);
        let _ = writeln!(page, "| `{at}{}`{others} | {required} | {} | {doc} |", field.name, limits(&field.kind));
        let (list, of) = nested(&field.kind);
        fields(page, &format!("{at}{}{}", field.name, if list { "[]." } else { "." }), of);
    }
}

/// Whether it is a list, and the fields of its rows.
fn nested(kind: &Kind) -> (bool, &'static [Field]) {
    match kind {
        Kind::Object(of) => (false, of),
        Kind::List { of, .. } => (true, of),
        Kind::JsonText(kind) => nested(kind),
        _ => (false, &[]),
    }
}

fn limits(kind: &Kind) -> String {
    match kind {
        Kind::Text { max } => format!("text, {max}"),
        Kind::Int => "int".into(),
        Kind::Flag => "0 / 1".into(),
        Kind::Decimal => "decimal(19,4)".into(),
        Kind::Time => "time".into(),
        Kind::Day => "day".into(),
        Kind::Code(codes) => {
            let codes: Vec<String> = codes.iter().map(|(code, doc)| format!("{code} {}", plain(doc))).collect();
            codes.join("; ")
        }
        Kind::Object(_) => "object".into(),
        Kind::List { min, max, .. } | Kind::Values { min, max, .. } => format!("list, {min}–{max}"),
        Kind::JsonText(kind) => format!("JSON text: {}", limits(kind)),
    }
}

fn columns(page: &mut String, at: &str, of: &[Description]) {
    for column in of {
        let kind = match column.kind {
            ColumnKind::Int => "int",
            ColumnKind::Flag => "0 / 1",
            ColumnKind::Text => "text",
            ColumnKind::Decimal => "decimal",
            ColumnKind::Time => "time",
            ColumnKind::Day => "day",
            ColumnKind::List => "list",
        };
        let private = if column.class == Class::Personal { ", 隐私 personal" } else { "" };
        let _ = writeln!(page, "| `{at}{}` | {kind}{private} | {} |", column.name, plain(column.doc));
        columns(page, &format!("{at}{}[].", column.name), &column.columns);
    }
}

/// A text that cannot break a table.
fn plain(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}
