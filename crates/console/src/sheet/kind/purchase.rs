//! 采购单: one row a line.

use erp::catalog::{self, Page, Rows, Window};
use erp::purchase::{self, NewOrder, NewOrderLine, OrderFacts, OrderFilter, PurchaseOrder, PurchaseStatus, Stage};
use sheets::{code, decimal, flag, text, time};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{filled, given, words};
use crate::desk::WHO;
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::import::{Import, Stop, Stored};
use crate::sheet::{Failed, Work};

sheets::sheet! {
    /// 一行一条明细,外部单号相同的行为同一采购单;同一外部单号再次导入不会重复建单。 / One row a line; rows with the same outer number are one purchase order. The same number is taken only once.
    pub(super) struct PurchaseRow("purchase", "采购单") {
        outer_no: String = "外部单号", text(40).key().like("CGW20260102001").says("number of the caller's, used once", "每张采购单唯一"),
        purchase_no: String = "采购单号", text(40).only_out().says("number of the system's", "系统生成"),
        status: i64 = "采购单状态", code(words!(PurchaseStatus)).only_out().says("state", ""),
        provider_no: String = "供应商编号", text(40).head().required().like("P001").says("provider", ""),
        provider_name: String = "供应商名称", text(128).only_out().says("its name", ""),
        warehouse_no: String = "仓库编号", text(40).head().required().like("WH01").says("warehouse that the goods go to", ""),
        is_check: bool = "是否审核", flag().head().only_in().like("否").says("audit at once; no by default", "缺省为否,即待审核"),
        contact: String = "联系人", text(40).head().personal().says("receiver", ""),
        telno: String = "电话", text(40).head().personal().says("telephone of the receiver", ""),
        receive_address: String = "收货地址", text(255).head().says("address of the receiver", ""),
        purchaser: String = "采购员", text(40).head().says("purchaser", ""),
        expect_arrive: Moment = "预计到货时间", time().head().says("expected to arrive", ""),
        post_fee: Money = "邮费", decimal().head().says("freight", ""),
        other_fee: Money = "其他费用", decimal().head().says("other cost", ""),
        remark: String = "备注", text(255).head().says("remark", ""),
        spec_no: String = "商家编码", text(40).required().like("G1001-RED").says("merchant code; once an order", "同一采购单中不可重复"),
        goods_name: String = "货品名称", text(255).only_out().says("name of the goods", ""),
        spec_name: String = "规格名称", text(100).only_out().says("name of the spec", ""),
        num: Quantity = "采购数量", decimal().required().or(&["数量"]).like("100").says("pieces", "大于0"),
        price: Money = "采购价", decimal().required().or(&["单价"]).like("20.00").says("price of a piece before discount and tax", "折扣和税前"),
        discount: Quantity = "折扣", decimal().like("1").says("what the price is multiplied by; 1 by default", "缺省为1"),
        tax: Quantity = "税率", decimal().like("0.13").says("rate of the tax; 0 by default", "缺省为0"),
        tax_price: Money = "税后价", decimal().says("price after tax; follows from the others when blank", "空白时自动计算"),
        line_remark: String = "明细备注", text(255).says("remark of the line", ""),
        stockin_num: Quantity = "已入库数量", decimal().only_out().says("pieces that came in", ""),
        modified: Moment = "修改时间", time().only_out().says("last changed", ""),
    }
}

