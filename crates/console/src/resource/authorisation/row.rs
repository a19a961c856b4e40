//! How an authorisation is named and shown.

use gateway::directory::{Authorisation, EVERY_SID, Grant, GrantEvent};
use wire::args::Text;
use wire::rows::{Column, list, text, time};

use super::letter::{LETTER, Letter};
use crate::fault::Fault;
use crate::resource::tenant::environment;

/// An authorisation, where it stands, and what was written about it.
pub(super) struct Row {
    pub(super) authorisation: Authorisation,
    pub(super) story: Vec<GrantEvent>,
    /// Right after an approval.
    pub(super) letters: Vec<Letter>,
}

pub(super) const EVENT: &[Column<GrantEvent>] = &[
    time("time", "when / 时间", |e| Some(e.at)),
    text("status", "what it became, or stayed / 状态", |e| e.status.name()),
    time("until", "the end that it has since then / 授权截止时间", |e| e.until),
    text("by", "who did it / 操作人", |e| &e.by),
    text("reason", "why, or what the applicant says / 原因", |e| &e.reason),
];

pub(super) const ROW: &[Column<Row>] = &[
    text("environment", "production or test / 环境", |r| r.authorisation.grant.environment.name()),
    text("app_key", "the caller / 调用方", |r| &r.authorisation.grant.app_key),
    text("target_app_key", "the target / 目标应用", |r| &r.authorisation.grant.target_app_key),
    text("sid", "seller account; * = all / 卖家账号", |r| &r.authorisation.grant.sid),
    text("status", "applied, approved, rejected or withdrawn / 状态", |r| r.authorisation.status.name()),
    time("until", "from then on calls are refused / 授权截止时间", |r| r.authorisation.until),
    list!("history", "its story, oldest first; where one is asked for / 历史", EVENT, |r| r.story.iter()),
    list!("letters", "after an approval: what to send to the caller / 通知邮件", LETTER, |r| r.letters.iter()),
];

pub(super) fn grant_of(
    at: Option<&str>,
    app_key: Text<64>,
    target_app_key: Text<64>,
    sid: Option<Text<64>>,
) -> Result<Grant, Fault> {
    Ok(Grant {
        environment: environment(at)?,
        app_key: app_key.into(),
        target_app_key: target_app_key.into(),
        sid: sid.map_or_else(|| EVERY_SID.to_owned(), String::from),
    })
}
