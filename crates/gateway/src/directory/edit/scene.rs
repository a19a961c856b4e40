//! Scenes and customer routes.

use store::Tx;

use super::check::{check_name, check_scene};
use crate::directory::model::{CustomerRoute, Direction, Environment, Scene};
use crate::directory::{Directory, Error, Result, table};

impl Directory {
    /// Creates a scene, or changes everything but its code.
    pub async fn put_scene(&self, scene: Scene) -> Result<()> {
        self.change(move |tx| put(tx, &scene)).await
    }

    /// Takes a scene away that has no definition online; false when there was none.
    pub async fn delete_scene(&self, code: String) -> Result<bool> {
        self.change(move |tx| delete(tx, &code)).await
    }

    /// Creates a customer route, or changes its target.
    pub async fn put_customer_route(&self, route: CustomerRoute) -> Result<()> {
        self.change(move |tx| put_route(tx, &route)).await
    }

    /// Takes a customer route away; false when there was none.
    pub async fn delete_customer_route(
        &self,
        environment: Environment,
        customer_id: String,
        direction: Direction,
    ) -> Result<bool> {
        self.change(move |tx| table::delete_customer_route(tx, environment, &customer_id, direction)).await
    }
}

pub(super) fn put(tx: &mut Tx, scene: &Scene) -> Result<()> {
    check_scene(scene)?;
    table::put_scene(tx, scene)?;
    check_hosts(tx)
}

/// Stubs and limits know a method by its name without scene: under the full name they would never concern a call.
pub(crate) fn check_method(tx: &mut Tx, method: &str) -> Result<()> {
    let Some((code, name)) = method.split_once('.') else { return Ok(()) };
    if table::scenes(tx)?.iter().any(|scene| scene.code == code) {
        return Err(Error::Invalid(format!("method: without the scene: {name}")));
    }
    Ok(())
}

/// A host stands for one scene only.
pub(in crate::directory) fn check_hosts(tx: &mut Tx) -> Result<()> {
    let scenes = table::scenes(tx)?;
    for scene in &scenes {
        for host in &scene.hosts {
            if let Some(other) = scenes.iter().find(|other| other.code != scene.code && other.is_at(host)) {
                return Err(Error::Taken(format!("host {host} of scene {}", other.code)));
            }
        }
    }
    Ok(())
}

pub(in crate::directory) fn delete(tx: &mut Tx, code: &str) -> Result<bool> {
    if table::online_apis(tx)?.iter().any(|api| api.scene == code) {
        return Err(Error::Invalid(format!("scene {code} has definitions online; take them off line first")));
    }
    table::delete_scene(tx, code)
}

pub(in crate::directory) fn put_route(tx: &mut Tx, route: &CustomerRoute) -> Result<()> {
    check_name("customer_id", &route.customer_id)?;
    if !table::targets(tx)?.iter().any(|target| target.key == route.target_app_key) {
        return Err(Error::Unknown(format!("target_app_key {}", route.target_app_key)));
    }
    table::put_customer_route(tx, route)
}
