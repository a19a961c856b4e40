//! The call log of this node: finding calls, looking at one with its messages, sending one again.

use std::fmt::Write;
use std::sync::Arc;

use gateway::log::{CallLog, Entry, Messages, Outcome, Place, Unpushable, View, Wanted};
use gateway::{RequestId, STEPS};
use http::StatusCode;
use serde_json::{Map, Value, json};
use units::Moment;
use wire::args::{Text, arguments};

use super::tenant::{environment, note};
use crate::answer::{Answer, Shape};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::limits;
use crate::operation::{Head, Operation, Verb, house};
use crate::router::ROOT;

arguments! {
    /// Which calls; what is absent does not matter.
    struct Search {
        /// id of a call, as its answer named it / 请求编号
        request_id: Option<Text<13>>,
        /// indexed business number: tid, outer_no … / 业务单号
        business_no: Option<Text<64>>,
        /// calls of this application / 调用方
        app: Option<Text<64>>,
        /// calls for this target / 目标应用
        target: Option<Text<64>>,
        /// method without scene / 接口
        method: Option<Text<128>>,
        /// done, replayed, stubbed, refused or open / 结果
        outcome: Option<Text<10>>,
        /// production or test / 环境
        environment: Option<Text<10>>,
        /// answered at or after / 开始时间
        from: Option<Moment>,
        /// answered at or before / 结束时间
        to: Option<Moment>,
        /// next of the page before: older calls / 下一页游标
        cursor: Option<Text<40>>,
        /// newest of an earlier answer: only calls that came since / 只看其后的调用
        after: Option<Text<40>>,
        /// calls of a page, at most 200 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// Which call.
    struct One {
        /// id of the call / 请求编号
        request_id: Text<13>,
        /// show personal fields, which are masked otherwise; an event says that they were asked for / 显示个人信息
        reveal: Option<bool>,
    }
}

arguments! {
    /// Which call to send again.
    struct Again {
        /// id of the call / 请求编号
        request_id: Text<13>,
        /// also when it had succeeded; it is then carried out as a new call / 已成功也重推
        force: Option<bool>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(
            head(
                "call.list",
                Verb::Get,
                "/calls",
                ("search the call log of this node, newest first", "查询本节点的调用日志,新的在前"),
                Shape::Free(
                    "node; calls, each with request_id, node, at, channel, environment, tenant, app, target, scene, method, \
                     business_no, outcome (done, replayed, stubbed, refused, open), code, sub_code, forwarded_to, peer, micros, \
                     has_messages; newest = for after; next = cursor of older ones, absent at the end; missing = calls that could \
                     not be written",
                ),
            ),
            list,
        ),
        house(
            head(
                "call.get",
                Verb::Get,
                "/calls/{request_id}",
                ("one call with the times of its steps and both messages", "单次调用:各步耗时与报文"),
                Shape::Free(
                    "as in the list; steps = microseconds of each; bytes; dialect; repushed; cut; explain = where a refused signature is \
                     explained; request and reply, personal fields masked",
                ),
            ),
            get,
        ),
        house(
            head(
                "call.repush",
                Verb::Post,
                "/calls/{request_id}/repush",
                ("send a call again, newly signed, as the same caller", "重推一次调用"),
                Shape::Free("request_id of the new call, its outcome and code, reply"),
            ),
            repush,
        ),
    ]
}

async fn list(desk: Arc<Desk>, search: Search) -> Result<Answer, Fault> {
    let log = log(&desk)?;
    let node = log.node().to_string();
    if let Some(id) = search.request_id.as_deref() {
        of_this_node(id, &node)?;
    }
    let wanted = wanted(&search)?;
    let found = look(Arc::clone(&desk), move |log| log.search(&wanted)).await?;
    let newest = found.calls.first().map(|(place, _)| place.to_string());
    let calls: Vec<Value> = found.calls.iter().map(|(_, entry)| Value::Object(row(entry))).collect();
    Ok(Answer::json(&json!({
        "node": node,
        "calls": calls,
        "newest": newest,
        "next": found.next.map(|place| place.to_string()),
        "missing": found.missing,
    })))
}

async fn get(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let (entry, messages) = find(&desk, &one.request_id).await?;
    let reveal = one.reveal == Some(true);
    let mut told = row(&entry);
    let steps: Map<String, Value> =
        STEPS.iter().zip(&entry.micros).map(|(step, micros)| ((*step).to_owned(), json!(micros))).collect();
    told.insert("steps".to_owned(), Value::Object(steps));
    told.insert("bytes".to_owned(), json!({ "request": entry.bytes.0, "reply": entry.bytes.1 }));
    told.insert("dialect".to_owned(), json!(entry.dialect));
    told.insert("repushed".to_owned(), json!(entry.repushed()));
    told.insert("cut".to_owned(), json!(entry.is_cut()));
    if is_refused_signature(&entry) && entry.has_messages() {
        told.insert("explain".to_owned(), json!(format!("{ROOT}/calls/{}/explain", &*one.request_id)));
    }
    // Numbers of a message stay as they stand in it, so the rest is written behind.
    let mut body = Value::Object(told).to_string();
    body.pop();
    if let Some(messages) = messages {
        let method = desk.0.gateway.registry().find(&entry.method);
        let view = View { reveal, method: method.map(|method| &**method) };
        let (request, reply) = (messages.request_shown(&view), messages.reply_shown(&view));
        let path = Value::from(messages.path.as_str());
        // Writing to a string cannot fail.
        let _ = write!(body, ",\"path\":{path},\"request\":{request},\"reply\":{reply}");
        if reveal {
            note(&desk, "call.reveal", &one.request_id).await?;
        }
    }
    body.push('}');
    Ok(Answer::raw(body))
}

async fn repush(desk: Arc<Desk>, again: Again) -> Result<Answer, Fault> {
    let (entry, messages) = find(&desk, &again.request_id).await?;
    let pushed = desk.0.gateway.repush(&entry, messages.as_ref(), again.force == Some(true)).await;
    let pushed = pushed.map_err(|refusal| {
        let status = match refusal {
            Unpushable::AlreadyDone => return Fault::new(StatusCode::CONFLICT, "state", refusal.to_string()),
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Fault::new(status, "refused", refusal.to_string())
    })?;
    note(&desk, "call.repush", &again.request_id).await?;
    let id = pushed.request_id.to_string();
    let (entry, _) = find(&desk, &id).await?;
    let reply = String::from_utf8_lossy(&pushed.sent.body).into_owned();
    let reply = Messages { reply: reply.into_bytes(), ..Messages::default() };
    let method = desk.0.gateway.registry().find(&entry.method);
    let reply = reply.reply_shown(&View { reveal: false, method: method.map(|method| &**method) });
    let (outcome, code) = (entry.outcome().name(), entry.code);
    Ok(Answer::raw(format!(
        "{{\"request_id\":\"{id}\",\"of\":\"{}\",\"outcome\":\"{outcome}\",\"code\":{code},\"reply\":{reply}}}",
        &*again.request_id
    ))
    .about(&id))
}

/// Refused because its signature was wrong: 2100 on openapi2, 25 on the side of TOP.
fn is_refused_signature(entry: &Entry) -> bool {
    entry.code == if entry.channel == "openapi2" { 2100 } else { 25 }
}

fn log(desk: &Desk) -> Result<&CallLog, Fault> {
    desk.0.gateway.log().ok_or_else(|| Fault::not_found("this server keeps no call log"))
}

/// Reads files beside the serving tasks.
async fn look<T: Send + 'static>(
    desk: Arc<Desk>,
    work: impl FnOnce(&CallLog) -> std::io::Result<T> + Send + 'static,
) -> Result<T, Fault> {
    let looked = tokio::task::spawn_blocking(move || {
        let log = log(&desk)?;
        work(log).map_err(|error| Fault::internal(format!("the call log cannot be read: {error}")))
    });
    looked.await.map_err(|error| Fault::internal(error.to_string()))?
}

pub(super) async fn find(desk: &Arc<Desk>, id: &str) -> Result<(Entry, Option<Messages>), Fault> {
    let node = log(desk)?.node().to_string();
    of_this_node(id, &node)?;
    let wanted = id.to_owned();
    let found = look(Arc::clone(desk), move |log| match log.find(&wanted)? {
        None => Ok(None),
        Some((place, entry)) => Ok(Some((log.messages(place, &entry)?, entry))),
    });
    let (messages, entry) = found.await?.ok_or_else(|| {
        Fault::not_found(format!("no call {id} in the log of node {node}; it may be older than what is kept"))
    })?;
    Ok((entry, messages))
}

/// A request id names its node; only that one has the call.
fn of_this_node(id: &str, node: &str) -> Result<(), Fault> {
    let Some(read) = RequestId::read(id) else {
        return Err(Fault::invalid("request_id", "a request id has thirteen lower-case letters and digits"));
    };
    if read.node().to_string() != node {
        let there = read.node();
        return Err(Fault::not_found(format!(
            "this is node {node}; the call was answered by node {there}: ask that one / 该调用由节点 {there} 处理,请到该节点查询"
        )));
    }
    Ok(())
}

fn wanted(search: &Search) -> Result<Wanted, Fault> {
    fn own<const N: usize>(text: &Option<Text<N>>) -> Option<String> {
        text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned)
    }
    let place = |field: &str, text: Option<String>| {
        let read = |text: String| Place::read(&text).ok_or_else(|| Fault::invalid(field, "not what an answer gave"));
        text.map(read).transpose()
    };
    let outcome = own(&search.outcome).map(|name| {
        Outcome::named(&name)
            .ok_or_else(|| Fault::invalid("outcome", "outcome is done, replayed, stubbed, refused or open"))
    });
    let world = search.environment.as_deref().filter(|name| !name.is_empty());
    let size = search.page_size.unwrap_or(limits::PAGE);
    let most = gateway::limits::LOG_PAGE;
    let limit = usize::try_from(size).ok().filter(|size| (1..=most).contains(size));
    Ok(Wanted {
        request_id: own(&search.request_id),
        number: own(&search.business_no),
        app: own(&search.app),
        target: own(&search.target),
        method: own(&search.method),
        outcome: outcome.transpose()?,
        environment: world.map(|name| environment(Some(name))).transpose()?,
        from: search.from.map(Moment::unix),
        to: search.to.map(Moment::unix),
        before: place("cursor", own(&search.cursor))?,
        after: place("after", own(&search.after))?,
        limit: limit.ok_or_else(|| Fault::invalid("page_size", format!("page_size is 1 to {most}")))?,
    })
}

fn row(entry: &Entry) -> Map<String, Value> {
    let at = Moment::from_unix(entry.at.div_euclid(1000));
    let micros: u64 = entry.micros.iter().map(|micros| u64::from(*micros)).sum();
    let row = json!({
        "request_id": entry.request_id.as_str(),
        "node": entry.request_id.node().to_string(),
        "at": format!("{at}.{:03}", entry.at.rem_euclid(1000)),
        "channel": entry.channel,
        "environment": entry.environment.map_or("", |environment| environment.name()),
        "tenant": entry.tenant,
        "app": entry.app,
        "recognised": entry.recognised(),
        "target": entry.target,
        "scene": entry.scene,
        "method": entry.method,
        "business_no": entry.number,
        "outcome": entry.outcome().name(),
        "code": entry.code,
        "sub_code": entry.sub_code,
        "forwarded_to": entry.forwarded,
        "peer": entry.peer.map(|peer| peer.to_string()).unwrap_or_default(),
        "micros": micros,
        "has_messages": entry.has_messages(),
    });
    match row {
        Value::Object(row) => row,
        _ => Map::new(),
    }
}
