//! 退换单: refund and exchange orders as they are, one row a line.

use erp::aftersale::{self, RefundFilter, RefundKind, RefundOrder, RefundStatus};
use erp::catalog::{Page, Rows, Window};
use sheets::{code, decimal, text, time};
use store::Reader;
use units::{Moment, Money, Quantity};

use super::{filled, words};
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::{Failed, Work};

sheets::sheet! {
    /// 退换单,一行一条明细;不支持导入,退款从原始退款单进入系统。 / Refund and exchange orders, one row a line. They only go out: refunds come in as raw refunds.
    pub(super) struct RefundRow("refund", "退换单") {
        refund_no: String = "退换单号", text(40).only_out().like("TK202601020001").says("number", ""),
        src_no: String = "原始退款单号", text(40).only_out().says("raw refund; blank = made by hand", "空白为手工建单"),
        kind: i64 = "退换类型", code(words!(RefundKind)).only_out().says("kind", ""),
        status: i64 = "退换单状态", code(words!(RefundStatus)).only_out().says("state", ""),
        shop_no: String = "店铺编号", text(40).only_out().says("shop", ""),
        tid: String = "原始单号", text(40).only_out().says("raw order", ""),
        trade_no: String = "订单号", text(40).only_out().says("order", ""),
        warehouse_no: String = "仓库编号", text(40).only_out().says("warehouse that waits for the goods", ""),
        buyer_nick: String = "客户网名", text(100).only_out().personal().says("buyer", ""),
        return_name: String = "退货人", text(40).only_out().personal().says("who sends the goods back", ""),
        return_mobile: String = "手机", text(40).only_out().personal().says("mobile", ""),
        goods_amount: Money = "货品总额", decimal().only_out().says("value of the goods", ""),
        refund_amount: Money = "退款金额", decimal().only_out().says("to be given back", ""),
        actual_refund_amount: Money = "实际退款金额", decimal().only_out().says("given back", ""),
        exchange_amount: Money = "换货金额", decimal().only_out().says("value of the exchange", ""),
        logistics_name: String = "退货物流公司", text(40).only_out().says("carrier of the return", ""),
        logistics_no: String = "退货物流单号", text(40).only_out().says("its waybill", ""),
        reason: String = "退款原因", text(255).only_out().says("reason", ""),
        remark: String = "备注", text(255).only_out().says("remark", ""),
        refund_time: Moment = "退款时间", time().only_out().says("asked for", ""),
        finish_time: Moment = "结算时间", time().only_out().says("settled", ""),
        oid: String = "子单号", text(40).only_out().says("line of the raw order", ""),
        spec_no: String = "商家编码", text(40).only_out().says("merchant code", ""),
        goods_name: String = "货品名称", text(255).only_out().says("name of the goods", ""),
        spec_name: String = "规格名称", text(100).only_out().says("name of the spec", ""),
        num: Quantity = "退货数量", decimal().only_out().says("pieces", ""),
        stockin_num: Quantity = "已入库数量", decimal().only_out().says("pieces that came back", ""),
        price: Money = "单价", decimal().only_out().says("price of a piece", ""),
        amount: Money = "明细退款金额", decimal().only_out().says("share of the amount", ""),
        modified: Moment = "修改时间", time().only_out().says("last changed", ""),
    }
}

impl Export for RefundRow {
    type Item = RefundOrder;
    const FILTERS: &'static [&'static str] = &["start_time", "end_time", "shop_no", "warehouse_no", "status"];

    fn page(reader: &mut Reader, filter: &Filter, window: Window, page: Page) -> Result<Rows<RefundOrder>, Failed> {
        let filter = RefundFilter {
            statuses: filter.statuses.clone(),
            shops: filter.shops.clone(),
            warehouses: filter.warehouses.clone(),
            window: Some(window),
            ..RefundFilter::default()
        };
        Ok(aftersale::refunds(reader, &filter, page)?)
    }

    fn rows(reader: &mut Reader, _: &Work, names: &mut Names, item: &RefundOrder) -> Result<Vec<Self>, Failed> {
        let of_order = Self {
            refund_no: filled(&item.no),
            src_no: filled(&item.src_no),
            kind: Some(item.kind.code()),
            status: Some(item.status.code()),
            shop_no: filled(&names.shop(reader, item.shop)?),
            tid: filled(&item.tid),
            trade_no: filled(&item.order_no),
            warehouse_no: filled(&names.warehouse(reader, item.warehouse)?),
            buyer_nick: filled(&item.people.nick),
            return_name: filled(&item.people.return_name),
            return_mobile: filled(&item.people.return_mobile),
            goods_amount: Some(item.goods_amount),
            refund_amount: Some(item.refund_amount),
            actual_refund_amount: Some(item.actual_refund_amount),
            exchange_amount: Some(item.exchange_amount),
            logistics_name: filled(&item.parcel.name),
            logistics_no: filled(&item.parcel.no),
            reason: filled(&item.reason),
            remark: filled(&item.remark),
            refund_time: item.refund_time,
            finish_time: item.finished,
            modified: Some(item.modified),
            ..Self::default()
        };
        let row = |line: &aftersale::RefundLine| Self {
            oid: filled(&line.oid),
            spec_no: filled(&line.spec_no),
            goods_name: filled(&line.goods_name),
            spec_name: filled(&line.spec_name),
            num: Some(line.num),
            stockin_num: Some(line.received),
            price: Some(line.price),
            amount: Some(line.amount),
            ..of_order.clone()
        };
        Ok(item.lines.iter().map(row).collect())
    }
}
