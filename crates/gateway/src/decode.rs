//! From the bytes of a request to one set of parameters, and what is said when that fails.

use wire::call::Call as Content;
use wire::content::Media;
use wire::params::{Clash, Params};

use crate::envelope::Form;
use crate::exchange::Received;
use crate::fault::Fault;
use crate::limits::MAX_GUESSED;
use crate::registry::Registry;
use crate::route::{Channel, Route};

/// Query and body as one set of parameters, in every placement that real clients use (fact sheet qimen, A3).
pub(crate) fn decode<'r>(received: &'r Received, route: Route<'_>) -> Result<Content<'r>, Fault> {
    if let Some(fault) = &received.spoiled {
        return Err(fault.clone());
    }
    let clash = match route {
        // Fact sheet wdt-1, 1.2: the body wins.
        Route::Openapi2(_) => Clash::BodyWins,
        _ => Clash::Refuse,
    };
    let content = wire::call::read(received.query.as_bytes(), &received.content_type, &received.body, clash);
    let content = content.map_err(undecodable)?;
    if content.raw.is_some() && matches!(route, Route::Openapi2(_)) {
        // Its signature does not cover such a body.
        let problem = "请使用表单方式提交(application/x-www-form-urlencoded)".to_owned();
        return Err(Fault::Undecodable { parameter: String::new(), problem, encoding: false });
    }
    Ok(content)
}

/// What the answer will look like; parameters decide on the TOP side (fact sheet qimen, B5).
pub(crate) fn form(route: Route<'_>, params: &Params<'_>, registry: &Registry) -> Form {
    let format = params.get("format").unwrap_or_default();
    let is_for_a_target =
        || params.get("target_app_key").is_some() || params.get("method").is_some_and(|name| registry.has_scene(name));
    match route {
        Route::Openapi2(_) => Form::Openapi2,
        Route::Rest if !is_for_a_target() => match format {
            "json" if params.get("simplify") == Some("true") => Form::TopSimple,
            "json" => Form::Top,
            _ => Form::TopXml,
        },
        Route::Rest | Route::Qimen(_) => match format {
            "json" => Form::Qimen,
            "json2" => Form::QimenFlat,
            _ => Form::QimenXml,
        },
    }
}

pub(crate) fn undecodable(error: wire::call::Error) -> Fault {
    use wire::{call, params};
    let encoding = error.is_encoding();
    match error {
        call::Error::Params(params::Error::TwoValues(parameter)) => Fault::Contradiction { parameter },
        call::Error::Params(params::Error::Form(form)) => {
            let problem = form.problem();
            Fault::Undecodable { parameter: wire::limits::quoted(&form.name), problem, encoding }
        }
        other => Fault::Undecodable { parameter: String::new(), problem: other.to_string(), encoding },
    }
}

/// The members of a raw body count as parameters, after those of the query; the signature covered them as bytes.
pub(crate) fn add_body_members(content: &mut Content<'_>) -> Result<(), Fault> {
    let Some(raw) = content.raw else { return Ok(()) };
    let text = std::str::from_utf8(raw).unwrap_or_default();
    let broken = |problem: String| Fault::Undecodable { parameter: String::new(), problem, encoding: false };
    let members: Vec<(String, String)> = match content.media {
        Media::Json => {
            let object = wire::json::Object::parse(text).map_err(|error| broken(error.to_string()))?;
            let value = |raw: &wire::json::RawValue| match wire::json::shape(raw) {
                wire::json::Shape::Text => wire::json::text(raw).map(std::borrow::Cow::into_owned),
                wire::json::Shape::Null => Ok(String::new()),
                _ => Ok(raw.get().to_owned()),
            };
            let member = |(name, raw)| Ok((str::to_owned(name), value(raw)?));
            let members: Result<_, wire::json::Error> = object.iter().map(member).collect();
            members.map_err(|error| broken(error.to_string()))?
        }
        Media::Xml => {
            let root = wire::xml::read(text).map_err(|error| broken(error.to_string()))?;
            root.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        }
        _ => return Ok(()),
    };
    for (name, value) in members {
        if content.params.get(&name).is_none() {
            content.params.set(name, value).map_err(|error| broken(error.to_string()))?;
        }
    }
    Ok(())
}

/// The form of the answer as far as the bare bytes tell: for a request that cannot be decoded.
pub(crate) fn guess_form(channel: Channel, received: &Received) -> Form {
    // A part of a multipart body has its value two lines below its name.
    let part = |format: &str| has(&received.body, format!("name=\"format\"\r\n\r\n{format}").as_bytes());
    let says = |what: &[u8]| {
        let in_part = || what.strip_prefix(b"format=").and_then(|format| std::str::from_utf8(format).ok());
        has(received.query.as_bytes(), what) || has(&received.body, what) || in_part().is_some_and(part)
    };
    match channel {
        Channel::Openapi2 => Form::Openapi2,
        Channel::Rest if !says(b"target_app_key") && says(b"format=json") => Form::Top,
        Channel::Rest if !says(b"target_app_key") => Form::TopXml,
        _ if says(b"format=json2") => Form::QimenFlat,
        _ if says(b"format=json") => Form::Qimen,
        _ => Form::QimenXml,
    }
}

fn has(haystack: &[u8], needle: &[u8]) -> bool {
    let start = haystack.get(..MAX_GUESSED).unwrap_or(haystack);
    start.windows(needle.len()).any(|window| window == needle)
}
