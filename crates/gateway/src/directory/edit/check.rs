//! What stored values must be like. Each refusal names the field and the rule.

use std::collections::BTreeSet;

use http::Uri;
use store::Secret;

use crate::directory::model::{
    Api, EVERY_SID, Effect, Endpoint, PUBLIC_PARAMETERS, Parameter, Scene, Target, TargetKind, WindowRule,
};
use crate::directory::{Error, Result};
use crate::limits;
use crate::pick::is_path;

/// Longest key, `sid` or name, characters.
const MAX_NAME: usize = 64;

fn invalid<T>(text: impl Into<String>) -> Result<T> {
    Err(Error::Invalid(text.into()))
}

/// Keys travel in URLs and signatures: printable ASCII without blanks.
pub(super) fn check_name(field: &str, value: &str) -> Result<()> {
    let fits = (1..=MAX_NAME).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
    if fits && value != EVERY_SID {
        return Ok(());
    }
    Err(Error::Invalid(format!("{field} must have 1 to {MAX_NAME} printable ASCII characters without blanks")))
}

pub(super) fn check_title(value: &str) -> Result<()> {
    if value.chars().count() <= MAX_NAME && !value.contains(char::is_control) {
        return Ok(());
    }
    Err(Error::Invalid(format!("name must have at most {MAX_NAME} characters and no control characters")))
}

/// Signatures are made with the secret as text.
pub(super) fn check_secret(secret: &Secret) -> Result<()> {
    let length = secret.expose_text().chars().count();
    if (8..=128).contains(&length) && !secret.expose_text().contains(char::is_control) {
        return Ok(());
    }
    Err(Error::Invalid("secret must be a text of 8 to 128 characters".into()))
}

/// Whether the code, the hosts and the name of a scene can be used.
pub(in crate::directory) fn check_scene(scene: &Scene) -> Result<()> {
    check_title(&scene.name)?;
    check_code(&scene.code)?;
    if scene.hosts.len() > limits::SCENE_HOSTS {
        return invalid(format!("hosts: at most {}", limits::SCENE_HOSTS));
    }
    for host in &scene.hosts {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
        if host.is_empty() || host.len() > 253 || !host.bytes().all(plain) {
            return invalid(format!("hosts: {host:?} is not a host name; write it without scheme and port"));
        }
    }
    Ok(())
}

fn check_code(code: &str) -> Result<()> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if (1..=MAX_NAME).contains(&code.len()) && code.bytes().all(plain) {
        return Ok(());
    }
    invalid(format!("code: 1 to {MAX_NAME} lower-case letters, digits or _"))
}

