//! Every code that a method declares, and every error row of fact sheets wdt-1 and wdt-2, is provoked by some test: this one runs
//! the others in a process of their own, where each answered call is written down with the test that made it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::Command;

use gateway::{CallRecord, CallSink};

/// Where calls are written down; nothing is when it is not set.
const FILE: &str = "MATOU_PROOFS";

/// Writes down method and code of every call, and the test that made it.
pub(crate) struct Witness;

impl CallSink for Witness {
    fn record(&self, call: &CallRecord) {
        let Some(path) = std::env::var_os(FILE) else { return };
        let thread = std::thread::current();
        let line = format!("{}\t{}\t{}\n", call.method, call.code, thread.name().unwrap_or_default());
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
}

/// Method and code, with the tests that provoke them.
type Proofs = BTreeMap<(String, i64), BTreeSet<String>>;

/// Runs all other tests and reads what they wrote down.
fn gathered() -> Proofs {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls");
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--skip", "proofs::", "--skip", "chaos::"])
        .env(FILE, &path)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    let mut proofs = Proofs::new();
    for line in std::fs::read_to_string(&path).unwrap().lines() {
        let mut parts = line.split('\t');
        let (method, code, test) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        proofs.entry((method.to_owned(), code.parse().unwrap())).or_default().insert(test.to_owned());
    }
    proofs
}

#[test]
fn every_declared_code_and_every_row_of_the_sheets_is_provoked() {
    let proofs = gathered();
    let mut missing = Vec::new();
    for entry in dock_wdt::registry().iter() {
        for code in entry.codes().keys() {
            if !proofs.contains_key(&(entry.name.to_owned(), *code)) {
                missing.push(format!("{} {code}: {:?}", entry.name, entry.codes()[code]));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "declared and never provoked");
    let explained: Vec<_> = EXPLAINED.iter().map(|(chapter, method, code, _)| (*chapter, *method, *code)).collect();
    assert_eq!(unproved(&proofs), explained, "rows of the sheets that no test provokes");
    assert!(EXPLAINED.iter().all(|(.., why)| why.len() > 10));
}

/// Error rows of the sheets: chapter, method (empty = whichever), codes. Written down from the sheets, not from what is declared.
const ROWS: &[(&str, &str, &[i64])] = &[
    ("wdt-1, 1.11", "", &[100, 1007, 1013, 1020, 1030, 1040, 1200, 1610, 30401, 30402]),
    ("wdt-1, 1.11", "", &[1, 20, 1012, 1060, 2030, 2060, 2090, 2100, 2104, 2105, 2160, 2180, 2220, 2310]),
    ("wdt-1, 1.11", "", &[2830, 2900, 4304, 17_000_001, 30400, 99]),
    ("wdt-1, 2.1", "wdt.shop.query", &[2220]),
    ("wdt-1, 2.2", "wdt.warehouse.query", &[2220]),
    ("wdt-1, 2.4", "wdt.purchase.provider.query", &[2220]),
    ("wdt-1, 2.5", "wdt.purchase.provider.create", &[17_000_001]),
    ("wdt-1, 2.7", "wdt.goods.query", &[2900, 2160, 2180, 2220]),
    ("wdt-1, 2.8", "wdt.api.goodsspec.push", &[2310, 4304, 1, 2830]),
    ("wdt-1, 2.9", "wdt.vip.api.goods.query", &[2160, 2104, 2220]),
    ("wdt-1, 2.10", "wdt.suites.query", &[2900, 2180, 2220]),
    ("wdt-1, 2.13", "wdt.trade.push", &[1, 99, 2310]),
    ("wdt-1, 2.14", "wdt.trade.query", &[2900, 2160, 2180, 2830, 2220]),
    ("wdt-1, 2.15", "wdt.stockout.order.query.trade", &[2900, 2160, 2180, 2220, 2830]),
    ("wdt-1, 2.16", "wdt.logistics.sync.query", &[2310, 2900]),
    ("wdt-1, 2.18", "wdt.api.goods.stock.change.query", &[2310, 2900]),
    ("wdt-1, 2.20", "wdt.vip.trade.modify", &[30400, 2900, 9018, 1]),
    ("wdt-1, 2.21", "wdt.vip.stat.sales.by.spec.shop.warehouse.query", &[2900, 20]),
    ("wdt-1, 2.23", "wdt.vip.api.trade.query", &[2900, 2160, 2180, 2220]),
    ("wdt-2, 9", "", &[2900, 2160, 2180, 2830, 5040, 7010, 2470, 9001, 9002, 9003, 9004, 9005, 9006, 9007, 9008]),
    ("wdt-2, 9", "", &[9009, 9010, 9011, 9012, 9013, 9014, 9015, 9016, 9017, 9018, 9019, 9020, 9021, 9022, 9023]),
    ("wdt-2, 9", "", &[9024, 9025, 9026, 9027]),
    ("wdt-2, 3.1", "wdt.sales.refund.push", &[9002, 9003, 5040, 9025, 9012, 2830, 2900]),
    ("wdt-2, 3.2", "wdt.stockin.refund.push", &[9010, 9011, 9007, 9009, 9004, 2470, 9017, 9016, 9018]),
    ("wdt-2, 3.3", "wdt.refund.query", &[2160, 2180, 2830]),
    ("wdt-2, 3.6", "wdt.vip.api.refund.query", &[2180]),
    ("wdt-2, 4.1", "wdt.purchase.order.push", &[7010, 9006, 9004, 9007, 9008, 9020, 9002, 9012]),
    ("wdt-2, 4.2", "wdt.stockin.purchase.push", &[2470, 9010, 9011, 9009, 9017, 9004]),
    ("wdt-2, 4.6", "wdt.purchase.return.push", &[9001, 9006, 9004, 9007, 9012, 9026]),
    ("wdt-2, 4.7", "wdt.purchase.return.order.push", &[9010, 9011, 9009, 9014, 9016, 9001]),
    ("wdt-2, 5.1", "wdt.stock.query", &[2160, 2180, 9004]),
    ("wdt-2, 5.2", "wdt.stock.sync.by.pd", &[9001, 9004, 9007, 9015, 9016, 9022, 9023, 9002]),
    ("wdt-2, 5.4", "wdt.stockin.order.push", &[2470, 9004, 9005, 9007, 9016, 9019, 9017, 9012]),
    ("wdt-2, 5.6", "wdt.stockout.order.push", &[9014, 9001, 9004, 9005, 9007, 9016, 9017, 9019]),
    ("wdt-2, 5.8", "wdt.stock.transfer.push", &[9001, 9004, 9021, 9007, 9016, 9014, 9012]),
    ("wdt-2, 5.9", "wdt.stockout.transfer.push", &[9010, 9011, 9004, 9009, 9013, 9014, 9001]),
    ("wdt-2, 5.10", "wdt.stockin.transfer.push", &[9010, 9011, 9004, 9009, 9013, 2470, 9017]),
    ("wdt-2, 5.13", "wdt.vip.stock.query.all", &[9024, 2900, 2180]),
    ("wdt-2, 5.14", "wdt.vip.stock.outside.wms.query", &[2160, 2180, 9027]),
    ("wdt-2, 8", "wdt.vip.jit.return.stockin.order.query", &[2180]),
    ("wdt-2, 8", "wdt.vip.jit.stockout.order.query", &[2180, 2900]),
];

/// Rows that are not provoked, and why.
const EXPLAINED: &[(&str, &str, i64, &str)] = &[
    ("wdt-1, 1.11", "", 100, "the other catch-all; 1 is answered instead"),
    ("wdt-1, 1.11", "", 1007, "2310 says the same of a shop, 2090 of an application"),
    ("wdt-1, 1.11", "", 1013, "a transient code without a text; 1020 is answered instead"),
    ("wdt-1, 1.11", "", 1020, "the store fails in the tests of the gateway and of the program (faults)"),
    ("wdt-1, 1.11", "", 1030, "a transient code without a text; 1020 is answered instead"),
    ("wdt-1, 1.11", "", 1040, "a transient code without a text; 1020 is answered instead"),
    ("wdt-1, 1.11", "", 1200, "a transient code without a text; 1020 is answered instead"),
    ("wdt-1, 1.11", "", 1610, "a transient code without a text; 1020 is answered instead"),
    ("wdt-1, 1.11", "", 30401, "no method that changes orders here names a spec"),
    ("wdt-1, 1.11", "", 30402, "no method that changes orders here names a line"),
];

/// The rows of the sheets that no test provokes.
fn unproved(proofs: &Proofs) -> Vec<(&'static str, &'static str, i64)> {
    let proved = |method: &str, code: i64| match method {
        "" => proofs.keys().any(|(_, provoked)| *provoked == code),
        method => proofs.contains_key(&(method.to_owned(), code)),
    };
    let rows =
        ROWS.iter().flat_map(|(chapter, method, codes)| codes.iter().map(move |code| (*chapter, *method, *code)));
    rows.filter(|(_, method, code)| !proved(method, *code)).collect()
}
