//! The privacy list of custom scenes (fact sheet qimen, D1), applied to a reply that comes from another server, and the JSON types of
//! its columns: byte for byte, so that no number passes through floating point.

use std::borrow::Cow;

use wire::json;

use super::openapi2::Columns;

/// Fields that custom scenes do not supply, with the other spellings that are seen.
const PERSONAL: [&str; 13] = [
    "alipay_id",
    "buyer_alipay_no",
    "buyer_nick",
    "id_card",
    "receiverMobile",
    "receiverName",
    "receiver_address",
    "receiver_email",
    "receiver_mobile",
    "receiver_mobile_no",
    "receiver_name",
    "receiver_phone",
    "receiver_telno",
];

/// JSON inside texts inside JSON that is still looked into.
const NESTED: usize = 3;

/// Digits that a JSON number may have and every client still reads exactly.
const EXACT_DIGITS: usize = 15;

/// Whether a member is to be emptied: it is about a person by the privacy list, by the method's own columns, or by what is set for the
/// target, and the target's are not shown.
pub(super) fn is_personal(name: &str, columns: &Columns) -> bool {
    let named = || columns.named.iter().any(|named| named == name);
    !columns.shown && (PERSONAL.contains(&name) || columns.personal.contains(name) || named())
}

/// The JSON value with the personal members emptied, and with the texts of the columns that are numbers written as numbers.
///
/// `text` must be JSON that was parsed before; what is not is copied as it is.
pub(super) fn convert(text: &str, columns: &Columns) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    walk(text, columns, true, NESTED, &mut out);
    out
}

/// What the value that comes next is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Plain,
    Personal,
    Number,
}

fn walk(text: &str, columns: &Columns, rows: bool, nested: usize, out: &mut Vec<u8>) {
    let mut open: Vec<bool> = Vec::new();
    let (mut rest, mut name_next, mut next) = (text, false, Next::Plain);
    while let Some(byte) = rest.bytes().next() {
        match byte {
            b'"' => {
                let (quoted, after) = rest.split_at(text_end(rest));
                rest = after;
                if name_next {
                    out.extend_from_slice(quoted.as_bytes());
                    next = meaning(quoted, columns, rows);
                    name_next = false;
                } else {
                    value(quoted, std::mem::replace(&mut next, Next::Plain), columns, nested, out);
                }
                continue;
            }
            b'{' | b'[' if next == Next::Personal => {
                out.extend_from_slice(b"\"\"");
                rest = rest.get(container_end(rest)..).unwrap_or_default();
                next = Next::Plain;
                continue;
            }
            b'{' | b'[' => {
                open.push(byte == b'{');
                name_next = byte == b'{';
                next = Next::Plain;
            }
            b'}' | b']' => {
                open.pop();
                name_next = false;
            }
            b',' => name_next = open.last().copied().unwrap_or(false),
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' if next == Next::Personal => {
                out.extend_from_slice(b"\"\"");
                rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
                next = Next::Plain;
                continue;
            }
            _ => {}
        }
        if !matches!(byte, b':' | b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'[') {
            next = Next::Plain;
        }
        let width = rest.chars().next().map_or(1, char::len_utf8);
        let (head, tail) = rest.split_at_checked(width).unwrap_or((rest, ""));
        out.extend_from_slice(head.as_bytes());
        rest = tail;
    }
}

/// A text that is a value.
fn value(quoted: &str, next: Next, columns: &Columns, nested: usize, out: &mut Vec<u8>) {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    match next {
        Next::Personal => out.extend_from_slice(b"\"\""),
        Next::Number if is_whole(inner) => out.extend_from_slice(inner.as_bytes()),
        _ if nested > 0 && inner.trim_start().starts_with(['{', '[']) => {
            let plain = unquoted(quoted);
            if json::value(&plain).is_err() {
                out.extend_from_slice(quoted.as_bytes());
                return;
            }
            let mut changed = Vec::with_capacity(plain.len());
            walk(&plain, columns, false, nested - 1, &mut changed);
            match String::from_utf8(changed) {
                Ok(changed) if changed != *plain => json::write_text(out, &changed),
                _ => out.extend_from_slice(quoted.as_bytes()),
            }
        }
        _ => out.extend_from_slice(quoted.as_bytes()),
    }
}

