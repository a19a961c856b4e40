//! What people do to an order besides releasing and shipping it: merge, split, freeze, choose, give, settle, finance audit, pre-sale.

use erp::order::{self, Take};
use store::Tx;
use units::{Moment, Quantity};
use wire::args::{List, Text, Values, arguments};

use super::order::{ONE, SEVERAL, show, show_several};
use crate::answer::Answer;
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, writes};

arguments! {
    /// A line, or some of its pieces.
    pub(super) struct Piece {
        /// key of the line / 明细id
        rec_id: i64,
        /// pieces; absent = all of them / 数量
        num: Option<Quantity>,
    }
}

arguments! {
    /// Which order, and why.
    struct Why {
        /// number / 订单号
        trade_no: Text<40>,
        /// reason / 原因
        reason: Option<Text<255>>,
    }
}

arguments! {
    /// Several orders.
    struct Several {
        /// numbers; the first one takes the goods of the others / 订单号,其余并入第一个
        trade_nos: Values<Text<40>, 2, 50>,
    }
}

arguments! {
    /// What leaves an order.
    struct Division {
        /// number / 订单号
        trade_no: Text<40>,
        /// lines or pieces that leave for an order of their own; absent = the lines that wait for stock / 拆出的明细
        lines: Option<List<Piece, 1, 200>>,
    }
}

arguments! {
    /// A freeze.
    struct Cold {
        /// number / 订单号
        trade_no: Text<40>,
        /// 2 by hand (default), 10 and above reasons of the merchant's own / 冻结原因
        freeze_reason: Option<i64>,
        /// the same in words / 冻结说明
        note: Option<Text<255>>,
    }
}

arguments! {
    /// Bits.
    struct Bits {
        /// number / 订单号
        trade_no: Text<40>,
        /// bits to clear / 要清除的标记
        bits: i64,
    }
}

arguments! {
    /// An interception.
    struct Block {
        /// number / 订单号
        trade_no: Text<40>,
        /// intercept (default true) or let go / 拦截或取消拦截
        block: Option<bool>,
        /// letting go: bits of block_reason to clear; absent = all that may be / 要清除的拦截原因
        bits: Option<i64>,
    }
}

arguments! {
    /// A choice of warehouse.
    struct Place {
        /// number / 订单号
        trade_no: Text<40>,
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
    }
}

arguments! {
    /// A choice of carrier.
    struct Carriage {
        /// number / 订单号
        trade_no: Text<40>,
        /// carrier's number / 物流编号
        logistics_no: Text<40>,
    }
}

arguments! {
    /// A gift.
    struct Gift {
        /// number / 订单号
        trade_no: Text<40>,
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces; 1 when absent / 数量
        num: Option<Quantity>,
    }
}

arguments! {
    /// A gift that is taken back.
    struct GiftLine {
        /// number / 订单号
        trade_no: Text<40>,
        /// key of the line / 明细id
        rec_id: i64,
    }
}

arguments! {
    /// Money that arrived.
    struct Money {
        /// number / 订单号
        trade_no: Text<40>,
        /// only a part of it / 部分打款
        partly: Option<bool>,
    }
}

arguments! {
    /// A pre-sale.
    struct Later {
        /// number / 订单号
        trade_no: Text<40>,
        /// when it comes back by itself; absent = when somebody releases it / 转回审核的时间
        until: Option<Moment>,
    }
}

arguments! {
    /// Notes on an order; what is not given stays.
    struct Notes {
        /// number / 订单号
        trade_no: Text<40>,
        /// mark, by name / 标记名称
        flag_name: Option<Text<40>>,
        /// the mark may replace another one / 覆盖已有标记
        flag_cover: Option<bool>,
        /// invoice that was issued / 发票号
        invoice_no: Option<Text<40>>,
        /// remark of customer service / 客服备注
        cs_remark: Option<Text<255>>,
        /// remark that is printed / 打印备注
        print_remark: Option<Text<255>>,
    }
}

