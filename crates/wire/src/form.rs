//! `application/x-www-form-urlencoded`, strictly: a broken escape or invalid UTF-8 is an error that says where.
//!
//! Clients write a space as `+` or as `%20`; both are read (fact sheet qimen-gateway, A3). Values that need no change
//! are borrowed from the input.

use std::borrow::Cow;
use std::fmt;

use crate::limits;

/// Why a form or a query string is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Name of the parameter, as far as it could be read.
    pub name: String,
    /// Byte position in the encoded text.
    pub position: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with an encoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `%` without two hexadecimal digits.
    BrokenEscape,
    /// The decoded bytes are not UTF-8.
    NotUtf8,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.fault {
            Fault::BrokenEscape => "a % that two hexadecimal digits do not follow",
            Fault::NotUtf8 => "bytes that are not UTF-8",
        };
        write!(f, "parameter {:?} has {what} at byte {}", self.name, self.position)
    }
}

impl Error {
    /// What is wrong and where, without the name, in both languages: for whoever says the name besides.
    pub fn problem(&self) -> String {
        let (english, chinese) = match self.fault {
            Fault::BrokenEscape => ("a % that two hexadecimal digits do not follow", "% 之后不是两位十六进制"),
            Fault::NotUtf8 => ("bytes that are not UTF-8", "不是 UTF-8"),
        };
        format!("{english}, at byte {0} / 第 {0} 字节：{chinese}", self.position)
    }
}

impl std::error::Error for Error {}

/// One decoded pair.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The pairs of `encoded`, in the order in which they are written. A name without `=` has an empty value; empty pieces
/// between two `&` are nothing.
pub fn pairs(encoded: &[u8]) -> Pairs<'_> {
    // What is text as a whole is text between any two `&`: it is checked once, not piece by piece.
    let text = match std::str::from_utf8(encoded) {
        Ok(text) => text,
        Err(error) => encoded.get(..error.valid_up_to()).and_then(|part| std::str::from_utf8(part).ok()).unwrap_or(""),
    };
    Pairs { encoded, text, position: 0 }
}

/// Iterator over decoded pairs; see [`pairs`].
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    encoded: &'a [u8],
    /// As much of it, from its beginning, as is UTF-8.
    text: &'a str,
    position: usize,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = Result<Pair<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.position;
            let rest = self.encoded.get(start..).filter(|rest| !rest.is_empty())?;
            let marks = Marks::of(rest);
            self.position = start + marks.end + 1;
            if marks.end > 0 {
                return Some(match self.text.get(start..start + marks.end) {
                    Some(piece) => pair(piece, marks, start),
                    None => Err(not_text(rest.get(..marks.end).unwrap_or_default(), start)),
                });
            }
        }
    }
}

/// Where a pair ends and what is in it.
#[derive(Clone, Copy)]
struct Marks {
    /// Length of the pair.
    end: usize,
    /// Where its first `=` stands; `end` without one.
    equals: usize,
    /// Where its first `%` or `+` stands; `end` without one.
    escape: usize,
}

impl Marks {
    /// One walk from mark to mark: most names and values are short, so this is cheaper than several fast searches. Only a long value is
    /// searched.
    fn of(rest: &[u8]) -> Self {
        const SHORT: usize = 64;
        let none = rest.len();
        let mut marks = Self { end: none, equals: none, escape: none };
        let mut at = 0;
        let mut near = rest.get(..SHORT).unwrap_or(rest).iter();
        while let Some(plain) = near.position(|byte| MARKED.has(*byte)) {
            at += plain;
            match rest.get(at) {
                Some(b'&') => {
                    marks.end = at;
                    break;
                }
                Some(b'=') => marks.equals = marks.equals.min(at),
                _ => marks.escape = marks.escape.min(at),
            }
            at += 1;
        }
        if marks.end > SHORT {
            marks.search(rest, SHORT);
        }
        marks.equals = marks.equals.min(marks.end);
        marks.escape = marks.escape.min(marks.end);
        marks
    }

    fn search(&mut self, rest: &[u8], from: usize) {
        let far = rest.get(from..).unwrap_or_default();
        let end = memchr::memchr(b'&', far).unwrap_or(far.len());
        let far = far.get(..end).unwrap_or_default();
        self.end = from + end;
        if self.equals == rest.len() {
            self.equals = memchr::memchr(b'=', far).map_or(self.end, |at| from + at);
        }
        if self.escape == rest.len() {
            self.escape = memchr::memchr2(b'%', b'+', far).map_or(self.end, |at| from + at);
        }
    }
}

/// The bytes that mean something in a form.
struct Marked([bool; 256]);

