//! A raw JSON or XML body against the definition of its API (fact sheet qimen, C3): of the kind that it names, readable, with every
//! required member, and its members under the target's own names. All else in it travels as it came: the signature covers such a body as
//! one piece, so that nothing can be shifted between its names.

use std::borrow::Cow;

use wire::call::Call as Content;
use wire::content::Media;
use wire::json::{self, Object, RawValue, Shape};
use wire::params::Params;
use wire::xml::{self, Element};

use super::foreign::refused;
use crate::directory::{Api, BodyKind, Given};
use crate::fault::Fault;

/// The body as the target is to get it; `None` when the call has none. A method that Matou serves itself is `known`: its members are
/// its own and are not looked at.
pub(super) fn body<'b>(
    api: &Api,
    content: &'b Content<'_>,
    known: bool,
) -> Result<Option<(Cow<'b, str>, Media)>, Fault> {
    let Some(raw) = content.raw else {
        return if known { Ok(None) } else { api.check(&content.params).map_err(refused).map(|()| None) };
    };
    let text = std::str::from_utf8(raw).map_err(|error| broken(error.to_string(), true))?;
    one_sid(&content.params, content.media, text)?;
    // A definition with the usual body and without parameters takes what comes.
    let any = known || api.body == BodyKind::Form && api.parameters.is_empty();
    let text = match content.media {
        _ if !any => defined(api, content, text)?,
        Media::Json => json::value(text).map(|_| Cow::Borrowed(text)).map_err(unreadable)?,
        Media::Xml => xml::read(text).map(|_| Cow::Borrowed(text)).map_err(unreadable)?,
        _ => Cow::Borrowed(text),
    };
    Ok(Some((text, content.media)))
}

/// The `sid` of the query was authorised: a target that reads the body must not find another one there, or who may call for one could
/// call for all (fact sheet qimen, A4 no. 4: a name with two values is refused).
fn one_sid(params: &Params<'_>, media: Media, text: &str) -> Result<(), Fault> {
    // In JSON a name may be written with escapes.
    let may_hold = text.contains("sid") || media == Media::Json && text.contains('\\');
    let Some(sid) = params.get("sid").filter(|sid| !sid.is_empty() && may_hold) else { return Ok(()) };
    let inside = match media {
        Media::Json => {
            let value = json::value(text).map_err(unreadable)?;
            if json::shape(value) != Shape::Object {
                return Ok(());
            }
            let object = Object::from_raw(value).map_err(unreadable)?;
            object.get("sid").map(|value| match json::shape(value) {
                Shape::Text => json::text(value).map(Cow::into_owned).unwrap_or_default(),
                _ => value.get().to_owned(),
            })
        }
        Media::Xml => {
            let root = xml::read(text).map_err(unreadable)?;
            root.all("sid").map(|element| element.text.clone()).find(|inside| inside != sid)
        }
        _ => None,
    };
    match inside {
        Some(inside) if inside != sid => Err(Fault::Contradiction { parameter: "sid".to_owned() }),
        _ => Ok(()),
    }
}

/// A body for an API that says what it wants.
fn defined<'b>(api: &Api, content: &'b Content<'_>, text: &'b str) -> Result<Cow<'b, str>, Fault> {
    match (api.body, content.media) {
        (BodyKind::Json, Media::Json) => in_json(api, &content.params, text),
        (BodyKind::Xml, Media::Xml) => in_xml(api, &content.params, text),
        (BodyKind::Json, _) => Err(broken("this API takes a JSON body (Content-Type: application/json)".into(), false)),
        (BodyKind::Xml, _) => Err(broken("this API takes an XML body (Content-Type: text/xml)".into(), false)),
        (BodyKind::Form, _) => {
            Err(broken("this API takes a form (Content-Type: application/x-www-form-urlencoded)".into(), false))
        }
    }
}

fn in_json<'b>(api: &Api, params: &Params<'_>, text: &'b str) -> Result<Cow<'b, str>, Fault> {
    if api.parameters.is_empty() {
        return json::value(text).map(|_| Cow::Borrowed(text)).map_err(unreadable);
    }
    let object = Object::parse(text).map_err(unreadable)?;
    // A name in the query was signed before the body: it counts, as everywhere.
    let member = |name: &str| match params.get(name) {
        Some(value) => Some(Given::Text(Cow::Owned(value.to_owned()))),
        None => object.get(name).and_then(given),
    };
    api.check_values(member).map_err(refused)?;
    if !object.iter().any(|(name, _)| renamed(api, name).is_some()) {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = vec![b'{'];
    for (name, value) in object.iter() {
        if out.len() > 1 {
            out.push(b',');
        }
        json::write_text(&mut out, renamed(api, name).unwrap_or(name));
        out.push(b':');
        out.extend_from_slice(value.get().as_bytes());
    }
    out.push(b'}');
    String::from_utf8(out).map(Cow::Owned).map_err(unreadable)
}

fn in_xml<'b>(api: &Api, params: &Params<'_>, text: &'b str) -> Result<Cow<'b, str>, Fault> {
    let root = xml::read(text).map_err(unreadable)?;
    let element = |name: &str| match params.get(name) {
        Some(value) => Some(Given::Text(Cow::Owned(value.to_owned()))),
        None => root.child(name).map(of_element),
    };
    api.check_values(element).map_err(refused)?;
    if !root.children.iter().any(|child| renamed(api, &child.name).is_some()) {
        return Ok(Cow::Borrowed(text));
    }
    xml::rename(text, |name| renamed(api, name)).map(Cow::Owned).map_err(unreadable)
}

fn given(value: &RawValue) -> Option<Given<'static>> {
    match json::shape(value) {
        Shape::Null => None,
        Shape::Object => Some(Given::Object),
        Shape::Array => Some(Given::Array),
        Shape::Text => json::text(value).ok().map(|text| Given::Text(Cow::Owned(text.into_owned()))),
        Shape::Number | Shape::Bool => Some(Given::Text(Cow::Owned(value.get().to_owned()))),
    }
}

fn of_element(element: &Element) -> Given<'static> {
    if element.children.is_empty() { Given::Text(Cow::Owned(element.text.clone())) } else { Given::Branch }
}

/// The target's own name of a member, where it has one.
fn renamed<'a>(api: &'a Api, name: &str) -> Option<&'a str> {
    api.parameter(name).map(|parameter| parameter.target_name.as_str()).filter(|name| !name.is_empty())
}

fn unreadable(error: impl std::fmt::Display) -> Fault {
    broken(error.to_string(), false)
}

fn broken(problem: String, encoding: bool) -> Fault {
    Fault::Undecodable { parameter: String::new(), problem, encoding }
}
