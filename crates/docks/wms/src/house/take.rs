//! What their ERP orders becomes documents here: raw orders, stock-ins and stock-outs that wait for people, goods.

use erp::catalog::{self, GoodsChange, SpecChange, Suite, SuiteFilter, SuitePart};
use erp::order::{self, Buyer, DeliveryTerm, PushLine, PushOrder, TradeStatus};
use erp::stock::{self, NewStockIn, NewStockInLine, NewStockOut, NewStockOutLine};
use erp::{Settings, region};
use store::Tx;
use units::{Money, Quantity};

use crate::binding::{Binding, Place};
use crate::message::{CombineSynchronize, DeliveryCreate, EntryCreate, Item, Party, ReturnCreate, StockOutCreate};
use crate::{Error, Result};

/// What the reply says besides.
pub(super) fn numbers(method: &str, number: &str) -> Vec<(&'static str, String)> {
    let name = match method {
        "entryorder.create" => "entryOrderId",
        "returnorder.create" => "returnOrderId",
        "deliveryorder.create" | "stockout.create" => "deliveryOrderId",
        "storeprocess.create" => "processOrderId",
        "singleitem.synchronize" => "itemId",
        _ => return Vec::new(),
    };
    vec![(name, number.to_owned())]
}

pub(super) fn place<'b>(binding: &'b Binding, code: &str) -> Result<&'b Place> {
    binding.place_called(code).ok_or_else(|| Error::Refused(format!("warehouseCode {code}不存在")))
}

/// 0 good, 1 defective.
pub(super) fn defect(inventory_type: Option<&String>) -> i64 {
    i64::from(inventory_type.is_some_and(|kind| kind != "ZP"))
}

/// Refuses goods that we do not know.
pub(super) fn known<'i>(tx: &mut Tx, items: impl Iterator<Item = &'i str>) -> Result<()> {
    let items: Vec<&str> = items.collect();
    let specs = catalog::specs_by_no(tx, items.iter().copied())?;
    match items.iter().find(|item| !specs.contains_key(**item)) {
        Some(item) => Err(Error::Refused(format!("itemCode {item}不存在"))),
        None => Ok(()),
    }
}

/// A delivery is a paid raw order of the shop of the agreement; people audit and ship it like every other.
pub(super) fn delivery(tx: &mut Tx, settings: &Settings, binding: &Binding, told: &DeliveryCreate) -> Result<String> {
    let place = place(binding, &told.order.warehouse_code)?;
    known(tx, told.lines.iter().map(|line| line.item_code.as_str()))?;
    let shops = catalog::shops(tx, Some(&binding.shop_no), &[], false, catalog::Page { no: 0, size: 1 })?;
    let shop = shops.rows.into_iter().next();
    let shop = shop.ok_or_else(|| Error::Refused(format!("店铺{}不存在或已停用", binding.shop_no)))?;
    let lines: Vec<PushLine> = told
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| PushLine {
            oid: format!("{}-{}", told.order.code, at + 1),
            status: TradeStatus::Paid,
            refund_status: 0,
            goods_id: line.item_code.clone(),
            spec_id: line.item_code.clone(),
            goods_no: String::new(),
            spec_no: line.item_code.clone(),
            goods_name: line.item_name.clone().unwrap_or_default(),
            spec_name: String::new(),
            num: line.plan_qty,
            price: line.actual_price,
            adjust: Money::ZERO,
            discount: Money::ZERO,
            share_discount: Money::ZERO,
            cid: String::new(),
            remark: String::new(),
        })
        .collect();
    if lines.iter().any(|line| !line.num.is_positive()) {
        return Err(Error::Refused("planQty应大于0".to_owned()));
    }
    let paid: Money = lines.iter().map(PushLine::receivable).sum();
    let (region, area) = region_of(&told.order.receiver);
    let now = tx.now();
    let new = PushOrder {
        tid: told.order.code.clone(),
        status: TradeStatus::Paid,
        pay_status: 2,
        delivery_term: DeliveryTerm::PayFirst,
        trade_time: Some(told.order.place_order_time.min(now)),
        pay_time: Some(told.order.place_order_time.min(now)),
        region,
        area,
        pay_id: None,
        logistics_type: None,
        invoice_kind: None,
        invoice_title: None,
        invoice_content: None,
        buyer_message: told.order.buyer_message.clone(),
        seller_memo: told.order.seller_message.clone(),
        seller_flag: None,
        post_amount: Money::ZERO,
        cod_amount: Money::ZERO,
        ext_cod_fee: Money::ZERO,
        other_amount: Money::ZERO,
        paid,
        fenxiao_type: None,
        fenxiao_nick: None,
        warehouse_no: Some(place.no.clone()),
        is_auto_wms: None,
        wms_type: None,
        to_deliver_time: None,
        id_card_type: None,
        cust_data: None,
        is_sealed: None,
        buyer: buyer(&told.order.receiver, &told.order.shop_nick),
        lines,
    };
    order::push(tx, settings, &shop, new)?;
    let raw = order::raw_by_tid(tx, &told.order.code)?.filter(|raw| !raw.orders.is_empty());
    let raw = raw.ok_or_else(|| Error::Refused("订单未能递交,请检查货品与店铺".to_owned()))?;
    Ok(format!("RAW{}", store::wire_id(raw.id)))
}

fn region_of(party: &Party) -> ([i64; 3], String) {
    let district = party.area.as_deref().unwrap_or_default();
    match region::resolve(&party.province, &party.city, district) {
        Ok(found) => ([found.province, found.city, found.district], found.names.join(" ")),
        Err(_) => ([0; 3], format!("{} {} {district}", party.province, party.city)),
    }
}

