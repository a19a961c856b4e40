//! A call as Qimen forwards it (fact sheet qimen, C4) with the second signature (A6).
//!
//! POST; every public parameter in the query with the new `sign`; the body as the caller sent it, or the business parameters as a
//! form. Only what the target gets is signed: parameters that the definition does not know are dropped before.

use std::time::Duration;

use bytes::Bytes;
use wire::content::Media;
use wire::form::{self, Space};
use wire::params::Params;
use wire::qimen::{self, Forwarded};

use super::upstream::Upstream;
use super::{ForwardRequest, charset};
use crate::directory::{Charset, Place};
use crate::fault::Fault;

/// What a call says, as far as its target hears it.
pub(crate) struct Message<'m> {
    /// Public parameters that are forwarded, with `method` and `timestamp` as this target wants them.
    pub(crate) public: Vec<(&'m str, &'m str)>,
    /// Business parameters that the target knows.
    pub(crate) business: Vec<(Place, &'m str, &'m str)>,
    /// The raw body.
    pub(crate) raw: Option<(&'m str, Media)>,
}

/// Path, `Content-Type` and body.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) path: String,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
}

/// A message of the warehouse scene: a raw body beside public parameters only.
pub(crate) fn message<'m>(public: Vec<(&'m str, &'m str)>, raw: (&'m str, Media)) -> Message<'m> {
    Message { public, business: Vec::new(), raw: Some(raw) }
}

/// The same, written for an endpoint and ready to leave: the id of the call, how long it may take and be listened for after that.
pub(crate) fn written(
    upstream: &Upstream,
    message: Message<'_>,
    repeatable: bool,
    (request_id, patience, overtime): (String, Duration, Duration),
) -> Result<ForwardRequest, Fault> {
    let Written { path, content_type, body } = write(upstream, &message).map_err(|problem| Fault::Undecodable {
        parameter: String::new(),
        problem,
        encoding: true,
    })?;
    Ok(ForwardRequest { path, content_type, body, repeatable, request_id, patience, overtime })
}

/// Writes the call for an endpoint and signs it.
pub(crate) fn write(upstream: &Upstream, message: &Message<'_>) -> Result<Written, String> {
    let (charset, raw) = (upstream.charset(), message.raw);
    let own = Params::of_query(upstream.url.query().unwrap_or_default().as_bytes()).map_err(text)?;
    let mut query = Params::of_pairs(message.public.iter().copied()).map_err(text)?;
    let mut fields = Params::default();
    for (place, name, value) in &message.business {
        if query.get(name).is_none() {
            let side = if raw.is_some() || *place == Place::Query { &mut query } else { &mut fields };
            side.set(*name, *value).map_err(text)?;
        }
    }
    for (name, value) in own.iter().filter(|(name, _)| *name != "sign") {
        if query.get(name).is_none() && fields.get(name).is_none() {
            query.set(name.to_owned(), value.to_owned()).map_err(text)?;
        }
    }
    let content_type = content_type(raw.map_or(Media::Form, |(_, media)| media), charset);
    let body = match raw {
        Some((raw, media)) => raw_body(raw, media, charset)?,
        None => encoded(fields.iter(), charset)?.into(),
    };
    let call = Forwarded { headers: &[], query: &query, form: &fields, content_type, body: &body };
    let secret = upstream.endpoint().secret.expose_text();
    let sign = match charset {
        Charset::Utf8 => qimen::sign(secret, &call),
        Charset::Gbk => qimen::sign_encoded(secret, &call, |text| Some(charset::encode(text, charset)?.into_owned())),
    };
    let pairs = query.iter().filter(|(name, _)| *name != "sign");
    let query = encoded(pairs.chain([("sign", sign.map_err(text)?.as_str())]), charset)?;
    Ok(Written { path: format!("{}?{query}", upstream.url.path()), content_type, body })
}

fn raw_body(raw: &str, media: Media, charset: Charset) -> Result<Bytes, String> {
    if charset == Charset::Utf8 {
        return Ok(Bytes::copy_from_slice(raw.as_bytes()));
    }
    let restated = if media == Media::Xml { charset::restate(raw, charset::name(charset)) } else { raw.to_owned() };
    let bytes = charset::encode(&restated, charset).ok_or("the body has characters that the target's charset lacks")?;
    Ok(Bytes::copy_from_slice(&bytes))
}

/// Percent-encoded in the target's charset; `=` always, because the official helper loses a pair with a raw one.
fn encoded<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>, charset: Charset) -> Result<String, String> {
    let mut out = String::with_capacity(512);
    for (name, value) in pairs {
        let bytes = charset::encode(value, charset)
            .ok_or_else(|| format!("parameter {name} has characters that the target's charset lacks"))?;
        if !out.is_empty() {
            out.push('&');
        }
        form::encode_into(&mut out, name, Space::Plus);
        out.push('=');
        form::encode_bytes_into(&mut out, &bytes, Space::Plus);
    }
    Ok(out)
}

