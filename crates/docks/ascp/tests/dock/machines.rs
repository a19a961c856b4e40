//! The state machines of both sides: what the documentation draws, and what is refused.

use std::path::Path;

use dock_ascp::hub::{RETURN_ORDER, SUPPLY_ORDER};
use dock_ascp::onboarding::ONBOARDING;
use dock_ascp::platform::{SIM_ORDER, SIM_REVERSE};
use erp::{Machine, Named};

/// `MATOU_BLESS=1 cargo test -p dock-ascp machines` writes the page anew.
#[test]
fn the_documentation_draws_these_tables() {
    let mut page = String::from(
        "# 天猫国际直营状态机 / State machines of the ASCP dock\n\nGenerated from the `Machine` tables in `crates/docks/ascp/src`; a test fails when this page is stale.\n",
    );
    for (title, diagram) in [
        ("履约单(供应商侧) / fulfilment order, supplier's side", SUPPLY_ORDER.mermaid()),
        ("销退单(供应商侧) / return, supplier's side", RETURN_ORDER.mermaid()),
        ("渠道开通 / onboarding", ONBOARDING.mermaid()),
        ("履约单(平台侧) / fulfilment order, platform's side", SIM_ORDER.mermaid()),
        ("销退单(平台侧) / return, platform's side", SIM_REVERSE.mermaid()),
    ] {
        page.push_str(&format!("\n## {title}\n\n```mermaid\n{diagram}```\n"));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/ascp-state-machines.md");
    if std::env::var_os("MATOU_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), page, "docs/ascp-state-machines.md is stale");
}

/// Every pair of a state and an event leads where one step says, or is refused with what would be allowed.
fn every_pair<S: Named, E: Named>(machine: &Machine<S, E>) -> (usize, usize) {
    let (mut states, mut events): (Vec<S>, Vec<E>) = (Vec::new(), Vec::new());
    for step in machine.steps {
        for state in step.from.iter().chain([&step.to]) {
            if !states.contains(state) {
                states.push(*state);
            }
        }
        if !events.contains(&step.on) {
            events.push(step.on);
        }
    }
    let (mut allowed, mut refused) = (0, 0);
    for state in &states {
        for event in &events {
            let ways: Vec<S> = machine
                .steps
                .iter()
                .filter(|step| step.on == *event && step.from.contains(state))
                .map(|step| step.to)
                .collect();
            assert!(
                ways.len() < 2,
                "{}: {} in {} leads to several states",
                machine.document,
                event.name(),
                state.name()
            );
            match machine.fire(*state, *event) {
                Ok(to) => {
                    allowed += 1;
                    assert!(ways.first() == Some(&to));
                }
                Err(illegal) => {
                    refused += 1;
                    assert!(ways.is_empty());
                    assert!(illegal.to_string().contains(state.name()) && illegal.to_string().contains(event.name()));
                }
            }
        }
    }
    (allowed, refused)
}

#[test]
fn every_table_refuses_what_it_does_not_list() {
    let counted = [
        every_pair(&SUPPLY_ORDER),
        every_pair(&RETURN_ORDER),
        every_pair(&ONBOARDING),
        every_pair(&SIM_ORDER),
        every_pair(&SIM_REVERSE),
    ];
    assert!(counted.iter().all(|(allowed, refused)| *allowed > 1 && *refused > 1), "{counted:?}");
}