/// Whether a definition can be used as it stands.
pub(super) fn check_api(api: &Api) -> Result<()> {
    check_title(&api.title)?;
    check_code(&api.scene)?;
    // Fact sheet qimen, C3: company.line.data.operation; short names of the WMS scene have two words.
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if api.name.len() > limits::API_NAME || !api.name.contains('.') || !api.name.split('.').all(word) {
        return invalid("name: at least two words of letters, digits, _ and - with dots between, without the scene");
    }
    if !(1..=limits::MAX_API_TIMEOUT_MS).contains(&api.timeout_ms) {
        return invalid(format!("timeout_ms: 1 to {}", limits::MAX_API_TIMEOUT_MS));
    }
    if api.parameters.len() > limits::API_PARAMETERS {
        return invalid(format!("parameters: at most {}", limits::API_PARAMETERS));
    }
    let (mut names, mut at_target) = (BTreeSet::new(), BTreeSet::new());
    for parameter in &api.parameters {
        let Parameter { name, target_name, .. } = parameter;
        check_parameter_name(name)?;
        if !target_name.is_empty() {
            check_parameter_name(target_name)?;
            // It would be taken for the gateway's own, which goes before.
            if PUBLIC_PARAMETERS.contains(&target_name.as_str()) {
                return invalid(format!("parameters: {target_name} is a public parameter, so {name} cannot become it"));
            }
        }
        if !names.insert(name) {
            return invalid(format!("parameters: {name} is there twice"));
        }
        if !at_target.insert(parameter.name_at_target()) {
            let twice = parameter.name_at_target();
            return invalid(format!("parameters: the target would get {twice} twice"));
        }
    }
    let knows = |name: &str| api.parameters.is_empty() || api.parameter(name).is_some();
    if let Some(indexed) = &api.indexed {
        let first = indexed.split(['.', '[']).next().unwrap_or_default();
        if indexed.len() > limits::API_NAME || first.is_empty() || !knows(first) {
            return invalid(
                "indexed: a parameter of the definition, with a path behind it if need be: trade_list[0].tid",
            );
        }
    }
    if api.once_key.len() > limits::ONCE_KEY {
        return invalid(format!("once_key: at most {} parameters", limits::ONCE_KEY));
    }
    if let Some(unknown) = api.once_key.iter().find(|path| !knows(path.split(['.', '[']).next().unwrap_or_default())) {
        return invalid(format!("once_key: {unknown} is not a parameter of the definition"));
    }
    if let Some(window) = &api.window {
        check_window(api, window, knows)?;
    }
    if let Some(rule) = &api.failure {
        let values = rule.is.len() + rule.is_not.len();
        if rule.field.is_empty() || rule.field.len() > limits::API_NAME || values > limits::FAILURE_VALUES {
            return invalid("failure: names a field and at most some values of it");
        }
        if rule.is.is_empty() == rule.is_not.is_empty() {
            return invalid("failure: give either `is` or `is_not`");
        }
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-' | b'~');
    if api.path.len() > limits::URL || !api.path.bytes().all(plain) || api.path.split('/').any(|part| part == "..") {
        return invalid("path: letters, digits, and / . _ - ~");
    }
    Ok(())
}

/// A read needs its window, and the total when it has pages; a write needs its shop.
fn check_window(api: &Api, window: &WindowRule, knows: impl Fn(&str) -> bool) -> Result<()> {
    let WindowRule { start, end, page, size, usual_size, first_page, total, shop } = window;
    for path in [start, end, page, size, shop].into_iter().filter(|path| !path.is_empty()) {
        let first = path.split(['.', '[']).next().unwrap_or_default();
        if path.len() > limits::API_NAME || !is_path(path) || !knows(first) {
            return invalid(format!("window: {path} is not a parameter of the definition, nor a path into one"));
        }
    }
    if !total.is_empty() && (total.len() > limits::API_NAME || !is_path(total)) {
        return invalid("window: total is the path of a field of the reply");
    }
    if *first_page > 1 {
        return invalid("window: first_page is 0 or 1");
    }
    match api.effect {
        Effect::Command if shop.is_empty() => invalid("window: a write is watched by its shop"),
        Effect::Query if start.is_empty() || end.is_empty() => invalid("window: a read is watched by start and end"),
        Effect::Query if !page.is_empty() && (total.is_empty() || size.is_empty() && *usual_size == 0) => {
            invalid("window: pages need the total of the reply, and size or usual_size")
        }
        Effect::Command | Effect::Query => Ok(()),
    }
}

fn check_parameter_name(name: &str) -> Result<()> {
    let fits = (1..=wire::limits::NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
    if fits && name != "sign" {
        return Ok(());
    }
    invalid(format!("parameters: {name:?} is not a name that can travel"))
}

/// Whether a target and its endpoints can be used. An endpoint need not be set.
pub(super) fn check_target(target: &Target) -> Result<()> {
    check_name("target_app_key", &target.key)?;
    check_title(&target.name)?;
    let endpoints = [("production", &target.production), ("test", &target.test)];
    for (environment, endpoint) in endpoints {
        if target.kind == TargetKind::Erp && *endpoint != Endpoint::default() {
            return invalid(format!("{environment}: the built-in target has no endpoints"));
        }
        check_endpoint(endpoint, target.kind).map_err(|error| Error::Invalid(format!("{environment}: {error}")))?;
    }
    Ok(())
}

fn check_endpoint(endpoint: &Endpoint, kind: TargetKind) -> Result<()> {
    if endpoint.is_set() {
        check_url(&endpoint.url)?;
    }
    if !endpoint.secret.expose().is_empty() {
        check_secret(&endpoint.secret)?;
    }
    if endpoint.timeout_ms.is_some_and(|ms| !(1..=limits::MAX_API_TIMEOUT_MS).contains(&ms)) {
        return invalid(format!("timeout_ms: 1 to {}", limits::MAX_API_TIMEOUT_MS));
    }
    if !(1..=limits::MAX_TARGET_IN_FLIGHT).contains(&endpoint.max_in_flight) {
        return invalid(format!("max_in_flight: 1 to {}", limits::MAX_TARGET_IN_FLIGHT));
    }
    if endpoint.max_waiting > limits::MAX_TARGET_WAITING {
        return invalid(format!("max_waiting: at most {}", limits::MAX_TARGET_WAITING));
    }
    match &endpoint.openapi2 {
        Some(_) if kind != TargetKind::Openapi2 => invalid("openapi2: only for targets of the kind openapi2"),
        Some(account) => {
            check_name("openapi2.appkey", &account.appkey)?;
            if let Some(sid) = &account.sid {
                check_name("openapi2.sid", sid)?;
            }
            if account.personal_names.len() > limits::PERSONAL_NAMES {
                return invalid(format!("openapi2.personal_names: at most {} names", limits::PERSONAL_NAMES));
            }
            account.personal_names.iter().try_for_each(|name| check_name("openapi2.personal_names", name))?;
            if account.secret.expose().is_empty() { Ok(()) } else { check_secret(&account.secret) }
        }
        None => Ok(()),
    }
}

fn check_url(url: &str) -> Result<()> {
    let wrong = || Error::Invalid("url: http:// or https:// with a host, without user, query and fragment".to_owned());
    let parsed: Uri = url.parse().map_err(|_| wrong())?;
    let scheme = matches!(parsed.scheme_str(), Some("http" | "https"));
    let host = parsed.host().is_some_and(|host| !host.is_empty());
    let bare = parsed.query().is_none() && !url.contains(['@', '#']) && url.len() <= limits::URL;
    // The parser takes any digits behind the colon.
    let port = parsed.authority().is_some_and(|all| all.host() == all.as_str() || all.port_u16().is_some());
    if scheme && host && bare && port { Ok(()) } else { Err(wrong()) }
}

/// A reason is one line for people.
pub(super) fn check_reason(reason: &str) -> Result<()> {
    if reason.chars().count() <= limits::REASON && !reason.contains(char::is_control) {
        return Ok(());
    }
    invalid(format!("reason: at most {} characters without control characters", limits::REASON))
}
