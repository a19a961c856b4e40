//! Purchase orders (采购单): made, edited, submitted.

use store::Tx;
use units::{Money, Quantity};

use super::apply::References;
use super::audit::{self, Stage};
use super::check::{self, Goods};
use super::document::{OrderFacts, OrderLine, Outside, PurchaseOrder, Signed, Terms};
use super::query::order_by_no;
use super::status::{PURCHASE_ORDER, PurchaseEvent, PurchaseStatus};
use super::{holding, table};
use crate::catalog::{self, Provider, Warehouse};
use crate::{Refusal, Result, Settings};

/// The longest number that may become an order's own (fact sheet wdt-2, 4.1).
const OWN_NUMBER: usize = 20;

/// A purchase order to make.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// Provider number.
    pub provider_no: String,
    /// Warehouse number.
    pub warehouse_no: String,
    /// The caller's number; empty = none.
    pub outer_no: String,
    /// The caller's number becomes the order's own; at most 20 characters then.
    pub use_outer_no: bool,
    /// What is said about the order as a whole.
    pub facts: OrderFacts,
    /// The lines; a spec once.
    pub lines: Vec<NewOrderLine>,
}

/// A line of it.
#[derive(Debug, Clone)]
pub struct NewOrderLine {
    /// Merchant code.
    pub spec_no: String,
    /// Pieces.
    pub num: Quantity,
    /// Price of a piece before discount and tax.
    pub price: Money,
    /// What it is multiplied by; 1 when absent.
    pub discount: Option<Quantity>,
    /// Rate of the tax.
    pub tax: Quantity,
    /// Price after tax; follows from the others when absent.
    pub tax_price: Option<Money>,
    /// Requisition that the line is made from; empty = none.
    pub apply_no: String,
    /// Custom texts.
    pub props: [String; 2],
    /// Remark.
    pub remark: String,
}

/// Makes a purchase order and takes it as far as `stage`. The caller's number can be used once.
pub fn create_order(
    tx: &mut Tx,
    settings: &Settings,
    new: &NewOrder,
    stage: Stage,
    who: &str,
) -> Result<PurchaseOrder> {
    if new.use_outer_no {
        own_number(&new.outer_no)?;
    }
    let no = free_number(tx, settings, new)?;
    let mut references = References::default();
    let contents = Contents::of(tx, new, &mut references)?;
    let Contents { mut provider, warehouse, lines } = contents;
    let mut order = PurchaseOrder {
        id: tx.document_id("purchase_order")?,
        no,
        outer_no: new.outer_no.clone(),
        provider: provider.id,
        warehouse: warehouse.id,
        status: PurchaseStatus::Editing,
        facts: new.facts.clone(),
        lines,
        creator: who.to_owned(),
        audit: Signed::default(),
        finance: Signed::default(),
        outside: Outside::default(),
        revert_reason: String::new(),
        settled: Money::ZERO,
        version: 0,
        created: tx.now(),
        modified: tx.now(),
    };
    audit::advance(tx, settings, &mut order, &warehouse, stage, who)?;
    holding::post(tx, settings, order.warehouse, &order.no, &[], &holding::of_order(&order))?;
    let body = serde_json::json!({ "outer_no": order.outer_no, "provider_no": provider.no, "status": order.status });
    tx.event("purchase_order.created", &order.no, &body)?;
    table::save_order(tx, &order)?;
    references.keep(tx)?;
    catalog::bought_from(tx, &mut provider)?;
    Ok(order)
}

/// Replaces what an order in editing says: provider, warehouse, facts and lines. Its numbers stay.
pub fn edit_order(tx: &mut Tx, no: &str, new: &NewOrder) -> Result<PurchaseOrder> {
    let mut order = order_by_no(tx, no)?;
    // What may still be submitted may still be changed.
    PURCHASE_ORDER.fire(order.status, PurchaseEvent::Submit)?;
    let mut references = References::default();
    references.give_back(tx, &order.lines)?;
    let Contents { provider, warehouse, lines } = Contents::of(tx, new, &mut references)?;
    order.provider = provider.id;
    order.warehouse = warehouse.id;
    order.facts = new.facts.clone();
    order.lines = lines;
    audit::keep(tx, &mut order, "purchase_order.edited", &serde_json::json!({ "provider_no": provider.no }))?;
    references.keep(tx)?;
    Ok(order)
}

