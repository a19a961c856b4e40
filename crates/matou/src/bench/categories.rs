//! One read and one write of each category on a large past and on a small one of the same density, in turn: answers must come
//! soon, and must not take longer because there is more.

use std::sync::Arc;

use bytes::Bytes;

use super::Bench;
use super::calls;
use super::child::{Demo, Server};
use super::figures::{Table, median};
use super::load::{Round, Shot, fire};
use super::past::{Past, Scale};
use crate::client;
use crate::outside::SystemClock;
use crate::trouble::Trouble;

const TAKEN: &str = "\"code\":0";
/// Calls of a round.
const CALLS: usize = 300;
/// 99 of 100 incremental answers come within this, milliseconds.
const SOON: f64 = 20.0;
/// An answer from the small past may be this much faster.
const GROWTH: f64 = 1.5;

/// A measured call: what it is, whether it is an incremental read, and the n-th call of it on a past.
struct Probe {
    what: &'static str,
    incremental: bool,
    call: fn(&Past, usize) -> calls::Call,
}

/// A page of a window, oldest changes first.
fn page(php: &'static str, windows: &[(String, String)], n: usize, size: &str) -> calls::Call {
    let (start, end) = &windows[n * 37 % windows.len()];
    let arguments = vec![
        ("start_time", start.clone()),
        ("end_time", end.clone()),
        ("page_no", (n % 3).to_string()),
        ("page_size", size.to_owned()),
    ];
    (php, arguments)
}

const PROBES: &[Probe] = &[
    Probe {
        what: "base: `shop_query`",
        incremental: false,
        call: |_, n| ("shop.php", vec![("page_no", "0".to_owned()), ("app_rights", n.to_string())]),
    },
    Probe {
        what: "base: `purchase_provider_create`",
        incremental: false,
        call: |_, n| calls::provider(&format!("BP{n}")),
    },
    Probe {
        what: "goods: `goods_query`, page of 40",
        incremental: true,
        call: |past, n| page("goods_query.php", &past.shelves, n, "40"),
    },
    Probe {
        what: "goods: `goods_push`, 10 specs",
        incremental: false,
        call: |past, n| calls::goods((past.scale.specs / 10 + 1_000 + n) * 10, 1, 10),
    },
    Probe {
        what: "orders: `trade_query`, page of 100",
        incremental: true,
        call: |past, n| page("trade_query.php", &past.hours, n, "100"),
    },
    Probe {
        what: "orders: `vip_api_trade_query`, page of 100",
        incremental: true,
        call: |past, n| page("vip_api_trade_query.php", &past.hours, n, "100"),
    },
    Probe {
        what: "orders: `trade_push`, two lines",
        incremental: false,
        call: |past, n| calls::orders("M2026", n, 1, past.scale.specs),
    },
    Probe {
        what: "after-sales: `vip_api_refund_query`, page of 100",
        incremental: true,
        call: |past, n| page("vip_api_refund_query.php", &past.hours, n, "100"),
    },
    Probe {
        what: "after-sales: `sales_refund_push`",
        incremental: false,
        call: |past, n| calls::refund("L2025", n * 97 % past.scale.orders, &format!("MR{n}")),
    },
    Probe {
        what: "purchase: `purchase_order_query`, page of 100",
        incremental: true,
        call: |past, n| page("purchase_order_query.php", &past.hours, n, "100"),
    },
    Probe {
        what: "purchase: `purchase_order_push`, two lines",
        incremental: false,
        call: |past, n| calls::purchase(&format!("MP{n}"), n, past.scale),
    },
    Probe {
        what: "stock: `stock_query`, page of 100",
        incremental: true,
        call: |past, n| page("stock_query.php", &past.lately, n, "100"),
    },
    Probe {
        what: "stock: `stockin_order_query`, page of 100",
        incremental: true,
        call: |past, n| page("stockin_order_query.php", &past.hours, n, "100"),
    },
    Probe {
        what: "stock: `stockin_order_push`, one line",
        incremental: false,
        call: |past, n| calls::small_stock_in(&format!("MI{n}"), n, past.scale),
    },
];

/// A server on a past.
pub(super) struct Place<'a> {
    pub(super) server: &'a Server,
    pub(super) demo: &'a Demo,
    pub(super) past: &'a Past,
}

impl Place<'_> {
    async fn round(&self, probe: &Probe, first: usize) -> Result<Round, Trouble> {
        let shots = (first..first + CALLS).map(|n| self.shot((probe.call)(self.past, n))).collect();
        fire(&self.server.address, 1, shots, TAKEN).await
    }

    fn shot(&self, (php, arguments): calls::Call) -> Shot {
        let arguments = arguments.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let pairs = client::openapi2(&SystemClock, &self.demo.sid, &self.demo.wdt, arguments);
        Shot { path: Arc::from(format!("/openapi2/{php}")), body: Bytes::from(client::encode(&pairs)) }
    }
}

/// Measures every probe on both, one connection, rounds interleaved.
pub(super) async fn measure(
    bench: &Bench,
    large: &Place<'_>,
    small: &Place<'_>,
    table: &mut Table,
) -> Result<(), Trouble> {
    let Scale { orders, specs, warehouses } = large.past.scale;
    eprintln!("bench: categories at {orders} orders, {specs} specs, {warehouses} warehouses");
    for probe in PROBES {
        let (mut here, mut there) = (Vec::new(), Vec::new());
        for round in 0..bench.rounds {
            there.push(small.round(probe, round * CALLS).await?);
            here.push(large.round(probe, round * CALLS).await?);
        }
        let middle = |rounds: &[Round], pick: fn(&Round) -> f64| median(rounds.iter().map(pick).collect());
        let (much, little) = (middle(&here, |round| round.median), middle(&there, |round| round.median));
        let p99 = middle(&here, |round| round.p99) / 1_000.0;
        eprintln!("bench: {}: median {much:.0} µs, of few {little:.0} µs, 99 % {p99:.2} ms", probe.what);
        if probe.incremental {
            table.below(&format!("{}: 99th percentile", probe.what), p99, SOON, "ms");
        }
        table.ratio(&format!("{}: median with few", probe.what), little, "µs", ("with all", much), 1.0 / GROWTH);
    }
    Ok(())
}
