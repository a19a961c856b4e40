//! What is measured, in which order, and what is wanted of it (issue of the foundation, "How fast, how small").

use std::path::{Path, PathBuf};

use super::categories::{self, Place};
use super::child::{Demo, Server};
use super::figures::{Table, median};
use super::load::{Round, fire};
use super::past::{self, Scale};
use super::{Bench, Part, ascp, forward, requests, sheets};
use crate::outside;
use crate::trouble::Trouble;

pub(super) const TAKEN: &str = "\"code\":0";
const ANSWERED: &str = "\"errorcode\":0";
const BATCH: usize = 50;

/// Numbers of orders that no two rounds share.
struct Numbers(usize);

impl Numbers {
    fn take(&mut self, count: usize) -> usize {
        self.0 += count;
        self.0 - count
    }
}

pub(super) async fn measure(bench: &Bench) -> Result<(), Trouble> {
    let top = Folder::new()?;
    let mut table = Table::default();
    let mut numbers = Numbers(0);
    let program = std::fs::metadata(std::env::current_exe()?)?.len();
    table.below("size of the program", program as f64 / 1_048_576.0, 40.0, "MB");
    let (server, demo) = Server::demo(&top.inside("fresh")?, &[]).await?;
    table.note(
        "start on an empty folder, catalogue and stock made, to the first signed answer",
        server.start_millis,
        "ms",
    );
    let wanted = |part| bench.only.is_none_or(|only| only == part);
    if wanted(Part::Pushes) {
        pushes(bench, &top, &server, &demo, &mut numbers, &mut table).await?;
    }
    if wanted(Part::Reads) {
        reads(bench, &server, &demo, &mut table).await?;
    }
    if wanted(Part::Forward) {
        forward::measure(bench, &server, &demo, &top.inside("fresh")?, &mut table).await?;
    }
    drop(server);
    if wanted(Part::Start) {
        let (server, _) = Server::demo(&top.inside("fresh")?, &[]).await?;
        table.below("start on this folder, to the first signed answer", server.start_millis, 300.0, "ms");
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        table.below("memory when idle", server.memory()?, 40.0, "MB");
    }
    if wanted(Part::Million) && bench.million > 0 {
        at_size(bench, &top, &mut numbers, &mut table).await?;
    }
    if wanted(Part::Postgres) && !bench.postgres.is_empty() {
        postgres(bench, &top, &mut numbers, &mut table).await?;
    }
    if wanted(Part::Sheets) && bench.sheet_rows > 0 {
        sheets::measure(&top.inside("sheets")?, bench.sheet_rows, &mut table).await?;
    }
    if wanted(Part::Ascp) {
        let (server, demo) = Server::demo(&top.inside("ascp")?, &[]).await?;
        ascp::measure(bench, &server, &demo, &mut table).await?;
    }
    println!("\n{}", table.show());
    Ok(())
}

/// Single and batched pushes against the floor.
async fn pushes(
    bench: &Bench,
    top: &Folder,
    server: &Server,
    demo: &Demo,
    numbers: &mut Numbers,
    table: &mut Table,
) -> Result<(), Trouble> {
    let floor = Server::floor(&top.inside("floor")?).await?;
    let (mut least, mut single, mut batched) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=bench.rounds {
        let shots = requests::pushes(demo, numbers.take(bench.orders), bench.orders, 1);
        least.push(tell("floor", round, fire(&floor.address, bench.connections, shots, TAKEN).await?).rate);
        let shots = requests::pushes(demo, numbers.take(bench.orders), bench.orders, 1);
        let done = fire(&server.address, bench.connections, shots, TAKEN).await?;
        single.push(tell("trade_push, one order", round, done));
        let calls = bench.orders / BATCH;
        let shots = requests::pushes(demo, numbers.take(calls * BATCH), calls, BATCH);
        let done = fire(&server.address, bench.connections, shots, TAKEN).await?;
        batched.push(tell("trade_push, 50 orders", round, done).rate * BATCH as f64);
    }
    let (least, one) = (median(least), median(single.iter().map(|round| round.rate).collect()));
    table.ratio("`trade_push`, one order of two lines a call, SQLite", one, "orders/s", ("floor", least), 0.5);
    table.ratio("`trade_push`, 50 orders a call, SQLite", median(batched), "orders/s", ("single", one), 2.0);
    let millis = |pick: fn(&Round) -> f64| median(single.iter().map(pick).collect()) / 1000.0;
    table.note("`trade_push`, one order: median answer", millis(|round| round.median), "ms");
    table.note("`trade_push`, one order: 99th percentile", millis(|round| round.p99), "ms");
    Ok(())
}

