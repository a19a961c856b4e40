//! What is shown of a purchase order.

use erp::catalog;
use erp::purchase::{OrderLine, PurchaseOrder};
use store::Reader;
use wire::rows::{Column, int, list, money, personal, quantity, text, time};

use super::super::lookup::Names;
use crate::answer::Answer;
use crate::desk::Ask;
use crate::fault::Fault;

pub(super) struct Row {
    order: PurchaseOrder,
    warehouse_no: String,
    provider_no: String,
    provider_name: String,
}

const LINE: &[Column<OrderLine>] = &[
    int("rec_id", "key / 明细id", |l| store::wire_id(l.id)),
    text("spec_no", "merchant code / 商家编码", |l| &l.item.spec_no),
    text("goods_name", "name / 货品名称", |l| &l.item.goods_name),
    quantity("num", "pieces / 数量", |l| l.num),
    money("price", "price before discount and tax / 单价", |l| l.terms.price),
    quantity("discount", "what it is multiplied by / 折扣", |l| l.terms.discount),
    quantity("tax", "rate of the tax / 税率", |l| l.terms.tax),
    money("tax_price", "price after tax / 税后单价", |l| l.terms.tax_price),
    quantity("stockin_num", "on hand / 已入库数量", |l| l.stockin_num),
    quantity("arrive_num", "arrived, not yet audited in / 到货数量", |l| l.arrive_num),
    quantity("stopwait_num", "given up / 停止等待数量", |l| l.stopwait_num),
    quantity("lack_num", "neither on hand nor given up / 未入库数量", |l| l.lack()),
    text("purchase_apply_no", "requisition / 采购申请单号", |l| l.apply.as_ref().map_or("", |source| &source.no)),
    text("remark", "remark / 备注", |l| &l.remark),
];

pub(super) const ORDER: &[Column<Row>] = &[
    int("purchase_id", "key / 采购单id", |r| store::wire_id(r.order.id)),
    text("purchase_no", "number / 采购单号", |r| &r.order.no),
    text("outer_no", "the caller's number / 外部单号", |r| &r.order.outer_no),
    int("purchase_status", "state / 状态", |r| r.order.status.code()),
    text("purchase_status_name", "the same in words / 状态名称", |r| r.order.status.chinese()),
    text("provider_no", "provider / 供应商编号", |r| &r.provider_no),
    text("provider_name", "its name / 供应商名称", |r| &r.provider_name),
    text("warehouse_no", "warehouse / 仓库编号", |r| &r.warehouse_no),
    text("purchaser", "purchaser / 采购员", |r| &r.order.facts.purchaser),
    personal("contact", "receiver / 收货人", |r| &r.order.facts.contact),
    personal("telno", "telephone / 电话", |r| &r.order.facts.telno),
    personal("receive_address", "address / 收货地址", |r| &r.order.facts.receive_address),
    time("expect_arrive_time", "expected / 预计到货时间", |r| r.order.facts.expect_arrive),
    money("goods_amount", "value before tax / 货款", |r| r.order.goods_amount()),
    money("tax_goods_amount", "value after tax / 税后货款", |r| r.order.tax_goods_amount()),
    money("post_fee", "freight / 邮费", |r| r.order.facts.post_fee),
    money("other_fee", "other cost / 其他费用", |r| r.order.facts.other_fee),
    money("due", "to be paid for what came in / 应结算金额", |r| r.order.due()),
    money("settled", "paid / 已结算金额", |r| r.order.settled),
    text("wms_no", "number of the outsourced warehouse / 委外单号", |r| &r.order.outside.no),
    int("wms_status", "0 not told, 1 failed, 2 succeeded / 推送状态", |r| r.order.outside.status),
    text("error_info", "why it failed / 推送失败原因", |r| &r.order.outside.error),
    text("revert_reason", "why it was sent back / 驳回原因", |r| &r.order.revert_reason),
    text("creator_name", "who made it / 制单人", |r| &r.order.creator),
    text("check_operator_name", "who audited it / 审核人", |r| &r.order.audit.by),
    time("check_time", "audited / 审核时间", |r| r.order.audit.at),
    text("facheck_operator_name", "who in finance / 财审人", |r| &r.order.finance.by),
    time("facheck_time", "audited by finance / 财审时间", |r| r.order.finance.at),
    text("remark", "remark / 备注", |r| &r.order.facts.remark),
    list!("lines", "lines / 明细", LINE, |r| r.order.lines.iter()),
    time("created", "first stored / 创建时间", |r| Some(r.order.created)),
    time("modified", "last changed / 修改时间", |r| Some(r.order.modified)),
];

/// Rows with the numbers of what they refer to.
pub(super) fn rows(reader: &mut Reader, orders: Vec<PurchaseOrder>) -> Result<Vec<Row>, Fault> {
    let mut keys: Vec<i64> = orders.iter().map(|order| order.provider).collect();
    keys.sort_unstable();
    keys.dedup();
    let providers = catalog::providers_by_id(reader, &keys)?;
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(orders.len());
    for order in orders {
        let provider = providers.iter().find(|provider| provider.id == order.provider);
        rows.push(Row {
            warehouse_no: names.warehouse(reader, order.warehouse)?,
            provider_no: provider.map(|provider| provider.no.clone()).unwrap_or_default(),
            provider_name: provider.map(|provider| provider.name.clone()).unwrap_or_default(),
            order,
        });
    }
    Ok(rows)
}

/// One order as the answer.
pub(super) fn show(ask: &Ask, reader: &mut Reader, order: PurchaseOrder) -> Result<Answer, Fault> {
    let no = order.no.clone();
    let rows = rows(reader, vec![order])?;
    let row = rows.first().ok_or_else(|| Fault::not_found(format!("no purchase order {no}")))?;
    Ok(Answer::row(ask.style, ORDER, row).about(&no))
}
