//! The simulator of ASCP and TOP: keeps orders, stock accounts and returns as the platform would, pushes, plays TOP's methods, and
//! can be told to misbehave.
//!
//! Lives here: the platform's state and its tables, the methods, the pushes, the sandbox. Never here: the supplier's side; what it
//! knows of that it hears over HTTP. (Fact sheet ascp-direct, sections 2 and 3.)

mod clock;
mod error;
mod fault;
mod goods;
mod journal;
mod methods;
mod order;
mod place;
mod push;
mod reverse;
mod sandbox;
mod stock;
mod supplier;
mod table;
mod world;

pub use clock::{CLOCK, clock_router, restore_clock};
pub use error::{Error, Result};
pub use fault::{Forgery, NewFault, Trouble, add_fault, clear_faults, faults};
pub use goods::{SimGoods, put_goods};
pub use journal::{Journal, Spoken, Topic};
pub use order::{
    SIM_ORDER, SimCancel, SimLine, SimOrder, SimOrderEvent, SimOrderFacts, SimOrderState, any_order, order, orders,
};
pub use place::{NewLine, NewOrder, Rush, count, place, push_again, rush};
pub use push::{Outgoing, SCHEDULE, SimPush, lease, settle, signed};
pub use reverse::{
    NewRefund, SIM_REVERSE, SimReverse, SimReverseEvent, SimReverseFacts, SimReverseLine, SimReverseState, ask_refund,
    create_return, fill_waybill, judge_refund, refund_due, reverse, reverses,
};
pub use sandbox::{ROOT, cancel_order, look_up, order_of, router};
pub use stock::{BELOW_LOCK, DEFECTIVE, GOOD, SimStock, account, enter_stock};
pub use supplier::{SimSupplier, expire_session, put_supplier, renew_session, supplier};
pub use world::{Platform, PlatformParts, TopPlayer};
