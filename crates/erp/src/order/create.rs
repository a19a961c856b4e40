//! Building a system order from a raw order: warehouse, carrier, lines, suites taken apart, amounts spread.

use std::sync::Arc;

use store::Tx;
use units::{Money, Quantity};

use super::bits::MASK_AUTO_FLOW;
use super::document::{
    Carriage, LineSuite, Marks, Matched, Order, OrderLine, OrderNotes, PushLine, RawOrder, Reserved,
};
use super::money::{PartShare, share_suite, spread};
use super::status::{DeliveryTerm, OrderStatus, TradeStatus};
use crate::catalog::{self, Goods, Shop, Spec, Target, Warehouse};
use crate::{Refusal, Result, Settings};

/// One spec to be shipped for a raw-order line; a suite gives several.
struct Piece<'a> {
    raw: &'a PushLine,
    goods: Arc<(Spec, Goods)>,
    num: Quantity,
    price: Money,
    adjust: Money,
    discount: Money,
    amount: Money,
    suite: Option<LineSuite>,
}

pub(super) fn build_order(
    tx: &mut Tx,
    settings: &Settings,
    shop: &Shop,
    raw: &RawOrder,
    matched: &[Matched],
) -> Result<Order> {
    let facts = &raw.facts;
    let warehouse = choose_warehouse(tx, raw)?;
    let carriage = choose_carrier(tx, shop, facts.logistics_type)?;
    let lines = lines_of(tx, raw, matched, facts.post_amount, facts.paid)?;
    let goods_total: Money = lines.iter().map(|line| line.share_amount).sum();
    let total = goods_total + facts.post_amount + facts.other_amount;
    let cod = match facts.delivery_term {
        DeliveryTerm::CashOnDelivery => goods_total + facts.post_amount + facts.ext_cod_fee - facts.paid,
        _ => Money::ZERO,
    };
    let now = tx.now();
    let counter = tx.next(&settings.order_number.stem(now))?;
    Ok(Order {
        id: tx.document_id("order")?,
        no: settings.order_number.write(now, counter),
        shop: shop.id,
        warehouse: warehouse.id,
        status: match facts.status {
            TradeStatus::Unpaid => OrderStatus::Unpaid,
            TradeStatus::AwaitingFinal => OrderStatus::AwaitingFinal,
            _ => OrderStatus::AwaitingAudit,
        },
        raw: vec![(raw.id, facts.tid.clone())],
        delivery_term: facts.delivery_term,
        refund_status: if facts.lines.iter().any(PushLine::is_refunded) { 2 } else { 0 },
        bad_reason: 0,
        consign_status: 0,
        carriage,
        trade_time: facts.trade_time,
        pay_time: facts.pay_time,
        region: facts.region,
        area: facts.area.clone(),
        to_deliver_time: facts.to_deliver_time.clone().unwrap_or_default(),
        buyer_message: facts.buyer_message.clone().unwrap_or_default(),
        cs_remark: facts.seller_memo.clone().unwrap_or_default(),
        print_remark: String::new(),
        remark_flag: facts.seller_flag.unwrap_or(0),
        remark_by_hand: false,
        cs_remark_changes: 0,
        post_amount: facts.post_amount,
        other_amount: facts.other_amount,
        paid: facts.paid,
        due: total - cod,
        cod_amount: cod,
        ext_cod_fee: facts.ext_cod_fee,
        invoice_kind: facts.invoice_kind.unwrap_or(0),
        invoice_title: facts.invoice_title.clone().unwrap_or_default(),
        invoice_content: facts.invoice_content.clone().unwrap_or_default(),
        fenxiao_type: facts.fenxiao_type.unwrap_or(0),
        fenxiao_nick: facts.fenxiao_nick.clone().unwrap_or_default(),
        id_card_type: facts.id_card_type.unwrap_or(0),
        is_sealed: facts.is_sealed.unwrap_or(0),
        pay_id: facts.pay_id.clone().unwrap_or_default(),
        pay_status: facts.pay_status,
        revert_reason: String::new(),
        cancel_reason: String::new(),
        stock_out: None,
        checker: String::new(),
        notes: OrderNotes::default(),
        marks: Marks {
            trade_mask: if facts.is_auto_wms == Some(true) { MASK_AUTO_FLOW } else { 0 },
            exchange: raw.internal,
            ..Marks::default()
        },
        version: 1,
        lines,
        created: now,
        modified: now,
    })
}

