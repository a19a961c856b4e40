//! `matou bench`: how fast this program is on this machine, compared in the same run with the least that could be done.
//!
//! Every figure comes from real processes over loopback HTTP: a child that serves, and this one that calls, both on the same
//! cores. Rounds of what is compared are interleaved; medians are shown. What the floor does is written in `floor.rs`.

mod ascp;
mod calls;
mod categories;
mod child;
mod figures;
mod floor;
mod forward;
mod load;
mod past;
mod plan;
mod requests;
mod sheets;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::trouble::Trouble;

/// Measures this machine: pushes, reads, a million orders, memory, start. / 性能测试。
#[derive(Args)]
pub(crate) struct Bench {
    /// Rounds of each measurement; the median counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Orders pushed in one round.
    #[arg(long, default_value_t = 20_000)]
    orders: usize,
    /// Connections that call at the same time.
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Orders stored before the measurements at size; 0 leaves that part out.
    #[arg(long, default_value_t = 1_000_000)]
    million: usize,
    /// Specs of that past.
    #[arg(long, default_value_t = 200_000)]
    specs: usize,
    /// Warehouses of it.
    #[arg(long, default_value_t = 50)]
    warehouses: usize,
    /// Keeps that past in this folder, or takes it from there when it was kept before.
    #[arg(long)]
    past: Option<PathBuf>,
    /// Measures pushes on this PostgreSQL too: an empty database, which is filled.
    #[arg(long, default_value = "")]
    postgres: String,
    /// Rows of goods that go in and out as Excel; 0 leaves that part out.
    #[arg(long, default_value_t = 1_000_000)]
    sheet_rows: usize,
    /// Orders of the supplier's day of Tmall Global Direct; 0 leaves that day out.
    #[arg(long, default_value_t = 100_000)]
    ascp_day: usize,
    /// Minutes after which that day ends, however many orders came.
    #[arg(long, default_value_t = 30)]
    ascp_minutes: u64,
    /// Measures only this part.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Serves the floor instead of measuring; used by the measurement itself.
    #[arg(long, hide = true)]
    serve_floor: Option<SocketAddr>,
    /// Serves a bare target instead of measuring; used by the measurement itself.
    #[arg(long, hide = true)]
    serve_target: Option<SocketAddr>,
    /// Folder of the floor's database.
    #[arg(long, hide = true)]
    floor_data: Option<PathBuf>,
}

/// A part of the measurement.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Pushes against the floor.
    Pushes,
    /// `shop_query` against an empty handler.
    Reads,
    /// Calls that are forwarded, against calling the target oneself.
    Forward,
    /// Start and idle memory.
    Start,
    /// The same with many orders stored.
    Million,
    /// PostgreSQL against SQLite.
    Postgres,
    /// Excel in and out.
    Sheets,
    /// Pushes, reports and a day of Tmall Global Direct.
    Ascp,
}

/// Runs the measurements, or the floor.
pub(crate) fn run(bench: Bench) -> Result<(), Trouble> {
    // What is measured runs in processes of its own; this one has every core to keep them busy.
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work(bench))
}

async fn work(bench: Bench) -> Result<(), Trouble> {
    if let Some(listen) = bench.serve_target {
        return forward::serve(listen).await;
    }
    match (bench.serve_floor, &bench.floor_data) {
        (Some(listen), Some(folder)) => floor::serve(listen, folder).await,
        _ => plan::measure(&bench).await,
    }
}
