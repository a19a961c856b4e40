//! Platform-run delivery: waybills are drawn here; serial numbers are checked before shipment (fact sheet ascp-direct, 2.15, 2.16).

use serde_json::{Value, json};
use store::Tx;
use wire::args::{Json, List, Text, Values, arguments};

use crate::limits::PARCELS;
use crate::platform::error::{Result, no};
use crate::platform::order::order;
use crate::platform::supplier::{SimSupplier, must_be};
use crate::platform::table;

/// The carrier of platform-run delivery.
pub(super) const CARRIER: &str = "DEMO_CP";

arguments! {
    /// 2.15
    pub(super) struct Draw {
        /// everything
        pub waybill_query_request: Json<Packages>,
    }
}

arguments! {
    /// Parcels that want a waybill.
    struct Packages {
        /// supplier
        supplier_id: Text<40>,
        /// order
        consign_lp_order_code: Text<40>,
        /// parcels
        packages: List<Package, 1, PARCELS>,
    }
}

arguments! {
    /// A parcel.
    struct Package {
        /// code, unique in the order
        code: Text<64>,
    }
}

pub(super) fn draw(tx: &mut Tx, supplier: &SimSupplier, call: &Draw) -> Result<Value> {
    let wanted = &*call.waybill_query_request;
    must_be(supplier, &wanted.supplier_id)?;
    let mut found = order(tx, &supplier.supplier_id, &wanted.consign_lp_order_code)?;
    if found.facts.business_model != "1" {
        return Err(no("SIM_STATE", "waybills are drawn for platform-run delivery only"));
    }
    let mut rows = Vec::new();
    for package in &wanted.packages {
        let drawn = found.facts.drawn.iter().find(|(code, _)| *code == *package.code).map(|(_, number)| number.clone());
        let number = match drawn {
            Some(number) => number,
            None => {
                let number = format!("DM{:010}", tx.next("ascp_sim_waybill")?);
                found.facts.drawn.push((package.code.to_string(), number.clone()));
                number
            }
        };
        rows.push(json!({ "package_code": &*package.code, "waybill_code": number, "print_data": "{}" }));
    }
    table::update_order(tx, &found)?;
    Ok(json!({
        "success": true,
        "data": {
            "cp_res_code": CARRIER, "cp_res_name": "示例快递", "cp_brand_code": "DEMO", "logistics_company": "示例快递",
            "waybill_cloud_print_dto_list": rows,
        },
    }))
}

arguments! {
    /// 2.16
    pub(super) struct Precheck {
        /// everything
        pub consignorder_ship_precheck_request: Json<Serials>,
    }
}

arguments! {
    /// Serial numbers.
    struct Serials {
        /// order
        lg_order_code: Text<40>,
        /// line, idempotent
        ext_order_item_id: Text<64>,
        /// `query`
        action: Text<16>,
        /// supplier
        supplier_id: Text<40>,
        /// them
        sn: Values<Text<64>, 1, 200>,
        /// who delivers
        business_model: Text<16>,
    }
}

/// Numbers that begin with `BAD` are refused.
pub(super) fn precheck(tx: &mut Tx, supplier: &SimSupplier, call: &Precheck) -> Result<Value> {
    let serials = &*call.consignorder_ship_precheck_request;
    must_be(supplier, &serials.supplier_id)?;
    order(tx, &supplier.supplier_id, &serials.lg_order_code)?;
    let rows: Vec<Value> = serials
        .sn
        .iter()
        .map(|number| {
            let bad = number.starts_with("BAD");
            json!({
                "result": if bad { "FAILED" } else { "SUCCESS" }, "sn_code": &**number,
                "msg_code": if bad { "SIM_SN" } else { "" }, "msg_desc": if bad { "serial number is not known" } else { "" },
            })
        })
        .collect();
    Ok(json!({ "retry": false, "data": { "async_result": false, "item_response_dto_list": rows } }))
}
