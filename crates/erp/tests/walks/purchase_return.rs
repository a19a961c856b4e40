//! Purchase returns.

use std::sync::LazyLock;

use erp::Error;
use erp::purchase::{
    self, NewReturn, NewReturnLine, NewReturnOut, NewReturnOutLine, PURCHASE_RETURN, PushOutcome, ReturnFacts,
    ReturnStatus, Stage,
};
use units::{Money, Quantity};

use crate::purchase::merchant;
use crate::support::Merchant;
use crate::walk::{Command, Reached, Walk, table};

fn open_return(merchant: &Merchant, warehouse_no: &'static str) -> String {
    let made = merchant.write(move |tx, settings| {
        let line = NewReturnLine {
            spec_no: "A".into(),
            num: Quantity::whole(3),
            price: Money::whole(20),
            discount: None,
            tax: Quantity::ZERO,
            remark: String::new(),
        };
        let new = NewReturn {
            provider_no: "P".into(),
            warehouse_no: warehouse_no.into(),
            outer_no: String::new(),
            facts: ReturnFacts::default(),
            lines: vec![line],
        };
        purchase::create_return(tx, settings, &new, Stage::Edit, "t")
    });
    made.unwrap().no
}

/// The warehouse that others run answered.
fn pushed(merchant: &Merchant, no: &str, answer: PushOutcome) -> Result<(), Error> {
    let no = no.to_owned();
    merchant.write(move |tx, settings| purchase::return_pushed(tx, settings, &no, &answer).map(drop))
}

/// So many pieces of a return leave.
fn let_out(merchant: &Merchant, no: &str, num: i64) -> Result<(), Error> {
    let (return_no, outer_no) = (no.to_owned(), merchant.fresh("RO"));
    merchant.write(move |tx, settings| {
        let line = NewReturnOutLine { spec_no: "A".into(), num: Quantity::whole(num), ..NewReturnOutLine::default() };
        let new = NewReturnOut {
            return_no: return_no.clone(),
            outer_no: outer_no.clone(),
            lines: vec![line],
            ..NewReturnOut::default()
        };
        purchase::push_return_out(tx, settings, &new, true).map(drop)
    })
}

const RETURN: &[Command] = &[
    Command {
        name: "submit",
        events: &["提交"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| purchase::submit_return(tx, settings, no).map(drop)),
    },
    Command {
        name: "audit",
        events: &["审核", "审核(委外)"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| purchase::audit_return(tx, settings, no, "t").map(drop)),
    },
    Command {
        name: "push taken",
        events: &["推送成功"],
        run: |merchant, no| pushed(merchant, no, PushOutcome::Accepted(String::new())),
    },
    Command {
        name: "push failed",
        events: &["推送失败"],
        run: |merchant, no| pushed(merchant, no, PushOutcome::Failed("闭仓".into())),
    },
    Command {
        name: "reject",
        events: &["驳回"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::reject_return(tx, settings, no, "", "t").map(drop))
        },
    },
    Command { name: "a piece leaves", events: &["部分出库"], run: |merchant, no| let_out(merchant, no, 1) },
    Command { name: "all leaves", events: &["全部出库"], run: |merchant, no| let_out(merchant, no, 3) },
    Command {
        name: "stop waiting",
        events: &["停止等待"],
        run: |merchant, no| merchant.on(no, |tx, settings, no| purchase::stop_return(tx, settings, no, "t").map(drop)),
    },
    Command {
        name: "cancel",
        events: &["取消"],
        run: |merchant, no| {
            merchant.on(no, |tx, settings, no| purchase::cancel_return(tx, settings, no, "", "t").map(drop))
        },
    },
];

fn return_walk(open: fn(&Merchant, usize) -> String) -> Walk {
    Walk {
        table: table(&PURCHASE_RETURN),
        open,
        born: None,
        edges: Vec::new(),
        state: |merchant, no| merchant.read(no, purchase::return_by_no).status.code(),
        commands: RETURN,
    }
}

pub(crate) static RETURNS: LazyLock<Reached> = LazyLock::new(|| {
    use ReturnStatus as R;
    let merchant = merchant();
    let own = [R::Cancelled, R::Editing, R::AwaitingAudit, R::Audited, R::PartlyOut, R::Completed];
    let mut reached = return_walk(|merchant, _| open_return(merchant, "WH01")).check(&merchant, &own.map(R::code));
    let outsourced = [
        R::Cancelled,
        R::Editing,
        R::AwaitingAudit,
        R::AwaitingPush,
        R::PushFailed,
        R::AwaitingOut,
        R::PartlyOut,
        R::Completed,
    ];
    reached.extend(return_walk(|merchant, _| open_return(merchant, "OUT")).check(&merchant, &outsourced.map(R::code)));
    reached
});

#[test]
fn purchase_returns_do_what_the_table_says_and_nothing_else() {
    LazyLock::force(&RETURNS);
}
