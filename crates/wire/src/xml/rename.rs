//! Renaming.

use quick_xml::events::Event;
use quick_xml::{Reader, Writer};

use super::Error;

/// The document with the children of its root under the names that `other` gives them; what it gives none stays as it is, byte for
/// byte. For a document that [`super::read`] has read.
pub fn rename<'n>(xml: &str, other: impl Fn(&str) -> Option<&'n str>) -> Result<String, Error> {
    let mut reader = Reader::from_str(xml);
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    let mut depth = 0_usize;
    loop {
        let mut event = reader.read_event().map_err(|_| Error::Malformed(reader.error_position()))?;
        let malformed = || Error::Malformed(reader.buffer_position());
        let level = match &event {
            Event::Start(_) => {
                depth += 1;
                depth - 1
            }
            Event::End(_) => {
                depth = depth.checked_sub(1).ok_or_else(malformed)?;
                depth
            }
            Event::Eof => break,
            _ => depth,
        };
        if level == 1 {
            match &mut event {
                Event::Start(start) | Event::Empty(start) => {
                    if let Some(name) = other(start.name().as_ref()) {
                        start.set_name(name);
                    }
                }
                Event::End(end) => {
                    if let Some(name) = other(end.name().as_ref()) {
                        *end = quick_xml::events::BytesEnd::new(name);
                    }
                }
                _ => {}
            }
        }
        writer.write_event(event).map_err(|_| malformed())?;
    }
    String::from_utf8(writer.into_inner()).map_err(|_| Error::Malformed(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_children_of_the_root_take_another_name() {
        let xml = "<?xml version=\"1.0\"?>\n<a x='1'><tid k=\"v\">1 &amp; 2</tid><b><tid>3</tid></b><tid/><!-- c --><![CDATA[<]]></a>";
        let expected =
            xml.replacen("<tid k=\"v\">1 &amp; 2</tid>", "<no k=\"v\">1 &amp; 2</no>", 1).replace("<tid/>", "<no/>");
        assert_eq!(rename(xml, |name| (name == "tid").then_some("no")), Ok(expected));
        assert_eq!(rename(xml, |_| None).as_deref(), Ok(xml));
    }
}
