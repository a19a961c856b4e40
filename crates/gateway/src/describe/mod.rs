//! What the registry says about itself to people and tools: an OpenAPI document and a collection for API clients.
//!
//! Lives here: turning declarations into those documents. Never here: a word about a method that is not in its declaration
//! or in the dock's list of examples.

mod collection;
mod example;
mod openapi;
mod scene;
mod schema;

pub use collection::collection;
pub use example::{Example, Wrong, examples};
pub use openapi::openapi;
pub use scene::scene;

use crate::method::Category;

/// The title of a chapter, Chinese and English.
pub fn title(category: Category) -> (&'static str, &'static str) {
    match category {
        Category::Base => ("基础", "base"),
        Category::Goods => ("货品", "goods"),
        Category::Order => ("订单", "orders"),
        Category::Aftersale => ("售后", "after-sales"),
        Category::Purchase => ("采购", "purchase"),
        Category::Stock => ("库存", "stock"),
    }
}
