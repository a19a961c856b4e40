//! JSON: accepted only if it is JSON; numbers stay as they are written; XML and TOP's forms can be made of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use wire::json::{self, Array, Object};
use wire::{limits, top_answer, xml};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(object) = Object::parse(text) {
        assert!(object.len() <= limits::JSON_MEMBERS);
        // As far as it was looked at: a lone surrogate is refused when its text is read.
        assert!(serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text}");
        for (_, value) in object.iter() {
            assert!(text.contains(value.get()));
            let _ = json::text(value);
        }
        if let Ok(made) = xml::from_json("response", text, xml::singular) {
            // Names and depth that the reader refuses are no fault of the writer.
            assert!(!matches!(xml::read(&made), Err(xml::Error::Malformed(_) | xml::Error::Forbidden)), "{made}");
        }
        for made in [top_answer::full("a.b", text, "r"), top_answer::simple(text, "r")].into_iter().flatten() {
            assert!(serde_json::from_str::<IgnoredAny>(&made).is_ok(), "{made}");
        }
    }
    if let Ok(array) = Array::parse(text, limits::ROWS) {
        assert!(array.len() <= limits::ROWS);
    }
});