fn buyer(party: &Party, nick: &str) -> Buyer {
    Buyer {
        nick: nick.to_owned(),
        name: party.name.clone(),
        address: party.detail_address.clone(),
        mobile: party.mobile.clone(),
        telno: party.tel.clone().unwrap_or_default(),
        zip: party.zip_code.clone().unwrap_or_default(),
        ..Buyer::default()
    }
}

struct Come<'c> {
    code: &'c str,
    warehouse_code: &'c str,
    reason: &'static str,
    lines: Vec<(String, Quantity, i64)>,
}

/// A stock-in that waits for its audit: people say what really came.
fn come(tx: &mut Tx, settings: &Settings, binding: &Binding, come: Come<'_>) -> Result<String> {
    let place = place(binding, come.warehouse_code)?;
    known(tx, come.lines.iter().map(|(item, ..)| item.as_str()))?;
    let lines = come.lines.into_iter().map(|(spec_no, num, defect)| NewStockInLine {
        spec_no,
        num,
        defect,
        ..NewStockInLine::default()
    });
    let new = NewStockIn {
        outer_no: come.code.to_owned(),
        warehouse_no: place.no.clone(),
        create_batch: true,
        remark: format!("{} {}", binding.owner_code, come.reason),
        lines: lines.collect(),
        ..NewStockIn::default()
    };
    Ok(stock::push_other_stock_in(tx, settings, &new)?.no)
}

pub(super) fn entry(tx: &mut Tx, settings: &Settings, binding: &Binding, told: &EntryCreate) -> Result<String> {
    let lines = told.lines.iter().map(|l| (l.item_code.clone(), l.plan_qty, defect(l.inventory_type.as_ref())));
    let (code, warehouse_code) = (told.order.code.as_str(), told.order.warehouse_code.as_str());
    come(tx, settings, binding, Come { code, warehouse_code, reason: "入库", lines: lines.collect() })
}

pub(super) fn returned(tx: &mut Tx, settings: &Settings, binding: &Binding, told: &ReturnCreate) -> Result<String> {
    let lines = told.lines.iter().map(|l| (l.item_code.clone(), l.plan_qty, defect(l.inventory_type.as_ref())));
    let (code, warehouse_code) = (told.order.code.as_str(), told.order.warehouse_code.as_str());
    come(tx, settings, binding, Come { code, warehouse_code, reason: "退货入库", lines: lines.collect() })
}

/// A stock-out that waits for its audit.
pub(super) fn stock_out(tx: &mut Tx, settings: &Settings, binding: &Binding, told: &StockOutCreate) -> Result<String> {
    let place = place(binding, &told.order.warehouse_code)?;
    known(tx, told.lines.iter().map(|line| line.item_code.as_str()))?;
    let lines = told.lines.iter().map(|line| NewStockOutLine {
        spec_no: line.item_code.clone(),
        num: line.plan_qty,
        defect: defect(line.inventory_type.as_ref()),
        ..NewStockOutLine::default()
    });
    let new = NewStockOut {
        outer_no: told.order.code.clone(),
        warehouse_no: place.no.clone(),
        remark: format!("{} 出库", binding.owner_code),
        lines: lines.collect(),
        ..NewStockOut::default()
    };
    Ok(stock::push_other_stock_out(tx, settings, &new)?.no)
}

/// Goods that their ERP makes known: a goods of the same number for each, or a spec of the goods that is named.
pub(super) fn goods(tx: &mut Tx, items: &[Item]) -> Result<String> {
    for item in items {
        let spec = SpecChange {
            no: &item.code,
            change: Box::new(move |facts| {
                item.bar_code.clone_into(&mut facts.barcode);
                let name = item.sku_property.as_ref().unwrap_or(&item.name);
                name.clone_into(&mut facts.name);
                if let Some(weight) = item.gross_weight {
                    facts.weight = weight;
                }
                if let Some(price) = item.retail_price {
                    facts.retail_price = price;
                }
            }),
        };
        let change = GoodsChange {
            no: item.goods_code.as_deref().unwrap_or(&item.code),
            brand: item.brand_name.as_deref(),
            class: None,
            change: &|facts| item.name.clone_into(&mut facts.name),
            specs: vec![spec],
        };
        catalog::push_goods(tx, &change)?;
    }
    Ok(items.first().map(|item| item.code.clone()).unwrap_or_default())
}

/// A suite that their ERP makes known. One that is here already is not changed behind its owner's back: orders were made from it.
pub(super) fn suite(tx: &mut Tx, told: &CombineSynchronize) -> Result<String> {
    let filter = SuiteFilter { no: Some(&told.item_code), ..SuiteFilter::default() };
    let known = catalog::suites(tx, &filter, catalog::Page { no: 0, size: 1 })?.rows.pop();
    if let Some(known) = known {
        let same = known.parts.len() == told.items.len()
            && told
                .items
                .iter()
                .all(|item| known.parts.iter().any(|part| part.spec_no == item.item_code && part.num == item.quantity));
        return match same {
            true => Ok(String::new()),
            false => Err(Error::Refused(format!("组合装{}已存在且内容不同,请人工修改", told.item_code))),
        };
    }
    let name = told.more.iter().find(|element| element.name == "itemName").map(|element| element.text.trim());
    let parts = told.items.iter().map(|item| SuitePart {
        spec_no: item.item_code.clone(),
        num: item.quantity,
        ..SuitePart::default()
    });
    let suite = Suite {
        no: told.item_code.clone(),
        name: name.filter(|name| !name.is_empty()).unwrap_or(&told.item_code).to_owned(),
        parts: parts.collect(),
        ..Suite::default()
    };
    catalog::create_suite(tx, suite)?;
    Ok(String::new())
}
