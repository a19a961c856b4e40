//! Files as people and as attackers make them.

mod hostile;
mod memory;
mod part;
mod trips;
