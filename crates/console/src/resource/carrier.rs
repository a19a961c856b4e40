//! Carriers (物流).

use erp::catalog::{self, Carrier};
use store::{Reader, Tx};
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, flag, int, text, time};

use super::page::set;
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const CARRIER: &[Column<Carrier>] = &[
    int("logistics_id", "key / 物流id", |c| store::wire_id(c.id)),
    text("logistics_no", "number / 物流编号", |c| &c.no),
    text("logistics_name", "name / 物流名称", |c| &c.name),
    int("logistics_type", "kind, fact sheet wdt-1 appendix B / 物流类型", |c| c.kind),
    text("logistics_type_name", "name of the kind / 物流类型名称", |c| catalog::kind_name(c.kind)),
    flag("is_support_cod", "1: cash on delivery / 支持货到付款", |c| c.cod),
    flag("is_disabled", "1: out of use / 是否停用", |c| c.disabled),
    int("priority", "lower first / 优先级", |c| c.priority),
    text("remark", "remark / 备注", |c| &c.remark),
    time("modified", "last changed / 修改时间", |c| Some(c.modified)),
];

arguments! {
    /// Which carriers.
    struct Which {
        /// only this carrier / 物流编号
        logistics_no: Option<Text<40>>,
        /// only of this name / 物流名称
        logistics_name: Option<Text<40>>,
    }
}

arguments! {
    /// A carrier to be created.
    struct New {
        /// number, unique within the merchant / 物流编号
        logistics_no: Text<40>,
        /// name / 物流名称
        logistics_name: Text<40>,
        /// kind, fact sheet wdt-1 appendix B / 物流类型
        logistics_type: i64,
        /// cash on delivery / 支持货到付款
        is_support_cod: Option<bool>,
        /// order of preference, lower first / 优先级
        priority: Option<i64>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

arguments! {
    /// What changes of a carrier; what is not given stays.
    struct Change {
        /// number / 物流编号
        logistics_no: Text<40>,
        /// name / 物流名称
        logistics_name: Option<Text<40>>,
        /// out of use / 是否停用
        is_disabled: Option<bool>,
        /// cash on delivery / 支持货到付款
        is_support_cod: Option<bool>,
        /// order of preference, lower first / 优先级
        priority: Option<i64>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(CARRIER));
    let rows = Shape::Rows("carriers", || describe(CARRIER));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(head("carrier.list", Verb::Get, "/carriers", ("list carriers", "物流列表"), rows), list),
        writes(head("carrier.create", Verb::Post, "/carriers", ("create a carrier", "创建物流"), row), create),
        writes(
            head("carrier.change", Verb::Patch, "/carriers/{logistics_no}", ("change a carrier", "修改物流"), row),
            change,
        ),
    ]
}

fn list(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let found = catalog::carriers(reader, which.logistics_no.as_deref(), which.logistics_name.as_deref())?;
    let total = Some(found.len() as i64);
    Ok(Answer::rows(ask.style, "carriers", CARRIER, &found, total))
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    if catalog::kind_name(new.logistics_type).is_empty() {
        return Err(Fault::invalid("logistics_type", "logistics_type is not in fact sheet wdt-1, appendix B"));
    }
    let carrier = Carrier {
        no: new.logistics_no.to_string(),
        name: new.logistics_name.to_string(),
        kind: new.logistics_type,
        cod: new.is_support_cod.unwrap_or(false),
        priority: new.priority.unwrap_or(0),
        remark: new.remark.as_deref().unwrap_or_default().to_owned(),
        ..Carrier::default()
    };
    let carrier = catalog::create_carrier(tx, carrier)?;
    Ok(Answer::row(ask.style, CARRIER, &carrier).created().about(&carrier.no))
}

fn change(ask: &Ask, change: &Change, tx: &mut Tx) -> Result<Answer, Fault> {
    let found = catalog::carriers(tx, Some(&change.logistics_no), None)?;
    let mut carrier =
        found.into_iter().next().ok_or_else(|| Fault::not_found(format!("no carrier {}", change.logistics_no)))?;
    set(&mut carrier.name, change.logistics_name.clone());
    set(&mut carrier.disabled, change.is_disabled);
    set(&mut carrier.cod, change.is_support_cod);
    set(&mut carrier.priority, change.priority);
    set(&mut carrier.remark, change.remark.clone());
    let carrier = catalog::update_carrier(tx, carrier)?;
    Ok(Answer::row(ask.style, CARRIER, &carrier).about(&carrier.no))
}
