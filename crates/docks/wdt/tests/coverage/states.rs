//! Which documents a family shows, and the states they can be in.

use erp::aftersale::{RAW_REFUND, REFUND_ORDER};
use erp::order::{ORDER, RAW_ORDER, STOCK_OUT};
use erp::purchase::{PURCHASE_APPLY, PURCHASE_ORDER, PURCHASE_RETURN};
use erp::report::BILL;
use erp::stock::{OUTSOURCED, STOCK_IN, STOCK_TAKING, TRANSFER, WAREHOUSE_OUT};
use gateway::Category;

/// Document and its states.
pub(crate) fn of(category: Category) -> Vec<(&'static str, Vec<String>)> {
    match category {
        Category::Base | Category::Goods => Vec::new(),
        Category::Purchase => vec![
            (PURCHASE_APPLY.document, PURCHASE_APPLY.states()),
            (PURCHASE_ORDER.document, PURCHASE_ORDER.states()),
            (PURCHASE_RETURN.document, PURCHASE_RETURN.states()),
        ],
        Category::Aftersale => {
            vec![(RAW_REFUND.document, RAW_REFUND.states()), (REFUND_ORDER.document, REFUND_ORDER.states())]
        }
        Category::Order => vec![
            (RAW_ORDER.document, RAW_ORDER.states()),
            (ORDER.document, ORDER.states()),
            (STOCK_OUT.document, STOCK_OUT.states()),
            (BILL.document, BILL.states()),
        ],
        Category::Stock => vec![
            (STOCK_IN.document, STOCK_IN.states()),
            (WAREHOUSE_OUT.document, WAREHOUSE_OUT.states()),
            (STOCK_TAKING.document, STOCK_TAKING.states()),
            (TRANSFER.document, TRANSFER.states()),
            (OUTSOURCED.document, OUTSOURCED.states()),
        ],
    }
}
