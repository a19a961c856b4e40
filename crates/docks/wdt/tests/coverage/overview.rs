//! `docs/wangdian-api.md`: every method of the platform's page, one line each.

use std::fmt::Write;

use gateway::{Entry, Kind, describe};
use wire::args::{Field, Kind as FieldKind};
use wire::rows::Description;

use crate::family::{FAMILIES, slug};
use crate::list::{BEYOND, METHODS};

/// Where the table stands in the page; what is around it is written by hand.
const BEGIN: &str = "<!-- made by crates/docks/wdt/tests/coverage -->\n";
const END: &str = "<!-- end -->\n";

/// The page with its table made anew.
pub(crate) fn page(now: &str) -> String {
    let (before, rest) = now.split_once(BEGIN).expect("the page says where the table begins");
    let (_, after) = rest.split_once(END).expect("the page says where the table ends");
    format!("{before}{BEGIN}{}\n{END}{after}", table())
}

pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Query => "查询 query",
        Kind::Write => "写入 write",
        Kind::Queue => "队列 queue",
        Kind::Ack => "回写 ack",
    }
}

/// Fields with those inside objects and lists.
fn fields(of: &[Field]) -> usize {
    of.iter().map(|field| 1 + inside(&field.kind)).sum()
}

fn inside(kind: &FieldKind) -> usize {
    match kind {
        FieldKind::Object(of) | FieldKind::List { of, .. } => fields(of),
        FieldKind::JsonText(kind) => inside(kind),
        _ => 0,
    }
}

fn columns(of: &[Description]) -> usize {
    of.iter().map(|column| 1 + columns(&column.columns)).sum()
}

/// The anchor of a method's heading in the page of its family.
pub(crate) fn anchor(entry: &Entry) -> String {
    entry.name.replace('.', "")
}

fn table() -> String {
    let registry = dock_wdt::registry();
    let served = METHODS.iter().filter(|(_, name, _)| registry.find(name).is_some()).count();
    let mut page = format!("\n**{served} / {}**\n", METHODS.len());
    for category in FAMILIES {
        let (chinese, english) = describe::title(category);
        let _ = write!(
            page,
            "\n### {chinese} / {english}\n\n| # | 接口 method | openapi2 | 类型 kind | 参数 fields | 应答 reply |\n|---|---|---|---|---|---|\n"
        );
        for (number, (_, name, php)) in (1..).zip(METHODS).filter(|(_, (of, ..))| *of == category) {
            match registry.find(name) {
                Some(entry) => line(&mut page, number, entry),
                None => {
                    let _ = writeln!(page, "| {number} | `{name}` | `{php}` | – | – | – |");
                }
            }
        }
    }
    page.push_str("\n### 页面之外 / beyond the page\n\n");
    for entry in BEYOND.iter().filter_map(|name| registry.find(name)) {
        let (english, chinese) = entry.summary;
        let _ = writeln!(
            page,
            "* [`{}`](wangdian/{}.md#{}), `{}`: {chinese} / {english}",
            entry.name,
            slug(entry.category),
            anchor(entry),
            entry.php
        );
    }
    page.push_str("\n### 别名 / aliases\n\n");
    for (name, php, entry) in registry.aliases() {
        let _ = writeln!(page, "* `{name}`, `{php}` → `{}`", entry.name);
    }
    page
}

fn line(page: &mut String, number: usize, entry: &Entry) {
    let reply = entry.reply();
    let members: Vec<String> = reply
        .members
        .iter()
        .map(|member| match &member.columns {
            Some(rows) => format!("`{}` ({})", member.name, columns(rows)),
            None => format!("`{}`", member.name),
        })
        .collect();
    let (english, chinese) = entry.summary;
    let _ = writeln!(
        page,
        "| {number} | [`{}`](wangdian/{}.md#{})<br>{chinese} / {english} | `{}` | {} | {} | {} |",
        entry.name,
        slug(entry.category),
        anchor(entry),
        entry.php,
        kind(entry.kind),
        fields(entry.fields),
        members.join(", ")
    );
}
