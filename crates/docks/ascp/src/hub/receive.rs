//! A push becomes fact: stored whole and applied in one unit of work, or repeated, remembered, parked. (Fact sheet ascp-direct, 1.9,
//! 2.1 to 2.3.)

use store::Tx;

use super::alarm::{self, kind};
use super::channel::Channel;
use super::error::{Refusal, Result};
use super::message::{Incoming, Message, MessageState, body_of, turn};
use super::{cancel, notify, reverse, table};
use crate::messages::{PushKind, PushReply, read_body};

/// Parked pushes that are read at once.
const ROWS: i64 = 200;

/// Takes a push. When this unit is kept, the reply may be given.
pub fn receive(tx: &mut Tx, settings: &erp::Settings, channel: &Channel, push: &Incoming) -> Result<PushReply> {
    table::foresee_message(tx, channel.id, &push.key)?;
    table::foresee_order(tx, channel.id, &push.code)?;
    if let Some(stored) = table::message_by_key(tx, channel.id, &push.key)? {
        return repeated(tx, settings, channel, push, stored);
    }
    match push.kind {
        PushKind::Notify => notify::take(tx, settings, channel, push),
        PushKind::Cancel => cancel::take(tx, settings, channel, push),
        PushKind::Reverse => reverse::take(tx, settings, channel, push),
    }
}

/// The same document again: answered as the first time, without effect. A copy with other content is kept, and somebody looks.
fn repeated(
    tx: &mut Tx,
    settings: &erp::Settings,
    channel: &Channel,
    push: &Incoming,
    mut stored: Message,
) -> Result<PushReply> {
    stored.copies += 1;
    stored.modified = tx.now();
    table::update_message(tx, &stored)?;
    if stored.fingerprint != push.fingerprint && push.kind != PushKind::Cancel {
        let mark: String = push.fingerprint.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let key = format!("{}#{mark}", push.key);
        if table::message_by_key(tx, channel.id, &key)?.is_none() {
            let text = format!("{}重复推送但内容不同,以第一次为准,请核对", push.code);
            let copy = Message {
                id: tx.document_id("ascp_message")?,
                key,
                state: MessageState::Conflicting,
                reason: text.clone(),
                copies: 0,
                answer: String::new(),
                fingerprint: push.fingerprint.to_vec(),
                at: tx.now(),
                ..stored.clone()
            };
            table::insert_message(tx, &copy, &push.sealed)?;
            alarm::raise(tx, channel.id, kind::CONFLICT, &copy.key, &text)?;
        }
    }
    match push.kind {
        PushKind::Cancel => cancel::again(tx, settings, channel, &stored),
        PushKind::Notify | PushKind::Reverse => Ok(PushReply::accepted()),
    }
}

/// Tries every parked push of a channel again, such as after a goods was named. How many went through.
pub fn retry_all_parked(tx: &mut Tx, settings: &erp::Settings, channel: &Channel) -> Result<usize> {
    let (mut after, mut through) = (0, 0);
    loop {
        let page = table::open_messages(tx, MessageState::Parked, after, ROWS)?;
        let Some(last) = page.last().map(|message| message.id) else { return Ok(through) };
        after = last;
        for mut message in page.into_iter().filter(|message| message.channel == channel.id) {
            through += usize::from(retry_parked(tx, settings, channel, &mut message)?);
        }
    }
}

/// Tries a parked push again, after a person put right what it waited for. True when it went through.
pub fn retry_parked(tx: &mut Tx, settings: &erp::Settings, channel: &Channel, message: &mut Message) -> Result<bool> {
    if message.state != MessageState::Parked {
        return Err(Refusal::State("只有异常消息可以重试".to_owned()).into());
    }
    let (content_type, body) = body_of(tx, message)?;
    let Ok(body) = read_body(&content_type, &body) else { return Ok(false) };
    let reason = match message.kind {
        PushKind::Notify => notify::again(tx, settings, channel, message, &body.json)?,
        PushKind::Reverse => reverse::again(tx, settings, channel, message, &body.json)?,
        // A cancel is decided at once and never parked.
        PushKind::Cancel => None,
    };
    match reason {
        None => {
            turn(tx, message, MessageState::Applied, "")?;
            alarm::clear(tx, channel.id, kind::PARKED, &message.key)?;
            Ok(true)
        }
        Some(reason) => {
            turn(tx, message, MessageState::Parked, &reason)?;
            Ok(false)
        }
    }
}
