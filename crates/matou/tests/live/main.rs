//! The real program, started as a user starts it, spoken to over HTTP.
//!
//! One test binary, one file a subject; `house` starts and stops the program and speaks to it.

mod admin;
mod ascp;
mod calls;
mod crash;
mod endings;
mod excel;
mod faults;
mod forward;
mod gaps;
mod gateway;
mod happy;
mod house;
mod joint;
mod logs;
mod operations;
mod postgres;
mod qimen;
mod raw;
mod rehearse;
mod rules;
#[path = "../schema/mod.rs"]
mod schema;
mod serve;
mod settings;
mod sign;
mod slow;
mod stop;
mod timeline;
