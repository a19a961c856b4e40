//! Checking, and telling what is wrong.

use units::Clock;
use wire::explain::{Comparison, Question, Rule, Verdict, explain};
use wire::params::Params;
use wire::sample::Wanted;
use wire::top::Digest;

use super::{Protocol, Sign, own_secret, raw, show_samples};
use crate::client::Pairs;
use crate::demo::Card;
use crate::outside::SystemClock;
use crate::trouble::Trouble;

/// Says whether a signature is right, and if not, why: 0 or 1.
pub(super) fn check(sign: &Sign, card: Option<&Card>, text: &str) -> Result<usize, Trouble> {
    let pairs = pairs(text)?;
    let get = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let protocol = sign.protocol.unwrap_or(if get("app_key").is_some() { Protocol::Qimen } else { Protocol::Openapi2 });
    let of_card = card.map(|card| if protocol == Protocol::Openapi2 { card.openapi2() } else { card.top() });
    let secret = own_secret(sign)
        .or(of_card.map(|keys| keys.secret))
        .ok_or_else(|| Trouble::new("--secret is missing (or MATOU_SIGN_SECRET, or --demo DIR/demo.json)"))?;
    let given = get("sign").ok_or_else(|| Trouble::new("there is no parameter sign to check / 缺少 sign 参数"))?;
    let raw = raw(sign)?;
    let params = params(&pairs)?;
    let rule = match protocol {
        Protocol::Openapi2 => Rule::Openapi2,
        Protocol::Qimen => {
            let digest = Digest::of_sign_method(get("sign_method"))
                .ok_or_else(|| Trouble::new("sign_method is none of md5, hmac, hmac-sha256 / sign_method 不支持"))?;
            Rule::Top { digest, body: raw.as_ref().map(|(body, _)| body.as_slice()) }
        }
    };
    let arrival: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let others: Vec<String> = card.map(|card| [card.openapi2().secret, card.top().secret].into()).unwrap_or_default();
    let others: Vec<&str> = others.iter().map(String::as_str).filter(|other| *other != secret).collect();
    let question = Question {
        client_string: sign.client_string.as_deref(),
        arrival: &arrival,
        other_secrets: &others,
        now: Some(SystemClock.now()),
        ..Question::new(rule, &secret, &params, given)
    };
    let told = explain(&question);
    println!("rule / 规则:      {}", if protocol == Protocol::Openapi2 { "openapi2" } else { "TOP / Qimen 奇门" });
    println!("to be signed / 待签名串(*** = secret):\n  {}", told.canonical);
    let wrong = tell(&told.verdict);
    match &told.comparison {
        None => {}
        Some(Comparison::Same) => println!("your string / 客户端待签名串: is the right one / 与此一致"),
        Some(differs) => println!("your string / 客户端待签名串: {differs}"),
    }
    for remark in &told.remarks {
        println!("besides / 另外:    {remark}");
    }
    let url = match (text.split_once('?'), &sign.base_url, card) {
        (Some((url, _)), ..) if url.contains("://") => url.to_owned(),
        (_, base, card) => {
            let of_card = card.map(|card| card.base_url.as_str());
            let base = base.as_deref().or(of_card).unwrap_or("http://127.0.0.1:8080");
            format!("{base}/{}", if protocol == Protocol::Openapi2 { "openapi2/" } else { "router/qm" })
        }
    };
    let content_type = raw.as_ref().map(|(_, content_type)| content_type.as_str()).unwrap_or_default();
    show_samples(sign, &Wanted { url: &url, rule, params: &params, content_type, secret: &secret })?;
    Ok(wrong)
}

/// Says it; how many signatures are wrong.
fn tell(verdict: &Verdict) -> usize {
    let right = matches!(verdict, Verdict::Accepted { .. });
    println!("signature / 签名:  {}{verdict}", if right { "" } else { "wrong / 错误: " });
    usize::from(!right)
}

/// All pairs but `sign`.
pub(super) fn params(pairs: &Pairs) -> Result<Params<'_>, Trouble> {
    let signed = pairs.iter().filter(|(name, _)| name != "sign").map(|(name, value)| (name.as_str(), value.as_str()));
    Params::of_pairs(signed).map_err(|error| Trouble::new(error.to_string()))
}

/// The parameters of a query string, a form body, a URL or a JSON object.
fn pairs(text: &str) -> Result<Pairs, Trouble> {
    if text.starts_with('{') {
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|error| Trouble::new(format!("the JSON of the parameters: {error}")))?;
        let told = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        return Ok(object.into_iter().map(|(name, value)| (name, told(value))).collect());
    }
    let query = if text.contains("://") { text.split_once('?').map_or("", |(_, query)| query) } else { text };
    let params = Params::of_query(query.as_bytes()).map_err(|error| Trouble::new(error.to_string()))?;
    Ok(params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
