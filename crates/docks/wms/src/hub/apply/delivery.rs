//! Goods that left: `deliveryorder.confirm`.

use erp::order::{self, OrderStatus, Shipment, Shipping, Take};
use erp::{Refusal, catalog};
use store::Tx;
use units::Quantity;

use super::super::{WHO, in_force, shipment_by_no};
use super::{Applied, Unapplied};
use crate::binding::Binding;
use crate::message::DeliveryConfirm;

/// The last message of an order; nothing more will leave.
const FINAL: i64 = 0;

/// Ships what the parcels hold. A part leaves as an order of its own; when nothing more will come, the rest goes back for audit.
pub(super) fn confirm(tx: &mut Tx, settings: &erp::Settings, binding: &Binding, said: &DeliveryConfirm) -> Applied {
    let no = &said.order.code;
    let Some(found) = shipment_by_no(tx, no)? else {
        return Err(Unapplied::Later(format!("没有出库单{no}")));
    };
    if binding.place_of(found.stock_out.warehouse).is_none() {
        return Err(Unapplied::Never(format!("出库单{no}不在该仓库")));
    }
    let waybills: Vec<&str> = said.packages.iter().map(|package| &*package.express_code).collect();
    if !in_force(&found) {
        return Err(Unapplied::Never(format!("出库单{no}已撤回或取消,但仓库已发货")));
    }
    match found.order.status {
        status if status.code() >= 95 => {
            let told = &found.order.carriage.waybill;
            return match waybills.contains(&told.as_str()) {
                true => Ok(()),
                false => Err(Unapplied::Never(format!("出库单{no}已发货,物流单号{told}"))),
            };
        }
        OrderStatus::Released | OrderStatus::Unconfirmed | OrderStatus::Audited => {}
        OrderStatus::Releasing => return Err(Unapplied::Later(format!("出库单{no}正在递交"))),
        _ => return Err(Unapplied::Never(format!("出库单{no}已撤回或取消,但仓库已发货"))),
    }
    let (takes, whole) = takes(&found, said)?;
    let how = Shipping {
        carrier_no: carrier(tx, &found, said)?,
        waybill: waybills.first().copied().unwrap_or_default(),
        parcels: further(&waybills),
        despite_block: true,
    };
    if whole {
        order::ship_with(tx, settings, &found.order.no, &how)?;
        return Ok(());
    }
    if !takes.is_empty() {
        order::ship_part(tx, settings, &found.order.no, &takes, &how)?;
    }
    if said.order.confirm_type.unwrap_or(FINAL) == FINAL {
        order::gave_back(tx, &found.order.no, Ok(()), WHO)?;
        order::reject(tx, settings, &found.order.no, "委外仓库少发,剩余货品退回", WHO)?;
    }
    Ok(())
}

/// Waybills besides the first, each once.
fn further(waybills: &[&str]) -> Vec<String> {
    let mut further: Vec<String> = Vec::new();
    for waybill in waybills.iter().skip(1) {
        if waybills.first() != Some(waybill) && !further.iter().any(|known| known == waybill) {
            further.push((*waybill).to_owned());
        }
    }
    further
}

/// The merchant's carrier of this code; the order's own when the code is not known here.
fn carrier<'m>(tx: &mut Tx, found: &Shipment, said: &'m DeliveryConfirm) -> Result<Option<&'m str>, Unapplied> {
    let code = said.packages.first().map(|package| &*package.logistics_code).unwrap_or_default();
    match catalog::carrier_by_no(tx, code) {
        Ok(_) => Ok(Some(code)),
        Err(erp::Error::Refused(Refusal::CarrierUnknown(_))) if found.order.carriage.id != 0 => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What leaves of which line, and whether that is all of the order.
fn takes(found: &Shipment, said: &DeliveryConfirm) -> Result<(Vec<Take>, bool), Unapplied> {
    let mut open: Vec<(i64, &str, Quantity)> =
        found.order.open_lines().map(|line| (line.id, &*line.spec_no, line.actual_num)).collect();
    let mut takes: Vec<Take> = Vec::new();
    for item in said.packages.iter().flat_map(|package| package.items.iter()) {
        let mut left = item.quantity;
        if !left.is_positive() {
            return Err(Unapplied::Never(format!("货品{}数量应大于0", item.item_code)));
        }
        for (line, _, rest) in open.iter_mut().filter(|(_, spec_no, _)| *spec_no == item.item_code) {
            let num = left.min(*rest);
            if !num.is_positive() {
                continue;
            }
            *rest -= num;
            left -= num;
            match takes.iter_mut().find(|take| take.line == *line) {
                Some(take) => take.num = take.num.map(|before| before + num),
                None => takes.push(Take { line: *line, num: Some(num) }),
            }
        }
        if left.is_positive() {
            return Err(Unapplied::Never(format!("货品{}超出出库单数量{left}", item.item_code)));
        }
    }
    let whole = open.iter().all(|(_, _, rest)| rest.is_zero());
    Ok((takes, whole))
}
