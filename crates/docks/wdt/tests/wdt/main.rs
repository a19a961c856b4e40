//! The Wangdian API as its callers see it: signed requests through the gateway, over a merchant's store.

mod aftersale;
mod base;
mod chaos;
mod fields;
mod goods;
mod history;
mod limits;
mod marks;
mod merchant;
mod order_story;
#[path = "../../../../store/tests/place/mod.rs"]
mod place;
mod platform;
mod probes;
mod proofs;
mod purchase;
mod purchase_errors;
mod push;
mod queries;
mod queues;
mod sample;
mod stock;
mod stock_documents;
mod stock_errors;
mod world;
