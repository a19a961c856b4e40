//! The state machines are what the documentation draws, and refuse what they do not list.

use std::path::Path;

use erp::{Machine, Named, UNUSED, Unused};

use erp::aftersale::{RAW_REFUND, REFUND_ORDER, RawRefundEvent, RawRefundStatus, RefundEvent, RefundStatus};
use erp::order::{ORDER, OrderEvent, OrderStatus, RAW_ORDER, STOCK_OUT};
use erp::purchase::{PURCHASE_APPLY, PURCHASE_ORDER, PURCHASE_RETURN};
use erp::report::BILL;
use erp::stock::{OUTSOURCED, STOCK_IN, STOCK_TAKING, TRANSFER, WAREHOUSE_OUT};

/// `MATOU_BLESS=1 cargo test -p erp --test state_machines` writes the page anew.
#[test]
fn the_documentation_draws_these_tables() {
    let mut page = String::from(
        "# 状态机 / State machines\n\nGenerated from the `Machine` tables in `crates/erp/src`; a test fails when this page is stale.\n",
    );
    for (title, diagram) in [
        ("原始订单 / raw order (`process_status`)", RAW_ORDER.mermaid()),
        ("系统订单 / order (`trade_status`)", ORDER.mermaid()),
        ("销售出库单 / stock-out (`status`)", STOCK_OUT.mermaid()),
        ("入库单 / stock-in of every kind (`status`)", STOCK_IN.mermaid()),
        ("出库单 / stock-out of every kind but sales (`status`)", WAREHOUSE_OUT.mermaid()),
        ("采购申请单 / requisition (`status`)", PURCHASE_APPLY.mermaid()),
        ("采购单 / purchase order (`status`)", PURCHASE_ORDER.mermaid()),
        ("采购退货单 / purchase return (`status`)", PURCHASE_RETURN.mermaid()),
        ("平台账单 / bill line (`status`)", BILL.mermaid()),
        ("原始退款单 / raw refund (`process_status`)", RAW_REFUND.mermaid()),
        ("退换单 / refund or exchange order (`process_status`)", REFUND_ORDER.mermaid()),
        ("盘点单 / stock-taking (`status`)", STOCK_TAKING.mermaid()),
        ("调拨单 / transfer (`status`)", TRANSFER.mermaid()),
        ("委外出入库单 / outsourced order (`status`)", OUTSOURCED.mermaid()),
    ] {
        page.push_str(&format!("\n## {title}\n\n```mermaid\n{diagram}```\n"));
    }
    page.push_str(
        "\n## 不会出现的值 / values that never occur\n\n查询条件接受这些值,只是查不到数据。 Filters accept these values and find nothing.\n\n\
         | 单据或字段 / of | 值 / value | 名称 / name | 原因 / why |\n|---|---|---|---|\n",
    );
    for Unused { of, code, name, why, reason } in UNUSED {
        page.push_str(&format!("| {of} | {code} | {name} | {reason} / {why} |\n"));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/state-machines.md");
    if std::env::var_os("MATOU_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), page, "docs/state-machines.md is stale");
}

/// Every pair of state and event: the table leads somewhere, or the refusal names state, event and what is allowed.
#[test]
fn what_is_not_listed_is_refused_with_what_would_be_allowed() {
    let mut refused = 0;
    for state in OrderStatus::ALL {
        for event in OrderEvent::ALL {
            let listed = ORDER.steps.iter().any(|step| step.on == *event && step.from.contains(state));
            match ORDER.fire(*state, *event) {
                Ok(_) => assert!(listed, "{state:?} {event:?}"),
                Err(illegal) => {
                    refused += 1;
                    assert!(!listed, "{state:?} {event:?}");
                    assert!(illegal.to_string().contains(&format!("{}{}", state.code(), state.chinese())), "{illegal}");
                    assert_eq!(illegal.allowed.is_empty(), ORDER.allowed(*state).next().is_none());
                }
            }
        }
    }
    assert!(refused > 100);
    let illegal = ORDER.fire(OrderStatus::Shipped, OrderEvent::Cancel).unwrap_err();
    assert_eq!(illegal.to_string(), "订单状态为95已发货,不能取消,允许:签收、部分打款、完成");
}

/// The same for after-sale.
#[test]
fn after_sale_refuses_what_its_tables_do_not_list() {
    let mut seen = (0, 0);
    for state in RefundStatus::ALL {
        for event in RefundEvent::ALL {
            let listed = REFUND_ORDER.steps.iter().filter(|step| step.on == *event && step.from.contains(state));
            let ways: Vec<_> = listed.map(|step| step.to).collect();
            assert!(ways.len() < 2, "{state:?} {event:?} leads to {ways:?}");
            match REFUND_ORDER.fire(*state, *event) {
                Ok(to) => {
                    seen.0 += 1;
                    assert_eq!(ways, [to]);
                }
                Err(illegal) => {
                    seen.1 += 1;
                    assert!(ways.is_empty(), "{state:?} {event:?}");
                    assert!(illegal.to_string().contains(&format!("{}{}", state.code(), state.chinese())), "{illegal}");
                }
            }
        }
    }
    assert_eq!(seen.0, REFUND_ORDER.steps.iter().map(|step| step.from.len()).sum::<usize>());
    assert!(seen.1 > 100, "{seen:?}");
    for state in RawRefundStatus::ALL {
        for event in RawRefundEvent::ALL {
            let listed = RAW_REFUND.steps.iter().any(|step| step.on == *event && step.from.contains(state));
            assert_eq!(RAW_REFUND.fire(*state, *event).is_ok(), listed, "{state:?} {event:?}");
        }
    }
    let illegal = REFUND_ORDER.fire(RefundStatus::Completed, RefundEvent::Cancel).unwrap_err();
    assert_eq!(illegal.to_string(), "退换单状态为90已完成,不能取消(该状态为终态)");
}

/// Every pair of a state and an event of a table: it leads where the one step says, or the refusal names document, state, event
/// and everything that would be allowed. Returns how many pairs are allowed and refused.
fn every_pair<S: Named, E: Named>(machine: &Machine<S, E>) -> (usize, usize) {
    let (mut states, mut events): (Vec<S>, Vec<E>) = (Vec::new(), Vec::new());
    for step in machine.steps {
        step.from.iter().chain([&step.to]).for_each(|state| {
            if !states.contains(state) {
                states.push(*state);
            }
        });
        if !events.contains(&step.on) {
            events.push(step.on);
        }
    }
    let (mut allowed, mut refused) = (0, 0);
    for state in &states {
        for event in &events {
            let what = format!("{}: {} in {}", machine.document, event.name(), state.name());
            let listed = machine.steps.iter().filter(|step| step.on == *event && step.from.contains(state));
            let ways: Vec<S> = listed.map(|step| step.to).collect();
            assert!(ways.len() < 2, "{what} leads to several states");
            match machine.fire(*state, *event) {
                Ok(to) => {
                    allowed += 1;
                    assert!(ways.first() == Some(&to), "{what}");
                }
                Err(illegal) => {
                    refused += 1;
                    assert!(ways.is_empty(), "{what}");
                    let text = illegal.to_string();
                    for part in
                        [machine.document, state.name(), event.name()].into_iter().chain(illegal.allowed.clone())
                    {
                        assert!(text.contains(part), "{what}: {text} does not say {part}");
                    }
                    assert_eq!(illegal.allowed.len(), machine.allowed(*state).count(), "{what}");
                }
            }
        }
    }
    (allowed, refused)
}

#[test]
fn every_table_refuses_what_it_does_not_list() {
    let counted = [
        every_pair(&RAW_ORDER),
        every_pair(&ORDER),
        every_pair(&STOCK_OUT),
        every_pair(&STOCK_IN),
        every_pair(&WAREHOUSE_OUT),
        every_pair(&PURCHASE_APPLY),
        every_pair(&PURCHASE_ORDER),
        every_pair(&PURCHASE_RETURN),
        every_pair(&BILL),
        every_pair(&RAW_REFUND),
        every_pair(&REFUND_ORDER),
        every_pair(&STOCK_TAKING),
        every_pair(&TRANSFER),
        every_pair(&OUTSOURCED),
    ];
    assert!(counted.iter().all(|(allowed, refused)| *allowed > 1 && *refused > 1), "{counted:?}");
}

/// The numbers of a document that occur, as its machine says, together with those that are explained, are all there are; and no
/// explained one occurs. `first` is the state in which the document is made.
fn accounted<S: Named, E: Named>(machine: &Machine<S, E>, of: &str, all: &[i64], first: &[i64]) {
    let mut occur: Vec<i64> =
        machine.steps.iter().filter_map(|step| step.to.number()).chain(first.iter().copied()).collect();
    occur.sort_unstable();
    occur.dedup();
    let explained: Vec<i64> = UNUSED.iter().filter(|unused| unused.of == of).map(|unused| unused.code).collect();
    for code in all {
        assert!(occur.contains(code) != explained.contains(code), "{of} {code}: occurs or is explained, one of them");
    }
    assert!(occur.iter().all(|code| all.contains(code)), "{of}");
}

#[test]
fn every_state_is_entered_or_explained() {
    use erp::aftersale::{RawRefundStatus as RR, RefundStatus as R};
    use erp::order::{OrderStatus as T, ProcessStatus as P, StockOutStatus as O};
    use erp::purchase::{ApplyStatus as A, PurchaseStatus as PO, ReturnStatus as PR};
    use erp::report::BillStatus as B;
    use erp::stock::{
        OutsourcedStatus as W, StockInStatus as I, TakingStatus as K, TransferStatus as F, WarehouseOutStatus as X,
    };
    macro_rules! codes {
        ($status:ty) => {
            <$status>::ALL.iter().map(|status| status.code()).collect::<Vec<i64>>()
        };
    }
    accounted(&RAW_ORDER, "原始订单", &codes!(P), &[10]);
    accounted(&ORDER, "订单", &codes!(T), &[10]);
    accounted(&STOCK_OUT, "销售出库单", &codes!(O), &[55]);
    accounted(&STOCK_IN, "入库单", &codes!(I), &[25, 30]);
    accounted(&WAREHOUSE_OUT, "出库单", &codes!(X), &[48, 50]);
    accounted(&PURCHASE_APPLY, "采购申请单", &codes!(A), &[10]);
    accounted(&PURCHASE_ORDER, "采购单", &codes!(PO), &[20]);
    accounted(&PURCHASE_RETURN, "采购退货单", &codes!(PR), &[20]);
    accounted(&BILL, "平台账单", &codes!(B), &[3]);
    accounted(&RAW_REFUND, "原始退款单", &codes!(RR), &[0]);
    accounted(&REFUND_ORDER, "退换单", &codes!(R), &[20]);
    accounted(&STOCK_TAKING, "盘点单", &codes!(K), &[35]);
    accounted(&TRANSFER, "调拨单", &codes!(F), &[30]);
    accounted(&OUTSOURCED, "委外出入库单", &codes!(W), &[30]);
}

/// Every bit that has a name is set by something.
#[test]
fn every_bit_has_a_setter() {
    use erp::order::{BAD_BITS, BLOCK_BITS, GIFT_BITS, TRADE_BITS, UNMERGE_BITS};
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/order");
    let declared = std::fs::read_to_string(folder.join("bits.rs")).unwrap();
    let mut sources = String::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("bits.rs") {
                sources.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut seen = 0;
    for list in [BAD_BITS, BLOCK_BITS, GIFT_BITS, TRADE_BITS, UNMERGE_BITS] {
        seen += list.len();
    }
    let names: Vec<&str> = declared
        .lines()
        .filter_map(|line| line.trim().split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_') && name.contains('_'))
        .collect();
    assert_eq!(names.len(), seen, "{names:?}");
    for name in names {
        let set = [format!("|= {name}"), format!("| {name}"), format!("{name} }}"), format!("({name}, ")];
        assert!(set.iter().any(|set| sources.contains(set.as_str())), "nothing sets {name}");
    }
}