static MARKED: Marked = {
    let mut marked = [false; 256];
    let mut at = 0;
    while at < 4 {
        marked[b"&=%+"[at] as usize] = true;
        at += 1;
    }
    Marked(marked)
};

impl Marked {
    fn has(&self, byte: u8) -> bool {
        // Every byte has its place.
        self.0[usize::from(byte)]
    }
}

fn pair(piece: &str, marks: Marks, start: usize) -> Result<Pair<'_>, Error> {
    let Marks { end, equals, escape } = marks;
    let (name, value) = (piece.get(..equals).unwrap_or_default(), piece.get(equals + 1..).unwrap_or_default());
    if escape == end {
        return Ok((Cow::Borrowed(name), Cow::Borrowed(value)));
    }
    let in_name = escape < equals;
    let name = if in_name { decode(name) } else { Ok(Cow::Borrowed(name)) };
    let name = name.map_err(|(position, fault)| Error {
        name: limits::quoted(piece.get(..equals).unwrap_or_default()),
        position: start + position,
        fault,
    })?;
    let value = if in_name { decode(value) } else { unescape(value.as_bytes(), escape - equals - 1).map(Cow::Owned) };
    match value {
        Ok(value) => Ok((name, value)),
        Err((position, fault)) => {
            Err(Error { name: limits::quoted(&name), position: start + equals + 1 + position, fault })
        }
    }
}

/// What is wrong with a piece that holds bytes which are not UTF-8: a broken escape in front of them, or they themselves.
fn not_text(piece: &[u8], start: usize) -> Error {
    let valid = match std::str::from_utf8(piece) {
        Ok(text) => text.len(),
        Err(error) => error.valid_up_to(),
    };
    let before = piece.get(..valid).and_then(|part| std::str::from_utf8(part).ok()).unwrap_or_default();
    match pair(before, Marks::of(before.as_bytes()), start) {
        Err(error) => error,
        Ok((name, _)) => {
            let name = if before.contains('=') { name } else { String::from_utf8_lossy(piece) };
            Error { name: limits::quoted(&name), position: start + valid, fault: Fault::NotUtf8 }
        }
    }
}

/// Decodes one name or value: `+` and percent escapes. The error holds the byte position in `encoded`.
pub fn decode(encoded: &str) -> Result<Cow<'_, str>, (usize, Fault)> {
    match encoded.bytes().position(|byte| matches!(byte, b'%' | b'+')) {
        None => Ok(Cow::Borrowed(encoded)),
        Some(first) => unescape(encoded.as_bytes(), first).map(Cow::Owned),
    }
}

/// Decodes what has its first escape at `first`.
fn unescape(encoded: &[u8], first: usize) -> Result<String, (usize, Fault)> {
    let (plain, mut rest) = encoded.split_at_checked(first).unwrap_or((encoded, &[]));
    // Written through an iterator over room for all of it: a vector would ask for room at every byte.
    let mut bytes = vec![0; encoded.len()];
    let mut room = bytes.iter_mut();
    for (byte, place) in plain.iter().zip(room.by_ref()) {
        *place = *byte;
    }
    while let [byte, tail @ ..] = rest {
        let Some(place) = room.next() else { break };
        rest = tail;
        *place = match byte {
            b'+' => b' ',
            b'%' => {
                let broken = (encoded.len() - tail.len() - 1, Fault::BrokenEscape);
                let [high, low, after @ ..] = tail else { return Err(broken) };
                let value = HEX.of(*high) << 4 | HEX.of(*low);
                rest = after;
                u8::try_from(value).map_err(|_| broken)?
            }
            plain => *plain,
        };
    }
    let left = room.len();
    bytes.truncate(bytes.len() - left);
    String::from_utf8(bytes)
        .map_err(|error| (encoded_position(encoded, error.utf8_error().valid_up_to()), Fault::NotUtf8))
}

/// The value of each hexadecimal digit; what is no digit has a value that no pair of digits can have.
struct Hex([u16; 256]);

const NO_DIGIT: u16 = 0x100;

static HEX: Hex = {
    let mut values = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 22 {
        values[b"0123456789abcdefABCDEF"[digit] as usize] = if digit < 16 { digit } else { digit - 6 } as u16;
        digit += 1;
    }
    Hex(values)
};

impl Hex {
    fn of(&self, digit: u8) -> u16 {
        // Every byte has its place.
        self.0[usize::from(digit)]
    }
}

/// Where in the encoded text the decoded byte number `decoded` begins.
fn encoded_position(encoded: &[u8], decoded: usize) -> usize {
    let mut at = 0;
    for _ in 0..decoded {
        at += if encoded.get(at) == Some(&b'%') { 3 } else { 1 };
    }
    at
}

/// Which space [`encode_into`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    /// `+`, the form rule.
    Plus,
    /// `%20`, which reads the same everywhere.
    Percent,
}

