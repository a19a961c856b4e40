//! What both sides of a joint test agree on beforehand.

use store::Secret;

use crate::platform::{SimGoods, SimSupplier};

/// The agreement: what is entered in the ERP, and what the platform believes of it.
#[derive(Clone)]
pub struct Terms {
    /// Supplier id.
    pub supplier_id: String,
    /// Qimen's routing id.
    pub customer_id: String,
    /// The application that pushes are addressed to, and that calls TOP.
    pub app_key: String,
    /// Its secret.
    pub app_secret: Secret,
    /// The session of the flagship shop.
    pub session: String,
    /// The supplier's warehouse, as the platform calls it.
    pub store_code: String,
    /// Account of the goods' owner.
    pub user_id: i64,
    /// Where the ERP is pushed to.
    pub push_url: String,
    /// Where the ERP finds TOP, for the explanations.
    pub top_url: String,
    /// Pushes are JSON instead of XML.
    pub json: bool,
    /// Goods: ids of the platform with the ERP's merchant codes. The first two are ordered.
    pub goods: Vec<(i64, String)>,
    /// Pieces that the platform may sell of each.
    pub pieces: i64,
}

/// Price of a piece, fen.
const PRICE: i64 = 12_900;

impl Terms {
    /// Goods that the ERP must not know: an id that is not among the agreed ones.
    pub fn unknown_goods(&self) -> i64 {
        self.goods.iter().map(|(id, _)| *id).max().unwrap_or(0).saturating_add(900_001)
    }

    /// The goods as the platform keeps them; the unknown ones carry no merchant code.
    pub(super) fn sold(&self) -> Vec<SimGoods> {
        let unknown = (self.unknown_goods(), String::new());
        let sold = |(id, code): &(i64, String)| SimGoods {
            sc_item_id: *id,
            name: format!("联调货品{id}"),
            outer_id: code.clone(),
            price: PRICE,
            ..SimGoods::default()
        };
        self.goods.iter().chain([&unknown]).map(sold).collect()
    }

    /// The supplier as the platform knows it.
    pub(super) fn supplier(&self) -> SimSupplier {
        SimSupplier {
            supplier_id: self.supplier_id.clone(),
            app_key: self.app_key.clone(),
            session: self.session.clone(),
            push_url: self.push_url.clone(),
            customer_id: self.customer_id.clone(),
            user_id: self.user_id,
            json: self.json,
            ..SimSupplier::default()
        }
    }
}
