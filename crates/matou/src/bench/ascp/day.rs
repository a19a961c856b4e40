//! A day of many orders: memory must not grow with them.

use std::time::{Duration, Instant};

use super::pushes::{self, ACCEPTED, Kind};
use super::{PATIENCE, Supplier};
use crate::bench::Bench;
use crate::bench::figures::Table;
use crate::bench::load::fire;
use crate::trouble::Trouble;

/// Samples of the memory.
const SAMPLES: usize = 20;
/// One order of so many is cancelled.
const CANCELLED: usize = 50;
/// The second half of a day may need so much more memory than the first, MB.
const FLAT: f64 = 24.0;

pub(super) async fn measure(bench: &Bench, supplier: &mut Supplier<'_>, table: &mut Table) -> Result<(), Trouble> {
    if bench.ascp_day == 0 {
        return Ok(());
    }
    let (began, first) = (Instant::now(), supplier.next);
    let limit = Duration::from_secs(bench.ascp_minutes * 60);
    let part = bench.ascp_day.div_ceil(SAMPLES);
    let mut samples = vec![supplier.server.memory()?];
    while supplier.next - first < bench.ascp_day && began.elapsed() < limit {
        let numbers = supplier.numbers(part);
        let cancelled: Vec<usize> = numbers.clone().filter(|n| n % CANCELLED == 0).collect();
        let shots = pushes::shots(supplier.demo, supplier.ascp, Kind::Notify, numbers)?;
        let done = fire(&supplier.server.address, bench.connections, shots, ACCEPTED).await?;
        for n in cancelled {
            let shots = pushes::shots(supplier.demo, supplier.ascp, Kind::Cancel, n..n + 1)?;
            fire(&supplier.server.address, 1, shots, ACCEPTED).await?;
        }
        // The pace that it can keep: reports may lag behind by one part of the day, no more.
        supplier.top.all(supplier.next - part, PATIENCE).await?;
        samples.push(supplier.server.memory()?);
        eprintln!(
            "bench: day, {} orders in {:.0} s, {:.0}/s, {} reported, {:.1} MB",
            supplier.next - first,
            began.elapsed().as_secs_f64(),
            done.rate,
            supplier.top.reported().saturating_sub(first),
            samples.last().copied().unwrap_or(0.0),
        );
    }
    let (orders, pushed) = (supplier.next - first, began.elapsed().as_secs_f64());
    supplier.top.all(supplier.next, PATIENCE * 10).await?;
    samples.push(supplier.server.memory()?);
    let told = began.elapsed().as_secs_f64();
    let most = |part: &[f64]| part.iter().copied().fold(0.0, f64::max);
    let (early, late) = samples.split_at(samples.len() / 2);
    table.note("a day: orders pushed, one of 50 cancelled", orders as f64, "orders");
    table.note("a day: pace, with the time that this program takes to sign", orders as f64 / pushed, "orders/s");
    table.note("a day: the last report came after the last push by", told - pushed, "s");
    table.note("a day: memory before", samples.first().copied().unwrap_or(0.0), "MB");
    table.note("a day: most memory in the first half", most(early), "MB");
    let what = "a day: most memory in the second half";
    table.below(what, most(late), most(early) + FLAT, "MB");
    Ok(())
}
