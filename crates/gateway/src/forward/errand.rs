//! Carrying a forwarded call out: a read goes and comes back; a write is claimed first, leaves once, and its answer is kept.
//!
//! A write runs on a task of its own, so that a caller who hangs up or loses patience does not cut it off: its answer is kept all the
//! same, and the repeated call gets it.

use std::sync::Arc;

use bytes::Bytes;
use store::Store;

use super::claim::{Claim, Claimed, Kept};
use super::reply::{self, Reading, Verdict};
use super::upstream::Upstream;
use super::{ForwardFault, ForwardRequest, Forwarder, openapi2};
use crate::directory::Api;
use crate::fault::{self, Fault};
use crate::patience::within;
use crate::reply::Answer;

/// A call that is ready to leave.
pub(crate) struct Errand {
    pub(crate) upstream: Upstream,
    pub(crate) request: ForwardRequest,
    pub(crate) reader: Reader,
    /// For calls that may change something.
    pub(crate) claim: Option<Claim>,
}

/// How its reply is read.
pub(crate) enum Reader {
    /// As the API defines it.
    Qimen(Arc<Api>),
    /// As one of another Wangdian server.
    Openapi2 { columns: openapi2::Columns, blank: bool },
    /// As one of the warehouse scene: whatever it says goes back as it is (fact sheet qimen, C4).
    Scene,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Brought {
    /// The target's success, word for word.
    Passed { body: Bytes, xml: bool },
    /// Members for the caller's envelope.
    Answer(Answer),
}

/// What came of it, and whether it is the stored first answer.
pub(crate) struct Done {
    pub(crate) brought: Brought,
    pub(crate) replayed: bool,
}

/// Carries the call out.
pub(crate) async fn carry_out(forwarder: &Arc<Forwarder>, store: &Store, errand: Errand) -> Result<Done, Fault> {
    let patience = errand.request.patience;
    let Errand { upstream, request, reader, claim } = errand;
    let Some(claim) = claim else {
        let brought = bring(forwarder, &upstream, &request, &reader).await??;
        return Ok(Done { brought, replayed: false });
    };
    let (forwarder, store) = (Arc::clone(forwarder), store.clone());
    let task = tokio::spawn(async move { once(&forwarder, &store, &upstream, &request, &reader, claim).await });
    match within(patience, task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(Fault::Unavailable(fault::REPEAT)),
        Err(_) => Err(ForwardFault::Late(patience).into()),
    }
}

/// What an identical call was answered, for one that is too old to be carried out.
pub(crate) async fn recall(store: &Store, claim: &Claim) -> Result<Option<Done>, Fault> {
    match claim.find(store).await.map_err(lost)? {
        None => Ok(None),
        Some(kept) => kept.answer().map(|brought| Some(Done { brought, replayed: true })),
    }
}

async fn once(
    forwarder: &Forwarder,
    store: &Store,
    upstream: &Upstream,
    request: &ForwardRequest,
    reader: &Reader,
    claim: Claim,
) -> Result<Done, Fault> {
    match claim.take(store, &request.request_id).await.map_err(lost)? {
        Claimed::Before(kept) => return kept.answer().map(|brought| Done { brought, replayed: true }),
        Claimed::Clash(refused) => return Err(Fault::Business(refused)),
        Claimed::Now => {}
    }
    let outcome = bring(forwarder, upstream, request, reader).await;
    // What the target answered is kept, a refusal as well; what never reached it may come again; of all else nobody knows.
    let noted = match &outcome {
        Ok(Ok(brought)) => claim.settle(store, Kept::Answered(brought.clone())).await,
        Ok(Err(Fault::TargetRefused { code, message })) => {
            let (code, message) = (code.clone(), message.clone());
            claim.settle(store, Kept::Refused { code, message }).await
        }
        Err(fault) if fault.is_harmless() => claim.withdraw(store).await,
        Ok(Err(_)) | Err(_) => Ok(()),
    };
    if let Err(error) = noted {
        // The claim stays: the identical call hears that the outcome is not known, and is not sent again.
        tracing::error!(%error, request_id = %request.request_id, "what became of a forwarded write could not be stored");
    }
    Ok(Done { brought: outcome??, replayed: false })
}

/// There and back. The inner error is the target's own refusal.
async fn bring(
    forwarder: &Forwarder,
    upstream: &Upstream,
    request: &ForwardRequest,
    reader: &Reader,
) -> Result<Result<Brought, Fault>, ForwardFault> {
    let reply = forwarder.call(upstream, request).await?;
    let verdict = match reader {
        Reader::Qimen(api) => {
            let reading = Reading { failure: api.failure.as_ref(), fields: &api.reply_fields };
            reply::judge(&reply.body, &reply.content_type, upstream.charset(), reading)?
        }
        Reader::Openapi2 { columns, blank } => {
            let text = reply::decoded(&reply.body, &reply.content_type, upstream.charset())?;
            openapi2::read(&text, columns, *blank)?
        }
        Reader::Scene => reply::whole_xml(reply.body)?,
    };
    Ok(match verdict {
        Verdict::Passed { body, xml } => Ok(Brought::Passed { body, xml }),
        Verdict::Members { message, members } => {
            let request_id = request.request_id.clone();
            Ok(Brought::Answer(Answer { code: 0, message, members, request_id }))
        }
        Verdict::Refused { code, message } => Err(Fault::TargetRefused { code, message }),
    })
}

fn lost(error: store::Error) -> Fault {
    tracing::error!(%error, "the store failed under a forwarded call");
    Fault::Unavailable(fault::REPEAT)
}