/// Columns are numbers in `rows` only, not in JSON that is the text of a column.
fn meaning(quoted: &str, columns: &Columns, rows: bool) -> Next {
    let name = unquoted(quoted);
    if is_personal(&name, columns) {
        Next::Personal
    } else if rows && columns.numbers.contains(&*name) {
        Next::Number
    } else {
        Next::Plain
    }
}

fn unquoted(quoted: &str) -> Cow<'_, str> {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if inner.contains('\\') {
        serde_json::from_str(quoted).map_or(Cow::Borrowed(inner), Cow::Owned)
    } else {
        Cow::Borrowed(inner)
    }
}

/// A whole number in its shortest form.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= EXACT_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    plain && (text == "0" || !digits.starts_with('0'))
}

/// Where the text that `rest` begins with ends, its quotes included.
fn text_end(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Where the object or list that `rest` begins with ends.
fn container_end(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0usize);
    while let Some(byte) = rest.as_bytes().get(at) {
        match byte {
            b'"' => {
                at += text_end(rest.get(at..).unwrap_or_default());
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn converted(text: &str) -> String {
        let columns = Columns {
            numbers: BTreeSet::from(["num", "rec_id"]),
            personal: BTreeSet::from(["customer_name"]),
            ..Default::default()
        };
        String::from_utf8(convert(text, &columns)).unwrap()
    }

    #[test]
    fn empties_what_is_personal_wherever_it_stands() {
        for (given, expected) in [
            (r#"{"receiver_name":"张三","tid":"T1"}"#, r#"{"receiver_name":"","tid":"T1"}"#),
            (r#"[{"a":{"receiver_mobile":13800000000}}]"#, r#"[{"a":{"receiver_mobile":""}}]"#),
            (r#"{"id_card" : null , "x":1}"#, r#"{"id_card" : "" , "x":1}"#),
            (r#"{"receiver_address":{"city":"}\"{"},"b":[1]}"#, r#"{"receiver_address":"","b":[1]}"#),
            (r#"{"buyer\u005fnick":"n"}"#, r#"{"buyer\u005fnick":""}"#),
            (
                r#"{"memo":"receiver_name","list":["buyer_nick","x"]}"#,
                r#"{"memo":"receiver_name","list":["buyer_nick","x"]}"#,
            ),
            (r#"{"ext":"{\"receiver_name\":\"张\",\"n\":1}"}"#, r#"{"ext":"{\"receiver_name\":\"\",\"n\":1}"}"#),
            (r#"{"rows":[{"customer_name":"张三"}]}"#, r#"{"rows":[{"customer_name":""}]}"#),
            (r#"{"ext":"{receiver_name"}"#, r#"{"ext":"{receiver_name"}"#),
        ] {
            assert_eq!(converted(given), expected);
        }
    }

    #[test]
    fn numbers_never_lose_a_digit() {
        let tid = r#"{"tid":12345678901234567890,"price":0.10,"e":1e3}"#;
        assert_eq!(converted(tid), tid);
        for (given, expected) in [
            (r#"{"num":"12","rec_id":"0","other":"12"}"#, r#"{"num":12,"rec_id":0,"other":"12"}"#),
            (r#"{"num":"12.5","rec_id":"007"}"#, r#"{"num":"12.5","rec_id":"007"}"#),
            (r#"{"num":"12345678901234567890","rec_id":""}"#, r#"{"num":"12345678901234567890","rec_id":""}"#),
            (r#"{"num":["1"],"rec_id":"-3"}"#, r#"{"num":["1"],"rec_id":-3}"#),
        ] {
            assert_eq!(converted(given), expected);
        }
    }
}
