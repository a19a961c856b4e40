//! Goods that a supplier supplies, and the carriers that the platform knows (fact sheet ascp-direct, 2.14, 2.5).

use serde_json::{Value, json};
use store::Tx;
use units::Moment;
use wire::args::{Json, Text, arguments};

use crate::limits::GOODS_PAGE;
use crate::platform::error::{Result, no};
use crate::platform::goods::goods_page;
use crate::platform::supplier::{SimSupplier, must_be};

arguments! {
    /// 2.14
    pub(super) struct Goods {
        /// everything
        pub supply_product_page_query: Json<Which>,
    }
}

arguments! {
    /// Which page.
    struct Which {
        /// supplier
        supplier_id: Text<40>,
        /// rows, at most 200
        page_size: i64,
        /// page, from 1
        current_page: i64,
        /// made at or after
        begin_time: Option<Moment>,
        /// made at or before
        end_time: Option<Moment>,
    }
}

pub(super) fn list(tx: &mut Tx, supplier: &SimSupplier, call: &Goods) -> Result<Value> {
    let which = &*call.supply_product_page_query;
    must_be(supplier, &which.supplier_id)?;
    if !(1..=GOODS_PAGE).contains(&which.page_size) || which.current_page < 1 {
        return Err(no("SIM_INVALID", "page_size is 1 to 200, current_page from 1"));
    }
    let from = (which.current_page - 1).saturating_mul(which.page_size);
    let window = (which.begin_time, which.end_time);
    let (rows, total) = goods_page(tx, &supplier.supplier_id, window, from, which.page_size)?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|(goods, created)| {
            json!({
                "supplier_id": supplier.supplier_id, "supplier_name": supplier.name, "sc_item_id": goods.sc_item_id,
                "sc_item_name": goods.name, "outer_id": goods.outer_id, "barcode": goods.barcode,
                "create_date": created.to_string(),
            })
        })
        .collect();
    Ok(json!({
        "success": true,
        "data": {
            "page_size": which.page_size, "current_page": which.current_page, "total_count": total, "page_data": rows,
        },
    }))
}

/// Carriers with the form of their waybills. Invented forms: the platform's own list is not published.
const CARRIERS: [(i64, &str, &str, &str); 7] = [
    (505, "SF", "顺丰速运", "^SF[0-9]{10,15}$"),
    (500, "ZTO", "中通快递", "^[A-Z0-9]{8,20}$"),
    (101, "YTO", "圆通速递", "^[A-Z0-9]{8,20}$"),
    (100, "STO", "申通快递", "^[A-Z0-9]{8,20}$"),
    (102, "YUNDA", "韵达快递", "^[A-Z0-9]{8,20}$"),
    (2, "EMS", "EMS", "^[A-Z0-9]{8,20}$"),
    (9001, super::waybill::CARRIER, "示例快递", "^DM[0-9]{8,20}$"),
];

/// `taobao.logistics.companies.get`: every carrier, whatever fields are asked for.
pub(super) fn companies() -> Value {
    let rows: Vec<Value> = CARRIERS
        .iter()
        .map(|(id, code, name, form)| json!({ "id": id, "code": code, "name": name, "reg_mail_no": form }))
        .collect();
    Value::Array(rows)
}
