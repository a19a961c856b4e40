//! Brands (品牌) and classes (分类). Both come into being when a goods names them (fact sheet wdt-1, 2.6).

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::{Page, Rows, Window, table};
use crate::Result;

/// What the reference product writes for "none".
pub(super) const NONE: &str = "无";

/// A brand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Brand {
    /// Key; 0 = none.
    pub id: i64,
    /// Number.
    pub no: String,
    /// Name, unique within the merchant.
    pub name: String,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// A class of goods, a node of a tree.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Key; 0 = none.
    pub id: i64,
    /// The class above; `None` at the top.
    pub parent: Option<i64>,
    /// Name, unique within the merchant.
    pub name: String,
    /// Keys from the top down to this class.
    pub path: Vec<i64>,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

/// The brand of this name, made if it is new; key 0 for none.
pub fn brand_named(tx: &mut Tx, name: &str) -> Result<Brand> {
    if name.is_empty() || name == NONE {
        return Ok(Brand { no: "0".into(), name: NONE.into(), ..Brand::default() });
    }
    if let Some(brand) = table::brand_by_name(tx, name)? {
        return Ok(brand);
    }
    let id = tx.document_id("brand")?;
    let brand = Brand {
        id,
        no: format!("BD{:03}", store::wire_id(id)),
        name: name.to_owned(),
        created: tx.now(),
        modified: tx.now(),
    };
    table::insert_brand(tx, &brand)?;
    Ok(brand)
}

/// The brand with this number.
pub fn brand_by_no(reader: &mut Reader, no: &str) -> Result<Option<Brand>> {
    table::brand_by_no(reader, no)
}

/// The class of this name, made at the top of the tree if it is new; key 0 for none.
pub fn class_named(tx: &mut Tx, name: &str) -> Result<Class> {
    if name.is_empty() || name == NONE {
        return Ok(Class { name: NONE.into(), ..Class::default() });
    }
    if let Some(class) = table::class_by_name(tx, name)? {
        return Ok(class);
    }
    let id = tx.document_id("class")?;
    let class =
        Class { id, parent: None, name: name.to_owned(), path: vec![id], created: tx.now(), modified: tx.now() };
    table::insert_class(tx, &class)?;
    Ok(class)
}

/// Brands in the order of their keys.
pub fn brands(reader: &mut Reader, window: Option<Window>, page: Page) -> Result<Rows<Brand>> {
    table::brands(reader, window, page)
}

/// Classes in the order of their keys.
pub fn classes(reader: &mut Reader, name: Option<&str>, page: Page) -> Result<Rows<Class>> {
    table::classes(reader, name, page)
}
