//! Goods (货品) with their specs (单品). They are created through the public API (`goods_push`) or here.

use erp::catalog::{self, GoodsChange, GoodsFilter, GoodsWithSpecs, Spec, SpecChange};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, describe, int, list, money, quantity, text, time};

use super::page::{page, set, window};
use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads, writes};

const SPEC: &[Column<Spec>] = &[
    int("spec_id", "key / 单品id", |s| store::wire_id(s.id)),
    text("spec_no", "merchant code / 商家编码", |s| &s.no),
    text("spec_name", "name / 规格名称", |s| &s.facts.name),
    text("barcode", "barcode / 条码", |s| &s.facts.barcode),
    money("retail_price", "retail price / 零售价", |s| s.facts.retail_price),
    quantity("weight", "kg / 重量", |s| s.facts.weight),
    int("deleted", "Unix time of deletion, 0 = not deleted / 删除时间", |s| s.deleted),
    time("modified", "last changed / 修改时间", |s| Some(s.modified)),
];

const GOODS: &[Column<GoodsWithSpecs>] = &[
    int("goods_id", "key / 货品id", |g| store::wire_id(g.goods.id)),
    text("goods_no", "number / 货品编号", |g| &g.goods.no),
    text("goods_name", "name / 货品名称", |g| &g.goods.facts.name),
    text("brand_name", "brand / 品牌", |g| &g.goods.brand_name),
    text("class_name", "class / 分类", |g| &g.goods.class_name),
    int("deleted", "Unix time of deletion, 0 = not deleted / 删除时间", |g| g.goods.deleted),
    list!("specs", "its specs / 单品", SPEC, |g| g.specs.iter()),
    time("modified", "last changed, itself or a spec / 修改时间", |g| Some(g.goods.modified)),
];

arguments! {
    /// Which goods.
    struct Which {
        /// merchant code of one of the specs / 商家编码
        spec_no: Option<Text<40>>,
        /// goods number / 货品编号
        goods_no: Option<Text<40>>,
        /// barcode of one of the specs / 条码
        barcode: Option<Text<40>>,
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
    /// A spec of a goods.
    struct NewSpec {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// name / 规格名称
        spec_name: Option<Text<100>>,
        /// barcode / 条码
        barcode: Option<Text<50>>,
        /// retail price / 零售价
        retail_price: Option<Money>,
        /// kg / 重量
        weight: Option<Quantity>,
        /// may be sold beyond what is on hand, if the merchant allows it / 允许负库存
        is_allow_neg_stock: Option<bool>,
    }
}

arguments! {
    /// Goods to be created or changed, by number.
    struct New {
        /// goods number / 货品编号
        goods_no: Text<40>,
        /// name / 货品名称
        goods_name: Text<255>,
        /// brand / 品牌
        brand_name: Option<Text<64>>,
        /// class / 分类
        class_name: Option<Text<64>>,
        /// specs / 单品
        specs: List<NewSpec, 1, 500>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let rows = Shape::Rows("goods", || describe(GOODS));
    let row = Shape::Row(|| describe(GOODS));
    let head = |id, verb, summary, shape| Head { id, verb, path: "/goods", summary, shape };
    vec![
        reads(head("goods.list", Verb::Get, ("list goods", "货品列表"), rows), find),
        writes(head("goods.put", Verb::Post, ("create or change goods with their specs", "创建或修改货品"), row), put),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let filter = GoodsFilter {
        spec_no: which.spec_no.as_deref(),
        goods_no: which.goods_no.as_deref(),
        barcode: which.barcode.as_deref(),
        window: window(which.start_time, which.end_time)?,
        deleted: true,
        ..GoodsFilter::default()
    };
    let found = catalog::goods_page(reader, &filter, page(which.page_no, which.page_size)?)?;
    Ok(Answer::rows(ask.style, "goods", GOODS, &found.rows, found.total))
}

fn put(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let specs = new.specs.iter().map(|spec| SpecChange {
        no: &spec.spec_no,
        change: Box::new(move |facts| {
            set(&mut facts.name, spec.spec_name.clone());
            set(&mut facts.barcode, spec.barcode.clone());
            set(&mut facts.retail_price, spec.retail_price);
            set(&mut facts.weight, spec.weight);
            set(&mut facts.allow_negative_stock, spec.is_allow_neg_stock);
        }),
    });
    let command = GoodsChange {
        no: &new.goods_no,
        brand: new.brand_name.as_deref(),
        class: new.class_name.as_deref(),
        change: &|facts| new.goods_name.as_str().clone_into(&mut facts.name),
        specs: specs.collect(),
    };
    catalog::push_goods(tx, &command)?;
    let filter = GoodsFilter { goods_no: Some(&new.goods_no), deleted: true, ..GoodsFilter::default() };
    let found = catalog::goods_page(tx, &filter, page(None, None)?)?;
    let goods = found.rows.first().ok_or_else(|| Fault::not_found(format!("no goods {}", &*new.goods_no)))?;
    Ok(Answer::row(ask.style, GOODS, goods).created().about(&new.goods_no))
}
