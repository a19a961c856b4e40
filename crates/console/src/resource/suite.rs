//! Suites (组合装). No public method creates them: people do, here.

use erp::catalog::{self, Suite, SuiteFilter, SuitePart};
use store::{Reader, Tx};
use units::{Money, Quantity};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, describe, flag, int, list, money, quantity, text, time};

use super::page::page;
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const PART: &[Column<SuitePart>] = &[
    text("spec_no", "merchant code / 商家编码", |p| &p.spec_no),
    text("goods_name", "name / 货品名称", |p| &p.goods_name),
    quantity("num", "pieces in one suite / 数量", |p| p.num),
    flag("is_fixed_price", "1: fixed_price holds, 0: ratio / 是否固定价格", |p| p.is_fixed_price),
    money("fixed_price", "price of a piece / 固定价格", |p| p.fixed_price),
    quantity("ratio", "share of the suite's price / 金额占比", |p| p.ratio),
];

const SUITE: &[Column<Suite>] = &[
    int("suite_id", "key / 组合装id", |s| store::wire_id(s.id)),
    text("suite_no", "merchant code / 商家编码", |s| &s.no),
    text("suite_name", "name / 名称", |s| &s.name),
    money("retail_price", "retail price / 零售价", |s| s.retail_price),
    list!("specs", "what it consists of / 单品明细", PART, |s| s.parts.iter()),
    time("modified", "last changed / 修改时间", |s| Some(s.modified)),
];

arguments! {
    /// Which suites.
    struct Which {
        /// only this suite / 商家编码
        suite_no: Option<Text<40>>,
        /// page, from 0 / 页号
        page_no: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// One spec of a suite.
    struct NewPart {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces in one suite / 数量
        num: Quantity,
        /// fixed price of a piece; absent = a share of the suite's price / 固定价格
        fixed_price: Option<Money>,
        /// share of the suite's price; all absent = by retail price / 金额占比
        ratio: Option<Quantity>,
    }
}

arguments! {
    /// A suite to be created.
    struct New {
        /// merchant code, in the same name space as specs / 商家编码
        suite_no: Text<40>,
        /// name / 名称
        suite_name: Text<255>,
        /// barcode / 条码
        barcode: Option<Text<50>>,
        /// retail price / 零售价
        retail_price: Option<Money>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// what it consists of / 单品明细
        specs: List<NewPart, 1, 100>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let head = |id, verb, summary, shape| Head { id, verb, path: "/suites", summary, shape };
    vec![
        reads(
            head("suite.list", Verb::Get, ("list suites", "组合装列表"), Shape::Rows("suites", || describe(SUITE))),
            find,
        ),
        writes(
            head("suite.create", Verb::Post, ("create a suite", "创建组合装"), Shape::Row(|| describe(SUITE))),
            create,
        ),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let filter = SuiteFilter { no: which.suite_no.as_deref(), deleted: true, ..SuiteFilter::default() };
    let found = catalog::suites(reader, &filter, page(which.page_no, which.page_size)?)?;
    Ok(Answer::rows(ask.style, "suites", SUITE, &found.rows, found.total))
}

fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let parts = new.specs.iter().map(|part| SuitePart {
        spec_no: part.spec_no.to_string(),
        num: part.num,
        is_fixed_price: part.fixed_price.is_some(),
        fixed_price: part.fixed_price.unwrap_or(Money::ZERO),
        ratio: part.ratio.unwrap_or(Quantity::ZERO),
        ..SuitePart::default()
    });
    let suite = Suite {
        no: new.suite_no.to_string(),
        name: new.suite_name.to_string(),
        barcode: new.barcode.as_deref().unwrap_or_default().to_owned(),
        retail_price: new.retail_price.unwrap_or(Money::ZERO),
        remark: new.remark.as_deref().unwrap_or_default().to_owned(),
        parts: parts.collect(),
        ..Suite::default()
    };
    let suite = catalog::create_suite(tx, suite)?;
    Ok(Answer::row(ask.style, SUITE, &suite).created().about(&suite.no))
}
