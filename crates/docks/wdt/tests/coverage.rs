//! `docs/wangdian-api.md` lists the methods that are registered, and nothing else.

use std::fmt::Write;
use std::path::Path;

use gateway::{Category, Kind};
use wire::args::{Field, Kind as FieldKind};
use wire::rows::Description;

/// Where the table stands in the page; what is around it is written by hand.
const BEGIN: &str = "<!-- made by crates/docks/wdt/tests/coverage.rs -->\n";
const END: &str = "<!-- end -->\n";

fn title(category: Category) -> &'static str {
    match category {
        Category::Base => "基础 / base",
        Category::Goods => "货品 / goods",
        Category::Order => "订单 / orders",
        Category::Aftersale => "售后 / after-sales",
        Category::Purchase => "采购 / purchase",
        Category::Stock => "库存 / stock",
    }
}

fn kind(kind: Kind) -> &'static str {
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

fn table() -> String {
    let registry = dock_wdt::registry();
    let mut page = String::new();
    let mut last = None;
    for entry in registry.iter() {
        if last != Some(entry.category) {
            last = Some(entry.category);
            let _ = write!(
                page,
                "\n### {}\n\n| 接口 method | openapi2 | 类型 kind | 参数 fields | 应答 reply |\n|---|---|---|---|---|\n",
                title(entry.category)
            );
        }
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
            "| `{}`<br>{chinese} / {english} | `{}` | {} | {} | {} |",
            entry.name,
            entry.php,
            kind(entry.kind),
            fields(entry.fields),
            members.join(", ")
        );
    }
    let mut aliases: Vec<String> = registry
        .names()
        .filter(|(name, entry)| *name != entry.name)
        .map(|(name, entry)| format!("* `{name}` → `{}`\n", entry.name))
        .collect();
    aliases.sort();
    let _ = write!(page, "\n### 别名 / aliases\n\n{}", aliases.concat());
    page
}

/// `MATOU_BLESS=1 cargo test -p dock-wdt --test coverage` writes the table anew.
#[test]
fn the_page_lists_what_is_registered() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/wangdian-api.md");
    let page = std::fs::read_to_string(&path).expect("docs/wangdian-api.md");
    let (before, rest) = page.split_once(BEGIN).expect("the page says where the table begins");
    let (_, after) = rest.split_once(END).expect("the page says where the table ends");
    let expected = format!("{before}{BEGIN}{}\n{END}{after}", table());
    if std::env::var_os("MATOU_BLESS").is_some() {
        std::fs::write(&path, &expected).expect("the page can be written");
        return;
    }
    assert_eq!(page, expected, "docs/wangdian-api.md is stale");
}
