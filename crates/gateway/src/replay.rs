//! Telling an identical call from a new one: the fingerprint of a message, and the memory for applications that refuse to read twice.
//!
//! On openapi2 two calls are identical when application, method and every signed parameter (the timestamp among them) are equal. The
//! signature itself does not count there: one content has several valid ones (other letters' case, other dialects).
//!
//! On TOP and Qimen it is the other way round: one signature has several contents, because the signed string has no separators
//! (`zz`=`1` and `z`=`z1`). Who captured a signed write could cut it anew and have it carried out again. So there the signature is
//! what counts, in whatever case: cut anew it is the same call, and gets the first answer.

use std::collections::HashMap;
use std::sync::Mutex;

use store::{Vault, receipt};
use units::Moment;
use wire::call::Call as Content;
use wire::json::write_text;
use wire::params::Params;

use crate::directory::{App, Protocol};
use crate::exchange::Received;
use crate::fault::Fault;
use crate::limits::MAX_REMEMBERED_READS;
use crate::pipeline::Gateway;
use crate::route::{Channel, Route};
use crate::run::Draft;

/// What of a call is signed: parameters that the signature covered, and the raw body.
pub(crate) struct Signed<'c> {
    pub(crate) app: &'c App,
    pub(crate) method: &'c str,
    pub(crate) path: &'c str,
    pub(crate) sign: &'c str,
    pub(crate) params: &'c Params<'c>,
    pub(crate) raw: Option<&'c [u8]>,
}

/// A signed message for its receipt.
pub(crate) struct Sealed {
    pub(crate) fingerprint: [u8; 16],
    pub(crate) message: Vec<u8>,
}

impl Sealed {
    /// The receipt of a method of ours.
    pub(crate) fn draft(self, method: &'static str) -> Draft {
        Draft { fingerprint: self.fingerprint, method, message_sealed: self.message, once: None }
    }
}

impl Signed<'_> {
    /// The keyed hash of the content.
    pub(crate) fn fingerprint(&self, vault: &Vault) -> [u8; 16] {
        match self.app.protocol {
            Protocol::Openapi2 => fingerprint(vault, &self.content()),
            Protocol::Top => self.of_signature(vault),
        }
    }

    fn of_signature(&self, vault: &Vault) -> [u8; 16] {
        vault.fingerprint(&format!("top {} {} {}", self.app.key, self.method, self.sign.to_ascii_uppercase()))
    }

    /// What a receipt needs before the answer is known: fingerprint, and the message sealed.
    pub(crate) fn sealed(&self, vault: &Vault) -> Sealed {
        let content = self.content();
        let fingerprint = match self.app.protocol {
            Protocol::Openapi2 => fingerprint(vault, &content),
            Protocol::Top => self.of_signature(vault),
        };
        let mut message = Vec::with_capacity(content.len() + 128);
        message.extend_from_slice(b"{\"path\":");
        write_text(&mut message, self.path);
        message.extend_from_slice(b",\"sign\":");
        write_text(&mut message, self.sign);
        message.push(b',');
        message.extend_from_slice(&content);
        Sealed { fingerprint, message: receipt::seal_message(vault, &fingerprint, &message) }
    }

    /// `"app":…,"method":…,"parameters":{…},"body":…}`: unambiguous, in byte order of the names.
    fn content(&self) -> Vec<u8> {
        let length: usize = self.params.iter().map(|(name, value)| name.len() + value.len() + 8).sum();
        let mut out = Vec::with_capacity(length + length / 8 + self.raw.map_or(0, <[u8]>::len) + 128);
        out.extend_from_slice(b"\"app\":");
        write_text(&mut out, self.app.protocol.name());
        out.extend_from_slice(b",\"key\":");
        write_text(&mut out, &self.app.key);
        out.extend_from_slice(b",\"method\":");
        write_text(&mut out, self.method);
        out.extend_from_slice(b",\"parameters\":{");
        let mut comma = false;
        for (name, value) in self.params.iter().filter(|(name, _)| *name != "sign") {
            if std::mem::replace(&mut comma, true) {
                out.push(b',');
            }
            write_text(&mut out, name);
            out.push(b':');
            write_text(&mut out, value);
        }
        out.push(b'}');
        if let Some(raw) = self.raw {
            out.extend_from_slice(b",\"body\":");
            write_text(&mut out, &String::from_utf8_lossy(raw));
        }
        out.push(b'}');
        out
    }
}

fn fingerprint(vault: &Vault, content: &[u8]) -> [u8; 16] {
    // Everything in it was text.
    vault.fingerprint(std::str::from_utf8(content).unwrap_or_default())
}

/// Fingerprints of reads until their window is over, for applications that are set to strict.
#[derive(Default)]
pub(crate) struct Seen(Mutex<HashMap<[u8; 16], i64>>);

impl Seen {
    /// False when the same read was seen and its window is not over.
    pub(crate) fn is_new(&self, fingerprint: [u8; 16], now: Moment, window: i64) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if seen.len() >= MAX_REMEMBERED_READS {
            seen.retain(|_, until| *until >= now.unix());
            if seen.len() >= MAX_REMEMBERED_READS {
                seen.clear();
            }
        }
        // A timestamp may be a window ahead, so the same message stays valid for two.
        let until = now.unix().saturating_add(2 * window);
        match seen.insert(fingerprint, until) {
            Some(before) if before >= now.unix() => {
                seen.insert(fingerprint, before);
                false
            }
            _ => true,
        }
    }
}

impl Gateway {
    /// A write gets the draft of its receipt, which the unit of work looks up first. An identical read is answered again, unless
    /// the application is strict.
    #[expect(clippy::too_many_arguments, reason = "what is known about a call at this point")]
    pub(crate) fn guard_against_replay(
        &self,
        route: Route<'_>,
        method: &str,
        writes: bool,
        app: &App,
        content: &Content<'_>,
        received: &Received,
        now: Moment,
    ) -> Result<Option<Sealed>, Fault> {
        if !writes && !app.options.strict_replay {
            return Ok(None);
        }
        let sign = content.params.get("sign").unwrap_or_default();
        let (params, raw) = (&content.params, content.raw);
        let signed = Signed { app, method, path: &received.path, sign, params, raw };
        let vault = self.parts.store.vault();
        if writes {
            return Ok(Some(signed.sealed(vault)));
        }
        let window = match route.channel() {
            Channel::Openapi2 => self.parts.config.openapi2_window,
            _ => self.parts.config.top_window,
        };
        if self.seen.is_new(signed.fingerprint(vault), now, window) { Ok(None) } else { Err(Fault::Repeated) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_is_new_again_when_its_window_is_over() {
        let (seen, now) = (Seen::default(), Moment::from_unix(1_700_000_000));
        assert!(seen.is_new([1; 16], now, 300));
        assert!(!seen.is_new([1; 16], now.plus(600), 300));
        assert!(seen.is_new([2; 16], now, 300));
        assert!(seen.is_new([1; 16], now.plus(601), 300));
    }
}
