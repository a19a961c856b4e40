//! Stock: quantities by warehouse, spec and defect; the ledger of their every change; reservation for orders; the queue that
//! tells malls what they can sell; other stock-in.
//!
//! Invariants: a balance is the sum of its ledger. Sellable stock never goes below zero unless the merchant allows it.
//! What waits for stock is served first come first served. (Fact sheet wdt-2, chapter 1.)

mod balance;
mod ledger;
mod queue;
mod reserve;
mod stock_in;
pub(crate) mod table;

pub use balance::{Balance, QUANTITIES, Quantities, QuantityColumn};
pub use ledger::{LedgerRow, audit_books, ledger_of};
pub use queue::{Change, ack_change, pending_changes};
pub use stock_in::{
    NewStockIn, NewStockInLine, OTHER_STOCK_IN, StockIn, StockInEvent, StockInLine, StockInStatus, audit_stock_in,
    push_other_stock_in,
};
pub use table::{BalanceFilter, BalanceRow, balances};

pub(crate) use reserve::{
    Need, count_unpaid, foresee_balances, release_line, reserve_lines, serve_waiting, shift_line, ship_line,
};
