//! Answers to questions about master data. The same question of the same application has the same answer until somebody's
//! master data change; such questions are asked all day long (every shop poller begins with one).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use units::Moment;
use wire::args::{Field, Input, Source};
use wire::rows::Style;

use crate::call::Call;
use crate::directory::{App, TenantInfo};
use crate::limits;
use crate::pipeline::Gateway;
use crate::registry::Entry;
use crate::reply::Answer;
use crate::request_id::RequestId;
use crate::shards::Shards;

/// What was answered lately, as each thread remembers it. The keys hold what callers sent, so they are hashed by what an attacker cannot
/// steer.
#[derive(Default)]
pub(crate) struct Memory(Shards<Mutex<HashMap<String, Kept>>>);

struct Kept {
    /// Count of master-data changes at the time of the question.
    masters: u64,
    /// Rights and settings are those of these very objects; a changed directory has others.
    app: Arc<App>,
    tenant: Arc<TenantInfo>,
    style: Style,
    /// From then on it is another one, though nothing was written.
    until: Option<Moment>,
    answer: Answer,
}

/// Who asks: the same question of somebody else may have another answer.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'d> {
    pub(crate) app: &'d Arc<App>,
    pub(crate) tenant: &'d Arc<TenantInfo>,
    pub(crate) style: Style,
}

/// A question as it is looked up.
pub(crate) struct Question {
    key: String,
    masters: u64,
}

impl Question {
    /// The question that these fields of a call ask; `None` when it is too long to be worth remembering. `masters` counts the changes of
    /// master data so far.
    pub(crate) fn of(
        method: &str,
        fields: &[Field],
        arguments: &dyn Source,
        asking: Asking<'_>,
        masters: u64,
    ) -> Option<Self> {
        let mut key = String::with_capacity(128);
        let tenant = asking.tenant;
        for part in [&*asking.app.key, "\0", &tenant.sid, "\0", tenant.environment.name(), "\0", method] {
            key.push_str(part);
        }
        for field in fields {
            for name in std::iter::once(&field.name).chain(field.aliases) {
                match arguments.get(name) {
                    None => {}
                    Some(Input::Text(value)) => {
                        for part in ["\0", *name, "=", value] {
                            key.push_str(part);
                        }
                    }
                    Some(Input::Json(_)) => return None,
                }
            }
        }
        (key.len() <= limits::REMEMBERED_QUESTION).then_some(Self { key, masters })
    }
}

impl Memory {
    /// The answer to the question for the call of this id, if it still holds. `now` is the clock by which methods run.
    pub(crate) fn recall(
        &self,
        question: &Question,
        asking: Asking<'_>,
        request_id: RequestId,
        now: impl FnOnce() -> Moment,
    ) -> Option<Answer> {
        let entries = self.mine();
        let kept = entries.get(&question.key)?;
        let holds = kept.masters == question.masters
            && Arc::ptr_eq(&kept.app, asking.app)
            && Arc::ptr_eq(&kept.tenant, asking.tenant)
            && kept.style == asking.style
            && kept.until.is_none_or(|until| now() < until);
        holds.then(|| Answer {
            code: kept.answer.code,
            message: kept.answer.message.clone(),
            members: kept.answer.members.clone(),
            request_id: request_id.as_str().to_owned(),
        })
    }

    /// Remembers an answer that was read after the question was made.
    pub(crate) fn keep(&self, question: Question, call: &Call, answer: &Answer, until: Option<Moment>) {
        if answer.members.len() > limits::REMEMBERED_ANSWER {
            return;
        }
        let mut entries = self.mine();
        if entries.len() >= limits::REMEMBERED {
            entries.clear();
        }
        entries.insert(
            question.key,
            Kept {
                masters: question.masters,
                app: Arc::clone(&call.app),
                tenant: Arc::clone(call.tenant_info()),
                style: call.style(),
                until,
                answer: Answer { members: Bytes::copy_from_slice(&answer.members), ..answer.clone() },
            },
        );
    }

    fn mine(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.0.mine().1.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gateway {
    /// What a call asks, when it is about master data and these can be watched for changes.
    pub(crate) fn question(&self, entry: &Entry, arguments: &dyn Source, asking: Asking<'_>) -> Option<Question> {
        let masters = self.store().masters().filter(|_| entry.master)?;
        Question::of(entry.name, entry.fields, arguments, asking, masters)
    }
}
