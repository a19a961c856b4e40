//! From a decoded request to an answer: queries in a snapshot, commands in one unit of work with their receipt.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use store::receipt::{self, NewReceipt};
use store::{Store, Tx, Work};
use units::Moment;
use wire::args::{Arguments, Refusal, Source};

use crate::call::Call;
use crate::coverage::Sighting;
use crate::memory::{Memory, Question};
use crate::method::{Command, Failure, Query};
use crate::once::{self, OnceKey};
use crate::quota::{self, Daily};
use crate::reply::Answer;

/// What a call needs beside its arguments.
pub(crate) struct Job {
    pub(crate) store: Store,
    pub(crate) call: Call,
    /// For methods that leave a receipt.
    pub(crate) receipt: Option<Draft>,
    /// Small reads may run on the serving task: the store is in this process.
    pub(crate) read_here: bool,
    /// To be remembered with its answer.
    pub(crate) question: Option<(Question, Arc<Memory>)>,
    /// The daily limit of the method, when it has one.
    pub(crate) daily: Option<Daily>,
    /// For calls that are watched for gaps.
    pub(crate) sighting: Option<Box<Sighting>>,
}

/// A receipt before its answer is known.
pub(crate) struct Draft {
    pub(crate) fingerprint: [u8; 16],
    pub(crate) method: &'static str,
    pub(crate) message_sealed: Vec<u8>,
    /// The business key of the call, when its API has one.
    pub(crate) once: Option<OnceKey>,
}

/// An answer, and whether it is the stored first one.
pub(crate) struct Ran {
    pub(crate) answer: Answer,
    pub(crate) replayed: bool,
}

/// A call under way.
pub(crate) type Running = Pin<Box<dyn Future<Output = Result<Ran, Failure>> + Send>>;

pub(crate) fn run_query<M: Query>(job: Job, arguments: &dyn Source) -> Result<Running, Refusal> {
    let Job { store, call, read_here, question, daily, sighting, .. } = job;
    let request = M::Request::decode_root(arguments)?;
    let daily = daily.filter(|_| M::counts(&request));
    let until = M::reads_until(&request);
    // Without it the request names no window that counts.
    let sighting = sighting.filter(|_| until.is_some());
    let tenant = call.tenant();
    let caller = question.is_some().then(|| call.clone());
    let work = move |reader: &mut store::Reader| {
        let reply = M::run(&call, &request, reader).map_err(Into::into)?;
        let (rows, holds) = (reply.row_count(), reply.until());
        Ok((first(reply.answer(call.request_id.as_str())), rows, holds))
    };
    Ok(Box::pin(async move {
        if let Some(daily) = daily {
            daily.spend_now(&store, tenant).await?;
        }
        let ran: Result<(Ran, usize, Option<Moment>), Failure> = match until {
            Some(end) => store.read_until(tenant, end, work).await,
            None if M::MASTER && read_here => store.read_blocking(tenant, work),
            None => store.read(tenant, work).await,
        };
        let (ran, rows, holds) = ran?;
        if let (Some((question, memory)), Some(caller)) = (question, caller) {
            memory.keep(question, &caller, &ran.answer, holds);
        }
        if let Some(sighting) = sighting {
            sighting.read(&ran.answer.members, rows);
        }
        Ok(ran)
    }))
}

pub(crate) fn run_command<M: Command>(job: Job, arguments: &dyn Source) -> Result<Running, Refusal> {
    let request = M::Request::decode_root(arguments)?;
    let Job { store, call, receipt, daily, sighting, .. } = job;
    if let Err(refused) = quota::hold(call.quota().rows, M::rows(&request)) {
        return Ok(Box::pin(std::future::ready(Err(refused.into()))));
    }
    let daily = daily.filter(|_| M::counts(&request));
    let tenant = call.tenant();
    let errand = Errand::<M> { call, request, receipt, daily };
    Ok(Box::pin(async move {
        let ran = store.carry_out(tenant, errand).await?;
        if let Some(sighting) = sighting {
            sighting.pushed();
        }
        Ok(ran)
    }))
}

/// A command with all that it needs.
struct Errand<M: Command> {
    call: Call,
    request: M::Request,
    receipt: Option<Draft>,
    daily: Option<Daily>,
}

impl<M: Command> Work<Ran, Failure> for Errand<M> {
    fn announce(&self, tx: &mut Tx) {
        // Whatever is wrong with what a method announces, it meets again when it runs.
        if let Some(draft) = &self.receipt {
            let _ = receipt::foresee(tx, &draft.fingerprint);
        }
        let _ = M::foresee(&self.request, tx);
    }

    fn run(&self, tx: &mut Tx) -> Result<Ran, Failure> {
        let carry_out = |tx: &mut Tx| carry_out::<M>(&self.call, &self.request, self.daily, tx);
        match &self.receipt {
            None => carry_out(tx).map(first),
            Some(draft) => only_once(&self.call, draft, tx, carry_out),
        }
    }
}

fn carry_out<M: Command>(
    call: &Call,
    request: &M::Request,
    daily: Option<Daily>,
    tx: &mut Tx,
) -> Result<Answer, Failure> {
    if let Some(daily) = daily {
        daily.spend(tx)?;
    }
    let reply = M::run(call, request, tx).map_err(Into::into)?;
    Ok(reply.answer(call.request_id.as_str()))
}

fn first(answer: Answer) -> Ran {
    Ran { answer, replayed: false }
}

/// The identical signed write gets the stored first answer and changes nothing; receipt, rows and events are one transaction.
fn only_once(
    call: &Call,
    draft: &Draft,
    tx: &mut Tx,
    carry_out: impl FnOnce(&mut Tx) -> Result<Answer, Failure>,
) -> Result<Ran, Failure> {
    if let Some(kept) = receipt::find(tx, &draft.fingerprint)? {
        return stored_answer(&kept, tx.vault());
    }
    if let Some(key) = &draft.once
        && let Some((first, kept)) = once::first(tx, key)?
    {
        return if first.same { stored_answer(&kept, tx.vault()) } else { Err(key.clash(&first).into()) };
    }
    let id = receipt::begin(tx)?;
    let answer = carry_out(tx)?;
    let new = NewReceipt {
        fingerprint: &draft.fingerprint,
        app: &call.app.key,
        method: draft.method,
        message_sealed: &draft.message_sealed,
        answer: &answer.to_bytes(),
    };
    receipt::keep(tx, id, &new)?;
    if let Some(key) = &draft.once {
        once::keep(tx, key, &draft.fingerprint)?;
    }
    Ok(first(answer))
}

/// The answer that a receipt keeps.
pub(crate) fn stored_answer(kept: &receipt::Receipt, vault: &store::Vault) -> Result<Ran, Failure> {
    let bytes = kept.answer(vault)?;
    let answer = Answer::from_bytes(&bytes)
        .ok_or_else(|| store::Error::Corrupt(format!("the answer of receipt {} is damaged", kept.id)))?;
    Ok(Ran { answer, replayed: true })
}