fn content_type(media: Media, charset: Charset) -> &'static str {
    match (media, charset) {
        (Media::Json, Charset::Utf8) => "application/json;charset=UTF-8",
        (Media::Json, Charset::Gbk) => "application/json;charset=GBK",
        (Media::Xml, Charset::Utf8) => "text/xml;charset=UTF-8",
        (Media::Xml, Charset::Gbk) => "text/xml;charset=GBK",
        (Media::Text, Charset::Utf8) => "text/plain;charset=UTF-8",
        (Media::Text, Charset::Gbk) => "text/plain;charset=GBK",
        (_, Charset::Utf8) => "application/x-www-form-urlencoded;charset=UTF-8",
        (_, Charset::Gbk) => "application/x-www-form-urlencoded;charset=GBK",
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const B4: [(&str, &str); 9] = [
        ("method", "hu3cgwt0tc.wdt.trade.push"),
        ("app_key", "12345678"),
        ("target_app_key", "21363512"),
        ("timestamp", "2023-11-15 06:13:20"),
        ("format", "json"),
        ("sign_method", "md5"),
        ("v", "2.0"),
        ("customerId", "wdt2"),
        ("empty", ""),
    ];

    fn upstream(charset: Charset) -> Upstream {
        super::super::upstream::tests::upstream("http://erp.example.com/qimen", charset)
    }

    fn sign_of(written: &Written) -> String {
        written.path.rsplit_once("&sign=").unwrap().1.to_owned()
    }

    #[test]
    fn signs_the_vectors_of_the_official_helper() {
        let json = r#"{"sid":"wdt2","trade_list":[{"tid":"T1","receiver_name":"张三"}]}"#;
        let xml = "<request><name>张三</name></request>";
        let fields = [(Place::Body, "sid", "wdt2"), (Place::Body, "shop_no", "旗舰店 A&B=1+2")];
        for (business, raw, sign) in [
            (vec![], Some((json, Media::Json)), "8810265EAF33C386CF0110DCB33DC4FC"),
            (vec![], Some((xml, Media::Xml)), "8637C784D515C1091EDE3E0D431DBDC7"),
            (fields.to_vec(), None, "D37AE13F1111036E386FF7D1E0CA70C3"),
        ] {
            let message = Message { public: B4.to_vec(), business, raw };
            let written = write(&upstream(Charset::Utf8), &message).unwrap();
            assert_eq!(sign_of(&written), sign);
            assert!(written.path.starts_with("/qimen?app_key=12345678&customerId=wdt2&empty=&format=json&"));
        }
    }

    #[test]
    fn writes_gbk_as_the_helper_reads_it() {
        let public = [
            ("method", "x1y2z3.demo.order.push"),
            ("app_key", "21300000"),
            ("timestamp", "2026-01-02 03:04:05"),
            ("format", "json"),
            ("sign_method", "md5"),
            ("v", "2.0"),
        ];
        let raw = Some((r#"{"name":"张三"}"#, Media::Json));
        let message = Message { public: public.to_vec(), business: vec![], raw };
        let written = write(&upstream(Charset::Gbk), &message).unwrap();
        assert_eq!(sign_of(&written), "48A3E6519EC04067EF2CAD87F1B126C1");
        assert_eq!(&written.body[..], b"{\"name\":\"\xd5\xc5\xc8\xfd\"}");
        let message = Message { public: public.to_vec(), business: vec![(Place::Body, "name", "张三")], raw: None };
        assert_eq!(&write(&upstream(Charset::Gbk), &message).unwrap().body[..], b"name=%D5%C5%C8%FD");
        let message = Message { public: public.to_vec(), business: vec![(Place::Body, "name", "😀")], raw: None };
        assert!(write(&upstream(Charset::Gbk), &message).unwrap_err().contains("name"));
    }

    #[test]
    fn a_raw_equals_sign_never_travels_and_no_name_twice() {
        let business = vec![(Place::Query, "memo", "a=b&c"), (Place::Body, "format", "xml"), (Place::Body, "x", "=")];
        let message = Message { public: B4.to_vec(), business, raw: None };
        let url = "http://erp.example.com/qimen?app=7&format=xml&sign=1";
        let upstream = super::super::upstream::tests::upstream(url, Charset::Utf8);
        let written = write(&upstream, &message).unwrap();
        assert!(written.path.contains("&memo=a%3Db%26c&") && written.path.contains("?app=7&"), "{}", written.path);
        assert!(!written.path.contains("format=xml"));
        assert_eq!(written.path.matches("sign=").count(), 1);
        assert_eq!(&written.body[..], b"x=%3D");
    }
}
