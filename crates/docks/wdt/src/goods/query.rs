//! `wdt.goods.query` (fact sheet wdt-1, 2.7).

use erp::catalog::{self, Goods, GoodsFilter, GoodsWithSpecs, Spec, Window};
use gateway::{Call, Category, Kind, Method, Query, Refused, Reply, ReplyShape};
use store::{Reader, wire_id};
use units::Moment;
use wire::args::{Text, given};
use wire::rows::{Column, constant_int, empty, int, list, money, no_time, quantity, text, time, zero, zero_decimal};

use crate::codes::{self, Error};
use crate::window::{self, Span};
use crate::{limits, settings::Settings};

wire::arguments! {
    /// Goods by window, or by number without a window.
    pub struct Request {
        /// one spec; the window is then ignored
        pub spec_no: Option<Text<40>>,
        /// one goods; the window is then ignored
        pub goods_no: Option<Text<40>>,
        /// brand number
        pub brand_no: Option<Text<32>>,
        /// class
        pub class_name: Option<Text<64>>,
        /// barcode of one of its specs
        pub barcode: Option<Text<64>>,
        /// changed from
        pub start_time: Option<Moment>,
        /// changed until; at most 30 days after the start
        pub end_time: Option<Moment>,
        /// 1 = deleted ones too
        pub deleted: Option<bool>,
        /// rows on a page, 1 to 100; 40 by default
        pub page_size: Option<i64>,
        /// page, from 0
        pub page_no: Option<i64>,
    }
}

impl Request {
    fn has_number(&self) -> bool {
        given(&self.spec_no).or(given(&self.goods_no)).is_some()
    }

    fn window(&self, call: &Call) -> Result<Option<Window>, Refused> {
        if self.has_number() {
            return Ok(None);
        }
        Span::MONTH
            .of(call)
            .required(self.start_time, self.end_time, "时间范围与货品编号、商家编码不能全部为空")
            .map(Some)
    }
}

struct Row {
    goods: Goods,
    specs: Vec<SpecRow>,
}

struct SpecRow {
    spec: Spec,
    /// Unit of the goods, which a spec without one shares.
    unit: String,
    aux_unit: String,
    barcodes: Vec<Barcode>,
}

struct Barcode {
    spec: i64,
    goods: i64,
    barcode: String,
    modified: Moment,
}

impl Row {
    fn of(found: GoodsWithSpecs) -> Self {
        let GoodsWithSpecs { goods, specs } = found;
        let specs = specs.into_iter().map(|spec| SpecRow::of(spec, &goods)).collect();
        Self { goods, specs }
    }
}

impl SpecRow {
    fn of(spec: Spec, goods: &Goods) -> Self {
        let or = |own: &String, shared: &String| if own.is_empty() { shared.clone() } else { own.clone() };
        let barcode = Some(&spec.facts.barcode).filter(|barcode| !barcode.is_empty());
        let barcodes = barcode.map(|barcode| Barcode {
            spec: spec.id,
            goods: spec.goods,
            barcode: barcode.clone(),
            modified: spec.modified,
        });
        Self {
            unit: or(&spec.facts.unit_name, &goods.facts.unit_name),
            aux_unit: or(&spec.facts.aux_unit_name, &goods.facts.aux_unit_name),
            barcodes: barcodes.into_iter().collect(),
            spec,
        }
    }
}

const BARCODES: &[Column<Barcode>] = &[
    int("spec_id", "the spec", |b| wire_id(b.spec)),
    int("goods_id", "the goods", |b| wire_id(b.goods)),
    text("barcode", "barcode", |b| &b.barcode),
    constant_int("type", "1 spec", 1),
    constant_int("is_master", "main barcode", 1),
    constant_int("target_num", "pieces", 1),
    constant_int("out_target_num", "pieces out", 1),
    time("modified", "last changed", |b| Some(b.modified)),
];

