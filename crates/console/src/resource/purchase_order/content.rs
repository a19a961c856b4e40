//! What a purchase order says: made and edited by hand.

use erp::purchase::{self, NewOrder, NewOrderLine, OrderFacts, Stage};
use store::Tx;
use units::{Moment, Money, Quantity};
use wire::args::{List, Text, arguments};

use super::row::show;
use crate::answer::Answer;
use crate::desk::{Ask, WHO};
use crate::fault::Fault;

arguments! {
    /// A line of a purchase order.
    struct Line {
        /// merchant code / 商家编码
        spec_no: Text<40>,
        /// pieces / 数量
        num: Quantity,
        /// price before discount and tax / 单价
        price: Money,
        /// what it is multiplied by; 1 when absent / 折扣
        discount: Option<Quantity>,
        /// rate of the tax / 税率
        tax: Option<Quantity>,
        /// price after tax; follows when absent / 税后单价
        tax_price: Option<Money>,
        /// requisition that the line is made from / 采购申请单号
        purchase_apply_no: Option<Text<40>>,
        /// remark / 备注
        remark: Option<Text<255>>,
    }
}

arguments! {
    /// What a purchase order says, apart from its numbers.
    struct Content {
        /// provider / 供应商编号
        provider_no: Text<20>,
        /// warehouse / 仓库编号
        warehouse_no: Text<40>,
        /// purchaser / 采购员
        purchaser: Option<Text<40>>,
        /// receiver / 收货人
        contact: Option<Text<40>>,
        /// telephone / 电话
        telno: Option<Text<40>>,
        /// address / 收货地址
        receive_address: Option<Text<255>>,
        /// carrier kind / 物流类型
        logistics_type: Option<i64>,
        /// freight / 邮费
        post_fee: Option<Money>,
        /// other cost / 其他费用
        other_fee: Option<Money>,
        /// expected / 预计到货时间
        expect_arrive_time: Option<Moment>,
        /// remark / 备注
        remark: Option<Text<255>>,
        /// lines; a spec once / 明细
        lines: List<Line, 1, 2000>,
    }
}

arguments! {
    /// A purchase order to be created.
    pub(super) struct New {
        /// number of one's own, used once / 外部单号
        outer_no: Option<Text<40>>,
        /// 0 left in editing, 1 handed in for audit (default), 2 audited / 创建后的阶段
        stage: Option<i64>,
        /// what it says / 内容
        order: Content,
    }
}

arguments! {
    /// What a purchase order in editing says from now on, as a whole.
    pub(super) struct Edit {
        /// number / 采购单号
        purchase_no: Text<40>,
        /// what it says / 内容
        order: Content,
    }
}

pub(super) fn create(ask: &Ask, new: &New, tx: &mut Tx) -> Result<Answer, Fault> {
    let stage = match new.stage.unwrap_or(1) {
        0 => Stage::Edit,
        1 => Stage::Submit,
        2 => Stage::Audit,
        _ => return Err(Fault::invalid("stage", "stage is 0, 1 or 2")),
    };
    let content = content(&new.order, new.outer_no.as_deref().unwrap_or_default());
    let order = purchase::create_order(tx, &ask.settings, &content, stage, WHO)?;
    Ok(show(ask, tx, order)?.created())
}

pub(super) fn edit(ask: &Ask, edit: &Edit, tx: &mut Tx) -> Result<Answer, Fault> {
    let order = purchase::edit_order(tx, &edit.purchase_no, &content(&edit.order, ""))?;
    show(ask, tx, order)
}

fn content(given: &Content, outer_no: &str) -> NewOrder {
    fn text<const MAX: usize>(text: &Option<Text<MAX>>) -> String {
        text.as_deref().unwrap_or_default().to_owned()
    }
    let line = |line: &Line| NewOrderLine {
        spec_no: line.spec_no.to_string(),
        num: line.num,
        price: line.price,
        discount: line.discount,
        tax: line.tax.unwrap_or_default(),
        tax_price: line.tax_price,
        apply_no: text(&line.purchase_apply_no),
        props: Default::default(),
        remark: text(&line.remark),
    };
    NewOrder {
        provider_no: given.provider_no.to_string(),
        warehouse_no: given.warehouse_no.to_string(),
        outer_no: outer_no.to_owned(),
        use_outer_no: false,
        facts: OrderFacts {
            contact: text(&given.contact),
            telno: text(&given.telno),
            receive_address: text(&given.receive_address),
            purchaser: text(&given.purchaser),
            logistics_type: given.logistics_type.unwrap_or(0),
            other_fee: given.other_fee.unwrap_or_default(),
            post_fee: given.post_fee.unwrap_or_default(),
            expect_arrive: given.expect_arrive_time,
            remark: text(&given.remark),
            props: Default::default(),
        },
        lines: given.lines.iter().map(line).collect(),
    }
}
