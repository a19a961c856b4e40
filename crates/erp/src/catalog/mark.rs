//! Marks (标记): short names that people put on orders and goods. The reference product lets people define them in its client.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::{flag::GOODS_FLAGS, table};
use crate::{Refusal, Result};

/// What a mark may be put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// Orders (订单标记).
    Order,
    /// Goods (货品标记).
    Goods,
}

impl MarkKind {
    /// The number in the store.
    pub const fn code(self) -> i64 {
        match self {
            Self::Order => 1,
            Self::Goods => 2,
        }
    }

    /// `order` or `goods`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Goods => "goods",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        [Self::Order, Self::Goods].into_iter().find(|kind| kind.name() == name)
    }
}

/// A mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Key; `flag_id` on the wire.
    pub id: i64,
    /// What it may be put on; never changes.
    pub kind: MarkKind,
    /// Name, unique within its kind; never changes.
    pub name: String,
    /// Colour for people, such as `#d0021b`; may be empty.
    pub colour: String,
    /// Not to be put on anything any more; what carries it keeps it.
    pub disabled: bool,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// Creates a mark.
pub fn create_mark(tx: &mut Tx, kind: MarkKind, name: &str, colour: &str) -> Result<Mark> {
    if name.is_empty() {
        return Err(Refusal::Invalid { field: "name", why: "标记名称不能为空" }.into());
    }
    if table::mark(tx, kind, name)?.is_some() {
        return Err(Refusal::Exists { what: "标记", no: name.to_owned() }.into());
    }
    let now = tx.now();
    let id = tx.document_id("mark")?;
    let (name, colour) = (name.to_owned(), colour.to_owned());
    let mark = Mark { id, kind, name, colour, disabled: false, created: now, modified: now };
    table::save_mark(tx, &mark)?;
    Ok(mark)
}

/// Changes colour or use of a mark; `None` = stays.
pub fn update_mark(
    tx: &mut Tx,
    kind: MarkKind,
    name: &str,
    colour: Option<&str>,
    disabled: Option<bool>,
) -> Result<Mark> {
    let found = table::mark(tx, kind, name)?;
    let mut mark = found.ok_or_else(|| Refusal::NotFound { what: "标记", no: name.to_owned() })?;
    if let Some(colour) = colour {
        colour.clone_into(&mut mark.colour);
    }
    mark.disabled = disabled.unwrap_or(mark.disabled);
    mark.modified = tx.now();
    table::save_mark(tx, &mark)?;
    Ok(mark)
}

/// All marks in the order of their keys, those out of use too.
pub fn marks(reader: &mut Reader, kind: Option<MarkKind>) -> Result<Vec<Mark>> {
    table::marks(reader, kind)
}

/// The mark of orders with this name, if it may be used.
pub(crate) fn order_mark(reader: &mut Reader, name: &str) -> Result<Mark> {
    let found = table::mark(reader, MarkKind::Order, name)?.filter(|mark| !mark.disabled);
    found.ok_or_else(|| Refusal::FlagUnknown(name.to_owned()).into())
}

/// Whether goods may carry this mark: one of those that every account has, or one that people made. A disabled one may not.
pub(super) fn goods_may_carry(reader: &mut Reader, name: &str) -> Result<bool> {
    Ok(match table::mark(reader, MarkKind::Goods, name)? {
        Some(mark) => !mark.disabled,
        None => GOODS_FLAGS.contains(&name),
    })
}