fn own_number(no: &str) -> Result<()> {
    if no.is_empty() {
        return Err(Refusal::Invalid { field: "outer_no", why: "不能为空" }.into());
    }
    if no.chars().count() > OWN_NUMBER {
        return Err(Refusal::TooLong { field: "outer_no", max: OWN_NUMBER }.into());
    }
    Ok(())
}

/// The number of a new order. A caller's number that became an order's own may look like one of ours, which is passed over then.
fn free_number(tx: &mut Tx, settings: &Settings, new: &NewOrder) -> Result<String> {
    let form = &settings.purchase.order_number;
    loop {
        let no = if new.use_outer_no {
            new.outer_no.clone()
        } else {
            let counter = tx.next(&form.stem(tx.now()))?;
            form.write(tx.now(), counter)
        };
        let found = table::outer_numbers_at(tx, &no, &new.outer_no)?;
        let taken = |outer_no: &String| !new.outer_no.is_empty() && *outer_no == new.outer_no;
        if found.iter().any(taken) || (new.use_outer_no && !found.is_empty()) {
            return Err(Refusal::Exists { what: "采购单", no: new.outer_no.clone() }.into());
        }
        if found.is_empty() {
            return Ok(no);
        }
    }
}

/// What an order refers to, looked up and checked.
struct Contents {
    provider: Provider,
    warehouse: Warehouse,
    lines: Vec<OrderLine>,
}

impl Contents {
    fn of(tx: &mut Tx, new: &NewOrder, references: &mut References) -> Result<Self> {
        let provider = catalog::provider_by_no(tx, &new.provider_no)?;
        let warehouse = catalog::warehouse_by_no(tx, &new.warehouse_no)?;
        check::amount("post_fee", new.facts.post_fee)?;
        check::amount("other_fee", new.facts.other_fee)?;
        let goods = Goods::read(tx, new.lines.iter().map(|line| &*line.spec_no), false)?;
        let items = new.lines.iter().map(|line| goods.item(&line.spec_no)).collect::<Result<Vec<_>>>()?;
        let specs: Vec<i64> = items.iter().map(|item| item.spec).collect();
        let known = catalog::provider_goods(tx, provider.id, &specs)?;
        let paid = table::prices(tx, &specs)?;
        let mut lines = Vec::with_capacity(new.lines.len());
        for (line, item) in new.lines.iter().zip(items) {
            check::quantity("num", line.num)?;
            let terms = Terms::new(line.price, line.discount.unwrap_or(Quantity::whole(1)), line.tax, line.tax_price);
            check::terms(line.num, &terms)?;
            let apply = match &*line.apply_no {
                "" => None,
                no => Some(references.take(tx, no, &line.spec_no, line.num)?),
            };
            let named = known.iter().find(|goods| goods.spec == item.spec);
            lines.push(OrderLine {
                id: tx.next("purchase_line")?,
                num: line.num,
                terms,
                stockin_num: Quantity::ZERO,
                stockin_amount: Money::ZERO,
                arrive_num: Quantity::ZERO,
                stopwait_num: Quantity::ZERO,
                apply,
                provider_goods_no: named.map(|goods| goods.goods_no.clone()).unwrap_or_default(),
                provider_price: named.map(|goods| goods.price).unwrap_or_default(),
                paid_before: paid.get(&item.spec).copied().unwrap_or_default(),
                item,
                props: line.props.clone(),
                remark: line.remark.clone(),
                modified: tx.now(),
            });
        }
        Ok(Self { provider, warehouse, lines })
    }
}
