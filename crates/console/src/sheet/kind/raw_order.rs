//! 原始订单: orders of an own mall, as a push brings them, one row a line.

use erp::catalog::{self, Page, Rows, Window};
use erp::order::{self, Buyer, DeliveryTerm, Outcome, PushLine, PushOrder, RawFilter, RawOrder, TradeStatus};
use erp::region;
use store::{Reader, Tx};
use units::Moment;

pub(super) use super::raw_order_rows::RawRow;
use super::{filled, given};
use crate::sheet::export::{Export, Filter, Names};
use crate::sheet::import::{Import, Stop, Stored};
use crate::sheet::{Failed, Work};

impl Import for RawRow {
    const ROWS: usize = 200;

    fn store(tx: &mut Tx, settings: &erp::Settings, rows: &[Self]) -> Result<Stored, Stop> {
        let Some(first) = rows.first() else { return Ok(Stored::Same) };
        let raw = raw_order(first, rows)?;
        let shop = catalog::own_mall_to_push(tx, given(&first.shop_no))?;
        Ok(match order::push(tx, settings, &shop, raw)? {
            Outcome::Created | Outcome::Changed => Stored::Done,
            Outcome::Unchanged => Stored::Same,
        })
    }
}

fn refuse<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Refused(why.into()))
}

fn raw_order(first: &RawRow, rows: &[RawRow]) -> Result<PushOrder, Stop> {
    if first.mobile.is_none() && first.telno.is_none() {
        return refuse("手机与固话不能同时为空");
    }
    let names = [&first.province, &first.city, &first.district].map(given);
    let address = given(&first.address);
    let found = if names.iter().all(|name| name.is_empty()) {
        region::parse(address).map(|(region, rest)| (region, if rest.is_empty() { address } else { rest }))
    } else {
        region::resolve(names[0], names[1], names[2]).ok().map(|region| (region, address))
    };
    let Some((region, address)) = found else { return refuse(format!("省市区{}无法匹配", names.join(" "))) };
    let status = |code: Option<i64>| code.and_then(TradeStatus::from_code).unwrap_or(TradeStatus::Paid);
    let lines =
        rows.iter().enumerate().map(|(place, row)| line(first, place, row, status(row.status.or(first.trade_status))));
    let paid = first.paid.unwrap_or_default();
    if [first.post_amount, first.cod_amount, first.ext_cod_fee, first.other_amount, first.paid]
        .into_iter()
        .flatten()
        .any(|amount| amount.is_negative())
    {
        return refuse("金额不能小于0");
    }
    Ok(PushOrder {
        tid: given(&first.tid).to_owned(),
        status: status(first.trade_status),
        pay_status: first.pay_status.unwrap_or_default(),
        delivery_term: first.delivery_term.and_then(DeliveryTerm::from_code).unwrap_or(DeliveryTerm::PayFirst),
        trade_time: first.trade_time,
        pay_time: first.pay_time,
        region: [region.province, region.city, region.district],
        area: region.names.join(" "),
        pay_id: None,
        logistics_type: None,
        invoice_kind: first.invoice_kind,
        invoice_title: first.invoice_title.clone(),
        invoice_content: first.invoice_content.clone(),
        buyer_message: first.buyer_message.clone(),
        seller_memo: first.seller_memo.clone(),
        seller_flag: None,
        post_amount: first.post_amount.unwrap_or_default(),
        cod_amount: first.cod_amount.unwrap_or_default(),
        ext_cod_fee: first.ext_cod_fee.unwrap_or_default(),
        other_amount: first.other_amount.unwrap_or_default(),
        paid,
        fenxiao_type: None,
        fenxiao_nick: None,
        warehouse_no: first.warehouse_no.clone(),
        is_auto_wms: None,
        wms_type: None,
        to_deliver_time: None,
        id_card_type: None,
        cust_data: None,
        is_sealed: None,
        buyer: Buyer {
            nick: given(&first.buyer_nick).to_owned(),
            name: given(&first.receiver_name).to_owned(),
            address: address.to_owned(),
            mobile: given(&first.mobile).to_owned(),
            telno: given(&first.telno).to_owned(),
            zip: given(&first.zip).to_owned(),
            id_card: given(&first.id_card).to_owned(),
            ..Buyer::default()
        },
        lines: lines.collect::<Result<_, _>>()?,
    })
}

