//! From a pushed order to the raw order that the business takes: the rules that need more than one field.

use erp::order::{Buyer, PushLine, PushOrder};
use erp::region::{self, Region};
use gateway::Refused;
use wire::args::{Text, given};

use super::request::{PushedLine, PushedOrder};
use crate::codes::{self, Error};
use crate::settings::Settings;

fn owned<const MAX: usize>(text: &Option<Text<MAX>>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

fn or_empty<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
    owned(text).unwrap_or_default()
}

/// The raw order, or why this one order is refused.
pub(super) fn raw_order(settings: &Settings, order: &PushedOrder) -> Result<PushOrder, Error> {
    check_receiver(settings, order)?;
    let (region, address) = region_of(order)?;
    let lines = order.order_list.iter().map(|line| raw_line(order, line)).collect::<Result<_, Refused>>()?;
    Ok(PushOrder {
        tid: order.tid.to_string(),
        status: *order.trade_status,
        pay_status: order.pay_status.code(),
        delivery_term: *order.delivery_term,
        trade_time: order.trade_time,
        pay_time: order.pay_time.0,
        region: [region.province, region.city, region.district],
        area: region.names.join(" "),
        pay_id: owned(&order.pay_id),
        logistics_type: order.logistics_type,
        invoice_kind: order.invoice_kind,
        invoice_title: owned(&order.invoice_title),
        invoice_content: owned(&order.invoice_content),
        buyer_message: owned(&order.buyer_message),
        seller_memo: owned(&order.seller_memo),
        seller_flag: order.seller_flag,
        post_amount: order.post_amount,
        cod_amount: order.cod_amount,
        ext_cod_fee: order.ext_cod_fee,
        other_amount: order.other_amount.unwrap_or_default(),
        paid: order.paid,
        fenxiao_type: order.fenxiao_type,
        fenxiao_nick: owned(&order.fenxiao_nick),
        warehouse_no: owned(&order.warehouse_no),
        is_auto_wms: order.is_auto_wms,
        wms_type: order.wms_type,
        to_deliver_time: owned(&order.to_deliver_time),
        id_card_type: order.id_card_type,
        cust_data: owned(&order.cust_data),
        is_sealed: order.is_sealed,
        buyer: Buyer {
            nick: order.buyer_nick.to_string(),
            email: or_empty(&order.buyer_email),
            pay_account: or_empty(&order.pay_account),
            name: order.receiver_name.to_string(),
            address: address.to_owned(),
            mobile: or_empty(&order.receiver_mobile),
            telno: or_empty(&order.receiver_telno),
            zip: or_empty(&order.receiver_zip),
            id_card: or_empty(&order.id_card),
        },
        lines,
    })
}

fn refuse(order: &PushedOrder, why: &str) -> Refused {
    Refused::new(codes::GENERAL, format!("{why},原始单号为：{}", order.tid))
}

fn check_receiver(settings: &Settings, order: &PushedOrder) -> Result<(), Refused> {
    let phones = [given(&order.receiver_mobile), given(&order.receiver_telno)];
    if phones.iter().all(Option::is_none) {
        return Err(refuse(order, "receiver_mobile与receiver_telno不能同时为空"));
    }
    if phones.iter().flatten().any(|phone| phone.contains('*')) {
        return Err(refuse(order, "电话号码不能包含*"));
    }
    let texts = [&*order.buyer_nick, &*order.receiver_name, &*order.receiver_address];
    let message = order.buyer_message.as_deref().unwrap_or_default();
    let odd = |text: &&str| text.chars().any(|c| c > '\u{ffff}');
    if settings.strict_emoji && (texts.iter().any(odd) || odd(&message)) {
        return Err(refuse(order, "昵称/收件人姓名/收件人地址/买家留言包含非法字符或为空"));
    }
    Ok(())
}

/// The region by its three names, else from the address; and what is left of the address.
fn region_of(order: &PushedOrder) -> Result<(Region, &str), Error> {
    let names = [&order.receiver_province, &order.receiver_city, &order.receiver_district];
    let [province, city, district] = names.map(|name| given(name).unwrap_or_default());
    let found = if [province, city, district].iter().all(|name| name.is_empty()) {
        region::parse(&order.receiver_address)
            .map(|(region, rest)| (region, if rest.is_empty() { &*order.receiver_address } else { rest }))
    } else {
        region::resolve(province, city, district).ok().map(|region| (region, &*order.receiver_address))
    };
    found.ok_or_else(|| {
        let named = [province, city, district].join(" ");
        let named = if named.trim().is_empty() { "(receiver_address)".to_owned() } else { named };
        erp::Error::from(erp::Refusal::RegionUnknown(named, order.tid.to_string())).into()
    })
}

fn raw_line(order: &PushedOrder, line: &PushedLine) -> Result<PushLine, Refused> {
    if given(&line.goods_no).is_none() && given(&line.spec_no).is_none() {
        return Err(refuse(order, &format!("子订单{}的goods_no与spec_no不能同时为空", line.oid)));
    }
    if !line.num.is_positive() {
        return Err(refuse(order, &format!("子订单{}的num应大于0", line.oid)));
    }
    if line.price.is_negative() {
        return Err(refuse(order, &format!("子订单{}的price不能小于0", line.oid)));
    }
    Ok(PushLine {
        oid: line.oid.to_string(),
        status: *line.status,
        refund_status: line.refund_status.code(),
        goods_id: line.goods_id.to_string(),
        spec_id: or_empty(&line.spec_id),
        goods_no: or_empty(&line.goods_no),
        spec_no: or_empty(&line.spec_no),
        goods_name: line.goods_name.to_string(),
        spec_name: or_empty(&line.spec_name),
        num: line.num,
        price: line.price,
        adjust: line.adjust_amount,
        discount: line.discount,
        share_discount: line.share_discount,
        cid: or_empty(&line.cid),
        remark: or_empty(&line.remark),
    })
}
