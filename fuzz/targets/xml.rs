//! XML: what is read can be written and read again, within the limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::limits;
use wire::xml::{Element, Writer, read};

fn write(out: &mut Writer, element: &Element) {
    out.open(&element.name);
    out.text(&element.text);
    element.children.iter().for_each(|child| write(out, child));
    out.close(&element.name);
}

fn depth(element: &Element) -> usize {
    1 + element.children.iter().map(depth).max().unwrap_or(0)
}

/// Names that the writer does not have to change, and no characters that XML cannot carry.
fn plain(element: &Element) -> bool {
    let name = |(i, c): (usize, char)| {
        c.is_ascii_alphabetic() || c == '_' || i > 0 && (c.is_ascii_digit() || c == '-' || c == '.')
    };
    let text = |c: char| !(c < ' ' && !matches!(c, '\t' | '\n' | '\r')) && c != '\u{fffe}' && c != '\u{ffff}';
    element.name.chars().enumerate().all(name) && element.text.chars().all(text) && element.children.iter().all(plain)
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(root) = read(text) else { return };
    assert!(depth(&root) <= limits::XML_DEPTH);
    let mut out = Writer::new();
    write(&mut out, &root);
    let written = out.finish();
    let again = read(&written).map_err(|error| format!("{error}: {written}"));
    if plain(&root) {
        assert!(again == Ok(root), "{written}");
    } else {
        assert!(again.is_ok(), "{written}");
    }
});
