//! The measures everything else is counted in: money, quantities, moments, document numbers.
//!
//! Lives here: values with a unit, their exact arithmetic and their text on the wire. Never here: protocols, storage,
//! the system clock, anything that knows a platform. This crate depends on no other crate of ours.

mod clock;
mod decimal;
mod moment;
mod number;

pub use clock::{Clock, ManualClock, MovableClock};
pub use decimal::{Decimal, DecimalError, Money, Quantity};
pub use moment::{Day, Moment, MomentError};
pub use number::{DateForm, NumberForm};
