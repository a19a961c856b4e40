//! Sending: due calls are taken from the queue, signed, sent, and settled by what the platform says.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream;
use gateway::directory::Protocol;
use serde_json::Value;
use store::Tenant;
use wire::form::{self, Space};
use wire::top::{self, Digest};

use super::call::{Call, CallState, settle_call};
use super::channel::Channel;
use super::error::Result;
use super::hub::Hub;
use super::{stock, table};
use crate::limits::AT_ONCE;
use crate::messages::{CallKind, Verdict, judge};

/// A call that was taken, with its body.
pub struct Leased {
    /// The call.
    pub call: Call,
    /// Its body.
    pub body: String,
}

/// Sends what is due now. True when there was something.
pub(super) async fn send_due(hub: &Hub) -> Result<bool> {
    let now = hub.store().clock().now();
    let tenants = hub.store().read(Tenant::HOUSE, move |reader| table::tenants_with_calls(reader, now)).await?;
    let mut any = false;
    for tenant in tenants {
        let leased = lease(hub, tenant).await?;
        any |= !leased.is_empty();
        let sent = stream::iter(leased).map(|leased| async move {
            let verdict = deliver(hub, &leased).await;
            settle(hub, tenant, leased.call.id, verdict).await
        });
        let settled: Vec<Result<()>> = sent.buffered(AT_ONCE).collect().await;
        settled.into_iter().collect::<Result<()>>()?;
    }
    Ok(any)
}

/// Takes due calls of a tenant, oldest first; those of a channel that is held stay, and totals of stock that are no longer true go.
pub async fn lease(hub: &Hub, tenant: Tenant) -> Result<Vec<Leased>> {
    let unit = move |tx: &mut store::Tx| {
        let held: Vec<i64> = table::channels_of_tenant(tx)?
            .into_iter()
            .filter(|channel| !channel.facts.held.is_empty())
            .map(|channel| channel.id)
            .collect();
        let mut leased = Vec::new();
        for call in table::lease_calls(tx, &held)? {
            let body = table::call_body(tx, call.id)?;
            if stock::is_stale(tx, &call, &body) {
                stock::forget(tx, call)?;
            } else {
                leased.push((call, body));
            }
        }
        Ok::<_, super::error::Error>(leased)
    };
    let leased = hub.store().write(tenant, unit).await?;
    Ok(leased.into_iter().map(|(call, body)| Leased { call, body }).collect())
}

/// Sends the call with this key now, if it still waits: for somebody who wants to see the answer. What does not get through stays in the
/// queue. What became of it; `None` when it did not wait.
pub(super) async fn send_now(hub: &Hub, tenant: Tenant, channel: i64, key: &str) -> Result<Option<Verdict>> {
    let key = key.to_owned();
    let unit = move |tx: &mut store::Tx| {
        let found = table::call_by_key(tx, channel, &key)?.filter(|call| call.state == CallState::Waiting);
        let Some(call) = found else { return Ok(None) };
        let body = table::lease_call(tx, &call)?;
        Ok::<_, super::error::Error>(Some((call, body)))
    };
    let Some((call, body)) = hub.store().write(tenant, unit).await? else { return Ok(None) };
    let leased = Leased { call, body };
    let verdict = deliver(hub, &leased).await;
    settle(hub, tenant, leased.call.id, verdict.clone()).await?;
    Ok(Some(verdict))
}

/// Stores what became of a call.
pub async fn settle(hub: &Hub, tenant: Tenant, id: i64, verdict: Verdict) -> Result<()> {
    let Some(settings) = hub.settings(tenant) else { return Ok(()) };
    let verdict = Arc::new(verdict);
    hub.store().write(tenant, move |tx| settle_call(tx, &settings, id, &verdict)).await
}

async fn deliver(hub: &Hub, leased: &Leased) -> Verdict {
    let Some(channel) = hub.channel_by_id(leased.call.channel) else {
        return Verdict::Again("the channel is not known to this node yet".to_owned());
    };
    let pairs = pairs(leased.call.kind, &leased.body);
    call_top(hub, &channel, leased.call.kind, pairs).await
}

/// The business parameters of a call.
pub fn pairs(kind: CallKind, body: &str) -> Vec<(String, String)> {
    if !kind.parameter().is_empty() {
        return vec![(kind.parameter().to_owned(), body.to_owned())];
    }
    let object: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    object.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// One signed call to TOP, judged.
pub(super) async fn call_top(
    hub: &Hub,
    channel: &Channel,
    kind: CallKind,
    arguments: Vec<(String, String)>,
) -> Verdict {
    let secret = {
        let directory = hub.directory().snapshot();
        directory.app(Protocol::Top, &channel.facts.app_key).map(|app| app.secret.clone())
    };
    let Some(secret) = secret else {
        return Verdict::Hold(format!("应用{}不在本系统中,无法签名", channel.facts.app_key));
    };
    let method = match kind {
        CallKind::Goods if !channel.facts.settings.goods_method.is_empty() => &*channel.facts.settings.goods_method,
        _ => kind.method(),
    };
    let mut pairs = vec![
        ("method".to_owned(), method.to_owned()),
        ("app_key".to_owned(), channel.facts.app_key.clone()),
        ("timestamp".to_owned(), hub.real_time().to_string()),
        ("format".to_owned(), "json".to_owned()),
        ("simplify".to_owned(), "true".to_owned()),
        ("v".to_owned(), "2.0".to_owned()),
        ("sign_method".to_owned(), Digest::Md5.name().to_owned()),
        ("session".to_owned(), channel.session.expose_text().to_owned()),
    ];
    pairs.extend(arguments);
    // Clients differ on whether an empty value is signed, so none is sent (fact sheet ascp-direct, 1.7).
    pairs.retain(|(_, value)| !value.is_empty());
    let borrowed = |pairs: &[(String, String)]| -> Vec<(String, String)> { pairs.to_vec() };
    let owned = borrowed(&pairs);
    let sign = top::sign(Digest::Md5, secret.expose_text(), owned.iter().map(|(n, v)| (n.as_str(), v.as_str())), None);
    pairs.push(("sign".to_owned(), sign));
    let body = form::encode(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())), Space::Plus);
    let content_type = "application/x-www-form-urlencoded;charset=utf-8";
    let heard = hub.client().post(&channel.facts.top_url, content_type, body).await;
    judge(kind, &heard)
}
