//! Every document is in a state that its table knows.

use store::Reader;

use super::{Books, table};
use crate::Result;
use crate::aftersale::{RAW_REFUND, REFUND_ORDER};
use crate::order::{ORDER, RAW_ORDER, STOCK_OUT};
use crate::purchase::{PURCHASE_APPLY, PURCHASE_ORDER, PURCHASE_RETURN};

pub(super) fn check(reader: &mut Reader, books: &mut Books) -> Result<()> {
    for (document, name, column, legal) in [
        (RAW_ORDER.document, "raw_order", "process", RAW_ORDER.numbers()),
        (ORDER.document, "sales_order", "status", ORDER.numbers()),
        (STOCK_OUT.document, "stock_out", "status", STOCK_OUT.numbers()),
        (RAW_REFUND.document, "raw_refund", "process", RAW_REFUND.numbers()),
        (REFUND_ORDER.document, "refund_order", "status", REFUND_ORDER.numbers()),
        (PURCHASE_APPLY.document, "purchase_apply", "status", PURCHASE_APPLY.numbers()),
        (PURCHASE_ORDER.document, "purchase_order", "status", PURCHASE_ORDER.numbers()),
        (PURCHASE_RETURN.document, "purchase_return", "status", PURCHASE_RETURN.numbers()),
    ] {
        for (state, count) in table::states(reader, name, column)? {
            books.documents += count;
            if !legal.contains(&state) {
                books.find("state", document, format!("{count} in state {state}, which the table does not know"));
            }
        }
    }
    Ok(())
}
