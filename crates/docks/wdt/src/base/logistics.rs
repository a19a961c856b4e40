//! `wdt.logistics.query` (fact sheet wdt-1, 2.3): no paging, no `total_count`.

use erp::catalog::{self, Carrier};
use gateway::{Call, Category, Kind, Method, Query, Reply, ReplyShape};
use store::{Reader, wire_id};
use wire::args::{Text, given};
use wire::rows::{Column, constant_int, empty, flag, int, text, time, zero, zero_decimal};

use crate::codes::Error;

wire::arguments! {
    /// Carriers, all of them or by number or name.
    pub struct Request {
        /// carrier number
        pub logistics_no: Option<Text<20>>,
        /// name as the merchant set it up
        pub logistics_name: Option<Text<40>>,
    }
}

const CARRIERS: &[Column<Carrier>] = &[
    int("logistics_id", "primary key", |c| wire_id(c.id)),
    text("logistics_no", "number; logistics_code elsewhere", |c| &c.no),
    text("logistics_name", "name", |c| &c.name),
    int("logistics_type", "kind, appendix B", |c| c.kind),
    empty("province", "sender; not kept"),
    empty("city", "sender; not kept"),
    empty("district", "sender; not kept"),
    empty("contact", "sender; not kept"),
    empty("telno", "sender; not kept"),
    empty("mobile", "sender; not kept"),
    empty("address", "sender; not kept"),
    empty("zip", "sender; not kept"),
    zero_decimal("commission_ratio", "commission; not kept"),
    zero("send_type", "0 standard, 1 fresh, 2 cold chain"),
    empty("prop1", "custom"),
    empty("prop2", "custom"),
    empty("prop3", "custom"),
    flag("is_disabled", "not to be used any more", |c| c.disabled),
    int("priority", "order of preference", |c| c.priority),
    flag("is_support_cod", "cash on delivery", |c| c.cod),
    constant_int("service_mask", "1 sales, 2 purchase", 1),
    int("bill_type", "0 ordinary, 1 offline electronic, 2 platform electronic waybills", |c| c.bill_type),
    zero("is_online", "online shipping"),
    zero("is_dtb_no_api", "not kept"),
    zero("un_repeat_logistics_no", "not kept"),
    zero("is_manual", "not kept"),
    text("logistics_regex", "what a waybill looks like", |c| &c.pattern),
    flag("be_uncheck_regexp", "1 = the pattern is not checked", |c| c.pattern.is_empty()),
    text("remark", "remark", |c| &c.remark),
    time("modified", "last changed", |c| Some(c.modified)),
    time("created", "first stored", |c| Some(c.created)),
];

/// Query carriers.
pub(crate) struct LogisticsQuery;

impl Method for LogisticsQuery {
    const NAME: &'static str = "wdt.logistics.query";
    const PHP: &'static str = "logistics.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query carriers", "查询物流");
    const CATEGORY: Category = Category::Base;
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().rows("logistics_list", "carriers", CARRIERS)
    }
}

impl Query for LogisticsQuery {
    const MASTER: bool = true;

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let found = catalog::carriers(reader, given(&request.logistics_no), given(&request.logistics_name))?;
        Ok(call.reply().rows("logistics_list", CARRIERS, &found))
    }
}
