//! The joint test (联调): the platform's side plays the scenarios of the fact sheet's appendix B with somebody else's ERP, over HTTP
//! and nothing else, and says in words what that ERP does wrong.
//!
//! Lives here: what both sides agree on beforehand (`terms`), the platform that plays (`partner`), the words of the cases (`stage`), what
//! people at the ERP are asked to do (`hands`), and the explanations. The cases themselves are `joint/*.case`. Never here: the supplier's
//! side of this dock; the system clock.

mod explain;
mod hands;
mod partner;
mod stage;
mod terms;

pub use hands::{Hands, Task};
pub use partner::{Opening, Partner};
pub use stage::JointStage;
pub use terms::Terms;

/// Names and texts of the joint-test cases, in the order in which they are played.
pub const CASES: [(&str, &str); 4] = [
    ("joint/orders.case", include_str!("../../joint/orders.case")),
    ("joint/cancels.case", include_str!("../../joint/cancels.case")),
    ("joint/returns.case", include_str!("../../joint/returns.case")),
    ("joint/trouble.case", include_str!("../../joint/trouble.case")),
];
