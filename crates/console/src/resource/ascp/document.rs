//! Fulfilment orders and returns: found, and what people do about them beside auditing and shipping the order itself.

use std::sync::Arc;

use dock_ascp::hub::{
    self, CancelDecision, DrawnWaybill, Lack, OrderFactLine, OrderState, ReceivedLine, ReturnOrder, ReturnRequest,
    ReverseFactLine, ReverseState, SerialCheck, SupplyOrder,
};
use store::{Reader, Tx};
use wire::args::{List, Text, Values, arguments};
use wire::rows::{Column, describe, flag, int, list, owned, text, time};

use super::{after, channel_of, head};
use crate::answer::{Answer, Shape};
use crate::desk::{Ask, Desk, WHO};
use crate::fault::Fault;
use crate::input::Upload;
use crate::operation::{Operation, Verb, reads, transfers, writes};

const LINE: &[Column<OrderFactLine>] = &[
    text("sub_order_code", "line / 子单号", |l| &l.sub_order_code),
    text("sc_item_id", "goods / 货品", |l| &l.sc_item_id),
    int("quantity", "pieces / 数量", |l| l.quantity),
    int("amount", "amount, fen / 金额(分)", |l| l.amount),
];

const CANCEL: &[Column<CancelDecision>] = &[
    text("refund_status", "1 asked, 9 agreed / 退款状态", |c| &c.refund_status),
    flag("intercepted", "1: intercepted / 拦截成功", |c| c.intercepted),
    text("reason", "why not / 原因", |c| &c.reason),
    time("at", "when / 时间", |c| Some(c.at)),
];

const DRAWN: &[Column<DrawnWaybill>] = &[
    text("package", "parcel / 包裹", |d| &d.package),
    text("waybill", "waybill / 运单号", |d| &d.waybill),
    text("carrier", "carrier / 物流公司", |d| &d.carrier),
];

const ORDER: &[Column<SupplyOrder>] = &[
    int("id", "key, for the next page / 序号", |o| store::wire_id(o.id)),
    text("code", "number of the platform / 履约单号", |o| &o.code),
    int("state", "state / 状态", |o| o.state.code()),
    text("state_name", "the same in words / 状态名称", |o| o.state.chinese()),
    text("reason", "why it is there / 原因", |o| &o.facts.reason),
    text("store_code", "warehouse / 仓库", |o| &o.facts.store_code),
    text("business_model", "who delivers: 0, 1, 2 / 配送模式", |o| &o.facts.business_model),
    text("order_type", "JYCK, HHCK, BFCK / 订单类型", |o| &o.facts.order_type),
    text("promised", "esDate and deliveryTime as pushed; information only / 平台承诺时间", |o| &o.facts.promised),
    flag("has_oaid", "1: the consignee comes encrypted / 加密收件人", |o| o.facts.has_oaid),
    time("paid", "paid / 付款时间", |o| o.facts.paid),
    time("audit_by", "audit before / 审核时限", |o| o.facts.audit_by),
    time("ship_by", "ship before / 发货时限", |o| o.facts.ship_by),
    text("refund_rule", "what a refund means here: whether a return order will come / 退款与销退单", |o| {
        o.refund_rule()
    }),
    owned("parcels", "reported waybills / 已回传运单", |o| {
        o.facts.parcels.iter().map(|(waybill, carrier)| format!("{carrier} {waybill}")).collect::<Vec<_>>().join(",")
    }),
    time("confirmed", "the platform has the shipment / 回传成功时间", |o| o.facts.confirmed),
    list!("lines", "lines / 明细", LINE, |o| o.facts.lines.iter()),
    list!("cancels", "cancels / 取消记录", CANCEL, |o| o.facts.cancels.iter()),
    list!("drawn", "waybills drawn from the platform / 平台运单", DRAWN, |o| o.facts.drawn.iter()),
    list!("serials", "serial numbers that the platform looked at / 序列号校验", SERIAL, |o| o
        .facts
        .serials
        .iter()),
    time("created", "first stored / 创建时间", |o| Some(o.created)),
    time("modified", "last changed / 修改时间", |o| Some(o.modified)),
];

const SERIAL: &[Column<SerialCheck>] = &[
    text("serial", "serial number / 序列号", |s| &s.serial),
    flag("is_refused", "1: must not be shipped / 平台不通过", |s| s.is_refused),
    text("reason", "why not / 原因", |s| &s.reason),
];

