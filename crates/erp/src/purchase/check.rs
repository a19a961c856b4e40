//! What every line of a purchase document must keep to.

use std::collections::{HashMap, HashSet};

use store::Reader;
use units::{Money, Quantity};

use super::document::{Item, Terms};
use crate::catalog;
use crate::{Refusal, Result};

/// The largest quantity of a line. With it the columns of a balance have room for a million such lines.
const MOST: Quantity = Quantity::whole(999_999_999);
/// The largest value of a line; sums over a document stay far from the end of the range.
const DEAREST: Money = Money::whole(99_999_999_999);

/// The goods of some lines by merchant code, read in one statement.
pub(super) struct Goods(HashMap<String, Item>);

impl Goods {
    /// Reads them; each merchant code may be named once, or `twice` too.
    pub(super) fn read<'n>(
        reader: &mut Reader,
        numbers: impl Iterator<Item = &'n str> + Clone,
        twice: bool,
    ) -> Result<Self> {
        let mut seen = HashSet::new();
        let mut unique = Vec::new();
        for no in numbers {
            match seen.insert(no) {
                true => unique.push(no),
                false if twice => {}
                false => return Err(Refusal::SpecRepeated(no.to_owned()).into()),
            }
        }
        let found = catalog::specs_and_goods_by_no(reader, &unique)?;
        let missing = unique.iter().find(|no| !found.contains_key(**no));
        match missing {
            Some(no) => Err(Refusal::SpecUnknown((*no).to_owned()).into()),
            None => Ok(Self(found.into_iter().map(|(no, (spec, goods))| (no, Item::of(&spec, &goods))).collect())),
        }
    }

    /// The goods of a line.
    pub(super) fn item(&self, spec_no: &str) -> Result<Item> {
        self.0.get(spec_no).cloned().ok_or_else(|| Refusal::SpecUnknown(spec_no.to_owned()).into())
    }
}

/// A quantity above zero, within the range.
pub(super) fn quantity(field: &'static str, num: Quantity) -> Result<()> {
    if !num.is_positive() {
        return Err(Refusal::BadNumber { field, why: "应大于0" }.into());
    }
    if num > MOST {
        return Err(Refusal::BadNumber { field, why: "数值超出范围" }.into());
    }
    Ok(())
}

/// An amount that is not below zero, within the range.
pub(super) fn amount(field: &'static str, amount: Money) -> Result<()> {
    if amount.is_negative() {
        return Err(Refusal::BadNumber { field, why: "不能小于0" }.into());
    }
    if amount > DEAREST {
        return Err(Refusal::BadNumber { field, why: "数值超出范围" }.into());
    }
    Ok(())
}

/// The terms of a line of so many pieces: nothing below zero, and a value within the range.
pub(super) fn terms(num: Quantity, terms: &Terms) -> Result<()> {
    amount("price", terms.price)?;
    for (field, rate) in [("discount", terms.discount), ("tax", terms.tax)] {
        if rate.is_negative() || rate > Quantity::whole(1000) {
            return Err(Refusal::BadNumber { field, why: "数值超出范围" }.into());
        }
    }
    amount("tax_price", terms.tax_price)?;
    amount("price", terms.net().times(num))?;
    amount("tax_price", terms.tax_price.times(num))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_within_the_range() {
        let check = |num: &str, price: &str, discount: &str, tax: &str, expected: Option<&str>| {
            let num: Quantity = num.parse().unwrap();
            let made = Terms::new(price.parse().unwrap(), discount.parse().unwrap(), tax.parse().unwrap(), None);
            let refused = quantity("num", num).and_then(|()| terms(num, &made)).err();
            let field = refused.map(|error| match error {
                crate::Error::Refused(Refusal::BadNumber { field, .. }) => field,
                other => panic!("{other}"),
            });
            assert_eq!(field, expected, "{num} × {price}");
        };
        check("10", "20", "1", "0.13", None);
        check("0.0001", "0", "0", "0", None);
        check("0", "20", "1", "0", Some("num"));
        check("-1", "20", "1", "0", Some("num"));
        check("1000000000", "20", "1", "0", Some("num"));
        check("1", "-0.0001", "1", "0", Some("price"));
        check("1", "20", "-1", "0", Some("discount"));
        check("1", "20", "1", "-0.1", Some("tax"));
        check("999999999", "1000", "1", "0", Some("price"));
        check("1", "99999999999999", "1", "0", Some("price"));
        check("999999999", "100", "1", "1", Some("tax_price"));
    }

    #[test]
    fn the_price_after_tax_follows_unless_it_is_given() {
        let n = |text: &str| text.parse::<Quantity>().unwrap();
        let terms = Terms::new(Money::whole(20), n("0.8"), n("0.13"), None);
        assert_eq!((terms.net().to_string(), terms.tax_price.to_string()), ("16.0000".into(), "18.0800".into()));
        assert_eq!(Terms::new(Money::whole(20), n("1"), n("0.13"), Some(Money::whole(22))).tax_price, Money::whole(22));
    }
}
