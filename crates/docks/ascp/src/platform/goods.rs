//! Goods that a supplier supplies.

use serde::{Deserialize, Serialize};
use store::{Reader, Tx};
use units::Moment;

use super::error::{Result, no};
use super::table;

/// A goods.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimGoods {
    /// Id.
    pub sc_item_id: i64,
    /// Name.
    pub name: String,
    /// Merchant code.
    pub outer_id: String,
    /// Bar code.
    pub barcode: String,
    /// Price of a piece, fen.
    pub price: i64,
}

/// Enters goods of a supplier, or changes them.
pub fn put_goods(tx: &mut Tx, supplier_id: &str, goods: &[SimGoods]) -> Result<()> {
    for one in goods {
        if one.sc_item_id < 1 || one.price < 0 {
            return Err(no("SIM_INVALID", "sc_item_id is positive, price is not negative"));
        }
        table::save_goods(tx, supplier_id, one)?;
    }
    Ok(())
}

/// A page of goods, oldest first, from number `from` on; and how many there are.
pub(super) fn goods_page(
    reader: &mut Reader,
    supplier_id: &str,
    window: (Option<Moment>, Option<Moment>),
    from: i64,
    size: i64,
) -> Result<(Vec<(SimGoods, Moment)>, i64)> {
    table::goods_page(reader, supplier_id, window, from, size)
}
