//! The file in which a joint test's keys and goods stand: made once, entered in the ERP, used for every run.

use std::collections::BTreeMap;
use std::path::Path;

use dock_ascp::cases::Terms;
use serde::{Deserialize, Serialize};
use store::Secret;

use crate::outside;
use crate::server::write_private;
use crate::trouble::Trouble;

/// The file's content.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    supplier_id: String,
    customer_id: String,
    app_key: String,
    app_secret: String,
    session: String,
    store_code: String,
    user_id: i64,
    /// Goods id of the platform and merchant code of the ERP.
    goods: BTreeMap<String, String>,
    /// Pieces that the platform may sell of each.
    #[serde(default = "pieces")]
    pieces: i64,
    /// Pushes are JSON instead of XML.
    #[serde(default)]
    json: bool,
}

const fn pieces() -> i64 {
    100
}

fn hex() -> String {
    outside::secret_bits().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl File {
    /// Made-up numbers and fresh secrets.
    pub(super) fn fresh() -> Result<Self, Trouble> {
        outside::check_randomness().map_err(|error| Trouble::new(format!("/dev/urandom: {error}")))?;
        let goods = [("690000000001", "DEMO-SKU-A"), ("690000000002", "DEMO-SKU-B")];
        Ok(Self {
            supplier_id: "1000000000090001".to_owned(),
            customer_id: "2200000000001".to_owned(),
            app_key: "21999001".to_owned(),
            app_secret: hex(),
            session: format!("JOINT{}", hex()),
            store_code: "DEMO_WH_01".to_owned(),
            user_id: 2_200_000_000_009,
            goods: goods.into_iter().map(|(id, code)| (id.to_owned(), code.to_owned())).collect(),
            pieces: pieces(),
            json: false,
        })
    }

    /// Reads it; `None` when there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Trouble> {
        let about = |error: String| Trouble::new(format!("{}: {error}", path.display()));
        match std::fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text).map(Some).map_err(|error| about(error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(about(error.to_string())),
        }
    }

    /// Writes it; it holds secrets, so only its owner can read it.
    pub(super) fn write(&self, path: &Path) -> Result<(), Trouble> {
        let text = serde_json::to_string_pretty(self)?;
        write_private(path, &format!("{text}\n")).map_err(|error| Trouble::new(format!("{}: {error}", path.display())))
    }

    /// The terms with both addresses.
    pub(super) fn terms(&self, push_url: &str, top_url: &str) -> Result<Terms, Trouble> {
        let goods: Result<Vec<(i64, String)>, Trouble> = self
            .goods
            .iter()
            .map(|(id, code)| match id.parse::<i64>() {
                Ok(number) if number > 0 => Ok((number, code.clone())),
                _ => Err(Trouble::new(format!("goods: {id} is not an id of the platform"))),
            })
            .collect();
        Ok(Terms {
            supplier_id: self.supplier_id.clone(),
            customer_id: self.customer_id.clone(),
            app_key: self.app_key.clone(),
            app_secret: Secret::new(self.app_secret.as_str()),
            session: self.session.clone(),
            store_code: self.store_code.clone(),
            user_id: self.user_id,
            push_url: push_url.to_owned(),
            top_url: top_url.to_owned(),
            json: self.json,
            goods: goods?,
            pieces: self.pieces,
        })
    }

    /// What must stand in the ERP before the first case, secrets left out.
    pub(super) fn welcome(&self, terms: &Terms) -> String {
        let goods: Vec<String> = terms.goods.iter().map(|(id, code)| format!("{id} = {code}")).collect();
        format!(
            "天猫国际直营联调 / joint test of Tmall Global Direct\n  supplierId  {}   customerId {}   app_key {}\n  storeCode   {}   user_id {}\n  \
             push to     {}\n  TOP at      {}\n  goods       {}\n请先关闭ERP的自动审核 / switch automatic audits of the ERP off first\n",
            terms.supplier_id,
            terms.customer_id,
            terms.app_key,
            terms.store_code,
            terms.user_id,
            terms.push_url,
            terms.top_url,
            goods.join(", "),
        )
    }
}
