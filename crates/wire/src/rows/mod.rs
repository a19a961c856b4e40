//! Reply columns, declared ONCE: from the declaration come encoding, masking, OpenAPI and docs.
//!
//! ```
//! use wire::rows::{Column, Personal, Scalars, Style, Writer, int, list, personal, text};
//!
//! struct Shop { platform: i64, no: String, mobile: String, lines: Vec<i64> }
//! const LINE: &[Column<i64>] = &[int("n", "a number", |n| *n)];
//! const SHOP: &[Column<Shop>] = &[
//!     int("platform_id", "platform, appendix A", |s| s.platform),
//!     text("shop_no", "business key", |s| &s.no),
//!     personal("mobile", "contact", |s| &s.mobile),
//!     list!("lines", "its lines", LINE, |s| s.lines.iter()),
//! ];
//!
//! let shop = Shop { platform: 127, no: "s1".into(), mobile: "13800000000".into(), lines: vec![1] };
//! let mut out = Writer::new(Style { scalars: Scalars::Text, personal: Personal::Blank });
//! out.open();
//! out.member_int("code", 0);
//! out.member_rows("shoplist", SHOP, [&shop]);
//! out.close();
//! assert_eq!(
//!     String::from_utf8(out.finish()).unwrap(),
//!     r#"{"code":0,"shoplist":[{"platform_id":"127","shop_no":"s1","mobile":"","lines":[{"n":"1"}]}]}"#
//! );
//! ```
//!
//! Never here: which method answers with which rows; the envelope around them.

mod column;
mod describe;
mod mask;
mod writer;

pub use column::{
    Class, Column, constant_int, constant_text, day, empty, flag, int, money, no_time, owned, personal, quantity,
    secret, text, time, zero, zero_decimal,
};
pub use describe::{ColumnKind, Description, describe};
pub use mask::mask;
pub use writer::{Personal, Scalars, Style, Writer};

pub use crate::__list as list;

#[doc(hidden)]
pub use column::list_of;

#[cfg(test)]
mod tests;