const BACK: &[Column<ReverseFactLine>] = &[
    text("sub_order_code", "line / 子单号", |l| &l.sub_order_code),
    text("sc_item_id", "goods / 货品", |l| &l.sc_item_id),
    int("planned", "expected / 应退", |l| l.planned),
    int("good", "came good / 良品", |l| l.good),
    int("defective", "came defective / 残次", |l| l.defective),
    int("lacking", "will not come / 缺少", |l| l.lacking),
    text("reason", "reason / 原因", |l| &l.reason),
];

const RETURN: &[Column<ReturnOrder>] = &[
    int("id", "key, for the next page / 序号", |r| store::wire_id(r.id)),
    text("code", "number of the platform / 销退单号", |r| &r.code),
    text("forward", "the order / 原履约单号", |r| &r.forward),
    int("state", "state / 状态", |r| r.state.code()),
    text("state_name", "the same in words / 状态名称", |r| r.state.chinese()),
    text("reason", "why it is there / 原因", |r| &r.facts.reason),
    text("refund_no", "refund order here / 退换单号", |r| &r.facts.refund_no),
    text("carrier_code", "carrier / 物流公司", |r| &r.facts.carrier_code),
    text("waybill", "waybill / 运单号", |r| &r.facts.waybill),
    time("arrived", "parcel at the dock / 到货时间", |r| r.facts.arrived),
    time("stocked", "all goods in / 全部入库时间", |r| r.facts.stocked),
    time("reported", "the platform has the report / 回传成功时间", |r| r.facts.reported),
    time("refund_by", "the consumer should have the money: a working day later / 预计退款时间", |r| {
        r.refund_by()
    }),
    time("refunded", "somebody saw that the consumer has the money / 确认退款时间", |r| r.facts.refunded),
    list!("lines", "lines / 明细", BACK, |r| r.facts.lines.iter()),
    time("created", "first stored / 创建时间", |r| Some(r.created)),
];

arguments! {
    /// Which documents.
    struct Which {
        /// state / 状态
        state: Option<i64>,
        /// rows behind this id / 上一页最后序号
        after: Option<i64>,
        /// rows of a page, 1 to 100 / 每页条数
        page_size: Option<i64>,
    }
}

arguments! {
    /// Which document.
    struct One {
        /// number of the platform / 单号
        code: Text<40>,
        /// supplier, when there are several channels / 供应商编码
        supplier_id: Option<Text<40>>,
    }
}

arguments! {
    /// Pieces of a line.
    struct Piece {
        /// line / 子单号
        sub_order_code: Text<40>,
        /// pieces / 数量
        quantity: i64,
    }
}

arguments! {
    /// A shortage.
    struct Shortage {
        /// order / 履约单号
        code: Text<40>,
        /// supplier / 供应商编码
        supplier_id: Option<Text<40>>,
        /// missing pieces / 缺货明细
        lines: List<Piece, 1, 200>,
        /// why / 原因
        reason: Option<Text<255>>,
    }
}

arguments! {
    /// A corrected waybill.
    struct Correction {
        /// order / 履约单号
        code: Text<40>,
        /// supplier / 供应商编码
        supplier_id: Option<Text<40>>,
        /// reported / 原运单号
        old_waybill: Text<64>,
        /// right / 新运单号
        new_waybill: Text<64>,
    }
}

arguments! {
    /// Parcels that want a waybill.
    struct Draw {
        /// order / 履约单号
        code: Text<40>,
        /// supplier / 供应商编码
        supplier_id: Text<40>,
        /// parcel codes / 包裹编码
        packages: Values<Text<64>, 1, 50>,
    }
}

arguments! {
    /// Serial numbers.
    struct Serials {
        /// order / 履约单号
        code: Text<40>,
        /// supplier / 供应商编码
        supplier_id: Text<40>,
        /// line / 子单号
        sub_order_code: Text<40>,
        /// serial numbers / 序列号
        serials: Values<Text<64>, 1, 200>,
    }
}

arguments! {
    /// Goods that came back without a return order.
    struct Back {
        /// order / 履约单号
        code: Text<40>,
        /// supplier / 供应商编码
        supplier_id: Option<Text<40>>,
        /// 1 return, 2 delivery exception, 3 refused, 4 intercepted, 5 pick-up / 类型
        reverse_type: Text<4>,
        /// carrier / 物流编号
        logistics_no: Text<40>,
        /// waybill / 运单号
        waybill: Text<64>,
        /// pieces; absent = everything / 明细
        lines: Option<List<Piece, 0, 200>>,
    }
}