/// Lines as the core wants them. A key of another merchant is a key that does not exist.
pub(super) fn takes(lines: &[Piece]) -> Vec<Take> {
    lines.iter().map(|piece| Take { line: piece.rec_id, num: piece.num }).collect()
}

pub(super) fn operations() -> Vec<Operation> {
    let post = |id, path, summary, shape| Head { id, verb: Verb::Post, path, summary, shape };
    vec![
        writes(post("order.merge", "/orders/merge", ("merge into the first", "合并订单"), ONE), merge),
        writes(post("order.split", "/orders/{trade_no}/split", ("split", "拆分订单"), SEVERAL), split),
        writes(post("order.freeze", "/orders/{trade_no}/freeze", ("freeze", "冻结订单"), ONE), freeze),
        writes(
            post("order.unfreeze", "/orders/{trade_no}/unfreeze", ("let a frozen order go on", "解冻订单"), ONE),
            thaw,
        ),
        writes(
            post("order.finance_audit", "/orders/{trade_no}/finance-audit", ("finance agrees", "财审"), ONE),
            |ask, why: &Why, tx| {
                order::finance_audit(tx, &ask.settings, &why.trade_no, WHO)?;
                show(ask, tx, &why.trade_no)
            },
        ),
        writes(
            post("order.finance_reject", "/orders/{trade_no}/finance-reject", ("finance refuses", "财审驳回"), ONE),
            |ask, why: &Why, tx| {
                order::finance_reject(tx, &why.trade_no, why.reason.as_deref().unwrap_or_default(), WHO)?;
                show(ask, tx, &why.trade_no)
            },
        ),
        writes(
            post("order.choose_warehouse", "/orders/{trade_no}/warehouse", ("choose the warehouse", "选仓"), ONE),
            |ask, place: &Place, tx| {
                order::choose_warehouse(tx, &ask.settings, &place.trade_no, &place.warehouse_no, WHO)?;
                show(ask, tx, &place.trade_no)
            },
        ),
        writes(
            post("order.choose_carrier", "/orders/{trade_no}/carrier", ("choose the carrier", "选物流"), ONE),
            |ask, carriage: &Carriage, tx| {
                order::choose_carrier(tx, &carriage.trade_no, &carriage.logistics_no, WHO)?;
                show(ask, tx, &carriage.trade_no)
            },
        ),
        writes(post("order.give", "/orders/{trade_no}/gifts", ("add a gift", "添加赠品"), ONE), give),
        writes(
            Head {
                verb: Verb::Delete,
                ..post(
                    "order.take_gift_back",
                    "/orders/{trade_no}/gifts/{rec_id}",
                    ("take a gift back", "删除赠品"),
                    ONE,
                )
            },
            |ask, line: &GiftLine, tx| {
                order::take_gift_back(tx, &ask.settings, &line.trade_no, line.rec_id, WHO)?;
                show(ask, tx, &line.trade_no)
            },
        ),
        writes(
            post("order.sign", "/orders/{trade_no}/sign", ("the buyer has it", "签收"), ONE),
            |ask, why: &Why, tx| {
                order::sign(tx, &why.trade_no, WHO)?;
                show(ask, tx, &why.trade_no)
            },
        ),
        writes(post("order.settle", "/orders/{trade_no}/settle", ("money arrived", "打款"), ONE), settle),
        writes(
            post(
                "order.resolve",
                "/orders/{trade_no}/resolve",
                ("an abnormal shipment was dealt with", "异常处理"),
                ONE,
            ),
            |ask, why: &Why, tx| {
                order::resolve(tx, &why.trade_no, why.reason.as_deref().unwrap_or_default(), WHO)?;
                show(ask, tx, &why.trade_no)
            },
        ),
        writes(
            post("order.to_presale", "/orders/{trade_no}/presale", ("send to pre-sale", "转预订单"), ONE),
            |ask, later: &Later, tx| {
                order::to_presale(tx, &ask.settings, &later.trade_no, later.until, WHO)?;
                show(ask, tx, &later.trade_no)
            },
        ),
        writes(
            post("order.release_presale", "/orders/{trade_no}/release", ("release a pre-sale", "预订单转审核"), ONE),
            |ask, why: &Why, tx| {
                order::release_presale(tx, &ask.settings, &why.trade_no, WHO)?;
                show(ask, tx, &why.trade_no)
            },
        ),
        writes(
            post("order.clear_bad_reason", "/orders/{trade_no}/clear", ("somebody looked at it", "清除异常标记"), ONE),
            |ask, bits: &Bits, tx| {
                order::clear_bad_reason(tx, &bits.trade_no, bits.bits, WHO)?;
                show(ask, tx, &bits.trade_no)
            },
        ),
        writes(post("order.block", "/orders/{trade_no}/block", ("intercept its stock-out", "拦截出库单"), ONE), block),
        writes(post("order.modify", "/orders/{trade_no}/notes", ("write notes on it", "修改订单标记"), ONE), notes),
    ]
}

