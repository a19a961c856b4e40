//! The commands, one file each.

pub(crate) mod backup;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod rehearse;
pub(crate) mod serve;
pub(crate) mod sign;
