//! Explaining refused signatures: a hint for the caller when it made a known mistake, the whole story for the merchant's console.
//!
//! Known mistakes can only be recognised by who holds the secret, so a hint tells a stranger nothing.

use std::sync::Mutex;

use units::Moment;
use wire::call::Call as Content;
use wire::explain::{Explanation, Question, Rule, Verdict, explain};
use wire::top::Digest;

use crate::decode;
use crate::directory::{App, Protocol, Snapshot};
use crate::exchange::Received;
use crate::limits::{HINTS_PER_SECOND, MAX_HINTED};
use crate::route::{Channel, Route};

/// Gives hints, few enough that wrong signatures cost little.
#[derive(Default)]
pub(crate) struct Hints(Mutex<(i64, u32)>);

impl Hints {
    /// The mistake that gives exactly this signature, in words for the client's developer.
    pub(crate) fn of(&self, app: &App, content: &Content<'_>, digest: Option<Digest>, now: Moment) -> Option<String> {
        let size: usize = content.params.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size + content.raw.map_or(0, <[u8]>::len) > MAX_HINTED || !self.admit(now) {
            return None;
        }
        match asked(app, content, digest, None).verdict {
            Verdict::Mistake(mistake) => Some(mistake.to_string()),
            _ => None,
        }
    }

    fn admit(&self, now: Moment) -> bool {
        let mut second = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if second.0 != now.unix() {
            *second = (now.unix(), 0);
        }
        second.1 += 1;
        second.1 <= HINTS_PER_SECOND
    }
}

/// Why a received call's signature is wrong, or that it is right; `Err` says why that cannot be told. The explanation holds the
/// values of the call: for the merchant concerned, never for a log.
pub(crate) fn story(
    received: &Received,
    client_string: Option<&str>,
    directory: &Snapshot,
) -> Result<Explanation, String> {
    let route = Route::of(&received.path).ok_or("the path is not one of the gateway's")?;
    let content = decode::decode(received, route).map_err(|fault| fault.openapi2().1.into_owned())?;
    let get = |name: &str| content.params.get(name).unwrap_or_default();
    let (protocol, key) = match route.channel() {
        Channel::Openapi2 => (Protocol::Openapi2, get("appkey")),
        Channel::Qimen | Channel::Rest | Channel::Service => (Protocol::Top, get("app_key")),
    };
    let app = directory.app(protocol, key).ok_or("the application is not known")?;
    let digest = match protocol {
        Protocol::Openapi2 => None,
        Protocol::Top => {
            Some(Digest::of_sign_method(content.params.get("sign_method")).ok_or("sign_method is not known")?)
        }
    };
    Ok(asked(app, &content, digest, client_string))
}

fn asked(app: &App, content: &Content<'_>, digest: Option<Digest>, client_string: Option<&str>) -> Explanation {
    explain(&Question {
        rule: digest.map_or(Rule::Openapi2, |digest| Rule::Top { digest, body: content.raw }),
        secret: app.secret.expose_text(),
        params: &content.params,
        given: content.params.get("sign").unwrap_or_default(),
        client_string,
    })
}
