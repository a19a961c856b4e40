//! Stock: published, asked for (fact sheet ascp-direct, 2.12, 2.13).

use serde_json::{Value, json};
use store::Tx;
use wire::args::{Json, List, Text, Values, arguments, given};

use super::once;
use crate::limits::STOCK_GOODS;
use crate::platform::error::{Result, no};
use crate::platform::stock::{self, DEFECTIVE, GOOD, account};
use crate::platform::supplier::{SimSupplier, must_be};
use crate::platform::table;

arguments! {
    /// 2.12
    pub(super) struct Publish {
        /// everything
        pub aic_inventory_publish_request: Json<Operations>,
    }
}

arguments! {
    /// Several operations.
    struct Operations {
        /// them
        inventory_main_operation: List<Operation, 1, 100>,
    }
}

arguments! {
    /// One of them.
    struct Operation {
        /// head
        main_order: Head,
        /// lines
        detail_operation_list: List<Line, 1, 200>,
    }
}

arguments! {
    /// Number and owner.
    struct Head {
        /// operation id
        operation_order_id: Text<64>,
        /// owner of the goods
        user_id: i64,
    }
}

arguments! {
    /// A line.
    struct Line {
        /// where
        location: Place,
        /// what
        item: Option<Goods>,
        /// how many
        inventory_line_list: List<Quantity, 1, 10>,
        /// line operation
        detail_order: Detail,
        /// whose, and how
        additional_info: More,
    }
}

arguments! {
    /// Where.
    struct Place {
        /// warehouse
        store_code: Text<64>,
    }
}

arguments! {
    /// What.
    struct Goods {
        /// goods id
        sc_item_id: Option<i64>,
        /// merchant code
        outer_id: Option<Text<64>>,
    }
}

arguments! {
    /// Wrapped once more.
    struct Quantity {
        /// inner
        inventory_line: Pieces,
    }
}

arguments! {
    /// How many.
    struct Pieces {
        /// pieces; absent = 0
        quantity: Option<i64>,
    }
}

arguments! {
    /// Line operation.
    struct Detail {
        /// id
        operation_detail_order_id: Text<64>,
    }
}

arguments! {
    /// Wrapped once more.
    struct More {
        /// inner
        attribute: Attribute,
    }
}

arguments! {
    /// Whose, and how.
    struct Attribute {
        /// supplier
        supplier_id: Text<40>,
        /// FULLAMOUNT or INCREMENT
        inv_operate_mode: Option<Text<16>>,
    }
}

/// One result for the whole call: a line that is refused refuses all of them.
pub(super) fn publish(tx: &mut Tx, supplier: &SimSupplier, call: &Publish) -> Result<Value> {
    for operation in &call.aic_inventory_publish_request.inventory_main_operation {
        if supplier.user_id != 0 && operation.main_order.user_id != supplier.user_id {
            return Err(no("SIM_SUPPLIER_MISMATCH", "user_id is not the owner of the goods"));
        }
        for line in &operation.detail_operation_list {
            must_be(supplier, &line.additional_info.attribute.supplier_id)?;
            let key = format!(
                "stock:{}:{}",
                &*operation.main_order.operation_order_id, &*line.detail_order.operation_detail_order_id
            );
            once(tx, supplier, &key, |tx| {
                set(tx, supplier, line)?;
                Ok(json!({ "success": true }))
            })?;
        }
    }
    Ok(json!({ "success": true }))
}

fn set(tx: &mut Tx, supplier: &SimSupplier, line: &Line) -> Result<()> {
    let item = line.item.as_ref();
    let outer_id = item.and_then(|item| given(&item.outer_id)).unwrap_or_default();
    let goods = match item.and_then(|item| item.sc_item_id) {
        Some(id) => table::goods(tx, &supplier.supplier_id, id)?,
        None => table::goods_by_outer(tx, &supplier.supplier_id, outer_id)?,
    };
    let goods = goods.ok_or_else(|| no("SIM_INVALID", format!("no such goods {outer_id}")))?;
    let quantity = line.inventory_line_list.iter().map(|line| line.inventory_line.quantity.unwrap_or(0)).sum();
    let full = match given(&line.additional_info.attribute.inv_operate_mode).unwrap_or("FULLAMOUNT") {
        "FULLAMOUNT" => true,
        "INCREMENT" => false,
        other => return Err(no("SIM_INVALID", format!("inv_operate_mode {other}"))),
    };
    let place = account(tx, &supplier.supplier_id, &line.location.store_code, goods.sc_item_id, GOOD)?;
    stock::publish(tx, place, quantity, full)
}

arguments! {
    /// 2.13
    pub(super) struct Query {
        /// everything
        pub merchant_inventory_query_request: Json<Which>,
    }
}

arguments! {
    /// Which accounts.
    struct Which {
        /// supplier
        supplier_id: Text<40>,
        /// warehouse
        store_code: Text<64>,
        /// owner of the goods
        user_id: i64,
        /// goods, at most 20
        sc_item_ids: Values<i64, 1, STOCK_GOODS>,
    }
}

pub(super) fn query(tx: &mut Tx, supplier: &SimSupplier, call: &Query) -> Result<Value> {
    let which = &*call.merchant_inventory_query_request;
    must_be(supplier, &which.supplier_id)?;
    let mut datas = Vec::new();
    for item in which.sc_item_ids.iter() {
        for kind in [GOOD, DEFECTIVE] {
            if let Some(found) = table::stock(tx, &supplier.supplier_id, &which.store_code, *item, kind)? {
                datas.push(json!({
                    "sc_item_id": item, "source_user_id": which.user_id, "store_code": found.store_code,
                    "channel_code": "1000", "inventory_type": kind, "quantity": found.quantity.to_string(),
                    "lock_quantity": found.lock_quantity.to_string(),
                }));
            }
        }
    }
    Ok(json!({ "success": true, "datas": datas }))
}
