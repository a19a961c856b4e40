//! The columns of 原始订单.

use erp::order::{DeliveryTerm, TradeStatus};
use sheets::{code, decimal, text, time};
use units::{Moment, Money, Quantity};

use super::words;

const PAY: &[(i64, &str)] = &[(0, "未付款"), (1, "部分付款"), (2, "已付款")];
const REFUND: &[(i64, &str)] =
    &[(0, "无退款"), (1, "取消退款"), (2, "申请退款"), (3, "等待退货"), (4, "等待收货"), (5, "退款成功")];
const INVOICE: &[(i64, &str)] =
    &[(0, "不需要"), (1, "普通发票"), (2, "增值税普通发票"), (3, "增值税专用发票"), (4, "电子发票")];

sheets::sheet! {
    /// 一行一条明细,原始单号相同的行为同一订单,须连续排列。订单再次导入时按推送规则更新,不会重复建单。 / One row a line; rows with the same order number are one order and stand together. An order that is imported again is updated as by a push, never doubled.
    pub(in crate::sheet) struct RawRow("raw-order", "原始订单") {
        tid: String = "原始单号", text(40).key().or(&["订单编号"]).like("20260102000001").says("order number of the mall", "商城的订单号,商家内唯一"),
        shop_no: String = "店铺编号", text(40).head().required().or(&["店铺"]).like("api_test").says("shop; an own mall", "自有商城"),
        trade_status: i64 = "订单状态", code(words!(TradeStatus)).head().required().like("已付款待发货").says("state at the mall", "商城中的状态"),
        pay_status: i64 = "支付状态", code(PAY).head().required().like("已付款").says("how far it is paid", ""),
        delivery_term: i64 = "发货条件", code(words!(DeliveryTerm)).head().like("款到发货").says("how the buyer pays; pay first by default", "缺省为款到发货"),
        trade_time: Moment = "下单时间", time().head().like("2026-01-02 03:04:05").says("ordered", "不可晚于当前时间"),
        pay_time: Moment = "付款时间", time().head().like("2026-01-02 03:05:06").says("paid", ""),
        buyer_nick: String = "客户网名", text(100).head().required().personal().or(&["网名", "买家昵称"]).like("示例买家").says("buyer", ""),
        receiver_name: String = "收件人", text(40).head().required().personal().like("张三").says("receiver", ""),
        province: String = "省", text(40).head().like("北京").says("province; all three blank = read from the address", "省市区都为空时从地址识别"),
        city: String = "市", text(40).head().like("北京市").says("city", ""),
        district: String = "区", text(40).head().or(&["区县"]).like("海淀区").says("district", ""),
        address: String = "地址", text(256).head().required().personal().or(&["收货地址", "详细地址"]).like("花园路1号").says("street address", ""),
        mobile: String = "手机", text(40).head().personal().like("19900000000").says("mobile; this or the telephone", "手机与固话至少填一项"),
        telno: String = "固话", text(40).head().personal().says("telephone", ""),
        zip: String = "邮编", text(20).head().says("post code", ""),
        id_card: String = "证件号码", text(40).head().personal().says("number of the identity card, for cross-border goods", ""),
        buyer_message: String = "买家留言", text(1024).head().or(&["客户备注"]).says("message of the buyer", ""),
        seller_memo: String = "客服备注", text(1024).head().says("remark of customer service", ""),
        invoice_kind: i64 = "发票类别", code(INVOICE).head().like("不需要").says("kind of invoice", ""),
        invoice_title: String = "发票抬头", text(255).head().says("title of the invoice", ""),
        invoice_content: String = "发票内容", text(255).head().says("content of the invoice", ""),
        post_amount: Money = "邮费", decimal().head().like("10.00").says("freight charged", ""),
        cod_amount: Money = "货到付款金额", decimal().head().says("to be collected by the carrier", ""),
        ext_cod_fee: Money = "货到付款买家费用", decimal().head().says("extra fee that the carrier keeps", ""),
        other_amount: Money = "其它应收", decimal().head().says("other charges", ""),
        paid: Money = "已付金额", decimal().head().or(&["实付金额"]).like("109.00").says("paid", ""),
        warehouse_no: String = "仓库编号", text(40).head().says("warehouse of an auto-flow order", "仅自动流转订单"),
        oid: String = "子单号", text(40).or(&["子订单编号"]).like("20260102000001-1").says("line number; blank = order number and place of the row", "空白时由原始单号加行序生成"),
        status: i64 = "子单状态", code(words!(TradeStatus)).says("state of the line; blank = that of the order", "空白时同订单状态"),
        refund_status: i64 = "退款状态", code(REFUND).like("无退款").says("refund of the line", ""),
        goods_id: String = "平台货品ID", text(40).like("M1001").says("SPU id of the mall; blank = the number", "空白时取货品编号或商家编码"),
        spec_id: String = "平台规格ID", text(40).says("SKU id of the mall", ""),
        goods_no: String = "货品编号", text(40).like("G1001").says("goods number; this or the merchant code", "与商家编码至少填一项"),
        spec_no: String = "商家编码", text(40).like("G1001-RED").says("merchant code", ""),
        goods_name: String = "货品名称", text(255).required().or(&["商品名称"]).like("纯棉T恤").says("name of the goods", ""),
        spec_name: String = "规格名称", text(100).like("红色").says("name of the spec", ""),
        num: Quantity = "数量", decimal().required().like("1").says("pieces; never changes later", "再次导入不可修改"),
        price: Money = "单价", decimal().required().like("99.00").says("list price; never changes later", "再次导入不可修改"),
        adjust: Money = "调整", decimal().says("manual change of the price; positive raises", ""),
        discount: Money = "优惠", decimal().says("discount of the line", ""),
        share_discount: Money = "分摊优惠", decimal().says("share of discounts on the order", ""),
        remark: String = "明细备注", text(1024).says("remark of the line", ""),
        process_status: i64 = "处理状态", code(words!(erp::order::ProcessStatus)).only_out().says("how far the system has come with it", ""),
        modified: Moment = "修改时间", time().only_out().says("last changed", ""),
    }
}
