//! gzip, for replies to clients that ask for it.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// Compresses a reply, favouring speed.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4 + 64), Compression::fast());
    // Writing into a vector cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Decompresses another system's reply; `None` if it is not gzip or would exceed `max` bytes.
pub fn decompress(bytes: &[u8], max: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let limit = u64::try_from(max).ok()?.checked_add(1)?;
    GzDecoder::new(bytes).take(limit).read_to_end(&mut out).ok()?;
    (out.len() <= max).then_some(out)
}

/// True if the value of an `Accept-Encoding` header admits gzip.
pub fn is_accepted(accept_encoding: &str) -> bool {
    !accept_encoding.is_empty()
        && accept_encoding.split(',').any(|entry| {
            let mut pieces = entry.split(';').map(str::trim);
            let coding = pieces.next().unwrap_or_default();
            let refused = pieces.any(|piece| {
                let quality = piece.strip_prefix("q=").or_else(|| piece.strip_prefix("Q="));
                quality.is_some_and(|q| q.bytes().all(|b| matches!(b, b'0' | b'.')))
            });
            matches!(coding, "gzip" | "x-gzip" | "*") && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back() {
        let text = "旗舰店".repeat(1000);
        let small = compress(text.as_bytes());
        assert!(small.len() < 200 && small.starts_with(&[0x1f, 0x8b]));
        assert_eq!(decompress(&small, text.len()).as_deref(), Some(text.as_bytes()));
        assert_eq!(decompress(&small, text.len() - 1), None);
        assert_eq!(decompress(b"no gzip", 100), None);
        assert_eq!(decompress(&compress(b""), 0), Some(Vec::new()));
    }

    #[test]
    fn only_when_asked() {
        for (header, accepted) in [
            ("gzip", true),
            ("deflate, gzip;q=0.5", true),
            ("*", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000, br", false),
            ("identity", false),
            ("", false),
        ] {
            assert_eq!(is_accepted(header), accepted, "{header}");
        }
    }
}
