//! Reading.

use std::fmt;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::limits;

/// An element: its name, its text with the children taken out, its children. It has no `Debug`, because it may be
/// personal.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Name, a prefix included.
    pub name: String,
    /// The text directly inside, trimmed when the element has children.
    pub text: String,
    /// Elements inside, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of this name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of this name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// The children that have no children of their own, as name and text: the parameters of a flat message.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.children.iter().filter(|child| child.children.is_empty()).map(|child| (&*child.name, &*child.text))
    }
}

/// Why a body is not acceptable XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Not well formed; the byte position where that was noticed.
    Malformed(u64),
    /// A document type or an entity of one's own.
    Forbidden,
    /// Deeper than [`limits::XML_DEPTH`].
    TooDeep,
    /// More elements than [`limits::XML_ELEMENTS`].
    TooMany,
    /// An element name longer than [`limits::NAME`] bytes.
    LongName,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(position) => write!(f, "not well-formed XML (byte {position})"),
            Self::Forbidden => f.write_str("document types and entities of one's own are not read"),
            Self::TooDeep => write!(f, "nested deeper than {} levels", limits::XML_DEPTH),
            Self::TooMany => write!(f, "more than {} elements", limits::XML_ELEMENTS),
            Self::LongName => write!(f, "an element name longer than {} bytes", limits::NAME),
        }
    }
}

impl std::error::Error for Error {}

/// Reads the root element of a document.
pub fn read(xml: &str) -> Result<Element, Error> {
    let mut reader = Reader::from_str(xml);
    let mut tree = Tree::default();
    loop {
        let event = reader.read_event().map_err(|_| Error::Malformed(reader.error_position()))?;
        let malformed = || Error::Malformed(reader.buffer_position());
        match event {
            Event::Start(start) => tree.open(start.name().as_ref(), malformed)?,
            Event::Empty(start) => {
                tree.open(start.name().as_ref(), malformed)?;
                tree.close(malformed)?;
            }
            Event::End(_) => tree.close(malformed)?,
            Event::Text(text) => tree.text(&text.xml10_content(), malformed)?,
            Event::CData(text) => tree.text(&text.xml10_content(), malformed)?,
            Event::GeneralRef(entity) => tree.character(character(&entity)?, malformed)?,
            Event::DocType(_) => return Err(Error::Forbidden),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => {
                let whole = tree.open.is_empty();
                return tree.root.filter(|_| whole).ok_or_else(malformed);
            }
        }
    }
}

/// The character of `&amp;`, `&#20320;` and the like.
fn character(entity: &BytesRef<'_>) -> Result<char, Error> {
    match entity.resolve_char_ref() {
        Ok(Some(character)) => return Ok(character),
        Ok(None) => {}
        Err(_) => return Err(Error::Forbidden),
    }
    match &**entity {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(Error::Forbidden),
    }
}

/// The tree under construction: open elements on a stack, so that nothing recurses.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn open(&mut self, name: &str, malformed: impl Fn() -> Error) -> Result<(), Error> {
        if self.root.is_some() {
            return Err(malformed());
        }
        if name.is_empty() {
            return Err(malformed());
        }
        if name.len() > limits::NAME {
            return Err(Error::LongName);
        }
        if self.open.len() == limits::XML_DEPTH {
            return Err(Error::TooDeep);
        }
        self.elements += 1;
        if self.elements > limits::XML_ELEMENTS {
            return Err(Error::TooMany);
        }
        self.open.push(Element { name: name.to_owned(), ..Element::default() });
        Ok(())
    }

    fn close(&mut self, malformed: impl Fn() -> Error) -> Result<(), Error> {
        let mut element = self.open.pop().ok_or_else(malformed)?;
        if !element.children.is_empty() {
            element.text = element.text.trim().to_owned();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, malformed: impl Fn() -> Error) -> Result<(), Error> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim_start_matches('\u{feff}').trim().is_empty() => {}
            None => return Err(malformed()),
        }
        Ok(())
    }

    fn character(&mut self, character: char, malformed: impl Fn() -> Error) -> Result<(), Error> {
        self.open.last_mut().ok_or_else(malformed)?.text.push(character);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_message() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><!-- host --><request a=\"1\">\n <name>张&amp;三 &#x4f60;<![CDATA[<&>]]></name>\
            <lines><line><n>1</n></line><line><n> 2 </n></line></lines><empty/></request>\n";
        let root = read(xml).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((&*root.name, &*root.text), ("request", ""));
        assert_eq!(root.text_of("name"), Some("张&三 你<&>"));
        assert_eq!(root.pairs().collect::<Vec<_>>(), [("name", "张&三 你<&>"), ("empty", "")]);
        let lines: Vec<_> = root.child("lines").unwrap().all("line").filter_map(|line| line.text_of("n")).collect();
        assert_eq!(lines, ["1", " 2 "]);
    }

    #[test]
    fn refuses_what_it_must() {
        let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
        let wide = format!("<r>{}</r>", "<a/>".repeat(limits::XML_ELEMENTS));
        let long = format!("<{}/>", "n".repeat(limits::NAME + 1));
        for (xml, expected) in [
            (&*deep, Error::TooDeep),
            (&wide, Error::TooMany),
            (&long, Error::LongName),
            ("<!DOCTYPE r [<!ENTITY x \"y\">]><r>&x;</r>", Error::Forbidden),
            ("<r>&x;</r>", Error::Forbidden),
            ("<r>&#0;</r>", Error::Forbidden),
        ] {
            assert_eq!(read(xml).err(), Some(expected));
        }
        for xml in
            ["", " ", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a/>x", "<a", "<a>&</a>", "&amp;<a/>", "<>x</>"]
        {
            assert!(read(xml).is_err(), "{xml}");
        }
    }
}
