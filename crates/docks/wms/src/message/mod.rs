//! The messages of the standard scene (fact sheet qimen, C6): one file a family, read with limits and written both ways.
//!
//! Never here: what a message does.

mod answer;
mod delivery;
mod entry;
mod goods;
mod part;
mod query;
mod report;
mod returns;
mod stockout;

pub use answer::Answer;
pub use delivery::*;
pub use entry::*;
pub use goods::*;
pub use part::{At, Field, Flaw, FlawKind, Part, Scalar, Some1, put_element};
pub use query::*;
pub use report::*;
pub use returns::*;
pub use stockout::*;

use wire::xml::{Element, Writer};

/// A message: the struct of a `request`.
pub trait Message: Part {
    /// Short name of its method.
    const METHOD: &'static str;
}

/// A question that is answered page by page.
pub trait PageQuery: Message {
    /// Page, from 1, and rows of a page.
    fn page(&self) -> (i64, i64);
}

/// Reads a message from the root of its body.
///
/// # Errors
/// The first flaw, with its place.
pub fn read<M: Part>(root: &Element) -> Result<M, Flaw> {
    let at = At::root("request");
    if root.name != "request" {
        return Err(at.flaw(FlawKind::Missing));
    }
    M::read(root, &at)
}

/// Writes a message.
pub fn write<M: Part>(message: &M) -> String {
    let mut out = Writer::new();
    out.open("request");
    message.write(&mut out);
    out.close("request");
    out.finish()
}

/// A row of a batch as a message of its own: its root, and its text.
pub fn alone(row: &Element) -> (Element, String) {
    let root = Element { name: "request".to_owned(), text: String::new(), children: row.children.clone() };
    let mut out = Writer::new();
    put_element(&root, &mut out);
    (root, out.finish())
}

/// Writes a part under a name of its own, such as the answer to a question.
pub fn put<M: Part>(part: &M, out: &mut Writer) {
    part.write(out);
}
