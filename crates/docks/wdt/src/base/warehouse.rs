//! `wdt.warehouse.query` (fact sheet wdt-1, 2.2).

use erp::catalog::{self, Page, Warehouse};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use wire::args::{Text, given};
use wire::rows::{Column, empty, flag, int, text, time, zero, zero_decimal};

use crate::codes::Error;
use crate::{limits, settings::Settings, window};

wire::arguments! {
    /// Warehouses, all of them or by number and type.
    pub struct Request {
        /// one warehouse; lists are not supported
        pub warehouse_no: Option<Text<40>>,
        /// warehouse type
        pub r#type | warehouse_type: Option<i64>,
        /// for type 127: 1 physical shop, 2 virtual shop
        pub sub_type: Option<i64>,
        /// 0 enabled, 1 disabled
        pub is_disabled: Option<bool>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

const WAREHOUSES: &[Column<Warehouse>] = &[
    int("warehouse_id", "primary key", |w| wire_id(w.id)),
    text("warehouse_no", "business key", |w| &w.no),
    text("name", "name", |w| &w.name),
    int("warehouse_type", "type: 1 ordinary, 11 Qimen, 127 other", |w| w.kind),
    text("ext_warehouse_no", "number in the external system", |w| &w.ext_no),
    text("province", "name of the province", |w| &w.region[0]),
    text("city", "name of the city", |w| &w.region[1]),
    text("district", "name of the district", |w| &w.region[2]),
    text("address", "street address", |w| &w.address),
    text("contact", "contact", |w| &w.contact),
    text("telno", "telephone", |w| &w.telno),
    text("mobile", "mobile", |w| &w.mobile),
    text("zip", "post code", |w| &w.zip),
    flag("is_defect", "holds defective goods only", |w| w.defect),
    flag("is_disabled", "not to be used any more", |w| w.disabled),
    zero("match_warehouse_id", "paired warehouse; not kept"),
    zero_decimal("coordinates_x", "position; not kept"),
    zero_decimal("coordinates_y", "position; not kept"),
    text("remark", "remark", |w| &w.remark),
    empty("prop1", "custom"),
    empty("prop2", "custom"),
    time("modified", "last changed", |w| Some(w.modified)),
    time("created", "first stored", |w| Some(w.created)),
];

/// Query warehouses.
pub(crate) struct WarehouseQuery;

impl Method for WarehouseQuery {
    const NAME: &'static str = "wdt.warehouse.query";
    const PHP: &'static str = "warehouse_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query warehouses", "查询仓库");
    const CATEGORY: Category = Category::Base;
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("warehouses", "warehouses", WAREHOUSES)
    }
}

impl Query for WarehouseQuery {
    const MASTER: bool = true;

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let (no, disabled) = (given(&request.warehouse_no), request.is_disabled.unwrap_or(false));
        let (kind, sub_kind) = (request.r#type, request.sub_type);
        let found = window::listed(reader, &settings, page, |reader, page| {
            if sub_kind.is_none() && call.warehouses().list().is_none() {
                return catalog::warehouses(reader, no, kind, None, disabled, page);
            }
            let mut all = catalog::warehouses(reader, no, kind, None, disabled, Page::ALL)?.rows;
            all.retain(|w| call.warehouses().permits(&w.no));
            all.retain(|w| sub_kind.is_none_or(|sub_kind| w.kind != 127 || w.sub_kind == sub_kind));
            Ok(window::cut(all, page))
        })?;
        Ok(call.reply().total_if(found.total).rows("warehouses", WAREHOUSES, &found.rows))
    }
}
