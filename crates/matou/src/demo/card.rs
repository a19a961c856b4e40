//! `demo.json`: where the demo runs and with which keys. Later docks add their own entries.

use std::path::Path;

use gateway::directory::{Directory, Environment, Protocol};
use serde::{Deserialize, Serialize};
use store::Secret;

use super::merchant::{APP, MALL, QIMEN_APP, QIMEN_TARGET, SID, WAREHOUSES};
use crate::client::Keys;
use crate::server::write_private;
use crate::trouble::Trouble;

/// The file's content.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) base_url: String,
    pub(crate) admin: Admin,
    pub(crate) wdt: Wdt,
    pub(crate) qimen: Qimen,
    /// The outsourced warehouse whose system is simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) wms: Option<Wms>,
    /// The supplier of Tmall Global Direct and the simulated platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ascp: Option<Ascp>,
}

/// A supplier of the simulated ASCP: `push_url` is where it is pushed to, `top_url` where it calls, `sandbox_url` where people play
/// consumer and platform.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Ascp {
    pub(crate) supplier_id: String,
    pub(crate) customer_id: String,
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    pub(crate) session: String,
    pub(crate) push_url: String,
    pub(crate) top_url: String,
    pub(crate) sandbox_url: String,
    pub(crate) shop_no: String,
    pub(crate) store_code: String,
}

/// The agreement with the simulated warehouse's system: `url` is where it speaks to Matou, `door` where Matou speaks to it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Wms {
    pub(crate) customer_id: String,
    pub(crate) url: String,
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    pub(crate) owner_code: String,
    pub(crate) warehouse_no: String,
    pub(crate) warehouse_code: String,
    pub(crate) door: String,
    pub(crate) powers: String,
    pub(crate) ships_after_seconds: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Admin {
    pub(crate) token: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Wdt {
    pub(crate) sid: String,
    pub(crate) appkey: String,
    pub(crate) appsecret: String,
    pub(crate) shop_no: String,
    pub(crate) warehouse_no: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Qimen {
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    pub(crate) target_app_key: String,
}

impl Card {
    /// What the directory knows of the demo merchant.
    pub(crate) fn of(directory: &Directory, token: &Secret, base_url: String) -> Result<Self, Trouble> {
        let snapshot = directory.snapshot();
        let secret = |protocol, key: &str| {
            let app = snapshot.app(protocol, key);
            app.map(|app| app.secret.expose_text().to_owned())
                .ok_or_else(|| Trouble::new(format!("the demo's application {key} is gone; use an empty folder")))
        };
        if snapshot.tenant_of(Environment::Production, SID).is_none() {
            return Err(Trouble::new("the demo merchant is gone or switched off; use an empty folder"));
        }
        Ok(Self {
            base_url,
            admin: Admin { token: token.expose_text().to_owned() },
            wdt: Wdt {
                sid: SID.to_owned(),
                appkey: APP.to_owned(),
                appsecret: secret(Protocol::Openapi2, APP)?,
                shop_no: MALL.to_owned(),
                warehouse_no: WAREHOUSES[0].no.to_owned(),
            },
            qimen: Qimen {
                app_key: QIMEN_APP.to_owned(),
                app_secret: secret(Protocol::Top, QIMEN_APP)?,
                target_app_key: QIMEN_TARGET.to_owned(),
            },
            wms: None,
            ascp: None,
        })
    }

    /// Writes it; it holds secrets, so only its owner can read it.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Trouble> {
        let text = serde_json::to_string_pretty(self)?;
        write_private(path, &format!("{text}\n")).map_err(|error| Trouble::new(format!("{}: {error}", path.display())))
    }

    /// Reads it.
    pub(crate) fn read(path: &Path) -> Result<Self, Trouble> {
        let about = |error: String| Trouble::new(format!("{}: {error}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| about(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| about(error.to_string()))
    }

    /// Keys of the openapi2 application.
    pub(crate) fn openapi2(&self) -> Keys {
        Keys { key: self.wdt.appkey.clone(), secret: self.wdt.appsecret.clone() }
    }

    /// Keys of the Qimen application.
    pub(crate) fn top(&self) -> Keys {
        Keys { key: self.qimen.app_key.clone(), secret: self.qimen.app_secret.clone() }
    }
}
