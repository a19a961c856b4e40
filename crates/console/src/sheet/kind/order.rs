//! 订单: system orders as they are, one row a line.

use erp::catalog::{Page, Rows, Window};
use erp::order::{self, Buyer, Order, OrderFilter, OrderLine, OrderStatus};
use sheets::{code, decimal, text, time};
use store::Reader;
use units::{Moment, Money, Quantity};

use super::{filled, words};
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::{Failed, Work};

sheets::sheet! {
    /// 系统订单,一行一条明细。 / System orders, one row a line.
    pub(super) struct OrderRow("order", "订单") {
        trade_no: String = "订单号", text(40).only_out().like("JY202601020001").says("number", ""),
        tids: String = "原始单号", text(1024).only_out().says("raw orders in it, comma separated", "多个以逗号分隔"),
        shop_no: String = "店铺编号", text(40).only_out().says("shop", ""),
        warehouse_no: String = "仓库编号", text(40).only_out().says("warehouse", ""),
        trade_status: i64 = "订单状态", code(words!(OrderStatus)).only_out().says("state", ""),
        shortage: String = "缺货明细", text(1024).only_out().says("lines that wait for stock", ""),
        stockout_no: String = "出库单号", text(40).only_out().says("stock-out in force", ""),
        logistics_name: String = "物流公司", text(40).only_out().says("carrier", ""),
        logistics_no: String = "物流单号", text(100).only_out().says("waybill", ""),
        buyer_nick: String = "客户网名", text(100).only_out().personal().says("buyer", ""),
        receiver_name: String = "收件人", text(40).only_out().personal().says("receiver", ""),
        receiver_mobile: String = "手机", text(40).only_out().personal().says("mobile", ""),
        receiver_telno: String = "固话", text(40).only_out().personal().says("telephone", ""),
        receiver_area: String = "省市区", text(120).only_out().says("province, city, district", ""),
        receiver_address: String = "地址", text(256).only_out().personal().says("street address", ""),
        buyer_message: String = "买家留言", text(1024).only_out().says("message of the buyer", ""),
        cs_remark: String = "客服备注", text(1024).only_out().says("remark of customer service", ""),
        receivable: Money = "应收金额", decimal().only_out().says("due", ""),
        paid: Money = "已付金额", decimal().only_out().says("paid", ""),
        post_amount: Money = "邮费", decimal().only_out().says("freight", ""),
        trade_time: Moment = "下单时间", time().only_out().says("ordered", ""),
        pay_time: Moment = "付款时间", time().only_out().says("paid", ""),
        checker_name: String = "审核人", text(40).only_out().says("who audited it", ""),
        oid: String = "子单号", text(40).only_out().says("line number of the mall", ""),
        spec_no: String = "商家编码", text(40).only_out().says("merchant code", ""),
        goods_no: String = "货品编号", text(40).only_out().says("goods number", ""),
        goods_name: String = "货品名称", text(255).only_out().says("name of the goods", ""),
        spec_name: String = "规格名称", text(100).only_out().says("name of the spec", ""),
        num: Quantity = "下单数量", decimal().only_out().says("pieces ordered", ""),
        actual_num: Quantity = "实发数量", decimal().only_out().says("pieces to be shipped", ""),
        price: Money = "单价", decimal().only_out().says("price of a piece", ""),
        discount: Money = "优惠", decimal().only_out().says("discount", ""),
        share_amount: Money = "分摊后总价", decimal().only_out().says("amount after all discounts", ""),
        modified: Moment = "修改时间", time().only_out().says("last changed", ""),
    }
}

impl Export for OrderRow {
    type Item = (Order, Buyer);
    const FILTERS: &'static [&'static str] = &["start_time", "end_time", "shop_no", "warehouse_no", "status"];

    fn page(reader: &mut Reader, filter: &Filter, window: Window, page: Page) -> Result<Rows<Self::Item>, Failed> {
        let filter = OrderFilter {
            statuses: filter.statuses.clone(),
            shops: filter.shops.clone(),
            warehouses: filter.warehouses.clone(),
            window: Some(window),
            ..OrderFilter::default()
        };
        Ok(order::orders(reader, &filter, page)?)
    }

    fn rows(reader: &mut Reader, _: &Work, names: &mut Names, item: &Self::Item) -> Result<Vec<Self>, Failed> {
        let (order, buyer) = item;
        let of_order = Self {
            trade_no: filled(&order.no),
            tids: filled(&order.raw.iter().map(|(_, tid)| tid.as_str()).collect::<Vec<_>>().join(",")),
            shop_no: filled(&names.shop(reader, order.shop)?),
            warehouse_no: filled(&names.warehouse(reader, order.warehouse)?),
            trade_status: Some(order.status.code()),
            shortage: filled(&order.shortage()),
            stockout_no: order.stock_out.as_ref().map(|(_, no)| no.clone()),
            logistics_name: filled(&order.carriage.name),
            logistics_no: filled(&order.carriage.waybill),
            buyer_nick: filled(&buyer.nick),
            receiver_name: filled(&buyer.name),
            receiver_mobile: filled(&buyer.mobile),
            receiver_telno: filled(&buyer.telno),
            receiver_area: filled(&order.area),
            receiver_address: filled(&buyer.address),
            buyer_message: filled(&order.buyer_message),
            cs_remark: filled(&order.cs_remark),
            receivable: Some(order.due),
            paid: Some(order.paid),
            post_amount: Some(order.post_amount),
            trade_time: order.trade_time,
            pay_time: order.pay_time,
            checker_name: filled(&order.checker),
            modified: Some(order.modified),
            ..Self::default()
        };
        let row = |line: &OrderLine| Self {
            oid: filled(&line.oid),
            spec_no: filled(&line.spec_no),
            goods_no: filled(&line.goods_no),
            goods_name: filled(&line.goods_name),
            spec_name: filled(&line.spec_name),
            num: Some(line.num),
            actual_num: Some(line.actual_num),
            price: Some(line.price),
            discount: Some(line.discount),
            share_amount: Some(line.share_amount),
            ..of_order.clone()
        };
        Ok(order.lines.iter().map(row).collect())
    }
}
