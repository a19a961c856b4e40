//! Refund and exchange orders that people make in the client program.

use store::Tx;
use units::{Money, Quantity};

use super::document::{OutLine, RefundOrder, ReturnParcel, Swap};
use super::make::{Draft, make};
use super::pick::{Selection, pick};
use super::refusal::AftersaleRefusal as Refused;
use super::status::RefundKind;
use super::{audit, finish, submit, table};
use crate::catalog::Target;
use crate::order;
use crate::{Refusal, Result, Settings, catalog};

/// A refund order to make by hand.
#[derive(Clone)]
pub struct NewRefund {
    /// What is wanted.
    pub kind: RefundKind,
    /// The raw order.
    pub tid: String,
    /// Number of whoever asks for it, used once; empty = none.
    pub outer_no: String,
    /// Lines and pieces; empty = everything that is left (nothing for a supplementary payment).
    pub lines: Vec<NewRefundLine>,
    /// Goods to send out, for exchanges.
    pub out: Vec<NewOut>,
    /// What the buyer gets back; `None` = what was paid for the pieces (less the goods sent out).
    pub amount: Option<Money>,
    /// Freight given back on top.
    pub post_amount: Money,
    /// Anything else on top.
    pub other_amount: Money,
    /// The warehouse that waits for the goods; `None` = as the settings say.
    pub warehouse_no: Option<String>,
    /// Reason.
    pub reason: String,
    /// Remark.
    pub remark: String,
    /// How the goods come back.
    pub parcel: ReturnParcel,
    /// 0 as the settings say, 1 goods go out at the audit, 2 after the receipt.
    pub consign_mode: i64,
    /// Goods go out after the settlement.
    pub is_trade_charged: bool,
    /// Where the goods of an exchange go, where that is not the buyer's address.
    pub swap: SwapReceiver,
}

/// A line of it.
#[derive(Clone)]
pub struct NewRefundLine {
    /// Line number of the raw order.
    pub oid: String,
    /// Pieces.
    pub num: Quantity,
}

/// Goods to send out.
#[derive(Clone)]
pub struct NewOut {
    /// Merchant code of a spec or suite.
    pub merchant_no: String,
    /// Pieces.
    pub num: Quantity,
    /// Price of a piece; `None` = its retail price.
    pub price: Option<Money>,
}

/// Where the goods of an exchange go; empty fields are those of the order.
#[derive(Clone, Default)]
#[expect(missing_docs, reason = "named as the fields of the fact sheet wdt-2, 3.3, which gives their meaning")]
pub struct SwapReceiver {
    pub receiver: String,
    pub mobile: String,
    pub telno: String,
    pub zip: String,
    pub address: String,
    /// Codes and names of province, city, district; `None` = those of the order.
    pub region: Option<([i64; 3], String)>,
    /// The warehouse that sends them; empty = the one of the order.
    pub warehouse_no: String,
    /// Carrier number; empty = as usual.
    pub logistics_no: String,
}

/// Makes a refund order that waits for audit. Refused before the first write.
pub fn create_refund(tx: &mut Tx, settings: &Settings, new: &NewRefund, who: &str) -> Result<RefundOrder> {
    if !new.outer_no.is_empty() && table::no_of_outer_no(tx, &new.outer_no)?.is_some() {
        return Err(Refusal::Exists { what: "退换单外部单号", no: new.outer_no.clone() }.into());
    }
    if (new.kind == RefundKind::Exchange) == new.out.is_empty() {
        return Err(Refused::Exchange("换货单必须有换出货品,其他类型不能有换出货品").into());
    }
    let raw = order::raw_to_change(tx, &new.tid)?.ok_or_else(|| Refused::TidUnknown(new.tid.clone()))?;
    if raw.orders.is_empty() {
        return Err(Refused::NoOrder(new.tid.clone()).into());
    }
    for (field, amount) in [
        ("refund_amount", new.amount.unwrap_or_default()),
        ("post_amount", new.post_amount),
        ("other_amount", new.other_amount),
    ] {
        if amount.is_negative() {
            return Err(Refused::Number { field, value: amount.to_string(), why: "不能小于0" }.into());
        }
    }
    let wanted = wanted(new, &raw)?;
    let selection = if wanted.is_empty() {
        Selection { orders: Vec::new(), picked: Vec::new() }
    } else {
        pick(tx, &raw, new.kind, &wanted, 0)??
    };
    let out = out_lines(tx, &new.out)?;
    let exchange_amount: Money = out.iter().map(|line| line.price.times(line.num)).sum();
    let draft = Draft {
        kind: new.kind,
        raw: &raw,
        amount: amount(new, &selection, exchange_amount)?,
        post_amount: new.post_amount,
        other_amount: new.other_amount,
        warehouse_no: new.warehouse_no.as_deref(),
        creator: who,
    };
    let swap = swap_warehouse(tx, new)?;
    let mut refund = make(tx, settings, &draft, &selection)?;
    refund.outer_no.clone_from(&new.outer_no);
    refund.direct_refund_amount = refund.refund_amount;
    refund.reason.clone_from(&new.reason);
    refund.remark.clone_from(&new.remark);
    refund.parcel = new.parcel.clone();
    refund.consign_mode = new.consign_mode;
    refund.is_trade_charged = new.is_trade_charged;
    refund.exchange_amount = exchange_amount;
    refund.out = out;
    for (i, line) in (1..).zip(&mut refund.out) {
        line.oid = format!("{}-1-{i}", refund.no);
    }
    if new.kind == RefundKind::Exchange {
        fill_swap(tx, new, swap, &mut refund)?;
    }
    submit::store_new(tx, &mut refund)?;
    if new.kind == RefundKind::Unshipped {
        audit::tell(tx, settings, &refund, 2, false)?;
    }
    finish::mark_orders(tx, &refund)?;
    Ok(refund)
}

