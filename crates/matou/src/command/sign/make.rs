//! Signing.

use units::Clock;
use wire::explain::Rule;
use wire::sample::Wanted;
use wire::top::Digest;

use super::check::params;
use super::{Protocol, Sign, own_secret, raw, show_samples};
use crate::client::{Keys, Pairs, encode, openapi2, qimen_as};
use crate::demo::Card;
use crate::outside::SystemClock;
use crate::trouble::Trouble;

/// Prints a signed call, as a curl line or as a program.
pub(super) fn make(sign: &Sign, card: Option<&Card>) -> Result<usize, Trouble> {
    let method = sign.method.as_deref().unwrap_or_default();
    let mut arguments = Pairs::new();
    for argument in &sign.arguments {
        let (name, value) = argument
            .split_once('=')
            .ok_or_else(|| Trouble::new(format!("{argument}: parameters are written name=value")))?;
        arguments.push((name.to_owned(), value.to_owned()));
    }
    let is_php = match sign.protocol {
        Some(protocol) => protocol == Protocol::Openapi2,
        None => method.ends_with(".php"),
    };
    let given = |own: &Option<String>, of_card: Option<String>, name: &str| {
        own.clone().or(of_card).ok_or_else(|| Trouble::new(format!("--{name} is missing (or --demo DIR/demo.json)")))
    };
    let base = given(&sign.base_url, card.map(|card| card.base_url.clone()), "base-url")?;
    let sid = given(&sign.sid, card.map(|card| card.wdt.sid.clone()), "sid")?;
    let of_card = card.map(|card| if is_php { card.openapi2() } else { card.top() });
    let keys = Keys {
        key: given(&sign.key, of_card.as_ref().map(|keys| keys.key.clone()), "key")?,
        secret: given(&own_secret(sign), of_card.map(|keys| keys.secret), "secret")?,
    };
    let raw = raw(sign)?;
    let mut rule = Rule::Openapi2;
    let (url, pairs) = if is_php {
        (format!("{base}/openapi2/{method}"), openapi2(&SystemClock, &sid, &keys, arguments))
    } else {
        let target = given(&sign.target, card.map(|card| card.qimen.target_app_key.clone()), "target")?;
        let digest = Digest::of_sign_method(Some(&sign.sign_method))
            .ok_or_else(|| Trouble::new("--sign-method is md5, hmac or hmac-sha256"))?;
        let body = raw.as_ref().map(|(body, _)| body.as_slice());
        rule = Rule::Top { digest, body };
        (format!("{base}/router/qm"), qimen_as(digest, &SystemClock, method, &sid, &keys, &target, arguments, body))
    };
    if sign.sample.is_some() {
        let params = params(&pairs)?;
        let content_type = raw.as_ref().map(|(_, content_type)| content_type.as_str()).unwrap_or_default();
        let wanted = Wanted { url: &url, rule, params: &params, content_type, secret: &keys.secret };
        return show_samples(sign, &wanted).map(|()| 0);
    }
    if let (Some((_, content_type)), Some(path)) = (&raw, &sign.body) {
        let address = format!("{url}?{}", encode(&pairs));
        println!("curl -sS -w '\\n' '{address}' -H 'Content-Type: {content_type}' --data-binary '@{}'", path.display());
        return Ok(0);
    }
    println!("curl -sS -w '\\n' '{url}' -d '{}'", encode(&pairs));
    eprintln!("valid for 5 minutes from {} / 5 分钟内有效", SystemClock.now());
    Ok(0)
}
