//! The supplier of Tmall Global Direct on a heavy day: pushes against `trade_push`, how soon the platform hears that an order was taken
//! into work, and memory while a day's orders come in. This program plays the platform: it pushes, and it is the TOP that the
//! supplier reports to.

mod day;
mod pushes;
mod top;

use std::time::Duration;

use self::pushes::{ACCEPTED, Kind};
use self::top::Top;
use super::Bench;
use super::child::{Demo, Server};
use super::figures::{Table, median};
use super::load::{Pace, Round, fire, fire_at};
use super::plan::{TAKEN, tell};
use super::requests;
use crate::client::Client;
use crate::demo::Ascp;
use crate::trouble::Trouble;

/// Orders a second of which each must be reported within [`SOON`].
const STEADY: f64 = 500.0;
/// Milliseconds.
const SOON: f64 = 1_000.0;
/// Longest wait until everything that was pushed has been reported.
const PATIENCE: Duration = Duration::from_secs(180);

/// A supplier that reports to this program.
struct Supplier<'a> {
    demo: &'a Demo,
    ascp: &'a Ascp,
    server: &'a Server,
    top: Top,
    /// Number of the next order.
    next: usize,
}

impl Supplier<'_> {
    /// Numbers that no other order has.
    fn numbers(&mut self, count: usize) -> std::ops::Range<usize> {
        self.next += count;
        self.next - count..self.next
    }
}

pub(super) async fn measure(bench: &Bench, server: &Server, demo: &Demo, table: &mut Table) -> Result<(), Trouble> {
    let ascp = demo.card.ascp.as_ref().ok_or_else(|| Trouble::new("the demo has no supplier"))?;
    let top = Top::serve().await?;
    let admin = Client::new(&format!("http://{}", server.address));
    let change = serde_json::json!({ "top_url": top.url }).to_string();
    let path = format!("/ascp/channels/{}", ascp.supplier_id);
    let changed = admin.admin("PATCH", &path, &demo.card.admin.token, Some(change)).await.map_err(Trouble::new)?;
    if changed.status != 200 {
        return Err(Trouble::new(format!("the channel's TOP cannot be changed: {}", changed.body)));
    }
    let mut supplier = Supplier { demo, ascp, server, top, next: 0 };
    rates(bench, &mut supplier, table).await?;
    steady(bench, &mut supplier, table).await?;
    day::measure(bench, &mut supplier, table).await
}

/// Pushes and single calls of `trade_push` in turn.
async fn rates(bench: &Bench, supplier: &mut Supplier<'_>, table: &mut Table) -> Result<(), Trouble> {
    let (server, demo) = (supplier.server, supplier.demo);
    let (mut calls, mut pushed, mut quiet) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=bench.rounds {
        let shots = requests::pushes(demo, (1 << 30) + round * bench.orders, bench.orders, 1);
        calls.push(tell("trade_push, one order", round, fire(&server.address, bench.connections, shots, TAKEN).await?));
        // With everything that follows a push: the order of events read, the report queued, sent, and settled.
        let numbers = supplier.numbers(bench.orders);
        let shots = pushes::shots(demo, supplier.ascp, Kind::Notify, numbers)?;
        let done = fire(&server.address, bench.connections, shots, ACCEPTED).await?;
        pushed.push(tell("ASCP push, reports going out", round, done));
        supplier.top.all(supplier.next, PATIENCE).await?;
        // The same while TOP does not answer: only what must be done before the push is answered.
        supplier.top.hang(true);
        let numbers = supplier.numbers(bench.orders);
        let shots = pushes::shots(demo, supplier.ascp, Kind::Notify, numbers)?;
        let done = fire(&server.address, bench.connections, shots, ACCEPTED).await?;
        quiet.push(tell("ASCP push, TOP silent", round, done));
        supplier.top.hang(false);
        supplier.top.all(supplier.next, PATIENCE).await?;
    }
    let rate = |rounds: &[Round]| median(rounds.iter().map(|round| round.rate).collect());
    let against = ("`trade_push`, one order a call", rate(&calls));
    table.ratio("push of an order of two lines, reports going out meanwhile", rate(&pushed), "orders/s", against, 0.5);
    table.ratio("the same while TOP does not answer", rate(&quiet), "orders/s", against, 0.5);
    let p99 = median(pushed.iter().map(|round| round.p99).collect()) / 1000.0;
    table.note("push, 32 connections: 99th percentile", p99, "ms");
    Ok(())
}

/// From the moment when a push is due to be sent until the report has arrived, at a steady rate.
async fn steady(bench: &Bench, supplier: &mut Supplier<'_>, table: &mut Table) -> Result<(), Trouble> {
    let mut figures: [Vec<f64>; 3] = Default::default();
    for round in 1..=bench.rounds {
        let numbers = supplier.numbers(bench.orders.min(10_000));
        let shots = pushes::shots(supplier.demo, supplier.ascp, Kind::Notify, numbers.clone())?;
        let pace = Pace::starting_now(STEADY);
        let done = fire_at(&supplier.server.address, bench.connections, shots, ACCEPTED, Some(pace)).await?;
        supplier.top.all(supplier.next, PATIENCE).await?;
        let mut times: Vec<f64> = numbers
            .clone()
            .filter_map(|n| Some(supplier.top.arrival(n)?.duration_since(pace.due(n - numbers.start))))
            .map(|time| time.as_secs_f64() * 1000.0)
            .collect();
        times.sort_by(f64::total_cmp);
        let at = |part: f64| times.get((times.len() as f64 * part) as usize).or(times.last()).copied().unwrap_or(0.0);
        let [median, p99, most] = [at(0.5), at(0.99), at(1.0)];
        eprintln!(
            "bench: round {round}, push to report at {:.0}/s: median {median:.1} ms, 99 % {p99:.1} ms, longest {most:.1} ms",
            done.rate
        );
        for (all, one) in figures.iter_mut().zip([median, p99, most]) {
            all.push(one);
        }
    }
    let [half, nearly, longest] = figures;
    for (what, times) in [("median", half), ("99th percentile", nearly)] {
        let what = format!("push to received-report at {STEADY:.0} orders/s: {what}");
        table.below(&what, median(times), SOON, "ms");
    }
    let longest = longest.into_iter().fold(0.0, f64::max);
    table.below(
        &format!("push to received-report at {STEADY:.0} orders/s: longest of all rounds"),
        longest,
        SOON,
        "ms",
    );
    Ok(())
}