impl Import for PurchaseRow {
    fn store(tx: &mut Tx, settings: &erp::Settings, rows: &[Self]) -> Result<Stored, Stop> {
        let Some(first) = rows.first() else { return Ok(Stored::Same) };
        let outer_no = given(&first.outer_no);
        let filter = OrderFilter { any_outer_no: Some(outer_no), ..OrderFilter::default() };
        let found = purchase::orders(tx, &filter, Page { no: 0, size: 10 })?.rows;
        if let Some(stored) = found.iter().find(|order| order.outer_no == outer_no) {
            let warehouse = catalog::warehouse_by_id(tx, stored.warehouse)?.map(|warehouse| warehouse.no);
            if warehouse.as_deref() == first.warehouse_no.as_deref() && is_same(stored, rows) {
                return Ok(Stored::Same);
            }
            return Err(Stop::Refused(format!("外部单号已用于采购单{},内容不同", stored.no)));
        }
        let lines = rows.iter().map(|row| NewOrderLine {
            spec_no: given(&row.spec_no).to_owned(),
            num: row.num.unwrap_or_default(),
            price: row.price.unwrap_or_default(),
            discount: row.discount,
            tax: row.tax.unwrap_or_default(),
            tax_price: row.tax_price,
            apply_no: String::new(),
            props: Default::default(),
            remark: given(&row.line_remark).to_owned(),
        });
        let new = NewOrder {
            provider_no: given(&first.provider_no).to_owned(),
            warehouse_no: given(&first.warehouse_no).to_owned(),
            outer_no: outer_no.to_owned(),
            use_outer_no: false,
            facts: OrderFacts {
                contact: given(&first.contact).to_owned(),
                telno: given(&first.telno).to_owned(),
                receive_address: given(&first.receive_address).to_owned(),
                purchaser: given(&first.purchaser).to_owned(),
                expect_arrive: first.expect_arrive,
                post_fee: first.post_fee.unwrap_or_default(),
                other_fee: first.other_fee.unwrap_or_default(),
                remark: given(&first.remark).to_owned(),
                ..OrderFacts::default()
            },
            lines: lines.collect(),
        };
        let stage = if first.is_check.unwrap_or(false) { Stage::Audit } else { Stage::Submit };
        purchase::create_order(tx, settings, &new, stage, WHO)?;
        Ok(Stored::Done)
    }
}

/// Whether the rows say what is stored: then this is the same file again.
fn is_same(stored: &PurchaseOrder, rows: &[PurchaseRow]) -> bool {
    stored.lines.len() == rows.len()
        && stored.lines.iter().zip(rows).all(|(line, row)| {
            line.item.spec_no == given(&row.spec_no) && Some(line.num) == row.num && Some(line.terms.price) == row.price
        })
}

impl Export for PurchaseRow {
    type Item = PurchaseOrder;
    const FILTERS: &'static [&'static str] = &["start_time", "end_time", "warehouse_no", "status"];

    fn page(reader: &mut Reader, filter: &Filter, window: Window, page: Page) -> Result<Rows<PurchaseOrder>, Failed> {
        let filter = OrderFilter {
            statuses: filter.statuses.clone(),
            warehouses: filter.warehouses.clone(),
            window: Some(window),
            ..OrderFilter::default()
        };
        Ok(purchase::orders(reader, &filter, page)?)
    }

    fn rows(reader: &mut Reader, _: &Work, names: &mut Names, item: &PurchaseOrder) -> Result<Vec<Self>, Failed> {
        let provider = catalog::providers_by_id(reader, &[item.provider])?.into_iter().next().unwrap_or_default();
        let facts = &item.facts;
        let of_order = Self {
            outer_no: filled(&item.outer_no),
            purchase_no: filled(&item.no),
            status: Some(item.status.code()),
            provider_no: filled(&provider.no),
            provider_name: filled(&provider.name),
            warehouse_no: filled(&names.warehouse(reader, item.warehouse)?),
            contact: filled(&facts.contact),
            telno: filled(&facts.telno),
            receive_address: filled(&facts.receive_address),
            purchaser: filled(&facts.purchaser),
            expect_arrive: facts.expect_arrive,
            post_fee: Some(facts.post_fee),
            other_fee: Some(facts.other_fee),
            remark: filled(&facts.remark),
            modified: Some(item.modified),
            ..Self::default()
        };
        let row = |line: &purchase::OrderLine| Self {
            spec_no: filled(&line.item.spec_no),
            goods_name: filled(&line.item.goods_name),
            spec_name: filled(&line.item.spec_name),
            num: Some(line.num),
            price: Some(line.terms.price),
            discount: Some(line.terms.discount),
            tax: Some(line.terms.tax),
            tax_price: Some(line.terms.tax_price),
            line_remark: filled(&line.remark),
            stockin_num: Some(line.stockin_num),
            ..of_order.clone()
        };
        Ok(item.lines.iter().map(row).collect())
    }
}
