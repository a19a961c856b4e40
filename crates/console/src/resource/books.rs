//! Whether the merchant's books balance (账实核对).

use erp::report::{self, Finding};
use store::Reader;
use wire::args::arguments;
use wire::rows::{Column, describe, text};

use crate::answer::{Answer, Shape};
use crate::desk::Ask;
use crate::fault::Fault;
use crate::operation::{Head, Operation, Verb, reads};

const FINDING: &[Column<Finding>] = &[
    text("check", "which check: ledger, oversold, claims, state, money, refund / 检查项", |f| f.check),
    text("subject", "warehouse and merchant code, or a document / 对象", |f| &f.subject),
    text("text", "what does not agree / 差异", |f| &f.text),
];

arguments! {
    /// Nothing is asked.
    struct Nothing {}
}

pub(super) fn operations() -> Vec<Operation> {
    let head = Head {
        id: "books.check",
        verb: Verb::Get,
        path: "/books",
        summary: (
            "compares ledger, balances, open documents, states and money; total_count 0 = the books balance",
            "核对流水、库存、单据占用、状态与金额；total_count 为 0 即账实相符",
        ),
        shape: Shape::Rows("findings", || describe(FINDING)),
    };
    vec![reads(head, check)]
}

fn check(ask: &Ask, _: &Nothing, reader: &mut Reader) -> Result<Answer, Fault> {
    let books = report::books(reader, &ask.settings)?;
    let count = i64::try_from(books.findings.len()).unwrap_or(i64::MAX);
    Ok(Answer::rows(ask.style, "findings", FINDING, &books.findings, Some(count)))
}
