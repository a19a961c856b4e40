//! The resources, one file each. `operations` is the table of contents: every operation there is.

mod api;
mod api_trial;
mod application;
mod archive;
mod ascp;
mod authorisation;
mod bill;
mod books;
mod call;
mod call_explain;
mod carrier;
mod clock_skew;
mod customer;
mod customer_route;
mod gap;
mod gateway_file;
mod goods;
mod house;
mod jit;
mod job;
mod limit;
mod logistics;
mod lookup;
mod mark;
mod moved;
mod order;
mod order_flow;
mod order_warehouse;
mod outsourced;
mod page;
mod provider;
mod purchase_order;
mod purchase_return;
mod raw_order;
mod raw_refund;
mod refund;
mod requisition;
mod rule;
mod scene;
mod setting;
mod shop;
mod signature;
mod stock;
mod stock_in;
mod stock_taking;
mod stub;
mod suite;
mod target;
mod target_line;
mod tenant;
mod timeline;
mod transfer;
mod tree;
mod warehouse;
mod warehouse_out;
mod wms;

pub(crate) use lookup::Names;

use crate::operation::Operation;

/// All operations, in the order of the document.
pub(crate) fn operations() -> Vec<Operation> {
    [
        house::operations(),
        tenant::operations(),
        setting::operations(),
        application::operations(),
        scene::operations(),
        api::operations(),
        api_trial::operations(),
        target::operations(),
        target_line::operations(),
        customer_route::operations(),
        authorisation::operations(),
        call::operations(),
        call_explain::operations(),
        clock_skew::operations(),
        gap::operations(),
        gateway_file::operations(),
        limit::operations(),
        signature::operations(),
        stub::operations(),
        shop::operations(),
        warehouse::operations(),
        carrier::operations(),
        goods::operations(),
        suite::operations(),
        mark::operations(),
        raw_order::operations(),
        order::operations(),
        order_flow::operations(),
        order_warehouse::operations(),
        rule::operations(),
        customer::operations(),
        timeline::operations(),
        books::operations(),
        logistics::operations(),
        bill::operations(),
        archive::operations(),
        raw_refund::operations(),
        refund::operations(),
        stock::operations(),
        stock_in::operations(),
        warehouse_out::operations(),
        stock_taking::operations(),
        transfer::operations(),
        outsourced::operations(),
        ascp::operations(),
        wms::operations(),
        jit::operations(),
        job::operations(),
        provider::operations(),
        requisition::operations(),
        purchase_order::operations(),
        purchase_return::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
