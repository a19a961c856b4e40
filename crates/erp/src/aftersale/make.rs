//! Building a refund order: from pieces of order lines, their buyer, and what the buyer is to get back.

use store::Tx;
use units::{Money, Quantity};

use super::document::{RefundLine, RefundOrder, RefundPeople, ReturnParcel, WmsFeedback};
use super::pick::{Picked, Selection, spread_amount};
use super::status::{MASK_ONE_TID, MASK_UNCONFIRMED, PlatformStatus, RefundKind, RefundStatus};
use crate::order::{self, Order, RawOrder};
use crate::{Result, Settings, catalog};

/// What a refund order is made of, beside its pieces.
pub(super) struct Draft<'a> {
    pub(super) kind: RefundKind,
    pub(super) raw: &'a RawOrder,
    /// What the buyer is to get back; `None` = what was paid for the pieces.
    pub(super) amount: Option<Money>,
    pub(super) post_amount: Money,
    pub(super) other_amount: Money,
    /// Number of the warehouse that waits for the goods; `None` = as the settings say.
    pub(super) warehouse_no: Option<&'a str>,
    pub(super) creator: &'a str,
}

/// A refund order that waits for audit. It has its number and key, but is not stored.
pub(super) fn make(tx: &mut Tx, settings: &Settings, draft: &Draft<'_>, selection: &Selection) -> Result<RefundOrder> {
    let first = selection.first();
    let order = match (first, draft.raw.orders.first()) {
        (Some(order), _) => Some(order.clone()),
        (None, Some(key)) => order::order_by_id(tx, *key)?,
        (None, None) => None,
    };
    let warehouse = return_warehouse(tx, settings, draft, order.as_ref())?;
    let buyer = match &order {
        Some(order) => order::buyer_of(tx, order.id)?,
        None => draft.raw.facts.buyer.clone(),
    };
    let amount = draft.amount.unwrap_or_else(|| {
        let paid: Money = selection.picked.iter().map(|piece| piece.paid.min(piece.left)).sum();
        paid + draft.post_amount + draft.other_amount
    });
    let (shares, over) = spread_amount(amount, &selection.picked);
    let now = tx.now();
    let mut lines = Vec::with_capacity(selection.picked.len());
    for (piece, share) in selection.picked.iter().zip(shares) {
        lines.push(line(tx.document_id("refund_line")?, piece, share, now));
    }
    cost_of_shipped(tx, &mut lines)?;
    let specs = catalog::specs_by_id(tx, lines.iter().map(|line| line.spec))?;
    for line in &mut lines {
        line.sn_enable = specs.get(&line.spec).map_or(0, |found| found.0.facts.sn_enable);
    }
    let one_tid = lines.iter().all(|line| line.tid == draft.raw.facts.tid);
    let counter = tx.next(&settings.aftersale.refund_number.stem(now))?;
    Ok(RefundOrder {
        id: tx.document_id("refund_order")?,
        no: settings.aftersale.refund_number.write(now, counter),
        outer_no: String::new(),
        shop: draft.raw.shop,
        kind: draft.kind,
        status: RefundStatus::AwaitingAudit,
        platform_status: PlatformStatus::Empty,
        src_no: String::new(),
        raw_refund: 0,
        tid: draft.raw.facts.tid.clone(),
        order: order.as_ref().map_or(0, |order| order.id),
        order_no: order.as_ref().map(|order| order.no.clone()).unwrap_or_default(),
        warehouse,
        goods_amount: lines.iter().map(|line| line.total).sum(),
        refund_amount: amount,
        direct_refund_amount: Money::ZERO,
        platform_refund_amount: Money::ZERO,
        actual_refund_amount: Money::ZERO,
        exchange_amount: Money::ZERO,
        post_amount: draft.post_amount,
        other_amount: draft.other_amount,
        paid: Money::ZERO,
        pay_no: draft.raw.facts.pay_id.clone().unwrap_or_default(),
        parcel: ReturnParcel::default(),
        refund_time: Some(now),
        finished: None,
        reason: String::new(),
        remark: String::new(),
        revert_reason: String::new(),
        creator: draft.creator.to_owned(),
        checker: String::new(),
        from_type: 2,
        mask: if one_tid { MASK_ONE_TID } else { 0 } | if over && !lines.is_empty() { MASK_UNCONFIRMED } else { 0 },
        over_paid: false,
        after_shipment: order.as_ref().is_some_and(|order| order.status.code() >= 95),
        version: String::new(),
        flag_name: String::new(),
        fenxiao_nick: draft.raw.facts.fenxiao_nick.clone().unwrap_or_default(),
        customer: order.as_ref().map_or(0, |order| order.marks.customer),
        customer_no: order.as_ref().map(|order| order.marks.customer_no.clone()).unwrap_or_default(),
        wms: WmsFeedback::default(),
        consign_mode: 0,
        is_trade_charged: false,
        swap: None,
        people: RefundPeople {
            nick: buyer.nick,
            pay_account: buyer.pay_account,
            return_name: buyer.name.clone(),
            return_mobile: buyer.mobile.clone(),
            return_telno: buyer.telno.clone(),
            receiver_name: buyer.name,
            receiver_address: buyer.address,
            receiver_telno: if buyer.mobile.is_empty() { buyer.telno } else { buyer.mobile },
            swap_zip: buyer.zip,
            ..RefundPeople::default()
        },
        lines,
        out: Vec::new(),
        created: now,
        modified: now,
    })
}

