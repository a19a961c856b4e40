//! What went wrong, in words that the people of the ERP can act on.

use super::partner::Partner;
use crate::messages::{CallKind, PushKind, PushReply};
use crate::platform::{Spoken, Topic};

/// Characters of an answer that are shown inside a sentence.
const SHOWN: usize = 200;

fn shown(text: &str) -> String {
    let mut short: String = text.trim().chars().take(SHOWN).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}

/// Reads the answer to a push, or says why it is none.
pub(super) fn reply(spoken: &Spoken, push_url: &str) -> Result<PushReply, String> {
    match &spoken.answer {
        Err(problem) => Err(format!("the push did not get to the ERP at {push_url}: {problem}")),
        Ok((status, body)) if *status != 200 => Err(format!(
            "the ERP answered HTTP {status} ({}): every push is answered with HTTP 200 and a reply; anything else counts as not received, and \
             the platform pushes again",
            shown(body)
        )),
        Ok((_, body)) => PushReply::read(body).ok_or_else(|| {
            format!(
                "the ERP answered what is no reply: `{}`; expected <response><success>true or false</success><errorCode/><errorMsg/><retry>…</retry>\
                 </response>, or the same as JSON. The platform takes it for a failure and pushes again",
                shown(body)
            )
        }),
    }
}

/// Why a push has no answer yet.
pub(super) fn unpushed(partner: &Partner, kind: PushKind, code: &str, seconds: u64) -> String {
    let terms = &partner.terms;
    format!(
        "within {seconds} s the ERP at {} did not answer the push {} of {code}: is it running, and is that its address?",
        terms.push_url,
        kind.name()
    )
}

/// Why a call about a document has not come: it came and was refused; or it did not come although the ERP said that it has the
/// document; or nothing of this ERP comes at all.
pub(super) fn uncalled(partner: &Partner, begun: usize, kind: CallKind, code: &str, seconds: u64) -> String {
    let journal = &partner.journal;
    let came = journal.since(begun, |spoken| spoken.topic == Topic::Call(kind) && spoken.names(code));
    let mut text = match came.last() {
        Some(last) => format!(
            "the ERP called {} about {code} {} time(s), and the platform never took it; its last answer: {}",
            kind.method(),
            came.len(),
            shown(last.body())
        ),
        None => format!("{} about {code} did not come within {seconds} s", kind.method()),
    };
    let pushed =
        journal.since(begun, |spoken| matches!(spoken.topic, Topic::Push(_)) && spoken.names(code) && !spoken.is_lost);
    let accepted = pushed.iter().rev().find(|spoken| reply(spoken, "").is_ok_and(|reply| reply.success));
    if came.is_empty()
        && let Some(accepted) = accepted
    {
        text.push_str(&format!(
            ". At {} the ERP had answered success to the push of {code}: success says that it is stored and will be worked on. Look for {code} in \
             the ERP. If it waits there for a person, see what for. If it is not there, success was answered before the order was stored, and an \
             order that is not stored then is lost for good",
            accepted.at
        ));
    }
    let away = journal.turned_away();
    if let Some((number, sub_code)) = away.last() {
        text.push_str(&format!(
            ". TOP turned {} call(s) away, the last with code {number} {sub_code}: check app_key, secret, sign and timestamp",
            away.len()
        ));
    } else if journal.since(0, |spoken| matches!(spoken.topic, Topic::Call(_))).is_empty() {
        text.push_str(&format!(". No call of the ERP has come at all: does it call TOP at {}?", partner.terms.top_url));
    }
    text
}

/// What an ERP must not have said.
pub(super) fn unwanted(kind: CallKind, code: &str, spoken: &Spoken) -> String {
    format!(
        "the ERP called {} about {code} at {}, and must not have: {}",
        kind.method(),
        spoken.at,
        match kind {
            CallKind::Ship => "the order was cancelled or never accepted, and its goods leave all the same",
            CallKind::Received => "the push was not genuine, or the order was cancelled before it came",
            _ => "nothing gave it reason to",
        }
    )
}
