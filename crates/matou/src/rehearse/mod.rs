//! The stage on which cases are played against a server: the words of Wangdian and of its operators, over HTTP.
//!
//! Lives here: what the words of `given` and `when` do (docs/cases.md has the grammar). Never here: a private way into the
//! server; everything goes through the signed doors and the admin API.

mod acts;
mod givens;
mod house;
mod speak;
mod stage;

pub(crate) use house::House;
pub(crate) use stage::ServerStage;
