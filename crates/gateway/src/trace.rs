//! What is known about a call while it runs, and what is told about it when it is over: the call log first, then the metrics.

use crate::coverage::Sighting;
use crate::declared;
use crate::directory::EnvelopeProfile;
use crate::envelope::Form;
use crate::exchange::{Received, Sent};
use crate::fault::Fault;
use crate::limit::Budget;
use crate::log::{CallLog, Slip};
use crate::profile;
use crate::registry::RowName;
use crate::request_id::RequestId;
use crate::route::Channel;
use crate::run::Ran;
use crate::telemetry::{CallRecord, CallSink, Step, Stopwatch};

/// The form of the answer, and the record that grows with each step.
pub(crate) struct Trace<'t> {
    pub(crate) form: Form,
    /// The caller's own wish about it.
    pub(crate) profile: EnvelopeProfile,
    /// How the rows of its lists are called in XML.
    pub(crate) rows: RowName,
    pub(crate) record: CallRecord,
    pub(crate) watch: Stopwatch,
    /// What is left of the limits that concern the call.
    pub(crate) budget: Option<Budget>,
    /// For forwarded calls that are watched for gaps.
    pub(crate) sighting: Option<Box<Sighting>>,
    received: &'t Received,
    log: Option<&'t CallLog>,
    sink: &'t dyn CallSink,
    told: bool,
}

impl<'t> Trace<'t> {
    pub(crate) fn new(
        channel: Channel,
        request_id: RequestId,
        received: &'t Received,
        log: Option<&'t CallLog>,
        sink: &'t dyn CallSink,
    ) -> Self {
        let bytes = received.query.len() + received.body.len();
        let mut record = CallRecord::begun(request_id, channel, received.peer, bytes);
        record.repushed = received.resent;
        Self {
            form: Form::Openapi2,
            profile: EnvelopeProfile::default(),
            rows: wire::xml::singular,
            record,
            watch: Stopwatch::started(received.at),
            budget: None,
            sighting: None,
            received,
            log,
            sink,
            told: false,
        }
    }

    /// The last step: compresses, writes the call down, and only then lets the answer go.
    pub(crate) fn finish(mut self, outcome: &Result<Ran, Fault>, sent: Sent) -> Sent {
        match outcome {
            Ok(ran) => (self.record.code, self.record.replayed) = (ran.answer.code, ran.replayed),
            Err(fault) => self.refuse(fault),
        }
        self.let_go(sent)
    }

    /// Notes why the call was refused.
    pub(crate) fn refuse(&mut self, fault: &Fault) {
        let top = self.record.channel == Channel::Service || self.form.is_top();
        let record = &mut self.record;
        record.code = fault.code(top);
        record.open |= record.writes && fault.leaves_open();
        if top {
            declared::of_platform(fault);
            record.sub_code = fault.top().sub_code.map(String::from).unwrap_or_default();
        }
    }

    /// Lets an answer go whose outcome is noted.
    pub(crate) fn let_go(mut self, mut sent: Sent) -> Sent {
        if self.profile != EnvelopeProfile::default() && self.form.is_qimen() {
            let xml = self.form == Form::QimenXml;
            sent.body = profile::dress(&sent.body, xml, self.profile).unwrap_or(sent.body);
        }
        let plain = self.received.gzip.then(|| {
            let small = wire::gzip::compress(&sent.body);
            sent.gzip = true;
            std::mem::replace(&mut sent.body, small)
        });
        sent.budget = self.budget;
        self.watch.mark(Step::Encode);
        self.record.bytes.1 = sent.body.len();
        sent.slip = self.tell(plain.as_deref().unwrap_or(&sent.body));
        sent
    }

    fn tell(&mut self, reply: &[u8]) -> Option<Slip> {
        self.told = true;
        self.record.micros = self.watch.micros;
        let slip = self.log.map(|log| log.append(&self.record, self.received, reply));
        self.sink.record(&self.record);
        slip
    }
}

/// A client that goes away takes its call's future with it; what it asked for may still be carried out.
impl Drop for Trace<'_> {
    fn drop(&mut self) {
        if !self.told {
            self.watch.mark(Step::Run);
            self.record.open = true;
            // Nobody waits for an answer that would have it written.
            if let (Some(log), Some(slip)) = (self.log, self.tell(b"")) {
                log.settle(slip);
            }
        }
    }
}
