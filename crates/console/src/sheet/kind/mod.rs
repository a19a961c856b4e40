//! The sheet kinds, one file each; `KINDS` is the table of contents.

mod goods;
mod order;
mod provider;
mod purchase;
mod raw_order;
mod raw_order_rows;
mod raw_refund;
mod refund;
mod stock;
mod stock_in;

use super::Kind;
use super::export::{Export, export};
use super::import::{Import, import};

/// All sheet kinds, in the order of the documentation.
pub const KINDS: &[Kind] = &[
    both::<goods::GoodsRow>(),
    both::<stock::StockRow>(),
    both::<stock_in::StockInRow>(),
    both::<raw_order::RawRow>(),
    out_only::<order::OrderRow>(),
    both::<raw_refund::RawRefundRow>(),
    both::<refund::RefundRow>(),
    both::<provider::ProviderRow>(),
    both::<purchase::PurchaseRow>(),
];

const fn both<R: Import + Export>() -> Kind {
    Kind { import: Some(import::<R>), ..out_only::<R>() }
}

const fn out_only<R: Export>() -> Kind {
    Kind {
        sheet: R::SHEET,
        import: None,
        export: Some(export::<R>),
        filters: R::FILTERS,
        #[cfg(test)]
        misfits: R::misfits,
    }
}

/// The codes of an enumeration of the business with their words, as a column declares them.
macro_rules! words {
    ($codes:ty) => {{
        const WORDS: [(i64, &str); <$codes>::ALL.len()] = {
            let mut words = [(0, ""); <$codes>::ALL.len()];
            let mut i = 0;
            while i < words.len() {
                words[i] = (<$codes>::ALL[i].code(), <$codes>::ALL[i].chinese());
                i += 1;
            }
            words
        };
        &WORDS
    }};
}
use words;

/// Text of a field of the business; blank when there is none.
fn filled(text: &str) -> Option<String> {
    if text.is_empty() { None } else { Some(text.to_owned()) }
}

/// A field of the sheet, or nothing.
fn given(field: &Option<String>) -> &str {
    field.as_deref().unwrap_or_default()
}
