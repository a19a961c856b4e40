//! One business write, once: an API whose definition names a business key (`once_key`) answers the same key from the same caller for the
//! same target with the stored first answer when its content is the same, however it is signed, and refuses it, naming the first
//! call, when it is not (fact sheet qimen, G, 14).
//!
//! Lives here: the key of a call, and the row that leads from it to the first call's receipt. The answer stays in that receipt, so a call whose
//! outcome is not known is pending here as well, and one that certainly never reached its target frees the key. Never here: the identical
//! signed message, which its receipt answers before anybody looks at a key.

mod table;

use store::{Tx, Vault};
use wire::call::Call as Content;

use crate::directory::{Api, PUBLIC_PARAMETERS};
use crate::method::Refused;
use crate::pick::Source;
use crate::pipeline::Gateway;
use crate::telemetry::CallRecord;

pub(crate) use table::{First, keep, look};

/// The same code as for any repeated operation (fact sheet wdt-1, 1.11: 请勿重复操作).
const REPEATED: i64 = 1020;
/// Public parameters of openapi2.
const OF_OPENAPI2: [&str; 3] = ["appkey", "sid", "timestamp"];

/// The business key of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OnceKey {
    /// Keyed hash of caller, target and the key's values.
    pub(crate) key: [u8; 16],
    /// Keyed hash of everything that is business in the call.
    pub(crate) content: [u8; 16],
    /// Id of the call.
    pub(crate) request_id: String,
    /// How long the key is remembered.
    pub(crate) seconds: i64,
    names: String,
}

impl OnceKey {
    /// The key, when the API has one and the call has all of its values.
    fn of(api: &Api, content: &Content<'_>, record: &CallRecord, vault: &Vault, seconds: i64) -> Option<Self> {
        if api.once_key.is_empty() {
            return None;
        }
        let source = Source { params: &content.params, raw: content.raw };
        let environment = record.environment.map_or("", |environment| environment.name());
        let sid = content.params.get("sid").unwrap_or_default();
        let mut key = String::from("once");
        for part in [environment, &record.app, &record.target, sid, &record.method] {
            push(&mut key, part);
        }
        for path in &api.once_key {
            let value = source.pick(path).filter(|value| !value.is_empty())?;
            push(&mut key, path);
            push(&mut key, &value);
        }
        let mut business = String::from("content");
        for (name, value) in content.params.iter() {
            if !PUBLIC_PARAMETERS.contains(&name) && !OF_OPENAPI2.contains(&name) {
                push(&mut business, name);
                push(&mut business, value);
            }
        }
        push(&mut business, &String::from_utf8_lossy(content.raw.unwrap_or_default()));
        Some(Self {
            key: vault.fingerprint(&key),
            content: vault.fingerprint(&business),
            request_id: record.request_id.to_string(),
            seconds,
            names: api.once_key.join(", "),
        })
    }

    /// What a call hears that says something else under the key of an earlier one.
    pub(crate) fn clash(&self, first: &First) -> Refused {
        let text = format!(
            "业务键({})已由请求 {} 以不同内容提交，本次未执行 / the business key was used with other content by call {}; nothing was done",
            self.names, first.request_id, first.request_id
        );
        Refused::new(REPEATED, text)
    }
}

/// Length and text, so that no two lists of texts look alike.
fn push(into: &mut String, text: &str) {
    into.push_str(&format!("|{}:", text.len()));
    into.push_str(text);
}

impl Gateway {
    /// The business key of a write.
    pub(crate) fn once_key(&self, api: Option<&Api>, content: &Content<'_>, record: &CallRecord) -> Option<OnceKey> {
        let seconds = i64::from(self.parts.config.once_days) * 86_400;
        OnceKey::of(api?, content, record, self.store().vault(), seconds)
    }
}

/// The first call with this key whose receipt is still there; what that receipt holds is for the caller to read.
pub(crate) fn first(tx: &mut Tx, key: &OnceKey) -> store::Result<Option<(First, store::receipt::Receipt)>> {
    let Some(first) = look(tx, key)? else { return Ok(None) };
    let kept = store::receipt::find(tx, &first.fingerprint)?;
    Ok(kept.map(|kept| (first, kept)))
}
