//! Writing.

use crate::json::{self, Array, Object, RawValue, Shape};

/// Streams one XML document.
pub struct Writer {
    out: String,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// A document with its declaration.
    pub fn new() -> Self {
        Self { out: String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>") }
    }

    /// `<name>`
    pub fn open(&mut self, name: &str) {
        self.out.push('<');
        push_name(&mut self.out, name);
        self.out.push('>');
    }

    /// `</name>`
    pub fn close(&mut self, name: &str) {
        self.out.push_str("</");
        push_name(&mut self.out, name);
        self.out.push('>');
    }

    /// `<name>text</name>`
    pub fn element(&mut self, name: &str, text: &str) {
        self.open(name);
        self.text(text);
        self.close(name);
    }

    /// Text between elements. What XML cannot carry at all (control characters) becomes U+FFFD.
    pub fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '\r' => self.out.push_str("&#13;"),
                '\t' | '\n' => self.out.push(character),
                '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => self.out.push(char::REPLACEMENT_CHARACTER),
                _ => self.out.push(character),
            }
        }
    }

    /// The document.
    pub fn finish(self) -> String {
        self.out
    }
}

/// Characters that a name may not have become `_`; names of ours have none.
fn push_name(out: &mut String, name: &str) {
    let allowed =
        |i: usize, c: char| c.is_alphabetic() || c == '_' || i > 0 && (c.is_ascii_digit() || matches!(c, '-' | '.'));
    if name.is_empty() {
        out.push('_');
    }
    out.extend(name.chars().enumerate().map(|(i, c)| if allowed(i, c) { c } else { '_' }));
}

/// A JSON reply as XML under the element `root`: members become elements, `null` an empty one. A list becomes one
/// element that holds an element per row, named by `row_name(name of the list)` (fact sheet qimen-gateway, B5).
pub fn from_json(root: &str, json: &str, row_name: fn(&str) -> String) -> Result<String, json::Error> {
    let mut out = Writer::new();
    write_value(&mut out, root, json::value(json)?, row_name)?;
    Ok(out.finish())
}

/// The usual name of a row in the list `list`: `trades` holds `trade`, `goods_list` holds `goods`, `shoplist` holds
/// `shop`, anything else `item`.
pub fn singular(list: &str) -> String {
    let stems = [list.strip_suffix("_list"), list.strip_suffix("list"), list.strip_suffix('s')];
    stems.into_iter().flatten().find(|stem| !stem.is_empty()).unwrap_or("item").to_owned()
}

/// Recursion is bounded: [`json::value`] has refused what is deeper than [`crate::limits::JSON_DEPTH`].
fn write_value(
    out: &mut Writer,
    name: &str,
    value: &RawValue,
    row_name: fn(&str) -> String,
) -> Result<(), json::Error> {
    out.open(name);
    match json::shape(value) {
        Shape::Object => {
            for (member, value) in Object::from_raw(value)?.iter() {
                write_value(out, member, value, row_name)?;
            }
        }
        Shape::Array => {
            let row = row_name(name);
            for value in Array::from_raw(value, usize::MAX)?.iter() {
                write_value(out, &row, value, row_name)?;
            }
        }
        Shape::Text => out.text(&json::text(value)?),
        Shape::Number | Shape::Bool => out.text(value.get()),
        Shape::Null => {}
    }
    out.close(name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read;

    #[test]
    fn what_is_written_is_read_back() {
        let text = "张三 <&>\"' \t\n\r😀";
        let mut out = Writer::new();
        out.open("response");
        out.element("message", text);
        out.element("bad\u{1}1 name", "\u{1}");
        out.close("response");
        let root = read(&out.finish()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(root.pairs().collect::<Vec<_>>(), [("message", text), ("bad_1_name", "\u{fffd}")]);
    }

    #[test]
    fn rows_are_named_after_their_list() {
        for (list, row) in [
            ("trades", "trade"),
            ("goods_list", "goods"),
            ("shoplist", "shop"),
            ("list", "item"),
            ("s", "item"),
            ("x", "item"),
        ] {
            assert_eq!(singular(list), row);
        }
    }

    #[test]
    fn replies_as_xml() {
        let json =
            r#"{"errorcode":0,"trades":[{"tid":12345678901234567890,"memo":null,"ok":true},{"tid":"T2"}],"none":[]}"#;
        let xml = from_json("response", json, singular).unwrap();
        assert_eq!(
            xml,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><response><errorcode>0</errorcode><trades><trade>\
             <tid>12345678901234567890</tid><memo></memo><ok>true</ok></trade><trade><tid>T2</tid></trade></trades>\
             <none></none></response>"
        );
        assert!(from_json("r", &"[".repeat(10_000), str::to_owned).is_err());
    }
}