const SPECS: &[Column<SpecRow>] = &[
    int("spec_id", "primary key", |s| wire_id(s.spec.id)),
    int("goods_id", "the goods", |s| wire_id(s.spec.goods)),
    text("spec_no", "merchant code", |s| &s.spec.no),
    text("spec_code", "code", |s| &s.spec.facts.code),
    text("barcode", "main barcode", |s| &s.spec.facts.barcode),
    text("spec_name", "name", |s| &s.spec.facts.name),
    money("lowest_price", "lowest price", |s| s.spec.facts.lowest_price),
    money("retail_price", "retail price", |s| s.spec.facts.retail_price),
    money("wholesale_price", "wholesale price", |s| s.spec.facts.wholesale_price),
    money("member_price", "member price", |s| s.spec.facts.member_price),
    money("market_price", "market price", |s| s.spec.facts.market_price),
    money("custom_price1", "custom price", |s| s.spec.facts.custom_price1),
    money("custom_price2", "custom price", |s| s.spec.facts.custom_price2),
    quantity("sale_score", "sale score", |s| s.spec.facts.sale_score),
    quantity("pack_score", "pack score", |s| s.spec.facts.pack_score),
    quantity("pick_score", "pick score", |s| s.spec.facts.pick_score),
    int("validity_days", "shelf life, days", |s| s.spec.facts.validity_days),
    zero("sales_days", "latest day for sale; not kept"),
    zero("receive_days", "latest day for receipt; not kept"),
    quantity("weight", "kg", |s| s.spec.facts.weight),
    quantity("length", "cm", |s| s.spec.facts.length),
    quantity("width", "cm", |s| s.spec.facts.width),
    quantity("height", "cm", |s| s.spec.facts.height),
    int("is_sn_enable", "serial numbers: 0 none, 1 strong, 2 weak", |s| s.spec.facts.sn_enable),
    int("is_allow_neg_stock", "negative stock allowed", |s| s.spec.facts.allow_negative_stock),
    int("is_not_need_examine", "ship without inspection", |s| s.spec.facts.not_need_examine),
    int("is_zero_cost", "zero cost allowed", |s| s.spec.facts.zero_cost),
    int("is_lower_cost", "below-cost sale allowed", |s| s.spec.facts.lower_cost),
    int("is_not_use_air", "no air freight", |s| s.spec.facts.not_use_air),
    int("is_single_batch", "one batch per shipment", |s| s.spec.facts.single_batch),
    int("is_popular", "fast seller", |s| s.spec.facts.popular),
    int("replenish_type", "0 always, 1 never, 2 below alarm stock", |s| s.spec.facts.replenish_type),
    int("large_type", "-1 with others, 0 ordinary, 1 large, 2 large and alone", |s| s.spec.facts.large_type),
    quantity("tax_rate", "tax rate", |s| s.spec.facts.tax_rate),
    text("tax_code", "tax code", |s| &s.spec.facts.tax_code),
    zero("tax_code_id", "not kept"),
    text("img_url", "picture", |s| &s.spec.facts.img_url),
    empty("img_key", "not kept"),
    zero("unit", "unit id; not kept"),
    zero("aux_unit", "auxiliary unit id; not kept"),
    text("spec_unit_name", "unit", |s| &s.unit),
    text("spec_aux_unit_name", "auxiliary unit", |s| &s.aux_unit),
    text("prop1", "custom", |s| &s.spec.facts.props[0]),
    text("prop2", "custom", |s| &s.spec.facts.props[1]),
    text("prop3", "custom", |s| &s.spec.facts.props[2]),
    text("prop4", "custom", |s| &s.spec.facts.props[3]),
    text("prop5", "custom", |s| &s.spec.facts.props[4]),
    text("prop6", "custom", |s| &s.spec.facts.props[5]),
    text("remark", "remark", |s| &s.spec.facts.remark),
    int("deleted", "0, or when it was deleted, Unix seconds", |s| s.spec.deleted),
    time("spec_created", "first stored", |s| Some(s.spec.created)),
    time("spec_modified", "last changed", |s| Some(s.spec.modified)),
    time("created", "first stored", |s| Some(s.spec.created)),
    time("modified", "last changed", |s| Some(s.spec.modified)),
    zero("flag_id", "mark; not kept"),
    int("barcode_count", "number of barcodes", |s| i64::from(!s.barcodes.is_empty())),
    zero("plat_spec_count", "not kept"),
    empty("postfix_val", "not kept"),
    no_time("last_date", "not kept"),
    empty("replace_no", "not kept"),
    zero_decimal("replace_proportion", "not kept"),
    zero("spec_mask", "not kept"),
    empty("washing_label", "not kept"),
    empty("extra3", "not kept"),
    list!("barcode_list", "all barcodes", BARCODES, |s| s.barcodes.iter()),
];