fn line(first: &RawRow, place: usize, row: &RawRow, status: TradeStatus) -> Result<PushLine, Stop> {
    let (goods_no, spec_no) = (given(&row.goods_no), given(&row.spec_no));
    if goods_no.is_empty() && spec_no.is_empty() {
        return refuse("货品编号与商家编码不能同时为空");
    }
    let num = row.num.unwrap_or_default();
    let price = row.price.unwrap_or_default();
    if !num.is_positive() {
        return refuse(format!("商家编码{spec_no}的数量应大于0"));
    }
    if price.is_negative() {
        return refuse(format!("商家编码{spec_no}的单价不能小于0"));
    }
    let of_goods = if goods_no.is_empty() { spec_no } else { goods_no };
    Ok(PushLine {
        oid: row.oid.clone().unwrap_or_else(|| format!("{}-{}", given(&first.tid), place + 1)),
        status,
        refund_status: row.refund_status.unwrap_or_default(),
        goods_id: row.goods_id.clone().unwrap_or_else(|| of_goods.to_owned()),
        spec_id: row.spec_id.clone().unwrap_or_else(|| spec_no.to_owned()),
        goods_no: goods_no.to_owned(),
        spec_no: spec_no.to_owned(),
        goods_name: given(&row.goods_name).to_owned(),
        spec_name: given(&row.spec_name).to_owned(),
        num,
        price,
        adjust: row.adjust.unwrap_or_default(),
        discount: row.discount.unwrap_or_default(),
        share_discount: row.share_discount.unwrap_or_default(),
        cid: String::new(),
        remark: given(&row.remark).to_owned(),
    })
}

impl Export for RawRow {
    type Item = RawOrder;
    const FILTERS: &'static [&'static str] = &["start_time", "end_time", "shop_no"];

    fn page(reader: &mut Reader, filter: &Filter, window: Window, page: Page) -> Result<Rows<RawOrder>, Failed> {
        let filter = RawFilter { shops: filter.shops.clone(), window: Some(window), ..RawFilter::default() };
        Ok(order::raw_orders(reader, &filter, page)?)
    }

    fn rows(reader: &mut Reader, _: &Work, names: &mut Names, item: &RawOrder) -> Result<Vec<Self>, Failed> {
        let shop = names.shop(reader, item.shop)?;
        let facts = &item.facts;
        let mut area = facts.area.splitn(3, ' ').map(filled);
        let of_order = Self {
            tid: filled(&facts.tid),
            shop_no: filled(&shop),
            trade_status: Some(facts.status.code()),
            pay_status: Some(facts.pay_status),
            delivery_term: Some(facts.delivery_term.code()),
            trade_time: facts.trade_time,
            pay_time: facts.pay_time.filter(|time| *time > Moment::from_unix(0)),
            buyer_nick: filled(&facts.buyer.nick),
            receiver_name: filled(&facts.buyer.name),
            province: area.next().flatten(),
            city: area.next().flatten(),
            district: area.next().flatten(),
            address: filled(&facts.buyer.address),
            mobile: filled(&facts.buyer.mobile),
            telno: filled(&facts.buyer.telno),
            zip: filled(&facts.buyer.zip),
            id_card: filled(&facts.buyer.id_card),
            buyer_message: facts.buyer_message.clone(),
            seller_memo: facts.seller_memo.clone(),
            invoice_kind: facts.invoice_kind,
            invoice_title: facts.invoice_title.clone(),
            invoice_content: facts.invoice_content.clone(),
            post_amount: Some(facts.post_amount),
            cod_amount: Some(facts.cod_amount),
            ext_cod_fee: Some(facts.ext_cod_fee),
            other_amount: Some(facts.other_amount),
            paid: Some(facts.paid),
            warehouse_no: facts.warehouse_no.clone(),
            process_status: Some(item.process.code()),
            modified: Some(item.modified),
            ..Self::default()
        };
        let row = |line: &PushLine| Self {
            oid: filled(&line.oid),
            status: Some(line.status.code()),
            refund_status: Some(line.refund_status),
            goods_id: filled(&line.goods_id),
            spec_id: filled(&line.spec_id),
            goods_no: filled(&line.goods_no),
            spec_no: filled(&line.spec_no),
            goods_name: filled(&line.goods_name),
            spec_name: filled(&line.spec_name),
            num: Some(line.num),
            price: Some(line.price),
            adjust: Some(line.adjust),
            discount: Some(line.discount),
            share_discount: Some(line.share_discount),
            remark: filled(&line.remark),
            ..of_order.clone()
        };
        Ok(facts.lines.iter().map(row).collect())
    }
}
