//! `wdt.purchase.provider.query` and `wdt.purchase.provider.create` (fact sheet wdt-1, 2.4 and 2.5).

use erp::catalog::{self, Page, Provider, ProviderFilter};
use gateway::{Call, Category, Command, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::{Reader, Tx, wire_id};
use units::{Moment, Quantity};
use wire::args::{Arg, Input, Path, Refusal, Text, given};
use wire::rows::{Column, empty, flag, int, quantity, text, time, zero};

use crate::codes::{self, Error};
use crate::{limits, rights, settings::Settings, window};

wire::arguments! {
    /// Providers, all of them or by number or name.
    pub struct Which {
        /// columns to answer with, comma separated; all by default
        pub column: Option<Text<1024>>,
        /// provider number
        pub provider_no: Option<Text<20>>,
        /// provider name
        pub provider_name: Option<Text<64>>,
        /// 1 = deleted ones too; 0 by default
        pub is_deleted: Option<bool>,
        /// rows on a page, 1 to 100; 30 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

const PROVIDERS: &[Column<Provider>] = &[
    int("provider_id", "primary key", |p| wire_id(p.id)),
    text("provider_no", "number", |p| &p.no),
    text("provider_name", "name", |p| &p.name),
    text("contact", "contact person", |p| &p.contact),
    text("telno", "telephone", |p| &p.telno),
    text("mobile", "mobile", |p| &p.mobile),
    text("fax", "fax", |p| &p.fax),
    text("zip", "post code", |p| &p.zip),
    text("email", "mail address", |p| &p.email),
    text("qq", "QQ number", |p| &p.qq),
    text("wangwang", "Wangwang nick", |p| &p.wangwang),
    text("website", "web site", |p| &p.website),
    text("provider_group", "group", |p| &p.group),
    empty("account_bank_no", "bank account; no method brings it"),
    empty("account_bank", "bank; no method brings it"),
    empty("collect_name", "payee; no method brings it"),
    zero("country", "0 = China"),
    zero("province", "code; no method brings it"),
    zero("city", "code; no method brings it"),
    zero("district", "code; no method brings it"),
    text("address", "street address", |p| &p.address),
    quantity("min_purchase_num", "least quantity of an order", |p| p.min_purchase_num),
    int("purchase_cycle_days", "days between two orders", |p| p.purchase_cycle_days),
    int("arrive_cycle_days", "days from order to arrival", |p| p.arrive_cycle_days),
    int("charge_cycle_days", "days between two settlements", |p| p.charge_cycle_days),
    time("last_purchase_time", "when something was last bought", |p| p.last_purchase),
    text("remark", "remark", |p| &p.remark),
    flag("is_disabled", "not to be used any more", |p| p.disabled),
    int("deleted", "0, or Unix time of the deletion", |p| p.deleted),
    time("modified", "last changed", |p| Some(p.modified)),
    time("created", "first stored", |p| Some(p.created)),
];

/// Query providers.
pub(crate) struct ProviderQuery;

impl Method for ProviderQuery {
    const NAME: &'static str = "wdt.purchase.provider.query";
    const PHP: &'static str = "purchase_provider_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query providers", "查询供应商");
    const CATEGORY: Category = Category::Base;
    const ERRORS: &'static [(i64, &'static str)] = &[(codes::VALUE, "column names a column that does not exist")];
    const DECISIONS: &'static [&'static str] = &["With `column` a row has exactly these keys."];
    type Request = Which;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("provider_list", "providers", PROVIDERS)
    }
}

impl Query for ProviderQuery {
    const MASTER: bool = true;

    fn run(call: &Call, request: &Which, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::page(call, request.page_no, request.page_size, limits::PROVIDER_PAGE)?;
        let wanted: Option<Vec<&str>> = given(&request.column).map(|list| rights::listed(list).collect());
        if let Some(name) = wanted.iter().flatten().find(|name| !PROVIDERS.iter().any(|column| column.name == **name)) {
            return Err(Refused::new(codes::VALUE, format!("参数值无效:column({name}不是有效的列)")).into());
        }
        let filter = ProviderFilter {
            no: given(&request.provider_no),
            name: given(&request.provider_name),
            deleted: request.is_deleted.unwrap_or(false),
            disabled: None,
        };
        let found = window::listed(reader, &settings, page, |reader, page| match call.providers().list() {
            None => catalog::providers(reader, &filter, page),
            Some(allowed) => {
                let mut all = catalog::providers(reader, &filter, Page::ALL)?.rows;
                all.retain(|provider| allowed.contains(&provider.no));
                Ok(window::cut(all, page))
            }
        })?;
        let mut reply = call.reply().total_if(found.total);
        let keep = |name: &str| wanted.as_ref().is_none_or(|wanted| wanted.contains(&name));
        reply.writer().member_rows_of("provider_list", PROVIDERS, keep, &found.rows);
        Ok(reply)
    }
}

