//! What `wdt.goods.push` takes, and how it overwrites what is stored: only what was sent.

use erp::catalog::{GoodsFacts, SpecFacts};
use units::{Money, Quantity};
use wire::args::{Json, List, RawList, Text};

use crate::limits;

wire::arguments! {
    /// Goods with their specs, to be created or changed.
    pub struct Request {
        /// the goods; 50 a call are recommended
        pub goods_list: Json<RawList<PushedGoods, 1, { limits::GOODS }>>,
    }
}

wire::arguments! {
    /// One goods (SPU). What is absent keeps its value; a new goods needs its name.
    pub struct PushedGoods by goods_no {
        /// SPU key
        pub goods_no: Text<40>,
        /// name
        pub goods_name: Option<Text<255>>,
        /// 0 other, 1 sales goods, 2 raw material, 3 packaging, 4 circulating material, 5 virtual, 6 fixed asset
        pub goods_type: Option<GoodsType>,
        /// short name
        pub short_name: Option<Text<255>>,
        /// alias
        pub alias: Option<Text<255>>,
        /// pinyin
        pub pinyin: Option<Text<40>>,
        /// place of origin
        pub origin: Option<Text<64>>,
        /// class; made when it is new
        pub class_name: Option<Text<64>>,
        /// brand; made when it is new
        pub brand_name: Option<Text<64>>,
        /// unit
        pub unit_name: Option<Text<40>>,
        /// auxiliary unit
        pub aux_unit_name: Option<Text<40>>,
        /// mark; must exist
        pub flag_name: Option<Text<32>>,
        /// remark
        pub remark: Option<Text<512>>,
        /// custom 1
        pub props1 | prop1: Option<Text<255>>,
        /// custom 2
        pub props2 | prop2: Option<Text<255>>,
        /// custom 3
        pub props3 | prop3: Option<Text<255>>,
        /// custom 4
        pub props4 | prop4: Option<Text<255>>,
        /// custom 5
        pub props5 | prop5: Option<Text<255>>,
        /// custom 6
        pub props6 | prop6: Option<Text<255>>,
        /// specs, at least one
        pub spec_list: List<PushedSpec, 1, { limits::SPECS }>,
    }
}

wire::codes! {
    /// Kind of goods (fact sheet wdt-1, 2.6).
    pub enum GoodsType {
        /// other
        Other = 0,
        /// sales goods
        Sales = 1,
        /// raw material
        Material = 2,
        /// packaging
        Packaging = 3,
        /// circulating material
        Circulating = 4,
        /// virtual
        Virtual = 5,
        /// fixed asset
        Asset = 6,
    }
}

wire::arguments! {
    /// One spec (SKU). What is absent keeps its value.
    pub struct PushedSpec by spec_no {
        /// merchant code, unique over all goods
        pub spec_no: Text<40>,
        /// code
        pub spec_code: Option<Text<40>>,
        /// main barcode, unique
        pub barcode: Option<Text<50>>,
        /// name
        pub spec_name: Option<Text<100>>,
        /// negative stock allowed; 1 by default
        pub is_allow_neg_stock: Option<bool>,
        /// serial numbers: 0 none, 1 strong, 2 weak
        pub is_sn_enable: Option<i64>,
        /// one batch per shipment
        pub is_single_batch: Option<bool>,
        /// ship without inspection
        pub is_not_need_examine: Option<bool>,
        /// zero cost allowed; 1 by default
        pub is_zero_cost: Option<bool>,
        /// below-cost sale allowed
        pub is_lower_cost: Option<bool>,
        /// no air freight
        pub is_not_use_air: Option<bool>,
        /// fast seller
        pub is_popular: Option<bool>,
        /// replenish: 0 always, 1 never, 2 below alarm stock (default)
        pub replenish_type: Option<i64>,
        /// -1 must ship with others, 0 ordinary, 1 large, 2 large and alone
        pub large_type: Option<i64>,
        /// unit
        pub spec_unit_name: Option<Text<40>>,
        /// auxiliary unit
        pub spec_aux_unit_name: Option<Text<40>>,
        /// lowest price
        pub lowest_price: Option<Money>,
        /// retail price
        pub retail_price: Option<Money>,
        /// wholesale price
        pub wholesale_price: Option<Money>,
        /// member price
        pub member_price: Option<Money>,
        /// market price
        pub market_price: Option<Money>,
        /// custom price 1
        pub custom_price1: Option<Money>,
        /// custom price 2
        pub custom_price2: Option<Money>,
        /// sale score
        pub sale_score: Option<Quantity>,
        /// pack score
        pub pack_score: Option<Quantity>,
        /// pick score
        pub pick_score: Option<Quantity>,
        /// shelf life, days
        pub validity_days: Option<i64>,
        /// kg
        pub weight: Option<Quantity>,
        /// cm
        pub length: Option<Quantity>,
        /// cm
        pub width: Option<Quantity>,
        /// cm
        pub height: Option<Quantity>,
        /// tax rate
        pub tax_rate: Option<Quantity>,
        /// tax code
        pub tax_code: Option<Text<64>>,
        /// picture
        pub img_url: Option<Text<1024>>,
        /// custom 1
        pub prop1: Option<Text<255>>,
        /// custom 2
        pub prop2: Option<Text<255>>,
        /// custom 3
        pub prop3: Option<Text<255>>,
        /// custom 4
        pub prop4: Option<Text<255>>,
        /// custom 5
        pub prop5: Option<Text<255>>,
        /// custom 6
        pub prop6: Option<Text<255>>,
        /// remark
        pub spec_remark: Option<Text<512>>,
    }
}

