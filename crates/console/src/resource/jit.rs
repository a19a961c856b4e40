//! JIT documents (唯品会 JIT): picks and returns are made here, because no public method makes them. They are audited and
//! cancelled as stock-outs and stock-ins.

use erp::stock::{self, JitPick, NewJit, NewJitLine};
use store::Tx;
use units::{Money, Quantity};
use wire::args::{List, Text, arguments};
use wire::rows::{Column, describe, int, text};

use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, writes};

/// What was made.
struct Made {
    no: String,
    status: i64,
}

const PICK: &[Column<Made>] =
    &[text("stockout_no", "number / 出库单号", |m| &m.no), int("stockout_status", "state / 状态", |m| m.status)];

const RETURN: &[Column<Made>] =
    &[text("stockin_no", "number / 入库单号", |m| &m.no), int("stockin_status", "state / 状态", |m| m.status)];

arguments! {
    /// A line.
    struct Line {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces / 数量
        num: Quantity,
        /// pieces that were expected / 预期数量
        expect_num: Option<Quantity>,
        /// supply price of a piece / 供货价
        price: Option<Money>,
        /// tax rate / 税率
        tax: Option<Quantity>,
        /// defective goods / 残次品
        defect: Option<bool>,
        /// purchase order of the platform / PO单号
        po_no: Option<Text<40>>,
        /// batch / 批次
        batch_no: Option<Text<20>>,
    }
}

arguments! {
    /// A JIT document.
    struct New {
        /// the caller's number, used once / 外部单号
        outer_no: Option<Text<40>>,
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
        /// shop / 店铺编号
        shop_no: Option<Text<40>>,
        /// upper document: the JIT order or our return / 上级单号
        order_no: Option<Text<40>>,
        /// return at the platform / 平台退供单号
        jit_refund_no: Option<Text<40>>,
        /// pick numbers of the platform, comma separated / 拣货单号
        src_tids: Option<Text<1024>>,
        /// warehouse of the platform / 平台仓库编号
        receive_warehouse_no: Option<Text<40>>,
        /// its name / 平台仓库名称
        receive_warehouse_name: Option<Text<100>>,
        /// carrier / 物流编号
        logistics_code: Option<Text<20>>,
        /// waybill / 物流单号
        logistics_no: Option<Text<40>>,
        /// freight / 运费
        post_cost: Option<Money>,
        /// mark / 标记
        flag_name: Option<Text<32>>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// lines / 明细
        lines: List<Line, 1, 500>,
    }
}

fn owned<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
    text.as_deref().unwrap_or_default().to_owned()
}

impl New {
    fn to_new(&self) -> NewJit {
        let line = |line: &Line| NewJitLine {
            spec_no: line.spec_no.to_string(),
            defect: line.defect.unwrap_or(false).into(),
            expect: line.expect_num.unwrap_or_default(),
            num: line.num,
            price: line.price.unwrap_or_default(),
            tax: line.tax.unwrap_or_default(),
            po_no: owned(&line.po_no),
            batch_no: owned(&line.batch_no),
            remark: String::new(),
        };
        NewJit {
            outer_no: owned(&self.outer_no),
            warehouse_no: self.warehouse_no.to_string(),
            shop_no: owned(&self.shop_no),
            order_no: owned(&self.order_no),
            jit_refund_no: owned(&self.jit_refund_no),
            pick: JitPick {
                picks: owned(&self.src_tids),
                receive_warehouse_no: owned(&self.receive_warehouse_no),
                receive_warehouse_name: owned(&self.receive_warehouse_name),
            },
            logistics_code: owned(&self.logistics_code),
            logistics_no: owned(&self.logistics_no),
            post_cost: self.post_cost.unwrap_or_default(),
            flag_name: owned(&self.flag_name),
            remark: owned(&self.remark),
            lines: self.lines.iter().map(line).collect(),
        }
    }
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        writes(
            Head {
                id: "jit.pick",
                verb: Verb::Post,
                path: "/jit/picks",
                summary: ("make a JIT pick", "创建JIT拣货出库单"),
                shape: Shape::Row(|| describe(PICK)),
            },
            pick,
        ),
        writes(
            Head {
                id: "jit.return",
                verb: Verb::Post,
                path: "/jit/returns",
                summary: ("make a JIT return", "创建JIT退货入库单"),
                shape: Shape::Row(|| describe(RETURN)),
            },
            back,
        ),
    ]
}

fn pick(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let made = stock::create_jit_pick(tx, &ask.settings, &new.to_new())?;
    let row = Made { no: made.no, status: made.status.code() };
    Ok(Answer::row(ask.style, PICK, &row).created().about(&row.no))
}

fn back(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let made = stock::create_jit_return(tx, &ask.settings, &new.to_new())?;
    let row = Made { no: made.no, status: made.status.code() };
    Ok(Answer::row(ask.style, RETURN, &row).created().about(&row.no))
}
