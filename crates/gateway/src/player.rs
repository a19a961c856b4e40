//! Methods of TOP itself, played by the simulator of a platform on the path where TOP serves them.
//!
//! The gateway does for them what TOP's own gateway does: application, clock, signature, permission, limits. The session and
//! everything behind it belong to the simulator. (Fact sheet ascp-direct, 1.7.)

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

use crate::envelope::Form;
use crate::exchange::Sent;
use crate::fault::{self, Fault};
use crate::pipeline::{Gateway, envelope};
use crate::reply::Answer;
use crate::route::Route;
use crate::run::Ran;
use crate::telemetry::Step;
use crate::trace::Trace;

/// A call that passed the gateway's checks.
#[derive(Clone)]
pub struct PlayedCall {
    /// The application that signed.
    pub app_key: String,
    /// The method.
    pub method: &'static str,
    /// The parameters that the signature covers, in byte order of their names.
    pub params: Vec<(String, String)>,
}

impl PlayedCall {
    /// The value of a parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What the simulator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Played {
    /// A JSON object in the reduced form: `{"consignorder_ship_response":{"success":true}}`.
    Members(String),
    /// TOP's own refusal.
    Refused(TopRefusal),
    /// No envelope at all: this HTTP status with an empty body, as a broken platform answers.
    Broken(u16),
}

/// `error_response`: code, message, sub code and sub message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopRefusal {
    /// Number of TOP, such as 27.
    pub code: i64,
    /// Its text.
    pub message: &'static str,
    /// `isv.…` or `isp.…`; empty = none.
    pub sub_code: String,
    /// In words; empty = none.
    pub sub_message: String,
}

/// The answer under way.
pub type Playing = Pin<Box<dyn Future<Output = Played> + Send>>;

/// A simulator of platform methods.
pub trait Player: Send + Sync {
    /// Its own name for the method, if it plays it.
    fn finds(&self, method: &str) -> Option<&'static str>;

    /// Answers a call.
    fn play(&self, call: PlayedCall) -> Playing;
}

impl Gateway {
    /// A call for a simulator of TOP.
    pub(crate) async fn play(
        &self,
        player: &dyn Player,
        call: PlayedCall,
        mut trace: Trace<'_>,
        route: Route<'_>,
    ) -> Sent {
        let method = call.method;
        let played = player.play(call).await;
        trace.watch.mark(Step::Run);
        let id = trace.record.request_id;
        let fail = |fault: Fault| (envelope(&Err(fault.clone()), &trace, route), Err(fault));
        let (sent, outcome) = match played {
            Played::Members(members) => match success(trace.form, method, &members, id.as_str()) {
                Some(body) => {
                    let answer =
                        Answer { code: 0, message: String::new(), members: Bytes::new(), request_id: id.to_string() };
                    let content_type = trace.form.content_type();
                    (Sent::new(200, content_type, body), Ok(Ran { answer, replayed: false }))
                }
                None => fail(Fault::Unavailable(fault::REPEAT)),
            },
            Played::Refused(refused) => fail(Fault::Top(refused)),
            Played::Broken(status) => {
                let (mut sent, outcome) = fail(Fault::Unavailable(fault::REPEAT));
                (sent.status, sent.body) = (status, Vec::new());
                (sent, outcome)
            }
        };
        trace.finish(&outcome, sent)
    }
}

/// The members in the form that the caller asked for; `None` when the simulator wrote no object.
pub(crate) fn success(form: Form, method: &str, members: &str, request_id: &str) -> Option<Vec<u8>> {
    let written = match form {
        Form::TopXml | Form::QimenXml => wire::top_answer::to_xml(method, members, request_id),
        Form::TopSimple => wire::top_answer::simple(members, request_id),
        _ => wire::top_answer::full(method, members, request_id),
    };
    written.ok().map(String::into_bytes)
}