/// A day or a time: the fact sheet wants a day and another edition sends a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DayOrTime(Moment);

impl Arg for DayOrTime {
    const KIND: wire::args::Kind = wire::args::Kind::Time;

    fn read(input: Input<'_>, at: &Path<'_>) -> Result<Self, Refusal> {
        let text = input.scalar().map_err(|problem| at.refuse(problem))?;
        match units::Day::parse(&text) {
            Ok(day) => Ok(Self(day.start())),
            Err(_) => Moment::read(Input::Text(&text), at).map(Self),
        }
    }

    fn is_unset(input: &Input<'_>) -> bool {
        Moment::is_unset(input) || units::Day::is_unset(input)
    }
}

wire::arguments! {
    /// A provider to be created.
    pub struct New {
        /// number, unique within the merchant
        pub provider_no: Text<20>,
        /// name, unique within the merchant
        pub provider_name: Text<64>,
        /// least quantity of an order
        pub min_purchase_num: Quantity,
        /// days between two orders
        pub purchase_cycle_days: i64,
        /// days from order to arrival
        pub arrive_cycle_days: i64,
        /// days between two settlements; 0 by default
        pub charge_cycle_days: Option<i64>,
        /// contact person
        pub contact: Option<Text<64>>,
        /// telephone
        pub telno: Option<Text<40>>,
        /// mobile
        pub mobile: Option<Text<40>>,
        /// fax
        pub fax: Option<Text<40>>,
        /// post code
        pub zip: Option<Text<40>>,
        /// mail address
        pub email: Option<Text<64>>,
        /// QQ number
        pub qq: Option<Text<40>>,
        /// Wangwang nick
        pub wangwang: Option<Text<64>>,
        /// web site
        pub website: Option<Text<64>>,
        /// street address
        pub address: Option<Text<128>>,
        /// when something was last bought, a day or a time; today by default
        pub last_purchase_time: Option<DayOrTime>,
        /// not to be used; 0 by default
        pub is_disabled: Option<bool>,
        /// group
        pub provider_group: Option<Text<64>>,
        /// remark
        pub remark: Option<Text<255>>,
    }
}

fn owned<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
    text.as_deref().unwrap_or_default().to_owned()
}

/// Create a provider.
pub(crate) struct ProviderCreate;

impl Method for ProviderCreate {
    const NAME: &'static str = "wdt.purchase.provider.create";
    const PHP: &'static str = "purchase_provider_create.php";
    const KIND: Kind = Kind::Write;
    const SUMMARY: (&'static str, &'static str) = ("Create a provider", "创建供应商");
    const CATEGORY: Category = Category::Base;
    const ERRORS: &'static [(i64, &'static str)] = &[(codes::PROVIDER_EXISTS, "number or name in use")];
    type Request = New;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new()
    }
}

impl Command for ProviderCreate {
    fn run(call: &Call, new: &New, tx: &mut Tx) -> Result<Reply, Error> {
        let provider = Provider {
            no: new.provider_no.to_string(),
            name: new.provider_name.to_string(),
            group: owned(&new.provider_group),
            contact: owned(&new.contact),
            telno: owned(&new.telno),
            mobile: owned(&new.mobile),
            fax: owned(&new.fax),
            zip: owned(&new.zip),
            email: owned(&new.email),
            qq: owned(&new.qq),
            wangwang: owned(&new.wangwang),
            website: owned(&new.website),
            address: owned(&new.address),
            min_purchase_num: new.min_purchase_num,
            purchase_cycle_days: new.purchase_cycle_days,
            arrive_cycle_days: new.arrive_cycle_days,
            charge_cycle_days: new.charge_cycle_days.unwrap_or(0),
            last_purchase: new.last_purchase_time.map(|time| time.0),
            disabled: new.is_disabled.unwrap_or(false),
            remark: owned(&new.remark),
            ..Provider::default()
        };
        catalog::create_provider(tx, provider)?;
        Ok(call.reply())
    }
}
