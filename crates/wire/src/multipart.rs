//! `multipart/form-data` bodies: text parts are parameters; file parts are listed and never signed (fact sheet
//! qimen-gateway, A3).

use std::fmt;

use bytes::Bytes;
use futures_util::{FutureExt, stream};
use multer::Multipart;

use crate::limits;

/// What a body holds.
#[derive(Clone, Default)]
pub struct Parts {
    /// Text parts in order: name and value.
    pub texts: Vec<(String, String)>,
    /// File parts in order.
    pub files: Vec<FilePart>,
}

/// A part with a file name.
#[derive(Clone)]
pub struct FilePart {
    /// Name of the parameter.
    pub name: String,
    /// The file name that the client states.
    pub file_name: String,
    /// Its content; shares the memory of the body where possible.
    pub content: Bytes,
}

/// Why a body is not multipart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The content type names no boundary.
    NoBoundary,
    /// The parts cannot be told apart.
    Broken,
    /// A part without a name.
    Nameless,
    /// A text part that is not UTF-8.
    NotUtf8(String),
    /// More than [`limits::PARAMS`] parts.
    TooMany,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBoundary => f.write_str("the content type names no boundary"),
            Self::Broken => f.write_str("the multipart body is broken"),
            Self::Nameless => f.write_str("a part has no name"),
            Self::NotUtf8(name) => write!(f, "part {name:?} is not UTF-8"),
            Self::TooMany => write!(f, "more than {} parts", limits::PARAMS),
        }
    }
}

impl std::error::Error for Error {}

/// Takes a body apart that is wholly in memory.
pub fn read(content_type: &str, body: Bytes) -> Result<Parts, Error> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| Error::NoBoundary)?;
    let whole = stream::once(std::future::ready(Ok::<Bytes, std::convert::Infallible>(body)));
    // The stream never waits, so nothing that reads it does.
    gather(Multipart::new(whole, boundary)).now_or_never().unwrap_or(Err(Error::Broken))
}

async fn gather(mut multipart: Multipart<'_>) -> Result<Parts, Error> {
    let mut parts = Parts::default();
    while let Some(field) = multipart.next_field().await.map_err(|_| Error::Broken)? {
        if parts.texts.len() + parts.files.len() == limits::PARAMS {
            return Err(Error::TooMany);
        }
        let name = field.name().ok_or(Error::Nameless)?.to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let content = field.bytes().await.map_err(|_| Error::Broken)?;
        match file_name {
            Some(file_name) => parts.files.push(FilePart { name, file_name, content }),
            None => match String::from_utf8(content.into()) {
                Ok(text) => parts.texts.push((name, text)),
                Err(_) => return Err(Error::NotUtf8(limits::quoted(&name))),
            },
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=XYZ";

    fn body(parts: &[(&str, &[u8])]) -> Bytes {
        let mut body = Vec::new();
        for (head, content) in parts {
            body.extend_from_slice(format!("--XYZ\r\nContent-Disposition: form-data{head}\r\n\r\n").as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--XYZ--\r\n");
        body.into()
    }

    #[test]
    fn texts_and_files() {
        let text = ("; name=\"shop_no\"", "旗舰店 +%20".as_bytes());
        let file = ("; name=\"image\"; filename=\"a.png\"", &b"\x89PNG\xff"[..]);
        let empty = ("; name=\"empty\"", &b""[..]);
        let parts = read(TYPE, body(&[text, file, empty])).unwrap();
        let expected = [("shop_no", "旗舰店 +%20"), ("empty", "")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(parts.texts, expected);
        let [file] = &parts.files[..] else { panic!("one file") };
        assert_eq!((&*file.name, &*file.file_name, &file.content[..]), ("image", "a.png", &b"\x89PNG\xff"[..]));
    }

    #[test]
    fn refuses_what_it_must() {
        let good = body(&[("; name=\"a\"", b"1")]);
        let many: Vec<(&str, &[u8])> = vec![("; name=\"a\"", b"1"); limits::PARAMS + 1];
        for (content_type, body, expected) in [
            ("multipart/form-data", good.clone(), Error::NoBoundary),
            (TYPE, good.slice(..good.len() - 9), Error::Broken),
            (TYPE, Bytes::new(), Error::Broken),
            (TYPE, body(&[("", b"1")]), Error::Nameless),
            (TYPE, body(&[("; name=\"a\"", b"\xd5\xc5")]), Error::NotUtf8("a".into())),
            (TYPE, body(&many), Error::TooMany),
        ] {
            assert_eq!(read(content_type, body).err(), Some(expected), "{content_type}");
        }
    }
}