/// The order lines of raw lines, with freight and payment spread over them.
pub(super) fn lines_of(
    tx: &mut Tx,
    raw: &RawOrder,
    matched: &[Matched],
    post_amount: Money,
    paid: Money,
) -> Result<Vec<OrderLine>> {
    let pieces = pieces(tx, raw, matched)?;
    let amounts: Vec<Money> = pieces.iter().map(|piece| piece.amount).collect();
    let posts = spread(post_amount, &amounts);
    let owed: Vec<Money> = amounts.iter().zip(&posts).map(|(amount, post)| *amount + *post).collect();
    let paids = spread(paid, &owed);
    let now = tx.now();
    let mut lines = Vec::with_capacity(pieces.len());
    for ((piece, post), paid) in pieces.into_iter().zip(posts).zip(paids) {
        lines.push(line(tx.next("order_line")?, &raw.facts.tid, piece, post, paid, now));
    }
    Ok(lines)
}

fn choose_warehouse(tx: &mut Tx, raw: &RawOrder) -> Result<Arc<Warehouse>> {
    let named = raw.facts.warehouse_no.as_deref().unwrap_or_default();
    let found = tx.remember("warehouse", named, |tx| match named {
        "" => catalog::default_warehouse(tx).map(Some),
        no => catalog::warehouse_by_no(tx, no).map(Some),
    })?;
    found.ok_or_else(|| Refusal::NoWarehouse.into())
}

/// The carrier of the wanted kind, else the shop's own, else the first; no carrier at all is no obstacle before shipment.
pub(super) fn choose_carrier(tx: &mut Tx, shop: &Shop, wanted: Option<i64>) -> Result<Carriage> {
    let wanted = wanted.filter(|kind| *kind > 0);
    let key = format!("{}/{}", wanted.unwrap_or(-1), shop.carrier);
    let found = tx.remember("carrier", &key, |tx| catalog::preferred_carrier(tx, wanted, shop.carrier))?;
    Ok(found.map_or_else(Carriage::default, |carrier| Carriage {
        id: carrier.id,
        no: carrier.no.clone(),
        name: carrier.name.clone(),
        kind: carrier.kind,
        waybill: String::new(),
    }))
}

fn pieces<'a>(tx: &mut Tx, raw: &'a RawOrder, matched: &[Matched]) -> Result<Vec<Piece<'a>>> {
    let mut pieces = Vec::with_capacity(matched.len());
    for Matched { line, target } in matched {
        let Some(line) = raw.facts.lines.get(*line) else { continue };
        match target {
            Target::Spec(id) => {
                pieces.push(Piece {
                    raw: line,
                    goods: goods_of(tx, *id, &line.spec_no)?,
                    num: line.num,
                    price: line.price,
                    adjust: line.adjust,
                    discount: line.discount + line.share_discount,
                    amount: line.receivable(),
                    suite: None,
                });
            }
            Target::Suite(id) => suite_pieces(tx, line, *id, &mut pieces)?,
        }
    }
    Ok(pieces)
}

/// The spec with this key and its goods.
fn goods_of(tx: &mut Tx, spec: i64, no: &str) -> Result<Arc<(Spec, Goods)>> {
    let found = tx.remember("spec", &spec.to_string(), |tx| catalog::spec_by_id(tx, spec))?;
    found.ok_or_else(|| Refusal::SpecUnknown(no.to_owned()).into())
}

