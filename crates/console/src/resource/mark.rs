//! Marks (标记) of orders and goods: made, recoloured, put out of use.

use erp::catalog::{self, Mark, MarkKind};
use store::{Reader, Tx};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, text, time};

use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const MARK: &[Column<Mark>] = &[
    int("flag_id", "key / 标记id", |m| store::wire_id(m.id)),
    text("kind", "order or goods / 用途", |m| m.kind.name()),
    text("flag_name", "name / 标记名称", |m| &m.name),
    text("colour", "colour for people / 颜色", |m| &m.colour),
    flag("disabled", "not to be put on anything any more / 是否停用", |m| m.disabled),
    time("created", "first stored / 创建时间", |m| Some(m.created)),
    time("modified", "last changed / 修改时间", |m| Some(m.modified)),
];

arguments! {
    /// Which marks.
    struct Which {
        /// order or goods; both when absent / 用途
        kind: Option<Text<10>>,
    }
}

arguments! {
    /// A new mark.
    struct New {
        /// order (default) or goods / 用途
        kind: Option<Text<10>>,
        /// name, unique within its kind / 标记名称
        flag_name: Text<40>,
        /// colour for people / 颜色
        colour: Option<Text<20>>,
    }
}

arguments! {
    /// What changes of a mark; what is not given stays.
    struct Change {
        /// order or goods / 用途
        kind: Text<10>,
        /// name / 标记名称
        flag_name: Text<40>,
        /// colour for people / 颜色
        colour: Option<Text<20>>,
        /// not to be put on anything any more / 是否停用
        disabled: Option<bool>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(MARK));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(
            head("mark.list", Verb::Get, "/marks", ("list marks", "标记列表"), Shape::Rows("marks", || describe(MARK))),
            all,
        ),
        writes(head("mark.create", Verb::Post, "/marks", ("create a mark", "创建标记"), row), create),
        writes(
            head("mark.change", Verb::Patch, "/marks/{kind}/{flag_name}", ("change a mark", "修改标记"), row),
            change,
        ),
    ]
}

fn kind(word: Option<&str>) -> Result<Option<MarkKind>, Fault> {
    word.filter(|word| !word.is_empty())
        .map(|word| MarkKind::named(word).ok_or_else(|| Fault::invalid("kind", "kind is order or goods")))
        .transpose()
}

fn all(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let rows = catalog::marks(reader, kind(which.kind.as_deref())?)?;
    Ok(Answer::rows(ask.style, "marks", MARK, &rows, Some(rows.len() as i64)))
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let kind = kind(new.kind.as_deref())?.unwrap_or(MarkKind::Order);
    let mark = catalog::create_mark(tx, kind, &new.flag_name, new.colour.as_deref().unwrap_or_default())?;
    Ok(Answer::row(ask.style, MARK, &mark).created().about(&mark.name))
}

fn change(ask: &Ask, change: &Change, tx: &mut Tx) -> Result<Answer, Fault> {
    let kind = kind(Some(&change.kind))?.ok_or_else(|| Fault::invalid("kind", "kind is order or goods"))?;
    let mark = catalog::update_mark(tx, kind, &change.flag_name, change.colour.as_deref(), change.disabled)?;
    Ok(Answer::row(ask.style, MARK, &mark).about(&mark.name))
}
