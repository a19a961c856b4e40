//! Scenes and customer routes.

use store::{Reader, Tx};

use super::json;
use crate::directory::model::{CustomerRoute, Direction, Environment, Scene};
use crate::directory::{Error, Result};

pub(in crate::directory) fn scenes(reader: &mut Reader) -> Result<Vec<Scene>> {
    let sql = "SELECT code, definition FROM gateway_scene ORDER BY code";
    let rows = reader.query(sql, &[], |row| Ok((row.text(0)?.to_owned(), serde_json::from_str(row.text(1)?))))?;
    let scene = |(code, definition): (String, serde_json::Result<Scene>)| match definition {
        Ok(scene) => Ok(Scene { code, ..scene }),
        Err(_) => Err(Error::Unreadable(format!("gateway_scene {code}"))),
    };
    rows.into_iter().map(scene).collect()
}

pub(in crate::directory) fn put_scene(tx: &mut Tx, scene: &Scene) -> Result<()> {
    tx.execute(
        "INSERT INTO gateway_scene (code, definition) VALUES (?1, ?2) \
         ON CONFLICT (code) DO UPDATE SET definition = excluded.definition",
        &[(&scene.code).into(), (&json(scene)?).into()],
    )?;
    Ok(())
}

pub(in crate::directory) fn delete_scene(tx: &mut Tx, code: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM gateway_scene WHERE code = ?1", &[code.into()])? > 0)
}

pub(in crate::directory) fn customer_routes(reader: &mut Reader) -> Result<Vec<CustomerRoute>> {
    let sql = "SELECT environment, customer_id, direction, target_app_key FROM gateway_customer_route \
               ORDER BY environment, customer_id, direction";
    let rows = reader.query(sql, &[], |row| {
        let (environment, direction) = (Environment::named(row.text(0)?), Direction::named(row.text(2)?));
        let (customer_id, target_app_key) = (row.text(1)?.to_owned(), row.text(3)?.to_owned());
        Ok(environment.zip(direction).map(|(environment, direction)| CustomerRoute {
            environment,
            customer_id,
            direction,
            target_app_key,
        }))
    })?;
    let unreadable = || Error::Unreadable("of gateway_customer_route".to_owned());
    rows.into_iter().map(|route| route.ok_or_else(unreadable)).collect()
}

pub(in crate::directory) fn put_customer_route(tx: &mut Tx, route: &CustomerRoute) -> Result<()> {
    tx.execute(
        "INSERT INTO gateway_customer_route (environment, customer_id, direction, target_app_key) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (environment, customer_id, direction) DO UPDATE SET target_app_key = excluded.target_app_key",
        &[
            route.environment.name().into(),
            (&route.customer_id).into(),
            route.direction.name().into(),
            (&route.target_app_key).into(),
        ],
    )?;
    Ok(())
}

pub(in crate::directory) fn delete_customer_route(
    tx: &mut Tx,
    environment: Environment,
    customer_id: &str,
    direction: Direction,
) -> Result<bool> {
    let sql = "DELETE FROM gateway_customer_route WHERE environment = ?1 AND customer_id = ?2 AND direction = ?3";
    Ok(tx.execute(sql, &[environment.name().into(), customer_id.into(), direction.name().into()])? > 0)
}
