//! Pushes on their way to a supplier: kept until it answered, repeated on a schedule, signed by Qimen's rules (fact sheet
//! ascp-direct, 1.6, 1.9; section 7, no. 3).

use gateway::Directory;
use gateway::directory::Protocol;
use store::{Tenant, Tx};
use units::Moment;
use wire::params::Params;
use wire::qimen::{self, Forwarded};

use super::error::Result;
use super::fault::{self, Forgery, Trouble};
use super::order::{SimOrderEvent, SimOrderState, decided, intercepted};
use super::supplier::{SimSupplier, supplier};
use super::{reverse, table};
use crate::limits::LEASE;
use crate::messages::{Format, PushKind, PushReply, write_body};

/// Seconds until each repetition; after the last the push is given up.
pub const SCHEDULE: [i64; 5] = [10, 60, 300, 1_800, 7_200];

/// A push on its way.
#[derive(Debug, Clone)]
pub struct SimPush {
    /// Key.
    pub id: i64,
    /// Supplier.
    pub supplier_id: String,
    /// Which push.
    pub kind: PushKind,
    /// The document.
    pub code: String,
    /// Attempts that failed.
    pub attempts: i64,
    /// The request as JSON.
    pub request: String,
}

/// A push that is to be sent now, and what goes wrong with it.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The push.
    pub push: SimPush,
    /// The supplier.
    pub supplier: SimSupplier,
    /// What goes wrong.
    pub trouble: Trouble,
}

/// Puts a push on its way.
pub(super) fn send(
    tx: &mut Tx,
    supplier_id: &str,
    kind: PushKind,
    code: &str,
    request: &str,
    due: Moment,
) -> Result<()> {
    let push = SimPush {
        id: tx.document_id("ascp_sim_push")?,
        supplier_id: supplier_id.to_owned(),
        kind,
        code: code.to_owned(),
        attempts: 0,
        request: request.to_owned(),
    };
    table::insert_push(tx, &push, due)
}

/// Takes the pushes that are due. Until they are settled nobody else takes them, for as long as a lease lasts.
pub fn lease(tx: &mut Tx, limit: i64) -> Result<Vec<Outgoing>> {
    let now = tx.now();
    let mut out = Vec::new();
    for push in table::due_pushes(tx, now, limit)? {
        let supplier = supplier(tx, &push.supplier_id)?;
        if supplier.push_url.is_empty() {
            table::postpone_push(tx, push.id, now.plus(SCHEDULE[0]))?;
            continue;
        }
        let trouble = fault::strike(tx, &format!("push:{}", push.kind.name()))?;
        if let Trouble::Delay(seconds) = trouble {
            table::postpone_push(tx, push.id, now.plus(seconds))?;
            continue;
        }
        table::postpone_push(tx, push.id, now.plus(LEASE))?;
        out.push(Outgoing { push, supplier, trouble });
    }
    Ok(out)
}

/// What the supplier said, or nothing.
pub fn settle(tx: &mut Tx, push: &SimPush, reply: Option<&PushReply>) -> Result<()> {
    // Meanwhile it may have been dropped, such as by a feedback call that decided everything.
    if !table::push_waits(tx, push.id)? {
        return Ok(());
    }
    match reply {
        Some(reply) if reply.success => {
            table::close_push(tx, push.id, 1, "")?;
            accepted(tx, push)
        }
        Some(reply) if !reply.retry => {
            let reason = format!("{} {}", reply.code, reply.message);
            table::close_push(tx, push.id, 2, &reason)?;
            refused(tx, push, &reason)
        }
        other => {
            let problem =
                other.map_or_else(|| "no reply".to_owned(), |reply| format!("{} {}", reply.code, reply.message));
            let pause = usize::try_from(push.attempts).ok().and_then(|attempts| SCHEDULE.get(attempts));
            match pause {
                Some(pause) => {
                    let due = tx.now().plus(*pause);
                    table::retry_push(tx, push.id, push.attempts + 1, due, &problem)
                }
                None => {
                    table::close_push(tx, push.id, 2, &problem)?;
                    given_up(tx, push, &problem)
                }
            }
        }
    }
}

fn accepted(tx: &mut Tx, push: &SimPush) -> Result<()> {
    match push.kind {
        PushKind::Notify => {
            let Some(mut order) = table::order(tx, &push.code)? else { return Ok(()) };
            order.facts.delivered = true;
            if matches!(order.state, SimOrderState::Pushing | SimOrderState::PushFailed) {
                order.fire(SimOrderEvent::Deliver)?;
            }
            table::update_order(tx, &order)
        }
        PushKind::Cancel => {
            let Some(mut order) = table::order(tx, &push.code)? else { return Ok(()) };
            let supplier = supplier(tx, &push.supplier_id)?;
            if !supplier.cancel_ack_only && order.state < SimOrderState::Shipped {
                decided(tx, &mut order, true, "")?;
                table::update_order(tx, &order)?;
            }
            Ok(())
        }
        PushKind::Reverse => reverse::delivered(tx, &push.code),
    }
}

