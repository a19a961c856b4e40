//! Who calls with a key that nobody has, when that must not be told: an application that exists nowhere, so that the call takes the same
//! steps and the same time as one with a wrong signature, and gets the same words.
//!
//! The platforms have a code of their own for an unknown key (29, 2030), which tells an honest developer what is wrong and a
//! dishonest one which keys exist. So this is a setting, off by default.

use std::sync::Arc;

use store::Secret;

use crate::directory::{App, AppOptions, EnvelopeProfile, Protocol, Rights};

/// One stranger a protocol, when strangers are to be concealed.
pub(crate) struct Strangers(Option<[Arc<App>; 2]>);

impl Strangers {
    /// The seed is random: nobody can sign with their secret; and were it guessed, they are switched off.
    pub(crate) fn new(conceal: bool, seed: u64) -> Self {
        let stranger = |protocol| {
            Arc::new(App {
                number: 0,
                protocol,
                key: String::new(),
                secret: Secret::new(format!("{seed:016x}{:016x}", seed.rotate_left(29)).as_bytes()),
                tenant: 0,
                name: String::new(),
                enabled: false,
                rights: Rights::default(),
                options: AppOptions::default(),
            })
        };
        Self(conceal.then(|| [Protocol::Openapi2, Protocol::Top].map(stranger)))
    }

    /// How an answer to this application is wrapped as long as its signature was not seen to be right: an envelope of its own would
    /// tell that it is known.
    pub(crate) fn envelope(&self, app: &App) -> EnvelopeProfile {
        if self.0.is_some() { EnvelopeProfile::default() } else { app.options.envelope }
    }

    /// The stranger of this protocol; `None` when callers may know which keys exist.
    pub(crate) fn of(&self, protocol: Protocol) -> Option<&Arc<App>> {
        self.0.as_ref()?.iter().find(|stranger| stranger.protocol == protocol)
    }
}
