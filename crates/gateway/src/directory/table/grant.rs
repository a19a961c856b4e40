//! Authorisations and their stories.

use store::{Reader, Tx, Value};
use units::Moment;

use crate::directory::model::{Authorisation, Environment, Grant, GrantEvent, GrantStatus};
use crate::directory::{Error, Result};

const AUTHORISATION: &str = "SELECT environment, app_key, target_app_key, sid, status, ends_at FROM directory_grant";
const ORDER: &str = "ORDER BY environment, app_key, target_app_key, sid";
const ONE: &str = "environment = ?1 AND app_key = ?2 AND target_app_key = ?3 AND sid = ?4";

/// What lets calls through, or did until it ended.
pub(in crate::directory) fn approved(reader: &mut Reader) -> Result<Vec<Authorisation>> {
    let approved = GrantStatus::Approved.name();
    read(reader, &format!("{AUTHORISATION} WHERE status = ?1 {ORDER}"), &[approved.into()])
}

pub(in crate::directory) fn authorisations(reader: &mut Reader) -> Result<Vec<Authorisation>> {
    read(reader, &format!("{AUTHORISATION} {ORDER}"), &[])
}

pub(in crate::directory) fn authorisation(reader: &mut Reader, grant: &Grant) -> Result<Option<Authorisation>> {
    Ok(read(reader, &format!("{AUTHORISATION} WHERE {ONE}"), &values(grant))?.pop())
}

fn read(reader: &mut Reader, sql: &str, params: &[Value<'_>]) -> Result<Vec<Authorisation>> {
    let rows = reader.query(sql, params, |row| {
        let (environment, status) = (Environment::named(row.text(0)?), GrantStatus::named(row.text(4)?));
        let (app_key, target_app_key) = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
        let (sid, until) = (row.text(3)?.to_owned(), row.opt_moment(5)?);
        Ok(environment.zip(status).map(|(environment, status)| Authorisation {
            grant: Grant { environment, app_key, target_app_key, sid },
            status,
            until,
        }))
    })?;
    let unreadable = || Error::Unreadable("of directory_grant".to_owned());
    rows.into_iter().map(|row| row.ok_or_else(unreadable)).collect()
}

pub(in crate::directory) fn put_authorisation(tx: &mut Tx, authorisation: &Authorisation) -> Result<()> {
    let Authorisation { grant, status, until } = authorisation;
    let [environment, app_key, target, sid] = values(grant);
    tx.execute(
        "INSERT INTO directory_grant (environment, app_key, target_app_key, sid, status, ends_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (environment, app_key, target_app_key, sid) \
         DO UPDATE SET status = excluded.status, ends_at = excluded.ends_at",
        &[environment, app_key, target, sid, status.name().into(), (*until).into()],
    )?;
    Ok(())
}

/// Adds a step to the story.
pub(in crate::directory) fn note(tx: &mut Tx, grant: &Grant, event: &GrantEvent) -> Result<()> {
    let number = tx.next("directory_grant_history")?;
    let [environment, app_key, target, sid] = values(grant);
    tx.execute(
        "INSERT INTO directory_grant_history \
         (number, environment, app_key, target_app_key, sid, at, status, who, reason, ends_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            number.into(),
            environment,
            app_key,
            target,
            sid,
            event.at.unix().into(),
            event.status.name().into(),
            (&event.by).into(),
            (&event.reason).into(),
            event.until.into(),
        ],
    )?;
    Ok(())
}

pub(in crate::directory) fn history(reader: &mut Reader, grant: &Grant) -> Result<Vec<GrantEvent>> {
    let sql =
        format!("SELECT at, status, who, reason, ends_at FROM directory_grant_history WHERE {ONE} ORDER BY number");
    let rows = reader.query(&sql, &values(grant), |row| {
        let (at, by, reason) = (Moment::from_unix(row.int(0)?), row.text(2)?.to_owned(), row.text(3)?.to_owned());
        let until = row.opt_moment(4)?;
        Ok(GrantStatus::named(row.text(1)?).map(|status| GrantEvent { at, status, until, by, reason }))
    })?;
    let unreadable = || Error::Unreadable("of directory_grant_history".to_owned());
    rows.into_iter().map(|row| row.ok_or_else(unreadable)).collect()
}

fn values(grant: &Grant) -> [Value<'_>; 4] {
    [grant.environment.name().into(), (&grant.app_key).into(), (&grant.target_app_key).into(), (&grant.sid).into()]
}
