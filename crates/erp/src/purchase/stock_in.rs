//! Stock-ins of purchase orders (采购入库单): goods arrive in parts, their prices are confirmed, they come on hand.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::json;
use store::Tx;
use units::{Moment, Money, Quantity};

use super::audit::keep;
use super::document::{OrderLine, PriceHistory, PurchaseOrder, Terms};
use super::settle::arrived;
use super::status::{PURCHASE_ORDER, PurchaseEvent};
use super::{check, holding, table};
use crate::stock::{self, Move, StockIn, StockInEvent, StockInKind, StockInLine, StockInStatus, audited_status};
use crate::{Refusal, Result, Settings, catalog};

/// A stock-in of a purchase order.
#[derive(Debug, Clone, Default)]
pub struct NewPurchaseIn {
    /// The order.
    pub purchase_no: String,
    /// The caller's number, unique over all stock-ins; empty = none.
    pub outer_no: String,
    /// Warehouse number; that of the order.
    pub warehouse_no: String,
    /// Unknown batches are made.
    pub create_batch: bool,
    /// Carrier number; empty = none.
    pub logistics_code: String,
    /// Waybill.
    pub logistics_no: String,
    /// Freight.
    pub post_fee: Money,
    /// Other cost.
    pub other_fee: Money,
    /// Remark.
    pub remark: String,
    /// Custom texts.
    pub props: [String; 2],
    /// The lines; a spec may stand on several, in several batches.
    pub lines: Vec<NewPurchaseInLine>,
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub struct NewPurchaseInLine {
    /// Merchant code, which the order must have.
    pub spec_no: String,
    /// Pieces.
    pub num: Quantity,
    /// Price of a piece before tax; what the order pays when absent.
    pub price: Option<Money>,
    /// Original price; the order's when absent.
    pub src_price: Option<Money>,
    /// Rate of the tax; the order's when absent.
    pub tax: Option<Quantity>,
    /// Price after tax; follows when absent.
    pub tax_price: Option<Money>,
    /// Bin.
    pub position_no: String,
    /// Batch.
    pub batch_no: String,
    /// Made when.
    pub production_date: Option<Moment>,
    /// Expires when.
    pub expire_date: Option<Moment>,
    /// Shelf life, days.
    pub validity_days: i64,
    /// Remark.
    pub remark: String,
}

/// A confirmed price.
#[derive(Debug, Clone)]
pub struct NewPrice {
    /// Merchant code of the lines.
    pub spec_no: String,
    /// Price of a piece before tax.
    pub price: Money,
}

/// Makes a stock-in of a purchase order (fact sheet wdt-2, 4.2): a draft counts as arrived, an audited one is on hand. Where prices
/// are to be confirmed it waits for that whatever `audit` says. More than was ordered is accepted (12 no. 14).
pub fn push_stock_in(tx: &mut Tx, settings: &Settings, new: &NewPurchaseIn, audit: bool) -> Result<StockIn> {
    stock::stock_in_no_is_free(tx, &new.outer_no)?;
    let mut order = table::order_by_no(tx, &new.purchase_no)?
        .ok_or_else(|| Refusal::SourceUnknown { what: "采购单", no: new.purchase_no.clone() })?;
    PURCHASE_ORDER.fire(order.status, PurchaseEvent::ArrivePart)?;
    let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
    if warehouse.id != order.warehouse {
        return Err(Refusal::WarehouseOfOther(warehouse.no).into());
    }
    if !new.logistics_code.is_empty() {
        catalog::carrier_by_no(tx, &new.logistics_code)?;
    }
    check::amount("post_fee", new.post_fee)?;
    check::amount("other_fee", new.other_fee)?;
    let lines = new.lines.iter().map(|line| stock_in_line(&order, line)).collect::<Result<Vec<_>>>()?;
    let positions = lines.iter().map(|line| &*line.position_no);
    stock::positions_known(tx, settings, order.warehouse, positions, true)?;
    let batches = lines.iter().map(|line| (line.spec, &*line.batch_no));
    stock::batches_known(tx, settings, new.create_batch, batches)?;
    let confirm = settings.purchase.confirm_price;
    let mut draft = StockIn::draft(StockInKind::Purchase, order.warehouse);
    draft.outer_no = new.outer_no.clone();
    (draft.source, draft.source_no) = (order.id, order.no.clone());
    draft.provider = order.provider;
    draft.status = if confirm { StockInStatus::AwaitingPrice } else { StockInStatus::AwaitingAudit };
    draft.remark = new.remark.clone();
    draft.logistics_code = new.logistics_code.clone();
    draft.logistics_no = new.logistics_no.clone();
    (draft.post_fee, draft.other_fee) = (new.post_fee, new.other_fee);
    draft.props = new.props.clone();
    draft.lines = lines;
    let mut stock_in = stock::open_stock_in(tx, settings, draft)?;
    if audit && !confirm {
        come_in(tx, settings, &mut order, &mut stock_in, Quantity::ZERO)?;
    } else {
        let before = holding::of_order(&order);
        each_line(tx.now(), &mut order, &stock_in, |line, come| line.arrive_num += come.num);
        holding::post(tx, settings, order.warehouse, &stock_in.no, &before, &holding::of_order(&order))?;
        keep(tx, &mut order, "purchase_order.arrived", &json!({ "stockin_no": stock_in.no }))?;
    }
    Ok(stock_in)
}

fn stock_in_line(order: &PurchaseOrder, new: &NewPurchaseInLine) -> Result<StockInLine> {
    let line = order.lines.iter().find(|line| line.item.spec_no == new.spec_no);
    let line = line.ok_or_else(|| Refusal::NotOnOrder(new.spec_no.clone()))?;
    check::quantity("stockin_num", new.num)?;
    if new.validity_days < 0 {
        return Err(Refusal::BadNumber { field: "validity_days", why: "不能小于0" }.into());
    }
    let price = new.price.unwrap_or_else(|| line.terms.net());
    let tax = new.tax.unwrap_or(line.terms.tax);
    // The price is what was paid: a discount is in it already.
    let terms = Terms::new(price, Quantity::whole(1), tax, new.tax_price);
    check::amount("stockin_price", terms.price)?;
    check::terms(new.num, &terms)?;
    let src_price = new.src_price.unwrap_or(line.terms.price);
    check::amount("src_price", src_price)?;
    Ok(StockInLine {
        source_line: line.id,
        spec: line.item.spec,
        spec_no: line.item.spec_no.clone(),
        num: new.num,
        expect: line.num,
        price,
        src_price,
        tax,
        tax_price: terms.tax_price,
        position_no: new.position_no.clone(),
        batch_no: new.batch_no.clone(),
        production_date: new.production_date,
        expire_date: new.expire_date,
        validity_days: new.validity_days,
        remark: new.remark.clone(),
        ..StockInLine::default()
    })
}

/// Audits a draft: what had arrived comes on hand.
pub(crate) fn audit_stock_in(tx: &mut Tx, settings: &Settings, stock_in: &mut StockIn) -> Result<()> {
    let mut order = order_of(tx, stock_in)?;
    come_in(tx, settings, &mut order, stock_in, Quantity::whole(1))
}

/// Cancels a draft: what had arrived is on its way again.
pub(crate) fn cancel_stock_in(tx: &mut Tx, settings: &Settings, stock_in: &mut StockIn) -> Result<()> {
    let mut order = order_of(tx, stock_in)?;
    stock::turn_stock_in(tx, stock_in, StockInEvent::Cancel)?;
    let before = holding::of_order(&order);
    each_line(tx.now(), &mut order, stock_in, |line, gone| line.arrive_num -= gone.num);
    if order.finished() {
        arrived(settings, &mut order, PurchaseEvent::ArriveAll)?;
    }
    holding::post(tx, settings, order.warehouse, &stock_in.no, &before, &holding::of_order(&order))?;
    keep(tx, &mut order, "purchase_order.arrival_cancelled", &json!({ "stockin_no": stock_in.no }))
}

/// Confirms the prices of a stock-in that waits for it; lines whose spec is not named keep theirs. It is audited at once when asked.
pub fn confirm_price(tx: &mut Tx, settings: &Settings, no: &str, prices: &[NewPrice], audit: bool) -> Result<StockIn> {
    let mut stock_in = stock::stock_in_by_no(tx, no)?;
    for new in prices {
        check::amount("price", new.price)?;
        let mut found = false;
        for line in stock_in.lines.iter_mut().filter(|line| line.spec_no == new.spec_no) {
            let terms = Terms::new(new.price, Quantity::whole(1), line.tax, None);
            check::terms(line.num, &terms)?;
            (line.price, line.tax_price) = (new.price, terms.tax_price);
            found = true;
        }
        if !found {
            return Err(Refusal::NotOnOrder(new.spec_no.clone()).into());
        }
    }
    stock::turn_stock_in(tx, &mut stock_in, StockInEvent::ConfirmPrice)?;
    if audit {
        audit_stock_in(tx, settings, &mut stock_in)?;
    }
    Ok(stock_in)
}

fn order_of(tx: &mut Tx, stock_in: &StockIn) -> Result<PurchaseOrder> {
    let found = table::orders_by_id(tx, &[stock_in.source])?.pop();
    found.ok_or_else(|| Refusal::SourceUnknown { what: "采购单", no: stock_in.source_no.clone() }.into())
}

/// The goods come on hand. `drafted` is one when they had been counted as arrived, zero when not.
fn come_in(
    tx: &mut Tx,
    settings: &Settings,
    order: &mut PurchaseOrder,
    stock_in: &mut StockIn,
    drafted: Quantity,
) -> Result<()> {
    let before = holding::of_order(order);
    each_line(tx.now(), order, stock_in, |line, come| {
        line.arrive_num -= come.num.times(drafted);
        line.stockin_num += come.num;
        line.stockin_amount += come.price.times(come.num);
    });
    if order.finished() {
        arrived(settings, order, PurchaseEvent::ArriveAll)?;
    } else {
        order.status = PURCHASE_ORDER.fire(order.status, PurchaseEvent::ArrivePart)?;
    }
    let moves = holding::difference(&before, &holding::of_order(order));
    let relief = Once::new(moves);
    stock::receive(tx, settings, stock_in, audited_status(settings), &|line| relief.take(line.spec))?;
    remember_prices(tx, stock_in)?;
    let body = json!({ "stockin_no": stock_in.no, "due": order.due() });
    keep(tx, order, "purchase_order.received", &body)
}

/// Changes the line of the order that each line of a stock-in belongs to.
fn each_line(
    now: Moment,
    order: &mut PurchaseOrder,
    stock_in: &StockIn,
    change: impl Fn(&mut OrderLine, &StockInLine),
) {
    for come in &stock_in.lines {
        if let Some(line) = order.lines.iter_mut().find(|line| line.id == come.source_line) {
            change(line, come);
            line.modified = now;
        }
    }
}

/// The last price of each spec, the one before it, the lowest.
fn remember_prices(tx: &mut Tx, stock_in: &StockIn) -> Result<()> {
    let specs: Vec<i64> = stock_in.lines.iter().map(|line| line.spec).collect();
    let mut known = table::prices(tx, &specs)?;
    let mut paid: Vec<(i64, Money)> = Vec::new();
    for line in &stock_in.lines {
        match paid.iter_mut().find(|(spec, _)| *spec == line.spec) {
            Some((_, price)) => *price = line.price,
            None => paid.push((line.spec, line.price)),
        }
    }
    for (spec, price) in paid {
        let history = match known.remove(&spec) {
            None => PriceHistory { last: price, second: Money::ZERO, lowest: price },
            Some(before) => PriceHistory { last: price, second: before.last, lowest: before.lowest.min(price) },
        };
        table::save_price(tx, spec, &history)?;
    }
    Ok(())
}

/// Moves of each spec that are handed out once, with the first line of the spec.
pub(super) struct Once(RefCell<HashMap<i64, Vec<Move>>>);

impl Once {
    pub(super) fn new(moves: Vec<(i64, i64, Vec<Move>)>) -> Self {
        Self(RefCell::new(moves.into_iter().map(|(spec, _, moves)| (spec, moves)).collect()))
    }

    pub(super) fn take(&self, spec: i64) -> Vec<Move> {
        self.0.borrow_mut().remove(&spec).unwrap_or_default()
    }
}
