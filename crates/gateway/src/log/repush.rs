//! Sending a logged call again (重推): the same business content, newly signed, through the same pipeline, as the same caller.
//!
//! Without `force` it keeps its timestamp, which the clock's window then does not count for. So it has the fingerprint of the first
//! call: a built-in write that was carried out after all is not carried out again, its receipt answers. With `force` it is a new
//! call with a new timestamp.

use bytes::Bytes;
use wire::call;
use wire::form::{self, Space};
use wire::params::{Clash, Params};
use wire::top::{self, Digest};
use wire::wdt::{self, LengthUnit};

use super::entry::{Entry, Outcome};
use super::message::Messages;
use crate::directory::Protocol;
use crate::exchange::{Received, Sent};
use crate::pipeline::Gateway;
use crate::request_id::RequestId;
use crate::route::Route;
use crate::service;

/// Why a call is not sent again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unpushable {
    /// It had succeeded: sending it again may do things twice.
    #[error(
        "the call had already succeeded; give force=true to carry it out once more / 该调用已成功,确需重复执行请加 force"
    )]
    AlreadyDone,
    /// Who called was never recognised.
    #[error("the signature of the call was not accepted, so nobody can be answered for / 原调用未通过验签,不能重推")]
    Stranger,
    /// There is nothing to send.
    #[error("its messages were not kept (setting calls.keep) / 报文未保留,不能重推")]
    NotKept,
    /// Only the beginning of its message was kept.
    #[error(
        "its message is longer than what was kept of it (setting calls.message_kilobytes) / 报文保留不完整,不能重推"
    )]
    Cut,
    /// The application does not exist any more.
    #[error("the application {0} does not exist any more / 接口账号已不存在")]
    AppGone(String),
    /// It came through a door that is not open here.
    #[error("this server does not open the door it came through / 本服务未开放该入口")]
    Door,
    /// The message cannot be signed again.
    #[error("the message cannot be signed again: {0} / 报文不能重新签名")]
    Unreadable(String),
}

/// What came of it.
#[derive(Debug)]
pub struct Repushed {
    /// Id of the new call.
    pub request_id: RequestId,
    /// Its answer.
    pub sent: Sent,
}

impl Gateway {
    /// Sends a logged call again.
    ///
    /// # Errors
    /// It is not to be sent, or cannot be.
    pub async fn repush(
        &self,
        entry: &Entry,
        messages: Option<&Messages>,
        force: bool,
    ) -> Result<Repushed, Unpushable> {
        if matches!(entry.outcome(), Outcome::Done | Outcome::Replayed) && !force {
            return Err(Unpushable::AlreadyDone);
        }
        if !entry.recognised() {
            return Err(Unpushable::Stranger);
        }
        let at_scene = service::is_path(entry_path(messages));
        if !at_scene && Route::of(entry_path(messages)).is_none() {
            return Err(Unpushable::Door);
        }
        let messages = messages.ok_or(Unpushable::NotKept)?;
        if entry.is_cut() {
            return Err(Unpushable::Cut);
        }
        let received = self.signed_again(entry, messages, force)?;
        let (request_id, sent) = match entry.environment.filter(|_| at_scene) {
            Some(environment) => self.answer_scene(received, environment).await.ok_or(Unpushable::Door)?,
            None => self.answer_named(received).await,
        };
        Ok(Repushed { request_id, sent })
    }

    fn signed_again(&self, entry: &Entry, messages: &Messages, force: bool) -> Result<Received, Unpushable> {
        let openapi2 = entry.channel == "openapi2";
        let protocol = if openapi2 { Protocol::Openapi2 } else { Protocol::Top };
        let directory = self.directory().snapshot();
        let app = directory.app(protocol, &entry.app).ok_or_else(|| Unpushable::AppGone(entry.app.clone()))?;
        let body = Bytes::from(messages.body.clone());
        let clash = if openapi2 { Clash::BodyWins } else { Clash::Refuse };
        let stated = &*messages.content_type;
        let stated = if service::is_path(&messages.path) { service::stated(stated) } else { stated };
        let content = call::read(messages.query.as_bytes(), stated, &body, clash);
        let mut content = content.map_err(|error| Unpushable::Unreadable(error.to_string()))?;
        if !content.files.is_empty() {
            return Err(Unpushable::Unreadable("it has files".to_owned()));
        }
        let params = &mut content.params;
        params.retain(|name| name != "sign");
        // What the first signature did not cover counted as not sent.
        match &*entry.dialect {
            "drop-empty" => params.retain_values(|value| !value.is_empty()),
            "skip-at" => params.retain_values(|value| !value.starts_with('@')),
            _ => {}
        }
        if force {
            let now = self.now();
            let timestamp = if openapi2 { now.unix().to_string() } else { now.to_string() };
            params.set("timestamp", timestamp).map_err(|error| Unpushable::Unreadable(error.to_string()))?;
        }
        let secret = app.secret.expose_text();
        let sign = if openapi2 {
            wdt::sign(secret, params.iter(), LengthUnit::CodePoints)
        } else {
            let digest = Digest::of_sign_method(params.get("sign_method"));
            let digest = digest.ok_or_else(|| Unpushable::Unreadable("unknown sign_method".to_owned()))?;
            top::sign(digest, secret, params.iter(), content.raw)
        };
        params.set("sign", sign).map_err(|error| Unpushable::Unreadable(error.to_string()))?;
        let encoded = encode(params);
        let mut received = match content.raw {
            Some(raw) => Received::new(&messages.path, &encoded, &messages.content_type, Bytes::copy_from_slice(raw)),
            None => Received::new(&messages.path, "", "application/x-www-form-urlencoded;charset=UTF-8", encoded),
        };
        (received.peer, received.resent) = (entry.peer, true);
        Ok(received)
    }
}

fn entry_path(messages: Option<&Messages>) -> &str {
    messages.map_or("/router/qm", |messages| &messages.path)
}

fn encode(params: &Params<'_>) -> String {
    form::encode(params.iter(), Space::Plus)
}
