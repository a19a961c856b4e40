//! Which door a request came through. Paths only; nothing here looks at parameters.

use crate::directory::Environment;

/// The doors of the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// `/openapi2/<name>.php` (fact sheet wdt-1, 1.1).
    Openapi2,
    /// `/router/qm` and `/router/qmtest` (fact sheet qimen, A1).
    Qimen,
    /// `/router/rest`.
    Rest,
    /// `/router/qimen/service`, the standard scene of warehouses.
    Service,
}

impl Channel {
    /// The name in metrics and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Openapi2 => "openapi2",
            Self::Qimen => "qimen",
            Self::Rest => "rest",
            Self::Service => "service",
        }
    }
}

/// A path, understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'p> {
    /// The file name behind `/openapi2/`.
    Openapi2(&'p str),
    /// A Qimen path; the path alone decides the environment (fact sheet qimen, C2).
    Qimen(Environment),
    /// The general TOP path: production.
    Rest,
}

impl<'p> Route<'p> {
    /// Reads a path; `None` when it is not one of ours.
    pub(crate) fn of(path: &'p str) -> Option<Self> {
        if let Some(name) = path.strip_prefix("/openapi2/") {
            return Some(Self::Openapi2(name));
        }
        match path.strip_prefix("/top").unwrap_or(path) {
            "/router/qm" => Some(Self::Qimen(Environment::Production)),
            "/router/qmtest" => Some(Self::Qimen(Environment::Test)),
            "/router/rest" => Some(Self::Rest),
            _ => None,
        }
    }

    /// The environment that a path of Qimen or TOP decides.
    pub(crate) fn environment(self) -> Environment {
        match self {
            Self::Qimen(environment) => environment,
            Self::Openapi2(_) | Self::Rest => Environment::Production,
        }
    }

    /// The door this route belongs to.
    pub(crate) fn channel(self) -> Channel {
        match self {
            Self::Openapi2(_) => Channel::Openapi2,
            Self::Qimen(_) => Channel::Qimen,
            Self::Rest => Channel::Rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_door() {
        for (path, expected) in [
            ("/openapi2/shop.php", Some(Route::Openapi2("shop.php"))),
            ("/router/qm", Some(Route::Qimen(Environment::Production))),
            ("/top/router/qm", Some(Route::Qimen(Environment::Production))),
            ("/router/qmtest", Some(Route::Qimen(Environment::Test))),
            ("/top/router/qmtest", Some(Route::Qimen(Environment::Test))),
            ("/router/rest", Some(Route::Rest)),
            ("/top/router/rest", Some(Route::Rest)),
            ("/router/qmx", None),
            ("/top/openapi2/shop.php", None),
            ("/", None),
        ] {
            assert_eq!(Route::of(path), expected, "{path}");
        }
    }
}
