//! One suite, two engines: every test is a function over a [`World`], which is an open store.
//!
//! SQLite always runs. PostgreSQL runs when `MATOU_TEST_POSTGRES` holds the address of a database in which schemas may be created
//! (`.ci/postgres.sh start` prints one); the suite says on stderr which of the two is the case.

/// Turns functions over a `&World` into one test per engine.
macro_rules! on_both_engines {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $test() { super::$test(&$crate::world::World::sqlite()); })+
        }
        mod on_postgres {
            $(#[test] fn $test() { if let Some(world) = $crate::world::World::postgres() { super::$test(&world); } })+
        }
    };
}

mod events;
mod faults;
mod memory;
mod receipts;
mod timers;
mod units_of_work;
mod upkeep;
mod windows;
mod world;

#[test]
fn says_which_engines_run() {
    use std::io::Write;
    let line = match world::postgres_url() {
        Some(_) => "store suite: SQLite and PostgreSQL (MATOU_TEST_POSTGRES is set)",
        None => "store suite: SQLite only; PostgreSQL WAS NOT ASKED FOR (set MATOU_TEST_POSTGRES, see .ci/postgres.sh)",
    };
    // Not println!, which a passing test swallows.
    writeln!(std::io::stderr(), "{line}").expect("stderr");
}
