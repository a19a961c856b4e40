//! Scenes (场景): named groups of APIs with hosts of their own (fact sheet qimen, C1).

use serde::{Deserialize, Serialize};

/// A scene. Its code is the prefix of its methods (`hu3cgwt0tc.wdt.trade.push`) and the first label of its host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Scene {
    /// The prefix: lower-case letters, digits and `_`, without dots.
    #[serde(skip)]
    pub code: String,
    /// For people.
    pub name: String,
    /// Hosts that stand for the scene when `method` has no prefix, beside those whose first label is the code.
    pub hosts: Vec<String>,
    /// An official scene of the platform, with its fixed code; a custom one otherwise.
    pub official: bool,
    /// Whether methods without a definition are forwarded by the naming rule; otherwise they are refused with 22 (fact sheet qimen,
    /// E4).
    pub forward_unknown: bool,
    /// The target of calls that name none, for clients that cannot send `target_app_key`; empty = they are refused with 40.
    pub default_target_app_key: String,
}

impl Scene {
    /// Whether a call to `host` (the header's value, perhaps with a port) means this scene.
    pub fn is_at(&self, host: &str) -> bool {
        let host = bare(host);
        let label = host.split('.').next().unwrap_or_default();
        label.eq_ignore_ascii_case(&self.code) || self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }
}

/// A host without its port and final dot.
pub(in crate::directory) fn bare(host: &str) -> &str {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_stands_for_its_scene() {
        let scene = Scene { code: "hu3cgwt0tc".into(), hosts: vec!["wdt.example.cn".into()], ..Scene::default() };
        for (host, expected) in [
            ("hu3cgwt0tc.api.taobao.com", true),
            ("HU3CGWT0TC.api.taobao.com:443", true),
            ("hu3cgwt0tc", true),
            ("wdt.example.cn:8080", true),
            ("WDT.example.cn.", true),
            ("example.cn", false),
            ("hu3cgwt0tcx.api.taobao.com", false),
            ("", false),
            ("[::1]:80", false),
        ] {
            assert_eq!(scene.is_at(host), expected, "{host}");
        }
    }
}