arguments! {
    /// Pieces of a line that came in.
    struct Came {
        /// line / 子单号
        sub_order_code: Text<40>,
        /// good / 良品
        good: Option<i64>,
        /// defective / 残次
        defective: Option<i64>,
    }
}

arguments! {
    /// Goods of a return.
    struct Receive {
        /// return / 销退单号
        code: Text<40>,
        /// supplier / 供应商编码
        supplier_id: Option<Text<40>>,
        /// what came in / 入库明细
        lines: List<Came, 0, 200>,
        /// nothing more will come: missing pieces are reported as missing / 其余不再到货
        is_all: Option<bool>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let order = Shape::Row(|| describe(ORDER));
    let orders = Shape::Rows("orders", || describe(ORDER));
    let back = Shape::Row(|| describe(RETURN));
    let backs = Shape::Rows("returns", || describe(RETURN));
    vec![
        reads(head("ascp.orders", Verb::Get, "/ascp/orders", ("list fulfilment orders", "履约单列表"), orders), find),
        reads(head("ascp.order", Verb::Get, "/ascp/orders/{code}", ("one fulfilment order", "履约单"), order), get),
        writes(
            head("ascp.shortage", Verb::Post, "/ascp/orders/{code}/shortage", ("report a shortage", "上报缺货"), order),
            shortage,
        ),
        writes(
            head("ascp.restock", Verb::Post, "/ascp/orders/{code}/restock", ("stock came after all", "补货"), order),
            restock,
        ),
        writes(
            head("ascp.waybill", Verb::Post, "/ascp/orders/{code}/waybill", ("correct a waybill", "修改运单号"), order),
            waybill,
        ),
        transfers(
            head(
                "ascp.draw",
                Verb::Post,
                "/ascp/orders/{code}/draw",
                ("draw waybills from the platform", "平台取号"),
                order,
            ),
            draw,
        ),
        transfers(
            head(
                "ascp.serials",
                Verb::Post,
                "/ascp/orders/{code}/serials",
                ("check serial numbers", "序列号预校验"),
                order,
            ),
            serials,
        ),
        writes(
            head(
                "ascp.ask_return",
                Verb::Post,
                "/ascp/orders/{code}/return",
                ("ask for a return order", "申请销退单"),
                order,
            ),
            ask_return,
        ),
        reads(head("ascp.returns", Verb::Get, "/ascp/returns", ("list returns", "销退单列表"), backs), returns),
        reads(head("ascp.return", Verb::Get, "/ascp/returns/{code}", ("one return", "销退单"), back), one_return),
        writes(
            head("ascp.arrived", Verb::Post, "/ascp/returns/{code}/arrived", ("the parcel is here", "到货登记"), back),
            arrived,
        ),
        writes(
            head(
                "ascp.receive",
                Verb::Post,
                "/ascp/returns/{code}/receive",
                ("goods came in; reported once, when all are there", "销退入库"),
                back,
            ),
            receive,
        ),
        writes(
            head(
                "ascp.refunded",
                Verb::Post,
                "/ascp/returns/{code}/refunded",
                ("somebody saw the consumer's refund; it is watched no longer", "确认退款"),
                back,
            ),
            refunded,
        ),
    ]
}

fn find(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let (from, size) = after(which.after, which.page_size, reader.tenant())?;
    let state = match which.state {
        None => None,
        Some(code) => Some(OrderState::of(code).ok_or_else(|| Fault::invalid("state", "no such state"))?),
    };
    let rows = hub::orders(reader, state, from, size)?;
    Ok(Answer::rows(ask.style, "orders", ORDER, &rows, None))
}

fn show(ask: &Ask, order: &SupplyOrder) -> Answer {
    Answer::row(ask.style, ORDER, order).about(&order.code)
}

fn get(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let channel = channel_of(reader, one.supplier_id.as_deref(), &one.code)?;
    Ok(show(ask, &hub::order_by_code(reader, &channel, &one.code)?))
}

fn lacks<'p>(pieces: impl Iterator<Item = &'p Piece>) -> Vec<Lack> {
    pieces.map(|piece| Lack { sub_order_code: piece.sub_order_code.to_string(), quantity: piece.quantity }).collect()
}

