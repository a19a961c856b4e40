//! Methods of TOP that the gateway answers itself, on `/router/rest`.

use bytes::Bytes;
use units::Moment;
use wire::json::write_text;

use crate::config::Config;
use crate::reply::Answer;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    /// Clients check their clock with it (fact sheet qimen, A8).
    Time,
    /// Targets ask from which addresses forwarded calls come (fact sheet qimen, C2).
    OutgoingAddresses,
}

impl Own {
    /// The method of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Time, Self::OutgoingAddresses].into_iter().find(|own| own.name() == name)
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Time => "taobao.time.get",
            Self::OutgoingAddresses => "taobao.top.ipout.get",
        }
    }

    /// Its answer.
    pub(crate) fn answer(self, now: Moment, config: &Config, request_id: String) -> Answer {
        let mut members = Vec::new();
        match self {
            Self::Time => {
                members.extend_from_slice(b",\"time\":");
                write_text(&mut members, &now.to_string());
            }
            Self::OutgoingAddresses => {
                members.extend_from_slice(b",\"ip_list\":");
                write_text(&mut members, &config.outgoing_addresses.join(","));
            }
        }
        Answer { code: 0, message: String::new(), members: Bytes::from(members), request_id }
    }
}
