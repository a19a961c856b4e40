//! Every state that real commands reach, and in each of them every command: what the document's table lists happens as the
//! table says, and what it does not list is refused and changes nothing. `reached` compares what happened with all tables.

mod aftersale;
mod bills;
mod hands;
mod orders;
mod purchase;
mod purchase_return;
mod reached;
mod sales;
mod stock;
#[path = "../support/mod.rs"]
mod support;
mod walk;
