//! Who may be merged with whom (合并): orders of one buyer in one shop for one address.

use crate::order::{Buyer, Order};

/// The text whose keyed hash finds the other orders of the same buyer and address. Blanks do not count.
pub(in crate::order) fn key(order: &Order, buyer: &Buyer) -> String {
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    [
        order.shop.to_string(),
        plain(&buyer.nick),
        plain(&buyer.name),
        plain(&buyer.mobile),
        plain(&buyer.telno),
        order.region[2].to_string(),
        plain(&buyer.address),
    ]
    .join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::order;
    use super::*;

    #[test]
    fn one_buyer_one_address() {
        let order = order(&[(1, 1, 1)]);
        let buyer =
            || Buyer {
                nick: "甲".into(), name: "张三".into(), address: "花园路 1号".into(), ..Buyer::default()
            };
        let same = Buyer { address: "花园路1号".into(), ..buyer() };
        assert_eq!(key(&order, &buyer()), key(&order, &same));
        for other in [
            Buyer { nick: "乙".into(), ..buyer() },
            Buyer { name: "李四".into(), ..buyer() },
            Buyer { address: "花园路2号".into(), ..buyer() },
            Buyer { mobile: "13600000000".into(), ..buyer() },
        ] {
            assert_ne!(key(&order, &buyer()), key(&order, &other));
        }
        let elsewhere = Order { region: [440_000, 440_300, 440_303], ..order.clone() };
        assert_ne!(key(&order, &buyer()), key(&elsewhere, &buyer()));
    }
}
