//! 货品: one row a spec.

use erp::catalog::{self, GoodsChange, GoodsFilter, GoodsWithSpecs, Page, Rows, SpecChange, SpecFacts, Window};
use sheets::{code, decimal, flag, text, time, whole};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{filled, given};
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::import::{Import, Stop, Stored};
use crate::sheet::{Failed, Work};

const KINDS: &[(i64, &str)] =
    &[(0, "其它"), (1, "销售货品"), (2, "原材料"), (3, "包装物"), (4, "周转材料"), (5, "虚拟商品"), (6, "固定资产")];

sheets::sheet! {
    /// 一行一个单品,货品编号相同的行为同一货品;空白单元格不改变已有的值。 / One row a spec; rows with the same goods number are one goods. A blank cell keeps what is stored.
    pub(super) struct GoodsRow("goods", "货品") {
        goods_no: String = "货品编号", text(40).key().like("G1001").says("goods number (SPU)", "货品的业务编号"),
        goods_name: String = "货品名称", text(255).head().like("纯棉T恤").says("name; a new goods needs one", "新建货品时必填"),
        short_name: String = "货品简称", text(255).head().like("T恤").says("short name", ""),
        goods_type: i64 = "货品类别", code(KINDS).head().like("销售货品").says("kind; sales goods by default", "缺省为销售货品"),
        brand_name: String = "品牌", text(64).head().like("示例品牌").says("brand; made when it is new", "不存在时自动创建"),
        class_name: String = "分类", text(64).head().like("上衣").says("class; made when it is new", "不存在时自动创建"),
        unit_name: String = "单位", text(40).head().or(&["基本单位"]).like("件").says("unit", ""),
        origin: String = "产地", text(64).head().like("广州").says("place of origin", ""),
        goods_remark: String = "货品备注", text(512).head().says("remark of the goods", ""),
        spec_no: String = "商家编码", text(40).required().like("G1001-RED").says("merchant code (SKU), unique over all goods", "单品的唯一编码"),
        spec_name: String = "规格名称", text(100).like("红色").says("name of the spec", ""),
        spec_code: String = "规格码", text(40).like("RED").says("code of the spec", ""),
        barcode: String = "条码", text(50).or(&["主条码"]).like("6900000000014").says("barcode, unique", "不可与其他单品重复"),
        retail_price: Money = "零售价", decimal().like("99.00").says("retail price", ""),
        wholesale_price: Money = "批发价", decimal().says("wholesale price", ""),
        market_price: Money = "市场价", decimal().says("market price", ""),
        member_price: Money = "会员价", decimal().says("member price", ""),
        lowest_price: Money = "最低价", decimal().says("lowest price", ""),
        weight: Quantity = "重量", decimal().or(&["重量(kg)"]).like("0.25").says("kg", "单位:千克"),
        length: Quantity = "长", decimal().or(&["长(cm)"]).says("cm", "单位:厘米"),
        width: Quantity = "宽", decimal().or(&["宽(cm)"]).says("cm", "单位:厘米"),
        height: Quantity = "高", decimal().or(&["高(cm)"]).says("cm", "单位:厘米"),
        tax_rate: Quantity = "税率", decimal().says("tax rate", ""),
        validity_days: i64 = "保质期天数", whole().says("shelf life in days", ""),
        allow_negative_stock: bool = "允许负库存", flag().like("否").says("may be sold beyond what is on hand, if the merchant allows it", "商家设置允许时才生效"),
        img_url: String = "图片链接", text(1024).says("picture", ""),
        spec_remark: String = "单品备注", text(512).says("remark of the spec", ""),
        modified: Moment = "修改时间", time().only_out().says("last changed", ""),
    }
}

