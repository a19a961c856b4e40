//! Warehouses (仓库).

use erp::catalog::{self, Page, Warehouse};
use store::{Reader, Tx};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, personal, text, time};

use super::page::{page, set};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const WAREHOUSE: &[Column<Warehouse>] = &[
    int("warehouse_id", "key / 仓库id", |w| store::wire_id(w.id)),
    text("warehouse_no", "number / 仓库编号", |w| &w.no),
    text("name", "name / 仓库名称", |w| &w.name),
    int("type", "1 ordinary; above 1 outsourced (fact sheet wdt-1, 2.2) / 类型", |w| w.kind),
    flag("is_defect", "1: defective goods only / 残次品仓", |w| w.defect),
    flag("is_disabled", "1: out of use / 是否停用", |w| w.disabled),
    text("province", "province / 省", |w| &w.region[0]),
    text("city", "city / 市", |w| &w.region[1]),
    text("district", "district / 区县", |w| &w.region[2]),
    personal("address", "street address / 地址", |w| &w.address),
    personal("contact", "contact person / 联系人", |w| &w.contact),
    personal("mobile", "mobile / 手机", |w| &w.mobile),
    text("remark", "remark / 备注", |w| &w.remark),
    time("created", "first stored / 创建时间", |w| Some(w.created)),
    time("modified", "last changed / 修改时间", |w| Some(w.modified)),
];

arguments! {
    /// Which warehouses.
    struct Which {
        /// only this warehouse / 仓库编号
        warehouse_no: Option<Text<40>>,
        /// only out-of-use ones / 只看停用
        is_disabled: Option<bool>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// A warehouse to be created.
    struct New {
        /// number, unique within the merchant / 仓库编号
        warehouse_no: Text<40>,
        /// name / 仓库名称
        name: Text<100>,
        /// 1 ordinary (default); above 1 outsourced / 类型
        r#type: Option<i64>,
        /// defective goods only / 残次品仓
        is_defect: Option<bool>,
        /// province / 省
        province: Option<Text<40>>,
        /// city / 市
        city: Option<Text<40>>,
        /// district / 区县
        district: Option<Text<40>>,
        /// street address / 地址
        address: Option<Text<255>>,
        /// contact person / 联系人
        contact: Option<Text<40>>,
        /// mobile / 手机
        mobile: Option<Text<40>>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

arguments! {
    /// What changes of a warehouse; what is not given stays.
    struct Change {
        /// number / 仓库编号
        warehouse_no: Text<40>,
        /// name / 仓库名称
        name: Option<Text<100>>,
        /// out of use / 是否停用
        is_disabled: Option<bool>,
        /// street address / 地址
        address: Option<Text<255>>,
        /// contact person / 联系人
        contact: Option<Text<40>>,
        /// mobile / 手机
        mobile: Option<Text<40>>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(WAREHOUSE));
    let rows = Shape::Rows("warehouses", || describe(WAREHOUSE));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(head("warehouse.list", Verb::Get, "/warehouses", ("list warehouses", "仓库列表"), rows), list),
        writes(head("warehouse.create", Verb::Post, "/warehouses", ("create a warehouse", "创建仓库"), row), create),
        writes(
            head(
                "warehouse.change",
                Verb::Patch,
                "/warehouses/{warehouse_no}",
                ("change a warehouse", "修改仓库"),
                row,
            ),
            change,
        ),
    ]
}

fn list(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let page = page(which.page_no, which.page_size)?;
    let disabled = which.is_disabled.unwrap_or(false);
    let found = catalog::warehouses(reader, which.warehouse_no.as_deref(), None, None, disabled, page)?;
    Ok(Answer::rows(ask.style, "warehouses", WAREHOUSE, &found.rows, found.total))
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let kind = new.r#type.unwrap_or(1);
    if !(1..=127).contains(&kind) {
        return Err(Fault::invalid("type", "type is 1 to 127"));
    }
    let text = |given: &Option<Text<40>>| given.as_deref().unwrap_or_default().to_owned();
    let warehouse = Warehouse {
        no: new.warehouse_no.to_string(),
        name: new.name.to_string(),
        kind,
        defect: new.is_defect.unwrap_or(false),
        region: [text(&new.province), text(&new.city), text(&new.district)],
        address: new.address.as_deref().unwrap_or_default().to_owned(),
        contact: text(&new.contact),
        mobile: text(&new.mobile),
        remark: new.remark.as_deref().unwrap_or_default().to_owned(),
        ..Warehouse::default()
    };
    let warehouse = catalog::create_warehouse(tx, warehouse)?;
    Ok(Answer::row(ask.style, WAREHOUSE, &warehouse).created().about(&warehouse.no))
}

fn change(ask: &Ask, change: &Change, tx: &mut Tx) -> Result<Answer, Fault> {
    let mut warehouse = stored(tx, &change.warehouse_no)?;
    set(&mut warehouse.name, change.name.clone());
    set(&mut warehouse.disabled, change.is_disabled);
    set(&mut warehouse.address, change.address.clone());
    set(&mut warehouse.contact, change.contact.clone());
    set(&mut warehouse.mobile, change.mobile.clone());
    set(&mut warehouse.remark, change.remark.clone());
    let warehouse = catalog::update_warehouse(tx, warehouse)?;
    Ok(Answer::row(ask.style, WAREHOUSE, &warehouse).about(&warehouse.no))
}

/// The warehouse, in use or not.
fn stored(reader: &mut Reader, no: &str) -> Result<Warehouse, Fault> {
    for disabled in [false, true] {
        let found = catalog::warehouses(reader, Some(no), None, None, disabled, Page { no: 0, size: 1 })?;
        if let Some(warehouse) = found.rows.into_iter().next() {
            return Ok(warehouse);
        }
    }
    Err(Fault::not_found(format!("no warehouse {no}")))
}
