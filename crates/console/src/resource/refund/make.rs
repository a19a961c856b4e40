//! Refund and exchange orders that people make.

use erp::aftersale::{self, NewOut, NewRefund, NewRefundLine, RefundKind, ReturnParcel, SwapReceiver};
use store::Tx;
use units::{Money, Quantity};
use wire::args::{List, Text, arguments, codes};

use super::{owned, show};
use crate::answer::Answer;
use crate::desk::{Ask, WHO};
use crate::fault::Fault;

codes! {
    /// What is wanted.
    pub(super) enum Kind {
        /// refund before shipment / 退款
        Unshipped = 1,
        /// return / 退货
        Return = 2,
        /// exchange / 换货
        Exchange = 3,
        /// refund without return / 退款不退货
        RefundOnly = 4,
        /// supplementary payment / 补款
        Payment = 5,
    }
}

codes! {
    /// When the goods of an exchange go out.
    pub(super) enum ConsignMode {
        /// as the settings say / 默认
        Default = 0,
        /// at the audit / 审核后
        Audit = 1,
        /// when the buyer's goods are back / 收货后
        Receipt = 2,
    }
}

arguments! {
    /// Pieces that come back or are refunded.
    struct NewLine {
        /// line of the raw order / 子订单编号
        oid: Text<40>,
        /// pieces / 数量
        num: Quantity,
    }
}

arguments! {
    /// Goods to send out.
    struct Out {
        /// merchant code of a spec or suite / 商家编码
        merchant_no: Text<40>,
        /// pieces / 数量
        num: Quantity,
        /// price of a piece; absent = its retail price / 单价
        price: Option<Money>,
    }
}

arguments! {
    /// A refund order to make.
    pub(super) struct New {
        /// 1 refund before shipment, 2 return, 3 exchange, 4 without return, 5 supplementary payment / 类型
        r#type: Kind,
        /// raw order / 原始单号
        tid: Text<40>,
        /// number of whoever asks for it, used once / 外部单号
        outer_no: Option<Text<40>>,
        /// pieces; absent = everything / 退货明细
        lines: Option<List<NewLine, 0, 200>>,
        /// goods to send out, for exchanges / 换出明细
        out_lines: Option<List<Out, 0, 200>>,
        /// what the buyer gets back; absent = what was paid for the pieces / 退款金额
        refund_amount: Option<Money>,
        /// freight within it / 邮费
        post_amount: Option<Money>,
        /// anything else within it / 其他金额
        other_amount: Option<Money>,
        /// warehouse that waits for the goods; absent = as the settings say / 退货仓库
        warehouse_no: Option<Text<40>>,
        /// reason / 原因
        reason: Option<Text<255>>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// carrier of the return / 退回物流
        logistics_name: Option<Text<40>>,
        /// its waybill / 退回物流单号
        logistics_no: Option<Text<40>>,
        /// when exchange goods go out: 0 as set, 1 at the audit, 2 after the receipt / 换出方式
        consign_mode: Option<ConsignMode>,
        /// exchange goods go out after the settlement / 结算后发出
        is_trade_charged: Option<bool>,
        /// receiver of the exchange goods; absent = the buyer / 换货收件人
        swap_receiver: Option<Text<40>>,
        /// mobile / 换货手机
        swap_mobile: Option<Text<40>>,
        /// telephone / 换货电话
        swap_telno: Option<Text<40>>,
        /// post code / 换货邮编
        swap_zip: Option<Text<20>>,
        /// street address / 换货地址
        swap_address: Option<Text<256>>,
        /// warehouse that sends the exchange goods; absent = the one of the order / 换出仓库
        swap_warehouse_no: Option<Text<40>>,
        /// carrier's number / 换出物流编号
        swap_logistics_no: Option<Text<40>>,
    }
}

fn or_empty<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
    owned(text).unwrap_or_default()
}

pub(super) fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let lines = new.lines.iter().flat_map(|lines| lines.iter());
    let out = new.out_lines.iter().flat_map(|lines| lines.iter());
    let refund = NewRefund {
        kind: match new.r#type {
            Kind::Unshipped => RefundKind::Unshipped,
            Kind::Return => RefundKind::Return,
            Kind::Exchange => RefundKind::Exchange,
            Kind::RefundOnly => RefundKind::RefundOnly,
            Kind::Payment => RefundKind::Payment,
        },
        tid: new.tid.to_string(),
        outer_no: or_empty(&new.outer_no),
        lines: lines.map(|line| NewRefundLine { oid: line.oid.to_string(), num: line.num }).collect(),
        out: out
            .map(|line| NewOut { merchant_no: line.merchant_no.to_string(), num: line.num, price: line.price })
            .collect(),
        amount: new.refund_amount,
        post_amount: new.post_amount.unwrap_or_default(),
        other_amount: new.other_amount.unwrap_or_default(),
        warehouse_no: owned(&new.warehouse_no).filter(|no| !no.is_empty()),
        reason: or_empty(&new.reason),
        remark: or_empty(&new.remark),
        parcel: ReturnParcel { name: or_empty(&new.logistics_name), no: or_empty(&new.logistics_no) },
        consign_mode: new.consign_mode.map_or(0, ConsignMode::code),
        is_trade_charged: new.is_trade_charged.unwrap_or(false),
        swap: SwapReceiver {
            receiver: or_empty(&new.swap_receiver),
            mobile: or_empty(&new.swap_mobile),
            telno: or_empty(&new.swap_telno),
            zip: or_empty(&new.swap_zip),
            address: or_empty(&new.swap_address),
            region: None,
            warehouse_no: or_empty(&new.swap_warehouse_no),
            logistics_no: or_empty(&new.swap_logistics_no),
        },
    };
    let made = aftersale::create_refund(tx, &ask.settings, &refund, WHO)?;
    Ok(show(ask, tx, made)?.created())
}