/// Appends `text` percent-encoded: letters, digits and `-._~` stay, all other bytes are escaped. `=` is always escaped,
/// because the official verification helper loses a pair with a raw one (fact sheet qimen-gateway, A6).
pub fn encode_into(out: &mut String, text: &str, space: Space) {
    encode_bytes_into(out, text.as_bytes(), space);
}

/// The same for text in another charset.
pub fn encode_bytes_into(out: &mut String, bytes: &[u8], space: Space) {
    let written = match space {
        Space::Plus => &PLUS,
        Space::Percent => &PERCENT,
    };
    out.reserve(bytes.len());
    // Room for one piece, and for what is copied too much behind its last byte.
    let mut room = [0; PIECE * 3 + 1];
    for piece in bytes.chunks(PIECE) {
        let mut end = 0;
        for byte in piece {
            let (text, length) = written.of(*byte);
            if let Some(place) = room.get_mut(end..end + 4) {
                place.copy_from_slice(text);
            }
            end += length;
        }
        // It is ASCII.
        out.push_str(room.get(..end).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default());
    }
}

/// Bytes that are encoded in one go.
const PIECE: usize = 64;

/// How each byte is written: always four bytes are copied, so that there is nothing to decide, and as many count as its text is long.
struct Written([([u8; 4], u8); 256]);

static PLUS: Written = Written::with(Some(b'+'));
static PERCENT: Written = Written::with(None);

impl Written {
    const fn with(space: Option<u8>) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let mut all = [([0; 4], 1); 256];
        let mut byte = 0;
        while byte < 256 {
            let itself = byte as u8;
            all[byte] = match (itself, space) {
                (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~', _) => ([itself, 0, 0, 0], 1),
                (b' ', Some(space)) => ([space, 0, 0, 0], 1),
                _ => ([b'%', DIGITS[byte >> 4], DIGITS[byte & 15], 0], 3),
            };
            byte += 1;
        }
        Self(all)
    }

    fn of(&self, byte: u8) -> (&[u8; 4], usize) {
        // Every byte has its place.
        let (text, length) = &self.0[usize::from(byte)];
        (text, usize::from(*length))
    }
}

/// A whole form body or query string.
pub fn encode<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>, space: Space) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        encode_into(&mut out, name, space);
        out.push('=');
        encode_into(&mut out, value, space);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(encoded: &[u8]) -> Result<Vec<(String, String)>, Error> {
        pairs(encoded).map(|pair| pair.map(|(n, v)| (n.into_owned(), v.into_owned()))).collect()
    }

    #[test]
    fn reads_both_spaces_and_bare_names() {
        let read = read(b"&a=1+2%203&&b&c==x%3D&%E5%90%8D=%e5%80%BC&").unwrap();
        let expected = [("a", "1 2 3"), ("b", ""), ("c", "=x="), ("名", "值")];
        assert_eq!(read, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }

    #[test]
    fn borrows_what_needs_no_change() {
        let (name, value) = pairs("shop_no=旗舰店".as_bytes()).next().unwrap().unwrap();
        assert!(matches!(name, Cow::Borrowed("shop_no")));
        assert!(matches!(value, Cow::Borrowed("旗舰店")));
    }

    #[test]
    fn errors_name_the_parameter_and_the_byte() {
        for (encoded, name, position, fault) in [
            (&b"sid=demo2&shop=a%4"[..], "shop", 16, Fault::BrokenEscape),
            (b"shop=%zz", "shop", 5, Fault::BrokenEscape),
            (b"shop=%+1", "shop", 5, Fault::BrokenEscape),
            (b"shop=%", "shop", 5, Fault::BrokenEscape),
            (b"a=1&shop=%41%D5%C5", "shop", 12, Fault::NotUtf8),
            (b"a=1&shop=x\xff", "shop", 10, Fault::NotUtf8),
            (b"%ff=1", "%ff", 0, Fault::NotUtf8),
        ] {
            let expected = Error { name: name.to_owned(), position, fault };
            assert_eq!(read(encoded), Err(expected), "{}", String::from_utf8_lossy(encoded));
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let all = [("a b", "旗舰店 A&B=1+2%"), ("empty", ""), ("line", "50% off\n😀~-._")];
        for space in [Space::Plus, Space::Percent] {
            let encoded = encode(all, space);
            assert_eq!(read(encoded.as_bytes()).unwrap(), all.map(|(n, v)| (n.to_owned(), v.to_owned())));
        }
        assert_eq!(encode([("q", "a b=c")], Space::Plus), "q=a+b%3Dc");
        assert_eq!(encode([("q", "a b")], Space::Percent), "q=a%20b");
    }
}