/// A read against a handler of the same server that gets the same requests and does nothing with them.
async fn reads(bench: &Bench, server: &Server, demo: &Demo, table: &mut Table) -> Result<(), Trouble> {
    let count = bench.orders * 2;
    let (mut empty, mut shops) = (Vec::new(), Vec::new());
    for round in 1..=bench.rounds {
        let shots = requests::to("/healthz", requests::shop_queries(demo, count));
        empty.push(tell("empty handler", round, fire(&server.address, 32, shots, "ok").await?).rate);
        let done = fire(&server.address, 32, requests::shop_queries(demo, count), ANSWERED).await?;
        shops.push(tell("shop_query through Qimen", round, done));
    }
    let rate = median(shops.iter().map(|round| round.rate).collect());
    let against = ("empty handler of the same server, same requests", median(empty));
    table.ratio("`shop_query` through Qimen", rate, "calls/s", against, 0.6);
    let p99 = median(shops.iter().map(|round| round.p99).collect()) / 1000.0;
    table.below("`shop_query`, 32 connections: 99th percentile", p99, 5.0, "ms");
    Ok(())
}

/// Pushes and queries with many orders stored, against a fresh folder.
async fn at_size(bench: &Bench, top: &Folder, numbers: &mut Numbers, table: &mut Table) -> Result<(), Trouble> {
    let (folder, few_folder) = (top.inside("million")?, top.inside("few")?);
    let scale = Scale { orders: bench.million, specs: bench.specs.max(1_000), warehouses: bench.warehouses.max(3) };
    let past = past::fill(&folder, scale, bench.past.as_deref()).await?;
    let few_past = past::fill(&few_folder, scale.small(), None).await?;
    past::warm(&folder)?;
    past::warm(&few_folder)?;
    let (large, large_demo) = Server::demo(&folder, &[]).await?;
    let (fresh, fresh_demo) = Server::demo(&top.inside("fresh-2")?, &[]).await?;
    let (mut without, mut with, mut pages) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=bench.rounds {
        let shots = requests::pushes(&fresh_demo, numbers.take(bench.orders), bench.orders, 1);
        let done = fire(&fresh.address, bench.connections, shots, TAKEN).await?;
        without.push(tell("trade_push, none stored", round, done).rate);
        let shots = requests::pushes(&large_demo, numbers.take(bench.orders), bench.orders, 1);
        let done = fire(&large.address, bench.connections, shots, TAKEN).await?;
        with.push(tell("trade_push, many stored", round, done).rate);
        let shots = requests::trade_queries(&large_demo, &past.hours, 500);
        pages.push(tell("trade_query, page of 100", round, fire(&large.address, 1, shots, TAKEN).await?));
    }
    let what = format!("`trade_push`, one order a call, {} orders stored", bench.million);
    table.ratio(&what, median(with), "orders/s", ("none stored", median(without)), 0.8);
    let p99 = median(pages.iter().map(|round| round.p99).collect()) / 1000.0;
    table.below(&format!("`trade_query`, page of 100 at {} orders: 99th percentile", bench.million), p99, 20.0, "ms");
    drop(fresh);
    let (few, few_demo) = Server::demo(&few_folder, &[]).await?;
    let large = Place { server: &large, demo: &large_demo, past: &past };
    let few = Place { server: &few, demo: &few_demo, past: &few_past };
    categories::measure(bench, &large, &few, table).await
}

/// Single pushes on PostgreSQL against SQLite.
async fn postgres(bench: &Bench, top: &Folder, numbers: &mut Numbers, table: &mut Table) -> Result<(), Trouble> {
    let settings = [("MATOU_DATABASE_URL", bench.postgres.as_str())];
    let (elsewhere, elsewhere_demo) = Server::demo(&top.inside("postgres")?, &settings).await?;
    let (here, here_demo) = Server::demo(&top.inside("sqlite")?, &[]).await?;
    let (mut pg, mut lite) = (Vec::new(), Vec::new());
    let orders = bench.orders / 2;
    for round in 1..=bench.rounds {
        let shots = requests::pushes(&here_demo, numbers.take(orders), orders, 1);
        let done = fire(&here.address, bench.connections, shots, TAKEN).await?;
        lite.push(tell("trade_push, SQLite", round, done).rate);
        let shots = requests::pushes(&elsewhere_demo, numbers.take(orders), orders, 1);
        let done = fire(&elsewhere.address, bench.connections, shots, TAKEN).await?;
        pg.push(tell("trade_push, PostgreSQL", round, done).rate);
    }
    let what = "`trade_push`, one order a call, PostgreSQL on the same machine";
    table.ratio(what, median(pg), "orders/s", ("SQLite", median(lite)), 1.0 / 3.0);
    Ok(())
}

pub(super) fn tell(what: &str, round: usize, done: Round) -> Round {
    eprintln!(
        "bench: round {round}, {what}: {:.0}/s, median {:.2} ms, 99 % {:.2} ms",
        done.rate,
        done.median / 1000.0,
        done.p99 / 1000.0
    );
    done
}

/// A folder of its own below the system's temporary one, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Trouble> {
        let path = std::env::temp_dir().join(format!("matou-bench-{:016x}", outside::seed()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    fn inside(&self, name: &str) -> Result<PathBuf, Trouble> {
        let path = self.0.join(Path::new(name));
        std::fs::create_dir_all(&path)?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("bench: {} could not be removed: {error}", self.0.display());
        }
    }
}
