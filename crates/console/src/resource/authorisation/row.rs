//! How an authorisation is named and shown.

use gateway::directory::{EVERY_SID, Grant, GrantEvent, GrantStatus};
use wire::args::Text;
use wire::rows::{Column, list, text, time};

use super::letter::{LETTER, Letter};
use crate::fault::Fault;
use crate::resource::tenant::environment;

/// An authorisation, where it stands, and what was written about it.
pub(super) struct Row {
    pub(super) grant: Grant,
    pub(super) status: GrantStatus,
    pub(super) story: Vec<GrantEvent>,
    /// Right after an approval.
    pub(super) letters: Vec<Letter>,
}

pub(super) const EVENT: &[Column<GrantEvent>] = &[
    time("time", "when / 时间", |e| Some(e.at)),
    text("status", "what it became / 状态", |e| e.status.name()),
    text("by", "who did it / 操作人", |e| &e.by),
    text("reason", "why, or what the applicant says / 原因", |e| &e.reason),
];

pub(super) const ROW: &[Column<Row>] = &[
    text("environment", "production or test / 环境", |r| r.grant.environment.name()),
    text("app_key", "the caller / 调用方", |r| &r.grant.app_key),
    text("target_app_key", "the target / 目标应用", |r| &r.grant.target_app_key),
    text("sid", "seller account; * = all / 卖家账号", |r| &r.grant.sid),
    text("status", "applied, approved, rejected or withdrawn / 状态", |r| r.status.name()),
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
