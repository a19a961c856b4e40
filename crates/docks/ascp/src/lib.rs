//! The ASCP dock: 天猫国际直营 (Tmall Global Direct, 轻轨三号线), both sides.
//!
//! Lives here: what travels (`messages`), the supplier's side (`hub`), the simulator of ASCP and TOP (`platform`). The two sides share
//! words, the HTTP client and the beat of their work and nothing else: what they know of each other they hear over HTTP. `cases` plays the
//! platform's side with somebody else's ERP. Never here: another dock, the system clock, rules of the business. (Fact sheet ascp-direct.)

pub mod cases;
mod client;
pub mod hub;
pub mod limits;
pub mod messages;
pub mod onboarding;
mod pace;
pub mod platform;
mod states;

use store::Migration;

/// The dock's schema, for `store::Options`.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "ascp-0001-hub", sql: include_str!("../migrations/0001_hub.sql") },
    Migration { name: "ascp-0002-platform", sql: include_str!("../migrations/0002_platform.sql") },
];
