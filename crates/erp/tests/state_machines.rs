//! The state machines are what the documentation draws, and refuse what they do not list.

use std::path::Path;

use erp::order::{ORDER, OrderEvent, OrderStatus, RAW_ORDER, STOCK_OUT};
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
        ("平台账单 / bill line (`status`)", BILL.mermaid()),
        ("盘点单 / stock-taking (`status`)", STOCK_TAKING.mermaid()),
        ("调拨单 / transfer (`status`)", TRANSFER.mermaid()),
        ("委外出入库单 / outsourced order (`status`)", OUTSOURCED.mermaid()),
    ] {
        page.push_str(&format!("\n## {title}\n\n```mermaid\n{diagram}```\n"));
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
    assert_eq!(illegal.to_string(), "订单状态为95已发货,不能取消,允许:部分打款、完成");
}
