//! What a warehouse reports by itself: progress, lack of goods, changes of stock, counts, what it made of other goods.
//!
//! Their stock is where the goods are: a change, a count or a piece of work becomes an outsourced order that is complete at once, in or out, so that
//! it stands in the ledger like everything else.

use erp::order;
use erp::stock::{self, Direction, NewOutsourced, NewOutsourcedLine, Receiver, Reported};
use store::Tx;
use units::{Money, Quantity};

use super::super::{WHO, in_force, shipment_by_no};
use super::{Applied, Place, Unapplied, defect, positive};
use crate::message::{ChangeReport, InventoryReport, LackReport, ProcessItem, ProcessReport, StoreProcessConfirm};

/// One change of one item.
struct Change<'c> {
    /// Under which it is applied once.
    outer_no: String,
    warehouse_no: &'c str,
    item: &'c str,
    defect: i64,
    /// More than zero = more there.
    num: Quantity,
    remark: String,
}

fn change(tx: &mut Tx, at: &Place<'_>, change: Change<'_>) -> Applied {
    if change.num.is_zero() {
        return Ok(());
    }
    let direction = if change.num.is_positive() { Direction::In } else { Direction::Out };
    let num = if change.num.is_positive() { change.num } else { -change.num };
    let new = NewOutsourced {
        outer_no: change.outer_no.clone(),
        warehouse_no: change.warehouse_no.to_owned(),
        direction,
        audit: true,
        logistics_code: String::new(),
        logistics_no: String::new(),
        logistics_fee: Money::ZERO,
        other_fee: Money::ZERO,
        region: Default::default(),
        receiver: Receiver::default(),
        remark: change.remark,
        lines: vec![NewOutsourcedLine {
            spec_no: change.item.to_owned(),
            defect: change.defect,
            num,
            ..NewOutsourcedLine::default()
        }],
    };
    let order = match stock::push_outsourced(tx, at.settings, &new) {
        // It was applied before, by a message that said more or less than this one.
        Err(erp::Error::Refused(erp::Refusal::OuterNoUsed { .. })) => return Ok(()),
        order => order?,
    };
    stock::outsourced_pushed(tx, &order.no, Ok(&order.no))?;
    let moved = [Reported { spec_no: change.item.to_owned(), num }];
    stock::report_outsourced(tx, at.settings, &order.no, &format!("{}-1", change.outer_no), &moved)?;
    Ok(())
}

fn warehouse<'p>(at: &'p Place<'_>, code: &str) -> Result<&'p str, Unapplied> {
    let place = at.binding.place_called(code);
    place.map(|place| place.no.as_str()).ok_or_else(|| Unapplied::Never(format!("仓库{code}没有对接")))
}

/// `stockchange.report`: each item once, by its own code.
pub(super) fn changes(tx: &mut Tx, at: &Place<'_>, said: &ChangeReport) -> Applied {
    for item in said.items.iter() {
        let defect = defect(item.inventory_type.as_ref())?;
        let about = Change {
            outer_no: short(&format!(
                "SC{}-{}-{}-{defect}",
                store::wire_id(at.binding.id),
                item.out_biz_code,
                item.item_code
            )),
            warehouse_no: warehouse(at, &item.warehouse_code)?,
            item: &item.item_code,
            defect,
            num: item.quantity,
            remark: format!("委外仓异动{}", item.order_code),
        };
        change(tx, at, about)?;
    }
    Ok(())
}

/// `inventory.report`: the differences that a count found.
pub(super) fn counted(tx: &mut Tx, at: &Place<'_>, said: &InventoryReport) -> Applied {
    let place = warehouse(at, &said.warehouse_code)?;
    for (line, item) in said.items.iter().enumerate() {
        let about = Change {
            outer_no: format!("IR-{}-{line}", at.number),
            warehouse_no: place,
            item: &item.item_code,
            defect: defect(item.inventory_type.as_ref())?,
            num: item.quantity,
            remark: format!("委外仓盘点{}", said.check_order_code),
        };
        change(tx, at, about)?;
    }
    Ok(())
}

/// `storeprocess.confirm`: materials left the stock, products came into it.
pub(super) fn processed(tx: &mut Tx, at: &Place<'_>, said: &StoreProcessConfirm) -> Applied {
    let place = match said.warehouse_code.as_deref() {
        Some(code) => warehouse(at, code)?,
        // It may leave the warehouse out where there is only one.
        None => match at.binding.places.as_slice() {
            [only] => only.no.as_str(),
            _ => return Err(Unapplied::Never("加工单没有仓库编码".to_owned())),
        },
    };
    let sides: [(&str, &[ProcessItem], bool); 2] = [("M", &said.materials, true), ("P", &said.products, false)];
    for (side, items, leaves) in sides {
        for (line, item) in items.iter().enumerate() {
            positive(&item.item_code, item.quantity)?;
            let about = Change {
                outer_no: format!("SP-{}-{side}{line}", at.number),
                warehouse_no: place,
                item: &item.item_code,
                defect: defect(item.inventory_type.as_ref())?,
                num: if leaves { -item.quantity } else { item.quantity },
                remark: format!("委外仓加工{}", said.code),
            };
            change(tx, at, about)?;
        }
    }
    tx.event("wms.processed", &said.code, &serde_json::json!({ "warehouse_no": place, "by": WHO }))?;
    Ok(())
}

/// A caller's number has 40 characters; a longer one keeps its end, which tells the items apart.
fn short(no: &str) -> String {
    let many = no.chars().count();
    no.chars().skip(many.saturating_sub(40)).collect()
}

/// `itemlack.report`: noted on the order; a person decides.
pub(super) fn lacks(tx: &mut Tx, said: &LackReport) -> Applied {
    let Some(found) = shipment_by_no(tx, &said.code)?.filter(in_force) else {
        return Err(Unapplied::Later(format!("没有出库单{}", said.code)));
    };
    let lines: Vec<(String, Quantity)> =
        said.items.iter().map(|item| (item.item_code.clone(), item.lack_qty)).collect();
    order::warehouse_lacks(tx, &found.order.no, &lines, WHO)?;
    Ok(())
}

/// `orderprocess.report`: progress of a sale moves its order on; of anything else it is kept only.
pub(super) fn process(tx: &mut Tx, said: &ProcessReport) -> Applied {
    let Some(found) = shipment_by_no(tx, &said.order.code)?.filter(in_force) else { return Ok(()) };
    let mut how_far = said.process.status.clone();
    if let Some(more) = &said.process.operate_info {
        how_far = format!("{how_far} {more}");
    }
    match order::warehouse_works(tx, &found.order.no, &how_far, WHO) {
        // Late news of an order that left or came back.
        Ok(_) | Err(erp::Error::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
