//! Answers to questions about master data. The same question of the same application has the same answer until somebody's
//! master data change; such questions are asked all day long (every shop poller begins with one).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use wire::args::{Field, Input, Source};
use wire::rows::Style;

use crate::call::Call;
use crate::directory::{App, TenantInfo};
use crate::limits;
use crate::reply::Answer;

/// What was answered lately. Its keys hold what callers sent, so they are hashed by what an attacker cannot steer.
#[derive(Default)]
pub(crate) struct Memory(RwLock<HashMap<Box<str>, Kept>>);

struct Kept {
    /// Count of master-data changes at the time of the question.
    masters: u64,
    /// Rights and settings are those of these very objects; a changed directory has others.
    app: Arc<App>,
    tenant: Arc<TenantInfo>,
    style: Style,
    answer: Answer,
}

/// A question as it is looked up.
pub(crate) struct Question {
    key: Box<str>,
    masters: u64,
}

impl Question {
    /// The question that these fields of a call ask; `None` when it is too long to be worth remembering.
    pub(crate) fn of(
        method: &str,
        fields: &[Field],
        arguments: &dyn Source,
        call: &Call,
        masters: u64,
    ) -> Option<Self> {
        let mut key = String::with_capacity(96);
        for part in [&*call.app.key, "\0", call.sid(), "\0", call.environment().name(), "\0", method] {
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
        (key.len() <= limits::REMEMBERED_QUESTION).then(|| Self { key: key.into(), masters })
    }
}

impl Memory {
    /// The answer to the question, if it still holds.
    pub(crate) fn recall(&self, question: &Question, call: &Call) -> Option<Answer> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let kept = entries.get(&question.key)?;
        let holds = kept.masters == question.masters
            && Arc::ptr_eq(&kept.app, &call.app)
            && Arc::ptr_eq(&kept.tenant, call.tenant_info())
            && kept.style == call.style();
        holds.then(|| Answer {
            code: kept.answer.code,
            message: kept.answer.message.clone(),
            members: kept.answer.members.clone(),
            request_id: call.request_id.as_str().to_owned(),
        })
    }

    /// Remembers an answer that was read after the question was made.
    pub(crate) fn keep(&self, question: Question, call: &Call, answer: &Answer) {
        if answer.members.len() > limits::REMEMBERED_ANSWER {
            return;
        }
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
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
                answer: answer.clone(),
            },
        );
    }
}
