//! Why a forwarded call brought no usable answer, what the caller is told (fact sheet qimen, B3 and B8), and whether the target may
//! have carried it out.

use std::fmt;
use std::time::Duration;

use super::connect::ConnectFault;
use crate::fault::Fault;
use crate::limits::MAX_FORWARDED_REPLY;

/// Why there is no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForwardFault {
    /// The endpoint failed again and again and rests; for how long still.
    Resting(Duration),
    /// As many calls wait for it as may.
    Full,
    /// No place became free in time.
    Queued(Duration),
    /// No connection.
    Connect(ConnectFault),
    /// The call cannot be written for this target.
    Unwritable(String),
    /// The connection broke before a whole answer had come.
    Broken(String),
    /// No whole answer in time.
    Late(Duration),
    /// The answer is larger than [`MAX_FORWARDED_REPLY`].
    TooLarge,
    /// An HTTP status other than success.
    Status(u16),
    /// The answer cannot be read.
    Garbage(String),
}

impl ForwardFault {
    /// Nothing was sent, or the target refused it as HTTP: it was not carried out, and repeating it is safe.
    pub fn is_harmless(&self) -> bool {
        match self {
            Self::Resting(_) | Self::Full | Self::Queued(_) | Self::Connect(_) | Self::Unwritable(_) => true,
            Self::Status(status) => (300..500).contains(status),
            Self::Broken(_) | Self::Late(_) | Self::TooLarge | Self::Garbage(_) => false,
        }
    }

    /// Nothing was sent at all.
    pub fn is_unsent(&self) -> bool {
        self.is_harmless() && !matches!(self, Self::Status(_))
    }

    /// It speaks against the endpoint's health.
    pub(super) fn is_failure(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Broken(_) | Self::Late(_) => true,
            Self::Status(status) => *status >= 500,
            _ => false,
        }
    }
}

impl From<ForwardFault> for Fault {
    fn from(fault: ForwardFault) -> Self {
        let sub_code = match &fault {
            ForwardFault::Resting(rest) => {
                let seconds = i64::try_from(rest.as_secs()).unwrap_or(i64::MAX).saturating_add(1);
                return Self::TargetSpared { seconds };
            }
            ForwardFault::Full | ForwardFault::Queued(_) => return Self::TargetSpared { seconds: 1 },
            ForwardFault::Connect(ConnectFault::TooSlow) | ForwardFault::Late(_) => "isp.top-remote-connection-timeout",
            ForwardFault::Connect(_) | ForwardFault::Broken(_) => "isp.top-remote-connection-error",
            ForwardFault::Status(500..) => "isp.remote-service-error",
            ForwardFault::Unwritable(_)
            | ForwardFault::Status(_)
            | ForwardFault::TooLarge
            | ForwardFault::Garbage(_) => "isp.top-parse-error",
        };
        Self::NoAnswer { sub_code, why: fault.to_string(), open: !fault.is_harmless() }
    }
}

impl fmt::Display for ForwardFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resting(rest) => write!(
                f,
                "the target failed repeatedly and is not called for {} more seconds",
                rest.as_secs().saturating_add(u64::from(rest.subsec_nanos() > 0))
            ),
            Self::Full => f.write_str("too many calls wait for the target; nothing was sent, repeat the call later"),
            Self::Queued(waited) => {
                write!(f, "the target was busy for {} ms; nothing was sent, repeat the call later", waited.as_millis())
            }
            Self::Connect(fault) => fault.fmt(f),
            Self::Unwritable(problem) => write!(f, "the call cannot be written for the target: {problem}"),
            Self::Broken(problem) => write!(f, "the connection broke before the whole answer came: {problem}"),
            Self::Late(limit) => write!(f, "no answer from the target within {} ms", limit.as_millis()),
            Self::TooLarge => write!(f, "the target's answer is larger than {MAX_FORWARDED_REPLY} bytes"),
            Self::Status(status) => write!(f, "the target answered HTTP {status}"),
            Self::Garbage(problem) => write!(f, "the target's answer cannot be read: {problem}"),
        }
    }
}

impl std::error::Error for ForwardFault {}
