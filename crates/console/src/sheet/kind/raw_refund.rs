//! 原始退款单: refunds as the mall reports them, one row a line.

use erp::aftersale::{
    self, PlatformStatus, PushRefund, PushRefundLine, RawRefund, RawRefundFilter, RawRefundKind, RawRefundStatus,
};
use erp::catalog::{self, Page, Rows, Window};
use sheets::{code, decimal, text, time};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{filled, given, words};
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::import::{Import, Stop, Stored};
use crate::sheet::{Failed, Work};

/// The kinds that a mall of the merchant's own may push (fact sheet wdt-2, 3.1).
const PUSHED: [RawRefundKind; 3] = [RawRefundKind::Unshipped, RawRefundKind::Return, RawRefundKind::RefundOnly];

sheets::sheet! {
    /// 一行一条明细,退款单号相同的行为同一退款单,须连续排列。退款单再次导入时按推送规则更新,不会重复。 / One row a line; rows with the same refund number are one refund and stand together. A refund that is imported again is updated as by a push, never doubled.
    pub(super) struct RawRefundRow("raw-refund", "原始退款单") {
        refund_no: String = "退款单号", text(40).key().or(&["平台退款单号"]).like("T20260102001").says("refund number of the mall, unique within the shop", "店铺内唯一"),
        shop_no: String = "店铺编号", text(40).head().required().or(&["店铺"]).like("api_test").says("shop; an own mall", "自有商城"),
        tid: String = "原始单号", text(40).head().required().like("20260102000001").says("raw order", ""),
        kind: i64 = "退款类型", code(words!(RawRefundKind)).head().required().like("退货").says("refund of unshipped goods, return, or refund without return", "导入支持:退款、退货、退款不退货"),
        status: i64 = "平台状态", code(words!(PlatformStatus)).head().required().like("已申请退款").says("state on the platform", ""),
        amount: Money = "退款金额", decimal().head().like("99.00").says("amount", ""),
        refund_time: Moment = "退款时间", time().head().required().or(&["申请时间"]).like("2026-01-05 10:00:00").says("asked for", ""),
        buyer_nick: String = "客户网名", text(100).head().personal().says("buyer; blank = as in the raw order", "空白时同原始单"),
        account: String = "退款账号", text(40).head().personal().says("payment account of the buyer", ""),
        reason: String = "退款原因", text(255).head().says("reason", ""),
        remark: String = "备注", text(255).head().says("remark", ""),
        logistics_name: String = "退货物流公司", text(40).head().says("carrier of the return", ""),
        logistics_no: String = "退货物流单号", text(40).head().says("its waybill", ""),
        oid: String = "子单号", text(40).required().or(&["子订单编号"]).like("20260102000001-1").says("line of the raw order", "原始订单的子单号"),
        num: Quantity = "退款数量", decimal().required().or(&["数量"]).like("1").says("pieces, at most those ordered", "不可超过下单数量"),
        spec_no: String = "商家编码", text(40).only_out().says("merchant code", ""),
        goods_name: String = "货品名称", text(255).only_out().says("name of the goods", ""),
        process_status: i64 = "处理状态", code(words!(RawRefundStatus)).only_out().says("how far the system has come with it", ""),
        problem: String = "未递交原因", text(255).only_out().says("why it was not submitted", ""),
        refund_order_no: String = "退换单号", text(40).only_out().says("refund order made from it", ""),
        modified: Moment = "修改时间", time().only_out().says("last changed", ""),
    }
}

impl Import for RawRefundRow {
    const ROWS: usize = 200;

    fn store(tx: &mut Tx, settings: &erp::Settings, rows: &[Self]) -> Result<Stored, Stop> {
        let Some(first) = rows.first() else { return Ok(Stored::Same) };
        let refuse = |why: &str| Stop::Refused(why.to_owned());
        let kind = first.kind.and_then(RawRefundKind::from_code).filter(|kind| PUSHED.contains(kind));
        let kind = kind.ok_or_else(|| refuse("【退款类型】只能是:退款、退货、退款不退货"))?;
        let status = first.status.and_then(PlatformStatus::from_code).ok_or_else(|| refuse("【平台状态】不能为空"))?;
        let shop = catalog::own_mall_to_push(tx, given(&first.shop_no))?;
        let text = |field: &Option<String>| given(field).to_owned();
        let push = PushRefund {
            refund_no: text(&first.refund_no),
            tid: text(&first.tid),
            kind,
            status,
            amount: first.amount.unwrap_or_default(),
            nick: text(&first.buyer_nick),
            account: text(&first.account),
            refund_time: first.refund_time.unwrap_or_else(|| tx.now()),
            reason: text(&first.reason),
            remark: text(&first.remark),
            version: String::new(),
            logistics_name: text(&first.logistics_name),
            logistics_no: text(&first.logistics_no),
            lines: rows
                .iter()
                .map(|row| PushRefundLine { oid: text(&row.oid), num: row.num.unwrap_or_default() })
                .collect(),
        };
        let before = aftersale::raw_refund_by_no(tx, shop.id, &push.refund_no)?;
        aftersale::push_refund(tx, settings, &shop, &push)?;
        let unchanged = before.is_some() && before == aftersale::raw_refund_by_no(tx, shop.id, &push.refund_no)?;
        Ok(if unchanged { Stored::Same } else { Stored::Done })
    }
}

impl Export for RawRefundRow {
    type Item = RawRefund;
    const FILTERS: &'static [&'static str] = &["start_time", "end_time", "shop_no", "status"];

    fn page(reader: &mut Reader, filter: &Filter, window: Window, page: Page) -> Result<Rows<RawRefund>, Failed> {
        let filter = RawRefundFilter {
            processes: filter.statuses.clone(),
            shops: filter.shops.clone(),
            window: Some(window),
            ..RawRefundFilter::default()
        };
        Ok(aftersale::raw_refunds(reader, &filter, page)?)
    }

    fn rows(reader: &mut Reader, _: &Work, names: &mut Names, item: &RawRefund) -> Result<Vec<Self>, Failed> {
        let of_refund = Self {
            refund_no: filled(&item.refund_no),
            shop_no: filled(&names.shop(reader, item.shop)?),
            tid: filled(&item.tid),
            kind: Some(item.kind.code()),
            status: Some(item.status.code()),
            amount: Some(item.amount),
            refund_time: Some(item.refund_time),
            buyer_nick: filled(&item.payer.nick),
            account: filled(&item.payer.account),
            reason: filled(&item.reason),
            remark: filled(&item.remark),
            logistics_name: filled(&item.logistics_name),
            logistics_no: filled(&item.logistics_no),
            process_status: Some(item.process.code()),
            problem: filled(&item.problem),
            refund_order_no: filled(&item.refund_order_no),
            modified: Some(item.modified),
            ..Self::default()
        };
        let row = |line: &aftersale::RawRefundLine| Self {
            oid: filled(&line.oid),
            num: Some(line.num),
            spec_no: filled(&line.spec_no),
            goods_name: filled(&line.goods_name),
            ..of_refund.clone()
        };
        Ok(item.lines.iter().map(row).collect())
    }
}
