//! Orders and rules for the table tests of this folder.

use units::{Moment, Money, Quantity};

use super::{Rule, RuleKind, Then, When};
use crate::order::{Carriage, DeliveryTerm, Marks, Order, OrderLine, OrderNotes, OrderStatus, Reserved};

pub(super) fn region() -> [i64; 3] {
    [110_000, 110_100, 110_108]
}

/// A paid order of shop 1 with lines of (spec, pieces, price); a piece weighs a kilogram.
pub(super) fn order(lines: &[(i64, i64, i64)]) -> Order {
    let at = Moment::from_unix(1_767_196_800);
    let lines: Vec<OrderLine> =
        (1i64..).zip(lines).map(|(id, (spec, num, price))| line(id, *spec, *num, *price)).collect();
    let mut order = Order {
        id: 1,
        no: "JY1".into(),
        shop: 1,
        warehouse: 1,
        status: OrderStatus::AwaitingAudit,
        raw: vec![(1, "T".into())],
        delivery_term: DeliveryTerm::PayFirst,
        refund_status: 0,
        bad_reason: 0,
        consign_status: 0,
        carriage: Carriage::default(),
        trade_time: None,
        pay_time: None,
        region: region(),
        area: String::new(),
        to_deliver_time: String::new(),
        buyer_message: String::new(),
        cs_remark: String::new(),
        print_remark: String::new(),
        remark_flag: 0,
        remark_by_hand: false,
        cs_remark_changes: 0,
        post_amount: Money::ZERO,
        other_amount: Money::ZERO,
        paid: Money::ZERO,
        due: Money::ZERO,
        cod_amount: Money::ZERO,
        ext_cod_fee: Money::ZERO,
        invoice_kind: 0,
        invoice_title: String::new(),
        invoice_content: String::new(),
        fenxiao_type: 0,
        fenxiao_nick: String::new(),
        id_card_type: 0,
        is_sealed: 0,
        pay_id: String::new(),
        pay_status: 2,
        revert_reason: String::new(),
        cancel_reason: String::new(),
        stock_out: None,
        checker: String::new(),
        marks: Marks::default(),
        notes: OrderNotes::default(),
        version: 1,
        lines,
        created: at,
        modified: at,
    };
    order.add_up();
    order
}

fn line(id: i64, spec: i64, num: i64, price: i64) -> OrderLine {
    let at = Moment::from_unix(1_767_196_800);
    let (num, price) = (Quantity::whole(num), Money::whole(price));
    OrderLine {
        id,
        oid: format!("T-{id}"),
        tid: "T".into(),
        platform_goods_id: String::new(),
        platform_spec_id: String::new(),
        api_goods_name: String::new(),
        api_spec_name: String::new(),
        cid: String::new(),
        spec,
        goods: 100,
        spec_no: spec.to_string(),
        spec_name: String::new(),
        spec_code: String::new(),
        barcode: String::new(),
        goods_no: String::new(),
        goods_name: String::new(),
        goods_type: 1,
        class_name: String::new(),
        brand_no: String::new(),
        brand_name: String::new(),
        unit_name: String::new(),
        img_url: String::new(),
        spec_tax_rate: Quantity::ZERO,
        large_type: 0,
        market_price: price,
        may_go_negative: false,
        suite: None,
        num,
        actual_num: num,
        price,
        adjust: Money::ZERO,
        discount: Money::ZERO,
        share_amount: price.times(num),
        share_post: Money::ZERO,
        paid: price.times(num),
        refund_status: 0,
        reserved: Reserved::Order,
        is_consigned: false,
        gift_type: 0,
        gift_rule: 0,
        flag: 0,
        weight: Quantity::whole(1),
        remark: String::new(),
        created: at,
        modified: at,
    }
}

pub(super) fn rule(id: i64, kind: RuleKind, when: When, then: Then) -> Rule {
    let at = Moment::from_unix(1_767_196_800);
    Rule { id, kind, name: id.to_string(), priority: id, disabled: false, when, then, created: at, modified: at }
}