fn refused(tx: &mut Tx, push: &SimPush, reason: &str) -> Result<()> {
    match push.kind {
        PushKind::Notify => give_up_order(tx, push, reason),
        PushKind::Cancel => {
            let Some(mut order) = table::order(tx, &push.code)? else { return Ok(()) };
            if order.state < SimOrderState::Shipped {
                decided(tx, &mut order, false, reason)?;
                table::update_order(tx, &order)?;
            }
            Ok(())
        }
        PushKind::Reverse => reverse::failed(tx, &push.code, reason),
    }
}

fn given_up(tx: &mut Tx, push: &SimPush, reason: &str) -> Result<()> {
    match push.kind {
        PushKind::Notify => give_up_order(tx, push, reason),
        PushKind::Cancel => {
            let Some(mut order) = table::order(tx, &push.code)? else { return Ok(()) };
            let unheard = !order.facts.delivered && !order.facts.accepted;
            if order.state == SimOrderState::Cancelling
                && unheard
                && !table::is_under_way(tx, &push.code, PushKind::Notify)?
            {
                // The supplier never had the order, so there is nothing to intercept.
                intercepted(tx, &mut order, "供应商未收到订单,平台直接取消")?;
                table::update_order(tx, &order)?;
            }
            Ok(())
        }
        PushKind::Reverse => reverse::failed(tx, &push.code, reason),
    }
}

/// The supplier does not get the order. One that is being cancelled is cancelled then.
fn give_up_order(tx: &mut Tx, push: &SimPush, reason: &str) -> Result<()> {
    let Some(mut order) = table::order(tx, &push.code)? else { return Ok(()) };
    match order.state {
        SimOrderState::Pushing => {
            order.fire(SimOrderEvent::GiveUp)?;
            reason.clone_into(&mut order.facts.reason);
        }
        SimOrderState::Cancelling
            if !order.facts.accepted && !table::is_under_way(tx, &push.code, PushKind::Cancel)? =>
        {
            intercepted(tx, &mut order, "供应商未收到订单,平台直接取消")?;
        }
        _ => return Ok(()),
    }
    table::update_order(tx, &order)
}

/// Whether the directory lets a supplier be pushed to, and how: the URL with the signed query, content type, and body. A push that is
/// to be forged is.
pub fn signed(
    directory: &Directory,
    outgoing: &Outgoing,
    now: Moment,
) -> Result<(String, &'static str, String), String> {
    let supplier = &outgoing.supplier;
    let snapshot = directory.snapshot();
    let app = snapshot
        .app(Protocol::Top, &supplier.app_key)
        .ok_or_else(|| format!("application {} is not known", supplier.app_key))?;
    let format = supplier.format();
    let body = write_body(format, &outgoing.push.request).map_err(|error| error.to_string())?;
    let (content_type, named) = match format {
        Format::Xml => ("text/xml;charset=UTF-8", "xml"),
        Format::Json => ("application/json;charset=UTF-8", "json"),
    };
    let forgery = if let Trouble::Forge(forgery) = outgoing.trouble { Some(forgery) } else { None };
    let late = if let Some(Forgery::Clock(seconds)) = forgery { seconds } else { 0 };
    let timestamp = now.plus(-late).to_string();
    let pairs = [
        ("method", outgoing.push.kind.method()),
        ("timestamp", &timestamp),
        ("format", named),
        ("app_key", &supplier.app_key),
        ("v", "2.0"),
        ("sign_method", "md5"),
        ("customerId", &supplier.customer_id),
    ];
    // What the address itself says in its query is signed too: the receiver verifies over everything that arrives.
    let (address, own) = supplier.push_url.split_once('?').unwrap_or((&supplier.push_url, ""));
    let own = Params::of_query(own.as_bytes()).map_err(|error| error.to_string())?;
    let query = Params::of_pairs(own.iter().chain(pairs)).map_err(|error| error.to_string())?;
    let form = Params::default();
    let forwarded = Forwarded { headers: &[], query: &query, form: &form, content_type, body: body.as_bytes() };
    let sign = qimen::sign(app.secret.expose_text(), &forwarded).map_err(|error| error.to_string())?;
    let sign = if forgery == Some(Forgery::Sign) { sign.chars().rev().collect() } else { sign };
    let query = qimen::signed_query(&query, &sign);
    let body = if forgery == Some(Forgery::Body) { changed(format, &body) } else { body };
    Ok((format!("{address}?{query}"), content_type, body))
}

/// The body with one member more than was signed.
fn changed(format: Format, body: &str) -> String {
    match format {
        Format::Xml => body.replacen("</request>", "<changed>1</changed></request>", 1),
        Format::Json => body.replacen("{\"request\":{", "{\"request\":{\"changed\":\"1\",", 1),
    }
}

/// Pushes that wait, by tenant: for the worker.
pub(super) fn is_due(reader: &mut store::Reader, tenant: Tenant, now: Moment) -> Result<bool> {
    table::any_push_due(reader, tenant, now)
}
