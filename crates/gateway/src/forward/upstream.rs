//! An endpoint of a target, as the forwarding needs it.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;

use crate::directory::{Api, Charset, Endpoint, Environment, MethodSpelling, Scene, Target};

/// An endpoint, ready to be called.
#[derive(Clone)]
pub struct Upstream {
    target: Arc<Target>,
    environment: Environment,
    /// Where the call goes, the API's own path included. A query in it is forwarded, and signed, with the call's own.
    pub(super) url: Uri,
    /// How long it may take.
    pub(super) timeout: Duration,
}

impl Upstream {
    /// The endpoint of a target in an environment, for a call of this API; `Err` says why it cannot be called.
    pub fn of(target: &Arc<Target>, environment: Environment, api: &Api) -> Result<Self, String> {
        let endpoint = target.endpoint(environment);
        if !endpoint.is_set() {
            return Err(format!("target {} has no address in the environment {}", target.key, environment.name()));
        }
        let url = address(&endpoint.url_for(api))?;
        let timeout = Duration::from_millis(endpoint.timeout_for(api).into());
        Ok(Self { target: Arc::clone(target), environment, url, timeout })
    }

    /// Key of the target.
    pub fn target(&self) -> &str {
        &self.target.key
    }

    /// Which of its endpoints.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// How it wants to be called.
    pub fn endpoint(&self) -> &Endpoint {
        self.target.endpoint(self.environment)
    }

    /// How long it may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Path and query of its address.
    pub fn path(&self) -> &str {
        self.url.path_and_query().map_or("/", |path| path.as_str())
    }

    /// Host and port, for people.
    pub(super) fn place(&self) -> String {
        self.url.authority().map(ToString::to_string).unwrap_or_default()
    }

    pub(super) fn charset(&self) -> Charset {
        self.endpoint().charset
    }

    /// How it calls a method of a scene (fact sheet qimen, C4). The long spelling belongs to official scenes.
    pub(crate) fn spelt(&self, scene: &Scene, name: &str) -> String {
        match self.endpoint().method_spelling {
            MethodSpelling::Short => name.to_owned(),
            MethodSpelling::Long if scene.official => format!("taobao.{}.{name}", scene.code),
            MethodSpelling::Scene | MethodSpelling::Long if scene.code.is_empty() => name.to_owned(),
            MethodSpelling::Scene | MethodSpelling::Long => format!("{}.{name}", scene.code),
        }
    }

    /// Whether the line made for `other` serves this one, too.
    pub(super) fn connects_like(&self, other: &Self) -> bool {
        let (own, its) = (self.endpoint(), other.endpoint());
        self.url.scheme() == other.url.scheme()
            && self.url.authority() == other.url.authority()
            && own.private_allowed == its.private_allowed
            && own.max_in_flight == its.max_in_flight
            && own.max_waiting == its.max_waiting
    }
}

/// Reads the address of a target: `http` or `https`, a host, no user name, nothing that a header could not carry.
pub(crate) fn address(url: &str) -> Result<Uri, String> {
    let uri: Uri = url.parse().map_err(|error| format!("{error}"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("expected http:// or https://".to_owned());
    }
    match uri.authority() {
        Some(authority) if authority.host().is_empty() => Err("a host is missing".to_owned()),
        Some(authority) if authority.as_str().contains('@') => Err("a user name or password is not used".to_owned()),
        Some(_) => Ok(uri),
        None => Err("a host is missing".to_owned()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use store::Secret;

    use super::*;
    use crate::directory::{Openapi2Account, TargetKind};

    /// An endpoint at `url` with the secret `targetSecret`, and an interface account `wdt2-ot`.
    pub(in crate::forward) fn upstream(url: &str, charset: Charset) -> Upstream {
        let account =
            Openapi2Account { appkey: "wdt2-ot".into(), secret: Secret::new("wdtsecret"), ..Default::default() };
        let production = Endpoint {
            url: url.into(),
            secret: Secret::new("targetSecret"),
            charset,
            openapi2: Some(account),
            ..Endpoint::default()
        };
        let target = Target { kind: TargetKind::Http, production, ..Target::built_in("21363512", "") };
        Upstream::of(&Arc::new(target), Environment::Production, &Api::default()).unwrap()
    }

    #[test]
    fn addresses_are_plain() {
        for good in ["http://erp.example.com/qimen", "https://1.2.3.4:8443", "http://[::1]:80/a?b=c"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in ["", "/qimen", "erp.example.com", "ftp://a/", "http://u:p@a/", "http://a/ b", "http://a\r\nX: 1/"] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn methods_are_spelt_as_the_target_wants() {
        let custom = Scene { code: "hu3cgwt0tc".into(), ..Scene::default() };
        let official = Scene { code: "qimen".into(), official: true, ..Scene::default() };
        let mut upstream = upstream("http://erp.example.com", Charset::Utf8);
        for (spelling, of_custom, of_official) in [
            (MethodSpelling::Short, "a.b", "a.b"),
            (MethodSpelling::Scene, "hu3cgwt0tc.a.b", "qimen.a.b"),
            (MethodSpelling::Long, "hu3cgwt0tc.a.b", "taobao.qimen.a.b"),
        ] {
            Arc::make_mut(&mut upstream.target).production.method_spelling = spelling;
            assert_eq!(upstream.spelt(&custom, "a.b"), of_custom);
            assert_eq!(upstream.spelt(&official, "a.b"), of_official);
        }
    }
}
