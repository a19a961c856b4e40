//! Stock-taking: made, queried, and what it gained or lost (fact sheet wdt-2, 5.2, 5.3, 5.11).

pub(super) mod push;
pub(super) mod query;
pub(super) mod statistics;
