//! The goods of an exchange: counted as 销售换货量 from the audit, sent as a raw order of their own when it is time (`consign_mode`;
//! fact sheet wdt-2, 2.2).

use store::{Reader, Tx};
use units::{Money, Quantity};

use super::document::RefundOrder;
use super::status::RefundKind;
use crate::order::{self, Buyer, DeliveryTerm, PushLine, PushOrder, TradeStatus};
use crate::stock::{self, QuantityColumn};
use crate::{Refusal, Result, Settings, catalog};

/// The goods go out right after the audit.
pub(super) fn goes_at_audit(settings: &Settings, refund: &RefundOrder) -> bool {
    let at_once = match refund.consign_mode {
        0 => settings.aftersale.exchange_goods_at_once,
        mode => mode == 1,
    };
    at_once && !refund.is_trade_charged
}

/// The goods go out when the buyer's are back.
pub(super) fn goes_after_receipt(settings: &Settings, refund: &RefundOrder) -> bool {
    !goes_at_audit(settings, refund) && !refund.is_trade_charged
}

/// Counts the goods to be sent.
pub(super) fn count(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder) -> Result<()> {
    set(tx, settings, refund, true)
}

/// They are not to be sent any more, or a raw order counts them now.
pub(super) fn uncount(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder) -> Result<()> {
    set(tx, settings, refund, false)
}

fn set(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder, counted: bool) -> Result<()> {
    let Some(swap) = &refund.swap else { return Ok(()) };
    if swap.counted == counted {
        return Ok(());
    }
    let warehouse = swap.warehouse;
    let mut moves = Vec::new();
    for (spec, num) in specs_out(tx, refund)? {
        let delta: Quantity = if counted { num } else { -num };
        moves.push((spec, 0, stock::one(QuantityColumn::RefundExchange, delta)));
    }
    if let Some(swap) = &mut refund.swap {
        swap.counted = counted;
    }
    stock::occupy(tx, settings, warehouse, &refund.no, &moves)
}

/// The specs that go out and how many pieces of each; suites taken apart.
fn specs_out(reader: &mut Reader, refund: &RefundOrder) -> Result<Vec<(i64, Quantity)>> {
    let mut specs = Vec::new();
    for line in &refund.out {
        if line.is_suite {
            let suite = catalog::suite_by_id(reader, line.target)?;
            let parts = suite.map(|suite| suite.parts).unwrap_or_default();
            specs.extend(parts.iter().map(|part| (part.spec, part.num.times(line.num))));
        } else {
            specs.push((line.target, line.num));
        }
    }
    Ok(specs)
}

/// What a refund order holds of the quantity columns: warehouse, spec, column, pieces. Goods that are back but not audited in are
/// held by their stock-in.
pub(crate) fn held(reader: &mut Reader, refund: &RefundOrder) -> Result<Vec<(i64, i64, QuantityColumn, Quantity)>> {
    let on_way = refund.lines.iter().filter(|line| !line.on_way.is_zero());
    let mut held: Vec<_> =
        on_way.map(|line| (refund.warehouse, line.spec, QuantityColumn::RefundOnWay, line.on_way)).collect();
    if let Some(swap) = refund.swap.as_ref().filter(|swap| swap.counted) {
        let out = specs_out(reader, refund)?;
        held.extend(out.into_iter().map(|(spec, num)| (swap.warehouse, spec, QuantityColumn::RefundExchange, num)));
    }
    Ok(held)
}

/// Makes the raw order that sends the goods. Once: a second call changes nothing.
pub(super) fn send(tx: &mut Tx, settings: &Settings, refund: &mut RefundOrder) -> Result<()> {
    if refund.kind != RefundKind::Exchange || refund.swap.as_ref().is_none_or(|swap| swap.raw_order != 0) {
        return Ok(());
    }
    uncount(tx, settings, refund)?;
    let shop = catalog::shop_by_id(tx, refund.shop)?.ok_or_else(|| Refusal::ShopUnknown(refund.shop.to_string()))?;
    let facts = facts(tx, refund);
    let raw = order::send_internal(tx, settings, &shop, facts)?;
    tx.event("refund.exchange_sent", &refund.no, &serde_json::json!({ "tid": raw.facts.tid }))?;
    if let Some(swap) = &mut refund.swap {
        swap.raw_order = raw.id;
        swap.tid = raw.facts.tid;
    }
    Ok(())
}

/// The raw order: paid, because the buyer's goods pay for it.
fn facts(tx: &mut Tx, refund: &RefundOrder) -> PushOrder {
    let now = tx.now();
    let swap = refund.swap.clone().unwrap_or_default();
    let people = &refund.people;
    let lines: Vec<PushLine> = refund
        .out
        .iter()
        .map(|line| PushLine {
            oid: line.oid.clone(),
            status: TradeStatus::Paid,
            refund_status: 0,
            goods_id: String::new(),
            spec_id: line.merchant_no.clone(),
            goods_no: String::new(),
            spec_no: line.merchant_no.clone(),
            goods_name: line.goods_name.clone(),
            spec_name: line.spec_name.clone(),
            num: line.num,
            price: line.price,
            adjust: Money::ZERO,
            discount: Money::ZERO,
            share_discount: Money::ZERO,
            cid: String::new(),
            remark: line.remark.clone(),
        })
        .collect();
    PushOrder {
        tid: format!("{}-1", refund.no),
        status: TradeStatus::Paid,
        pay_status: 2,
        delivery_term: DeliveryTerm::PayFirst,
        trade_time: Some(now),
        pay_time: Some(now),
        region: swap.region,
        area: swap.area,
        pay_id: None,
        logistics_type: (swap.carrier_kind > 0).then_some(swap.carrier_kind),
        invoice_kind: None,
        invoice_title: None,
        invoice_content: None,
        buyer_message: None,
        seller_memo: Some(format!("换货:{}", refund.no)),
        seller_flag: None,
        post_amount: Money::ZERO,
        cod_amount: Money::ZERO,
        ext_cod_fee: Money::ZERO,
        other_amount: Money::ZERO,
        paid: lines.iter().map(PushLine::receivable).sum(),
        fenxiao_type: None,
        fenxiao_nick: None,
        warehouse_no: (!swap.warehouse_no.is_empty()).then_some(swap.warehouse_no),
        is_auto_wms: None,
        wms_type: None,
        to_deliver_time: None,
        id_card_type: None,
        cust_data: None,
        is_sealed: None,
        buyer: Buyer {
            nick: people.nick.clone(),
            pay_account: people.pay_account.clone(),
            name: people.swap_receiver.clone(),
            address: people.swap_address.clone(),
            mobile: people.swap_mobile.clone(),
            telno: people.swap_telno.clone(),
            zip: people.swap_zip.clone(),
            ..Buyer::default()
        },
        lines,
    }
}
