//! Tenants (卖家账号): a merchant in one environment.

use std::sync::Arc;

use gateway::directory::{Environment, NewTenant, Settings, TenantChange, TenantInfo};
use store::Tenant;
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, text};

use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house, leave_event};

const TENANT: &[Column<TenantInfo>] = &[
    int("number", "number of the data set / 数据集编号", |t| t.number),
    text("sid", "seller account / 卖家账号", |t| &t.sid),
    text("environment", "production or test / 环境", |t| t.environment.name()),
    text("name", "for people / 名称", |t| &t.name),
    flag("enabled", "0: answers as if it did not exist / 是否启用", |t| t.enabled),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// A tenant to be created.
    struct New {
        /// seller account, unique within the environment / 卖家账号
        sid: Text<64>,
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// for people / 名称
        name: Option<Text<64>>,
    }
}

arguments! {
    /// What changes of a tenant.
    struct Change {
        /// number of the tenant / 编号
        number: i64,
        /// for people / 名称
        name: Option<Text<64>>,
        /// on or off / 是否启用
        enabled: Option<bool>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(TENANT));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        house(
            head(
                "tenant.list",
                Verb::Get,
                "/tenants",
                ("list tenants", "卖家账号列表"),
                Shape::Rows("tenants", || describe(TENANT)),
            ),
            list,
        ),
        house(head("tenant.create", Verb::Post, "/tenants", ("create a tenant", "创建卖家账号"), row), create),
        house(
            head("tenant.change", Verb::Patch, "/tenants/{number}", ("change a tenant", "修改卖家账号"), row),
            change,
        ),
    ]
}

async fn list(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let tenants: Vec<TenantInfo> =
        desk.0.directory.snapshot().tenants().iter().map(|tenant| TenantInfo::clone(tenant)).collect();
    Ok(Answer::rows(style(false), "tenants", TENANT, &tenants, Some(tenants.len() as i64)))
}

async fn create(desk: Arc<Desk>, new: New) -> Result<Answer, Fault> {
    let environment = environment(new.environment.as_deref())?;
    let name = new.name.map_or_else(|| new.sid.to_string(), String::from);
    let tenant = desk
        .0
        .directory
        .create_tenant(NewTenant { sid: new.sid.into(), environment, name, settings: Settings::default() })
        .await?;
    note(&desk, "tenant.create", &tenant.sid).await?;
    Ok(Answer::row(style(false), TENANT, &*tenant).created())
}

async fn change(desk: Arc<Desk>, change: Change) -> Result<Answer, Fault> {
    let what = TenantChange { name: change.name.map(String::from), enabled: change.enabled, settings: None };
    let tenant = desk.0.directory.update_tenant(change.number, what).await?;
    note(&desk, "tenant.change", &tenant.sid).await?;
    Ok(Answer::row(style(false), TENANT, &*tenant))
}

/// The environment that was named; production when none was.
pub(super) fn environment(name: Option<&str>) -> Result<Environment, Fault> {
    match name.filter(|name| !name.is_empty()) {
        None => Ok(Environment::Production),
        Some(name) => {
            Environment::named(name).ok_or_else(|| Fault::invalid("environment", "environment is production or test"))
        }
    }
}

/// The event of a change in the directory, in the log of the house.
pub(super) async fn note(desk: &Desk, operation: &'static str, subject: &str) -> Result<(), Fault> {
    let subject = subject.to_owned();
    desk.store().write(Tenant::HOUSE, move |tx| leave_event(tx, operation, &subject)).await?;
    Ok(())
}