fn merge(ask: &Ask, several: &Several, tx: &mut Tx) -> Result<Answer, Fault> {
    let numbers: Vec<&str> = several.trade_nos.iter().map(|no| &**no).collect();
    let kept = order::merge(tx, &ask.settings, &numbers)?;
    show(ask, tx, &kept.no)
}

fn split(ask: &Ask, division: &Division, tx: &mut Tx) -> Result<Answer, Fault> {
    let (kept, part) = match &division.lines {
        None => order::split_by_stock(tx, &ask.settings, &division.trade_no)?,
        Some(lines) => order::split(tx, &ask.settings, &division.trade_no, &takes(lines))?,
    };
    show_several(ask, tx, &[&kept.no, &part.no])
}

fn freeze(ask: &Ask, cold: &Cold, tx: &mut Tx) -> Result<Answer, Fault> {
    let reason = cold.freeze_reason.unwrap_or(order::Freeze::BY_HAND);
    order::freeze(tx, &cold.trade_no, reason, cold.note.as_deref().unwrap_or_default(), WHO)?;
    show(ask, tx, &cold.trade_no)
}

fn thaw(ask: &Ask, why: &Why, tx: &mut Tx) -> Result<Answer, Fault> {
    order::unfreeze(tx, &ask.settings, &why.trade_no, WHO)?;
    show(ask, tx, &why.trade_no)
}

fn give(ask: &Ask, gift: &Gift, tx: &mut Tx) -> Result<Answer, Fault> {
    let num = gift.num.unwrap_or(Quantity::whole(1));
    order::give(tx, &ask.settings, &gift.trade_no, &gift.spec_no, num, WHO)?;
    show(ask, tx, &gift.trade_no)
}

fn settle(ask: &Ask, money: &Money, tx: &mut Tx) -> Result<Answer, Fault> {
    order::settle(tx, &money.trade_no, money.partly.unwrap_or(false), WHO)?;
    show(ask, tx, &money.trade_no)
}

fn block(ask: &Ask, block: &Block, tx: &mut Tx) -> Result<Answer, Fault> {
    let set = block.block.unwrap_or(true);
    let clear = if set { 0 } else { block.bits.unwrap_or(!(order::BLOCK_REFUND_APPLIED | order::BLOCK_REFUNDED)) };
    order::intercept(tx, &block.trade_no, set, clear, WHO)?;
    show(ask, tx, &block.trade_no)
}

fn notes(ask: &Ask, notes: &Notes, tx: &mut Tx) -> Result<Answer, Fault> {
    let change = order::OrderChange {
        flag_name: notes.flag_name.as_deref(),
        flag_cover: notes.flag_cover.unwrap_or(false),
        invoice_no: notes.invoice_no.as_deref(),
        cs_remark: notes.cs_remark.as_deref(),
        remark_by_hand: notes.cs_remark.is_some(),
        print_remark: notes.print_remark.as_deref(),
        ..order::OrderChange::default()
    };
    order::modify(tx, &notes.trade_no, &change)?;
    show(ask, tx, &notes.trade_no)
}
