//! Their ERP wants a document back: `order.cancel`. What has moved stays.

use erp::order::{self, OrderStatus};
use erp::stock;
use erp::{Refusal, Settings};
use store::Tx;

use super::again;
use crate::binding::Binding;
use crate::hub::Heard;
use crate::message::{
    DeliveryCreate, EntryCreate, Message, OrderCancel, ReturnCreate, StockOutCreate, StoreProcessCreate,
};
use crate::{Error, Result, table};

pub(super) fn cancel(tx: &mut Tx, settings: &Settings, binding: &Binding, told: &OrderCancel) -> Result<String> {
    let no = &told.order_code;
    if let Some(heard) = table::heard_before(tx, binding.id, DeliveryCreate::METHOD, no)? {
        let number = delivery(tx, settings, told)?;
        return note(tx, heard).map(|()| number);
    }
    let others = [EntryCreate::METHOD, ReturnCreate::METHOD, StockOutCreate::METHOD, StoreProcessCreate::METHOD];
    for method in others {
        if let Some(heard) = table::heard_before(tx, binding.id, method, no)? {
            let number = document(tx, settings, method, &heard)?;
            return note(tx, heard).map(|()| number);
        }
    }
    Err(Error::Refused(format!("单据{no}不存在")))
}

/// Whoever tells it again hears that it was taken back.
fn note(tx: &mut Tx, heard: Heard) -> Result<()> {
    table::save_heard(tx, &Heard { problem: again::TAKEN_BACK.to_owned(), ..heard })
}

/// Every order of it, or none.
fn delivery(tx: &mut Tx, settings: &Settings, told: &OrderCancel) -> Result<String> {
    let Some(raw) = order::raw_by_tid(tx, &told.order_code)? else {
        return Err(Error::Refused(format!("单据{}不存在", told.order_code)));
    };
    let reason = told.cancel_reason.as_deref().unwrap_or("货主取消");
    for (no, status) in orders_of(tx, &raw)? {
        if status == OrderStatus::Cancelled {
            continue;
        }
        if status.code() >= 95 {
            return Err(Error::Refused(format!("单据{}已发货,不能取消", told.order_code)));
        }
        order::cancel(tx, settings, &no, reason)?;
    }
    Ok(String::new())
}

/// The orders that were made of it, with their states.
pub(super) fn orders_of(tx: &mut Tx, raw: &order::RawOrder) -> Result<Vec<(String, OrderStatus)>> {
    let filter = order::OrderFilter { src_tid: Some(&raw.facts.tid), ..order::OrderFilter::default() };
    let page = erp::catalog::Page { no: 0, size: 100 };
    Ok(order::orders(tx, &filter, page)?.rows.into_iter().map(|(order, _)| (order.no, order.status)).collect())
}

/// A stock-in or stock-out that nobody audited yet.
fn document(tx: &mut Tx, settings: &Settings, method: &str, heard: &Heard) -> Result<String> {
    let number = &heard.number;
    let cancelled = match method {
        StockOutCreate::METHOD => match stock::warehouse_out_by_no(tx, number) {
            Ok(out) => erp::inout::cancel_stock_out(tx, settings, &out.no).map(drop),
            Err(error) => Err(error),
        },
        StoreProcessCreate::METHOD => super::process::cancel(tx, settings, heard),
        _ => match stock::stock_in_by_no(tx, number) {
            Ok(come) => erp::inout::cancel_stock_in(tx, settings, &come.no).map(drop),
            Err(error) => Err(error),
        },
    };
    match cancelled {
        Ok(()) => Ok(String::new()),
        Err(erp::Error::Refused(Refusal::State(_))) => {
            Err(Error::Refused(format!("单据{}已处理,不能取消", heard.doc_no)))
        }
        Err(error) => Err(error.into()),
    }
}
