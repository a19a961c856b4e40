//! Multipart bodies: no panic, limits kept, no part made of nothing.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use wire::{limits, multipart};

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (head, body) = data.split_at(end);
    let stated = String::from_utf8_lossy(head).into_owned();
    for content_type in [stated.as_str(), "multipart/form-data; boundary=B"] {
        if let Ok(parts) = multipart::read(content_type, Bytes::copy_from_slice(body)) {
            assert!(parts.texts.len() + parts.files.len() <= limits::PARAMS);
            let content: usize = parts.texts.iter().map(|(_, value)| value.len()).sum();
            let files: usize = parts.files.iter().map(|file| file.content.len()).sum();
            assert!(content + files <= body.len());
        }
    }
});
