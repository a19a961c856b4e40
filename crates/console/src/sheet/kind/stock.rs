//! 库存: one row a warehouse and spec, as the stock is; imported, it is a stock-taking (盘点).

use erp::catalog::{self, Page, Rows, Window};
use erp::stock::{
    self, BalanceFilter, BalanceRow, NewStockTaking, NewTakingLine, StockTaking, TakingFilter, TakingMode,
};
use sheets::{code, decimal, text, time};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{filled, given};
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::import::{Import, Stop, Stored};
use crate::sheet::{Failed, Work};

const DEFECT: &[(i64, &str)] = &[(0, "正品"), (1, "残次品")];

sheets::sheet! {
    /// 一行一个仓库的一个单品。导入为盘点:盘点单号相同的行为同一盘点单,须为同一仓库,导入后立即生效,库存量改为盘点数量;同一盘点单号再次导入不会重复盘点。 / One row a warehouse and spec. Imported it is a stock-taking that takes effect at once: rows with the same number are one stock-taking of one warehouse. The same number counts only once.
    pub(super) struct StockRow("stock", "库存") {
        outer_no: String = "盘点单号", text(40).key().only_in().like("PD20260102001").says("number of the stock-taking, used once", "导出时为空,盘点时填写"),
        warehouse_no: String = "仓库编号", text(40).head().required().like("WH01").says("warehouse", ""),
        goods_no: String = "货品编号", text(40).only_out().like("G1001").says("goods", ""),
        goods_name: String = "货品名称", text(255).only_out().says("its name", ""),
        spec_no: String = "商家编码", text(40).required().like("G1001-RED").says("merchant code", ""),
        spec_name: String = "规格名称", text(100).only_out().says("name of the spec", ""),
        barcode: String = "条码", text(50).only_out().says("barcode", ""),
        defect: i64 = "残次品", code(DEFECT).like("正品").says("good or defective", ""),
        counted: Quantity = "盘点数量", decimal().required().only_in().like("98").says("pieces counted", "导出时为空,盘点时填写"),
        remark: String = "盘点备注", text(255).only_in().says("remark of the count", ""),
        stock_num: Quantity = "库存量", decimal().only_out().like("100").says("on hand", ""),
        avaliable_num: Quantity = "可发库存", decimal().only_out().says("sellable, by the merchant's formula", "按商家设置的公式"),
        lock_num: Quantity = "锁定量", decimal().only_out().says("locked", ""),
        unpay_num: Quantity = "未付款量", decimal().only_out().says("in orders not yet paid", ""),
        order_num: Quantity = "待审核量", decimal().only_out().says("in orders that wait for audit", ""),
        sending_num: Quantity = "待发货量", decimal().only_out().says("in orders that wait for shipment", ""),
        purchase_num: Quantity = "采购在途量", decimal().only_out().says("bought, not yet received", ""),
        transfer_num: Quantity = "调拨在途量", decimal().only_out().says("on its way to this warehouse", ""),
        to_transfer_num: Quantity = "待调拨量", decimal().only_out().says("reserved for transfers out", ""),
        return_num: Quantity = "采购退货量", decimal().only_out().says("in purchase returns not yet out", ""),
        refund_onway_num: Quantity = "销售退货在途量", decimal().only_out().says("on the way back from buyers", ""),
        cost_price: Money = "成本价", decimal().only_out().says("moving average cost of a piece", "移动加权平均"),
        modified: Moment = "修改时间", time().only_out().says("last changed", ""),
    }
}

impl Import for StockRow {
    const ROWS: usize = 5_000;

    fn store(tx: &mut Tx, settings: &erp::Settings, rows: &[Self]) -> Result<Stored, Stop> {
        let Some(first) = rows.first() else { return Ok(Stored::Same) };
        let filter = TakingFilter { outer_no: first.outer_no.as_deref(), ..TakingFilter::default() };
        if let Some(stored) = stock::stock_takings(tx, &filter, Page { no: 0, size: 1 })?.rows.first() {
            let warehouse = catalog::warehouse_by_id(tx, stored.warehouse)?.map(|warehouse| warehouse.no);
            if warehouse.as_deref() == first.warehouse_no.as_deref() && is_same(stored, rows) {
                return Ok(Stored::Same);
            }
            return Err(Stop::Refused(format!("盘点单号已用于盘点单{},内容不同", stored.no)));
        }
        let lines = rows.iter().map(|row| NewTakingLine {
            spec_no: given(&row.spec_no).to_owned(),
            num: row.counted.unwrap_or_default(),
            defect: row.defect.unwrap_or_default(),
            remark: given(&row.remark).to_owned(),
            ..NewTakingLine::default()
        });
        let new = NewStockTaking {
            outer_no: given(&first.outer_no).to_owned(),
            warehouse_no: given(&first.warehouse_no).to_owned(),
            mode: TakingMode::BySpec,
            audit: true,
            strict: true,
            create_stock: true,
            remark: String::new(),
            lines: lines.collect(),
        };
        stock::push_stock_taking(tx, settings, &new)?;
        Ok(Stored::Done)
    }
}

/// Whether the rows say what is stored: then this is the same file again.
fn is_same(stored: &StockTaking, rows: &[StockRow]) -> bool {
    stored.lines.len() == rows.len()
        && stored.lines.iter().zip(rows).all(|(line, row)| {
            line.spec_no == given(&row.spec_no)
                && Some(line.new_num) == row.counted
                && line.defect == row.defect.unwrap_or_default()
        })
}

impl Export for StockRow {
    type Item = BalanceRow;
    const FILTERS: &'static [&'static str] = &["start_time", "end_time", "warehouse_no"];

    fn page(reader: &mut Reader, filter: &Filter, window: Window, page: Page) -> Result<Rows<BalanceRow>, Failed> {
        let filter = BalanceFilter { warehouses: &filter.warehouses, window: Some(window), ..BalanceFilter::default() };
        Ok(stock::balances(reader, &filter, page)?)
    }

    fn rows(reader: &mut Reader, work: &Work, names: &mut Names, item: &BalanceRow) -> Result<Vec<Self>, Failed> {
        let (balance, spec, goods) = (&item.balance, item.spec(), item.goods());
        let q = &balance.quantities;
        Ok(vec![Self {
            outer_no: None,
            counted: None,
            remark: None,
            warehouse_no: filled(&names.warehouse(reader, balance.warehouse)?),
            goods_no: filled(&goods.no),
            goods_name: filled(&goods.facts.name),
            spec_no: filled(&spec.no),
            spec_name: filled(&spec.facts.name),
            barcode: filled(&spec.facts.barcode),
            defect: Some(balance.defect),
            stock_num: Some(q.stock_num),
            avaliable_num: Some(balance.sellable(&work.settings.sellable)),
            lock_num: Some(q.lock_num),
            unpay_num: Some(q.unpay_num),
            order_num: Some(q.order_num),
            sending_num: Some(q.sending_num),
            purchase_num: Some(q.purchase_num),
            transfer_num: Some(q.transfer_num),
            to_transfer_num: Some(q.to_transfer_num),
            return_num: Some(q.return_num),
            refund_onway_num: Some(q.refund_onway_num),
            cost_price: Some(balance.cost_price),
            modified: Some(balance.modified),
        }])
    }
}
