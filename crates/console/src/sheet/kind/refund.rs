//! 退换单: refund and exchange orders, one row a line.

use erp::aftersale::{
    self, NewRefund, NewRefundLine, RefundFilter, RefundKind, RefundOrder, RefundStatus, ReturnParcel, SwapReceiver,
};
use erp::catalog::{Page, Rows, Window};
use sheets::{code, decimal, text, time};
use store::{Reader, Tx};
use units::{Moment, Money, Quantity};

use super::{filled, given, words};
use crate::desk::WHO;
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::import::{Import, Stop, Stored};
use crate::sheet::{Failed, Work};

sheets::sheet! {
    /// 退换单,一行一条明细,外部单号相同的行为同一退换单,须连续排列。导入后待审核;已存在且相同的不变,不同的拒绝。平台发起的退款请用原始退款单;换货须在后台创建。 / Refund orders, one row a line; rows with the same outer number are one refund order and stand together. An imported one waits for its audit; one that is there just so stays, one that differs is refused. What a mall reports comes in as raw refunds; exchanges are made in the admin API.
    pub(super) struct RefundRow("refund", "退换单") {
        outer_no: String = "外部单号", text(40).key().like("R20260102001").says("number of whoever asks for it, used once", "导入时必填,只能使用一次"),
        refund_no: String = "退换单号", text(40).only_out().like("TK202601020001").says("number", ""),
        src_no: String = "原始退款单号", text(40).only_out().says("raw refund; blank = made by hand", "空白为手工建单"),
        kind: i64 = "退换类型", code(words!(RefundKind)).head().required().like("退货").says("kind; not exchange", "导入不支持换货"),
        status: i64 = "退换单状态", code(words!(RefundStatus)).only_out().says("state", ""),
        shop_no: String = "店铺编号", text(40).only_out().says("shop", ""),
        tid: String = "原始单号", text(40).head().required().like("20260102000001").says("raw order", ""),
        trade_no: String = "订单号", text(40).only_out().says("order", ""),
        warehouse_no: String = "仓库编号", text(40).head().says("warehouse that waits for the goods", ""),
        buyer_nick: String = "客户网名", text(100).only_out().personal().says("buyer", ""),
        return_name: String = "退货人", text(40).only_out().personal().says("who sends the goods back", ""),
        return_mobile: String = "手机", text(40).only_out().personal().says("mobile", ""),
        goods_amount: Money = "货品总额", decimal().only_out().says("value of the goods", ""),
        refund_amount: Money = "退款金额", decimal().head().says("to be given back; blank = what was paid for the pieces", "空白为货品实付金额"),
        actual_refund_amount: Money = "实际退款金额", decimal().only_out().says("given back", ""),
        exchange_amount: Money = "换货金额", decimal().only_out().says("value of the exchange", ""),
        logistics_name: String = "退货物流公司", text(40).head().says("carrier of the return", ""),
        logistics_no: String = "退货物流单号", text(40).head().says("its waybill", ""),
        reason: String = "退款原因", text(255).head().says("reason", ""),
        remark: String = "备注", text(255).head().says("remark", ""),
        refund_time: Moment = "退款时间", time().only_out().says("asked for", ""),
        finish_time: Moment = "结算时间", time().only_out().says("settled", ""),
        oid: String = "子单号", text(40).required().like("20260102000001-1").says("line of the raw order", "原始订单的子单号"),
        spec_no: String = "商家编码", text(40).only_out().says("merchant code", ""),
        goods_name: String = "货品名称", text(255).only_out().says("name of the goods", ""),
        spec_name: String = "规格名称", text(100).only_out().says("name of the spec", ""),
        num: Quantity = "退货数量", decimal().required().like("1").says("pieces", ""),
        stockin_num: Quantity = "已入库数量", decimal().only_out().says("pieces that came back", ""),
        price: Money = "单价", decimal().only_out().says("price of a piece", ""),
        amount: Money = "明细退款金额", decimal().only_out().says("share of the amount", ""),
        modified: Moment = "修改时间", time().only_out().says("last changed", ""),
    }
}

impl Import for RefundRow {
    const ROWS: usize = 200;

    fn store(tx: &mut Tx, settings: &erp::Settings, rows: &[Self]) -> Result<Stored, Stop> {
        let Some(first) = rows.first() else { return Ok(Stored::Same) };
        let refuse = |why: &str| Stop::Refused(why.to_owned());
        let kind = first.kind.and_then(RefundKind::from_code).filter(|kind| *kind != RefundKind::Exchange);
        let kind = kind.ok_or_else(|| refuse("【退换类型】不能为空,且不支持换货"))?;
        let text = |field: &Option<String>| given(field).to_owned();
        let lines: Vec<NewRefundLine> =
            rows.iter().map(|row| NewRefundLine { oid: text(&row.oid), num: row.num.unwrap_or_default() }).collect();
        let new = NewRefund {
            kind,
            tid: text(&first.tid),
            outer_no: text(&first.outer_no),
            lines,
            out: Vec::new(),
            amount: first.refund_amount,
            post_amount: Money::ZERO,
            other_amount: Money::ZERO,
            warehouse_no: first.warehouse_no.clone(),
            reason: text(&first.reason),
            remark: text(&first.remark),
            parcel: ReturnParcel { name: text(&first.logistics_name), no: text(&first.logistics_no) },
            consign_mode: 0,
            is_trade_charged: false,
            swap: SwapReceiver::default(),
        };
        match aftersale::refund_by_outer_no(tx, &new.outer_no)? {
            Some(stored) if says_the_same(&stored, &new) => Ok(Stored::Same),
            Some(stored) => Err(Stop::Refused(format!("外部单号已用于退换单{},内容不同", stored.no))),
            None => {
                aftersale::create_refund(tx, settings, &new, WHO)?;
                Ok(Stored::Done)
            }
        }
    }
}

/// Whether a refund order is what the sheet says. Of a suite the parts are stored, in other numbers of pieces.
fn says_the_same(stored: &RefundOrder, new: &NewRefund) -> bool {
    let pieces = |oid: &str| stored.lines.iter().filter(|line| line.oid == oid).map(|line| line.num).sum::<Quantity>();
    let of_suite = |oid: &str| stored.lines.iter().any(|line| line.oid == oid && line.suite != 0);
    stored.kind == new.kind
        && stored.tid == new.tid
        && new.amount.is_none_or(|amount| amount == stored.refund_amount)
        && stored.lines.iter().all(|line| new.lines.iter().any(|wanted| wanted.oid == line.oid))
        && new.lines.iter().all(|wanted| {
            let sum: Quantity = new.lines.iter().filter(|line| line.oid == wanted.oid).map(|line| line.num).sum();
            of_suite(&wanted.oid) || pieces(&wanted.oid) == sum
        })
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
            outer_no: filled(&item.outer_no),
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
