//! 库存: one row a warehouse and spec, as the stock is.

use erp::catalog::{Page, Rows, Window};
use erp::stock::{self, BalanceFilter, BalanceRow};
use sheets::{code, decimal, text, time};
use store::Reader;
use units::{Moment, Money, Quantity};

use super::filled;
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::{Failed, Work};

const DEFECT: &[(i64, &str)] = &[(0, "正品"), (1, "残次品")];

sheets::sheet! {
    /// 一行一个仓库的一个单品。 / One row a warehouse and spec.
    pub(super) struct StockRow("stock", "库存") {
        warehouse_no: String = "仓库编号", text(40).only_out().like("WH01").says("warehouse", ""),
        goods_no: String = "货品编号", text(40).only_out().like("G1001").says("goods", ""),
        goods_name: String = "货品名称", text(255).only_out().says("its name", ""),
        spec_no: String = "商家编码", text(40).only_out().like("G1001-RED").says("merchant code", ""),
        spec_name: String = "规格名称", text(100).only_out().says("name of the spec", ""),
        barcode: String = "条码", text(50).only_out().says("barcode", ""),
        defect: i64 = "残次品", code(DEFECT).only_out().like("正品").says("good or defective", ""),
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

impl Export for StockRow {
    type Item = BalanceRow;
    const FILTERS: &'static [&'static str] = &["start_time", "end_time", "warehouse_no"];

    fn page(reader: &mut Reader, filter: &Filter, window: Window, page: Page) -> Result<Rows<BalanceRow>, Failed> {
        let filter = BalanceFilter { warehouses: &filter.warehouses, window: Some(window), ..BalanceFilter::default() };
        Ok(stock::balances(reader, &filter, page)?)
    }

    fn rows(reader: &mut Reader, work: &Work, names: &mut Names, item: &BalanceRow) -> Result<Vec<Self>, Failed> {
        let BalanceRow { balance, spec, goods } = item;
        let q = &balance.quantities;
        Ok(vec![Self {
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
