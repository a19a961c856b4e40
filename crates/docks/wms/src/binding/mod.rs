//! Whom a merchant is docked to: the agreement of an ERP and a warehouse's system, known by its `customerId`.

use gateway::directory::Environment;
use gateway::service::Direction;
use serde::{Deserialize, Serialize};
use store::{Reader, Secret, Tx};
use units::Moment;

use crate::outgoing::Spelling;
use crate::{Error, Result, table};

/// Which side the built-in ERP plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The merchant's: its documents go out, confirmations come in.
    Erp,
    /// The warehouse's: somebody else's documents come in, confirmations go out.
    Wms,
}

impl Role {
    /// What comes in for this role.
    pub const fn inbound(self) -> Direction {
        match self {
            Self::Erp => Direction::ToErp,
            Self::Wms => Direction::ToWms,
        }
    }

    /// `erp` or `wms`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Erp => "erp",
            Self::Wms => "wms",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn named(name: &str) -> Option<Self> {
        [Self::Erp, Self::Wms].into_iter().find(|role| role.name() == name)
    }
}

/// A warehouse of the agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Key of our warehouse.
    pub warehouse: i64,
    /// Its number.
    pub no: String,
    /// How messages call it (`warehouseCode`).
    pub code: String,
}

/// An agreement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Binding {
    /// Key.
    pub id: i64,
    /// The routing key both sides agreed upon.
    pub customer_id: String,
    /// Which side we play.
    pub role: Role,
    /// Test or production: that of the tenant.
    pub environment: Environment,
    /// The owner of the goods, as messages call it (`ownerCode`).
    pub owner_code: String,
    /// The warehouses.
    pub places: Vec<Place>,
    /// Where messages go.
    pub url: String,
    /// `app_key` under which we call.
    pub app_key: String,
    /// How methods are spelled there.
    pub spelling: Spelling,
    /// `v`: `2.0` or `1.0`.
    pub version: String,
    /// For [`Role::Wms`]: number of the shop that the other side's orders belong to.
    #[serde(default)]
    pub shop_no: String,
    /// Nothing goes out, what comes in finds no route.
    #[serde(default)]
    pub disabled: bool,
    /// `url` may lie at a private, loopback or link-local address.
    #[serde(default)]
    pub private_allowed: bool,
    /// Signs what goes out.
    #[serde(skip, default = "no_secret")]
    pub secret: Secret,
    /// First stored.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
}

fn no_secret() -> Secret {
    Secret::new(Vec::new())
}

impl Binding {
    /// The warehouse with this key.
    pub fn place_of(&self, warehouse: i64) -> Option<&Place> {
        self.places.iter().find(|place| place.warehouse == warehouse)
    }

    /// The warehouse that messages call like this.
    pub fn place_called(&self, code: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.code == code)
    }
}

/// An agreement to make or to change.
#[derive(Debug, Clone)]
pub struct NewBinding {
    /// See [`Binding`].
    pub customer_id: String,
    /// See [`Binding`].
    pub role: Role,
    /// See [`Binding`].
    pub environment: Environment,
    /// See [`Binding`].
    pub owner_code: String,
    /// Numbers of our warehouses, each with its code there (empty = the same).
    pub warehouses: Vec<(String, String)>,
    /// See [`Binding`].
    pub url: String,
    /// See [`Binding`].
    pub app_key: String,
    /// Empty keeps the one that is stored.
    pub secret: Secret,
    /// See [`Binding`].
    pub spelling: Spelling,
    /// See [`Binding`].
    pub version: String,
    /// See [`Binding`].
    pub shop_no: String,
    /// See [`Binding`].
    pub disabled: bool,
    /// See [`Binding`].
    pub private_allowed: bool,
}

/// Makes an agreement, or changes the one of this customer and role. What is released to its warehouses from now on is
/// handed over.
pub fn bind(tx: &mut Tx, new: NewBinding) -> Result<Binding> {
    let before = table::binding_of(tx, new.environment, &new.customer_id, new.role.inbound())?;
    if before.as_ref().is_some_and(|(tenant, _)| *tenant != tx.tenant()) {
        return Err(Error::Taken(new.customer_id));
    }
    let before = before.map(|(_, binding)| binding);
    let mut places = Vec::with_capacity(new.warehouses.len());
    for (no, code) in &new.warehouses {
        let warehouse = erp::catalog::warehouse_by_no(tx, no)?;
        if new.role == Role::Erp && !warehouse.outsourced() {
            return Err(Error::Refused(format!("仓库{no}不是委外仓库")));
        }
        let other = table::bindings(tx)?.into_iter().find(|other| {
            other.role == new.role && other.customer_id != new.customer_id && other.place_of(warehouse.id).is_some()
        });
        if let Some(other) = other.filter(|_| new.role == Role::Erp) {
            return Err(Error::Refused(format!("仓库{no}已对接{}", other.customer_id)));
        }
        let code = if code.is_empty() { no } else { code };
        places.push(Place { warehouse: warehouse.id, no: warehouse.no, code: code.clone() });
    }
    let secret = match (&before, new.secret.expose().is_empty()) {
        (Some(before), true) => before.secret.clone(),
        _ => new.secret,
    };
    let binding = Binding {
        id: match &before {
            Some(before) => before.id,
            None => tx.document_id("wms_binding")?,
        },
        customer_id: new.customer_id,
        role: new.role,
        environment: new.environment,
        owner_code: new.owner_code,
        places,
        url: new.url,
        app_key: new.app_key,
        spelling: new.spelling,
        version: new.version,
        shop_no: new.shop_no,
        disabled: new.disabled,
        private_allowed: new.private_allowed,
        secret,
        created: before.as_ref().map_or(tx.now(), |before| before.created),
        modified: tx.now(),
    };
    table::save_binding(tx, &binding)?;
    table::begin_cursor(tx)?;
    tx.event("wms.bound", &binding.customer_id, &serde_json::json!({ "role": binding.role }))?;
    Ok(binding)
}

/// Ends an agreement; what was told and heard stays.
pub fn unbind(tx: &mut Tx, customer_id: &str, role: Role) -> Result<()> {
    let binding = bindings(tx)?.into_iter().find(|known| known.customer_id == customer_id && known.role == role);
    let binding = binding.ok_or_else(|| Error::Unknown(format!("no binding of customerId {customer_id}")))?;
    let ended = Binding { disabled: true, places: Vec::new(), ..binding.clone() };
    table::save_binding(tx, &ended)?;
    Ok(tx.event("wms.unbound", customer_id, &serde_json::json!({ "role": role }))?)
}

/// The tenant's agreements.
pub fn bindings(reader: &mut Reader) -> Result<Vec<Binding>> {
    table::bindings(reader)
}

/// Whose the calls of this customer are that come in in this direction: tenant and agreement.
pub fn binding_by_customer(
    reader: &mut Reader,
    environment: Environment,
    customer_id: &str,
    inbound: Direction,
) -> Result<Option<(store::Tenant, Binding)>> {
    let found = table::binding_of(reader, environment, customer_id, inbound)?;
    Ok(found.filter(|(_, binding)| !binding.disabled))
}