/// Takes a suite apart: quantities by the recipe, what the buyer owes by fixed price and ratio; the last part takes the rest.
fn suite_pieces<'a>(tx: &mut Tx, line: &'a PushLine, id: i64, pieces: &mut Vec<Piece<'a>>) -> Result<()> {
    let suite = tx.remember("suite", &id.to_string(), |tx| catalog::suite_by_id(tx, id))?;
    let suite = suite.ok_or_else(|| Refusal::SpecUnknown(line.spec_no.clone()))?;
    let (amount, discount) = (line.receivable(), line.discount + line.share_discount);
    let parts: Vec<PartShare> = suite
        .parts
        .iter()
        .map(|part| match part.is_fixed_price {
            true => PartShare::Fixed(part.fixed_price.times(part.num).times(line.num)),
            false => PartShare::Ratio(part.ratio),
        })
        .collect();
    let amounts = share_suite(amount, &parts);
    let discounts = spread(discount, &amounts);
    let of =
        LineSuite { id: suite.id, no: suite.no.clone(), name: suite.name.clone(), num: line.num, amount, discount };
    for ((part, amount), discount) in suite.parts.iter().zip(amounts).zip(discounts) {
        let num = part.num.times(line.num);
        pieces.push(Piece {
            raw: line,
            goods: goods_of(tx, part.spec, &part.spec_no)?,
            num,
            price: (amount + discount).over(num),
            adjust: Money::ZERO,
            discount,
            amount,
            suite: Some(of.clone()),
        });
    }
    Ok(())
}

/// A line that is given, not bought: it costs nothing and belongs to no line of the mall.
pub(super) fn gift_line(tx: &mut Tx, order: &Order, spec: i64, num: Quantity, gift_type: i64) -> Result<OrderLine> {
    let goods = goods_of(tx, spec, "")?;
    let nothing = PushLine {
        oid: String::new(),
        status: TradeStatus::Paid,
        refund_status: 0,
        goods_id: String::new(),
        spec_id: String::new(),
        goods_no: String::new(),
        spec_no: String::new(),
        goods_name: String::new(),
        spec_name: String::new(),
        num,
        price: Money::ZERO,
        adjust: Money::ZERO,
        discount: Money::ZERO,
        share_discount: Money::ZERO,
        cid: String::new(),
        remark: String::new(),
    };
    let piece = Piece {
        raw: &nothing,
        goods,
        num,
        price: Money::ZERO,
        adjust: Money::ZERO,
        discount: Money::ZERO,
        amount: Money::ZERO,
        suite: None,
    };
    let tid = order.raw.first().map_or("", |(_, tid)| tid);
    let mut line = line(tx.next("order_line")?, tid, piece, Money::ZERO, Money::ZERO, tx.now());
    line.gift_type = gift_type;
    Ok(line)
}

fn line(id: i64, tid: &str, piece: Piece<'_>, post: Money, paid: Money, now: units::Moment) -> OrderLine {
    let Piece { raw, goods, num, price, adjust, discount, amount, suite } = piece;
    let (spec, goods) = &*goods;
    let (of_spec, of_goods) = (&spec.facts, &goods.facts);
    OrderLine {
        id,
        oid: raw.oid.clone(),
        tid: tid.to_owned(),
        platform_goods_id: raw.goods_id.clone(),
        platform_spec_id: raw.spec_id.clone(),
        api_goods_name: raw.goods_name.clone(),
        api_spec_name: raw.spec_name.clone(),
        cid: raw.cid.clone(),
        spec: spec.id,
        goods: goods.id,
        spec_no: spec.no.clone(),
        spec_name: of_spec.name.clone(),
        spec_code: of_spec.code.clone(),
        barcode: of_spec.barcode.clone(),
        goods_no: goods.no.clone(),
        goods_name: of_goods.name.clone(),
        goods_type: of_goods.kind,
        class_name: goods.class_name.clone(),
        brand_no: goods.brand_no.clone(),
        brand_name: goods.brand_name.clone(),
        unit_name: if of_spec.unit_name.is_empty() { &of_goods.unit_name } else { &of_spec.unit_name }.clone(),
        img_url: of_spec.img_url.clone(),
        spec_tax_rate: of_spec.tax_rate,
        large_type: of_spec.large_type,
        market_price: if of_spec.market_price.is_zero() { of_spec.retail_price } else { of_spec.market_price },
        may_go_negative: of_spec.allow_negative_stock != 0,
        suite,
        num,
        actual_num: num,
        price,
        adjust,
        discount,
        share_amount: amount,
        share_post: post,
        paid,
        refund_status: raw.refund_status,
        reserved: Reserved::Nothing,
        is_consigned: false,
        gift_type: 0,
        gift_rule: 0,
        flag: 0,
        weight: of_spec.weight,
        remark: raw.remark.clone(),
        created: now,
        modified: now,
    }
}
