//! Authorisations (授权): which Qimen caller may reach which tenant through which target, per environment - applied for, approved
//! with a letter, rejected with a reason, withdrawn; the whole on one page, and a check before going live.

mod flow;
mod letter;
mod page;
mod row;

use crate::operation::Operation;

pub(super) fn operations() -> Vec<Operation> {
    [flow::operations(), page::operations()].into_iter().flatten().collect()
}
