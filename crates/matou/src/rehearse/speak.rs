//! One exchange with the server: signed or as the operator, and how it is shown in reports (secrets and signatures left out).

use std::sync::Arc;

use rehearsal::{Exchange, Fault, Reply};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::client::{Client, Heard, Keys, Pairs, openapi2, qimen, top};
use crate::demo::Card;
use crate::outside::SystemClock;

/// Which signed door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// `/openapi2`, the usual one.
    Openapi2,
    /// `/router/qm`
    Qimen,
    /// `/router/qmtest`
    QimenTest,
    /// `/router/rest`
    Rest,
}

/// The server as a caller sees it.
pub(super) struct Speaker {
    pub(super) card: Card,
    client: Client,
    runtime: Arc<Runtime>,
    methods: gateway::Registry,
}

impl Speaker {
    pub(super) fn new(card: Card) -> Result<Self, crate::trouble::Trouble> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = Client::new(&card.base_url);
        Ok(Self { card, client, runtime: Arc::new(runtime), methods: dock_wdt::registry() })
    }

    /// Calls a method of Wangdian.
    pub(super) fn call(&self, door: Door, method: &str, arguments: Pairs) -> Result<Reply, Fault> {
        let shown = shown(&arguments);
        let (sid, top, target) = (&self.card.wdt.sid, self.card.top(), &self.card.qimen.target_app_key);
        let (path, pairs) = match door {
            Door::Openapi2 => {
                let file = match self.methods.find(method) {
                    Some(entry) => entry.php.to_owned(),
                    None => format!("{}.php", method.trim_start_matches("wdt.").replace('.', "_")),
                };
                (format!("/openapi2/{file}"), openapi2(&SystemClock, sid, &self.card.openapi2(), arguments))
            }
            Door::Qimen => ("/router/qm".to_owned(), qimen(&SystemClock, method, sid, &top, target, arguments)),
            Door::QimenTest => ("/router/qmtest".to_owned(), qimen(&SystemClock, method, sid, &top, target, arguments)),
            Door::Rest => ("/router/rest".to_owned(), qimen(&SystemClock, method, sid, &top, target, arguments)),
        };
        let heard = self.runtime.block_on(self.client.post_form(&path, &pairs));
        reply(format!("POST {path} {method}{shown}"), heard)
    }

    /// Calls the sandbox of a simulated platform. The reply has the answer's members and `status`.
    pub(super) fn sandbox(&self, verb: &str, path: &str, body: Option<Value>) -> Result<Reply, Fault> {
        let text = body.map(|body| body.to_string());
        let sent = format!("{verb} /sandbox/v1{path} {}", text.as_deref().unwrap_or_default());
        let heard = self.runtime.block_on(self.client.sandbox(verb, path, &self.card.admin.token, text));
        let status = heard.as_ref().map_or(0, |heard| heard.status);
        let mut reply = reply(sent, heard)?;
        if let Value::Object(members) = &mut reply.value {
            members.insert("status".to_owned(), status.into());
        }
        Ok(reply)
    }

    /// Calls a method of TOP as the supplier of the demo does: with its application and session, in reduced JSON.
    pub(super) fn top(&self, method: &str, arguments: Pairs) -> Result<Reply, Fault> {
        let Some(ascp) = &self.card.ascp else {
            return Err(Fault::new("the server has no simulated platform (no `ascp` in demo.json)"));
        };
        let shown = shown(&arguments);
        let keys = Keys { key: ascp.app_key.clone(), secret: ascp.app_secret.clone() };
        let pairs = top(&SystemClock, method, &ascp.session, &keys, arguments);
        let heard = self.runtime.block_on(self.client.post_form("/router/rest", &pairs));
        reply(format!("POST /router/rest {method}{shown}"), heard)
    }

    /// Calls the admin API. The reply has the answer's members and `status`.
    pub(super) fn admin(&self, verb: &str, path: &str, body: Option<Value>) -> Result<Reply, Fault> {
        let text = body.map(|body| body.to_string());
        let sent = format!("{verb} /admin/v1{path} {}", text.as_deref().unwrap_or_default());
        let heard = self.runtime.block_on(self.client.admin(verb, path, &self.card.admin.token, text));
        let status = heard.as_ref().map_or(0, |heard| heard.status);
        let mut reply = reply(sent, heard)?;
        if let Value::Object(members) = &mut reply.value {
            members.insert("status".to_owned(), status.into());
        }
        Ok(reply)
    }
}

fn shown(arguments: &Pairs) -> String {
    arguments.iter().map(|(name, value)| format!("\n{name}={value}")).collect()
}

fn reply(sent: String, heard: Result<Heard, String>) -> Result<Reply, Fault> {
    let heard = heard.map_err(|error| Fault { message: error, exchanges: Vec::new() })?;
    let value = serde_json::from_str(&heard.body).map_err(|error| Fault {
        message: format!("the answer (HTTP {}) is not JSON: {error}", heard.status),
        exchanges: vec![Exchange { sent: sent.clone(), received: heard.body.clone() }],
    })?;
    let received = if heard.status == 200 { heard.body } else { format!("HTTP {}\n{}", heard.status, heard.body) };
    Ok(Reply { value, exchanges: vec![Exchange { sent, received }] })
}
