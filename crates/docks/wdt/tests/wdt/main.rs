//! The Wangdian API as its callers see it: signed requests through the gateway, a merchant in a SQLite store.

mod base;
mod fields;
mod goods;
mod merchant;
mod order_story;
mod push;
mod queries;
mod queues;
mod sample;
mod stock;
mod world;
