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

impl std::error::Error for Error {}

/// One decoded pair.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The pairs of `encoded`, in the order in which they are written. A name without `=` has an empty value; empty pieces
/// between two `&` are nothing.
pub fn pairs(encoded: &[u8]) -> Pairs<'_> {
    Pairs { rest: encoded, position: 0, done: encoded.is_empty() }
}

/// Iterator over decoded pairs; see [`pairs`].
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    rest: &'a [u8],
    position: usize,
    done: bool,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = Result<Pair<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.done {
                return None;
            }
            let start = self.position;
            let piece = match self.rest.iter().position(|b| *b == b'&') {
                Some(end) => {
                    let (piece, rest) = self.rest.split_at(end);
                    self.rest = rest.get(1..).unwrap_or_default();
                    self.position += end + 1;
                    piece
                }
                None => {
                    self.done = true;
                    self.rest
                }
            };
            if !piece.is_empty() {
                return Some(pair(piece, start));
            }
        }
    }
}

fn pair(piece: &[u8], start: usize) -> Result<Pair<'_>, Error> {
    let equals = piece.iter().position(|b| *b == b'=').unwrap_or(piece.len());
    let (name, value) = piece.split_at(equals);
    let value = value.get(1..).unwrap_or_default();
    let name = decode(name).map_err(|(position, fault)| Error {
        name: limits::quoted(&String::from_utf8_lossy(name)),
        position: start + position,
        fault,
    })?;
    match decode(value) {
        Ok(value) => Ok((name, value)),
        Err((position, fault)) => {
            Err(Error { name: limits::quoted(&name), position: start + equals + 1 + position, fault })
        }
    }
}

/// Decodes one name or value: `+` and percent escapes. The error holds the byte position in `encoded`.
pub fn decode(encoded: &[u8]) -> Result<Cow<'_, str>, (usize, Fault)> {
    let Some(first) = encoded.iter().position(|b| matches!(b, b'%' | b'+')) else {
        return match std::str::from_utf8(encoded) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err((error.valid_up_to(), Fault::NotUtf8)),
        };
    };
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    let mut next = first;
    loop {
        bytes.extend_from_slice(rest.get(..next).unwrap_or_default());
        rest = rest.get(next..).unwrap_or_default();
        match rest {
            [] => break,
            [b'+', tail @ ..] => {
                bytes.push(b' ');
                rest = tail;
            }
            [b'%', high, low, tail @ ..] => {
                let (Some(high), Some(low)) = (hex(*high), hex(*low)) else {
                    return Err((encoded.len() - rest.len(), Fault::BrokenEscape));
                };
                bytes.push(high << 4 | low);
                rest = tail;
            }
            _ => return Err((encoded.len() - rest.len(), Fault::BrokenEscape)),
        }
        next = rest.iter().position(|b| matches!(b, b'%' | b'+')).unwrap_or(rest.len());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Owned(text)),
        Err(error) => Err((encoded_position(encoded, error.utf8_error().valid_up_to()), Fault::NotUtf8)),
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

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
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
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b' ' if space == Space::Plus => out.push('+'),
            _ => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
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