const GOODS: &[Column<Row>] = &[
    int("goods_id", "primary key", |r| wire_id(r.goods.id)),
    text("goods_no", "SPU key", |r| &r.goods.no),
    text("goods_name", "name", |r| &r.goods.facts.name),
    text("short_name", "short name", |r| &r.goods.facts.short_name),
    text("alias", "alias", |r| &r.goods.facts.alias),
    int("goods_type", "kind of goods", |r| r.goods.facts.kind),
    int("spec_count", "number of specs", |r| i64::try_from(r.specs.len()).unwrap_or(i64::MAX)),
    text("pinyin", "pinyin", |r| &r.goods.facts.pinyin),
    int("brand_id", "brand; 0 = none", |r| wire_id(r.goods.brand)),
    text("brand_no", "brand number", |r| &r.goods.brand_no),
    text("brand_name", "brand name", |r| &r.goods.brand_name),
    int("class_id", "class; 0 = none", |r| wire_id(r.goods.class)),
    text("class_name", "class name", |r| &r.goods.class_name),
    text("unit_name", "unit", |r| &r.goods.facts.unit_name),
    text("aux_unit_name", "auxiliary unit", |r| &r.goods.facts.aux_unit_name),
    text("flag_name", "mark", |r| &r.goods.facts.flag_name),
    text("origin", "place of origin", |r| &r.goods.facts.origin),
    text("remark", "remark", |r| &r.goods.facts.remark),
    text("prop1", "custom", |r| &r.goods.facts.props[0]),
    text("prop2", "custom", |r| &r.goods.facts.props[1]),
    text("prop3", "custom", |r| &r.goods.facts.props[2]),
    text("prop4", "custom", |r| &r.goods.facts.props[3]),
    text("prop5", "custom", |r| &r.goods.facts.props[4]),
    text("prop6", "custom", |r| &r.goods.facts.props[5]),
    time("goods_created", "first stored", |r| Some(r.goods.created)),
    time("goods_modified", "last changed", |r| Some(r.goods.modified)),
    time("created", "first stored", |r| Some(r.goods.created)),
    time("modified", "last changed", |r| Some(r.goods.modified)),
    int("deleted", "0, or when it was deleted, Unix seconds", |r| r.goods.deleted),
    list!("spec_list", "its specs", SPECS, |r| r.specs.iter()),
];

/// Query goods.
pub(crate) struct GoodsQuery;

impl Method for GoodsQuery {
    const NAME: &'static str = "wdt.goods.query";
    const PHP: &'static str = "goods_query.php";
    const KIND: Kind = Kind::Query;
    const SUMMARY: (&'static str, &'static str) = ("Query goods", "查询货品档案");
    const CATEGORY: Category = Category::Goods;
    const ERRORS: &'static [(i64, &'static str)] = &[(codes::REQUIRED, "neither a window nor a number is given")];
    type Request = Request;
    type Error = Error;

    fn reply() -> ReplyShape {
        ReplyShape::new().total().rows("goods_list", "goods with their specs", GOODS)
    }
}

impl Query for GoodsQuery {
    fn reads_until(request: &Request) -> Option<Moment> {
        if request.has_number() { None } else { request.end_time }
    }

    fn run(call: &Call, request: &Request, reader: &mut Reader) -> Result<Reply, Error> {
        let settings = Settings::of(call.settings())?;
        let page = window::page(call, request.page_no, request.page_size, limits::USUAL_PAGE)?;
        let within = request.window(call)?;
        let found = window::listed(reader, &settings, page, |reader, page| {
            let filter = GoodsFilter {
                spec_no: given(&request.spec_no),
                goods_no: given(&request.goods_no),
                brand_no: given(&request.brand_no),
                class_name: given(&request.class_name),
                barcode: given(&request.barcode),
                window: within,
                deleted: request.deleted.unwrap_or(false),
            };
            catalog::goods_page(reader, &filter, page)
        })?;
        let found = found.map(Row::of);
        Ok(call.reply().total_if(found.total).rows("goods_list", GOODS, &found.rows))
    }
}
