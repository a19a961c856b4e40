//! Orders of a warehouse that somebody else runs (委外仓库): handed over, answered, worked on, asked back. Docks do the same by
//! themselves; here people do it where no dock reaches the warehouse.

use erp::order::{self, Handed};
use store::Tx;
use wire::args::{Text, arguments};

use super::order::{ONE, show};
use crate::answer::Answer;
use crate::desk::{Ask, WHO};
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, writes};

arguments! {
    /// Which order, and what there is to say.
    struct Said {
        /// number / 订单号
        trade_no: Text<40>,
        /// in words / 说明
        note: Option<Text<255>>,
    }
}

arguments! {
    /// The warehouse's answer.
    struct Reply {
        /// number / 订单号
        trade_no: Text<40>,
        /// the warehouse has it (true) or refuses it (false); absent = it did not answer / 仓库是否接单
        accepted: Option<bool>,
        /// number there / 外部仓库单号
        wms_no: Option<Text<40>>,
        /// why it refuses, or what went wrong / 原因
        reason: Option<Text<255>>,
    }
}

arguments! {
    /// The warehouse's answer to the wish to have an order back.
    struct Back {
        /// number / 订单号
        trade_no: Text<40>,
        /// why it does not give the order back; absent = it does / 不能撤单的原因
        refused: Option<Text<255>>,
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let post = |id, path, summary| Head { id, verb: Verb::Post, path, summary, shape: ONE };
    vec![
        writes(
            post(
                "order.hand_over",
                "/orders/{trade_no}/hand-over",
                ("it is on its way to the outsourced warehouse", "递交委外仓库"),
            ),
            |ask, said: &Said, tx| {
                order::hand_over(tx, &said.trade_no, WHO)?;
                show(ask, tx, &said.trade_no)
            },
        ),
        writes(
            post(
                "order.handed_over",
                "/orders/{trade_no}/handed-over",
                ("what the outsourced warehouse answered", "委外仓库的答复"),
            ),
            answered,
        ),
        writes(
            post(
                "order.in_process",
                "/orders/{trade_no}/in-process",
                ("the outsourced warehouse works on it", "委外仓库作业"),
            ),
            |ask, said: &Said, tx| {
                order::warehouse_works(tx, &said.trade_no, said.note.as_deref().unwrap_or_default(), WHO)?;
                show(ask, tx, &said.trade_no)
            },
        ),
        writes(
            post(
                "order.ask_back",
                "/orders/{trade_no}/ask-back",
                ("ask the outsourced warehouse for it; its stock-out is held until then", "向委外仓库撤单"),
            ),
            |ask, said: &Said, tx| {
                order::ask_back(tx, &said.trade_no, said.note.as_deref().unwrap_or_default(), WHO)?;
                show(ask, tx, &said.trade_no)
            },
        ),
        writes(
            post(
                "order.gave_back",
                "/orders/{trade_no}/gave-back",
                ("the outsourced warehouse gave it back, or does not", "委外仓库撤单结果"),
            ),
            |ask, back: &Back, tx| {
                let answer = back.refused.as_deref().map_or(Ok(()), Err);
                order::gave_back(tx, &back.trade_no, answer, WHO)?;
                show(ask, tx, &back.trade_no)
            },
        ),
    ]
}

fn answered(ask: &Ask, reply: &Reply, tx: &mut Tx) -> Result<Answer, Fault> {
    let reason = reply.reason.as_deref().unwrap_or_default().to_owned();
    let answer = match reply.accepted {
        Some(true) => Handed::Accepted(reply.wms_no.as_deref().unwrap_or_default().to_owned()),
        Some(false) => Handed::Refused(reason),
        None => Handed::Unanswered(reason),
    };
    order::handed_over(tx, &reply.trade_no, &answer)?;
    show(ask, tx, &reply.trade_no)
}