/// The warehouse that waits for the goods: the named one, the one of the settings, or the one that shipped them.
fn return_warehouse(tx: &mut Tx, settings: &Settings, draft: &Draft<'_>, order: Option<&Order>) -> Result<i64> {
    let of_settings = &*settings.aftersale.return_warehouse_no;
    match draft.warehouse_no.or((!of_settings.is_empty()).then_some(of_settings)) {
        Some(no) => Ok(catalog::warehouse_by_no(tx, no)?.id),
        None => match order {
            Some(order) if order.warehouse != 0 => Ok(order.warehouse),
            _ => Ok(catalog::default_warehouse(tx)?.id),
        },
    }
}

fn line(id: i64, piece: &Picked, amount: Money, now: units::Moment) -> RefundLine {
    let of_order = &piece.line;
    RefundLine {
        id,
        oid: of_order.oid.clone(),
        tid: of_order.tid.clone(),
        order: piece.order,
        order_no: piece.order_no.clone(),
        order_line: of_order.id,
        order_num: of_order.num,
        num: piece.num,
        received: Quantity::ZERO,
        arrived: Quantity::ZERO,
        on_way: Quantity::ZERO,
        price: of_order.share_amount.over(of_order.num),
        original_price: of_order.price,
        discount: of_order.discount.share(Money::from_raw(piece.num.raw()), Money::from_raw(of_order.num.raw())),
        paid: piece.paid,
        cost_price: Money::ZERO,
        market_price: of_order.market_price,
        amount,
        total: piece.total,
        stockin_amount: Money::ZERO,
        spec: of_order.spec,
        spec_no: of_order.spec_no.clone(),
        spec_name: of_order.spec_name.clone(),
        spec_code: of_order.spec_code.clone(),
        barcode: of_order.barcode.clone(),
        goods: of_order.goods,
        goods_no: of_order.goods_no.clone(),
        goods_name: of_order.goods_name.clone(),
        brand_name: of_order.brand_name.clone(),
        sn_enable: 0,
        suite: of_order.suite.as_ref().map_or(0, |suite| suite.id),
        suite_no: of_order.suite.as_ref().map(|suite| suite.no.clone()).unwrap_or_default(),
        suite_name: of_order.suite.as_ref().map(|suite| suite.name.clone()).unwrap_or_default(),
        suite_num: of_order.suite.as_ref().map(|suite| suite.num).unwrap_or_default(),
        remark: String::new(),
        created: now,
        modified: now,
    }
}

/// What the pieces cost when they left.
fn cost_of_shipped(tx: &mut Tx, lines: &mut [RefundLine]) -> Result<()> {
    let mut orders: Vec<i64> = lines.iter().map(|line| line.order).collect();
    orders.sort_unstable();
    orders.dedup();
    for key in orders {
        for stock_out in order::stock_outs_of(tx, key)?.into_iter().filter(|stock_out| stock_out.consigned.is_some()) {
            for shipped in &stock_out.lines {
                if let Some(line) = lines.iter_mut().find(|line| line.order_line == shipped.order_line) {
                    line.cost_price = shipped.cost_price;
                }
            }
        }
    }
    Ok(())
}
