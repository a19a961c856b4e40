//! Customers (客户档案), kept for merchants who switched them on.

use erp::catalog::{self, Customer, CustomerFilter};
use store::{Reader, Tx};
use units::Moment;
use wire::args::{Text, arguments};
use wire::rows::{Column, describe, int, personal, text, time};

use super::page::{page, window};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const CUSTOMER: &[Column<Customer>] = &[
    int("customer_id", "key / 客户id", |c| store::wire_id(c.id)),
    text("customer_no", "number / 客户编号", |c| &c.no),
    int("customer_type", "0 ordinary, 1 dealer / 客户类型", |c| c.kind),
    personal("nick", "nick in the shop / 网名", |c| &c.facts.nick),
    personal("name", "name / 姓名", |c| &c.facts.name),
    personal("mobile", "mobile / 手机", |c| &c.facts.mobile),
    personal("telno", "telephone / 电话", |c| &c.facts.telno),
    int("trade_count", "orders / 订单数", |c| c.orders),
    time("created", "first stored / 创建时间", |c| Some(c.created)),
    time("modified", "last changed / 修改时间", |c| Some(c.modified)),
];

arguments! {
    /// Which customers.
    struct Which {
        /// number / 客户编号
        customer_no: Option<Text<40>>,
        /// shop of the nick / 店铺编号
        shop_no: Option<Text<40>>,
        /// nick; with shop_no / 网名
        nick: Option<Text<100>>,
        /// mobile / 手机
        mobile: Option<Text<40>>,
        /// changed at or after / 开始时间
        start_time: Option<Moment>,
        /// changed at or before / 结束时间
        end_time: Option<Moment>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// What changes of a customer.
    struct Change {
        /// number / 客户编号
        customer_no: Text<40>,
        /// 0 ordinary, 1 dealer / 客户类型
        customer_type: i64,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let row = Shape::Row(|| describe(CUSTOMER));
    let rows = Shape::Rows("customers", || describe(CUSTOMER));
    let head = |id, verb, path, summary, shape| Head { id, verb, path, summary, shape };
    vec![
        reads(head("customer.list", Verb::Get, "/customers", ("list customers", "客户列表"), rows), find),
        writes(
            head("customer.change", Verb::Patch, "/customers/{customer_no}", ("change a customer", "修改客户"), row),
            change,
        ),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let nick = match (which.nick.as_deref(), which.shop_no.as_deref()) {
        (None, _) => None,
        (Some(_), None) => return Err(Fault::invalid("shop_no", "a nick belongs to a shop: give shop_no")),
        (Some(nick), Some(no)) => Some((catalog::shop_by_no(reader, no)?.id, nick)),
    };
    let filter = CustomerFilter {
        no: which.customer_no.as_deref(),
        nick,
        mobile: which.mobile.as_deref(),
        window: window(which.start_time, which.end_time)?,
    };
    let found = catalog::customers(reader, &filter, page(which.page_no, which.page_size)?)?;
    Ok(Answer::rows(ask.style, "customers", CUSTOMER, &found.rows, found.total))
}

fn change(ask: &Ask, change: &Change, tx: &mut Tx) -> Result<Answer, Fault> {
    let customer = catalog::change_customer(tx, &change.customer_no, change.customer_type)?;
    Ok(Answer::row(ask.style, CUSTOMER, &customer).about(&customer.no))
}
