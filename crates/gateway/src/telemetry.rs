//! What the gateway tells the program about each call. No personal data, no parameters, no secrets.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Instant;

use crate::directory::Environment;
use crate::request_id::RequestId;
use crate::route::Channel;

/// The steps that are timed, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Reading the body and decoding the parameters.
    Decode,
    /// Finding method and application, checking clock and signature, permissions, throttle.
    Check,
    /// Decoding the arguments and the unit of work, with its wait for the disk.
    Run,
    /// Writing the envelope, compressing.
    Encode,
}

/// Names of the steps for metrics, in the order of [`CallRecord::micros`].
pub const STEPS: [&str; 4] = ["decode", "check", "run", "encode"];

/// One call, when it is over.
#[derive(Debug, Clone)]
pub struct CallRecord {
    /// Id of the call.
    pub request_id: RequestId,
    /// Through which door it came.
    pub channel: Channel,
    /// Key of the application, when it is known; an unknown key is outside text and is not kept.
    pub app: String,
    /// Its signature was accepted. Before, anybody may have named the key.
    pub recognised: bool,
    /// Whom a Qimen call is for (`target_app_key`), when it is known; empty otherwise.
    pub target: String,
    /// Scene of the method, when it has one.
    pub scene: String,
    /// Method without scene, when known; empty otherwise.
    pub method: Cow<'static, str>,
    /// The business number under which the call is found in the log; never personal.
    pub number: String,
    /// 0, the code of the refusal as the caller sees it, or the ERP's own code of a business refusal.
    pub code: i64,
    /// Sub-code of a refusal on the TOP side.
    pub sub_code: String,
    /// Whether the method changes something, when known.
    pub writes: bool,
    /// Nobody knows whether it was carried out: it took too long, or its target did not answer.
    pub open: bool,
    /// Answered by a mock rule.
    pub stubbed: bool,
    /// A person had it sent again.
    pub repushed: bool,
    /// Where it was forwarded to; empty when it was answered here.
    pub forwarded: String,
    /// From which address it came.
    pub peer: Option<IpAddr>,
    /// Environment, when known.
    pub environment: Option<Environment>,
    /// Number of the tenant; 0 when unknown.
    pub tenant: i64,
    /// The stored first answer was returned.
    pub replayed: bool,
    /// Which form of the signature matched; empty when none did. The first thing that support needs in a dispute.
    pub dialect: &'static str,
    /// Microseconds of each of the [`STEPS`].
    pub micros: [u32; 4],
    /// Bytes of the request body and of the reply as sent.
    pub bytes: (usize, usize),
}

impl CallRecord {
    /// A call of which nothing is known yet.
    pub(crate) fn begun(request_id: RequestId, channel: Channel, peer: Option<IpAddr>, bytes: usize) -> Self {
        Self {
            request_id,
            channel,
            app: String::new(),
            recognised: false,
            target: String::new(),
            scene: String::new(),
            method: Cow::Borrowed(""),
            number: String::new(),
            code: 0,
            sub_code: String::new(),
            writes: false,
            open: false,
            stubbed: false,
            repushed: false,
            forwarded: String::new(),
            peer,
            environment: None,
            tenant: 0,
            replayed: false,
            dialect: "",
            micros: [0; 4],
            bytes: (bytes, 0),
        }
    }
}

/// Receives the records; the program turns them into metrics and log lines. Called on the serving task: be quick.
pub trait CallSink: Send + Sync {
    /// Takes note of one finished call.
    fn record(&self, call: &CallRecord);
}

/// A sink that forgets everything: for tools and tests.
pub struct NoSink;

impl CallSink for NoSink {
    fn record(&self, _call: &CallRecord) {}
}

/// Stops the time between steps.
pub(crate) struct Stopwatch {
    last: Instant,
    pub(crate) micros: [u32; 4],
}

impl Stopwatch {
    pub(crate) fn started(at: Instant) -> Self {
        Self { last: at, micros: [0; 4] }
    }

    /// Books the time since the last mark on `step`.
    pub(crate) fn mark(&mut self, step: Step) {
        let now = Instant::now();
        let spent = u32::try_from(now.duration_since(self.last).as_micros()).unwrap_or(u32::MAX);
        self.last = now;
        if let Some(slot) = self.micros.get_mut(step as usize) {
            *slot = slot.saturating_add(spent);
        }
    }
}

/// The name of an openapi2 dialect in [`CallRecord::dialect`].
pub(crate) fn openapi2_dialect(unit: wire::wdt::LengthUnit) -> &'static str {
    match unit {
        wire::wdt::LengthUnit::CodePoints => "code-points",
        wire::wdt::LengthUnit::Utf16 => "utf-16",
        wire::wdt::LengthUnit::Bytes => "bytes",
    }
}

/// The name of a TOP dialect in [`CallRecord::dialect`].
pub(crate) fn top_dialect(dialect: wire::top::Dialect) -> &'static str {
    match (dialect.skipped_at, dialect.empties) {
        (true, _) => "skip-at",
        (false, wire::top::Empties::None) => "plain",
        (false, wire::top::Empties::Kept) => "keep-empty",
        (false, wire::top::Empties::Dropped) => "drop-empty",
    }
}