fn put<const MAX: usize>(field: &mut String, given: &Option<Text<MAX>>) {
    if let Some(text) = given {
        text.as_str().clone_into(field);
    }
}

fn set<T: Copy>(field: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *field = value;
    }
}

fn flag(field: &mut i64, given: Option<bool>) {
    set(field, given.map(i64::from));
}

impl PushedGoods {
    pub(super) fn change(&self, facts: &mut GoodsFacts) {
        put(&mut facts.name, &self.goods_name);
        set(&mut facts.kind, self.goods_type.map(GoodsType::code));
        put(&mut facts.short_name, &self.short_name);
        put(&mut facts.alias, &self.alias);
        put(&mut facts.pinyin, &self.pinyin);
        put(&mut facts.origin, &self.origin);
        put(&mut facts.unit_name, &self.unit_name);
        put(&mut facts.aux_unit_name, &self.aux_unit_name);
        put(&mut facts.flag_name, &self.flag_name);
        put(&mut facts.remark, &self.remark);
        let props = [&self.props1, &self.props2, &self.props3, &self.props4, &self.props5, &self.props6];
        facts.props.iter_mut().zip(props).for_each(|(field, given)| put(field, given));
    }
}

impl PushedSpec {
    pub(super) fn change(&self, facts: &mut SpecFacts) {
        put(&mut facts.code, &self.spec_code);
        put(&mut facts.name, &self.spec_name);
        put(&mut facts.barcode, &self.barcode);
        flag(&mut facts.allow_negative_stock, self.is_allow_neg_stock);
        set(&mut facts.sn_enable, self.is_sn_enable);
        flag(&mut facts.single_batch, self.is_single_batch);
        flag(&mut facts.not_need_examine, self.is_not_need_examine);
        flag(&mut facts.zero_cost, self.is_zero_cost);
        flag(&mut facts.lower_cost, self.is_lower_cost);
        flag(&mut facts.not_use_air, self.is_not_use_air);
        flag(&mut facts.popular, self.is_popular);
        set(&mut facts.replenish_type, self.replenish_type);
        set(&mut facts.large_type, self.large_type);
        put(&mut facts.unit_name, &self.spec_unit_name);
        put(&mut facts.aux_unit_name, &self.spec_aux_unit_name);
        set(&mut facts.lowest_price, self.lowest_price);
        set(&mut facts.retail_price, self.retail_price);
        set(&mut facts.wholesale_price, self.wholesale_price);
        set(&mut facts.member_price, self.member_price);
        set(&mut facts.market_price, self.market_price);
        set(&mut facts.custom_price1, self.custom_price1);
        set(&mut facts.custom_price2, self.custom_price2);
        set(&mut facts.sale_score, self.sale_score);
        set(&mut facts.pack_score, self.pack_score);
        set(&mut facts.pick_score, self.pick_score);
        set(&mut facts.validity_days, self.validity_days);
        set(&mut facts.weight, self.weight);
        set(&mut facts.length, self.length);
        set(&mut facts.width, self.width);
        set(&mut facts.height, self.height);
        set(&mut facts.tax_rate, self.tax_rate);
        put(&mut facts.tax_code, &self.tax_code);
        put(&mut facts.img_url, &self.img_url);
        let props = [&self.prop1, &self.prop2, &self.prop3, &self.prop4, &self.prop5, &self.prop6];
        facts.props.iter_mut().zip(props).for_each(|(field, given)| put(field, given));
        put(&mut facts.remark, &self.spec_remark);
    }
}
