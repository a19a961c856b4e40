//! The grammar feature by feature, the mistakes and how they are told, the reports; on a toy stage.

mod grammar;
mod mistakes;
mod reports;
mod toy;
