//! The commands, one file each.

pub(crate) mod backup;
pub(crate) mod calls;
mod clocks;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod export;
mod gaps;
pub(crate) mod gateway;
pub(crate) mod import;
mod office;
pub(crate) mod rehearse;
pub(crate) mod serve;
pub(crate) mod sign;
pub(crate) mod template;