fn shortage(ask: &Ask, given: &Shortage, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel_of(tx, given.supplier_id.as_deref(), &given.code)?;
    let reason = given.reason.as_deref().unwrap_or("缺货");
    Ok(show(ask, &hub::report_shortage(tx, &channel, &given.code, &lacks(given.lines.iter()), reason)?))
}

fn restock(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel_of(tx, one.supplier_id.as_deref(), &one.code)?;
    Ok(show(ask, &hub::restock(tx, &channel, &one.code)?))
}

fn waybill(ask: &Ask, given: &Correction, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel_of(tx, given.supplier_id.as_deref(), &given.code)?;
    Ok(show(ask, &hub::change_waybill(tx, &channel, &given.code, &given.old_waybill, &given.new_waybill)?))
}

fn ask_return(ask: &Ask, given: &Back, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel_of(tx, given.supplier_id.as_deref(), &given.code)?;
    let request = ReturnRequest {
        code: given.code.to_string(),
        reverse_type: given.reverse_type.to_string(),
        carrier_no: given.logistics_no.to_string(),
        waybill: given.waybill.to_string(),
        lines: lacks(given.lines.iter().flat_map(|list| list.iter())),
    };
    Ok(show(ask, &hub::request_return(tx, &channel, &request)?))
}

async fn draw(desk: Arc<Desk>, ask: Ask, given: Draw, _: Option<Upload>) -> Result<Answer, Fault> {
    let packages: Vec<String> = given.packages.iter().map(ToString::to_string).collect();
    let hub = desk.ascp()?;
    let order = hub.draw_waybills(ask.tenant.tenant(), &given.supplier_id, &given.code, &packages).await?;
    Ok(show(&ask, &order))
}

async fn serials(desk: Arc<Desk>, ask: Ask, given: Serials, _: Option<Upload>) -> Result<Answer, Fault> {
    let numbers: Vec<String> = given.serials.iter().map(ToString::to_string).collect();
    let hub = desk.ascp()?;
    let order = hub
        .check_serials(ask.tenant.tenant(), &given.supplier_id, &given.code, &given.sub_order_code, &numbers)
        .await?;
    Ok(show(&ask, &order))
}

fn returns(ask: &Ask, which: &Which, reader: &mut Reader) -> Result<Answer, Fault> {
    let (from, size) = after(which.after, which.page_size, reader.tenant())?;
    let state = match which.state {
        None => None,
        Some(code) => Some(ReverseState::of(code).ok_or_else(|| Fault::invalid("state", "no such state"))?),
    };
    let rows = hub::returns(reader, state, from, size)?;
    Ok(Answer::rows(ask.style, "returns", RETURN, &rows, None))
}

fn one_return(ask: &Ask, one: &One, reader: &mut Reader) -> Result<Answer, Fault> {
    let channel = channel_of(reader, one.supplier_id.as_deref(), &one.code)?;
    Ok(Answer::row(ask.style, RETURN, &hub::return_by_code(reader, &channel, &one.code)?))
}

fn arrived(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel_of(tx, one.supplier_id.as_deref(), &one.code)?;
    let found = hub::arrive(tx, &channel, &one.code, WHO)?;
    Ok(Answer::row(ask.style, RETURN, &found).about(&found.code))
}

fn receive(ask: &Ask, given: &Receive, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel_of(tx, given.supplier_id.as_deref(), &given.code)?;
    let line = |came: &Came| ReceivedLine {
        sub_order_code: came.sub_order_code.to_string(),
        good: came.good.unwrap_or(0),
        defective: came.defective.unwrap_or(0),
    };
    let lines: Vec<ReceivedLine> = given.lines.iter().map(line).collect();
    let is_all = given.is_all.unwrap_or(false);
    let found = hub::receive_return(tx, &ask.settings, &channel, &given.code, &lines, is_all)?;
    Ok(Answer::row(ask.style, RETURN, &found).about(&found.code))
}

fn refunded(ask: &Ask, one: &One, tx: &mut Tx) -> Result<Answer, Fault> {
    let channel = channel_of(tx, one.supplier_id.as_deref(), &one.code)?;
    let found = hub::note_refund(tx, &channel, &one.code)?;
    Ok(Answer::row(ask.style, RETURN, &found).about(&found.code))
}