impl GoodsRow {
    fn change_spec(&self, facts: &mut SpecFacts) {
        for (field, given) in [
            (&mut facts.name, &self.spec_name),
            (&mut facts.code, &self.spec_code),
            (&mut facts.barcode, &self.barcode),
            (&mut facts.img_url, &self.img_url),
            (&mut facts.remark, &self.spec_remark),
        ] {
            put(field, given);
        }
        for (field, given) in [
            (&mut facts.retail_price, self.retail_price),
            (&mut facts.wholesale_price, self.wholesale_price),
            (&mut facts.market_price, self.market_price),
            (&mut facts.member_price, self.member_price),
            (&mut facts.lowest_price, self.lowest_price),
        ] {
            *field = given.unwrap_or(*field);
        }
        for (field, given) in [
            (&mut facts.weight, self.weight),
            (&mut facts.length, self.length),
            (&mut facts.width, self.width),
            (&mut facts.height, self.height),
            (&mut facts.tax_rate, self.tax_rate),
        ] {
            *field = given.unwrap_or(*field);
        }
        facts.validity_days = self.validity_days.unwrap_or(facts.validity_days);
        facts.allow_negative_stock = self.allow_negative_stock.map_or(facts.allow_negative_stock, i64::from);
    }
}

fn put(field: &mut String, given: &Option<String>) {
    if let Some(text) = given {
        field.clone_from(text);
    }
}

impl Import for GoodsRow {
    fn store(tx: &mut Tx, _: &erp::Settings, rows: &[Self]) -> Result<Stored, Stop> {
        let Some(first) = rows.first() else { return Ok(Stored::Same) };
        let negative = rows.iter().flat_map(|row| {
            [row.retail_price, row.wholesale_price, row.market_price, row.member_price, row.lowest_price]
        });
        if negative.flatten().any(Money::is_negative) {
            return Err(Stop::Refused("价格不能小于0".into()));
        }
        let specs = rows
            .iter()
            .map(|row| SpecChange { no: given(&row.spec_no), change: Box::new(|facts| row.change_spec(facts)) })
            .collect();
        let command = GoodsChange {
            no: given(&first.goods_no),
            brand: first.brand_name.as_deref(),
            class: first.class_name.as_deref(),
            change: &|facts| {
                for (field, given) in [
                    (&mut facts.name, &first.goods_name),
                    (&mut facts.short_name, &first.short_name),
                    (&mut facts.unit_name, &first.unit_name),
                    (&mut facts.origin, &first.origin),
                    (&mut facts.remark, &first.goods_remark),
                ] {
                    put(field, given);
                }
                facts.kind = first.goods_type.unwrap_or(facts.kind);
            },
            specs,
        };
        catalog::push_goods(tx, &command)?;
        Ok(Stored::Done)
    }
}

impl Export for GoodsRow {
    type Item = GoodsWithSpecs;
    const FILTERS: &'static [&'static str] = &["start_time", "end_time"];

    fn page(reader: &mut Reader, _: &Filter, window: Window, page: Page) -> Result<Rows<Self::Item>, Failed> {
        let filter = GoodsFilter { window: Some(window), ..GoodsFilter::default() };
        Ok(catalog::goods_page(reader, &filter, page)?)
    }

    fn rows(_: &mut Reader, _: &Work, _: &mut Names, item: &Self::Item) -> Result<Vec<Self>, Failed> {
        let goods = &item.goods;
        let row = |spec: &catalog::Spec| Self {
            goods_no: filled(&goods.no),
            goods_name: filled(&goods.facts.name),
            short_name: filled(&goods.facts.short_name),
            goods_type: Some(goods.facts.kind),
            brand_name: filled(&goods.brand_name),
            class_name: filled(&goods.class_name),
            unit_name: filled(&goods.facts.unit_name),
            origin: filled(&goods.facts.origin),
            goods_remark: filled(&goods.facts.remark),
            spec_no: filled(&spec.no),
            spec_name: filled(&spec.facts.name),
            spec_code: filled(&spec.facts.code),
            barcode: filled(&spec.facts.barcode),
            retail_price: Some(spec.facts.retail_price),
            wholesale_price: Some(spec.facts.wholesale_price),
            market_price: Some(spec.facts.market_price),
            member_price: Some(spec.facts.member_price),
            lowest_price: Some(spec.facts.lowest_price),
            weight: Some(spec.facts.weight),
            length: Some(spec.facts.length),
            width: Some(spec.facts.width),
            height: Some(spec.facts.height),
            tax_rate: Some(spec.facts.tax_rate),
            validity_days: Some(spec.facts.validity_days),
            allow_negative_stock: Some(spec.facts.allow_negative_stock != 0),
            img_url: filled(&spec.facts.img_url),
            spec_remark: filled(&spec.facts.remark),
            modified: Some(goods.modified),
        };
        Ok(item.specs.iter().map(row).collect())
    }
}