/// The pieces that are asked for; everything when none is named.
fn wanted(new: &NewRefund, raw: &order::RawOrder) -> Result<Vec<(String, Quantity)>> {
    if new.lines.is_empty() {
        return Ok(match new.kind {
            RefundKind::Payment => Vec::new(),
            _ => raw.facts.lines.iter().map(|line| (line.oid.clone(), line.num)).collect(),
        });
    }
    let mut wanted = Vec::with_capacity(new.lines.len());
    for NewRefundLine { oid, num } in &new.lines {
        if !num.is_positive() {
            return Err(Refused::Number { field: "num", value: num.to_string(), why: "应大于0" }.into());
        }
        wanted.push((oid.clone(), *num));
    }
    Ok(wanted)
}

/// What the buyer gets back, when that is not simply what was paid for the pieces.
fn amount(new: &NewRefund, selection: &Selection, exchange_amount: Money) -> Result<Option<Money>> {
    match (new.kind, new.amount) {
        (_, Some(amount)) => Ok(Some(amount)),
        (RefundKind::Payment, None) => {
            Err(Refused::Number { field: "refund_amount", value: String::new(), why: "补款必须有金额" }.into())
        }
        (RefundKind::Exchange, None) => {
            let paid: Money = selection.picked.iter().map(|piece| piece.paid.min(piece.left)).sum();
            Ok(Some((paid + new.post_amount + new.other_amount - exchange_amount).max(Money::ZERO)))
        }
        (_, None) => Ok(None),
    }
}

fn out_lines(tx: &mut Tx, out: &[NewOut]) -> Result<Vec<OutLine>> {
    let now = tx.now();
    let mut lines = Vec::with_capacity(out.len());
    for line in out {
        if !line.num.is_positive() {
            return Err(Refused::Number { field: "num", value: line.num.to_string(), why: "应大于0" }.into());
        }
        let target = catalog::target_by_code(tx, &line.merchant_no)?;
        let unknown = || Refusal::SpecUnknown(line.merchant_no.clone());
        let mut made = OutLine {
            id: 0,
            is_suite: false,
            target: 0,
            merchant_no: line.merchant_no.clone(),
            goods_name: String::new(),
            spec_name: String::new(),
            spec_code: String::new(),
            barcode: String::new(),
            sn_enable: 0,
            oid: String::new(),
            num: line.num,
            price: Money::ZERO,
            remark: String::new(),
            created: now,
            modified: now,
        };
        match target.ok_or_else(unknown)? {
            Target::Spec(key) => {
                let (spec, goods) = catalog::spec_by_id(tx, key)?.ok_or_else(unknown)?;
                made.target = key;
                made.goods_name = goods.facts.name;
                made.sn_enable = spec.facts.sn_enable;
                made.spec_name = spec.facts.name;
                made.spec_code = spec.facts.code;
                made.barcode = spec.facts.barcode;
                made.price = line.price.unwrap_or(spec.facts.retail_price);
            }
            Target::Suite(key) => {
                let suite = catalog::suite_by_id(tx, key)?.ok_or_else(unknown)?;
                made.is_suite = true;
                made.target = key;
                made.goods_name = suite.name;
                made.price = line.price.unwrap_or(suite.retail_price);
            }
        }
        made.id = tx.document_id("refund_out_line")?;
        lines.push(made);
    }
    Ok(lines)
}

/// Warehouse and carrier of the exchange goods, where they are named.
fn swap_warehouse(tx: &mut Tx, new: &NewRefund) -> Result<Swap> {
    let mut swap = Swap { carrier_kind: -1, ..Swap::default() };
    if new.kind != RefundKind::Exchange {
        return Ok(swap);
    }
    if !new.swap.warehouse_no.is_empty() {
        let warehouse = catalog::warehouse_by_no(tx, &new.swap.warehouse_no)?;
        (swap.warehouse, swap.warehouse_no) = (warehouse.id, warehouse.no);
    }
    if !new.swap.logistics_no.is_empty() {
        let carrier = catalog::carrier_by_no(tx, &new.swap.logistics_no)?;
        (swap.carrier, swap.carrier_name, swap.carrier_kind) = (carrier.id, carrier.name, carrier.kind);
    }
    Ok(swap)
}

/// What the exchange does not say itself is as in the order.
fn fill_swap(tx: &mut Tx, new: &NewRefund, mut swap: Swap, refund: &mut RefundOrder) -> Result<()> {
    let order = order::order_by_id(tx, refund.order)?;
    let (region, area) = order.as_ref().map(|order| (order.region, order.area.clone())).unwrap_or_default();
    (swap.region, swap.area) = new.swap.region.clone().unwrap_or((region, area));
    if swap.warehouse == 0 {
        let key = order.as_ref().map_or(refund.warehouse, |order| order.warehouse);
        let warehouse = catalog::warehouse_by_id(tx, key)?.unwrap_or_default();
        (swap.warehouse, swap.warehouse_no) = (warehouse.id, warehouse.no);
    }
    let or = |given: &str, stored: &str| if given.is_empty() { stored } else { given }.to_owned();
    let people = &mut refund.people;
    people.swap_receiver = or(&new.swap.receiver, &people.receiver_name);
    people.swap_mobile = or(&new.swap.mobile, &people.return_mobile);
    people.swap_telno = or(&new.swap.telno, &people.return_telno);
    people.swap_zip = or(&new.swap.zip, &people.swap_zip);
    people.swap_address = or(&new.swap.address, &people.receiver_address);
    refund.swap = Some(swap);
    Ok(())
}
