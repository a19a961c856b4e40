//! The balance of one spec in one warehouse, and the sellable-stock formula.

use store::{Reader, Row};
use units::{Moment, Money, Quantity};

use crate::{SellableTerms, Settings};

/// Declares the quantity columns once: their order is that of the table, their number that of the ledger.
macro_rules! quantities {
    ($($(#[$doc:meta])* $field:ident $column:ident $chinese:literal),* $(,)?) => {
        /// The quantity columns (fact sheet wdt-2, 1.1).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum QuantityColumn { $($(#[$doc])* $column),* }

        /// Every column, in the order of the table and of the ledger's numbers (from 0).
        pub const QUANTITIES: &[QuantityColumn] = &[$(QuantityColumn::$column),*];

        impl QuantityColumn {
            /// The name on the wire and in the table.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$column => stringify!($field)),* }
            }

            /// What people call it.
            pub const fn chinese(self) -> &'static str {
                match self { $(Self::$column => $chinese),* }
            }
        }

        /// The quantities of one balance.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct Quantities { $($(#[$doc])* pub $field: Quantity),* }

        impl Quantities {
            /// One column.
            pub const fn get(&self, column: QuantityColumn) -> Quantity {
                match column { $(QuantityColumn::$column => self.$field),* }
            }

            pub(crate) const fn get_mut(&mut self, column: QuantityColumn) -> &mut Quantity {
                match column { $(QuantityColumn::$column => &mut self.$field),* }
            }

            /// Reads the columns from position `first` on.
            pub(super) fn from_row(row: &Row<'_>, first: usize) -> store::Result<Self> {
                let mut quantities = Self::default();
                for (i, column) in QUANTITIES.iter().enumerate() {
                    *quantities.get_mut(*column) = row.quantity(first + i)?;
                }
                Ok(quantities)
            }
        }
    };
}

quantities! {
    /// on hand
    stock_num Stock "库存量",
    /// locked by hand or strategy
    lock_num Lock "锁定量",
    /// in orders not yet paid
    unpay_num Unpaid "未付款量",
    /// in pre-orders
    subscribe_num Subscribe "预订单量",
    /// in paid orders waiting for audit
    order_num Order "待审核量",
    /// in audited orders not yet shipped
    sending_num Sending "待发货量",
    /// in partly paid orders
    part_paid_num PartPaid "部分付款量",
    /// bought, not yet received
    purchase_num Purchase "采购在途量",
    /// arrived, not yet audited in
    purchase_arrive_num PurchaseArrive "采购到货量",
    /// in purchase orders not yet approved
    to_purchase_num ToPurchase "待采购量",
    /// on its way to this warehouse
    transfer_num Transfer "调拨在途量",
    /// reserved for transfers out
    to_transfer_num ToTransfer "待调拨量",
    /// in approved purchase returns not yet out
    return_num PurchaseReturn "采购退货量",
    /// returned by buyers, not yet audited in
    refund_num Refund "销售退货量",
    /// to be sent for an exchange
    refund_exch_num RefundExchange "销售换货量",
    /// on the way back from buyers
    refund_onway_num RefundOnWay "销售退货在途量",
}

/// One stock row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Key.
    pub id: i64,
    /// Warehouse key.
    pub warehouse: i64,
    /// Spec key.
    pub spec: i64,
    /// 0 good, 1 defective.
    pub defect: i64,
    /// The quantities.
    pub quantities: Quantities,
    /// Moving average cost of a piece.
    pub cost_price: Money,
    /// Order lines that wait for stock here.
    pub waiting: i64,
    /// Pieces that may be promised beyond what is on hand: a stock-taking that counted less than was promised, or negative
    /// stock by leave of the merchant. Shrinks as goods come in or promises go, and never grows by itself.
    pub short: Quantity,
    /// Last physical movement; the epoch when there was none.
    pub last_inout: Moment,
    /// First touched.
    pub created: Moment,
    /// Last changed.
    pub modified: Moment,
    /// Whether the table holds it already.
    pub(super) stored: bool,
}

impl Balance {
    /// Sellable stock (可发库存) by the merchant's formula (fact sheet wdt-2, 1.2).
    pub fn sellable(&self, terms: &SellableTerms) -> Quantity {
        let q = &self.quantities;
        let mut sellable = q.stock_num;
        for (taken, quantity) in [
            (terms.lock, q.lock_num),
            (terms.subscribe, q.subscribe_num),
            (terms.order, q.order_num),
            (terms.sending, q.sending_num),
            (terms.to_transfer, q.to_transfer_num),
            (terms.purchase_return, q.return_num),
            (terms.unpaid, q.unpay_num),
        ] {
            if taken {
                sellable -= quantity;
            }
        }
        for (given, quantity) in [
            (terms.purchase, q.purchase_num),
            (terms.purchase_arrive, q.purchase_arrive_num),
            (terms.to_purchase, q.to_purchase_num),
            (terms.transfer, q.transfer_num),
            (terms.refund_onway, q.refund_onway_num),
        ] {
            if given {
                sellable += quantity;
            }
        }
        sellable
    }

    /// What is on hand and promised to nobody: the bound that no order may cross, whatever the formula of the shop window says.
    pub fn free(&self) -> Quantity {
        let q = &self.quantities;
        q.stock_num - q.lock_num - q.subscribe_num - q.order_num - q.sending_num - q.to_transfer_num - q.return_num
    }

    /// Pieces promised beyond what is on hand.
    pub fn oversold(&self) -> Quantity {
        (-self.free()).max(Quantity::ZERO)
    }

    /// Accepts that more is promised now than is on hand.
    pub(super) fn grant_shortage(&mut self) {
        self.short = self.short.max(self.oversold());
    }

    /// A row for a pair that no document has touched yet.
    pub(super) fn empty(id: i64, warehouse: i64, spec: i64, defect: i64, now: Moment) -> Self {
        Self {
            id,
            warehouse,
            spec,
            defect,
            quantities: Quantities::default(),
            cost_price: Money::ZERO,
            waiting: 0,
            short: Quantity::ZERO,
            last_inout: Moment::from_unix(0),
            created: now,
            modified: now,
            stored: false,
        }
    }
}

/// Sellable stock of a spec over the given warehouses, good stock only.
pub(super) fn sellable_over(
    reader: &mut Reader,
    settings: &Settings,
    spec: i64,
    warehouses: &[i64],
) -> crate::Result<Quantity> {
    let rows = super::table::balances_of_spec(reader, spec)?;
    Ok(rows
        .iter()
        .filter(|row| row.defect == 0 && warehouses.contains(&row.warehouse))
        .map(|row| row.sellable(&settings.sellable).max(Quantity::ZERO))
        .sum())
}
