//! An operation is declared once: verb, path, words, fields, columns and the function. The router and the OpenAPI document
//! are made from the same declaration.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use store::{Reader, Tx};
use wire::args::{Arguments, Field};

use crate::answer::{Answer, Shape};
use crate::desk::{Ask, Desk, WHO};
use crate::fault::Fault;
use crate::input::{Given, Upload};

/// The verbs of the admin API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Patch,
    Delete,
}

impl Verb {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    /// Whether fields that are not in the path come in a JSON body (otherwise in the query).
    pub(crate) fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Patch)
    }
}

/// An operation's name in the OpenAPI document (`order.ship`), verb, path below `/admin/v1` and summary in both languages.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub(crate) id: &'static str,
    pub(crate) verb: Verb,
    pub(crate) path: &'static str,
    pub(crate) summary: (&'static str, &'static str),
    pub(crate) shape: Shape,
}

/// The future of an answer.
pub(crate) type Pending = Pin<Box<dyn Future<Output = Result<Answer, Fault>> + Send>>;

type Run = Box<dyn Fn(Arc<Desk>, Given) -> Pending + Send + Sync>;

/// A declared operation.
pub(crate) struct Operation {
    pub(crate) head: Head,
    pub(crate) fields: &'static [Field],
    /// Belongs to one tenant, so that `tenant`, `environment` and `reveal` may be given.
    pub(crate) of_tenant: bool,
    /// The body is a file; the fields come in the query then.
    pub(crate) takes_file: bool,
    pub(crate) run: Run,
}

impl Operation {
    /// The body is a file.
    pub(crate) fn with_file(mut self) -> Self {
        self.takes_file = true;
        self
    }

    /// Whether fields that are not in the path come in a JSON body.
    pub(crate) fn in_body(&self) -> bool {
        self.head.verb.has_body() && !self.takes_file
    }
}

/// An operation that only reads the tenant's data.
pub(crate) fn reads<I>(head: Head, run: fn(&Ask, &I, &mut Reader) -> Result<Answer, Fault>) -> Operation
where
    I: Arguments + Send + Sync + 'static,
{
    let call = move |desk: Arc<Desk>, given: Given| -> Pending {
        Box::pin(async move {
            let ask = given.ask(&desk)?;
            let input: I = given.decode()?;
            let tenant = ask.tenant.tenant();
            desk.store().read(tenant, move |reader| run(&ask, &input, reader)).await
        })
    };
    Operation { head, fields: I::FIELDS, of_tenant: true, takes_file: false, run: Box::new(call) }
}

/// An operation that changes the tenant's data, in one unit of work. It leaves an event that says who did it.
pub(crate) fn writes<I>(head: Head, run: fn(&Ask, &I, &mut Tx) -> Result<Answer, Fault>) -> Operation
where
    I: Arguments + Send + Sync + 'static,
{
    let call = move |desk: Arc<Desk>, given: Given| -> Pending {
        Box::pin(async move {
            let ask = given.ask(&desk)?;
            let input: I = given.decode()?;
            let tenant = ask.tenant.tenant();
            desk.store()
                .write(tenant, move |tx| {
                    let answer = run(&ask, &input, tx)?;
                    leave_event(tx, head.id, &answer.subject)?;
                    Ok(answer)
                })
                .await
        })
    };
    Operation { head, fields: I::FIELDS, of_tenant: true, takes_file: false, run: Box::new(call) }
}

/// An operation on the house: tenants, applications, authorisations, the program itself.
pub(crate) fn house<I, F>(head: Head, run: fn(Arc<Desk>, I) -> F) -> Operation
where
    I: Arguments + Send + Sync + 'static,
    F: Future<Output = Result<Answer, Fault>> + Send + 'static,
{
    let call = move |desk: Arc<Desk>, given: Given| -> Pending {
        Box::pin(async move {
            let input: I = given.decode()?;
            run(desk, input).await
        })
    };
    Operation { head, fields: I::FIELDS, of_tenant: false, takes_file: false, run: Box::new(call) }
}

/// An operation of a tenant that takes or gives files, or starts work that goes on when it has answered.
pub(crate) fn transfers<I, F>(head: Head, run: fn(Arc<Desk>, Ask, I, Option<Upload>) -> F) -> Operation
where
    I: Arguments + Send + Sync + 'static,
    F: Future<Output = Result<Answer, Fault>> + Send + 'static,
{
    let call = move |desk: Arc<Desk>, mut given: Given| -> Pending {
        Box::pin(async move {
            let ask = given.ask(&desk)?;
            let input: I = given.decode()?;
            let upload = given.upload.take();
            run(desk, ask, input, upload).await
        })
    };
    Operation { head, fields: I::FIELDS, of_tenant: true, takes_file: false, run: Box::new(call) }
}

/// Who did what: one event for each admin write.
pub(crate) fn leave_event(tx: &mut Tx, operation: &str, subject: &str) -> store::Result<()> {
    tx.event("admin", subject, &serde_json::json!({ "by": WHO, "operation": operation }))
}
