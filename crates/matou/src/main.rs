//! The program: command line, settings, wiring, telemetry, demo.
//!
//! Lives here: everything that must know everything else, and nothing more. The system clock and randomness are read in
//! `outside.rs` only. Never here: a rule of the business, a protocol's arithmetic.

mod bench;
mod client;
mod command;
mod config;
mod demo;
mod outside;
mod rehearse;
mod server;
mod trouble;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Orders are many small allocations, made on one thread and freed on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Matou (码头): a commerce hub that you host yourself.
#[derive(Parser)]
#[command(name = "matou", version, about)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(command::serve::Serve),
    Demo(command::demo::Demo),
    Sign(Box<command::sign::Sign>),
    Rehearse(command::rehearse::Rehearse),
    Doctor(command::doctor::Doctor),
    Backup(command::backup::Backup),
    Import(command::import::Import),
    Export(command::export::Export),
    Template(command::template::Template),
    Gateway(command::gateway::Gateway),
    Calls(Box<command::calls::Calls>),
    Bench(bench::Bench),
    /// Prints every setting with its default and explanation. / 打印全部设置及说明。
    Config,
}

fn main() -> ExitCode {
    outside::started();
    let done = match Line::parse().command {
        Command::Serve(serve) => command::serve::run(serve).map(|()| 0),
        Command::Demo(demo) => command::demo::run(demo).map(|()| 0),
        Command::Sign(sign) => command::sign::run(*sign),
        Command::Rehearse(rehearse) => command::rehearse::run(rehearse),
        Command::Doctor(doctor) => command::doctor::run(doctor),
        Command::Backup(backup) => command::backup::run(backup).map(|()| 0),
        Command::Import(import) => command::import::run(import),
        Command::Export(export) => command::export::run(export).map(|()| 0),
        Command::Template(template) => command::template::run(&template).map(|()| 0),
        Command::Gateway(gateway) => command::gateway::run(gateway),
        Command::Calls(calls) => command::calls::run(*calls).map(|()| 0),
        Command::Bench(bench) => bench::run(bench).map(|()| 0),
        Command::Config => command::config::run().map(|()| 0),
    };
    match done {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("matou: {trouble}");
            ExitCode::from(2)
        }
    }
}
