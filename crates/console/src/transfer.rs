//! Files over HTTP, piece by piece: an upload goes to the disk as it arrives, a download comes from there.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderValue, StatusCode, header};

use crate::answer::FileAnswer;
use crate::desk::Desk;
use crate::fault::Fault;
use crate::input::Upload;
use crate::limits;

/// Takes an upload.
pub(crate) async fn take(desk: &Desk, body: Body) -> Result<Upload, Fault> {
    let unkept = |error: io::Error| Fault::unavailable(format!("the upload cannot be kept: {error}"));
    let upload = Upload(desk.jobs().upload_path().map_err(unkept)?);
    let mut file = private_file(&upload.0).map_err(unkept)?;
    let mut stream = body.into_data_stream();
    let (mut size, mut piece) = (0_u64, Vec::new());
    loop {
        let next = tokio::time::timeout(limits::UPLOAD_PAUSE, stream.next()).await;
        let next = next.map_err(|_| Fault::invalid("", "the file did not arrive in time"))?;
        let ended = next.is_none();
        if let Some(bytes) = next {
            let bytes = bytes.map_err(|_| Fault::invalid("", "the file broke off"))?;
            size += bytes.len() as u64;
            if size > sheets::limits::FILE_BYTES {
                let text = format!("the file is over {} MiB", sheets::limits::FILE_BYTES >> 20);
                return Err(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", text));
            }
            piece.extend_from_slice(&bytes);
        }
        if piece.len() >= limits::PIECE || ended {
            let full = std::mem::take(&mut piece);
            let written = tokio::task::spawn_blocking(move || file.write_all(&full).map(|()| file)).await;
            file = written.map_err(|error| unkept(io::Error::other(error)))?.map_err(unkept)?;
        }
        if ended {
            return Ok(upload);
        }
    }
}

/// Makes a file that only its owner can read.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Sends a file.
pub(crate) async fn send(answer: FileAnswer) -> Response {
    let path = answer.path.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        io::Result::Ok((file, length))
    });
    let Ok(Ok((file, length))) = opened.await else {
        return Fault::not_found("the file is not there any more").into_response();
    };
    let pieces = futures_util::stream::unfold(Some(file), |file| async {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; limits::PIECE];
            let amount = file.read(&mut piece)?;
            piece.truncate(amount);
            io::Result::Ok((Bytes::from(piece), file))
        });
        match read.await {
            Ok(Ok((piece, _))) if piece.is_empty() => None,
            Ok(Ok((piece, file))) => Some((Ok(piece), Some(file))),
            Ok(Err(error)) => Some((Err(error), None)),
            Err(error) => Some((Err(io::Error::other(error)), None)),
        }
    });
    let mut response = attachment(Body::from_stream(pieces), answer.media, &answer.name);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// A body that the browser saves under a name.
pub(crate) fn attachment(body: impl Into<Body>, media: &'static str, name: &str) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded(name));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A file name as RFC 8187 wants it.
fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_travel_in_any_language() {
        assert_eq!(encoded("货品 1.xlsx"), "%E8%B4%A7%E5%93%81%201.xlsx");
        assert_eq!(encoded("a\"\r\nb"), "a%22%0D%0Ab");
    }
}
