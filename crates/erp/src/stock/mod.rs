//! Stock: quantities by warehouse, spec and defect; the ledger of their every change; reservation for orders; the queue that
//! tells malls what they can sell; stock-ins of every kind and stock-outs of every kind but sales.
//!
//! Invariants: a balance is the sum of its ledger. Sellable stock never goes below zero unless the merchant allows it or a
//! stock-taking counted less than was promised. What waits for stock is served first come first served. (Fact sheet wdt-2,
//! chapter 1.)

mod balance;
mod bin;
mod find;
mod jit;
mod kind;
mod ledger;
mod lock;
mod note;
mod other_in;
mod other_out;
mod outsourced;
mod queue;
mod reserve;
mod sheet;
mod stock_in;
pub(crate) mod table;
mod taking;
mod transfer;
mod warehouse_out;

pub use balance::{Balance, QUANTITIES, Quantities, QuantityColumn};
pub use bin::{USUAL, bins_of, create_position};
pub use find::{
    OutTime, StockInFilter, WarehouseOutFilter, stock_in_by_no, stock_ins, warehouse_out_by_no, warehouse_outs,
};
pub use jit::{NewJit, NewJitLine, create_jit_pick, create_jit_return};
pub use kind::{
    STOCK_IN, StockInEvent, StockInKind, StockInStatus, StockOutKind, WAREHOUSE_OUT, WarehouseOutEvent,
    WarehouseOutStatus,
};
pub use ledger::{Drain, LedgerRow, audit_books, drains, ledger_of};
pub use lock::lock_stock;
pub use note::{StockNote, WmsFigure, report_wms_stock};
pub use other_in::{NewStockIn, NewStockInLine, push_other_stock_in};
pub use other_out::{NewStockOut, NewStockOutLine, push_other_stock_out};
pub use outsourced::{
    Direction, NewOutsourced, NewOutsourcedLine, OUTSOURCED, OutsourcedEvent, OutsourcedFilter, OutsourcedLine,
    OutsourcedOrder, OutsourcedStatus, Receiver, Reported, audit_outsourced, cancel_outsourced, outsourced_by_no,
    outsourced_orders, outsourced_pushed, push_outsourced, report_outsourced,
};
pub use queue::{Change, ack_change, pending_changes};
pub use stock_in::{StockIn, StockInLine};
pub use table::{BalanceFilter, BalanceRow, balances};
pub use taking::{
    NewStockTaking, NewTakingLine, STOCK_TAKING, Skipped, StockTaking, TakingEvent, TakingFilter, TakingLine,
    TakingMode, TakingStatus, audit_stock_taking, cancel_stock_taking, push_stock_taking, stock_taking_by_no,
    stock_takings,
};
pub use transfer::{
    NewStep, NewStepLine, NewTransfer, NewTransferLine, TRANSFER, Transfer, TransferEvent, TransferFilter,
    TransferLine, TransferMode, TransferStatus, audit_transfer, cancel_transfer, push_transfer, push_transfer_in,
    push_transfer_out, settle_transfer, transfer_by_no, transfer_pushed, transfers,
};
pub use warehouse_out::{JitPick, WarehouseOut, WarehouseOutLine};

pub(crate) use bin::{batches_known, positions_known};
pub(crate) use jit::{audit_jit_pick, cancel_jit_pick};
pub(crate) use ledger::Move;
pub(crate) use other_in::{audit_plain, cancel_plain};
pub(crate) use reserve::{
    Need, count_unpaid, coverage, foresee_balances, free_for, hand_over, release_line, reserve_lines, serve_waiting,
    shift_line, ship_line, shrink_line, split_waiting,
};
pub(crate) use sheet::{occupy, one};
pub(crate) use stock_in::{audited_status, open_stock_in, receive, stock_in_no_is_free, turn_stock_in};
pub(crate) use transfer::{audit_transfer_in, audit_transfer_out};
pub(crate) use warehouse_out::{issue, open_warehouse_out, turn_warehouse_out, warehouse_out_no_is_free};
