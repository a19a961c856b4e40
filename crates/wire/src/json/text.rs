//! Writing JSON strings.

/// Appends `text` as a JSON string with its quotes. Characters above ASCII are written as they are.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    write_text_contents(out, text);
    out.push(b'"');
}

/// Appends the characters of `text` as they stand inside a JSON string, without the quotes.
pub fn write_text_contents(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut rest = text.as_bytes();
    while let Some(plain) = rest.iter().position(|b| *b < 0x20 || matches!(b, b'"' | b'\\')) {
        let (before, from) = rest.split_at(plain);
        out.extend_from_slice(before);
        let Some((byte, tail)) = from.split_first() else { return };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            control => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(control >> 4)]);
                out.push(HEX[usize::from(control & 15)]);
            }
        }
        rest = tail;
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_serde_reads_back() {
        for text in ["", "张三 😀", "a\"b\\c\n\r\t\u{1}\u{1f}\u{7f}/", "\\", "\"\""] {
            let mut out = Vec::new();
            write_text(&mut out, text);
            assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }
    }
}
