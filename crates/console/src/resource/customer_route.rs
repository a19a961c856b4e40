//! Customer routes (customerId 路由): who answers for a `customerId` on the standard WMS scene.

use std::sync::Arc;

use gateway::directory::{CustomerRoute, Direction};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, text};

use super::tenant::{environment, note};
use crate::answer::{Answer, Shape};
use crate::desk::{Desk, style};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, house};

const ROUTE: &[Column<CustomerRoute>] = &[
    text("environment", "production or test / 环境", |r| r.environment.name()),
    text("customer_id", "key on which ERP and WMS agreed / 客户编码", |r| &r.customer_id),
    text("direction", "to_wms: the warehouse is called, to_erp: the ERP is called / 方向", |r| r.direction.name()),
    text("target_app_key", "who answers / 目标应用", |r| &r.target_app_key),
];

arguments! {
    /// Nothing is asked.
    struct All {}
}

arguments! {
    /// A route.
    struct New {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// key on which ERP and WMS agreed / 客户编码
        customer_id: Text<64>,
        /// to_wms or to_erp / 方向
        direction: Text<10>,
        /// who answers / 目标应用
        target_app_key: Text<64>,
    }
}

arguments! {
    /// Which route.
    struct One {
        /// production (default) or test / 环境
        environment: Option<Text<10>>,
        /// key on which ERP and WMS agreed / 客户编码
        customer_id: Text<64>,
        /// to_wms or to_erp / 方向
        direction: Text<10>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, summary, shape| Head { id, verb, path: "/customer-routes", summary, shape };
    let row = Shape::Row(|| describe(ROUTE));
    let rows = Shape::Rows("customer_routes", || describe(ROUTE));
    vec![
        house(head("customer_route.list", Verb::Get, ("list routes by customerId", "customerId路由列表"), rows), list),
        house(
            head("customer_route.put", Verb::Post, ("create or change a route", "创建或修改customerId路由"), row),
            put,
        ),
        house(head("customer_route.remove", Verb::Delete, ("take a route away", "删除customerId路由"), row), remove),
    ]
}

async fn list(desk: Arc<Desk>, _: All) -> Result<Answer, Fault> {
    let routes = desk.0.directory.snapshot().customer_routes();
    Ok(Answer::rows(style(false), "customer_routes", ROUTE, &routes, Some(routes.len() as i64)))
}

async fn put(desk: Arc<Desk>, new: New) -> Result<Answer, Fault> {
    let route = CustomerRoute {
        environment: environment(new.environment.as_deref())?,
        customer_id: new.customer_id.into(),
        direction: direction(&new.direction)?,
        target_app_key: new.target_app_key.into(),
    };
    desk.0.directory.put_customer_route(route.clone()).await?;
    note(&desk, "customer_route.put", &route.customer_id).await?;
    Ok(Answer::row(style(false), ROUTE, &route).created())
}

async fn remove(desk: Arc<Desk>, one: One) -> Result<Answer, Fault> {
    let (at, to) = (environment(one.environment.as_deref())?, direction(&one.direction)?);
    let stored = desk.0.directory.snapshot().customer_route(at, &one.customer_id, to).cloned();
    let gone = desk.0.directory.delete_customer_route(at, one.customer_id.to_string(), to).await?;
    let route = stored.filter(|_| gone).ok_or_else(|| Fault::not_found("no such route"))?;
    note(&desk, "customer_route.remove", &route.customer_id).await?;
    Ok(Answer::row(style(false), ROUTE, &route))
}

fn direction(word: &str) -> Result<Direction, Fault> {
    Direction::named(word).ok_or_else(|| Fault::invalid("direction", "direction is to_wms or to_erp"))
}
