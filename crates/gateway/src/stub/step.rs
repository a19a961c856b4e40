//! The stub's step of the pipeline: behind every check, before the target.

use std::time::Duration;

use units::Moment;
use wire::call::Call as Content;

use super::answer::Mocked;
use crate::directory::{Api, Environment, Snapshot, StubState};
use crate::exchange::Sent;
use crate::fault::Fault;
use crate::method::Refused;
use crate::pick::Source;
use crate::pipeline::Gateway;
use crate::trace::Trace;

/// What a call hears that no rule fits.
const NO_RULE: i64 = 1;
const NO_RULE_FITS: &str =
    "挡板已开启，但没有匹配的规则 / the stub of this API is on, and none of its rules fits the call";

impl Gateway {
    /// The answer of the mock rules of the method, and after how long it goes; `None` when the target is to answer.
    pub(crate) fn mocked(
        &self,
        directory: &Snapshot,
        api: Option<&Api>,
        content: &Content<'_>,
        now: Moment,
        trace: &mut Trace<'_>,
    ) -> Result<Option<(Sent, Duration)>, Fault> {
        let record = &mut trace.record;
        let set = record.environment.and_then(|environment| directory.stub(environment, &record.method));
        let always = api.is_some_and(|api| api.stub == StubState::On);
        let set = match set {
            Some(set) => set,
            // A definition that says `stub: on` must not reach the target because somebody took the rules away.
            None if always && record.environment == Some(Environment::Test) => {
                return Err(Fault::Business(Refused::new(NO_RULE, NO_RULE_FITS)));
            }
            None => return Ok(None),
        };
        let source = Source { params: &content.params, raw: content.raw };
        match self.stubs().answer(set, always, source, record.request_id.as_str(), now) {
            None => Ok(None),
            Some(Mocked::Nothing) => Err(Fault::Business(Refused::new(NO_RULE, NO_RULE_FITS))),
            Some(Mocked::Answer { sent, delay, rule }) => {
                (record.stubbed, record.forwarded) = (true, rule);
                Ok(Some((sent, delay)))
            }
        }
    }
}
